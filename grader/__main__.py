"""The entry of `grade` and of `python -m grader`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    try:
        from grader.cli.app import run  # noqa: PLC0415 - an interrupt while this is imported ends like any other

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
