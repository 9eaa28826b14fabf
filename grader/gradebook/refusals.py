"""The one place that turns what a database refuses into a sentence that says what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from grader.errors import GraderError, InternalError, UsageError
from grader.language import Text, _

_LONGEST_REASON: Final = 300
_FULL: Final = ("SQLITE_FULL", "SQLITE_IOERR", "53100")
_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01")
_FOREIGN: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_CLOSED: Final = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "42501", "25006")
_CONNECTING: Final = ("08", "28", "3D", "57P")
"""Beginnings of the codes that a server answers with when it lets nobody in."""


@contextlib.contextmanager
def refusals(name: str) -> Iterator[None]:
    """Tell what the database `name` refuses.

    Raises UsageError for what the user can change, and InternalError for the rest.
    """
    try:
        yield
    except DBAPIError as error:
        raise _translated(error, name) from error
    except SQLAlchemyError as error:
        raise InternalError(_failed(name, error)) from error


def _translated(error: DBAPIError, name: str) -> GraderError:
    code = str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")
    reason = _reason(error)
    if code.startswith(_FULL):
        return UsageError(
            _(
                "The gradebook {name} cannot be written ({reason}). What was recorded before is kept: make room, and "
                "run the command again.",
                name=name,
                reason=reason,
            )
        )
    if code.startswith(_BUSY):
        return UsageError(
            _("The gradebook {name} is held by another program; run the command again when it has ended.", name=name)
        )
    if code.startswith(_FOREIGN):
        return UsageError(
            _("{name} is no gradebook, or it is damaged ({reason}). Name another file.", name=name, reason=reason)
        )
    # A server that cannot be reached answers with no code at all.
    if code.startswith(_CLOSED + _CONNECTING) or not code:
        return UsageError(
            _(
                "The gradebook {name} cannot be opened ({reason}). Look at its address and rights.",
                name=name,
                reason=reason,
            )
        )
    return InternalError(_failed(name, error))


def _failed(name: str, error: SQLAlchemyError) -> Text:
    return _("The gradebook {name} could not be used ({reason}).", name=name, reason=_reason(error))


def _reason(error: SQLAlchemyError) -> str:
    told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return " ".join(told.split())[:_LONGEST_REASON]
