"""What the checking room's tests put in the place of a subject and of the training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.checking import Call, CheckContext, CheckFailed, CheckRun, run_checks
from grader.language import Text
from grader.protocol.values import KerasValue
from grader.records import Outcome

HEADER = """
from grader.checking import *
from grader.errors import *
from grader.language import _
"""


@dataclass(frozen=True)
class Source:
    names: frozenset[str] = frozenset()

    def calls(self, function: str) -> frozenset[str]:
        assert function
        return self.names

    def methods(self, function: str) -> frozenset[str]:
        return self.calls(function)


@dataclass(frozen=True)
class FakeTrained:
    history: dict[str, tuple[float, ...]] = field(default_factory=dict)
    validation_accuracy: float = 0.85
    test_accuracy: float = 0.84


def context(
    functions: Mapping[str, Callable[..., Any]] | None = None,
    *,
    states: Mapping[str, tuple[Outcome, Text | str]] | None = None,
    rebuild: Callable[[KerasValue], Any] = lambda value: value,
    train: Callable[..., Any] = lambda _model, **_settings: FakeTrained(),
    seed: int = 7,
    exercise: str = "exercise-1",
    printed: str = "",
    warnings: tuple[str, ...] = (),
) -> CheckContext:
    """A context whose submission is `functions`, called in this process."""

    def ask(function: str, args: tuple[Any, ...], kwargs: dict[str, Any], observe: bool) -> Call:  # noqa: FBT001
        value = (functions or {})[function](*args, **kwargs)
        return Call(value, args if observe else (), printed=printed, warnings=warnings, seconds=0.0)

    return CheckContext(
        ask=ask,
        rebuild=rebuild,
        train=train,
        source=Source(frozenset({"add"})),
        seed=seed,
        exercise=exercise,
        states=states or {},
    )


def write_checks(folder: Path, code: str, name: str = "checks.py") -> Path:
    """A check file of `code` with the usual imports above it."""
    file = folder / name
    file.write_text(HEADER + code, "utf-8")
    return file


def run(folder: Path, code: str, **settings: Any) -> dict[str, CheckRun]:
    """The checks of `code`, by id, run with a context of `settings`."""
    return {check.id: check for check in run_checks(write_checks(folder, code), context(**settings))}


def failure(expectation: Callable[..., object], *args: Any, **kwargs: Any) -> CheckFailed:
    """The CheckFailed that an expectation raises; its texts can be rendered."""
    try:
        expectation(*args, **kwargs)
    except CheckFailed as error:
        for text in (error.message, error.expected, error.observed, error.hint):
            assert text is None or str(text)
        return error
    raise AssertionError("nothing failed")
