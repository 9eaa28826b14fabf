"""A runner that carries out the workflows' own steps from their YAML, as GitHub's does.

Steps with `run` are run by bash with what their expressions give. The platform's own actions are played: a checkout is
a clone, an artifact a zip archive in a folder, a cache a folder; `OWNER/REPOSITORY@...` and `./` are this action.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_NAME: Final = re.compile(r"'[^']*'|[a-z][\w-]*(?:\.[\w-]+)+")
_SHIM: Final = """#!/bin/bash
echo "$*" >> "{log}"
[ "$1" = -I ] || {{ echo "python is not isolated: $*" >&2; exit 97; }}
case "$*" in
*"-m venv "*) mkdir -p "${{@: -1}}/bin"; cp "$0" "${{@: -1}}/bin/python"; ln -s "{grade}" "${{@: -1}}/bin/grade";;
*" download "*) mkdir -p "$RUNNER_TEMP/grader-wheels"; echo wheel > "$RUNNER_TEMP/grader-wheels/a.whl";;
*" install "*) ;;
*) exit 98;;
esac
"""


def read_workflow(name: str, *, hidden: bool = False) -> dict[str, Any]:
    """A workflow of this repository; with `hidden`, the lines for hidden checks are uncommented as it says."""
    text = (ROOT / name).read_text("utf-8")
    if hidden:
        text = uncommented(text)
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def uncommented(text: str) -> str:
    """A workflow with its lines for hidden checks, as the documents' `sed` uncomments them."""
    return text.replace("#: ", "")


