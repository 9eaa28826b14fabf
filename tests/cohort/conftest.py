"""The built-in course, and folders of submissions in every layout."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.cohort.finding import find_cohort
from grader.cohort.records import Cohort
from grader.course import Course, builtin_folder, read_course
from tests.cli.conftest import fresh_streams

__all__ = ["fresh_streams"]

MODULE = "def dense_parameter_count(inputs, units):\n    return inputs * units + units\n"


@pytest.fixture(scope="session")
def course() -> Course:
    return read_course(builtin_folder())


def fill(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files into `folder`, each newer than the one before it."""
    for age, (name, content) in enumerate(files.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(file, (1_700_000_000 + age * 60,) * 2)
    return folder


def pack(path: Path, files: Mapping[str, str]) -> Path:
    """A zip archive with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def pairs(cohort: Cohort) -> list[tuple[str, str, str]]:
    """Student, exercise and path of everything that is to be graded."""
    return [(one.student.id, one.exercise, one.path) for one in cohort.handed]


def find(path: Path, course: Course) -> Cohort:
    return find_cohort(path, exercises=course.exercises)
