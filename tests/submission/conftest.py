from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.submission import Submission, read_submission

Read = Callable[..., Submission]


def notebook_text(cells: Sequence[str | dict[str, Any]]) -> str:
    """A notebook of format 4.5; a string is a code cell, a dict is a cell as it is."""
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [{**empty, "id": f"c{n}", "source": c} if isinstance(c, str) else c for n, c in enumerate(cells)],
        }
    )


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read text as a module, or a list of cells as a notebook."""

    def reading(
        content: str | bytes | Sequence[str | dict[str, Any]],
        *functions: str,
        name: str = "exercise_2",
        helpers: dict[str, str] | None = None,
    ) -> Submission:
        for module, source in (helpers or {}).items():
            (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        is_module = isinstance(content, str | bytes)
        path = tmp_path / (name + (".py" if is_module else ".ipynb"))
        text = content if isinstance(content, str | bytes) else notebook_text(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_submission(path, functions=functions)

    return reading
