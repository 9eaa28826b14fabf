"""Opening: new gradebooks, old ones, newer ones, and what is no gradebook at all."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, select

from grader.errors import UsageError
from grader.gradebook import Gradebook, Policy, entries, gradebook_at, has_gradebook, open_gradebook, runs, students
from grader.gradebook.opening import MIGRATIONS, VERSIONS, migrate
from grader.gradebook.tables import METADATA, VERSION, VERSION_TABLE
from tests.gradebook.cohorts import a_course, put


def problem(where: Path | str, *, create: bool = True) -> str:
    with pytest.raises(UsageError) as caught:
        open_gradebook(where, create=create)
    return str(caught.value)


def at_version(where: Path | str, version: str) -> None:
    """A gradebook as an earlier program left it, with a student and, in the way of the time, a submission and a run."""
    engine = create_engine(f"sqlite:///{where}" if isinstance(where, Path) else where)
    with engine.begin() as connection:
        migrate(connection, version)
        connection.exec_driver_sql("INSERT INTO students (student, name, email, section) VALUES ('ann', 'Ann', '', '')")
        connection.exec_driver_sql(
            "INSERT INTO submissions (student_id, exercise, attempt, sha256, path) VALUES (1, 'one', 1, 'aa', 'one.py')"
        )
        connection.exec_driver_sql(
            "INSERT INTO runs (submission_id, fingerprint, verdict, earned, possible, finished_at, report) "
            "VALUES (1, 'f', 'partial', 4.0, 10.0, '2026-03-20 12:00:00.000000', '{}')"
        )
    engine.dispose()


def test_a_new_gradebook_is_empty_and_can_be_opened_again(file: Path) -> None:
    open_gradebook(file).close()
    with open_gradebook(file, create=False) as book:
        assert students(book) == ()


def test_a_file_is_written_ahead_and_guards_its_references(book: Gradebook) -> None:
    with book.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}


def test_the_program_knows_every_migration_that_ships() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == VERSIONS
    assert script.get_heads() == [VERSIONS[-1]]


@pytest.mark.parametrize("kind", ["file", pytest.param("address", marks=pytest.mark.slow)])
def test_the_migrations_make_what_a_new_gradebook_has(kind: str, request: pytest.FixtureRequest) -> None:
    """Tables, columns, keys and indexes, and Alembic's own table: the next migration must not see a difference."""
    where: Path | str = request.getfixturevalue(kind)
    with open_gradebook(where) as book:
        made = schema_of(book.engine)
        assert set(made) == {*METADATA.tables, VERSION_TABLE}
        with book.engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                table.drop(connection)
            VERSION.drop(connection)
            migrate(connection, "head")
        assert schema_of(book.engine) == made


def schema_of(engine: Engine) -> dict[str, Any]:
    """Everything that SQLAlchemy finds out about each table, and what the version's table holds."""
    found = inspect(engine)
    with engine.connect() as connection:
        version = connection.execute(select(VERSION)).scalars().all()
    return {
        table: (
            [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
            found.get_pk_constraint(table),
            found.get_foreign_keys(table),
            found.get_unique_constraints(table),
            found.get_indexes(table),
            version if table == VERSION_TABLE else None,
        )
        for table in found.get_table_names()
    }


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["file", pytest.param("address", marks=pytest.mark.slow)])
def test_a_gradebook_of_each_earlier_schema_is_brought_up_with_all_that_is_in_it(
    version: str, kind: str, request: pytest.FixtureRequest
) -> None:
    where: Path | str = request.getfixturevalue(kind)
    at_version(where, version)
    with open_gradebook(where) as book:
        assert [(run.student, run.earned) for run in runs(book)] == [("ann", 4.0)]
        put(book, "ben")
        assert len(entries(book, a_course(), Policy())) == 4


@pytest.mark.parametrize("version", VERSIONS)
def test_who_only_looks_leaves_an_older_schema_alone(file: Path, version: str) -> None:
    at_version(file, version)
    before = file.read_bytes()
    if version == VERSIONS[-1]:
        open_gradebook(file, create=False, migrating=False).close()
    else:
        with pytest.raises(UsageError, match="was made by an older grader"):
            open_gradebook(file, create=False, migrating=False)
    assert file.read_bytes() == before


def test_a_gradebook_of_repeatable_runs_does_not_wait_for_the_disk(file: Path) -> None:
    with open_gradebook(file, repeatable=True) as book, book.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_copy_without_a_log_written_ahead_waits_for_the_disk(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    open_gradebook(file).close()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with open_gradebook(copy, repeatable=True) as book, book.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_file_without_tables_is_no_gradebook_and_stays_so(file: Path) -> None:
    assert not has_gradebook(file)
    file.touch()
    assert not has_gradebook(file)
    assert file.stat().st_size == 0
    open_gradebook(file).close()
    assert has_gradebook(file)


def test_a_newer_schema_is_refused_by_name_and_left_alone(file: Path) -> None:
    open_gradebook(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE gradebook_version SET version_num = '0042'")
    connection.close()
    before = file.read_bytes()
    assert f"schema 0042, which a newer grader has made; this one reads up to {VERSIONS[-1]}" in problem(file)
    assert file.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.close()
    before = file.read_bytes()
    assert "is a database, but no gradebook" in problem(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    assert "is no gradebook, or it is damaged" in problem(file)
    assert file.read_bytes() == content


def test_an_empty_file_becomes_a_gradebook(file: Path) -> None:
    file.touch()
    open_gradebook(file, create=False).close()


def test_a_gradebook_that_is_not_there_is_not_made_by_looking(file: Path) -> None:
    assert problem(file, create=False) == f"There is no gradebook {file}. `grade batch` makes one."
    assert not file.exists()


def test_a_folder_that_is_not_there_is_told(file: Path) -> None:
    assert "cannot be opened (unable to open database file)" in problem(file.parent / "no" / "where.sqlite")


def test_a_name_with_every_sign_in_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "100 % of it? #1 & more.sqlite"
    with open_gradebook(file) as book:
        put(book)
    assert file.is_file()


def test_an_address_of_another_kind_is_refused() -> None:
    assert "not in mysql" in problem("mysql://host/db")
    assert "not the address of a database" in problem("://")


def test_a_password_is_never_told(tmp_path: Path) -> None:
    told = problem(f"postgresql://me:secret@/db?host={tmp_path}")
    assert "cannot be opened" in told
    assert "secret" not in told


def test_a_gradebook_held_by_another_program_is_told(
    book: Gradebook, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("grader.gradebook.opening.BUSY_SECONDS", 0.05)
    with open_gradebook(file) as impatient, pytest.raises(UsageError, match="held by another program"):
        put(impatient)
    holder.close()
    put(book)


def test_what_to_open_is_the_address_or_the_folder(tmp_path: Path) -> None:
    assert gradebook_at(tmp_path, None) == tmp_path / "gradebook.sqlite"
    (tmp_path / "gradebook.sqlite").touch()
    assert gradebook_at(tmp_path / "gradebook.sqlite", None) == tmp_path / "gradebook.sqlite"
    assert gradebook_at(tmp_path, "postgresql://x/y") == "postgresql://x/y"
    with pytest.raises(UsageError, match="Say which gradebook"):
        gradebook_at(None, None)


@pytest.mark.slow
def test_another_programs_tables_in_a_servers_database_are_left_alone(address: str) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id integer)")
    open_gradebook(address).close()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE gradebook_version")
    engine.dispose()
    assert "is a database, but no gradebook" in problem(address)
