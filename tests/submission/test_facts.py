"""Imports, mentions and calls of the taken code, and the ways back to the student's lines."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from grader.records import Location
from grader.submission import facts
from tests.submission.conftest import Read


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("import tensorflow as tf", "tensorflow"),
        ("from tensorflow import keras", "tensorflow tensorflow.keras"),
        ("from tensorflow.keras import layers", "tensorflow tensorflow.keras tensorflow.keras.layers"),
        ("from tensorflow.keras.layers import Dense", "tensorflow tensorflow.keras tensorflow.keras.layers"),
        ("from keras.datasets import fashion_mnist", "keras keras.datasets keras.datasets.fashion_mnist"),
        ("from keras import Sequential", "keras"),
        ("from sklearn.model_selection import train_test_split", "sklearn sklearn.model_selection"),
        ("import matplotlib.pyplot as plt", "matplotlib matplotlib.pyplot"),
        ("from matplotlib import pyplot", "matplotlib matplotlib.pyplot"),
        ("import a.b.c, d", "a a.b a.b.c d"),
        ("def f():\n    import numpy\n    class A:\n        from os import path", "numpy os"),
        ("try:\n    import a\nexcept ImportError:\n    import b", "a b"),
        ("from numpy import *", "numpy"),
        ("from . import a\nfrom .b import c", ""),
        ("importlib.import_module('a.b')\n__import__('c')\nimport_module(name)", "a a.b c"),
        ("if __name__ == '__main__':\n    import a\nelse:\n    import b", "b"),
        ("if '__main__' == __name__:\n    import a", ""),
        ("if __name__ != '__main__':\n    import a", "a"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a", "typing"),
        ("'import a'", ""),
    ],
)
def test_imports(read: Read, source: str, imports: str) -> None:
    assert read(source).imports == set(imports.split())


def test_mentions(read: Read) -> None:
    source = "from keras.datasets import mnist as m\nm.load_data(path=p)\nif __name__ == '__main__':\n    secret()\n"
    assert read(source).mentions == {"mnist", "m", "load_data", "p"}


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("f(1)", "f"),
        ("model.add(1)", "add model.add"),
        ("keras.Sequential().add(1)", "Sequential keras.Sequential tensorflow.keras.Sequential add"),
        ("tf.keras.Sequential()", "Sequential tf.keras.Sequential tensorflow.keras.Sequential"),
        ("S()", "S Sequential keras.Sequential"),
        ("list(map(model.add, layers))", "list map add model.add"),
        ("functools.partial(model.add, 1)", "partial functools.partial add model.add"),
        ("x = [g(y) for y in h()]", "g h"),
        ("def inner(): model.add(1)", "add model.add"),
        ("(lambda: f())()", "f"),
        ("f()()[0]()", "f"),
        ("put = model.add; put(1)", "put add model.add"),
        ('getattr(model, "add")(1)', "getattr add"),
        ("put = model.add", ""),
        ('getattr(model, "add")', "getattr"),
        ("model.add", ""),
        ("'model.add()'", ""),
    ],
)
def test_calls(read: Read, body: str, called: str) -> None:
    imports = "import tensorflow as tf\nfrom tensorflow import keras\nfrom keras import Sequential as S\n"
    assert read(f"{imports}def build():\n    {body}\n", "build").calls("build") == set(called.split())


def test_calls_follow_the_functions_of_the_same_file(read: Read) -> None:
    source = (
        "def build():\n    return fill(start())\n"
        "def fill(model):\n    model.add(1)\n    return Kind\n"
        "class Kind:\n    def go(self): return deep()\n"
        "start = lambda: keras.Sequential()\n"
        "def deep(): return build()\n"
        "def other(): unseen()\n"
    )
    submission = read(source, "build")
    assert submission.calls("build") == {
        "fill", "start", "model.add", "add", "keras.Sequential", "Sequential", "deep", "build",
    }  # fmt: skip
    assert submission.calls("other") == {"unseen"}
    assert submission.calls("nothing") == frozenset()


def test_of_two_definitions_the_calls_of_the_last_count(read: Read) -> None:
    assert read("def f(): a()\ndef f(): b()\n", "f").calls("f") == {"b"}
    assert read("def f(): a()\nf = wrap(f)\n", "f").calls("f") == {"a", "wrap"}
    assert read("def f(): a()\nif x:\n    def f(): b()\n", "f").calls("f") == {"a", "b"}


def test_calls_in_a_notebook_follow_cells(read: Read) -> None:
    assert read(["def g(): h()", "def f(): g()", "run()"], "f").calls("f") == {"g", "h"}


def test_the_way_back_to_a_line_of_a_module(read: Read) -> None:
    submission = read("import os\n\n\nx = 1\n    \n")
    location = submission.locate("exercise_2.py", 4)
    assert location == Location(file="exercise_2.py", line=4)
    assert submission.line_text(location) == "x = 1"
    assert submission.locate("exercise_2.py", 0) is None
    assert submission.locate("exercise_2.py", 7) is None
    assert submission.locate("/usr/lib/python3/os.py", 1) is None
    assert submission.line_text(Location(file="exercise_2.py", line=99)) is None
    assert submission.line_text(Location(file="other.py", line=1)) is None


def test_a_long_line_is_cut(read: Read) -> None:
    submission = read("x = '" + "a" * 1000 + "'")
    assert submission.line_text(Location(file="exercise_2.py", line=1)) == "x = '" + "a" * 195


def test_the_way_back_to_a_line_of_a_cell_shows_the_students_own_text(read: Read) -> None:
    submission = read(["run()", "  # left out\n%time\ndef f():\n    return 1"], "f")
    location = submission.locate("exercise_2.ipynb#cell-2", 2)
    assert location == Location(file="exercise_2.ipynb", line=2, cell=2)
    assert submission.line_text(location) == "%time"
    assert submission.locate("exercise_2.ipynb#cell-3", 1) is None
    assert submission.locate("exercise_2.ipynb", 1) is None


def test_a_file_whose_name_looks_like_a_cell_is_a_file(read: Read) -> None:
    submission = read("x = 1\n", name="a#cell-3")
    assert submission.locate("a#cell-3.py", 1) == Location(file="a#cell-3.py", line=1)


def test_calls_by_another_name_are_spelt_once_for_each_name(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    spelt = facts.spellings

    def counted(function: ast.expr, aliases: Mapping[str, str]) -> set[str]:
        nonlocal calls
        calls += 1
        return spelt(function, aliases)

    monkeypatch.setattr(facts, "spellings", counted)
    nodes = list(ast.walk(ast.parse("put = model.add\n" * 100 + "put()\n" * 100)))
    assert facts.called_names(nodes, {}) == {"put", "add", "model.add"}
    assert calls == 200


def test_what_is_imported_by_a_name_longer_than_any_is_not_written_out_for_each_call(read: Read) -> None:
    long = "a" * 1_000
    source = f"import {long} as q\nfrom {long} import b\nimport np as n\ndef f():\n    q.x()\n    b()\n    n.y()\n"
    assert read(source, "f").calls("f") == {"x", "q.x", "b", "y", "n.y", "np.y"}
