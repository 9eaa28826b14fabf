"""How much a page says of each check, from everything that helps to what fits on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCREEN: Final = 24
"""Lines of a terminal where nothing better is known."""
AROUND: Final = 2
"""Lines of a screen that are not the page's: the command above it and the prompt below."""
SHORTEST: Final = 18
"""Lines; on a lower terminal the page stays this long, and its first lines are scrolled to."""
USUAL_WIDTH: Final = 80
"""Cells; a narrower page may be as much longer."""
MANY: Final = 1000
"""Rows, notes or checks where everything is asked for; what is more than that helps nobody."""


@dataclass(frozen=True, slots=True)
class Density:
    """Rows at most of a message, of each value and of a hint; and what is left out.

    The first failed check of `full` functions is shown with its values and its line, that of the others by its message
    and its hint. Of further checks of a function the titles are shown where `others` is 0 or more, and as many rows of
    their messages. There are at most `hints` hints and `metrics` metrics on the page. Where `together`, the functions
    that passed share a line, and so do those that were not run. Where `differing`, only those layers are shown that
    differ; where `values` is 0, neither values nor layers are.
    """

    full: int
    message: int
    values: int
    hint: int
    others: int
    notes: int
    hints: int = MANY
    metrics: int = 4
    together: bool = False
    differing: bool = False
    brief_message: int = 2
    brief_hint: int = 2
    everything: bool = False


EVERYTHING: Final = Density(
    full=MANY,
    message=60,
    values=60,
    hint=60,
    others=60,
    notes=MANY,
    metrics=MANY,
    brief_message=60,
    brief_hint=60,
    everything=True,
)
"""What `--verbose` shows."""
FALLING: Final = (
    Density(full=MANY, message=5, values=8, hint=4, others=2, notes=3),
    Density(full=MANY, message=5, values=6, hint=4, others=0, notes=3),
    Density(full=MANY, message=5, values=6, hint=4, others=0, notes=2, together=True),
    Density(full=MANY, message=5, values=6, hint=4, others=-1, notes=1, together=True, differing=True),
    Density(full=3, message=5, values=4, hint=3, others=-1, notes=1, together=True, differing=True),
    Density(full=1, message=5, values=4, hint=3, others=-1, notes=1, together=True, differing=True),
    Density(full=1, message=5, values=2, hint=3, others=-1, notes=0, together=True, differing=True),
    Density(full=1, message=5, values=0, hint=3, others=-1, notes=0, together=True),
    Density(full=0, message=3, values=0, hint=3, others=-1, notes=0, together=True, brief_message=3),
    Density(full=0, message=3, values=0, hint=2, others=-1, notes=0, together=True, brief_hint=1),
    Density(full=0, message=2, values=0, hint=2, others=-1, notes=0, together=True, brief_message=1, brief_hint=1),
    Density(
        full=0, message=2, values=0, hint=2, others=-1, notes=0, together=True, brief_message=1, hints=1, metrics=0
    ),
)
"""From the fullest page to the shortest; the first that fits on a screen is shown, or the last."""
