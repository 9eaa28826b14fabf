"""What is imported once, for all submissions, before any is loaded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Final

from grader.workers.jobs import Source

_MODULES: Final = {
    "keras": ("keras", "tensorflow"),
    "matplotlib": ("matplotlib", "matplotlib.pyplot"),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
    "scipy": ("scipy",),
    "sklearn": ("sklearn", "sklearn.model_selection"),
    "tensorflow": ("keras", "tensorflow"),
}
"""What is imported for all where a submission imports a package. No submission chooses a module beyond these."""
_IMPORTS: Final = re.compile(rf"\b(?:import|from)\s+({'|'.join(_MODULES)})\b".encode())


def all_imports(packages: Iterable[str], found: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """NumPy, what exercises need of `packages`, and what was `found` in each submission: once each, sorted."""
    return tuple(sorted({"numpy", *modules_of(packages), *itertools.chain.from_iterable(found)}))


def imports_of(source: Source) -> frozenset[str]:
    """The modules to import for a submission before it is loaded, by a look at its text."""
    found = {match.decode() for text in (source.content, *source.helpers.values()) for match in _IMPORTS.findall(text)}
    return frozenset(modules_of(found))


def modules_of(names: Iterable[str]) -> Iterable[str]:
    """The modules to import for packages; none for a package that is not known here."""
    return (module for name in names for module in _MODULES.get(name.partition(".")[0], ()))
