"""Running and listing the checks of one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from grader.checking.calls import CheckContext
from grader.checking.isolation import isolated
from grader.checking.loading import last_line, load_module, specs_in
from grader.checking.recording import recording
from grader.checking.runs import CheckRun
from grader.checking.specs import CheckSpec
from grader.errors import GraderError, InternalError
from grader.language import _

if TYPE_CHECKING:
    from grader.checking.plugin import Collection

_SHARED: Final = "conftest.py"
_UNUSED_PLUGINS: Final = (
    "terminal cacheprovider doctest junitxml pastebin stepwise faulthandler logging unraisableexception threadexception"
    " setuponly setupplan legacypath subtests unittest assertion"
)
"""They print, write files, or change the process for a whole session, and cost time."""


def run_checks(file: Path, context: CheckContext) -> tuple[CheckRun, ...]:
    """Run all checks of `file`, in its order.

    Raises CourseError for a file that cannot be used, and InternalError when pytest itself failed; KeyboardInterrupt
    and `pytest.exit` pass.
    """
    from grader.checking.plugin import CheckPlugin  # noqa: PLC0415 - imports pytest

    file = file.absolute()
    with isolated(file.parent):
        module = load_module(file)
        plugin = CheckPlugin(file, module, specs_in(module, file), context)
        _run_pytest(plugin)
        return plugin.runs()


def collect_checks(file: Path) -> tuple[CheckSpec, ...]:
    """The checks of `file`, in its order, without running any. Raises CourseError for a file that cannot be used."""
    file = file.absolute()
    with isolated(file.parent):
        module = load_module(file)
        specs = specs_in(module, file)
        if not _may_have_parameters(file):
            return specs
        from grader.checking.plugin import Collection  # noqa: PLC0415 - imports pytest

        collection = Collection(file, module, specs)
        _run_pytest(collection)
        return tuple(collection.instances.values())


def _run_pytest(plugin: Collection) -> None:
    import pytest  # noqa: PLC0415 - takes long to import

    arguments = [
        f"--rootdir={plugin.file.parent}",
        f"--config-file={os.devnull}",
        "--noconftest",
        "--disable-plugin-autoload",
        "--capture=no",
        "--override-ini=python_functions=test_*",
        "-Wignore",
        *(f"-pno:{name}" for name in _UNUSED_PLUGINS.split()),
    ]
    shared = plugin.file.with_name(_SHARED)
    plugins: list[object] = [plugin]
    if shared.is_file():
        plugins.append(load_module(shared))
    with recording():
        status = pytest.main(arguments, plugins=plugins)
    problem = plugin.problem
    if isinstance(problem, GraderError | KeyboardInterrupt | pytest.exit.Exception):
        raise problem
    if problem is not None or status in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR}:
        reason = last_line(problem, plugin.file) if problem is not None else str(status)
        raise InternalError(
            _("The checks of {file} could not be run: {reason}", file=str(plugin.file), reason=reason)
        ) from problem


def _may_have_parameters(file: Path) -> bool:
    """Only what comes from pytest, here or in a conftest beside it, can make several checks of one function."""
    return "pytest" in file.read_text("utf-8", "replace") or file.with_name(_SHARED).is_file()
