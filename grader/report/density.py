"""How much a page says of each check, from everything that helps to what fits on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCREEN: Final = 28
"""Lines of a page that are seen without scrolling, with the command and the prompt around them."""
USUAL_WIDTH: Final = 80
"""Cells; a narrower page may be as much longer."""
MANY: Final = 1000
"""Rows, notes or checks where everything is asked for; what is more than that helps nobody."""


@dataclass(frozen=True, slots=True)
class Density:
    """Rows at most of a message, of each value and of a hint; and what is left out.

    The first failed check of `full` functions is shown with its values and its line, that of the others by its message
    and its hint. Of further checks of a function the titles are shown where `others` is 0 or more, and as many rows of
    their messages.
    """

    full: int
    message: int
    values: int
    hint: int
    others: int
    notes: int
    passed_together: bool = False
    brief_message: int = 2
    brief_hint: int = 2
    everything: bool = False


EVERYTHING: Final = Density(
    full=MANY, message=60, values=60, hint=60, others=60, notes=MANY, brief_message=60, brief_hint=60, everything=True
)
"""What `--verbose` shows."""
FALLING: Final = (
    Density(full=MANY, message=5, values=8, hint=4, others=2, notes=3),
    Density(full=MANY, message=5, values=6, hint=4, others=0, notes=3),
    Density(full=3, message=4, values=5, hint=3, others=-1, notes=2),
    Density(full=1, message=4, values=5, hint=3, others=-1, notes=2, passed_together=True),
    Density(full=0, message=3, values=4, hint=2, others=-1, notes=2, passed_together=True),
    Density(full=0, message=3, values=4, hint=2, others=-1, notes=1, passed_together=True, brief_hint=1),
    Density(
        full=0, message=2, values=4, hint=2, others=-1, notes=0, passed_together=True, brief_message=1, brief_hint=1
    ),
)
"""From the fullest page to the shortest; the first that fits on a screen is shown, or the last."""
