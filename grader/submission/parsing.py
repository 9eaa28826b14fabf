"""Python text as a syntax tree, or the reason why it is none. Nothing is executed, and nothing is printed."""

from __future__ import annotations

import ast
import re
import warnings

from grader.language import _
from grader.submission.compiling import compiles_quickly
from grader.submission.decoding import Fault
from grader.submission.explaining import conflict, explain
from grader.submission.measuring import heaped_marks

COMPILED_LENGTH = 100_000
"""characters up to which text is compiled; the compiler can take quadratic time, the parser does not"""
CHAIN_LENGTH = 500
"""names in a row, dots between; in an `import` the parser takes quadratic memory for them, 24 GB for 1 MB of text"""

_CHAIN = re.compile(r"(?:\.[ \t\f\\\n]*+\w++[ \t\f\\\n]*+)++")


def parse(source: str, *, top_level_await: bool) -> ast.Module | Fault:
    """The tree of `source`, or what keeps Python from reading it.

    What only the compiler notices, such as a `return` outside a function, counts too, except in text that it would take
    long for. A notebook may `await` at its top level.
    """
    fault = _unparsable(source)
    if fault is not None:
        return fault
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if top_level_await else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            if len(source) <= COMPILED_LENGTH and compiles_quickly(source, tree):
                compile(tree, "<submission>", "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        return conflict(source) or explain(error, source)
    except (RecursionError, MemoryError):
        return nested_too_deeply()
    except ValueError:
        return _broken_character(1)
    return tree


def _unparsable(source: str) -> Fault | None:
    """Why `source` is not given to the parser: it could not read it, or only in quadratic time or memory."""
    if any(chain[0].count(".") > CHAIN_LENGTH for chain in _CHAIN.finditer(source)):
        return nested_too_deeply()
    zero = source.find("\0")
    if zero >= 0:
        return Fault(
            message=_("There is a NUL byte in this line, so the file is not plain text. Save it again as UTF-8."),
            line=source.count("\n", 0, zero) + 1,
        )
    marks = heaped_marks(source)
    return None if marks is None else _broken_character(marks)


def _broken_character(line: int) -> Fault:
    return Fault(
        message=_("There is a broken character here that Python cannot read. Delete it and write it again."), line=line
    )


def nested_too_deeply() -> Fault:
    """The fault of text that is beyond the parser's depth."""
    return Fault(
        message=_("This code is nested too deeply for Python to read. Split its longest expression into steps.")
    )
