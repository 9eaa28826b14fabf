"""The subject's own code: load one submission, then answer calls until the channel closes.

It runs beside hostile code and is trusted with nothing. It imports only `protocol`, `records` and `errors`.
"""

from __future__ import annotations

import contextlib
import errno
import linecache
import signal
import sys
import time
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

from grader.protocol.frames import REQUEST_BYTES, Channel, Closed, Kind
from grader.protocol.keras_values import describe, rebuild
from grader.protocol.values import KerasValue, decode, encode

_TEXT_CHARACTERS = 2000
_FRAMES = 50
_WARNINGS = 20
_LIMITS = {errno.EMFILE: "open_files", errno.EFBIG: "file_bytes", errno.ENOSPC: "scratch"}
"""The kernel's errors that tell of a limit, with the limit's name."""


class Subject:
    """One submission, loaded into a module of its own."""

    def __init__(self) -> None:
        self.module = types.ModuleType("submission")
        # Keras objects that were given away stay alive, so that no later object gets the identity of one of them.
        self._kept: list[object] = []

    def load(self, program: dict[str, Any], datasets: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Run the chunks of `program` in order and tell what each raised; the others' definitions stand.

        Code that has not ended after `seconds` is interrupted, so that what it defined before can still be asked.
        """
        self.module = types.ModuleType(program["module_name"])
        sys.modules[self.module.__name__] = self.module
        sys.meta_path.append(_HelperFinder(program["helpers"]))
        for name, pair in datasets.items():
            _replace_loader(name, pair)
        raised = []
        with _recorded_warnings() as caught:
            for chunk in program["chunks"]:
                filename, source = chunk["filename"], chunk["source"]
                self.module.__file__ = filename
                _show_source(filename, source)
                try:
                    with _interrupted_after(seconds):
                        exec(compile(source, filename, "exec"), self.module.__dict__)  # noqa: S102 - what a subject is for
                except BaseException as error:  # noqa: BLE001 - whatever the student raises is told
                    raised.append(exception_facts(error))
        return {"raised": raised, "warnings": _texts(caught)}

    def call(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], *, observe: bool) -> dict[str, Any]:
        """Call one function of the submission. Raises whatever it raises."""
        function = vars(self.module)[name]
        given = tuple(self._received(argument) for argument in arguments)
        named = {key: self._received(argument) for key, argument in keywords.items()}
        with _recorded_warnings() as caught:
            started = time.perf_counter()
            value = function(*given, **named)
            seconds = time.perf_counter() - started
        self._kept.append(value)
        answer = {"value": value, "warnings": _texts(caught), "seconds": seconds}
        return answer | {"arguments": given} if observe else answer

    def _received(self, argument: Any) -> Any:
        """An argument as the student's function should get it: Keras objects rebuilt, arrays its own to change."""
        if isinstance(argument, KerasValue):
            argument = rebuild(argument)
            self._kept.append(argument)
        elif isinstance(argument, list | tuple):
            argument = type(argument)(self._received(item) for item in argument)
        elif type(argument).__name__ == "ndarray":
            argument = argument.copy()
        return argument


def serve(channel: Channel, answer_bytes: int) -> None:
    """Answer requests until the channel closes."""
    subject = Subject()
    while True:
        try:
            frame = channel.receive(limit=REQUEST_BYTES)
        except Closed:
            return
        kind, payload = _answer(subject, decode(frame.payload), answer_bytes)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        channel.send(frame.number, kind, payload)


def _answer(subject: Subject, request: dict[str, Any], answer_bytes: int) -> tuple[Kind, bytes]:
    try:
        if request["do"] == "load":
            answer = subject.load(request["program"], request["datasets"], request["seconds"])
        elif request["name"] not in vars(subject.module):
            return Kind.RAISED, encode({"missing": request["name"]}, limit=answer_bytes)
        else:
            name, arguments, keywords = request["name"], request["arguments"], request["keywords"]
            answer = subject.call(name, arguments, keywords, observe=request["observe"])
        return Kind.ANSWER, _encoded(answer, answer_bytes)
    except BaseException as error:  # noqa: BLE001 - whatever the student raises is told
        return Kind.RAISED, encode(exception_facts(error), limit=answer_bytes)


def _encoded(answer: dict[str, Any], answer_bytes: int) -> bytes:
    try:
        return encode(answer, limit=answer_bytes, describe=describe)
    except (OverflowError, RecursionError, MemoryError) as error:
        facts = {"refused": type(error).__name__, "text": str(error)[:_TEXT_CHARACTERS]}
        raise _Refused(facts) from None


class _Refused(Exception):  # noqa: N818 - carries the reason why an answer cannot be sent
    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts["text"])
        self.facts = facts


