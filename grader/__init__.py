"""A grader for deep-learning exercises: submissions answer questions, they never judge themselves."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_NOTEBOOK = "grader.notebook"
"""Imported by name and only when it is asked for: every room imports this module, and none of them that one."""


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext grader` calls: from then on there is `%grade`."""
    import_module(_NOTEBOOK).load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext grader` calls."""
    import_module(_NOTEBOOK).unload(shell)


def check(exercise: str, **options: Any) -> None:
    """Grade what this notebook has executed for `exercise`; the options are those of `grader.notebook.check`."""
    import_module(_NOTEBOOK).check(exercise, **options)
