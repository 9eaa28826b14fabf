"""Reading an assignment as nbgrader's instructors write it: metadata of cells, solution regions, hidden tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.authoring.foreign import (
    Assignment,
    ForeignCheck,
    LeftOut,
    function_of,
    functions_in,
    readable,
    setup_of,
    takes_away,
    without_magics,
)
from grader.language import _

_MARK: Final = re.compile(r"^[ \t]*### (?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)[ \t]*\n?", re.MULTILINE)
_HIDDEN: Final = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n.*?^[ \t]*### END HIDDEN TESTS[ \t]*\n?", re.MULTILINE | re.DOTALL
)


_SCHEME: Final = re.compile(
    r"^=== BEGIN MARK SCHEME ===.*?(?:^=== END MARK SCHEME ===[ \t]*\n?|\Z)", re.MULTILINE | re.DOTALL
)


def is_nbgrader(cells: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a cell carries nbgrader's metadata."""
    return any("nbgrader" in cell.get("metadata", {}) for cell in cells)


def read_nbgrader(cells: Sequence[Mapping[str, Any]]) -> Assignment:
    """The assignment in a notebook's cells, whose sources are whole strings."""
    functions: dict[str, str] = {}
    setup: list[str] = []
    task: list[str] = []
    tests: list[tuple[Mapping[str, Any], str]] = []
    left_out: list[LeftOut] = []
    for cell in cells:
        facts = cell.get("metadata", {}).get("nbgrader", {})
        source, is_code = cell["source"], cell["cell_type"] == "code"
        if facts.get("task") or (facts.get("grade") and facts.get("solution")):
            left_out.append(_by_hand(facts))
            if facts.get("task"):
                task.append(_SCHEME.sub("", source).rstrip())
        elif facts.get("grade") and is_code:
            tests.append((facts, without_magics(source)))
        elif facts.get("solution") and is_code:
            found = functions_in(_MARK.sub("", without_magics(source)))
            functions |= found
            if not found:
                reason = _("It sets variables. The grader asks functions: make it one that returns the value.")
                left_out.append(LeftOut(name=_name(facts), points=0.0, reason=reason))
        elif is_code:
            setup.append(source)
        elif not facts.get("solution"):
            task.append(source)
    checks = [one for facts, code in tests for one in _checks(facts, code, functions)]
    return Assignment(
        task="\n\n".join(task),
        setup=setup_of(setup),
        functions=functions,
        checks=tuple(one for one in checks if isinstance(one, ForeignCheck)),
        left_out=(*left_out, *(one for one in checks if isinstance(one, LeftOut))),
    )


def _checks(facts: Mapping[str, Any], code: str, functions: Mapping[str, str]) -> list[ForeignCheck | LeftOut]:
    """One check of a cell of tests; with a hidden part, a public one without points besides."""
    points, name = _points(facts), _name(facts)
    whole = _MARK.sub("", code)
    function = function_of(whole, functions)
    if not readable(whole) or function is None:
        reason = _("It uses no function of the solution, so there is nothing to ask.")
        return [LeftOut(name=name, points=points, reason=reason)]
    if takes_away(whole, functions):
        reason = _("It replaces a function of the submission; say what it is for with `source.calls`.")
        return [LeftOut(name=name, points=points, reason=reason)]
    docstring = ast.get_docstring(ast.parse(whole))
    title = (docstring or name.replace("_", " ").replace("-", " ")).strip().partition("\n")[0]
    hidden = "### BEGIN HIDDEN TESTS" in code
    one = ForeignCheck(name=name, title=title, function=function, points=points, code=whole, hidden=hidden)
    visible = _HIDDEN.sub("", code)
    shown = function_of(visible, functions) if hidden and readable(visible) else None
    if shown is None:
        return [one]
    public = ForeignCheck(
        name=f"{name}_shown", title=title, function=shown, points=0.0, code=_MARK.sub("", visible), hidden=False
    )
    return [public, one]


def _by_hand(facts: Mapping[str, Any]) -> LeftOut:
    reason = _("It is graded by hand. Give its points with `grade book`, or in the gradebook that you export to.")
    return LeftOut(name=_name(facts), points=_points(facts), reason=reason)


def _name(facts: Mapping[str, Any]) -> str:
    return str(facts.get("grade_id") or "cell")


def _points(facts: Mapping[str, Any]) -> float:
    points = facts.get("points", 0)
    return float(points) if isinstance(points, int | float) and points >= 0 else 0.0
