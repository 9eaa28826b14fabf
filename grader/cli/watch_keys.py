"""The keys of a terminal, without Enter."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
from collections.abc import Iterator
from typing import Final

QUIT: Final = "q"
_SEQUENCE: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.|.)?")
"""What arrows and other keys without a letter send."""
_ENDS: Final = (b"", b"\x04")
"""The end of the input, and Ctrl-D."""
_KOREAN: Final = dict(zip("ㅜㅗㅅㅣㅐㄱㅂ", "nhtlorq", strict=True))
"""What the keys write while the input is Korean."""
_PIECE: Final = 4096
_PRESSED: Final = 8
"""Characters that come at once because they were typed during a run; more were pasted."""


def keys_of(data: bytes) -> list[str]:
    """The letters that were pressed where the terminal sends `data`: none for arrows, and for text that was pasted."""
    if data in _ENDS:
        return [QUIT]
    text = _SEQUENCE.sub("", data.decode("utf-8", "replace")).lower()
    letters = [_KOREAN.get(letter, letter) for letter in text if letter.isprintable()]
    return letters if len(text) <= _PRESSED else []


def next_keys(seconds: float) -> list[str]:
    """The letters that are pressed within so many seconds. The end of the terminal is `q`."""
    try:
        descriptor = sys.stdin.fileno()
        if not select.select([descriptor], [], [], seconds)[0]:
            return []
        return keys_of(os.read(descriptor, _PIECE))
    except OSError:  # the terminal was closed
        return [QUIT]


@contextlib.contextmanager
def single_keys() -> Iterator[bool]:
    """Keys without Enter and without an echo, where standard input is a terminal, and whether it is one.

    Ctrl-C stays what it is. Afterwards the terminal is as before, if it is still there.
    """
    try:
        import termios  # noqa: PLC0415 - Windows has none
        import tty  # noqa: PLC0415 - likewise

        descriptor = sys.stdin.fileno()
    except (ImportError, AttributeError, OSError, ValueError):
        yield False
        return
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        yield False
        return
    tty.setcbreak(descriptor)
    try:
        yield True
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
