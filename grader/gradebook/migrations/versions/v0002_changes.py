"""What instructors change by hand, with who, when and why; never overwritten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grader.gradebook.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of changes."""
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id")),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("number", sa.Float),
        sa.Column("text", sa.Text),
        sa.Column("until", Instant),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    op.create_index("changes_of_students", "changes", ["student_id", "exercise"])
