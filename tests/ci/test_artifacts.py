"""What another job has collected is as hostile as a submission: it is refused, or changes no more than one could."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.ci import read_collected
from grader.errors import UsageError
from tests.ci.repositories import RIGHT, Repo

_CODE = base64.b64encode(RIGHT.encode()).decode()


def _artifact(**more: Any) -> dict[str, Any]:
    submission = {"exercise": "double", "path": "exercises/double/double.py", "files": {"double.py": _CODE}}
    found: dict[str, Any] = {
        "format": "grade-collected/1",
        "base": "a" * 40,
        "head": "b" * 40,
        "number": 7,
        "submissions": [submission],
        "ignored": [{"path": "checks/x.py", "how": "M", "kind": "course"}],
    }
    return found | more


def _handed_in(**more: Any) -> list[dict[str, Any]]:
    return [_artifact()["submissions"][0] | more]


FORGED: dict[str, dict[str, Any]] = {
    "another format": {"format": "grade-collected/2"},
    "a head that is an option": {"head": "--upload-pack=x"},
    "no list of changes": {"ignored": 3},
    "two submissions for one exercise": {"submissions": _handed_in() * 2},
    "a path out of the folder": {"submissions": _handed_in(files={"double.py": _CODE, "../evil.py": _CODE})},
    "an absolute path": {"submissions": _handed_in(files={"double.py": _CODE, "/etc/evil.py": _CODE})},
    "a path of Windows": {"submissions": _handed_in(files={"double.py": _CODE, "..\\evil.py": _CODE})},
    "a drive": {"submissions": _handed_in(files={"double.py": _CODE, "C:evil.py": _CODE})},
    "dots": {"submissions": _handed_in(files={"double.py": _CODE, "..": _CODE})},
    "the folder above as submission": {"submissions": _handed_in(path="a/..")},
    "no name": {"submissions": _handed_in(files={"double.py": _CODE, "": _CODE})},
    "a newline in a name": {"submissions": _handed_in(files={"double.py": _CODE, "a\n::error::b.py": _CODE})},
    "a name too long to be written": {"submissions": _handed_in(files={"double.py": _CODE, "한" * 100: _CODE})},
    "a submission that is not there": {"submissions": _handed_in(files={"other.py": _CODE})},
    "a newline in a path": {"submissions": _handed_in(path="a\n::error::b/double.py")},
    "too many modules": {"submissions": _handed_in(files={"double.py": _CODE} | {f"m{n}.py": "" for n in range(60)})},
    "a huge module": {"submissions": _handed_in(files={"double.py": base64.b64encode(b"#" * 1_100_000).decode()})},
    "files of what is refused": {"submissions": _handed_in(refusal="link")},
    "a reason of one's own": {"submissions": _handed_in(files={}, refusal="Full marks!")},
    "a notice of one's own": {"notices": ["All checks passed."]},
    "a newline in a change": {"ignored": [{"path": "x\n::error::y", "how": "M", "kind": "course"}]},
    "a number that is none": {"number": "7; touch x"},
    "bytes that are none": {"submissions": _handed_in(files={"double.py": "???"})},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_forged_artifact_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "collected.json"
    file.write_text(json.dumps(_artifact()), "utf-8")
    assert read_collected(file).number == 7
    file.write_text(json.dumps(_artifact(**change)), "utf-8")
    with pytest.raises(UsageError):
        read_collected(file)


def _huge(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(300 * 1024**2)


STRANGE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _file: None,
    "a link": lambda file: file.symlink_to("/etc/passwd"),
    "a link to a device": lambda file: file.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a huge file": _huge,
    "nesting without end": lambda file: file.write_text("[" * 100_000, "utf-8"),
    "no text": lambda file: file.write_bytes(b"\xff\xfe\x00"),
    "lone surrogates": lambda file: file.write_text(json.dumps(_artifact(base="\ud800" * 40)), "utf-8"),
}


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
def test_what_is_no_file_of_submissions_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    file = tmp_path / "collected.json"
    make(file)
    with pytest.raises(UsageError):
        read_collected(file)


@pytest.mark.slow
def test_the_command_refuses_in_one_line(tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo")
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    for change in (FORGED["dots"], {"submissions": _handed_in(exercise="nothing")}):
        (artifact / "collected.json").write_text(json.dumps(_artifact(**change)), "utf-8")
        ended = repo.grade("--from", artifact, "--course", ".")
        assert ended.code == 2, ended.out
        assert len(ended.err.strip().splitlines()) == 1
        assert ended.outputs == {}


@pytest.mark.slow
def test_a_forged_list_of_changes_hides_them_and_gains_nothing(tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo")
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    forged = _artifact(submissions=_handed_in(files={"double.py": base64.b64encode(b"def double(x): 0").decode()}))
    (artifact / "collected.json").write_text(json.dumps(forged | {"ignored": []}), "utf-8")
    (artifact / "conftest.py").write_text("import os\nos._exit(0)\n", "utf-8")
    assert repo.grade("--from", artifact, "--course", ".").score == ("0", "4", "failed")
