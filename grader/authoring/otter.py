"""Reading an assignment as otter-grader's instructors write it: raw cells that begin and end questions and tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

_BOUND: Final = re.compile(r"^# *(BEGIN|END|ASSIGNMENT) *(QUESTION|SOLUTION|TESTS|PROMPT|CONFIG)", re.IGNORECASE)
_SETTING: Final = re.compile(r"^(name|points|manual|hidden): *(.+?) *$", re.MULTILINE)
_MARKS: Final = re.compile(r"^[ \t]*# (?:BEGIN|END) SOLUTION.*\n?|[ \t]*# SOLUTION.*$", re.MULTILINE)
_PROMPT: Final = re.compile(r'^[ \t]*""" *# BEGIN PROMPT.*?""" *;? *# END PROMPT *\n?', re.DOTALL | re.MULTILINE)
"""What students find in place of a solution, as a string beside it."""
_POINTS: Final = re.compile(
    r"^points:[ \t]*(?:\{? *\n?[ \t]*each: *(?P<each>[\d.]+)|\[(?P<row>[^\]]*)\]|(?P<column>(?:\n[ \t]*- *[\d.]+)+)"
    r"|(?P<whole>[\d.]+))",
    re.MULTILINE,
)
"""Points of a question: in all, for each of its tests, or those of one test after the other."""
_CONFIG: Final = re.compile(r'""" *# BEGIN TEST CONFIG\n(.*?)""" *# END TEST CONFIG\n?', re.DOTALL)
_IGNORED: Final = re.compile(r"^.*# IGNORE.*\n?", re.MULTILINE)
_SHORT_HIDDEN: Final = re.compile(r"^# *HIDDEN *\n", re.IGNORECASE)


@dataclass
class _Question:
    name: str
    points: float
    manual: bool
    each: float | None = None
    """points of every test that has none of its own"""
    listed: tuple[float, ...] = ()
    """points of one test after the other"""
    tests: list[Mapping[str, Any]] = field(default_factory=list)


