"""The entry of `grade` and of `python -m grader`."""

from __future__ import annotations

import contextlib
import os
import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    try:
        from grader.cli.app import run  # noqa: PLC0415 - an interrupt while this is imported ends like any other

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    if not _is_watched():
        # Everything is written and every process ended. Taking down what was imported would take a tenth of a second
        # after a batch, up to seconds with TensorFlow, and can crash where a thread is still importing it.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # what cannot be written was told already
                stream.flush()
        os._exit(code)
    sys.exit(code)


def _is_watched() -> bool:
    """Whether a profiler or a debugger waits for the end."""
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    tools = [] if monitoring is None else [monitoring.get_tool(number) for number in range(6)]
    return any(tool is not None for tool in (sys.getprofile(), sys.gettrace(), *tools))


if __name__ == "__main__":
    main()
