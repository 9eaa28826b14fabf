from __future__ import annotations

import json
import re
import typing
from pathlib import Path

import click
import msgspec
import pytest

from grader.cli import grading
from grader.cli.names import COMMANDS
from grader.records import Limits, Outcome, Report, Verdict
from tests.project.files import PACKAGE, ROOT, name_of, project_files

_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]+)?(?:#(?P<anchor>[^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_DOCUMENTS = [path for path in project_files(".md") if "exercises" not in path.parts]


def _anchors(document: Path) -> set[str]:
    headings = _HEADING.findall(document.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("document", _DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    for found in _LINK.finditer(document.read_text("utf-8")):
        target = (document.parent / found["path"]).resolve() if found["path"] else document
        assert target.exists(), found[0]
        assert not found["anchor"] or found["anchor"] in _anchors(target), found[0]


def test_the_commands_of_the_readme_are_those_that_are_run_for_every_change() -> None:
    readme, script = _read("README.md"), _read(".ci/run")
    for step in (
        "python3 -m venv .venv",
        ".venv/bin/pip install --require-hashes -r requirements/dev.txt",
        ".venv/bin/pip install --no-deps -e .",
        ".venv/bin/python scripts/check.py --all",
    ):
        assert step in readme
        assert step in script


def test_the_documents_name_only_commands_that_exist() -> None:
    words = {
        word
        for document in _DOCUMENTS
        for word in re.findall(r"(?:`|bin/|^|\$ )grade ([a-z][\w-]*)", document.read_text("utf-8"), re.MULTILINE)
    }
    assert "doctor" in words
    assert {word for word in words if not word.startswith("exercise-")} - {"all", *COMMANDS} == set()


def test_the_formats_page_names_every_command_and_option() -> None:
    page = _read("docs/formats.md")
    options = {name for option in grading.command.params if isinstance(option, click.Option) for name in option.opts}
    assert "--sandbox" in options
    assert {
        word for word in (*options - {"-h", "--help"}, *(f"grade {name}" for name in COMMANDS)) if word not in page
    } == set()


def test_the_formats_page_names_every_field_of_a_report() -> None:
    page = _read("docs/formats.md")
    schema = json.dumps(msgspec.json.schema(Report))
    fields = {name for name in re.findall(r'"(\w+)": \{', schema) if name.islower()} - {"properties", "items"}
    assert {"exercise", "peak_memory_bytes"} <= fields
    assert {field for field in fields if f'"{field}"' not in page} == set()


@pytest.mark.parametrize("words", [Outcome, Verdict])
def test_the_documents_name_every_outcome_and_verdict(words: type[Outcome | Verdict]) -> None:
    for page in ("docs/architecture.md", "docs/formats.md"):
        text = _read(page)
        assert [word.value for word in words if word.value not in text] == []


def test_the_architecture_page_gives_the_limits_of_the_code() -> None:
    page = _read("docs/architecture.md")
    limits = Limits()
    assert set(typing.get_type_hints(Limits)) == {
        *("call_seconds", "cpu_seconds", "memory_bytes", "output_bytes"),
        *("answer_bytes", "file_bytes", "open_files", "training_seconds"),
    }
    for row in (
        f"| {limits.call_seconds:g} s of wall time |",
        f"| {limits.cpu_seconds:g} s of processor time |",
        f"| {limits.memory_bytes // 1024**3} GB |",
        f"| {limits.output_bytes // 1024**2} MB |",
        f"| {limits.answer_bytes // 1024**2} MB |",
        f"| {limits.file_bytes // 1024**2} MB |",
        f"| {limits.open_files} |",
        f"| {limits.training_seconds:g} s |",
    ):
        assert row in page


def test_the_architecture_page_names_every_room() -> None:
    page = _read("docs/architecture.md")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}`" not in page} == set()


def test_the_changelog_says_what_is_to_come() -> None:
    assert "## Unreleased" in _read("CHANGELOG.md")
