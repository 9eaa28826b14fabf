"""Importing a check file, and refusing one that could pass silently: every `test_` function must be a check."""

from __future__ import annotations

import ast
import functools
import sys
import traceback
import types
from collections import Counter
from pathlib import Path
from typing import Final

from grader.checking.prerequisites import check_needs
from grader.checking.specs import PREFIX, CheckSpec, spec_of
from grader.errors import CourseError
from grader.language import Text, _, reason_of

SHARED: Final = "conftest.py"
"""A file beside the checks with fixtures for them, as pytest knows it."""
_MODULE_NAME: Final = "checks_in_{stem}"


def load_module(file: Path) -> types.ModuleType:
    """The module that `file` defines, imported anew.

    Raises CourseError, which names the file and what its code raised.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        raise CourseError(
            _("The check file {file} cannot be read: {reason}.", file=str(file), reason=reason_of(error))
        ) from error
    module = types.ModuleType(_MODULE_NAME.format(stem=file.stem))
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # dataclasses look their module up; `isolated` takes it out again
    try:
        exec(_compiled(source, str(file)), module.__dict__)  # noqa: S102 - the course's own file
    except CourseError as error:
        raise CourseError(_("The check file {file}: {reason}", file=str(file), reason=error.message)) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit and pytest.skip too: a file that ends halfway would pass silently
        raise CourseError(
            _("The check file {file} cannot be imported: {reason}", file=str(file), reason=last_line(error, file))
        ) from error
    return module


@functools.lru_cache(maxsize=64)
def _compiled(source: bytes, file: str) -> types.CodeType:
    """The code of a check file, compiled once for all runs of a process. Raises CourseError and SyntaxError."""
    tree = ast.parse(source, file)
    _refuse_twins(tree)
    return compile(tree, file, "exec", dont_inherit=True)


def specs_in(module: types.ModuleType, file: Path) -> tuple[CheckSpec, ...]:
    """The checks of a check file, in its order.

    Raises CourseError when there are none, when a test is no check, or when `needs` cannot be met.
    """
    specs = []
    for name, value in vars(module).items():
        if name.startswith(PREFIX) and callable(value):
            spec = spec_of(value)
            if spec is None or spec.id != name:
                raise _problem(file, _("The function {name} has no @check above it.", name=name))
            specs.append(spec)
        elif _holds_tests(value, module):
            raise _problem(file, _("{name} is a class; a check is a function of the file itself.", name=name))
    if not specs:
        raise _problem(file, _("It holds no check: a function test_... with @check above it."))
    check_needs(specs, lambda reason: _problem(file, reason))
    return tuple(specs)


def last_line(error: BaseException, file: Path) -> str:
    """The class and the text of `error`, and the line of `file` that it came from."""
    text = f"{type(error).__name__}: {error}".strip().partition("\n")[0]
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(file)]
    return f"{text} (line {lines[-1]})" if lines else text


def _holds_tests(value: object, module: types.ModuleType) -> bool:
    own = isinstance(value, type) and value.__module__ == module.__name__
    return own and any(name.startswith(PREFIX) for name in vars(value))


def _refuse_twins(tree: ast.Module) -> None:
    names = Counter(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith(PREFIX)
    )
    for name, count in names.items():
        if count > 1:
            raise CourseError(_("Two checks are named {name}, so one would hide the other.", name=name))


def _problem(file: Path, reason: Text) -> CourseError:
    return CourseError(_("The check file {file}: {reason}", file=str(file), reason=reason))