def install_python(folder: Path) -> Path:
    """A `python` that records what it is told and installs nothing; the file that it records it in."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "python.log"
    shim = folder / "python"
    shim.write_text(_SHIM.format(log=log, grade=Path(sys.executable).with_name("grade")), "utf-8")
    shim.chmod(0o755)
    return log


@dataclass
class Job:
    """How the steps of a job ended, by their name or action, and what they wrote."""

    ended: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


@dataclass
class Runner:
    """A machine for one job: its workspace and temporary folder, and what the platform tells the job."""

    folder: Path
    event: Path
    event_name: str
    facts: dict[str, str]
    """contexts by dotted name, such as `github.event.number`"""
    remotes: Mapping[str, Path]
    """repositories by name; "" is the one that the workflow is of"""
    store: Path
    """artifacts and caches, which other jobs see"""
    sha: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, workflow: Mapping[str, Any]) -> Job | None:
        """The one job of a workflow, None where its condition is not met."""
        (job,) = workflow["jobs"].values()
        self.facts["github.event_name"] = self.event_name
        if not self._is_true(str(job.get("if", "true")), Job()):
            return None
        (self.folder / "work").mkdir(parents=True)
        (self.folder / "temp").mkdir()
        install_python(self.folder / "bin")
        self.facts |= {"runner.temp": str(self.folder / "temp"), "runner.os": "Linux", "runner.arch": "X64"}
        self.facts["github.token"] = "t0ken"
        done = Job()
        self._steps(job["steps"], done, {})
        return done

    def _steps(self, steps: list[dict[str, Any]], job: Job, inputs: Mapping[str, str]) -> None:
        for step in steps:
            condition = str(step.get("if", "true"))
            if any(job.ended.values()) and "cancelled()" not in condition:
                continue
            if not self._is_true(condition, job, inputs):
                continue
            uses = str(step.get("uses", "")).partition("@")[0]
            name = str(step.get("name", uses))
            given = {key: self._filled(str(value), job, inputs) for key, value in step.get("with", {}).items()}
            own = step.get("id", name)
            if "run" in step:
                environment = {key: self._filled(str(value), job, inputs) for key, value in step.get("env", {}).items()}
                job.ended[name], job.outputs[own] = self._bash(step["run"], environment, job)
            elif uses.startswith("actions/"):
                job.outputs[own] = self._played(uses.removeprefix("actions/"), given)
                job.ended[name] = 0
            else:
                assert uses in {"OWNER/REPOSITORY", "./"}
                action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
                defaults = {key: str(facts.get("default", "")) for key, facts in action["inputs"].items()}
                self.facts["github.action_path"] = str(ROOT)
                before = dict(job.ended)
                job.ended.clear()
                self._steps(action["runs"]["steps"], job, defaults | given | {"sandbox": "auto"})
                worst = max(job.ended.values())
                job.outputs[own] = {
                    key: self._filled(facts["value"], job, inputs) for key, facts in action["outputs"].items()
                }
                job.ended = before | job.ended | {name: worst}

    def _bash(self, script: str, environment: Mapping[str, str], job: Job) -> tuple[int, dict[str, str]]:
        files = {name: self.folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("", "utf-8")
        own = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_REPOSITORY": "course/repo",
            "GITHUB_SHA": self.sha,
            "GITHUB_WORKSPACE": str(self.folder / "work"),
            **{name: str(file) for name, file in files.items()},
            **self.variables,
            **environment,
        }
        ended = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder / "work",
            env=own,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert files["GITHUB_ENV"].read_text("utf-8") == ""
        job.log += ended.stdout + ended.stderr
        job.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        lines = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        return ended.returncode, dict(line.split("=", 1) for line in lines)

    def _played(self, action: str, given: Mapping[str, str]) -> dict[str, str]:
        work = self.folder / "work"
        if action == "checkout":
            self._checkout(given, work / given.get("path", ""))
        elif action == "setup-python":
            return {"python-version": f"{given['python-version']}.1"}
        elif action == "upload-artifact":
            source = work / given["path"]
            with zipfile.ZipFile(self.store / f"{given['name']}.zip", "w") as archive:
                for file in source.rglob("*"):
                    archive.write(file, file.relative_to(source))
        elif action == "download-artifact":
            with zipfile.ZipFile(self.store / f"{given['name']}.zip") as archive:
                archive.extractall(work / given["path"])
        elif action == "cache/restore":
            if (self.store / given["key"]).is_dir():
                shutil.copytree(self.store / given["key"], given["path"])
                return {"cache-hit": "true"}
        elif action == "cache/save":
            shutil.copytree(given["path"], self.store / given["key"])
        else:
            message = f"no such action: {action}"
            raise AssertionError(message)
        return {}

    def _checkout(self, given: Mapping[str, str], target: Path) -> None:
        """As actions/checkout does: a clone that knows all commits, or one only, and no token in it."""
        assert given["persist-credentials"].lower() == "false"
        remote = self.remotes[given.get("repository", "")]
        depth = [] if given.get("fetch-depth") == "0" else ["--depth", "1"]
        if given.get("ref") and depth:
            depth = []
        wanted = given.get("ref") or ("" if "repository" in given else self.sha)
        commands = [["clone", "--quiet", *depth, f"file://{remote}", str(target)]]
        if wanted:
            commands += [
                ["-C", str(target), "fetch", "--quiet", "origin", wanted],
                ["-C", str(target), "checkout", "--quiet", wanted],
            ]
        for command in commands:
            subprocess.run(["/usr/bin/env", "git", *command], check=True, capture_output=True)

    def _filled(self, text: str, job: Job, inputs: Mapping[str, str]) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1], job, inputs), text)

    def _value(self, name: str, job: Job, inputs: Mapping[str, str]) -> str:
        kind, _dot, rest = name.partition(".")
        if kind == "inputs":
            return inputs[rest]
        if kind == "steps":
            step, _outputs, output = rest.split(".")
            return job.outputs.get(step, {}).get(output, "")
        if kind == "secrets":
            return f"the secret {rest}"
        return self.facts[name]

    def _is_true(self, condition: str, job: Job, inputs: Mapping[str, str] = {}) -> bool:
        plain = condition.removeprefix("${{").removesuffix("}}").replace("!cancelled()", "True").replace("&&", " and ")
        plain = "True" if plain == "true" else plain.replace("||", " or ")
        code = _NAME.sub(lambda match: self._literal(match[0], job, inputs), plain)
        return bool(eval(code.strip(), {"__builtins__": {}}))  # noqa: S307 - our own workflows

    def _literal(self, found: str, job: Job, inputs: Mapping[str, str]) -> str:
        return repr(found[1:-1] if found.startswith("'") else self._value(found, job, inputs))