def exception_facts(error: BaseException) -> dict[str, Any]:
    """What may be told of an exception: its class, its text, and where it passed, as plain values."""
    if isinstance(error, _Refused):
        return error.facts
    frames = [
        (str(frame.filename), int(frame.lineno or 0), str(frame.name))
        for frame in traceback.extract_tb(error.__traceback__, limit=-_FRAMES)
    ]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        frames.append((str(error.filename), int(error.lineno), "<module>"))
    facts = {"type": type(error).__name__, "text": _text_of(error), "frames": frames}
    if isinstance(error, StillRunning):
        return facts | {"interrupted": error.seconds}
    if isinstance(error, OSError) and error.errno in _LIMITS:
        return facts | {"limit": _LIMITS[error.errno]}
    return facts


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:_TEXT_CHARACTERS]
    except BaseException:  # noqa: BLE001 - the student's own `__str__`
        return ""


class StillRunning(BaseException):
    """Raised in code at the top level of a submission that does not come to its end within `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"still running after {seconds:g} seconds")
        self.seconds = seconds


@contextlib.contextmanager
def _interrupted_after(seconds: float) -> Iterator[None]:
    """A courtesy, not a limit: the student's code may catch it, and the limit is enforced from outside."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise StillRunning(seconds)

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextlib.contextmanager
def _recorded_warnings() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def _texts(caught: list[warnings.WarningMessage]) -> list[str]:
    texts: list[str] = []
    for warning in caught:
        text = str(warning.message)[:_TEXT_CHARACTERS]
        # Deprecations inside libraries are not the student's to mend.
        if text not in texts and not issubclass(warning.category, DeprecationWarning | ResourceWarning):
            texts.append(text)
    return texts[:_WARNINGS]


def _show_source(filename: str, source: str) -> None:
    """Let `inspect.getsource` and tracebacks see the submission, which has no file here."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def _replace_loader(name: str, pair: Any) -> None:
    """Let `name`, the full name of a data set's loader, give the course's own images."""
    module_name, _, function_name = name.rpartition(".")

    def load_data(*_: object, **__: object) -> Any:
        return tuple(tuple(array.copy() for array in part) for part in pair)

    tail = "." + ".".join(module_name.split(".")[1:])
    for loaded_name, module in list(sys.modules.items()):
        if loaded_name.endswith(tail) and hasattr(module, function_name):
            setattr(module, function_name, load_data)


class _HelperFinder:
    """Finds the modules that were handed in beside the submission, after everything that is installed."""

    def __init__(self, helpers: list[dict[str, str]]) -> None:
        self.helpers = {helper["name"]: helper for helper in helpers}

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:  # noqa: ARG002 - import protocol
        """The import system's question for `name`; None where it is not a helper."""
        from importlib.machinery import ModuleSpec  # noqa: PLC0415 - rarely needed

        return ModuleSpec(name, self) if name in self.helpers else None  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        """Leave the making of the module to the import system."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the helper's source in `module`."""
        helper = self.helpers[module.__name__]
        _show_source(helper["filename"], helper["source"])
        exec(compile(helper["source"], helper["filename"], "exec"), module.__dict__)  # noqa: S102 - as above
