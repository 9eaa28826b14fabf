from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import read_submission
from grader.submission.files import MODULE_BYTES, NOTEBOOK_BYTES, read_bytes


def refused(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, functions=["relu"])
    return str(caught.value.message)


def test_the_bytes_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x\r\n\0\xff")
    assert read_bytes(path, 5) == b"x\r\n\0\xff"


@pytest.mark.parametrize(("suffix", "limit"), [(".py", MODULE_BYTES), (".ipynb", NOTEBOOK_BYTES)])
def test_a_file_above_the_limit_is_refused(tmp_path: Path, suffix: str, limit: int) -> None:
    path = tmp_path / f"big{suffix}"
    with path.open("wb") as file:
        file.truncate(limit + 1)
    assert f"larger than {limit // 1_000_000} MB" in refused(path)


def test_a_file_that_says_it_is_empty_and_is_not_is_read_up_to_the_limit() -> None:
    with pytest.raises(SubmissionError, match="larger than 0 MB"):
        read_bytes(Path("/proc/self/status"), 10)


def test_a_link_is_refused_even_to_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x = 1")
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    assert "is a link" in refused(tmp_path / "link.py")


def test_a_pipe_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    assert "not an ordinary file" in refused(tmp_path / "pipe.py")
    assert "is a folder" in refused(tmp_path / "folder.py")
    with pytest.raises(SubmissionError, match="not an ordinary file"):
        read_bytes(Path("/dev/zero"), 10)


@pytest.mark.parametrize("name", ["missing.py", "a\0b.py", "x" * 300 + ".py"])
def test_a_file_that_cannot_be_opened_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    message = refused(tmp_path / name)
    assert "cannot be read" in message
    assert "\n" not in message


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    assert "neither a Python file" in refused(tmp_path / "a.txt")
