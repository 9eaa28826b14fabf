"""What is written, and what happens where it cannot be."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from grader.cli.streams import check_writable, view_for, write_data, write_file, write_text
from grader.errors import UsageError
from grader.language import Translator

ENGLISH = Translator.english()


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def stream(encoding: str, kind: type[io.TextIOWrapper] = io.TextIOWrapper) -> io.TextIOWrapper:
    return kind(io.BytesIO(), encoding=encoding)


def written(to: io.TextIOWrapper) -> bytes:
    to.flush()
    assert isinstance(to.buffer, io.BytesIO)
    return to.buffer.getvalue()


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", b"? ?\n"), ("cp949", "? 점\n".encode("cp949"))])
def test_text_is_written_in_any_encoding(encoding: str, shown: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    out = stream(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    write_text("✔ 점\n")
    assert written(out).replace(os.linesep.encode(), b"\n") == shown


def test_data_is_utf_8_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    out = stream("ascii")
    monkeypatch.setattr(sys, "stdout", out)
    write_data("✔ 점\n")
    assert written(out) == "✔ 점\n".encode()


@pytest.mark.parametrize(("encoding", "unicode"), [("utf-8", True), ("ascii", False), ("cp949", False)])
def test_signs_fit_the_encoding(encoding: str, *, unicode: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream(encoding))
    assert view_for(ENGLISH, environment={}).unicode is unicode


@pytest.mark.parametrize(
    ("environment", "no_color", "to_file", "color"),
    [
        ({}, False, False, True),
        ({"NO_COLOR": "1"}, False, False, False),
        ({"NO_COLOR": ""}, False, False, True),
        ({"TERM": "dumb"}, False, False, False),
        ({}, True, False, False),
        ({}, False, True, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    environment: dict[str, str], *, no_color: bool, to_file: bool, color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", stream("utf-8", Terminal))
    assert view_for(ENGLISH, environment=environment, no_color=no_color, to_file=to_file).color is color


def test_no_colour_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream("utf-8"))
    assert view_for(ENGLISH, environment={}).color is False


def test_a_page_has_the_size_of_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "97")
    monkeypatch.setenv("LINES", "51")
    monkeypatch.setattr(sys, "stdout", stream("utf-8", Terminal))
    view = view_for(ENGLISH, environment={})
    assert (view.width, view.height) == (97, 51)
    file = view_for(ENGLISH, environment={}, to_file=True)
    assert (file.width, file.height) == (80, 24)


def test_a_file_is_replaced_at_once(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    file.chmod(0o640)
    write_file(file, "점\n")
    assert file.read_bytes() == "점\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_device_is_written_not_replaced() -> None:
    write_file(Path(os.devnull), "nothing")
    assert not Path(os.devnull).is_file()


def test_a_draft_does_not_stay_behind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(tmp_path / "report.txt", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        check_writable(tmp_path)
    with pytest.raises(UsageError, match="There is no folder"):
        check_writable(tmp_path / "missing" / "report.json")
    check_writable(tmp_path / "report.json")


def test_a_full_disk_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(UsageError, match="no space is left"):
            write_text("x")
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
