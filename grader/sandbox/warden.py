"""The parent of the warm process, which outlives the grader for a moment: it ends what is left, and clears it away.

The grader may be killed in a way that it cannot notice. The other end of the control socket is closed then, and the
warden sees that. It executes nothing that a subject could reach.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from typing import Final, NoReturn

from grader.sandbox import folders

_HUNG_UP: Final = 0
"""No event asked for: `poll` then tells of the end alone."""


def watch(pid: int, control: int, folder: str) -> NoReturn:
    """Wait for the end of the warm process `pid`, or of the grader at the other end of `control`.

    When the grader is gone, the warm process is killed with all that it has started, and `folder` removed.
    """
    ended = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(control, _HUNG_UP)
    poll.register(ended, select.POLLIN)
    gone = any(descriptor == control for descriptor, _ in poll.poll())
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(ended, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if gone:
        folders.remove(folder)
    os._exit(max(0, os.waitstatus_to_exitcode(status)))
