"""A verification as a page for a browser: one file without script or network. Pure."""

from __future__ import annotations

from grader.language import Translator, _
from grader.report.html.templating import fill
from grader.verification.findings import Verification


def verification_html(verification: Verification, translator: Translator, *, title: str) -> str:
    """The page; everything of the course's own in it is text."""
    words = {
        "title": _("Verification of a course"),
        "verdict": _("The course is sound.") if verification.passed else _("Something is wrong with the course."),
        "summary": _(
            "{proven} of {checks} checks are proven by {wrong} wrong answers",
            proven=verification.proven,
            checks=verification.checks,
            wrong=verification.wrong_answers,
        ),
        "findings": _("Findings"),
        "nothing": _("There are none."),
        "margins": _("Thresholds"),
        "timings": _("Times of the solutions' checks"),
        "warning": _("worth a look:"),
        "exercise": _("Exercise"),
        "check": _("Check"),
        "metric": _("Metric"),
        "mean": _("On average"),
        "threshold": _("Threshold"),
        "margin": _("Room, in standard deviations"),
        "whole": _("Seconds"),
        "call": _("Longest call"),
        "limit": _("Limit of a call"),
        "survivors": _("Mutants that no check caught"),
        "harmless": _("harmless: {reason}", reason=""),
    }
    values = {name: translator.render(text) for name, text in words.items()}
    mutation = verification.mutation
    if mutation is not None:
        sentence = _(
            "{caught} of {count} mutants were caught, {rate:.1f} % with those that are declared harmless",
            caught=mutation.caught,
            count=mutation.mutants,
            rate=mutation.rate * 100,
        )
        values["mutants"] = translator.render(sentence)
    return fill(
        "verification.html.j2",
        {
            "words": values,
            "course": title,
            "language": translator.language,
            "findings": verification.findings,
            "margins": verification.margins,
            "timings": sorted(verification.timings, key=lambda timing: -timing.seconds),
            "survivors": () if mutation is None else mutation.survivors,
        },
    )
