"""Students, their submissions, the runs that graded these, and how every check ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grader.gradebook.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and the indexes that keep a new run as quick as the first."""
    op.create_table(
        "students",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student", sa.String(200), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id"), nullable=False),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("handed_in", Instant),
        sa.Column("marked_late", sa.Boolean),
        sa.UniqueConstraint("student_id", "exercise", "attempt", name="submissions_attempts"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("earned", sa.Float),
        sa.Column("possible", sa.Float),
        sa.Column("finished_at", Instant, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
    )
    op.create_index("runs_of_submissions", "runs", ["submission_id"])
    op.create_table(
        "outcomes",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("earned", sa.Float, nullable=False),
        sa.Column("possible", sa.Float, nullable=False),
        sa.Column("message", sa.Text),
    )
