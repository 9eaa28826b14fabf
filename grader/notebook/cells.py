"""From what was executed in a session to a notebook's bytes. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

NAME = "notebook.ipynb"
"""What reports call a session, which may have no file that can be seen."""


def session_notebook(executed: Sequence[str]) -> bytes:
    """The texts of a session as a notebook of format 4, each in the cell of its own number.

    `executed` begins with the text that has the number 0, which no cell has. A number without a text is an empty cell,
    so that a place in a report is the number that the student sees beside the cell.
    """
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"in-{number}",
            "metadata": {},
            "execution_count": number,
            "outputs": [],
            "source": text,
        }
        for number, text in enumerate(executed)
        if number > 0
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
