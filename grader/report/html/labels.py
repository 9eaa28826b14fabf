"""The fixed words of the pages, by the names that the templates call them by."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

from grader.language import Text, Translator, _
from grader.report.feedback import APOLOGY

_LABELS: Final[dict[str, Text]] = {
    "accuracy": _("Accuracy"),
    "apology": APOLOGY,
    "checks": _("Checks"),
    "code": _("Your code"),
    "confusion": _("What was taken for what"),
    "confusion_about": _("Rows are what the validation images show, columns what the model saw in them."),
    "details": _("Details of the run"),
    "differs": _("differs"),
    "epoch": _("Epoch"),
    "expected": _("Expected"),
    "found": _("Found"),
    "help": _("More help, step by step"),
    "loss": _("Loss"),
    "measured": _("Measured"),
    "mistakes": _("Its most confident mistakes"),
    "mistakes_about": _("Validation images that the model was sure about, and wrong."),
    "network": _("The network"),
    "notes": _("Notes"),
    "numbers": _("The numbers"),
    "rest_left_out": _("The rest is left out here."),
    "skip": _("Skip to the checks"),
    "train_line": _("training images (dashed)"),
    "training": _("Training"),
    "validation_line": _("validation images (solid)"),
    "well_done": _("Every check passed. Well done!"),
}

_INDEX_LABELS: Final[dict[str, Text]] = {
    "all_checks": _("Every check"),
    "by_hand": _("by hand"),
    "check": _("Check"),
    "discrimination": _("Discrimination"),
    "discrimination_about": _(
        "Discrimination is the correlation of passing a check with the rest of the score, from -1 to 1: near 0 the "
        "check does not tell who knows the matter, and below 0 something is likely wrong with it."
    ),
    "distribution": _("Distribution of scores"),
    "exercise": _("Exercise"),
    "exercises": _("Exercises"),
    "filter": _("Show only students that contain"),
    "late": _("late"),
    "mean": _("Mean"),
    "median": _("Median"),
    "name": _("Name"),
    "nothing_ungraded": _("Everything that was handed in could be graded."),
    "pass_rate": _("Pass rate"),
    "reason": _("Reason"),
    "section": _("Section"),
    "student": _("Student"),
    "students": _("Students"),
    "submissions": _("Submissions"),
    "total": _("Total"),
    "ungraded": _("Could not be graded"),
    "wrong_answers": _("Commonest wrong answers"),
}


@functools.lru_cache(maxsize=4)
def labels(translator: Translator) -> Mapping[str, str]:
    """The words of a report's page; a batch asks for them with every page."""
    return {name: translator.render(text) for name, text in _LABELS.items()}


def index_labels(translator: Translator) -> dict[str, str]:
    """The words of the class overview."""
    return {name: translator.render(text) for name, text in _INDEX_LABELS.items()}
