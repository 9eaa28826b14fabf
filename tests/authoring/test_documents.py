"""The pages of first steps, followed to the letter: their commands are run, their files written, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from grader.authoring.catalogs import read_catalog
from tests.project.files import ROOT

pytestmark = pytest.mark.slow

_BLOCK = re.compile(
    r"(?:^<!-- (?P<what>\w+): (?P<value>[^\n]+?) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the comment before it."""

    kind: str
    text: str
    what: str
    value: str


def blocks(page: str) -> Iterator[Block]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    for found in _BLOCK.finditer(text):
        yield Block(found["kind"], found["text"], found["what"] or "", found["value"] or "")


class Reader:
    """Somebody who does what a page says, in a folder."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "XDG_STATE_HOME": str(state),
            "LANG": "C.UTF-8",
        }
        self.outputs: list[str] = []

    def follow(self, page: str) -> None:
        for block in blocks(page):
            if block.kind == "sh":
                for line in block.text.strip().splitlines():
                    self.run(line, int(block.value) if block.what == "exit" else 0)
            elif block.what == "file":
                (self.folder / block.value).write_text(block.text, "utf-8")
            elif block.what == "append":
                file = self.folder / block.value
                file.write_text(f"{file.read_text('utf-8')}\n\n{block.text}", "utf-8")
            elif block.what == "replace":
                self.replace(self.folder / block.value, block.text)
            elif block.what == "translate":
                self.translate(self.folder / block.value, block.text)

    def run(self, line: str, code: int) -> None:
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            return
        ended = subprocess.run(
            line.split(), cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == code, f"{line}\n{ended.stdout}{ended.stderr}"
        self.outputs.append(ended.stdout)

    def replace(self, file: Path, difference: str) -> None:
        lines = difference.strip().splitlines()
        text = file.read_text("utf-8")
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            assert f"\n{old[1:]}\n" in text
            text = text.replace(f"\n{old[1:]}\n", f"\n{new[1:]}\n")
        file.write_text(text, "utf-8")

    def translate(self, file: Path, entries: str) -> None:
        text = file.read_text("utf-8")
        for english, korean in read_catalog(entries).items():
            empty = f'msgid "{english}"\nmsgstr ""\n'
            assert empty in text
            text = text.replace(empty, f'msgid "{english}"\nmsgstr "{korean}"\n')
        file.write_text(text, "utf-8")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    folder = tmp_path / "here"
    folder.mkdir()
    return Reader(folder, tmp_path / "state")


def test_an_instructor_gets_to_a_third_check_by_the_page_alone(reader: Reader) -> None:
    reader.follow("instructors.md")
    assert "No wrong answer fails" in reader.outputs[2]
    assert (reader.folder.parent / "for-students" / "checks" / "test_exercise_1.py").is_file()


@pytest.mark.parametrize("page", ["students.md", "students.ko.md"])
def test_a_student_gets_to_an_exercise(reader: Reader, page: str) -> None:
    reader.follow(page)
    assert (reader.folder / "exercises" / "exercise-1" / "exercise_1.py").is_file()


def test_the_assignments_of_other_graders_become_courses_that_hold(reader: Reader) -> None:
    (reader.folder / "examples").symlink_to(ROOT / "examples")
    reader.follow("migrating.md")
    assert len(reader.outputs) == 4


def test_what_the_api_page_shows_runs() -> None:
    (code,) = [block.text for block in blocks("api.md") if block.kind == "python"]
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "not_attempted"


def test_the_second_course_holds(reader: Reader) -> None:
    reader.run(f"grade verify --course {ROOT / 'examples' / 'neighbours'} --mutants 100 --format json", 0)
    found = msgspec.json.decode(reader.outputs[-1])
    assert found["proven"] == found["checks"] == 9
    assert found["mutation"]["mutants"] >= 40
    assert all(one["reason"] for one in found["mutation"]["survivors"])


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "site.py"), str(tmp_path / "site")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    pages = {path.name for path in (tmp_path / "site").glob("*.html")}
    assert {"index.html", "students.ko.html", "instructors.html", "api.html", "formats.html"} <= pages
