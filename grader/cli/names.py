"""The names of the commands, the modules that hold them, and what the program's help says of each."""

from __future__ import annotations

from typing import Final

from grader.language import Text, _

GRADING: Final = "grading"
"""The module of the command for every first word that is no command's name, but an exercise's."""

COMMANDS: Final = {
    "watch": "watch",
    "list": "listing",
    "show": "showing",
    "hint": "hinting",
    "init": "copying",
    "notebooks": "notebooks",
    "batch": "batch",
    "book": "book",
    "export": "export",
    "ci": "ci",
    "verify": "verify",
    "new": "new",
    "import": "importing",
    "release": "release",
    "doctor": "doctor",
    "schema": "schema",
}
"""The module in this room of each command."""

SHAPES: Final[dict[str, Text]] = {
    "EXERCISE [PATH]": _("grade your file for an exercise, such as exercise-2"),
    "all [PATH]": _("grade every exercise"),
    "watch EXERCISE [PATH]": _("grade again whenever you save"),
    "list": _("the exercises, and how far you are with each"),
    "show EXERCISE": _("the text of an exercise's task"),
    "hint EXERCISE": _("one step of help with what did not pass in your last run"),
    "init FOLDER": _("a copy of your own of the exercises"),
    "notebooks [FOLDER]": _("the exercises as notebooks, made from the stubs"),
    "batch FOLDER --out OUT": _("grade a whole class"),
    "book [OUT]": _("what a cohort has, and changes to it by hand"),
    "export FORMAT [OUT]": _("a cohort's points for Canvas, Moodle and others"),
    "ci": _("grade what a pull request changes"),
    "verify [EXERCISE]": _("check the course itself"),
    "new course FOLDER": _("a course to begin with; `new exercise ID` adds to one"),
    "import SOURCE OUT": _("a course made of assignments of nbgrader or otter-grader"),
    "release OUT": _("what students get of a course, and nothing that is hidden"),
    "doctor": _("what this machine can do, and what is missing"),
    "schema": _("the JSON Schema of a report"),
}
"""How each command is written, and what it does."""
