from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import find_submission


def touch(path: Path, *, seconds: int = 1_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (seconds, seconds))
    return path


def refused(path: Path | None, *folders: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        find_submission(path, stem="exercise_2", folders=folders)
    message = str(caught.value.message)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", ["mine.py", "mine.ipynb", "MINE.PY"])
def test_a_file_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    path = touch(tmp_path / name)
    assert find_submission(path, stem="exercise_2", folders=()) == (path, ())


@pytest.mark.parametrize("name", ["exercise_2.py", "exercise_2.ipynb", "other.py", "other.ipynb"])
def test_a_folder_with_one_file_is_that_file(tmp_path: Path, name: str) -> None:
    path = touch(tmp_path / name)
    assert find_submission(tmp_path, stem="exercise_2", folders=()) == (path, ())


def test_in_a_folder_the_right_name_comes_before_all_others(tmp_path: Path) -> None:
    path = touch(tmp_path / "exercise_2.ipynb")
    touch(tmp_path / "helpers.py", seconds=2_000_000)
    assert find_submission(tmp_path, stem="exercise_2", folders=())[0] == path


@pytest.mark.parametrize("newer", ["exercise_2.py", "exercise_2.ipynb"])
def test_of_module_and_notebook_the_newer_one_counts_and_a_note_says_so(tmp_path: Path, newer: str) -> None:
    touch(tmp_path / "exercise_2.py")
    touch(tmp_path / "exercise_2.ipynb")
    touch(tmp_path / newer, seconds=2_000_000)
    path, notes = find_submission(None, stem="exercise_2", folders=[tmp_path])
    assert path.name == newer
    assert f"{newer} is graded" in str(notes[0])


def test_the_first_folder_that_holds_one_counts_and_a_note_names_the_others(tmp_path: Path) -> None:
    second = touch(tmp_path / "b" / "exercise_2.py")
    third = touch(tmp_path / "c" / "exercise_2.ipynb", seconds=2_000_000)
    path, notes = find_submission(
        None, stem="exercise_2", folders=[tmp_path / "a", tmp_path / "b", tmp_path / "b" / ".." / "b", tmp_path / "c"]
    )
    assert path == second
    assert len(notes) == 1
    assert str(third) in str(notes[0])


def test_no_file_anywhere_names_the_file_and_the_folders(tmp_path: Path) -> None:
    message = refused(None, tmp_path / "a", tmp_path / "b")
    assert "exercise_2.py or exercise_2.ipynb" in message
    assert str(tmp_path / "b") in message


def test_the_current_folder_is_not_told_as_a_full_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = refused(None, Path("exercises"), Path())
    assert "in exercises; this folder. Name" in message
    assert "`grade init FOLDER`" in message
    assert refused(Path()).endswith("exercise_2.ipynb in this folder.")


@pytest.mark.parametrize("place", ["exercise-2", "exercises/exercise-2", "anything"])
def test_a_folder_is_searched_one_folder_down(tmp_path: Path, place: str) -> None:
    path = touch(tmp_path / place / "exercise_2.py")
    touch(tmp_path / "exercise-3" / "exercise_3.py")
    touch(tmp_path / ".git" / "exercise_2.py")
    touch(tmp_path / "other.py")
    assert find_submission(tmp_path, stem="exercise_2", folders=()) == (path, ())


def test_several_folders_that_hold_one_are_listed(tmp_path: Path) -> None:
    for name in ("alice", "bob"):
        touch(tmp_path / name / "exercise_2.py")
    message = refused(tmp_path)
    assert str(tmp_path / "alice") in message
    assert str(tmp_path / "bob") in message


def test_several_other_files_are_listed(tmp_path: Path) -> None:
    for name in ("one.py", "two.ipynb", ".hidden.py", "__init__.py", "notes.txt"):
        touch(tmp_path / name)
    message = refused(tmp_path)
    assert "one.py; two.ipynb." in message
    assert "hidden" not in message


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "There is no exercise_2.py" in refused(tmp_path)


def test_a_name_that_is_almost_right_is_suggested(tmp_path: Path) -> None:
    touch(tmp_path / "exercise_2.py")
    assert "Did you mean exercise_2.py?" in refused(tmp_path / "exercize_2.py")


def test_a_name_with_another_number_is_not_suggested(tmp_path: Path) -> None:
    touch(tmp_path / "exercise_3.py")
    assert "Did you mean" not in refused(tmp_path / "exercise_2.py")


@pytest.mark.parametrize("name", ["missing.py", "no/such/folder.py", "nul\0byte.py", "x" * 5000 + ".py"])
def test_a_path_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    assert "There is no" in refused(tmp_path / name)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert "neither a Python file" in refused(touch(tmp_path / "notes.txt"))


@pytest.mark.parametrize("given", [True, False])
def test_a_link_is_refused(tmp_path: Path, given: bool) -> None:  # noqa: FBT001 - a parameter of the test
    link = tmp_path / "exercise_2.py"
    link.symlink_to("/etc/passwd")
    assert "is a link" in (refused(link) if given else refused(None, tmp_path))


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "exercise_2.py"
    link.symlink_to(tmp_path / "nothing")
    assert "is a link" in refused(link)


@pytest.mark.parametrize("given", [True, False])
def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path: Path, given: bool) -> None:  # noqa: FBT001
    folder = tmp_path / "exercise_2.py"
    folder.mkdir()
    assert "is a folder with the name of a file" in (refused(folder) if given else refused(None, tmp_path))


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "exercise_2.py"
    os.mkfifo(pipe)
    assert "not an ordinary file" in refused(pipe)
    assert "not an ordinary file" in refused(tmp_path)


def test_control_characters_in_a_name_are_escaped(tmp_path: Path) -> None:
    message = refused(tmp_path / "a\x1b[31m\u202e\n.py")
    assert "\\x1b[31m\\u202e\\n.py" in message