def is_otter(cells: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a raw cell begins a question."""
    return any(cell["cell_type"] == "raw" and "BEGIN QUESTION" in cell["source"].upper() for cell in cells)


def read_otter(cells: Sequence[Mapping[str, Any]]) -> Assignment:
    """The assignment in a notebook's cells, whose sources are whole strings."""
    functions: dict[str, str] = {}
    setup: list[str] = []
    task: list[str] = []
    questions: list[_Question] = []
    left_out: list[LeftOut] = []
    inside: list[str] = []
    for cell in cells:
        source, is_code = cell["source"], cell["cell_type"] == "code"
        bound = _BOUND.match(source) if cell["cell_type"] == "raw" else None
        if bound is not None:
            _cross(bound, source, inside, questions)
        elif "TESTS" in inside and questions and is_code:
            questions[-1].tests.append(cell)
        elif "SOLUTION" in inside and is_code:
            found = functions_in(_MARKS.sub("", _PROMPT.sub("", without_magics(source))))
            functions |= found
            if not found and questions and not questions[-1].manual:
                reason = _("It sets variables. The grader asks functions: make it one that returns the value.")
                left_out.append(LeftOut(name=questions[-1].name, points=0.0, reason=reason))
        elif is_code and "PROMPT" not in inside:
            setup.append(source)
        elif cell["cell_type"] == "markdown" and "SOLUTION" not in inside:
            task.append(source)
    checks: list[ForeignCheck] = []
    for question in questions:
        for one in _checks(question, functions):
            (checks if isinstance(one, ForeignCheck) else left_out).append(one)  # type: ignore[arg-type]
    return Assignment(
        task="\n\n".join(task),
        setup=setup_of(setup),
        functions=functions,
        checks=tuple(checks),
        left_out=tuple(left_out),
    )


def _cross(bound: re.Match[str], source: str, inside: list[str], questions: list[_Question]) -> None:
    """Enter or leave a part of the notebook."""
    way, part = bound[1].upper(), bound[2].upper()
    if way == "BEGIN":
        inside.append(part)
        if part == "QUESTION":
            settings = dict(_SETTING.findall(source))
            whole, each, listed = _points(source)
            questions.append(
                _Question(
                    name=settings.get("name", f"q{len(questions) + 1}").strip("\"'"),
                    points=whole,
                    manual=settings.get("manual", "").lower() == "true",
                    each=each,
                    listed=listed,
                )
            )
    elif way == "END" and part in inside:
        inside.remove(part)


def _points(settings: str) -> tuple[float, float | None, tuple[float, ...]]:
    """A question's points in all, for each test, and test by test; 1 in all where it says nothing."""
    found = _POINTS.search(settings)
    if found is None:
        return 1.0, None, ()
    listed = tuple(_number(text, 0.0) for text in re.findall(r"[\d.]+", found["row"] or found["column"] or ""))
    if listed:
        return sum(listed), None, listed
    if found["each"]:
        return 0.0, _number(found["each"], 0.0), ()
    return _number(found["whole"], 1.0), None, ()


def _worth(question: _Question, own: Sequence[float | None]) -> list[float]:
    """The points of each test: its own, else those that the question gives it, else a share of what is left."""
    if question.each is not None:
        return [question.each if points is None else points for points in own]
    if len(question.listed) == len(own):
        return [given if points is None else points for points, given in zip(own, question.listed, strict=True)]
    open_ones = own.count(None)
    left = max(question.points - sum(points for points in own if points is not None), 0.0)
    return [left / open_ones if points is None else points for points in own]


def _checks(question: _Question, functions: Mapping[str, str]) -> list[ForeignCheck | LeftOut]:
    if question.manual:
        reason = _("It is graded by hand. Give its points with `grade book`, or in the gradebook that you export to.")
        return [LeftOut(name=question.name, points=question.points, reason=reason)]
    parsed = [_test(cell) for cell in question.tests]
    worths = _worth(question, [points for _code, points, _hidden in parsed])
    found: list[ForeignCheck | LeftOut] = []
    for number, ((code, _own, hidden), worth) in enumerate(zip(parsed, worths, strict=True), 1):
        name = f"{question.name}_{number}"
        function = function_of(code, functions) if code is not None else None
        if code is None or function is None:
            reason = _("It uses no function of the solution, so there is nothing to ask.")
            found.append(LeftOut(name=name, points=worth, reason=reason))
        elif takes_away(code, functions):
            reason = _("It replaces a function of the submission; say what it is for with `source.calls`.")
            found.append(LeftOut(name=name, points=worth, reason=reason))
        else:
            title = _title(code) or f"{question.name}, {number}"
            found.append(
                ForeignCheck(name=name, title=title, function=function, points=worth, code=code, hidden=hidden)
            )
    return found


def _test(cell: Mapping[str, Any]) -> tuple[str | None, float | None, bool]:
    """The code of a test, which asserts; its own points, if it has some; and whether it is hidden."""
    source = without_magics(cell["source"])
    config = _CONFIG.search(source)
    settings = dict(_SETTING.findall(config[1])) if config else {}
    hidden = settings.get("hidden", "").lower() == "true" or bool(_SHORT_HIDDEN.match(source))
    points = _number(settings["points"], 0.0) if "points" in settings else None
    code = _IGNORED.sub("", _SHORT_HIDDEN.sub("", _CONFIG.sub("", source))).strip()
    if not readable(code):
        return None, points, hidden
    tree = ast.parse(code)
    calls = [
        f"{node.name}({', '.join(one.arg for one in node.args.args)})"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]
    if calls:
        return "\n".join([code, *calls]), points, hidden
    return _compared(tree, cell), points, hidden


def _compared(tree: ast.Module, cell: Mapping[str, Any]) -> str | None:
    """Code whose last line is an expression, made to assert that it shows what it showed the instructor."""
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return ast.unparse(tree)
    outputs = cell.get("outputs", [])
    shown = [output["data"]["text/plain"] for output in outputs if "text/plain" in output.get("data", {})]
    if len(shown) != 1 or len(outputs) != 1:
        return None
    text = "".join(shown[0])
    *before, last = tree.body
    lines = [ast.unparse(node) for node in before]
    return "\n".join([*lines, f"assert repr({ast.unparse(last)}) == {text!r}"])


def _title(code: str) -> str:
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            text = ast.get_docstring(node) or node.name.removeprefix("test").strip("_").replace("_", " ")
            return text.strip().partition("\n")[0]
    return ""


def _number(text: str | None, otherwise: float) -> float:
    try:
        return max(float(text), 0.0) if text is not None else otherwise
    except ValueError:
        return otherwise
