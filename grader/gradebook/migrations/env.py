"""What Alembic runs: the migrations, on the connection and in the transaction that it is handed."""

from __future__ import annotations

from alembic import context

from grader.gradebook.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
context.run_migrations()
