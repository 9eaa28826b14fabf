"""Importing what a submission will need, and leaving the process as cheap to fork and to start as it can be."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import sys
from collections.abc import Iterable
from typing import Any, Final

from grader.sandbox.documentation import documentation_as_written

_OPTIONS: Final = "tensorflow.python.pywrap_tfe"
_WITH_SCIPY: Final = frozenset({"keras", "scipy", "sklearn", "tensorflow"})
"""Packages that import SciPy: Keras has wrappers for scikit-learn, and TensorFlow imports Keras."""
_REASON_CHARACTERS: Final = 300
_AS_FUNCTIONS: Final = "TFE_ContextOptionsSetRunEagerOpAsFunction"


def import_all(names: Iterable[str]) -> dict[str, str]:
    """Import the modules of these names, and tell which could not be, and why."""
    failed: dict[str, str] = {}
    collects = gc.isenabled()
    gc.disable()  # imports leave next to no garbage, and looking for it takes a tenth of their time
    try:
        for name in names:
            try:
                _import(name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a broken package is reported, not passed on
                failed[name] = failure(error)
    finally:
        if collects:
            gc.enable()
    run_operations_directly()
    _rehearse(sys.modules.get("sklearn.model_selection"))
    # Looking for garbage among what was imported would copy all of it into every fork.
    gc.freeze()
    collect_seldom()
    return failed


def failure(error: BaseException) -> str:
    """Why a module could not be imported, in one short line that begins with the name of the exception."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:_REASON_CHARACTERS]


def collect_seldom() -> None:
    """Have Python look for cycles after 10,000 new objects instead of 700; one model of Keras has more than that."""
    gc.set_threshold(10_000, 10, 10)


def _import(name: str) -> None:
    if name.partition(".")[0] in _WITH_SCIPY:
        # What fails only here is imported once more as it is.
        with contextlib.suppress(Exception), documentation_as_written():
            importlib.import_module(name)
    importlib.import_module(name)


@functools.cache
def _rehearse(selection: Any) -> None:
    """Do once what is slow the first time, so that it is not the first time in each fork. No TensorFlow: see warm.

    Python's own caches and scikit-learn's checks of arguments make the first split take ten times as long as the next.
    """
    with contextlib.suppress(Exception):
        selection.train_test_split([0, 1, 2], [0, 1, 2], test_size=0.4, random_state=0)


def run_operations_directly() -> None:
    """Have TensorFlow, if it is imported, run an operation outside a graph as what it is.

    By default it makes a function of each kind of operation before the first one is run, which takes half of the time
    of the first model in a fork. Kernels and digits are the same. TensorFlow has no public name for the option.
    """
    options: Any = sys.modules.get(_OPTIONS)
    choose = getattr(options, _AS_FUNCTIONS, None)
    if choose is not None and getattr(choose, "__module__", None) != __name__:
        setattr(options, _AS_FUNCTIONS, lambda context_options, _chosen: choose(context_options, False))  # noqa: FBT003 - positional in its signature
