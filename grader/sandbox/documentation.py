"""SciPy without the notes that it writes into its own documentation while it is imported.

It takes the texts of more than 600 functions to pieces, adds which kinds of arrays they take, and puts them together
again. That is a quarter of the time of importing scikit-learn, and nothing that a submission computes depends on it.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any, Final

_MODULE: Final = "scipy._lib._docscrape"
_NAME: Final = "FunctionDoc"


@contextlib.contextmanager
def documentation_as_written() -> Iterator[None]:
    """While this lasts, what SciPy imports keeps the documentation of its functions as it stands in their source.

    Nothing happens where SciPy is not installed, or does this in another way.
    """
    try:
        module = importlib.import_module(_MODULE)
        parsed = getattr(module, _NAME)
    except Exception:  # noqa: BLE001 - whatever is wrong with it is told where it is imported in earnest
        yield
        return
    setattr(module, _NAME, _AsWritten)
    try:
        yield
    finally:
        setattr(module, _NAME, parsed)


class _AsWritten:
    """As much of a parsed documentation as SciPy's decorators use: sections that nothing stays in, and the text."""

    def __init__(self, function: Any, *_arguments: object, **_options: object) -> None:
        self._text = function.__doc__ or ""

    def __getitem__(self, _section: str) -> list[Any]:
        return []

    def __setitem__(self, _section: str, _content: object) -> None:
        pass

    def __str__(self) -> str:
        return f"\n{self._text}"  # the line of the signature, which they cut off, comes first
