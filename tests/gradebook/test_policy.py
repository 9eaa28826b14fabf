"""Deadlines and what being late costs: in any time zone, never more for earlier, always within bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CourseError, UsageError
from grader.gradebook import Attempts, LatePolicy, Policy, read_moment, read_policy
from grader.gradebook.policy import in_utc
from tests.gradebook.cohorts import NOON, a_course

ZONES = (
    "UTC",
    "Asia/Seoul",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
policies = st.builds(
    lambda rate, grace, floor, zone: Policy(
        late=LatePolicy(per_cent_a_day=rate, grace_minutes=grace, floor_per_cent=floor), time_zone=zone
    ),
    st.floats(0, 100),
    st.floats(0, 3000),
    st.floats(0, 100),
    st.sampled_from(ZONES),
)
moments = st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones
spans = st.timedeltas(timedelta(0), timedelta(days=60))


@given(policies, moments, spans, spans)
def test_later_never_counts_for_more(policy: Policy, deadline: datetime, first: timedelta, second: timedelta) -> None:
    earlier, later = sorted([deadline + first, deadline + second])
    days = [policy.days_late(moment, deadline) for moment in (earlier, later)]
    assert days[0] <= days[1]
    assert policy.late.factor(days[0]) >= policy.late.factor(days[1])


@given(policies, moments, spans)
def test_what_is_left_is_between_the_floor_and_everything(policy: Policy, deadline: datetime, span: timedelta) -> None:
    factor = policy.late.factor(policy.days_late(deadline + span, deadline))
    assert policy.late.floor_per_cent / 100 <= factor <= 1


@given(policies, moments, spans)
def test_nothing_is_late_before_the_deadline_or_within_the_grace(
    policy: Policy, deadline: datetime, span: timedelta
) -> None:
    assert policy.days_late(deadline - span, deadline) == 0
    assert policy.days_late(deadline + min(span, timedelta(minutes=policy.late.grace_minutes)), deadline) == 0


@given(policies, moments, spans, st.sampled_from(ZONES))
def test_where_a_time_was_written_down_changes_nothing(
    policy: Policy, deadline: datetime, span: timedelta, home: str
) -> None:
    there = (deadline + span).astimezone(ZoneInfo(home))
    assert policy.days_late(there, deadline.astimezone(ZoneInfo(home))) == policy.days_late(deadline + span, deadline)


@given(st.sampled_from(ZONES), moments, st.integers(1, 40))
def test_handed_in_by_the_clock_a_number_of_days_later_is_so_many_days_late(
    name: str, deadline: datetime, days: int
) -> None:
    home = ZoneInfo(name)
    wall = (deadline.astimezone(home) + timedelta(days=days)).replace(tzinfo=None)
    assert Policy(time_zone=name).days_late(in_utc(wall, home), deadline) <= days


@pytest.mark.parametrize(
    ("deadline", "handed_in", "days"),
    [
        ("2026-03-20T23:59:00", "2026-03-20T23:59:00", 0),
        ("2026-03-20T23:59:00", "2026-03-20T23:59:01", 1),
        ("2026-03-20T23:59:00", "2026-03-21T23:59:00", 1),
        ("2026-03-20T23:59:00", "2026-03-22T00:00:00", 2),
        # The clocks go forward in the night to 8 March: a day of 23 hours.
        ("2026-03-07T12:00:00", "2026-03-08T12:00:00", 1),
        ("2026-03-07T12:00:00", "2026-03-08T12:00:01", 2),
        # They go back in the night to 1 November: a day of 25 hours is still one.
        ("2026-10-31T12:00:00", "2026-11-01T12:00:00", 1),
        ("2026-10-31T12:00:00", "2026-11-01T12:00:01", 2),
    ],
)
def test_days_are_those_of_the_clock_where_the_course_is(deadline: str, handed_in: str, days: int) -> None:
    home = ZoneInfo("America/New_York")
    times = [in_utc(datetime.fromisoformat(text), home) for text in (handed_in, deadline)]
    assert Policy(time_zone="America/New_York").days_late(*times) == days


def test_a_time_that_comes_twice_or_never_means_the_later_one() -> None:
    home = ZoneInfo("America/New_York")
    assert in_utc(datetime.fromisoformat("2026-11-01T01:30"), home) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert in_utc(datetime.fromisoformat("2026-03-08T02:30"), home) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_ten_per_cent_a_day_down_to_a_floor() -> None:
    late = LatePolicy(per_cent_a_day=10, floor_per_cent=75)
    assert [late.factor(days) for days in (0, 1, 2, 3, 4)] == [1.0, 0.9, 0.8, 0.75, 0.75]


def test_a_policy_is_read_from_the_course() -> None:
    deadlines = {
        "time_zone": "Asia/Seoul",
        "one": datetime.fromisoformat("2026-03-20T21:00"),
        "two": datetime.fromisoformat("2026-03-20T12:00+00:00"),
    }
    policy = read_policy(a_course(attempts="last", deadlines=deadlines, late={"per_cent_a_day": 10}))
    assert policy.attempts is Attempts.LAST
    assert policy.deadlines == {"one": NOON, "two": NOON}
    assert policy.late == LatePolicy(per_cent_a_day=10)
    assert read_policy(a_course()) == Policy()


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        ({"attempts": "first"}, "attempts must be best or last, not first"),
        ({"late": {"per_cent_a_day": 200}}, "in [late]: Expected `float` <= 100.0 - at `per_cent_a_day`"),
        ({"late": {"rate": 1}}, "in [late]: A table contains unknown field `rate`"),
        ({"deadlines": {"three": NOON}}, "[deadlines] names three"),
        ({"deadlines": {"one": "soon"}}, "the deadline of one must be a date and time"),
        ({"deadlines": {"one": NOON.replace(year=9999)}}, "the deadline of one must be a date and time"),
        ({"deadlines": {"one": NOON.date()}}, "the deadline of one must be a date and time"),
        ({"deadlines": {"time_zone": "Mars/Base"}}, "There is no time zone Mars/Base"),
        ({"deadlines": {"time_zone": "../../etc/passwd"}}, "There is no time zone"),
    ],
)
def test_a_mistake_in_a_policy_is_told_with_its_file(policies: dict[str, Any], told: str) -> None:
    with pytest.raises(CourseError) as caught:
        read_policy(a_course(**policies))
    assert told in str(caught.value)
    assert "course.toml: " in str(caught.value)


def test_a_written_time_is_read_where_the_course_is() -> None:
    assert read_moment("2026-03-20T21:00", "Asia/Seoul") == NOON
    assert read_moment("2026-03-20 12:00+00:00", "Asia/Seoul") == NOON
    assert read_moment("2026-03-20", "UTC") == NOON.replace(hour=23, minute=59, second=59)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30", "0001-01-01", "9999-12-31T23:59-12:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        read_moment(text, "UTC")
