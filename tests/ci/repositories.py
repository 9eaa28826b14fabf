"""Real git repositories with a small course in them, and `grade ci` as a subprocess."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

COURSE: Final = """format = "grade-course/1"
languages = ["en"]
seed = 1
[title]
en = "A course"
[[exercises]]
id = "double"
stem = "double"
folder = "exercises/double"
checks = "checks/test_double.py"
points = 4
[exercises.title]
en = "Double"
[exercises.functions]
double = 4
[[exercises]]
id = "triple"
stem = "triple"
folder = "exercises/triple"
checks = "checks/test_triple.py"
points = 1
[exercises.title]
en = "Triple"
[exercises.functions]
triple = 1
"""
_CHECKS: Final = """from grader.checking import check


@check("{name}", points={points}, title="{name} is right")
def test_{name}(student):
    assert student.{name}(21) == {answer}
"""
STUB: Final = 'def {name}(x):\n    """Times it."""\n    raise NotImplementedError\n'
RIGHT: Final = "def double(x):\n    return 2 * x\n"
WRONG: Final = "def double(x):\n    return x + 1\n"
FILES: Final = {
    "course.toml": COURSE,
    "checks/test_double.py": _CHECKS.format(name="double", points=4, answer=42),
    "checks/test_triple.py": _CHECKS.format(name="triple", points=1, answer=63),
    "exercises/double/double.py": STUB.format(name="double"),
    "exercises/double/README.md": "# Double\n",
    "exercises/triple/triple.py": STUB.format(name="triple"),
    "exercises/triple/README.md": "# Triple\n",
    "README.md": "# The course\n",
}
_WHO: Final = ("-c", "user.name=Kim", "-c", "user.email=kim@example.edu", "-c", "protocol.file.allow=always")


@dataclass(frozen=True)
class Ended:
    """How `grade ci` ended, and what it told the platform."""

    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str

    @property
    def score(self) -> tuple[str, str, str]:
        """Score, possible points and verdict, as a workflow gets them."""
        return (self.outputs["score"], self.outputs["max-score"], self.outputs["verdict"])


class Repo:
    """A repository on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def new(cls, folder: Path, files: Mapping[str, str] = FILES) -> Repo:
        """A repository whose branch `main` has the files."""
        folder.mkdir(parents=True)
        made = cls(folder)
        made.git("init", "--quiet", "--initial-branch=main")
        made.commit(files)
        return made

    def git(self, *arguments: str) -> str:
        """What git answers."""
        ended = subprocess.run(
            ["/usr/bin/env", "git", *_WHO, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def commit(self, files: Mapping[str, str | None]) -> str:
        """A commit with these files written, or deleted where they are None; its hash."""
        for name, text in files.items():
            file = self.folder / name
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
        self.git("add", "--all", "--force", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Work")
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str = "work") -> None:
        """A new branch from here."""
        self.git("checkout", "--quiet", "-b", name)

    def grade(self, *arguments: str | Path, environment: Mapping[str, str] = {}) -> Ended:
        """Run `grade ci` in it, as a job of GitHub Actions."""
        files = {name: self.folder.parent / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("", "utf-8")
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder.parent),
            "XDG_CACHE_HOME": str(self.folder.parent / "cache"),
            "LC_ALL": "C.UTF-8",
            "GITHUB_ACTIONS": "true",
            **{name: str(file) for name, file in files.items()},
            **environment,
        }
        ended = subprocess.run(
            [str(Path(sys.executable).with_name("grade")), "ci", "--sandbox", "auto", *map(str, arguments)],
            cwd=self.folder,
            env=own,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
        summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return Ended(ended.returncode, ended.stdout, ended.stderr, outputs, summary)


def pull_request(folder: Path, *, base: str, head: str, number: int = 7) -> dict[str, str]:
    """The variables of a job for a request, its event in a file of `folder`."""
    event = folder / "event.json"
    told: dict[str, Any] = {
        "number": number,
        "pull_request": {"number": number, "base": {"sha": base}, "head": {"sha": head}},
    }
    event.write_text(json.dumps(told), "utf-8")
    return {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)}


def obeyed_lines(log: str) -> list[str]:
    """The lines of a log that GitHub's runner reads commands in, as it does: none while a token has stopped them."""
    found, token = [], ""
    for line in log.splitlines():
        if token:
            token = "" if line.strip() == f"::{token}::" else token
        elif match := re.fullmatch(r"::stop-commands::(grader-[0-9a-f]{32})", line.strip()):
            token = match[1]
        elif line.strip():
            found.append(line)
    assert not token, "commands were never allowed again"
    return found
