"""The project's own files, as its tests see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "grader"
_NOT_OURS = {"build", "dist", "node_modules"}
_SUBMISSIONS = [ROOT / "tests" / "corpus" / kind for kind in ("right", "wrong", "broken")]
"""Written as students write, in any encoding."""


def project_files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project with one of these suffixes (any, without one); no caches and no environments.

    A `.git` that is a file, as in a second working tree, is git's own.
    """
    folders = [ROOT]
    while folders:
        for entry in sorted(folders.pop().iterdir()):
            hidden = entry.name.startswith((".", "_")) and entry.name not in {".ci", ".github", "__init__.py"}
            if entry.is_dir() and not hidden and not _is_foreign(entry):
                folders.append(entry)
            elif entry.is_file() and entry.name != ".git" and (not suffixes or entry.suffix in suffixes):
                yield entry


def _is_foreign(folder: Path) -> bool:
    return folder.name in _NOT_OURS or folder.suffix == ".egg-info" or folder in _SUBMISSIONS


def name_of(path: Path) -> str:
    """`path` from the project's root."""
    return path.relative_to(ROOT).as_posix()


def imported_modules(path: Path) -> set[str]:
    """The full names of the modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
