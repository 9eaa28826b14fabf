from __future__ import annotations

import re

import pytest

from tests.project.files import PACKAGE, ROOT, imported_modules, name_of, project_files

_LINES_OF_A_MODULE = 400
_BINARY = {".npz", ".mo", ".png", ".ico"}
# In pieces, so that this file holds none of them.
_FORBIDDEN = {
    "the host of a package registry": ("pypi" + ".org", "python" + "hosted", "npm" + "js.", "deb." + "debian"),
    "a folder of one machine": ("/wo" + "rk/", "/opt/" + "venv", "/opt/" + "pypi", "/root/" + "."),
    "a page that readers do not have": ("sha" + "red/", "contracts" + ".md", "examples-to-" + "follow"),
}
_NUMBERED_ISSUE = re.compile(r"\bissue" + r"s? #?\d", re.IGNORECASE)


def _texts() -> list[tuple[str, str]]:
    return [(name_of(path), path.read_text("utf-8")) for path in project_files() if path.suffix not in _BINARY]


@pytest.mark.parametrize("kind", list(_FORBIDDEN))
def test_no_file_names_what_only_its_author_had(kind: str) -> None:
    found = [(name, word) for name, text in _texts() for word in _FORBIDDEN[kind] if word in text]
    assert found == []


def test_no_file_holds_two_versions_of_itself() -> None:
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    submissions = "tests/corpus/"  # students hand such files in
    assert [name for name, text in _texts() if marks.search(text) and not name.startswith(submissions)] == []


def test_no_file_refers_to_a_numbered_issue() -> None:
    assert [name for name, text in _texts() if _NUMBERED_ISSUE.search(text)] == []


def test_the_forbidden_words_are_looked_for_where_they_could_be() -> None:
    names = {name for name, _ in _texts()}
    assert {"README.md", "pyproject.toml", ".ci/run", "requirements/run.txt", "grader/errors.py"} <= names


def test_modules_stay_small() -> None:
    lengths = {name_of(path): path.read_text("utf-8").count("\n") for path in PACKAGE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > _LINES_OF_A_MODULE} == {}


def test_checks_import_nothing_of_the_grader_but_its_vocabulary() -> None:
    files = sorted((PACKAGE / "checks").rglob("*.py"))
    assert files
    for file in files:
        ours = {name for name in imported_modules(file) if name.startswith("grader") and "grader.checks" not in name}
        assert ours <= {"grader.checking", "grader.language"}, file.name


def test_scripts_that_are_run_can_be_run() -> None:
    assert all((ROOT / name).stat().st_mode & 0o100 for name in (".ci/run", "scripts/pin"))
