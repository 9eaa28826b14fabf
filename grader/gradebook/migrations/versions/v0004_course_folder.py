"""Where the course of the last batch lies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; it is empty until the next batch."""
    op.add_column("courses", sa.Column("folder", sa.Text))
