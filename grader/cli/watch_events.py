"""What happens while a file is watched: saves and keys, as one queue of events."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

DEBOUNCE_MILLISECONDS: Final = 80
"""Editors save by several steps: write, rename, set times."""
STEP_MILLISECONDS: Final = 20
POLL_MILLISECONDS: Final = 300
SUFFIXES: Final = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of the watched folders was saved."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed; `q` also for the end of the input."""

    name: str


Event = Saved | Key


class Events:
    """Saves below folders and keys of the terminal. Use it as a context; the terminal is as before afterwards."""

    def __init__(self, folders: Callable[[], list[Path]], *, polling: bool) -> None:
        self._folders = folders
        self._polling = polling
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._stack = contextlib.ExitStack()
        self.has_keys = False

    def __enter__(self) -> Self:
        self._stack.callback(self._stop.set)
        self._stack.enter_context(self._raw_terminal())
        threading.Thread(target=self._watch, daemon=True).start()
        if self.has_keys:
            threading.Thread(target=self._read_keys, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def next(self) -> Event:
        """The next event, whenever it comes; saves that came in between are one."""
        while True:
            # A wait without end could not be interrupted by Ctrl-C on every system.
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=0.5)

    def saved_meanwhile(self) -> bool:
        """Whether a save has come since the last call of `next`; it is taken from the queue, keys stay."""
        keys, saved = [], False
        with contextlib.suppress(queue.Empty):
            while True:
                event = self._queue.get_nowait()
                saved |= isinstance(event, Saved)
                keys += [event] if isinstance(event, Key) else []
        for key in keys:
            self._queue.put(key)
        return saved

    def _watch(self) -> None:
        from watchfiles import watch  # noqa: PLC0415 - help does not wait for it

        changes = watch(
            *self._folders(),
            watch_filter=lambda _change, path: path.endswith(SUFFIXES) and not Path(path).name.startswith("."),
            debounce=DEBOUNCE_MILLISECONDS,
            step=STEP_MILLISECONDS,
            stop_event=self._stop,
            force_polling=self._polling or None,
            poll_delay_ms=POLL_MILLISECONDS,
            recursive=False,
            ignore_permission_denied=True,
            raise_interrupt=False,
        )
        for _found in changes:
            self._queue.put(Saved())

    def _read_keys(self) -> None:
        descriptor = sys.stdin.fileno()
        while not self._stop.is_set():
            if select.select([descriptor], [], [], 0.2)[0]:
                data = os.read(descriptor, 1)
                self._queue.put(Key(data.decode("ascii", "replace").lower() if data else "q"))
                if not data:
                    return

    @contextlib.contextmanager
    def _raw_terminal(self) -> Iterator[None]:
        """Keys without Enter and without an echo, where standard input is a terminal; Ctrl-C stays what it is."""
        try:
            import termios  # noqa: PLC0415 - Windows has none
            import tty  # noqa: PLC0415 - likewise

            descriptor = sys.stdin.fileno()
            before = termios.tcgetattr(descriptor)
        except (ImportError, AttributeError, OSError, ValueError):
            yield
            return
        except Exception:  # noqa: BLE001 - `termios.error` is not importable everywhere
            yield
            return
        tty.setcbreak(descriptor)
        self.has_keys = True
        try:
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
