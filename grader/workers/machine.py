"""The machine that a batch runs on."""

from __future__ import annotations

import os
import sys

from grader.errors import UsageError
from grader.language import _


def require_linux() -> None:
    """Raise UsageError where no batch can run: checkers are forked and confined as only Linux can."""
    if not sys.platform.startswith("linux"):
        raise UsageError(_("A batch needs Linux. Grade the submissions one by one here, with `grade EXERCISE PATH`."))


def cores() -> int:
    """How many cores this process may use; where the system does not say, how many the machine has."""
    if sys.platform.startswith("linux"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
