"""What is imported outside all confinement, before a submission is loaded.

The modules are named here and nowhere else. A submission's imports choose among the packages, never a module: even
importing one of an honest package may do something, as `numpy.f2py.__main__` does. What is not imported here is left
to the subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

PRELOADED: Final[Mapping[str, tuple[str, ...]]] = {
    "keras": ("keras", "tensorflow"),
    "matplotlib": ("matplotlib", "matplotlib.pyplot"),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
    "scipy": ("scipy",),
    "sklearn": ("sklearn", "sklearn.model_selection"),
    "tensorflow": ("keras", "tensorflow"),
}
"""The modules that are imported where a submission, or its exercise, imports from a package."""

OPTIONAL: Final = frozenset({"pandas"})
"""Those that are not installed with the grader: that one of them is missing is no fault of the machine's."""


def preloads(names: Iterable[str]) -> tuple[str, ...]:
    """The modules to import for the packages of these module names, sorted; NumPy always, for the protocol needs it."""
    packages = {"numpy", *(name.partition(".")[0] for name in names)}
    return tuple(sorted({module for package in packages for module in PRELOADED.get(package, ())}))
