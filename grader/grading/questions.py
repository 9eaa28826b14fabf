"""Asking a submission: one subject at a time, a fresh one where the last was killed, and faults told as faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from grader.checking import Call
from grader.checking.diagnosis import diagnose_exception
from grader.errors import AnswerError, LimitError, ProtocolError, StudentError, SubjectDied, SubmissionFault
from grader.language import Text, _
from grader.protocol.frames import Kind
from grader.records import Limits, Location, Usage
from grader.sandbox.process import Process, human_size
from grader.submission import Submission
from grader.training import cleaned_answer

_AFTER_TIME_OUT: Final = 0.2
"""Part of the time limit that a function gets which has already exceeded it once."""
_SHORTEST_SECONDS: Final = 1.0
_LOADING: Final = 1.25
"""Time, in time limits, after which a subject is killed whose top-level code cannot be interrupted at the limit."""
_TEXT_CHARACTERS: Final = 300
_LOADED_FROM: Final = re.compile(r" \((?:/|[A-Za-z]:)[^()]*\)$")
"""The place on this machine that the message of an ImportError ends with, which helps no student."""
_MOST_RAISED: Final = 100
"""Exceptions of one loading that are told; a notebook may raise one in each cell."""
_MOST_WARNINGS: Final = 20
_MOST_FRAMES: Final = 50
"""The deepest lines of one exception that are looked at. A subject sends no more of these, unless it is forged."""
_INTERRUPTED: Final = "StillRunning"
"""The exception that ends top-level code in a subject at the limit."""


class Questions:
    """The submission of one run, behind its functions."""

    def __init__(
        self,
        submission: Submission,
        limits: Limits,
        start: Callable[[Limits], Process],
        datasets: Callable[[], dict[str, Any]],
    ) -> None:
        self._submission = submission
        self._limits = limits
        self._start = start
        self._datasets = datasets
        self._process: Process | None = None
        self._used: list[Usage] = []
        self._slow: set[str] = set()
        self._broken: SubmissionFault | None = None
        self.raised: tuple[StudentError, ...] = ()
        """What the submission's top-level code raised."""
        self.warnings: tuple[str, ...] = ()
        """What was warned of while it was loaded."""

    def load(self) -> None:
        """Load the submission into a fresh subject, and remember what came of it.

        Raises SandboxError only: a submission that cannot be loaded is asked nothing, and each call says why.
        """
        self._process = self._start(self._limits)
        request = {
            "do": "load",
            "program": msgspec.to_builtins(self._submission.program),
            "datasets": self._datasets(),
            "seconds": self._limits.call_seconds,
        }
        try:
            kind, answer = self._process.exchange(request, seconds=self._limits.call_seconds * _LOADING)
            if kind is not Kind.ANSWER:
                raise ProtocolError(_("The submission wrote to the grader's channel."))
            self.warnings = _warnings(answer)
            raised = _field(answer, "raised", list)[:_MOST_RAISED]
            self.raised = tuple(self._error(facts, None) for facts in raised)
        except SubmissionFault as fault:
            self._ended()
            timed_out = isinstance(fault, LimitError) and fault.timed_out
            what, hint = self._still_running()
            self._broken = LimitError(what, timed_out=True, hint=hint) if timed_out else fault

    def ask(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], observe: bool) -> Call:  # noqa: FBT001
        """Call `function` in the subject. Raises SubmissionFault for whatever the submission did wrong."""
        process = self._ready()
        request = {"do": "call", "name": function, "arguments": args, "keywords": kwargs, "observe": observe}
        try:
            kind, answer = process.exchange(request, seconds=self._seconds(function))
            if kind is Kind.RAISED:
                raise self._fault(answer, function)
            arguments = _field(answer, "arguments", tuple) if observe else ()
            if observe and len(arguments) != len(args):
                raise ProtocolError(_("The submission wrote to the grader's channel."))
            call = Call(
                value=cleaned_answer(_field(answer, "value", object)),
                arguments=cleaned_answer(arguments),
                printed=process.take_printed(),
                warnings=_warnings(answer),
                seconds=float(_field(answer, "seconds", float)),
            )
        except (LimitError, SubjectDied, ProtocolError) as fault:
            process.kill()
            if isinstance(fault, LimitError) and fault.timed_out:
                self._slow.add(function)
            self._ended()
            raise
        return call

    def _ready(self) -> Process:
        """The subject to ask, a fresh one if the last was killed. Raises why the submission cannot be loaded."""
        if self._process is None and self._broken is None:
            self.load()
        if self._broken is not None or self._process is None:
            raise self._broken if self._broken is not None else SubjectDied(_("The submission could not be loaded."))
        return self._process

    def close(self) -> Usage:
        """End the subject, and tell what all subjects of this run used together."""
        if self._process is not None:
            self._process.kill()
            self._ended()
        return Usage(
            wall_seconds=sum(usage.wall_seconds for usage in self._used),
            cpu_seconds=sum(usage.cpu_seconds for usage in self._used),
            peak_memory_bytes=max((usage.peak_memory_bytes for usage in self._used), default=0),
        )

    def _ended(self) -> None:
        if self._process is not None and self._process.usage is not None:
            self._used.append(self._process.usage)
            self._process = None

    def _seconds(self, function: str) -> float:
        limit = self._limits.call_seconds
        return min(limit, max(_SHORTEST_SECONDS, limit * _AFTER_TIME_OUT)) if function in self._slow else limit

    def _fault(self, facts: Any, function: str) -> SubmissionFault:
        if not isinstance(facts, dict):
            raise ProtocolError(_("The submission wrote to the grader's channel."))
        if "missing" in facts:
            if self.raised:
                return self.raised[0]
            return StudentError(_("There is no function {name} in the submission.", name=function))
        if "refused" in facts:
            return AnswerError(
                _(
                    "What {function} returned is too large or nested too deep to be looked at (limit {size}).",
                    function=function,
                    size=human_size(self._limits.answer_bytes),
                ),
                hint=_("Return NumPy arrays rather than long lists, and no more than was asked for."),
            )
        return self._error(facts, function)

    def _error(self, facts: Any, function: str | None) -> StudentError:
        """What a subject told of an exception, with the student's own line and, where it is known, the mistake."""
        exception, text = _field(facts, "type", str)[:100], _field(facts, "text", str)[:_TEXT_CHARACTERS]
        if exception == "ImportError":
            text = _LOADED_FROM.sub("", text)
        if function is None and (exception == _INTERRUPTED or "interrupted" in facts):
            told, help_with_it = self._still_running()
            return StudentError(told, exception=exception, text=text, hint=help_with_it, location=self._place(facts))
        message, hint = diagnose_exception(exception, text)
        what: Text = (
            _("{function} raised {exception}: {text}", function=function, exception=exception, text=text)
            if function
            else _("While the file was loaded: {exception}: {text}", exception=exception, text=text)
        )
        if message is not None:
            what = _("{what} — {meaning}", what=what, meaning=message)
        return StudentError(what, exception=exception, text=text, hint=hint, location=self._place(facts))

    def _still_running(self) -> tuple[Text, Text]:
        """That the code outside the functions does not end, and what to do about it."""
        return (
            _(
                "The code at the top of the file was still running after {seconds:g} seconds (the limit).",
                seconds=self._limits.call_seconds,
            ),
            _('Put training and other long work below `if __name__ == "__main__":`, or take it out.'),
        )

    def _place(self, facts: Any) -> Location | None:
        """The deepest of the student's own lines that the exception passed."""
        for frame in reversed(_field(facts, "frames", list)[-_MOST_FRAMES:]):
            match frame:
                case (str(filename), int(line), str()):
                    location = self._submission.locate(filename, line)
                    if location is not None:
                        return location
        return None


def _field(answer: Any, name: str, kind: type) -> Any:
    """One entry of an answer. Raises ProtocolError unless it is there and of this kind."""
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, kind):
        raise ProtocolError(_("The submission wrote to the grader's channel."))
    return value


def _strings(answer: Any, name: str) -> list[str]:
    return [text for text in _field(answer, name, list) if isinstance(text, str)]


def _warnings(answer: Any) -> tuple[str, ...]:
    return tuple(text[:_TEXT_CHARACTERS] for text in _strings(answer, "warnings")[:_MOST_WARNINGS])
