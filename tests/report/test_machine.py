"""Reports as JSON: what is written can be read, and what cannot be read is refused by name."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import jsonschema
import pytest

from grader.errors import UsageError
from grader.records import Metric, Points, Report, Score, SubmissionFacts, Usage
from grader.report import SCHEMA_FILE, read_report, render_json, render_json_list, render_schema, schema


def with_path(report: Report, path: str) -> Report:
    return Report(
        **{name: getattr(report, name) for name in report.__struct_fields__}
        | {"submission": SubmissionFacts(path=path, sha256=report.submission.sha256)}
    )


def test_comes_back_as_it_was(partial_report: Report) -> None:
    assert read_report(render_json(partial_report).encode()) == partial_report


def test_keys_come_in_the_order_of_the_format(partial_report: Report) -> None:
    written = render_json(partial_report)
    assert list(json.loads(written)) == list(Report.__struct_fields__)
    assert written.startswith('{\n  "format": "grade-report/1",\n  "exercise"')
    assert written.endswith("}\n")


def test_hidden_characters_are_escaped_and_survive(partial_report: Report) -> None:
    path = "한글 \x1b[31m \x9b \u202e \u200b \U000e0041 [red]"
    written = render_json(with_path(partial_report, path))
    assert "한글" in written
    assert not set(written) & set("\x1b\x9b\u202e\u200b\U000e0041")
    assert read_report(written.encode()).submission.path == path


def test_a_lone_surrogate_becomes_visible(partial_report: Report) -> None:
    written = render_json(with_path(partial_report, "caf\udce9.py"))
    assert read_report(written.encode()).submission.path == r"caf\udce9.py"


def test_many_are_one_list(partial_report: Report, passed_report: Report) -> None:
    written = json.loads(render_json_list([partial_report, passed_report]))
    assert [report["verdict"] for report in written] == ["partial", "passed"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_report_holds_a_number_that_json_has_not(number: float) -> None:
    for record in (
        lambda: Points(earned=number, possible=1.0),
        lambda: Score(earned=1.0, possible=number),
        lambda: Metric(name="accuracy", split="test", value=number, threshold=None),
        lambda: Metric(name="accuracy", split="test", value=0.5, threshold=number),
        lambda: Usage(wall_seconds=0.0, cpu_seconds=number, peak_memory_bytes=0),
    ):
        with pytest.raises(ValueError, match="finite"):
            record()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b'{"format": "grade-report/2"}', "grade-report/2"),
        (b'{"format": "grade-report/0", "score": 3}', "grade-report/0"),
        (b"{}", "format"),
        (b"[]", "array"),
        (b"", "truncated"),
        (b"\xff\xfe", "not a grade report"),
        (b'{"format": "grade-report/1"}', "exercise"),
        (b'{"format": "grade-report/1", "x": ' + b"[" * 100_000, "not a grade report"),
    ],
)
def test_refuses_what_it_cannot_read(data: bytes, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        read_report(data)


def test_reports_follow_the_schema(partial_report: Report, ungraded_report: Report, unwritten_report: Report) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for report in (partial_report, ungraded_report, unwritten_report):
        validator.validate(json.loads(render_json(report)))


def test_the_schema_asks_for_the_format() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    missing = {error.message for error in validator.iter_errors({"exercise": "exercise-1"})}
    assert "'format' is a required property" in missing


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render_schema()


@pytest.mark.slow
def test_importing_the_room_does_not_import_rich() -> None:
    code = "import sys, grader.report; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
