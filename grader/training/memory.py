"""Remembered accuracies: one SQLite file in the user's cache folder, shared by all graders of this user.

A memory is only a memory: whatever is wrong with the file, the run goes on and trains. Each call opens and closes the
file, so that it is in a consistent state between calls and no fork shares a connection. It keeps SQLite's rollback
journal, which, unlike the write-ahead log, also works where a home folder is on a network.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from grader.training.examination import Examination, well_formed
from grader.training.orders import Trained

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

_BUSY_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.02
_KEY_DIGITS: Final = 12
"""Hexadecimal digits of a key that choose its byte: no two keys of a cache will share one."""
_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY: Final = 0xFF
"""The low byte of an SQLite error code is its kind."""
_MAX_ROW: Final = 100_000
_TABLE: Final = "CREATE TABLE IF NOT EXISTS trained_2 (key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID"
"""The number counts up with what a row holds."""
_OUTDATED: Final = "DROP TABLE IF EXISTS trained_1"
"""Rows without an examination; a model is trained again in seconds."""
_HISTORY: Final = frozenset({"loss", "accuracy", "val_loss", "val_accuracy"})


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is stored. JSON has no NaN, so a number that is not finite is stored as the text of it."""

    history: dict[str, tuple[float | str, ...]]
    validation_accuracy: float
    test_accuracy: float
    seconds: float
    examination: Examination | None


class Memory:
    """The trainings that this user's graders have done, by key."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> Trained | None:
        """What came of the training with this key, or None; None, too, when the file cannot be read."""
        rows = self._use(
            lambda database: database.execute("SELECT row FROM trained_2 WHERE key = ?", (key,)).fetchall()
        )
        return _read(rows[0][0]) if rows else None

    def put(self, key: str, trained: Trained) -> None:
        """Remember `trained`; nothing happens when the file cannot be written."""
        row = _write(trained)

        def insert(database: sqlite3.Connection) -> None:
            database.execute(_TABLE)
            database.execute(_OUTDATED)
            with database:
                database.execute("INSERT OR REPLACE INTO trained_2 VALUES (?, ?)", (key, row))

        self._use(insert)

    @contextlib.contextmanager
    def turn(self, key: str, seconds: float) -> Iterator[None]:
        """Hold others off who would do the training with this key, after whoever does it now, or after `seconds`.

        One byte of a file stands for each key. A process may hold one turn at a time: the kernel lets go of all when it
        closes one. Without locks, as on Windows and some networks, nobody waits.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                file = held.enter_context(self._path.with_name(f"{self._path.name}-turns").open("ab"))
                _wait_for_lock(file.fileno(), int(key[:_KEY_DIGITS], 16), seconds)
            yield

    def _use(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `action` gives for a connection; None when SQLite raises. A file that is no database is set aside."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as database:
                return action(database)
        except OSError:
            return None
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _CORRUPT:
                self._set_aside()
            return None

    def _set_aside(self) -> None:
        """Rename a file that is no database any more, so that the next call begins a fresh one."""
        journal = self._path.with_name(f"{self._path.name}-journal")
        with contextlib.suppress(OSError):
            # A journal must not be played back into the file that follows.
            journal.unlink(missing_ok=True)
            self._path.replace(self._path.with_name(f"{self._path.name}.corrupt"))


def _wait_for_lock(descriptor: int, place: int, seconds: float) -> None:
    """Lock one byte of a file, which need not be there. Gives up after `seconds`; raises OSError without locks."""
    if sys.platform == "win32":
        return
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # held by another process; systems differ in how they say it
            if time.monotonic() > deadline:
                return
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _write(trained: Trained) -> str:
    history = {
        name: tuple(number if math.isfinite(number) else str(number) for number in series)
        for name, series in trained.history.items()
    }
    row = _Row(history, trained.validation_accuracy, trained.test_accuracy, trained.seconds, trained.examination)
    return msgspec.json.encode(row).decode()


def _read(stored: object) -> Trained | None:
    """The training in a row, or None when it is none that `_write` would write."""
    if not isinstance(stored, str) or len(stored) > _MAX_ROW:
        return None
    try:
        row = msgspec.json.decode(stored, type=_Row)
        history = {name: tuple(_number(number) for number in series) for name, series in row.history.items()}
    except (msgspec.DecodeError, ValueError):
        return None
    epochs = {len(series) for series in history.values()}
    accuracies = (row.validation_accuracy, row.test_accuracy)
    if set(history) != _HISTORY or len(epochs) != 1 or not all(0 <= accuracy <= 1 for accuracy in accuracies):
        return None
    if row.examination is not None and not well_formed(row.examination):
        return None
    return Trained(
        history=history,
        validation_accuracy=row.validation_accuracy,
        test_accuracy=row.test_accuracy,
        remembered=True,
        seconds=row.seconds,
        examination=row.examination,
    )


def _number(stored: float | str) -> float:
    if isinstance(stored, str) and stored not in {"nan", "inf", "-inf"}:
        raise ValueError(stored)
    return float(stored)
