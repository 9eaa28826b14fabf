"""The migrations of the gradebook, run by Alembic when a gradebook is opened."""
