"""Reports as JUnit XML, valid against the xunit2 schema: points are properties of a suite. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from grader.language import Translator
from grader.records import CheckReport, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.escaping import clip, terminal_safe
from grader.report.words import OUTCOMES, number

_TEXT: Final = 4000
_NAME: Final = 300
_NOTES: Final = 60
_KINDS: Final = {
    Outcome.FAILED: "failure",
    Outcome.TIMED_OUT: "failure",
    Outcome.NOT_RUN: "skipped",
    Outcome.SKIPPED: "skipped",
    Outcome.ERRORED: "error",
}


def junit_xml(entries: Sequence[Report | NoSubmission], translator: Translator) -> str:
    """The document of `grader.report.render_junit`."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    root = ET.Element("testsuites", {"name": "grade"} | _counts([check for r in reports for check in r.checks]))
    root.attrib.pop("skipped")  # the schema has it for one suite only
    root.set("time", f"{sum(report.seconds for report in reports):.3f}")
    for report in reports:
        _add_suite(root, report, translator)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ET.Element, report: Report, translator: Translator) -> None:
    suite = ET.SubElement(root, "testsuite", {"name": _safe(report.exercise, _NAME)} | _counts(report.checks))
    suite.set("time", f"{report.seconds:.3f}")
    properties = ET.SubElement(suite, "properties")
    facts = {"verdict": report.verdict.value, "submission": report.submission.path, "sha256": report.submission.sha256}
    if report.score is not None:
        facts |= {"points.earned": number(report.score.earned), "points.possible": number(report.score.possible)}
    for check in report.checks:
        facts[f"points.{check.id}"] = f"{number(check.points.earned)}/{number(check.points.possible)}"
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": _safe(name, _NAME), "value": _safe(value, _NAME)})
    for check in report.checks:
        _add_case(suite, report, check, translator)
    if report.notes:
        ET.SubElement(suite, "system-out").text = _safe("\n".join(report.notes[:_NOTES]), _TEXT)


def _add_case(suite: ET.Element, report: Report, check: CheckReport, translator: Translator) -> None:
    names = {"classname": f"{report.exercise}.{check.function}", "name": check.title or check.id}
    case = ET.SubElement(suite, "testcase", {key: _safe(value, _NAME) for key, value in names.items()})
    case.set("time", f"{check.seconds:.3f}")
    kind = _KINDS.get(check.outcome)
    if kind is None:
        return
    words = translator.render(OUTCOMES[check.outcome])
    found = ET.SubElement(case, kind, {"message": _safe(check.message or words, _NAME)})
    if kind != "skipped":
        found.set("type", check.outcome.value)
    lines = [check.message, check.expected, check.observed, check.hint]
    found.text = _safe("\n".join(line for line in lines if line) or words, _TEXT)


def _counts(checks: Sequence[CheckReport]) -> dict[str, str]:
    kinds = [_KINDS.get(check.outcome) for check in checks]
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(checks))} | {name: str(kinds.count(kind)) for name, kind in counted.items()}


def _safe(text: str, characters: int) -> str:
    """Text that XML 1.0 can hold: control characters and lone surrogates are written out."""
    return terminal_safe(clip(text, characters), lines=True)
