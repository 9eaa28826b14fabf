"""When something is saved in folders: the system's word wakes this up, what is in the folders decides."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.submission import SUFFIXES

DEBOUNCE_MILLISECONDS: Final = 80
"""Editors save by several steps: write, rename, set times."""
STEP_MILLISECONDS: Final = 20
POLL_SECONDS: Final = 0.3
LOOK_MILLISECONDS: Final = 1000
"""How often it is looked without a word of the system: a network tells of nothing, and folders may come later."""

Seen = Mapping[str, tuple[int, int, int]]
"""The submissions in folders: what tells each from another file of its name, when it was changed, and its size."""
Folders = Mapping[Path, tuple[int, int]]


def saves(folders: Sequence[Path], *, polling: bool, stop: threading.Event) -> Iterator[None]:
    """Each save of a module or notebook in `folders`, until `stop`; what an editor does in several steps is one.

    A folder need not be there yet, and may be made anew. With `polling` nothing is asked of the system.
    """
    seen = look(folders)
    for _woken in _every(POLL_SECONDS, stop) if polling else _told(folders, stop):
        now = look(folders)
        if now != seen:
            seen = _settled(folders, now, stop) if polling else now
            yield


def look(folders: Sequence[Path]) -> Seen:
    """What there is now; hidden files are an editor's own."""
    found = {}
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIXES) and not entry.name.startswith("."):
                    with contextlib.suppress(OSError):
                        facts = entry.stat()
                        found[entry.path] = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
    return found


def _settled(folders: Sequence[Path], seen: Seen, stop: threading.Event) -> Seen:
    """What there is once it stays the same for as long as an editor's steps take."""
    while not stop.wait(DEBOUNCE_MILLISECONDS / 1000):
        now = look(folders)
        if now == seen:
            break
        seen = now
    return seen


def _every(seconds: float, stop: threading.Event) -> Iterator[None]:
    while not stop.wait(seconds):
        yield


def _told(folders: Sequence[Path], stop: threading.Event) -> Iterator[None]:
    """Each word of the system about a change in those of `folders` that there are, and each second without one."""
    while not stop.is_set():
        there = _there(folders)
        if there:
            try:
                with contextlib.closing(_changes(there, stop)) as changes:
                    for _found in changes:
                        yield
                        if _there(folders) != there:
                            break
            except (OSError, RuntimeError):  # the latter where the system has no more watches or files to give
                stop.wait(LOOK_MILLISECONDS / 1000)
        else:
            stop.wait(LOOK_MILLISECONDS / 1000)
        yield


def _there(folders: Sequence[Path]) -> Folders:
    """The folders that there are, each with what tells it from one that was made anew in its place."""
    found = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            facts = folder.stat()
            found[folder] = (facts.st_dev, facts.st_ino)
    return found


def _changes(folders: Folders, stop: threading.Event) -> Generator[Any]:
    from watchfiles import watch  # noqa: PLC0415 - help does not wait for it

    return watch(
        *folders,
        watch_filter=None,
        debounce=DEBOUNCE_MILLISECONDS,
        step=STEP_MILLISECONDS,
        stop_event=stop,
        rust_timeout=LOOK_MILLISECONDS,
        yield_on_timeout=True,
        force_polling=False,
        recursive=False,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
