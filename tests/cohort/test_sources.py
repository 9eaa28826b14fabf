"""Which modules beside a submission are sent with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.cohort.sources import read_source
from grader.course import Course
from grader.submission.siblings import HELPERS
from tests.cohort.conftest import MODULE, fill, find


def _helpers(folder: Path, course: Course, text: str, modules: Mapping[str, str]) -> dict[str, bytes]:
    """What is sent beside a submission of `text` that lies among these files."""
    fill(folder, {"a/exercise_3.py": text} | {f"a/{name}": module for name, module in modules.items()})
    (handed,) = find(folder, course).handed
    return dict(read_source(handed).helpers)


def test_of_very_many_modules_only_so_many_are_read_that_the_report_says_so(tmp_path: Path, course: Course) -> None:
    names = [f"m{number}" for number in range(300)]
    helpers = _helpers(tmp_path, course, f"import {', '.join(names)}\n{MODULE}", {f"{name}.py": "" for name in names})
    assert len(helpers) == HELPERS + 1


def test_a_module_is_found_by_another_and_by_its_whole_name(tmp_path: Path, course: Course) -> None:
    modules = {"b.py": "import c", "c.py": "", "d.py": "", "not a module.py": "", f"{'a' * 230}.py": ""}
    helpers = _helpers(tmp_path, course, f"import b  # bd, {'a' * 230}, not a module\n{MODULE}", modules)
    assert set(helpers) == {"b.py", "c.py"}


@pytest.mark.parametrize("text", ["import 도우미", r'["import \ub3c4\uc6b0\ubbf8\n"]'])
def test_a_korean_module_from_a_mac_is_found_and_has_the_name_that_python_looks_for(
    tmp_path: Path, course: Course, text: str
) -> None:
    taken_apart = unicodedata.normalize("NFD", "도우미.py")
    helpers = _helpers(tmp_path, course, f"{text}\n{MODULE}", {taken_apart: "x = 1"})
    assert set(helpers) == {"도우미.py"}
