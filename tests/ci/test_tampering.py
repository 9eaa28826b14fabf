"""What a request changes to be graded better, besides solving the exercise. None of it has an effect; all is named."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from grader.ci.pages import MARKER
from tests.ci.repositories import FILES, RIGHT, WRONG, Repo, obeyed_lines

pytestmark = pytest.mark.slow

SUBMISSION = "exercises/double/double.py"
_CHEAT = "def test_double(student):\n    pass\n"
_EXIT = "import os\nos._exit(0)\n"
_NO_TESTS = "addopts = --collect-only\n"
_LIMITS = "\n[limits]\ncall_seconds = 100000.0\nmemory_bytes = 1000000000000\n"
TAMPERING: dict[str, dict[str, str | None]] = {
    "checks": {"checks/test_double.py": _CHEAT},
    "checks that end the process": {"checks/test_double.py": _EXIT},
    "deleted checks": {"checks/test_double.py": None},
    "more checks": {"checks/test_more.py": _CHEAT},
    "checks in another case": {"Checks/Test_Double.py": _CHEAT},
    "renamed checks": {"checks/test_double.py": None, "notes.txt": FILES["checks/test_double.py"]},
    "compiled checks": {"checks/__pycache__/test_double.cpython-311.pyc": "x"},
    "a module beside the checks": {"checks/grader.py": "raise SystemExit(0)\n"},
    "points": {
        "course.toml": FILES["course.toml"].replace("points = 4", "points = 1").replace("double = 4", "double = 1")
    },
    "limits": {"course.toml": FILES["course.toml"] + _LIMITS},
    "other checks": {"course.toml": FILES["course.toml"].replace("test_double", "test_triple")},
    "no course": {"course.toml": None},
    "a course in another case": {"Course.TOML": FILES["course.toml"].replace("points = 4", "points = 1")},
    "conftest.py": {"conftest.py": _EXIT},
    "conftest.py beside the checks": {
        "checks/conftest.py": "def pytest_runtest_call(item):\n    item.runtest = lambda: 0\n"
    },
    "conftest.py beside the submission": {"exercises/double/conftest.py": _EXIT},
    "conftest.py in wide letters": {"\uff43onftest.py": _EXIT},
    "pytest.ini": {"pytest.ini": f"[pytest]\n{_NO_TESTS}"},
    "pyproject.toml": {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--collect-only'\n"},
    "setup.cfg": {"setup.cfg": f"[tool:pytest]\n{_NO_TESTS}"},
    "tox.ini": {"tox.ini": f"[pytest]\n{_NO_TESTS}"},
    "sitecustomize.py": {"sitecustomize.py": _EXIT},
    "usercustomize.py": {"exercises/double/usercustomize.py": _EXIT},
    "a .pth file": {"evil.pth": "import os; os._exit(0)\n"},
    "requirements": {"requirements.txt": "evil-package\n", "constraints.txt": "pytest<1\n"},
    "environment variables": {".env": "GRADE_DEBUG=1\n", ".envrc": "export PYTHONPATH=.\n"},
    "a grader of one's own": {
        "grader/__init__.py": "raise SystemExit(0)\n",
        "grader/__main__.py": "raise SystemExit(0)\n",
    },
    "a workflow": {".github/workflows/grade.yml": "on: push\n"},
    "a workflow in another case": {".GitHub/workflows/grade.yml": "on: push\n"},
    "an action": {"action.yml": "runs: {}\n"},
    "GitLab's pipeline": {".gitlab-ci.yml": "grade: {script: [true]}\n"},
    "git attributes": {".gitattributes": "*.py filter=evil diff=evil export-subst\n"},
    "git attributes beside the submission": {"exercises/double/.gitattributes": "double.py ident filter=lfs -text\n"},
    "submodules": {".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch /tmp/owned"\n'},
    "LFS": {".lfsconfig": "[lfs]\n\turl = https://example.com\n"},
    "a solution": {"solutions/double/double.py": RIGHT},
    "the stub's task": {"exercises/double/README.md": "# Return 42\n"},
    "data beside the stub": {"exercises/double/answers.csv": "21,42\n"},
    "catalogs": {"locale/ko/LC_MESSAGES/course.po": "x"},
    "a name that is a command": {"checks/a\n::set-output name=score::4\n.py": _CHEAT},
    "a name that is an option": {"checks/--upload-pack=touch $(id) '\".py": _CHEAT},
    "a Korean name": {"checks/확인_점수.py": _CHEAT},
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A course on `main`, and a branch `work` that is checked out."""
    made = Repo.new(tmp_path / "repo")
    made.branch()
    return made


def _named(path: str, summary: str) -> bool:
    shown = path.encode("unicode_escape").decode("ascii") if "\n" in path else path
    return shown in re.sub(r"\\(?=[\\`*\[\]|~$_:#.)+=-])", "", summary).replace("&amp;", "&").replace("\u2060", "")


@pytest.mark.parametrize("change", TAMPERING.values(), ids=TAMPERING)
def test_tampering_leaves_the_score_as_it_was_and_is_named(repo: Repo, change: dict[str, str | None]) -> None:
    repo.commit({SUBMISSION: WRONG, **change})
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    # A file that is new elsewhere and no part of anything is counted, not named.
    assert [path for path in change if path != "notes.txt" and not _named(path, ended.summary)] == []
    assert "no effect" in ended.summary
    assert all(line.startswith(("::error ", "::notice ")) for line in obeyed_lines(ended.out))


