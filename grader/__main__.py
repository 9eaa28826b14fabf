"""The entry of `grade` and of `python -m grader`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    try:
        from grader.cli.app import run  # noqa: PLC0415 - an interrupt while this is imported ends like any other

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    if "tensorflow" in sys.modules:
        # Everything is written and every process ended. Taking TensorFlow down would take up to seconds more, and
        # can crash where a thread is still importing it.
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
