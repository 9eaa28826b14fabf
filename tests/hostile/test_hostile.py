"""The conformance suite: every case, graded as root and as an ordinary user, and what was seen of it from outside."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.hostile.cases import Case, all_cases
from tests.sandbox.unprivileged import NOBODY, as_nobody

ROOT: Final = Path(__file__).resolve().parents[2]
LONGEST: Final = 30.0
"""Seconds for one case: a limit of 2.5 seconds, asked for once by each of four functions, on a busy machine."""
_CASES: Final = {case.name: case for case in all_cases()}
_NAMES: Final = [
    *_CASES,
    *(f"{name} unconfined" for name, case in _CASES.items() if case.says_yes("unconfined")),
]
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")
_BIDIRECTIONAL: Final = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_FORMATS_OF_DATA: Final = ("json", "gradescope", "classroom50", "exercism")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="confinement needs Linux"),
]


def _started(folder: Path, user: str) -> subprocess.Popen[bytes]:
    """The worker that grades every case as this user, into `folder`; what it writes itself goes into `said` there."""
    command = [sys.executable, "-m", "tests.hostile.worker", str(folder / "world")]
    if user == "nobody":
        command = as_nobody(command, folder / "mount")
    for name in ("world", "tmp", "cache", "home", "mount"):
        (folder / name).mkdir()
        if user == "nobody":
            os.chown(folder / name, NOBODY, NOBODY)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "LC_ALL": "C.UTF-8",
        "GITHUB_TOKEN": "hostile-secret-5f3a",
    }
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)


_USERS: Final = ["root", "nobody"] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["self"]


@pytest.fixture(scope="session")
def workers() -> Iterator[dict[str, tuple[Path, subprocess.Popen[bytes]]]]:
    """A worker for each user, side by side, with its folder."""
    with contextlib.ExitStack() as stack:
        started = {}
        for user in _USERS:
            # Not below pytest's own folder, which nobody else may enter.
            folder = Path(f"/var/tmp/grade-hostile-{os.getpid()}-{user}")  # noqa: S108 - made here, for this user alone
            folder.mkdir(mode=0o755)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            started[user] = folder, _started(folder, user)
            stack.callback(started[user][1].wait)
            stack.callback(started[user][1].kill)
        yield started


@pytest.fixture(scope="session")
def read_outcomes() -> dict[str, dict[str, dict[str, Any]]]:
    """What was read already, by user."""
    return {}


@pytest.fixture
def outcomes(
    request: pytest.FixtureRequest,
    workers: dict[str, tuple[Path, subprocess.Popen[bytes]]],
    read_outcomes: dict[str, dict[str, dict[str, Any]]],
) -> dict[str, dict[str, Any]]:
    """What was seen of every case when this user graded it; graded once for all tests."""
    user = request.param
    if user not in read_outcomes:
        folder, worker = workers[user]
        assert worker.wait() == 0, (folder / "said").read_text("utf-8", "replace")[-3000:]
        lines = (folder / "world" / "outcomes.jsonl").read_text("utf-8").splitlines()
        read_outcomes[user] = dict(json.loads(line) for line in lines)
    return read_outcomes[user]


by_user = pytest.mark.parametrize("outcomes", _USERS, indirect=True)


@by_user
@pytest.mark.parametrize("name", _NAMES)
def test_an_attack_fails_and_leaves_nothing(outcomes: dict[str, dict[str, Any]], name: str) -> None:
    seen, case = outcomes[name], _CASES[name.removesuffix(" unconfined")]
    assert seen["touched"] == [], "the canary"
    assert seen["reached"] == [], "a listening socket"
    assert seen["survivors"] == [], "processes"
    assert seen["left"] == [], "files"
    assert seen["reference"], "the next submission is graded otherwise than before"
    assert seen["seconds"] < LONGEST
    if case.by_command:
        _look_at_command(case, seen)
    elif "error" in seen:
        assert case.facts.get("refused") in {"yes", "maybe"}, seen["error"]
        assert seen["error"][0] == "SubmissionError"
        assert not _has_control(seen["error"][1])
    else:
        _look_at_report(case, seen["report"], confined=not name.endswith(" unconfined"))
        _look_at_renderings(seen.get("rendered", {}))


def _look_at_command(case: Case, seen: dict[str, Any]) -> None:
    assert str(seen["exit"]) == case.facts["exit"], seen["stderr"]
    assert "Traceback" not in seen["stderr"]
    written = seen["stdout"] + seen["stderr"]
    assert not [text for text in case.never if text in written]
    assert [text for text in case.says if text not in written] == []
    assert not [line for line in written.splitlines() if line.startswith("::")]


def _look_at_report(case: Case, report: dict[str, Any], *, confined: bool) -> None:
    assert case.facts.get("refused") != "yes"
    assert report["verdict"] != "ungraded", [check["message"] for check in report["checks"]]
    earned = report["score"]["earned"]
    if case.facts.get("refused") == "maybe" or case.exercise != "exercise-3":
        assert earned <= case.earns
    else:
        assert earned == case.earns
    first = next(check for check in report["checks"] if check["function"] == case.function)
    if "outcome" in case.facts:
        assert first["outcome"] == case.facts["outcome"], first["message"]
    told = json.dumps([_without_source(check) for check in report["checks"]] + report["notes"], ensure_ascii=False)
    assert [text for text in case.says if text not in told] == [], first["message"]
    assert [text for text in case.never if text in told] == []
    if confined:
        assert report["sandbox"]["level"] == "full"


def _without_source(check: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in check.items() if name != "source"}


def _has_control(text: str) -> bool:
    return any((unicodedata.category(sign) == "Cc" and sign not in "\n\t") or sign in _BIDIRECTIONAL for sign in text)


def _look_at_renderings(rendered: dict[str, str]) -> None:
    for name, text in rendered.items():
        kind = name.removesuffix(" in color")
        plain = _STYLE.sub("", text) if name.endswith("in color") else text
        assert not _has_control(plain), f"{name} holds a control character"
        assert len(text) < 600_000, name
        if kind in _FORMATS_OF_DATA:
            json.loads(text)
        if kind == "junit":
            ET.fromstring(text)  # noqa: S314 - written by the grader itself
        if kind == "html":
            assert not re.search(r"<script|<img src=x|href=\"?javascript", text, re.IGNORECASE)
        if kind in {"github", "markdown", "text"}:
            commands = [line for line in text.splitlines() if line.startswith("::")]
            assert not [line for line in commands if not re.match(r"::(error|warning|notice) ", line)], name


@by_user
def test_nothing_is_left_when_everything_is_over(outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes["afterwards"] == {"survivors": [], "marked": [], "left": []}


def test_there_are_enough_cases_of_each_kind_and_the_page_on_security_lists_them() -> None:
    from tests.hostile.cases import table  # noqa: PLC0415 - only here

    assert len(_CASES) >= 80
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert table() in page, "run `python -m tests.hostile.cases` and put what it prints below the heading Attacks"
