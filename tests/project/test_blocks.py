"""Code blocks of the documents that no other test follows: each is read by what it is written for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.authoring import new_course
from grader.course import builtin_folder, read_course
from grader.grading import GradingOptions, Session
from grader.records import Outcome, Report
from grader.verification.answers import harmless, wrong_answers
from tests.project.files import ROOT

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOLLOWED = {"instructors.md", "students.md", "students.ko.md", "migrating.md", "api.md", "writing-checks.md"}
"""Their blocks are run, in order, by `tests/authoring/test_documents.py` and `tests/checking/test_document.py`."""


def blocks(page: str, kind: str) -> list[str]:
    return [text for found, text in _BLOCK.findall((DOCS / page).read_text("utf-8")) if found == kind]


def is_a_course(text: str, folder: Path) -> None:
    new_course(folder)
    (folder / "course.toml").write_text(text, "utf-8")
    assert read_course(folder).exercises


def is_part_of_a_course(text: str, folder: Path) -> None:
    new_course(folder)
    file = folder / "course.toml"
    tables = text.index("\n[")
    above, below = file.read_text("utf-8").split("\n[title]", 1)
    file.write_text(f"{above}\n{text[:tables]}\n[title]{below}{text[tables:]}", "utf-8")
    assert read_course(folder).policies.keys() == {"attempts", "deadlines", "late"}


def declares_harmless_changes(text: str, folder: Path) -> None:
    course = new_course(folder)
    (folder / "checks" / "wrong" / "harmless.toml").write_text(text, "utf-8")
    assert harmless(course)


def is_a_report(text: str, _folder: Path) -> None:
    assert msgspec.json.decode(text, type=Report).checks


def is_a_task_of_an_editor(text: str, _folder: Path) -> None:
    (task,) = json.loads(text)["tasks"]
    assert task["command"].split()[:2] == ["grade", "exercise-3"]


def is_python(text: str, _folder: Path) -> None:
    compile(re.sub(r"^%", "# %", text, flags=re.MULTILINE), "block", "exec")


def names_commands(text: str, _folder: Path) -> None:
    """That `grade` knows the command and its options is tested with all others of the documents."""
    assert all(line.split()[0] in {"grade", "pip", "dask", "python3"} for line in text.splitlines())


def is_a_difference(text: str, _folder: Path) -> None:
    assert {line[0] for line in text.splitlines()} == {"-", "+"}


def names_files_of_a_course(text: str, folder: Path) -> None:
    new_course(folder)
    for line in text.splitlines():
        name = line.split(",")[0].split()[0]
        assert list(folder.glob(name)), name


READ: dict[tuple[str, str], Callable[[str, Path], None]] = {
    ("formats.md", "toml"): is_a_course,
    ("formats.md", "json"): is_a_report,
    ("gradebook.md", "toml"): is_part_of_a_course,
    ("gradebook.md", "sh"): names_commands,
    ("verification.md", "toml"): declares_harmless_changes,
    ("verification.md", "diff"): is_a_difference,
    ("verification.md", "sh"): names_commands,
    ("watching.md", "json"): is_a_task_of_an_editor,
    ("notebooks.md", "python"): is_python,
    ("notebooks.ko.md", "python"): is_python,
    ("courses.md", "python"): is_python,
    ("courses.md", "text"): names_files_of_a_course,
    ("batch.md", "sh"): names_commands,
    ("cluster.md", "sh"): names_commands,
    ("cluster.md", "python"): is_python,
    ("development.md", "sh"): names_commands,
}


def test_every_block_of_the_documents_is_read_by_something() -> None:
    pages = {str(path.relative_to(DOCS)): path.read_text("utf-8") for path in DOCS.rglob("*.md")}
    found = {(page, kind) for page, text in pages.items() for kind, _text in _BLOCK.findall(text)}
    assert {place for place in found if place[0] not in FOLLOWED} == set(READ)


@pytest.mark.parametrize(("page", "kind"), list(READ))
def test_a_block_is_what_it_is_shown_as(page: str, kind: str, tmp_path: Path) -> None:
    for number, text in enumerate(blocks(page, kind)):
        READ[page, kind](text, tmp_path / str(number))


@pytest.mark.slow
def test_the_wrong_answer_of_the_page_about_courses_fails_as_it_says(tmp_path: Path) -> None:
    (text,) = blocks("courses.md", "python")
    file = tmp_path / "exercise-5" / "negative.py"
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    course = msgspec.structs.replace(read_course(builtin_folder()), wrong=tmp_path)
    exercise = course.exercise("exercise-5")
    (declared,) = wrong_answers(course, exercise)
    with Session(course, GradingOptions()) as session:
        report = session.grade(exercise, file)
    failed = {check.id: str(check.message) for check in report.checks if check.outcome is Outcome.FAILED}
    assert set(failed) == declared.checks
    assert declared.words
    assert all(words in "".join(failed.values()) for words in declared.words)
