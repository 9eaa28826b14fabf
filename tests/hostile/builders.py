"""Submissions that no text file can hold: each builder makes one in an empty folder and tells what is handed in."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.hostile.cases import REFERENCE

Builder = Callable[[Path], Path]
BUILDERS: Final[dict[str, Builder]] = {}
_NOTEBOOK_MEGABYTES: Final = 200


def _builder(function: Builder) -> Builder:
    BUILDERS[function.__name__] = function
    return function


@_builder
def fifo(folder: Path) -> Path:
    """A named pipe that nobody writes to."""
    os.mkfifo(folder / "exercise_3.py")
    return folder / "exercise_3.py"


@_builder
def fifo_in_folder(folder: Path) -> Path:
    """The same, found in the folder that is handed in."""
    return fifo(folder).parent


@_builder
def link_to_zero(folder: Path) -> Path:
    """A link to a device without end."""
    (folder / "exercise_3.py").symlink_to("/dev/zero")
    return folder / "exercise_3.py"


@_builder
def link_to_zero_in_folder(folder: Path) -> Path:
    """The same, found in the folder that is handed in."""
    return link_to_zero(folder).parent


@_builder
def link_to_solution(folder: Path) -> Path:
    """A folder with a link to another's right work."""
    canary = folder.parents[2] / "canary" / "solutions" / "exercise-3" / "exercise_3.py"
    (folder / "exercise_3.py").symlink_to(canary)
    return folder


@_builder
def link_to_itself(folder: Path) -> Path:
    """A link that leads to itself."""
    (folder / "exercise_3.py").symlink_to("exercise_3.py")
    return folder / "exercise_3.py"


@_builder
def loop_of_folders(folder: Path) -> Path:
    """A folder that holds itself, and no submission."""
    (folder / "again").symlink_to(folder)
    return folder


@_builder
def device(_folder: Path) -> Path:
    """A device itself."""
    return Path("/dev/zero")


@_builder
def many_files(folder: Path) -> Path:
    """Ten thousand files beside a right submission."""
    for number in range(10_000):
        (folder / f"data_{number}.py").touch()
    (folder / "exercise_3.py").write_text(REFERENCE)
    return folder


@_builder
def archive(folder: Path) -> Path:
    """A zip that calls itself a module."""
    with zipfile.ZipFile(folder / "exercise_3.py", "w") as packed:
        packed.writestr("exercise_3.py", REFERENCE)
    return folder / "exercise_3.py"


@_builder
def nul_bytes(folder: Path) -> Path:
    """A module with NUL bytes in it."""
    (folder / "exercise_3.py").write_bytes(REFERENCE.encode().replace(b"return", b"\0return", 1))
    return folder / "exercise_3.py"


@_builder
def long_line(folder: Path) -> Path:
    """A module of one line of 100 MB."""
    (folder / "exercise_3.py").write_bytes(b"x = '" + b"a" * 100 * 1024**2 + b"'\n")
    return folder / "exercise_3.py"


@_builder
def huge_notebook(folder: Path) -> Path:
    """A notebook of 200 MB."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": "",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    head, tail = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).split('"source": ""')
    with (folder / "exercise_3.ipynb").open("w") as file:
        file.write(head + '"source": "')
        for _megabyte in range(_NOTEBOOK_MEGABYTES):
            file.write("a" * 1024**2)
        file.write('"' + tail)
    return folder / "exercise_3.ipynb"


@_builder
def sparse_file(folder: Path) -> Path:
    """A module of 1 TB that takes no room on the disk."""
    with (folder / "exercise_3.py").open("wb") as file:
        file.truncate(10**12)
    return folder / "exercise_3.py"


@_builder
def deep_notebook(folder: Path) -> Path:
    """A notebook nested a hundred thousand lists deep."""
    (folder / "exercise_3.ipynb").write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")
    return folder / "exercise_3.ipynb"


@_builder
def deep_expression(folder: Path) -> Path:
    """A module of a hundred thousand parentheses."""
    (folder / "exercise_3.py").write_text("x = " + "(" * 100_000 + ")" * 100_000 + "\n" + REFERENCE)
    return folder / "exercise_3.py"


@_builder
def long_sum(folder: Path) -> Path:
    """A module whose syntax tree is a hundred thousand levels deep."""
    (folder / "exercise_3.py").write_text("x = " + "+".join(["1"] * 100_000) + "\n" + REFERENCE)
    return folder / "exercise_3.py"


@_builder
def escapes_in_name(folder: Path) -> Path:
    """A name with a new line, a terminal's escapes and a workflow command."""
    inner = folder / "a\n::error::forged\x1b[2J\u202e"
    inner.mkdir()
    (inner / "exercise_3.py").write_text(REFERENCE)
    return inner / "exercise_3.py"


@_builder
def missing_with_escapes(folder: Path) -> Path:
    """A file that is not there, with such a name."""
    return folder / "a\n::error::forged\x1b[2J\u202e.py"


@_builder
def dots(folder: Path) -> Path:
    """A path that leaves its folder and comes back."""
    (folder / "exercise_3.py").write_text(REFERENCE)
    return folder / ".." / folder.name / "exercise_3.py"


@_builder
def not_utf8(folder: Path) -> Path:
    """A module that declares an encoding which runs code of Python's own, and holds no text."""
    (folder / "exercise_3.py").write_bytes(b"# coding: zlib\n" + bytes(range(256)))
    return folder / "exercise_3.py"


@_builder
def notebook_of_lies(folder: Path) -> Path:
    """A notebook whose cells and outputs are of kinds that no notebook has."""
    cells = [1, None, {"cell_type": "code", "source": {"a": 1}}, {"cell_type": 7, "source": ["x", 3]}]
    (folder / "exercise_3.ipynb").write_text(json.dumps({"cells": cells, "metadata": 3, "nbformat": "4"}))
    return folder / "exercise_3.ipynb"


@_builder
def unreadable(folder: Path) -> Path:
    """A folder in place of the module."""
    (folder / "exercise_3.py").mkdir()
    return folder


@_builder
def zip_bomb_beside(folder: Path) -> Path:
    """A zip bomb beside a right submission, which nobody asked to unpack."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", b"\0" * 100 * 1024**2)
    (folder / "numpy.zip").write_bytes(data.getvalue())
    (folder / "exercise_3.py").write_text(REFERENCE)
    return folder
