from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.authoring import course_notebooks, outdated, write_notebooks
from grader.course import Course, builtin_folder, read_course
from grader.submission import FunctionState, read_submission


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(builtin_folder())


@pytest.fixture(scope="module")
def made(course: Course) -> dict[str, Any]:
    return {str(notebook.path): json.loads(notebook.text) for notebook in course_notebooks(course)}


def test_there_is_a_notebook_for_each_exercise_and_one_of_all_in_every_language(
    course: Course, made: dict[str, Any]
) -> None:
    names = [f"{exercise.stem}.ipynb" for exercise in course.exercises] + ["chapter.ipynb"]
    assert set(made) == {f"{language}/{name}" for language in ("en", "ko") for name in names}


def test_the_course_has_the_notebooks_that_would_be_made(course: Course) -> None:
    assert course.notebooks is not None
    assert outdated(course.notebooks.folder, course_notebooks(course)) == []


def test_they_are_valid_notebooks_of_the_current_format_without_outputs(made: dict[str, Any]) -> None:
    for content in made.values():
        nbformat.validate(content)
        assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
        assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
        codes = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in codes)


def test_the_same_bytes_come_out_each_time(course: Course) -> None:
    assert list(course_notebooks(course)) == list(course_notebooks(course))


def test_the_stub_in_a_notebook_is_read_as_a_submission_that_nothing_is_written_in(
    course: Course, tmp_path: Path
) -> None:
    write_notebooks(tmp_path, course_notebooks(course))
    for exercise in course.exercises:
        for name in (f"{exercise.stem}.ipynb", "chapter.ipynb"):
            submission = read_submission(tmp_path / "ko" / name, functions=exercise.functions)
            assert {facts.state for facts in submission.functions.values()} == {FunctionState.UNFILLED}
            assert submission.notes == ()


def test_what_is_typed_in_a_terminal_is_a_magic_in_a_notebook(made: dict[str, Any]) -> None:
    texts = ["".join(cell["source"]) for content in made.values() for cell in content["cells"]]
    assert any("    %grade exercise-2" in text for text in texts)
    assert not any("    grade exercise-" in text for text in texts)
    assert not any("`exercise_2.py`" in text for text in texts)
    assert any("Fill in the functions of the next cell." in text for text in texts)


def test_the_badge_leads_to_the_notebook_in_the_address_of_the_course(course: Course, made: dict[str, Any]) -> None:
    assert course.notebooks is not None
    assert course.notebooks.colab is not None
    for path, content in made.items():
        language, file = path.split("/")
        assert course.notebooks.colab.format(language=language, file=file) in "".join(content["cells"][0]["source"])


def test_a_changed_a_missing_and_a_left_over_notebook_are_outdated(course: Course, tmp_path: Path) -> None:
    write_notebooks(tmp_path, course_notebooks(course))
    assert outdated(tmp_path, course_notebooks(course)) == []
    changed, missing, left = (tmp_path / "en" / f"{name}.ipynb" for name in ("exercise_1", "exercise_2", "exercise_99"))
    changed.write_text(changed.read_text("utf-8") + " ", encoding="utf-8")
    missing.unlink()
    left.write_bytes(b"\xff")
    assert outdated(tmp_path, course_notebooks(course)) == [changed, missing, left]
