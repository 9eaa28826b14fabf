"""Notebook commands (`%magic`, `%%magic`, `!shell`, `help?`), which are not Python, taken out of Python text.

Only text that does not parse is looked at, and there only the start of logical lines: a `%` or `!` inside a string in
triple quotes or within brackets stays what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.records import Record

# Cell commands that run the rest of the cell as Python. After any other the rest is another language or a file's text.
PYTHON_CELL_COMMANDS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug"})

_CELL_COMMAND = re.compile(r"%%(?P<name>\w*)")
_LINE_COMMAND = re.compile(
    r"""
    \s* (?:
        [%!]                                        # %matplotlib inline, !pip install keras
      | \?{1,2} \s* [\w.%*]                         # ?model.fit
      | [%\w.*\[\]'"]+ \?{1,2} \s* (?:\#.*)? $      # model.fit?
      | (?:pip3?|conda|mamba|cd|ls|mkdir|rm|cp|mv|cat)  # pip install keras, which a notebook takes without a %
        \s+ (?!(?:in|is|and|or|if|for|not)\b) (?:[\w./~]|-\w)
    )
    """,
    re.VERBOSE,
)
_ASSIGNED_COMMAND = re.compile(r"\s*[^\W\d][\w\s.,\[\]'\"]*=\s*[%!]")
_QUOTES = "'\""


class Treated(Record, frozen=True, kw_only=True):
    """Text without its commands: `source` has as many lines as before, `commands` the numbers of those that held one.

    `dropped` says that a cell command made the rest of the cell something else than Python.
    """

    source: str
    commands: tuple[int, ...]
    dropped: bool = False


@dataclass
class _Reader:
    """How far a physical line stands within strings and brackets that were opened before it."""

    depth: int = 0
    quote: str = ""
    continued: bool = False

    @property
    def at_statement(self) -> bool:
        return not (self.depth or self.quote or self.continued)

    def read(self, line: str) -> None:
        index = 0
        while index < len(line):
            index += self._step(line, index)
        self.continued = line.endswith("\\") and not self.quote
        if len(self.quote) == 1 and not line.endswith("\\"):
            self.quote = ""  # never closed on its line: a mistake, which ends there

    def _step(self, line: str, index: int) -> int:
        """Take in what stands at `index`; the number of characters that it took."""
        character = line[index]
        if self.quote:
            if character == "\\":
                return 2
            if line.startswith(self.quote, index):
                length, self.quote = len(self.quote), ""
                return length
        elif character == "#":
            return len(line) - index
        elif character in _QUOTES:
            self.quote = character * 3 if line.startswith(character * 3, index) else character
            return len(self.quote)
        elif character in "([{":
            self.depth += 1
        elif character in ")]}":
            self.depth = max(0, self.depth - 1)
        return 1


def without_commands(source: str, *, notebook: bool) -> Treated:
    """`source` with `pass` in place of every line command, and without a cell command and what it takes with it.

    Outside a notebook, in a module exported from one, `x = !ls` is a mistake in Python rather than a command, and a
    line that starts with `%%` is only a line.
    """
    lines = source.split("\n")
    commands: list[int] = []
    first = 0
    if notebook:
        first, dropped = _cell_commands(lines, commands)
        if dropped:
            return Treated(source="\n" * (len(lines) - 1), commands=tuple(commands), dropped=True)
    reader = _Reader()
    swallowed = False
    for index in range(first, len(lines)):
        line = lines[index]
        if swallowed or (reader.at_statement and _is_command(line, assigned=notebook)):
            if not swallowed:
                commands.append(index + 1)
                lines[index] = line[: len(line) - len(line.lstrip())] + "pass"
            else:
                lines[index] = ""
            swallowed = line.rstrip().endswith("\\")
        else:
            reader.read(line)
    return Treated(source="\n".join(lines), commands=tuple(commands))


def _cell_commands(lines: list[str], commands: list[int]) -> tuple[int, bool]:
    """Blank the cell commands at the top of `lines`. The index after them, and whether the rest is not Python."""
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        command = _CELL_COMMAND.match(line)
        if command:
            commands.append(index + 1)
            if command["name"] not in PYTHON_CELL_COMMANDS:
                return index, True
            lines[index] = ""
        elif line and not line.startswith("#"):
            break
        index += 1
    return index, False


def _is_command(line: str, *, assigned: bool) -> bool:
    return bool(_LINE_COMMAND.match(line) or (assigned and _ASSIGNED_COMMAND.match(line)))
