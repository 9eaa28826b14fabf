"""The tables of the newest schema, as a new gradebook has them, and as the migrations leave an older one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

VERSION_TABLE: Final = "gradebook_version"
"""Where Alembic keeps the schema's version; a name of our own, since a server's database may hold other programs'."""


class Instant(TypeDecorator[datetime]):
    """A time, kept in UTC. SQLite keeps no time zones, so it is given none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The time in UTC. Raises ValueError for a time without a time zone, which would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time, in UTC again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA: Final = MetaData()

STUDENTS: Final = Table(
    "students",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("student", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("section", Text, nullable=False),
)
SUBMISSIONS: Final = Table(
    "submissions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("student_id", Integer, ForeignKey("students.id"), nullable=False),
    Column("exercise", String(80), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("handed_in", Instant),
    Column("marked_late", Boolean),
    UniqueConstraint("student_id", "exercise", "attempt", name="submissions_attempts"),
)
RUNS: Final = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("submission_id", Integer, ForeignKey("submissions.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("earned", Float),
    Column("possible", Float),
    Column("finished_at", Instant, nullable=False),
    Column("report", Text, nullable=False),
    Index("runs_of_submissions", "submission_id"),
)
OUTCOMES: Final = Table(
    "outcomes",
    METADATA,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("check_id", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("earned", Float, nullable=False),
    Column("possible", Float, nullable=False),
    Column("message", Text),
)
CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("student_id", Integer, ForeignKey("students.id")),
    Column("exercise", String(80), nullable=False),
    Column("number", Float),
    Column("text", Text),
    Column("until", Instant),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("changes_of_students", "student_id", "exercise"),
)
COURSES: Final = Table(
    "courses",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("exercises", Text, nullable=False),
    Column("folder", Text),
)
"""One row at most: the titles by language, the functions of each exercise, both in JSON, and the course's folder."""
VERSION: Final = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
"""Alembic's own table, as Alembic makes it."""
