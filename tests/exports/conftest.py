"""An open gradebook."""

from __future__ import annotations

from tests.gradebook.conftest import book, file

__all__ = ["book", "file"]
