"""What `course.toml` says about attempts, deadlines and being late, and what that makes of a time."""

from __future__ import annotations

import enum
import math
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

from grader.course import COURSE_FILE, Course
from grader.errors import CourseError, UsageError
from grader.language import Text, _
from grader.records import Record

TIME_ZONE: Final = "time_zone"
"""The one key of `[deadlines]` that is no exercise: no exercise's id has an underscore."""
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2200
"""Deadlines outside these years are slips of the finger, and some of them overflow what a calendar can count."""
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 3660 * _DAY
"""What is later than that is counted as so late, for no policy tells more apart."""


class Attempts(enum.StrEnum):
    """Which of a student's attempts counts, unless an instructor says otherwise."""

    BEST = "best"
    LAST = "last"


class LatePolicy(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[late]`: what being late costs, of the points that were earned. The default costs nothing."""

    per_cent_a_day: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.0
    """taken off for each day, or part of one, after the deadline"""
    grace_minutes: Annotated[float, msgspec.Meta(ge=0, le=525_600)] = 0.0
    """after the deadline, in which nothing is late yet"""
    floor_per_cent: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.0
    """what is left however late it is"""

    def factor(self, days_late: int) -> float:
        """What the points of something `days_late` are multiplied by: from the floor to 1, never more for later."""
        return max(self.floor_per_cent, 100.0 - self.per_cent_a_day * days_late) / 100.0 if days_late > 0 else 1.0


class Policy(Record, frozen=True, kw_only=True):
    """How runs become points that count. `deadlines` are in UTC, by exercise; `time_zone` is where days begin."""

    attempts: Attempts = Attempts.BEST
    late: LatePolicy = LatePolicy()
    deadlines: dict[str, datetime] = msgspec.field(default_factory=dict)
    time_zone: str = "UTC"

    def days_late(self, handed_in: datetime, deadline: datetime) -> int:
        """Days, or parts of one, after `deadline`; 0 within the grace. Both times are aware.

        A day ends when the clock of the course's time zone shows the deadline's time again, so that one may be of 23
        or of 25 hours.
        """
        # In UTC first: between times of one zone, Python reckons by the clock on the wall.
        deadline = deadline.astimezone(UTC)
        elapsed = min(handed_in.astimezone(UTC) - deadline, _LONGEST)
        if elapsed <= timedelta(minutes=self.late.grace_minutes):
            return 0
        local = deadline.astimezone(zone(self.time_zone))
        # An island that moves across the date line has days of no hours and of 48.
        days = max(math.ceil(elapsed / _DAY) - 3, 1)
        while _later(local, days) < deadline + elapsed:
            days += 1
        return days


def read_policy(course: Course) -> Policy:
    """The policy in the course's `course.toml`. Raises CourseError, whose message names the key and the remedy."""
    file = str(course.folder / COURSE_FILE)
    given = course.policies
    deadlines = dict(given.get("deadlines", {}))
    try:
        attempts = Attempts(given.get("attempts", Attempts.BEST))
    except ValueError:
        raise _error(file, _("attempts must be best or last, not {value}.", value=str(given["attempts"]))) from None
    try:
        late = msgspec.convert(given.get("late", {}), LatePolicy)
    except msgspec.ValidationError as error:
        reason = str(error).replace("$.", "").replace("Object", "A table")
        raise _error(file, _("in [late]: {reason}.", reason=reason)) from None
    name = deadlines.pop(TIME_ZONE, "UTC")
    try:
        home = zone(str(name))
    except UsageError as error:
        raise _error(file, error.message) from None
    known = {exercise.id for exercise in course.exercises}
    times: dict[str, datetime] = {}
    for exercise, value in deadlines.items():
        if exercise not in known:
            raise _error(
                file, _("[deadlines] names {exercise}, which is no exercise of this course.", exercise=exercise)
            )
        if not isinstance(value, datetime) or not FIRST_YEAR <= value.year <= LAST_YEAR:
            problem = _(
                "the deadline of {exercise} must be a date and time, such as 2026-03-20T23:59:00, not {value}.",
                exercise=exercise,
                value=str(value),
            )
            raise _error(file, problem)
        times[exercise] = in_utc(value, home)
    return Policy(attempts=attempts, late=late, deadlines=times, time_zone=str(name))


def zone(name: str) -> ZoneInfo:
    """The time zone of that name, such as Asia/Seoul. Raises UsageError if there is none."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            _("There is no time zone {name}. Write it like Asia/Seoul or America/New_York.", name=name)
        ) from None


def in_utc(moment: datetime, home: ZoneInfo) -> datetime:
    """`moment` in UTC; without an offset it is a clock's in `home`.

    Where the clocks are put back it comes twice, and where they are put forward never: the later reading is meant,
    since it is the one that costs nobody anything.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return max(moment.replace(tzinfo=home, fold=fold).astimezone(UTC) for fold in (0, 1))


def read_moment(text: str, time_zone: str) -> datetime:
    """The time that a user wrote, such as 2026-03-20T23:59, in UTC. A date alone means the end of that day.

    Raises UsageError for anything else.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(text)
    except ValueError:
        raise UsageError(
            _(
                "{text} is no time. Write it like 2026-03-20T23:59, or with an offset, 2026-03-20T23:59+09:00.",
                text=text,
            )
        ) from None
    if len(text.strip()) <= len("2026-03-20"):
        moment += timedelta(hours=23, minutes=59, seconds=59)
    return in_utc(moment, zone(time_zone))


def _later(local: datetime, days: int) -> datetime:
    """The moment at which the clock shows the time of `local` again, `days` days later, in UTC."""
    home = local.tzinfo
    assert isinstance(home, ZoneInfo)  # noqa: S101 - made so by days_late
    return in_utc((local + days * _DAY).replace(tzinfo=None), home)


def _error(file: str, problem: Text | str) -> CourseError:
    return CourseError(_("{file}: {problem}", file=file, problem=problem))
