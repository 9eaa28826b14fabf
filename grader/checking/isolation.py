"""Running pytest inside a program as if it were a function: whatever it changes in the process is put back."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PREFIX: Final = "PYTEST_"
_LOCK: Final = threading.RLock()
"""Module search path, environment and standard output belong to the process, so runs take turns."""


@contextlib.contextmanager
def isolated(folder: Path) -> Iterator[None]:
    """Import from `folder` last, write no bytecode and nothing to standard output, see no `PYTEST_` variable.

    Afterwards all of it is as before, and modules that came from `folder` are forgotten, so that another course may
    have a module of the same name.
    """
    with _LOCK, _environment(), _imports(folder), contextlib.redirect_stdout(io.StringIO()):
        yield


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    saved = {name: value for name, value in os.environ.items() if name.startswith(_PREFIX)}
    for name in saved:
        del os.environ[name]
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith(_PREFIX)]:
            del os.environ[name]
        os.environ.update(saved)


@contextlib.contextmanager
def _imports(folder: Path) -> Iterator[None]:
    path, bytecode, loaded = list(sys.path), sys.dont_write_bytecode, set(sys.modules)
    sys.path.append(str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = bytecode
        sys.path[:] = path
        for name in set(sys.modules) - loaded:
            if _is_from(folder, name):
                sys.modules.pop(name, None)


def _is_from(folder: Path, name: str) -> bool:
    """Whether the module stands in `folder` itself or in a package of it. A virtual environment there is no package."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if not isinstance(file, str):
        return False
    path, package = Path(file), folder.joinpath(*name.split("."))
    return path.parent == folder or path in {package.with_suffix(".py"), package / "__init__.py"}
