"""What is remembered of a student's runs: the last report on each exercise, and the steps of help that were opened."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Final, Literal

import msgspec
from platformdirs import user_state_path

from grader.cli.streams import write_file
from grader.course import Course
from grader.errors import UsageError
from grader.records import CheckReport, Outcome, Record, Report

FORMAT: Final = "grade-state/1"
LARGEST: Final = 10_000_000
"""Bytes of a state file that is read."""
_HELPED: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.NOT_RUN})


class Kept(Record, frozen=True, kw_only=True):
    """What is remembered of one exercise.

    `attempts` counts, for each check that did not pass, the runs of a changed file since it last passed; `opened` the
    steps of help that were shown of it.
    """

    format: Literal["grade-state/1"] = FORMAT
    report: Report
    attempts: dict[str, int]
    opened: dict[str, int]


def after_run(before: Kept | None, report: Report) -> Kept:
    """What to remember once `report` has come. A check that passed starts anew; the same file again is no attempt."""
    is_changed = before is None or before.report.submission.sha256 != report.submission.sha256
    attempts, opened = (before.attempts, before.opened) if before is not None else ({}, {})
    open_checks = [check for check in report.checks if check.outcome in _HELPED]
    return Kept(
        report=msgspec.structs.replace(report, sources=(), trainings=()),
        attempts={check.id: attempts.get(check.id, 0) + is_changed for check in open_checks},
        opened={check.id: opened[check.id] for check in open_checks if check.id in opened},
    )


def open_step(kept: Kept, check: CheckReport, steps: int, after: tuple[int, ...]) -> tuple[Kept, int, int]:
    """Open the next of the `steps` of help with `check`, if it may be opened.

    What to remember then, how many steps are open, and how many runs are missing for the one after them.
    """
    before = kept.opened.get(check.id, 0)
    attempts = kept.attempts.get(check.id, 0)
    allowed = sum(attempts >= _needed(step, after) for step in range(steps))
    now = max(min(before + 1, allowed), min(before, steps))
    missing = max(_needed(now, after) - attempts, 0) if now < steps else 0
    return msgspec.structs.replace(kept, opened=kept.opened | {check.id: now}), now, missing


def _needed(step: int, after: tuple[int, ...]) -> int:
    """The runs after which step `step`, counted from 0, opens."""
    return after[min(step, len(after) - 1)] if after else 0


def read_kept(course: Course, exercise: str) -> Kept | None:
    """What is remembered of an exercise; None where nothing is, or nothing that can be read."""
    try:
        file = _file(course, exercise)
        if file.stat().st_size > LARGEST:
            return None
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def write_kept(course: Course, exercise: str, kept: Kept) -> None:
    """Remember it. A folder that cannot be written costs the memory, never the run."""
    file = _file(course, exercise)
    with contextlib.suppress(OSError, UsageError, UnicodeEncodeError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(file, msgspec.json.encode(kept).decode())


def keep_report(course: Course, report: Report) -> None:
    """Remember `report` as the last one on its exercise."""
    write_kept(course, report.exercise, after_run(read_kept(course, report.exercise), report))


def keep_page(course: Course, exercise: str, page: str) -> Path:
    """Write `page` where a browser can open it, in place of the last one. Raises UsageError."""
    file = _folder(course, "pages") / f"{exercise}.html"
    with contextlib.suppress(OSError):  # writing tells of it
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(file, page)
    return file


def _file(course: Course, exercise: str) -> Path:
    return _folder(course, "progress") / f"{exercise}.json"


def _folder(course: Course, kind: str) -> Path:
    key = hashlib.sha256(str(course.folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return user_state_path("grader", appauthor=False) / kind / key
