"""The workflows: their own steps, run with the variables and files that the platform sets, and what linters say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.ci.repositories import RIGHT, WRONG, Repo, pull_request

ROOT: Final = Path(__file__).resolve().parents[2]
WORKFLOWS: Final = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "docs" / "ci").glob("[bf]*.yml")]
_PINNED: Final = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")

pytestmark = pytest.mark.slow


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return found


def _runs(steps: list[dict[str, Any]], name: str) -> str:
    return str(next(step["run"] for step in steps if step.get("name") == name))


def _run(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One step, as the runner runs it."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=own,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The runner's variables, with the grader installed where the action puts it."""
    programs = tmp_path / "temp" / "grader" / "bin"
    programs.mkdir(parents=True)
    (programs / "grade").symlink_to(Path(sys.executable).with_name("grade"))
    files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    return {
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_ACTIONS": "true",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        **{name: str(file) for name, file in files.items()},
    }


@pytest.mark.parametrize(("submission", "score"), [(RIGHT, "4"), (WRONG, "0")])
def test_the_action_grades_and_ends_well_whatever_the_score(
    tmp_path: Path, runner: dict[str, str], submission: str, score: str
) -> None:
    repo = Repo.new(tmp_path / "repo")
    base = repo.git("rev-parse", "HEAD")
    repo.branch()
    head = repo.commit({"exercises/double/double.py": submission})
    repo.git("checkout", "--quiet", "main")
    action = _read("action.yml")
    script = _runs(action["runs"]["steps"], "Grade")
    inputs = {name.upper(): str(facts["default"]) for name, facts in action["inputs"].items()}
    inputs |= {"SANDBOX": "auto", "FROM": "", "LANGUAGE": "en"}
    ended = _run(script, repo.folder, runner | inputs | pull_request(tmp_path, base=base, head=head))
    assert ended.returncode == 0, ended.stderr
    assert f"score={score}\n" in Path(runner["GITHUB_OUTPUT"]).read_text("utf-8")
    assert (repo.folder / "grader-reports" / "graded.json").is_file()


def test_the_action_fails_where_nothing_can_be_graded(tmp_path: Path, runner: dict[str, str]) -> None:
    repo = Repo.new(tmp_path / "repo")
    script = _runs(_read("action.yml")["runs"]["steps"], "Grade")
    inputs = dict.fromkeys(("COURSE", "ROOT", "LANGUAGE", "FROM"), "") | {"SANDBOX": "auto", "REPORTS": "reports"}
    event = pull_request(tmp_path, base="c" * 40, head="HEAD")
    assert _run(script, repo.folder, runner | inputs | event).returncode == 2


def test_the_two_jobs_for_forks_work_together(tmp_path: Path, runner: dict[str, str]) -> None:
    repo = Repo.new(tmp_path / "repo")
    base = repo.git("rev-parse", "HEAD")
    repo.git("clone", "--quiet", f"file://{repo.folder}", str(tmp_path / "fork"))
    fork = Repo(tmp_path / "fork")
    head = fork.commit({"exercises/double/double.py": RIGHT})
    first = _read("docs/ci/forks-collect.yml")["jobs"]["collect"]["steps"]
    event = pull_request(tmp_path, base=base, head=head)
    assert _run(_runs(first, "Collect"), fork.folder, runner | event).returncode == 0
    second = _read("docs/ci/forks-grade.yml")["jobs"]["grade"]["steps"]
    given = next(step["with"] for step in second if step.get("id") == "grade")
    run = {"workflow_run": {"head_sha": head, "head_branch": "main", "head_repository": {"full_name": "kim/x"}}}
    (tmp_path / "event.json").write_text(json.dumps(run), "utf-8")
    inputs = {"COURSE": given["course"], "ROOT": "", "LANGUAGE": "", "SANDBOX": "auto", "REPORTS": "grader-reports"}
    inputs["FROM"] = str(fork.folder / "collected")
    script = _runs(_read("action.yml")["runs"]["steps"], "Grade")
    ended = _run(script, repo.folder, runner | event | inputs)
    assert ended.returncode == 0, ended.stderr
    assert "score=4\n" in Path(runner["GITHUB_OUTPUT"]).read_text("utf-8")


def test_gitlabs_script_grades(tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo")
    base = repo.git("rev-parse", "HEAD")
    repo.branch()
    head = repo.commit({"exercises/double/double.py": RIGHT})
    job = _read("docs/ci/gitlab-ci.yml")["grade"]
    line = next(line for line in job["script"] if " ci " in line)
    line = line.replace("/tmp/grader/bin/grade", str(Path(sys.executable).with_name("grade"))) + " --sandbox auto"  # noqa: S108
    variables = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head}
    ended = _run(line, repo.folder, variables)
    assert ended.returncode == 0, ended.stderr
    for path in job["artifacts"]["reports"].values():
        assert (repo.folder / path).is_file()


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_actions_are_pinned_by_commit(file: Path) -> None:
    used = re.findall(r"uses: (\S+)", file.read_text("utf-8"))
    assert used
    assert [action for action in used if not _PINNED.fullmatch(action) and action != "./"] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_rights_are_given_to_jobs_alone_and_no_step_that_grades_has_a_token(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        for step in job["steps"]:
            if "GITHUB_TOKEN" in step.get("env", {}):
                assert "--publish" in step["run"]


def test_zizmor_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    command = [str(program), "--offline", "--no-progress", *map(str, WORKFLOWS), str(ROOT / "action.yml")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_actionlint_finds_nothing() -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("actionlint is not installed")
    ended = subprocess.run([program, *map(str, WORKFLOWS)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
