"""What a run depends on, as one hash: where it is the same, grading again would say the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Final

import msgspec

from grader import __version__
from grader.course import Course, Exercise
from grader.records import Limits, SandboxMode

_PACKAGES: Final = ("tensorflow", "keras", "numpy", "scikit-learn")


def run_fingerprint(submission_sha256: str, sandbox: SandboxMode, exercise_fingerprint: str) -> str:
    """The fingerprint of one run, from the hash of its submission's bytes and `exercise_fingerprint`; hexadecimal."""
    return _hashed({"submission": f"{submission_sha256} {sandbox}", "exercise": exercise_fingerprint})


def exercise_fingerprint(
    course: Course,
    exercise: Exercise,
    *,
    limits: Limits,
    language: str,
    versions: Mapping[str, str | None] | None = None,
) -> str:
    """The part of a run's fingerprint that all submissions for an exercise share; hexadecimal.

    It covers the checks and what lies beside them, the stub, points, seed, data set, `limits`, `language` (a report
    is written in one) and `versions`: those that are installed, unless they are given. Nothing heavy is imported.
    """
    return _hashed(
        {
            "checks": {name: _hashed_file(file) for name, file in _check_files(exercise.checks).items()},
            "stub": _hashed_file(exercise.stub),
            "exercise": exercise.id,
            "points": list(exercise.points.items()),
            "imports": exercise.imports,
            "seed": course.seed,
            "dataset": None
            if course.dataset is None
            else [course.dataset.sha256, course.dataset.validation_fraction, course.dataset.seed],
            "limits": msgspec.to_builtins(limits),
            "language": language,
            "versions": dict(installed_versions() if versions is None else versions),
        }
    )


def installed_versions() -> dict[str, str | None]:
    """The versions that a score depends on; None for a package that is not installed."""
    return {"grader": __version__, "python": python_version(), **{name: _version_of(name) for name in _PACKAGES}}


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _check_files(checks: Path) -> dict[str, Path]:
    """The checks of one exercise, every module below their folder, and every file in it that they may read, by name.

    The check files of other exercises are left out: a change in one of them is no reason to grade this one again. So
    are other files further down: below a course's own folder they may be anything, such as what a batch has written.
    """
    below = {file for file in checks.parent.rglob("*.py") if not file.name.startswith("test_")}
    beside = {file for file in checks.parent.iterdir() if file.is_file() and file.suffix != ".py"}
    used = {checks, *below, *(file for file in beside if not file.name.startswith("."))}
    return {file.relative_to(checks.parent).as_posix(): file for file in sorted(used)}


def _hashed_file(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _hashed(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
