"""How a caller wants submissions to be graded, and what of it whoever grades is told."""

from __future__ import annotations

import os

from grader.course import Course
from grader.records import Record, SandboxMode
from grader.workers.jobs import Setup


class Settings(Record, frozen=True, kw_only=True):
    """How a batch grades. `time_limit` is seconds for each call; `regrade` grades again what nothing has changed of."""

    language: str
    sandbox: SandboxMode = "required"
    time_limit: float | None = None
    regrade: bool = False
    fail_fast: bool = False

    def setup(self, course: Course, imports: tuple[str, ...]) -> Setup:
        """What whoever grades is told first; `imports` is what is imported for all submissions."""
        return Setup(
            course=str(course.folder),
            language=self.language,
            sandbox=self.sandbox,
            time_limit=self.time_limit,
            imports=imports,
            environment=dict(os.environ),
        )
