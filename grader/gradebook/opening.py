"""Opening a gradebook: a SQLite file or a server's database, brought to the newest schema."""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from grader.errors import UsageError
from grader.gradebook.refusals import refusals
from grader.gradebook.tables import METADATA, VERSION, VERSION_TABLE
from grader.language import _

GRADEBOOK_FILE: Final = "gradebook.sqlite"
"""The name of a cohort's gradebook in the folder that a batch writes to."""
VERSIONS: Final = ("0001", "0002", "0003", "0004")
"""Every schema there has been, the newest last."""
MIGRATIONS: Final = Path(__file__).with_name("migrations")
BUSY_SECONDS: Final = 30.0
_WRITES: Final = "gradebook_writes"
_LOCK: Final = 0x67726164
"""The number of the server's lock under which one process at a time migrates."""


class Gradebook:
    """An open gradebook. Threads may share it, processes may not: each opens its own. `name` is for messages."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    def close(self) -> None:
        """Let go of the database; the gradebook cannot be used any more."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_gradebook(
    where: Path | str, *, create: bool = True, repeatable: bool = False, migrating: bool = True
) -> Gradebook:
    """The gradebook in the SQLite file `where`, or at the address `where` of a database, migrated to the newest schema.

    What is committed survives a kill, and a power failure too. Where all that will be written is `repeatable`, as runs
    are, SQLite does not wait for the disk at each commit: a power failure may then cost the last ones, and no more.

    Raises UsageError where there is none and `create` is false, where it is of an older schema and `migrating` is
    false, where what is there is no gradebook or is a newer program's, and where it cannot be opened or written; the
    message says which.
    """
    url, file, name = _place(where)
    if file is not None and not create and not file.is_file():
        raise UsageError(_("There is no gradebook {name}. `grade batch` makes one.", name=name))
    book = Gradebook(_engine_of(url, repeatable=repeatable), name)
    try:
        with refusals(name):
            _prepare(book, migrating=migrating)
    except BaseException:
        book.close()
        raise
    return book


def gradebook_at(out: Path | None, address: str | None) -> Path | str:
    """What to open: `address` where it is given, else the file in the folder `out`, which may be the file itself.

    Raises UsageError where neither is given.
    """
    if address:
        return address
    if out is None:
        raise UsageError(_("Say which gradebook: the folder that `grade batch` wrote to, or --gradebook URL."))
    return out if out.is_file() else out / GRADEBOOK_FILE


def has_gradebook(where: Path | str) -> bool:
    """Whether there is a gradebook at `where`, of whatever schema; nothing is made, not even tables in an empty file.

    Raises UsageError as `open_gradebook` does.
    """
    url, file, name = _place(where)
    if file is not None and not file.is_file():
        return False
    with Gradebook(_engine_of(url, repeatable=False), name) as book, reading(book) as connection:
        return _version(connection, name) is not None


@contextlib.contextmanager
def reading(book: Gradebook) -> Iterator[Connection]:
    """A transaction that only reads: everything in it is of one moment. Raises UsageError and InternalError."""
    with refusals(book.name), book.engine.connect() as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def writing(book: Gradebook) -> Iterator[Connection]:
    """A transaction that writes, committed at its end, and rolled back if anything is raised in it.

    Raises UsageError, for a full disk for example, and InternalError.
    """
    with refusals(book.name), book.engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})  # noqa: PLW2901 - the same connection
        with connection.begin():
            yield connection


def _place(where: Path | str) -> tuple[URL, Path | None, str]:
    """The address, the file where it is one, and the name by which messages call it."""
    url = _url_of(where)
    file = _file_of(url)
    return url, file, str(file) if file is not None else url.render_as_string(hide_password=True)


def _url_of(where: Path | str) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=os.fspath(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise UsageError(
            _("This is not the address of a database; write it like {example}.", example=_EXAMPLE)
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend not in {"sqlite", "postgresql", "postgres"}:
        raise UsageError(_("A gradebook can be in SQLite or PostgreSQL, not in {backend}.", backend=backend))
    return url if backend == "sqlite" else url.set(drivername="postgresql+psycopg")


_EXAMPLE: Final = "postgresql+psycopg://user@host/database"


def _file_of(url: URL) -> Path | None:
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _engine_of(url: URL, *, repeatable: bool) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, connect_args={"connect_timeout": int(BUSY_SECONDS)}, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    except (ModuleNotFoundError, NoSuchModuleError):
        raise UsageError(
            _("A gradebook in PostgreSQL needs the package psycopg: install the grader with its extra `postgres`.")
        ) from None
    event.listen(engine, "connect", functools.partial(_set_up, repeatable=repeatable))
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object, *, repeatable: bool) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
    connection.execute("PRAGMA foreign_keys = ON")
    # Without a log that is written ahead, a power failure could leave a file that cannot be read.
    is_safe = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if repeatable and is_safe else 'FULL'}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: one that first reads cannot wait for another that does the same.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(book: Gradebook, *, migrating: bool) -> None:
    with reading(book) as connection:
        version = _version(connection, book.name)
    if version == VERSIONS[-1]:
        return
    if version is not None and not migrating:
        raise UsageError(
            _(
                "The gradebook {name} was made by an older grader, and looking must not change it. `grade book` "
                "brings it up to date.",
                name=book.name,
            )
        )
    if version is None and book.engine.dialect.name == "sqlite":
        _write_ahead(book.engine)
    with writing(book) as connection:
        if book.engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        version = _version(connection, book.name)  # another process may have been quicker
        if version is None:
            _make(connection)
        elif version != VERSIONS[-1]:
            migrate(connection, "head")


def _version(connection: Connection, name: str) -> str | None:
    """The schema's version, None where there is nothing yet. Raises UsageError for what is not ours to read."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        foreign = tables if connection.dialect.name == "sqlite" else tables & set(METADATA.tables)
        if foreign:
            raise UsageError(_("{name} is a database, but no gradebook. Name another one.", name=name))
        return None
    version = connection.execute(select(VERSION.c.version_num)).scalar()
    if version is not None and version not in VERSIONS:
        raise UsageError(
            _(
                "The gradebook {name} is of schema {version}, which a newer grader has made; this one reads up to "
                "{newest}. Install the newer grader.",
                name=name,
                version=str(version),
                newest=VERSIONS[-1],
            )
        )
    return version


def _write_ahead(engine: Engine) -> None:
    """Let readers read while one writes. The file remembers it. SQLite does not wait for its lock by itself here."""
    deadline = time.monotonic() + BUSY_SECONDS
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        while True:
            try:
                driver.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if time.monotonic() > deadline or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.02)
            else:
                break
    engine.dispose()  # the next connections find a file that is written ahead


def _make(connection: Connection) -> None:
    """Make the newest schema in one go, as if every migration had been run: Alembic takes longer to import than this.

    Raises as `connection.execute`.
    """
    METADATA.create_all(connection, checkfirst=False)
    VERSION.create(connection, checkfirst=True)  # Alembic leaves it where it has taken every table back
    connection.execute(insert(VERSION), {"version_num": VERSIONS[-1]})


def migrate(connection: Connection, version: str) -> None:
    """Bring the schema up to `version` ("head" is the newest), in the connection's own transaction."""
    from alembic import command  # noqa: PLC0415 - only an older gradebook needs it
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
