from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from grader.records import Location
from grader.submission import FunctionState
from grader.submission.measuring import WORDS
from grader.submission.siblings import HELPERS, Helpers, is_installed, read_helpers
from tests.submission.conftest import Read


@pytest.mark.parametrize(
    "source",
    [
        "import helpers",
        "import helpers as h",
        "from helpers import x",
        "def f():\n    import helpers",
        "import helpers.sub",
    ],
)
def test_an_imported_module_beside_the_submission_is_read(read: Read, source: str) -> None:
    submission = read(source, helpers={"helpers": "import keras.layers\nx = load_data()\n", "unused": "y = 1"})
    (helper,) = submission.program.helpers
    assert (helper.name, helper.filename) == ("helpers", "helpers.py")
    assert helper.source == "import keras.layers\nx = load_data()\n"
    assert "keras.layers" in submission.imports
    assert "load_data" in submission.mentions
    location = submission.locate("helpers.py", 2)
    assert location == Location(file="helpers.py", line=2)
    assert submission.line_text(location) == "x = load_data()"


def test_helpers_of_helpers_are_read_and_circles_end(read: Read) -> None:
    modules = {"a": "import b", "b": "import c, a, exercise_2", "c": "x = 1"}
    assert [helper.name for helper in read("import a", helpers=modules).program.helpers] == ["a", "b", "c"]


def test_a_notebook_takes_only_the_helpers_that_it_needs(read: Read) -> None:
    submission = read(["import a\nimport b", "def f():\n    return a.x"], "f", helpers={"a": "x = 1", "b": "x = 1"})
    assert [helper.name for helper in submission.program.helpers] == ["a"]


@pytest.mark.parametrize("name", ["random", "numpy", "tensorflow", "grader"])
def test_an_installed_module_is_never_shadowed_and_a_note_says_so(read: Read, name: str) -> None:
    submission = read(f"import {name}", helpers={name: "x = 1"})
    assert submission.program.helpers == ()
    assert str(submission.notes[0]).startswith(f"{name}.py is not used")


def test_the_current_folder_and_the_submissions_own_make_no_module_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helpers.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert is_installed("helpers", beside=Path("/"))
    assert not is_installed("helpers", beside=tmp_path)
    monkeypatch.chdir(tmp_path)
    assert not is_installed("helpers", beside=Path("/"))


def test_links_pipes_and_folders_are_no_helpers(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x = 1")
    (tmp_path / "a.py").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "b.py").mkdir()
    assert read("import a, b").program.helpers == ()


def test_a_helper_that_is_too_large_is_told(read: Read) -> None:
    submission = read("import a", helpers={"a": "#" * 1_000_001})
    assert submission.program.helpers == ()
    assert "larger than 1 MB" in str(submission.notes[0])


def test_a_helper_that_does_not_parse_is_a_problem_of_its_own_line(read: Read) -> None:
    submission = read("import a\ndef f(): return 1", "f", helpers={"a": "x = 1\ny = (\n"})
    (problem,) = submission.problems
    assert problem.location == Location(file="a.py", line=2)
    assert submission.functions["f"].state is FunctionState.WRITTEN
    assert submission.program.chunks != ()


def test_at_most_twenty_helpers_are_read(read: Read) -> None:
    modules = {f"m{n}": f"import m{n + 1}" for n in range(HELPERS + 5)}
    submission = read("import m0", helpers=modules)
    assert len(submission.program.helpers) == HELPERS
    assert "Only 20 modules" in str(submission.notes[-1])


def test_names_from_a_helper_by_star_are_known(read: Read) -> None:
    source = "from helpers import *"
    submission = read(
        source, "relu", "_hidden", helpers={"helpers": "x = 1\ndef relu(z): return z\ndef _hidden(): pass"}
    )
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    assert submission.functions["relu"].location == Location(file="helpers.py", line=2)
    assert submission.functions["_hidden"].state is FunctionState.MISSING


def test_a_function_from_a_helper_by_name_is_written(read: Read) -> None:
    submission = read("from helpers import relu", "relu", helpers={"helpers": "def relu(z): return z"})
    assert submission.functions["relu"].state is FunctionState.WRITTEN


def test_helpers_that_are_too_large_together_are_not_read_and_a_note_says_so(read: Read) -> None:
    modules = {name: f"import {after}\n#{'x' * 900_000}" for name, after in zip("abcd", "bcde", strict=True)}
    submission = read("import a", helpers=modules)
    assert [helper.name for helper in submission.program.helpers] == ["a", "b"]
    assert str(submission.notes[-1]).startswith("c.py and what would follow is not read")


def test_a_submission_and_its_helpers_share_the_words_that_are_read(read: Read) -> None:
    half = "x = 1\n" * (WORDS // 6)
    modules = {"a": f"import b\n{half[: len(half) // 2]}", "b": half}
    submission = read(f"import a\n{half}", "relu", helpers=modules)
    assert [helper.name for helper in submission.program.helpers] == ["a"]
    assert str(submission.notes[-1]).startswith("b.py and what would follow is not read")
    assert submission.problems == ()
    assert [helper.name for helper in read("import a", helpers=modules).program.helpers] == ["a", "b"]


def test_a_star_that_is_imported_many_times_is_looked_at_once(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Counted(dict[str, dict[str, Location]]):
        def get(self, name: str, default: object = None) -> Any:
            asked.append(name)
            return super().get(name, default)

    found = read_helpers

    def counted(*args: Any, **kwargs: Any) -> Helpers:
        helpers = found(*args, **kwargs)
        helpers.names = Counted(helpers.names)
        return helpers

    monkeypatch.setattr("grader.submission.reading.read_helpers", counted)
    modules = {"a": "def relu(z): return 1\ndef elu(z): return 1", "b": "\ndef relu(z): return 2"}
    submission = read("from a import *\n" * 50 + "from b import *\nfrom a import *\n", "relu", "elu", helpers=modules)
    assert sorted(asked) == ["a", "b"]
    assert submission.functions["relu"].location == Location(file="a.py", line=1)
    assert submission.functions["elu"].location == Location(file="a.py", line=2)
