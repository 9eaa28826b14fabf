"""What happens while a file is watched: saves, keys and guests, as one queue of events."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from grader.cli.watch_keys import QUIT, next_keys, single_keys
from grader.cli.watch_saves import saves
from grader.sharing import Visit

KEY_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of the watched folders was saved."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed; `q` also for the end of the input."""

    name: str


Event = Saved | Key | Visit


class Events:
    """Saves in folders and keys of the terminal. Use it as a context; the terminal is as before afterwards.

    A folder that is not there yet, or is made anew, is watched from then on.
    """

    def __init__(self, folders: Sequence[Path], *, polling: bool) -> None:
        self._folders = folders
        self._polling = polling
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._stack = contextlib.ExitStack()
        self.has_keys = False

    def __enter__(self) -> Self:
        self._stack.callback(self._stop.set)
        self.has_keys = self._stack.enter_context(single_keys())
        threading.Thread(target=self._watch, daemon=True).start()
        if self.has_keys:
            threading.Thread(target=self._read_keys, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def put(self, event: Event) -> None:
        """Let it be the last of the events that wait. From any thread."""
        self._queue.put(event)

    def next(self) -> Event:
        """The next event, whenever it comes; saves that came in between are one."""
        while True:
            # A wait without end could not be interrupted by Ctrl-C on every system.
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=0.5)

    def saved_meanwhile(self) -> bool:
        """Whether a save has come since the last call of `next`; it is taken from the queue, all else stays."""
        others: list[Event] = []
        saved = False
        with contextlib.suppress(queue.Empty):
            while True:
                event = self._queue.get_nowait()
                saved |= isinstance(event, Saved)
                others += [] if isinstance(event, Saved) else [event]
        for event in others:
            self._queue.put(event)
        return saved

    def _watch(self) -> None:
        for _save in saves(self._folders, polling=self._polling, stop=self._stop):
            self._queue.put(Saved())

    def _read_keys(self) -> None:
        while not self._stop.is_set():
            for name in next_keys(KEY_SECONDS):
                self._queue.put(Key(name))
                if name == QUIT:
                    return
