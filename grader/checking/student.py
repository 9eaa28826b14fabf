"""The fixture `student`: the submission's functions as attributes, called in the subject."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checking.answers import receive
from grader.checking.calls import Call, CheckContext
from grader.checking.display import describe_kind
from grader.checking.recording import note_call
from grader.checking.specs import CheckSpec
from grader.errors import SubmissionFault
from grader.protocol.keras_values import describe
from grader.protocol.values import KerasValue

_PLAIN = (bool, int, float, complex, str, bytes, np.ndarray, np.generic, KerasValue)


class Student:
    """`student.build_model(...)` calls the submission's `build_model` in the subject and gives its value.

    Raises SubmissionFault for whatever the submission did wrong in that call.
    """

    def __init__(self, context: CheckContext) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def function(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, args, kwargs, observe=False).value

        return function

    def observe(self, function: str, /, *args: Any, **kwargs: Any) -> Call:
        """Call `function` and give everything that came of it: value, arguments afterwards, what it printed."""
        return self._call(function, args, kwargs, observe=True)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, observe: bool) -> Call:
        if name in self._context.states:
            raise SubmissionFault(self._context.states[name][1])
        sent = {key: to_wire(value) for key, value in kwargs.items()}
        answer = self._context.ask(name, tuple(to_wire(value) for value in args), sent, observe)
        note_call(answer)
        return Call(
            value=receive(answer.value, name, self._context.rebuild),
            arguments=answer.arguments,
            printed=answer.printed,
            warnings=answer.warnings,
            seconds=answer.seconds,
        )


class Answers:
    """What functions of a submission give for the arguments that a check's `given` draws, each asked once a run.

    Building a model takes a subject as long as everything else in a run, so checks that only look share the answer.
    """

    def __init__(self, student: Student, context: CheckContext) -> None:
        self._student = student
        self._context = context
        self._given: dict[Any, tuple[Any, ...]] = {}
        self._known: dict[tuple[str, Any, bool], Call | SubmissionFault] = {}

    def given(self, spec: CheckSpec) -> tuple[Any, ...]:
        """The arguments for the check of `spec`; its arrays are read-only, for other checks see them too."""
        draw = spec.given
        if draw is None:
            return ()
        if draw not in self._given:
            arguments = tuple(draw(generator(self._context, getattr(draw, "__name__", ""))))
            _make_read_only(arguments)
            self._given[draw] = arguments
        return self._given[draw]

    def __call__(self, spec: CheckSpec) -> Any:
        """The value that the check's function gave. Raises SubmissionFault for whatever it did wrong, each time."""
        return self._asked(spec, observe=False).value

    def observed(self, spec: CheckSpec) -> Call:
        """The same call, with what became of its arguments; it is asked by itself. Raises SubmissionFault likewise."""
        return self._asked(spec, observe=True)

    def _asked(self, spec: CheckSpec, *, observe: bool) -> Call:
        key = (spec.function, spec.given, observe)
        known = self._known.get(key)
        if known is None:
            try:
                known = self._student._call(spec.function, self.given(spec), {}, observe=observe)  # noqa: SLF001 - a public name could be that of a submission's function
            except SubmissionFault as fault:
                known = fault
            self._known[key] = known
        elif isinstance(known, Call):
            note_call(known)
        if isinstance(known, SubmissionFault):
            raise known.with_traceback(None)
        return known


def _make_read_only(value: Any) -> None:
    """Let nobody write to the arrays in `value`."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            _make_read_only(item)


def generator(context: CheckContext, name: str) -> np.random.Generator:
    """Random numbers that are the same in every run of the exercise, and others for another `name`."""
    seed = f"{context.seed}:{context.exercise}:{name}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()))


def to_wire(value: Any) -> Any:
    """`value` as the protocol takes it: Keras objects described, containers of them too.

    Raises TypeError for what cannot be sent to a submission, which is the check's mistake.
    """
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        return [to_wire(item) for item in value]
    if isinstance(value, tuple):
        return tuple(to_wire(item) for item in value)
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    described = describe(value)
    if not isinstance(described, KerasValue):
        raise TypeError(f"a check cannot send {describe_kind(value)} to a submission")
    return described
