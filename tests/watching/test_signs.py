"""What a watching hears when the system or its warm process fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.cli.watch_hosting import Hosting
from grader.cli.watch_saves import LOOK_MILLISECONDS, saves
from grader.course import builtin_folder, read_course
from grader.errors import CourseError, SandboxError
from grader.sharing import Asked, Visit


class Counted(threading.Event):
    """An event whose waits take no time and are counted; a file is saved in `folder` during each."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        self._folder = folder

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        (self._folder / f"{len(self.waits)}.py").touch()
        return self.is_set()


@pytest.mark.parametrize("error", [OSError("too many files"), RuntimeError("no space left for watches")])
@pytest.mark.parametrize("is_begun", [False, True])
def test_where_the_system_cannot_tell_it_is_looked_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, *, is_begun: bool
) -> None:
    tries: list[object] = []

    def failing(*_: object) -> Iterator[None]:
        tries.append(None)
        assert len(tries) <= len(stop.waits) + 1
        if is_begun:
            yield
        raise error

    monkeypatch.setattr("grader.cli.watch_saves._changes", failing)
    stop = Counted(tmp_path)
    heard = saves([tmp_path], polling=False, stop=stop)
    for count in (1, 2, 3):
        next(heard)
        assert stop.waits == [LOOK_MILLISECONDS / 1000] * count


@pytest.mark.parametrize(("error", "is_closed"), [(SandboxError("killed"), True), (CourseError("odd"), False)])
def test_a_warm_process_that_was_killed_serves_no_guest_again(
    tmp_path: Path, error: Exception, *, is_closed: bool
) -> None:
    closed: list[bool] = []

    def grade(*_: object, **_options: object) -> None:
        raise error

    session: Any = SimpleNamespace(
        course=read_course(builtin_folder()), progress=None, grade=grade, close=lambda: closed.append(True), folder=None
    )
    events: Any = None
    ours, theirs = socket.socketpair()
    asked = Asked(exercise="exercise-3", here=str(tmp_path), path=None, folders=(), is_named=True, language="en")
    with ours:
        Hosting(session, events, "k").serve(Visit(asked, theirs))
    assert closed == [True] * is_closed
