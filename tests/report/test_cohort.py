"""What the class overview counts."""

from __future__ import annotations

import statistics
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.language import Translator
from grader.records import CheckReport, Outcome, Points, Report, Score, Verdict
from grader.report import CohortEntry, render_index
from grader.report.cohort import CheckTally, count, histogram
from grader.report.html.index_page import relative
from tests.report.golden.rendering import report_named
from tests.report.hostile import ATTACKS, hostile_report

ENGLISH = Translator.english()


def report(outcomes: dict[str, bool], message: str = "wrong") -> Report:
    """A report of checks of one point each."""
    first = report_named("shared_layers.en")
    checks = tuple(
        msgspec.structs.replace(
            first.checks[0],
            id=name,
            function="f",
            title=f"Title of {name}",
            outcome=Outcome.PASSED if passed else Outcome.FAILED,
            message=None if passed else message,
            points=Points(earned=float(passed), possible=1.0),
        )
        for name, passed in outcomes.items()
    )
    earned = float(sum(outcomes.values()))
    return msgspec.structs.replace(
        first, exercise="exercise-1", checks=checks, score=Score(earned=earned, possible=float(len(outcomes)))
    )


def entry(student: str, found: Report | None, **fields: object) -> CohortEntry:
    known: dict[str, object] = {"student": student, "exercise": "exercise-1", "report": found}
    return CohortEntry(**(known | fields))  # type: ignore[arg-type]


def test_counts_pass_rates_and_the_commonest_wrong_answers() -> None:
    cohort = count(
        [
            entry("a", report({"t1": True, "t2": True})),
            entry("b", report({"t1": True, "t2": False}, "off by one")),
            entry("c", report({"t1": True, "t2": False}, "off by one")),
            entry("d", report({"t1": False, "t2": False}, "no list")),
            entry("e", None),
        ]
    )
    checks = cohort.exercises["exercise-1"].checks
    assert (checks["t1"].rate, checks["t2"].rate) == (0.75, 0.25)
    assert checks["t2"].wrong.most_common() == [("off by one", 2), ("no list", 1)]
    assert cohort.submissions == 4
    assert len(cohort.students) == 5


def test_what_the_grader_failed_at_is_told_and_counted_nowhere(ungraded_report: Report) -> None:
    cohort = count([entry("a", ungraded_report), entry("b", None, reason="not UTF-8"), entry("c", None)])
    assert [(one.student, one.reason) for one in cohort.ungraded] == [
        ("a", "The trainer ended by itself."),
        ("b", "not UTF-8"),
    ]
    assert cohort.exercises["exercise-1"].shares == []


def test_points_that_count_stand_in_for_those_of_the_report() -> None:
    cohort = count([entry("a", report({"t1": True, "t2": True}), points=1.0, late=True)])
    cell = cohort.students["a"].cells["exercise-1"]
    assert (cell.points, cell.late) == (1.0, True)
    assert cohort.exercises["exercise-1"].shares == [0.5]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60))
def test_discrimination_is_the_correlation_with_the_rest(pairs: list[tuple[bool, int]]) -> None:
    tally = CheckTally("t", "f", "T", 1.0)
    base = report({"t": True}).checks[0]
    for passed, rest in pairs:
        tally.add(_ended(base, passed=passed), float(rest))
    try:
        expected = statistics.correlation(
            [float(passed) for passed, _rest in pairs], [float(rest) for _, rest in pairs]
        )
    except statistics.StatisticsError:
        assert tally.discrimination is None
    else:
        assert tally.discrimination == pytest.approx(expected, abs=1e-6)


def _ended(check: CheckReport, *, passed: bool) -> CheckReport:
    return msgspec.structs.replace(check, outcome=Outcome.PASSED if passed else Outcome.FAILED)


@given(st.lists(st.floats(0, 1)))
def test_everyone_is_in_one_bar(shares: list[float]) -> None:
    bins = histogram(shares)
    assert sum(bins) == len(shares)
    assert bins[-1] == sum(share >= 0.9 for share in shares)


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("reports/alice/exercise-2.html", "./reports/alice/exercise-2.html"),
        ("reports/이서연/a b#c?.html", "./reports/%EC%9D%B4%EC%84%9C%EC%97%B0/a%20b%23c%3F.html"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//evil.example/x", "./evil.example/x"),
        ("https://evil.example", "./https%3A//evil.example"),
        ("caf\udce9.html", "./caf%3F.html"),
        (None, None),
    ],
)
def test_links_lead_nowhere_but_into_the_folder(link: str | None, written: str | None) -> None:
    assert relative(link) == written


class Tags(HTMLParser):
    """Gathers the elements of a page and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_has_a_row_for_each_student_and_a_table_for_each_exercise(language: str) -> None:
    entries = [entry(f"s{number}", report({"t1": bool(number % 2)}), link=f"r/s{number}.html") for number in range(30)]
    page = render_index(entries, Translator(language), title="Course")
    assert f'<html lang="{language}">' in page
    tags = Tags()
    tags.feed(page)
    assert sum(tag == "th" and attributes.get("scope") == "row" for tag, attributes in tags.found) == 30
    assert sum((attributes.get("href") or "").startswith("./r/") for _tag, attributes in tags.found) == 30
    assert "+" not in page.partition("t1")[0][-1:]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_names_and_messages_stay_text(text: str) -> None:
    entries = [
        entry(text, hostile_report(text), name=text, section=text, link=text, title=text),
        entry("b", None, reason=text, link=text),
        entry("c", msgspec.structs.replace(hostile_report(text), verdict=Verdict.UNGRADED, score=None)),
    ]
    page = render_index(entries, ENGLISH, title=text)
    tags = Tags()
    tags.feed(page)
    assert [tag for tag, _attributes in tags.found if tag in {"img", "iframe", "object", "form", "base"}] == []
    assert sum(tag == "script" for tag, _attributes in tags.found) == 1
    assert not any(name.startswith("on") or name == "style" for _tag, found in tags.found for name in found)
    assert all((found.get("href") or "#").startswith(("#", "./", "data:,")) for _tag, found in tags.found)
    assert "\u202e" not in page
    assert len(page) < 1_000_000


def test_an_empty_class_is_a_page_too() -> None:
    assert "<table id=" in render_index([], ENGLISH, title="Nobody")
