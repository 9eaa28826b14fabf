"""The built-in course, and standard streams of a test's own."""

from __future__ import annotations

from tests.cli.conftest import fresh_streams
from tests.cohort.conftest import course

__all__ = ["course", "fresh_streams"]
