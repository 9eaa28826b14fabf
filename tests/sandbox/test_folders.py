"""The folders that subjects write to: whose they are, and that they can always be removed."""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox import folders

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions and locks of POSIX")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def abandoned() -> Path:
    """A folder whose owner was killed: marked, and locked by nobody."""
    path = Path(tempfile.mkdtemp(prefix=folders.PREFIX))
    (path / folders.MARK).touch()
    return path


def test_a_folder_is_nobody_elses_and_gone_once_closed() -> None:
    owned = folders.OwnedFolder()
    path = Path(owned.path)
    assert path.stat().st_mode & 0o777 == 0o700
    owned.close()
    owned.close()
    assert not path.exists()


def test_what_a_killed_owner_left_is_removed() -> None:
    path = abandoned()
    (path / "scratch-1").mkdir()
    folders.remove_stale()
    assert not path.exists()


def test_what_a_living_owner_has_is_kept() -> None:
    owned = folders.OwnedFolder()
    folders.remove_stale()
    assert Path(owned.path).is_dir()


def test_a_folder_that_only_has_such_a_name_is_kept(temporary: Path) -> None:
    mine = temporary / "grade-my-own"
    mine.mkdir()
    (mine / "exercise_1.py").touch()
    folders.remove_stale()
    assert (mine / "exercise_1.py").exists()


def test_a_link_to_a_folder_is_not_followed(temporary: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / folders.MARK).touch()
    (elsewhere / "kept").touch()
    (temporary / "grade-link").symlink_to(elsewhere)
    folders.remove_stale()
    assert (elsewhere / "kept").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_kept() -> None:
    path = abandoned()
    os.chown(path, 12345, 12345)
    folders.remove_stale()
    assert path.is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_mark_that_another_user_made_is_none() -> None:
    path = abandoned()
    os.chown(path / folders.MARK, 12345, 12345)
    folders.remove_stale()
    assert path.is_dir()


def test_an_owner_takes_no_folder_that_is_being_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    original = tempfile.mkdtemp

    def contested(**options: str) -> str:
        made.append(original(**options))
        if len(made) == 1:
            # Another start takes it for left behind at this very moment.
            fcntl.flock(os.open(made[0], os.O_RDONLY), fcntl.LOCK_EX)
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", contested)
    assert folders.OwnedFolder().path == made[1]


@pytest.mark.parametrize("mode", [0o000, 0o300, 0o500])
def test_a_folder_that_may_not_be_read_or_changed_is_removed(temporary: Path, mode: int) -> None:
    top = temporary / "top"
    (top / "shut" / "inner" / "deeper").mkdir(parents=True)
    (top / "shut" / "inner" / "file").touch(0o000)
    for folder in (top / "shut" / "inner", top / "shut", top):
        folder.chmod(mode)
    folders.remove(str(top))
    assert not top.exists()


def test_a_folder_of_any_depth_is_removed(temporary: Path) -> None:
    top = temporary / "top"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d" * 20, dir_fd=here)
        inner = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    folders.remove(str(top))
    assert not top.exists()


@pytest.mark.parametrize("name", [folders.MARK, "grade-1", "new\nline", "-rf"])
def test_no_name_keeps_a_folder_from_being_removed(temporary: Path, name: str) -> None:
    top = temporary / "top"
    (top / name / name / name).mkdir(parents=True)
    (top / "file").touch()
    folders.remove(str(top))
    assert not top.exists()


def test_a_link_is_removed_and_not_what_it_leads_to(temporary: Path) -> None:
    (temporary / "kept").mkdir()
    (temporary / "kept" / "file").touch()
    top = temporary / "top"
    top.mkdir()
    (top / "link").symlink_to(temporary / "kept")
    folders.remove(str(top))
    assert not top.exists()
    assert (temporary / "kept" / "file").exists()


def test_a_folder_that_is_gone_already_is_no_error(temporary: Path) -> None:
    folders.remove(str(temporary / "gone"))


def test_sizes_and_numbers_count_through_all_folders(temporary: Path) -> None:
    inner = temporary / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").write_bytes(b"x" * 100_000)
    assert folders.holds_more_than(str(temporary), 50_000, 100)
    assert not folders.holds_more_than(str(temporary), 200_000, 100)
    assert folders.holds_more_than(str(temporary), 10**9, 2)
    assert not folders.holds_more_than(str(temporary), 10**9, 3)
