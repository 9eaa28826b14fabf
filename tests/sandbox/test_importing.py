"""Importing: what is left out of it changes nothing that a submission computes, and what fails is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.importing import import_all


def run(code: str, *folders: Path) -> str:
    """What `code` prints in a fresh interpreter, with `folders` before everything installed."""
    path = "".join(f"sys.path.insert(0, {str(folder)!r})\n" for folder in folders)
    command = [sys.executable, "-c", f"import sys\n{path}from grader.sandbox.importing import import_all\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_functions_of_scipy_keep_their_documentation_as_it_is_written() -> None:
    printed = run(
        """
print(import_all(["sklearn.model_selection"]))
import scipy.stats, scipy.special
print(scipy.stats.ttest_ind([1.0, 2.0, 4.0], [2.0, 4.0, 7.0], axis=None).pvalue)
print(scipy.stats.ttest_ind.__doc__.strip().splitlines()[0], scipy.special.expit(0.0))
from scipy._lib._docscrape import FunctionDoc
print(FunctionDoc.__module__, list(FunctionDoc(scipy.stats.ttest_ind)["Parameters"])[0].name)
"""
    )
    assert printed.splitlines() == [
        "{}",
        str(_ttest()),
        "Calculate the T-test for the means of *two independent* samples of scores. 0.5",
        "scipy._lib._docscrape a, b",
    ]


def _ttest() -> Any:
    import scipy.stats  # type: ignore[import-untyped]  # noqa: PLC0415 - takes long to import

    return scipy.stats.ttest_ind([1.0, 2.0, 4.0], [2.0, 4.0, 7.0], axis=None).pvalue


@pytest.mark.parametrize(
    ("docscrape", "stats"),
    [
        (None, "from scipy import __version__\n"),
        ("FunctionDoc = None\n", "from scipy._lib._docscrape import FunctionDoc\nassert FunctionDoc is None\n"),
        ("class FunctionDoc:\n    pass\n", "from scipy._lib._docscrape import FunctionDoc\nFunctionDoc().parsed = 1\n"),
        ("raise RuntimeError('broken')\n", "VALUE = 1\n"),
    ],
    ids=["no such module", "not a class", "another class", "a broken module"],
)
def test_another_scipy_is_imported_as_it_is(tmp_path: Path, docscrape: str | None, stats: str) -> None:
    library = tmp_path / "scipy" / "_lib"
    library.mkdir(parents=True)
    (tmp_path / "scipy" / "__init__.py").write_text("__version__ = '9.0'\n")
    (library / "__init__.py").write_text("")
    if docscrape is not None:
        (library / "_docscrape.py").write_text(docscrape)
    (tmp_path / "scipy" / "stats.py").write_text(stats)
    assert run("print(import_all(['scipy.stats']), 'scipy.stats' in sys.modules)", tmp_path) == "{} True\n"


def test_what_cannot_be_imported_is_told() -> None:
    assert import_all(["no_such_module", "sklearn_no_such"]) == {
        "no_such_module": "ModuleNotFoundError: No module named 'no_such_module'",
        "sklearn_no_such": "ModuleNotFoundError: No module named 'sklearn_no_such'",
    }