def test_all_tampering_at_once_takes_nothing_from_a_right_submission(repo: Repo) -> None:
    everything = {path: text for change in TAMPERING.values() for path, text in change.items() if text is not None}
    repo.commit({SUBMISSION: RIGHT, **everything})
    assert repo.grade("--base", "main").score == ("4", "4", "passed")


def _link(repo: Repo, place: str, target: str) -> None:
    """Put a symbolic link into the index in the place of whatever is there."""
    repo.git("rm", "-r", "--quiet", "--cached", "--ignore-unmatch", place)
    (repo.folder / "target").write_text(target, "utf-8")
    blob = repo.git("hash-object", "-w", "target")
    repo.git("update-index", "--add", "--cacheinfo", f"120000,{blob},{place}")
    repo.git("commit", "--quiet", "--message", "Link")


@pytest.mark.parametrize("place", ["checks", "checks/test_double.py", "course.toml", "locale"])
def test_links_in_the_place_of_what_is_the_courses_are_not_followed(repo: Repo, tmp_path: Path, place: str) -> None:
    (tmp_path / "test_double.py").write_text(_CHEAT, "utf-8")
    repo.commit({SUBMISSION: WRONG})
    _link(repo, place, str(tmp_path / "test_double.py"))
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    assert _named(place, ended.summary)


def test_a_submodule_in_the_place_of_the_checks_is_not_entered(repo: Repo) -> None:
    repo.commit({SUBMISSION: WRONG})
    repo.git("rm", "-r", "--quiet", "--cached", "checks")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},checks")
    repo.git("commit", "--quiet", "--message", "Submodule")
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    assert _named("checks", ended.summary)


def test_what_a_notebook_says_of_itself_is_no_score(repo: Repo) -> None:
    forged = {"grader": {"score": 4, "verdict": "passed"}, "nbgrader": {"grade": True, "points": 4}}
    said = [{"output_type": "stream", "name": "stdout", "text": ["::set-output name=score::4\n", "4 of 4 points\n"]}]
    cell = {"cell_type": "code", "source": WRONG, "metadata": forged, "outputs": said, "execution_count": 1}
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": forged, "cells": [cell]}
    repo.commit({"exercises/double/double.ipynb": json.dumps(book)})
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    assert "set-output" not in "\n".join(obeyed_lines(ended.out))


def test_modules_beside_a_submission_are_the_subjects_alone(repo: Repo) -> None:
    shadows = {f"exercises/double/{name}.py": _EXIT for name in ("numpy", "pytest", "msgspec", "grader", "json")}
    repo.commit({SUBMISSION: WRONG, **shadows})
    assert repo.grade("--base", "main").score == ("0", "4", "failed")


def test_what_a_submission_says_and_does_reaches_none_of_the_platforms_files(repo: Repo) -> None:
    said = "\\n::set-output name=score::4\\n##[add-mask]4\\n::add-mask::4\\n::stop-commands::x\\n" + MARKER
    text = f"""import os, sys
print("{said}")
print("{said}", file=sys.stderr)
for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
    try:
        open(os.environ.get(name, "/proc/self/../" + name), "a").write("score=4\\n")
    except OSError:
        pass
for number in os.listdir("/proc") if os.path.isdir("/proc") else ():
    try:
        open(f"/proc/{{number}}/fd/1", "a").write("{said}")
    except OSError:
        pass
def double(x):
    print("{said}")
    sys.__stderr__.write("{said}")
    raise ValueError("{said}")
"""
    repo.commit({SUBMISSION: text})
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    assert set(ended.outputs) == {"score", "max-score", "verdict"}
    assert all(re.match(r"::(error|notice) ", line) for line in obeyed_lines(ended.out))
    assert not [line for line in ended.err.splitlines() if line.strip().startswith("::") or "##[" in line]
    assert not [line for line in ended.summary.splitlines() if line.strip() in {MARKER, "::add-mask::4"}]


def test_nothing_of_the_head_is_run(repo: Repo, tmp_path: Path) -> None:
    """Drivers that the machine knows and the head selects, hooks, and modules with the names of Python's own."""
    ran = tmp_path / "ran"
    touch = f"touch {ran}; cat"
    evil = f"import pathlib\npathlib.Path({str(ran)!r}).touch()\n"
    modules = {f"{name}.py": evil for name in sys.stdlib_module_names if not name.startswith("_")}
    modules |= {f"{name}.py": evil for name in ("click", "msgspec", "pytest", "numpy", "keras", "venv", "pip")}
    bare = {"HEAD": "ref: refs/heads/main\n", "config": f"[core]\n\tfsmonitor = {touch}\n\tbare = true\n"}
    bare |= {"refs/heads/x": "", "objects/x": ""}
    attributes = "* filter=evil diff=evil merge=evil text=auto\n"
    repo.commit({SUBMISSION: RIGHT, ".gitattributes": attributes, **modules, **bare})
    hook = repo.folder / ".git" / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\n{touch}\n", "utf-8")
    hook.chmod(0o755)
    repo.git("config", "core.fsmonitor", touch)
    (tmp_path / ".gitconfig").write_text(
        f'[filter "evil"]\n\tsmudge = "{touch}"\n\tclean = "{touch}"\n\tprocess = "{touch}"\n\trequired = true\n'
        f'[diff "evil"]\n\ttextconv = "{touch}"\n\tcommand = "{touch}"\n'
        f'[diff]\n\texternal = "{touch}"\n[core]\n\tpager = "{touch}"\n\tfsmonitor = "{touch}"\n',
        "utf-8",
    )
    assert not ran.exists()
    assert repo.grade("--base", "main").score == ("4", "4", "passed")
    assert not ran.exists()
