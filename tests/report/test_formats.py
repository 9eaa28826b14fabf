"""Reports for other programs: valid against their schemas, within their limits, and never obeying a student."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.language import Translator
from grader.records import CheckReport, Outcome, Points, Report, Score, Verdict, Visibility
from grader.report import (
    NoSubmission,
    render_classroom50,
    render_exercism,
    render_github,
    render_gradescope,
    render_junit,
    render_markdown,
)
from grader.report.feedback import APOLOGY
from grader.report.markdown import prose
from tests.report.golden.rendering import FACTS, names, report_named
from tests.report.hostile import ATTACKS, hostile_report

SCHEMAS: Final = Path(__file__).parent / "schemas"
ENGLISH: Final = Translator.english()
HOSTILE: Final = [pytest.param(text, id=f"attack{position}") for position, text in enumerate(ATTACKS)]
INVISIBLE: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@functools.cache
def xunit() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "xunit2.xsd")


def assert_valid(schema: str, document: Any) -> None:
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(document)


def assert_all_valid(reports: Sequence[Report]) -> None:
    """Whether every format of `reports` is what its readers take."""
    xunit().validate(render_junit(reports, ENGLISH))
    assert_valid("gradescope", json.loads(render_gradescope(reports, ENGLISH)))
    assert_valid("classroom50", json.loads(render_classroom50(reports, ENGLISH, facts=FACTS)))
    exercism = render_exercism(reports, ENGLISH)
    assert len(exercism.encode()) <= 500_000
    assert_valid("exercism", json.loads(exercism))
    assert len(render_markdown(reports, ENGLISH).encode()) <= 65_536
    for line in render_github(reports, ENGLISH).splitlines():
        assert re.match(r"::(error|warning|notice)( (file|line|title)=[^:]*)?::", line)


@pytest.mark.parametrize("name", names())
def test_real_reports_are_valid_everywhere(name: str) -> None:
    assert_all_valid([report_named(name)])


def test_a_whole_course_is_valid_everywhere(ungraded_report: Report) -> None:
    assert_all_valid([report_named(name) for name in names()])
    assert_all_valid([ungraded_report])
    assert_all_valid([])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_everywhere(text: str) -> None:
    reports = [hostile_report(text)]
    assert_all_valid(reports)
    for render in (render_junit, render_gradescope, render_exercism, render_github, render_markdown):
        written = render(reports, ENGLISH)
        assert not INVISIBLE.search(written)
        assert len(written) < 500_000


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_a_format(text: str) -> None:
    assert_all_valid([hostile_report(text)])


def html_of(markdown: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False}).render(markdown))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_markdown_is_markup(text: str) -> None:
    page = render_markdown([hostile_report(text[:2000])], ENGLISH)
    html = html_of(page)
    tags = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", html))
    assert tags <= {
        "h2",
        "h3",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "code",
        "blockquote",
        "ul",
        "li",
    }
    prose = re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    assert "@octocat" not in prose
    assert "://" not in prose
    assert "www.evil" not in prose
    assert not re.search(r"#\d", prose.replace("&#", ""))
    # One heading for the report, and one for each reason that is told, none of the student's.
    assert html.count("<h2>") == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`/`를 써서 `x_1 * y` 하세요.", "<code>/</code>를 써서 <code>x_1 * y</code> 하세요."),
        ("`<b>` and <b>", "<code>&lt;b&gt;</code> and &lt;b&gt;"),
        ("_a_`*`_b_ `[x](y)`", "_a_<code>*</code>_b_ <code>[x](y)</code>"),
        ("a\\`b\\`c", "a\\<code>b\\</code>c"),
        ("``a`` `b", "``a`` `b"),
        ("$`x`$ `$x$` `a|b`", "$`x`$ `$x$` `a|b`"),
        ("`@octocat` `x`", "`@\u2060octocat` <code>x</code>"),
        ("`one\n\n# two`", "<code>one # two</code>"),
    ],
)
def test_code_of_a_sentence_is_code_in_markdown(text: str, html: str) -> None:
    assert html_of(prose(text)) == f"<p>{html}</p>\n"


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("`` \\$*_[]()<>&|~#@:/!-+=1aw.\n\"'"), max_size=60))
def test_no_text_makes_more_than_code_of_a_sentence(text: str) -> None:
    said = "".join(text.replace("`", "").split())
    for before, after, allowed in (
        ("", "", ""),
        ("> ", "", "blockquote"),
        ("- ", "", "ul li"),
        ("**x", "x**", "strong"),
    ):
        html = html_of(f"{before}{prose(text)}{after}")
        assert set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", html)) <= {"p", "code", *allowed.split()}
        shown = unescape(re.sub(r"<[^>]*>", "", html)).replace("\u2060", "").replace("`", "")
        framed = f"x{said}x" if after else said
        assert "".join(shown.split()) == framed


def test_markdown_is_cut_between_two_checks_and_says_so() -> None:
    reports = [report_named(name) for name in names()]
    page = render_markdown(reports, ENGLISH, limit=6_000)
    assert len(page.encode()) <= 6_000
    assert page.endswith("The rest is left out here, since it would be too long.\n")
    assert page.count("```") % 2 == 0
    korean = render_markdown(reports, Translator("ko"), limit=6_000)
    assert len(korean.encode()) <= 6_000


def test_markdown_tells_an_exercise_without_a_submission() -> None:
    page = render_markdown([NoSubmission(exercise="exercise-4", title="Layers", reason=None)], ENGLISH)
    assert "exercise-4" in page
    assert "no file" in page


def check(function: str, outcome: Outcome, **fields: Any) -> CheckReport:
    report = report_named("shared_layers.en").checks[0]
    return msgspec.structs.replace(report, function=function, outcome=outcome, **fields)


def of_checks(*checks: CheckReport) -> Report:
    return msgspec.structs.replace(report_named("shared_layers.en"), checks=checks)


def test_github_shows_ten_of_a_kind_and_the_first_of_each_function_first() -> None:
    checks = [
        check(f"function{number}", Outcome.FAILED, id=f"t{number}{part}", message=f"{part} of {number}")
        for number in range(7)
        for part in ("first", "second")
    ]
    lines = render_github([of_checks(*checks)], ENGLISH).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10
    assert all("first of" in line for line in errors[:7])
    assert errors[-1] == "::error::More of them are in the report: 5."
    assert lines[-1].startswith("::notice title=exercise-2")


def test_github_gets_paths_from_the_root_and_no_line_of_a_notebook() -> None:
    report = report_named("never_built.en")
    path = msgspec.structs.replace(report.submission, path="/home/runner/student/exercise_2.ipynb")
    lines = render_github([msgspec.structs.replace(report, submission=path)], ENGLISH, root="/home/runner")
    assert "file=student/exercise_2.ipynb,title=" in lines
    assert "line=" not in lines


def test_github_escapes_what_would_be_a_command() -> None:
    written = render_github([hostile_report("100%\r\n::set-output name=x::y, z: w")], ENGLISH)
    assert all(line.startswith(("::error ", "::notice ")) for line in written.splitlines())
    assert "100%25" in written
    assert "%3A%3Aset-output name=x%3A%3Ay%2C z%3A w" in written


def test_gradescope_has_points_and_the_visibility_that_the_instructor_wants() -> None:
    public = check("relu", Outcome.PASSED, visibility=Visibility.PUBLIC)
    hidden = check("relu", Outcome.FAILED, visibility=Visibility.HIDDEN, points=Points(earned=0.5, possible=2.0))
    found = json.loads(render_gradescope([of_checks(public, hidden)], ENGLISH, hidden="after_published"))
    assert [test["visibility"] for test in found["tests"]] == ["visible", "after_published"]
    assert [test["status"] for test in found["tests"]] == ["passed", "failed"]
    assert found["tests"][1]["score"] == 0.5
    assert found["score"] == 8.75


def test_gradescope_gets_no_score_where_the_grader_failed(ungraded_report: Report) -> None:
    found = json.loads(render_gradescope([ungraded_report], ENGLISH))
    assert "score" not in found
    assert all("score" not in test for test in found["tests"])
    assert "The grader failed, not your code" in found["output"]


def test_classroom50_counts_hundredths_and_rounds_nothing_up() -> None:
    checks = (
        check("relu", Outcome.PASSED, id="a", points=Points(earned=0.75, possible=0.75)),
        check("relu", Outcome.FAILED, id="b", points=Points(earned=0.9999, possible=1.0)),
    )
    report = msgspec.structs.replace(of_checks(*checks), score=Score(earned=1.7499, possible=1.75))
    found = json.loads(render_classroom50([report], ENGLISH, facts=FACTS))
    assert [(test["score"], test["max-score"]) for test in found["tests"]] == [(75, 75), (99, 100)]
    assert (found["score"], found["max-score"]) == (174, 175)
    late = msgspec.structs.replace(report, score=Score(earned=0.875, possible=1.75))
    found = json.loads(render_classroom50([late], ENGLISH, facts=FACTS))
    assert (found["score"], sum(test["score"] for test in found["tests"])) == (87, 174)


def test_exercism_says_error_only_where_nothing_could_be_asked() -> None:
    def status(name: str) -> str:
        return str(json.loads(render_exercism([report_named(name)], ENGLISH))["status"])

    assert status("does_not_parse.en") == "error"
    assert status("stub.en") == "error"
    assert status("shared_layers.en") == "fail"
    assert status("data_right.en") == "pass"


def test_exercism_numbers_the_functions_as_tasks() -> None:
    found = json.loads(render_exercism([report_named("shared_layers.en")], ENGLISH))
    assert list(dict.fromkeys(test["task_id"] for test in found["tests"])) == [1, 2, 3]


def test_exercism_keeps_its_limit_whatever_there_is_to_tell() -> None:
    report = report_named("shared_layers.en")
    failed = next(check for check in report.checks if check.outcome is Outcome.FAILED)
    many = tuple(
        msgspec.structs.replace(failed, id=f"c{number}", title="\u202e" * 300, message="x" * 300)
        for number in range(3000)
    )
    written = render_exercism([msgspec.structs.replace(report, checks=(*report.checks, *many))], Translator.english())
    assert len(written.encode()) <= 500_000
    tests = json.loads(written)["tests"]
    assert len(tests) > 50
    assert {test["status"] for test in tests} == {"fail"}


def test_junit_counts_and_gives_points_as_properties_of_the_suite() -> None:
    written = render_junit([report_named("shared_layers.en")], ENGLISH)
    suite = ET.fromstring(written)[0]  # noqa: S314 - written by this program
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("15", "3", "0")
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties["points.earned"] == "8.75"
    assert properties["points.test_build_model_fresh"] == "0/0.75"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_score_that_is_withheld_is_no_failure_of_the_grader(language: str) -> None:
    report = msgspec.structs.replace(report_named("shared_layers.en"), verdict=Verdict.UNGRADED, score=None)
    translator = Translator(language)
    apology = translator.render(APOLOGY)
    for render in (render_markdown, render_gradescope, render_exercism):
        assert apology not in render([report], translator)
