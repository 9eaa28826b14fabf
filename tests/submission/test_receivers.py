"""Whose methods a submission calls: those that may be a model's, and those that are known to be something else's."""

from __future__ import annotations

import ast

import pytest

from grader.submission.facts import dotted_name
from tests.submission.conftest import Read

IMPORTS = """
import operator
import numpy as np
import tensorflow as tf
from tensorflow import keras
from keras import Sequential as S, layers
from helpers import thing, start
"""


def calls_add(read: Read, body: str, beside: str = "") -> bool:
    indented = body.replace("\n", "\n    ")
    submission = read(f"{IMPORTS}{beside}\ndef build(given=None):\n    {indented}\n", "build")
    assert "add" in submission.calls("build"), "the name is called in any case"
    return "add" in submission.methods("build")


@pytest.mark.parametrize(
    "body",
    [
        "model = keras.Sequential()\nmodel.add(1)",
        "model: keras.Sequential = keras.Sequential()\nmodel.add(1)",
        "model: keras.Sequential\nmodel = S()\nmodel.add(1)",
        "(model := tf.keras.Sequential()).add(1)",
        "first = model = S()\nfirst.add(1)",
        "model, n = S(), 1\nmodel.add(1)",
        "model = S()\nagain = model\nagain.add(1)",
        "model = None\nmodel = S()\nmodel.add(1)",
        "model = S() if given else None\nmodel.add(1)",
        "with thing() as model:\n    model.add(1)",
        "for model in [S()]:\n    model.add(1)",
        "model = S()\nput = model.add\nput(1)",
        "model = S()\ngetattr(model, 'add')(1)",
        "list(map(S().add, [1]))",
        "S().add(1)",
        "S.add(given, 1)",
        "keras.Sequential.add(given, 1)",
        "tf.keras.models.Sequential.add(given, 1)",
        "given.add(1)",
        "thing.add(1)",
        "start().add(1)",
        "start.model.add(1)",
        "(lambda model: model.add(1))(S())",
        "self = given\nself.model.add(1)",
        "models = [S()]\nmodels[0].add(1)",
        "parts = dict(model=S())\nparts['model'].add(1)",
        "numbers = set()\nnumbers = S()\nnumbers.add(1)",
        "operator = S()\noperator.add(1)",
        "seen = set()\nseen.add(0)\nmodel = S()\nmodel.add(1)",
        "a = b\nb = a\na.add(1)",
    ],
)
def test_a_method_of_what_may_be_a_model_counts(read: Read, body: str) -> None:
    assert calls_add(read, body)


@pytest.mark.parametrize(
    "body",
    [
        "set().add(0)",
        "{1}.add(0)",
        "{n for n in ()}.add(0)",
        "getattr(set(), 'add')(0)",
        "list(map(set().add, [0]))",
        "seen = set()\nseen.add(0)",
        "seen: set[int] = set()\nseen.add(0)",
        "(seen := {1}).add(0)",
        "seen = other = set()\nseen.add(0)",
        "seen = set()\nagain = seen\nagain.add(0)",
        "seen = set()\nput = seen.add\nput(0)",
        "seen = set()\nseen = frozenset()\nseen.add(0)",
        "np.add(1, 2)",
        "operator.add(1, 2)",
        "tf.math.add(1, 2)",
        "layers.add([1, 2])",
        "keras.layers.add([1, 2])",
        "def add(x): return x\nadd(1)",
    ],
)
def test_a_method_of_something_else_does_not(read: Read, body: str) -> None:
    assert not calls_add(read, f"model = keras.Sequential([1])\n{body}\nreturn model")


def test_what_the_function_reaches_counts(read: Read) -> None:
    assert calls_add(
        read, "return helper(keras.Sequential())", "def helper(model):\n    model.add(1)\n    return model"
    )
    assert not calls_add(read, "seen.add(1)", "seen = set()")
    assert calls_add(read, "model.add(1)", "model = keras.Sequential()")
    assert not read("def f(model): model.add(1)\ndef g(): set().add(1)\n", "g").methods("g")
    assert not read("x = 1\n").methods("nothing")


def test_a_class_of_ones_own_counts_by_what_it_calls_itself(read: Read) -> None:
    empty = "class Sink:\n    def add(self, layer): pass"
    builder = "class Builder:\n    def add(self, layer): self.model.add(layer)"
    derived = "class Own(keras.Sequential):\n    def add(self, layer): print(layer)"
    passing = "class Passing:\n    def __getattr__(self, name): return getattr(self.model, name)"
    assert not calls_add(read, "sink = Sink()\nsink.add(1)", empty)
    assert calls_add(read, "builder = Builder()\nbuilder.add(1)", builder)
    assert calls_add(read, "Own().add(1)", derived)
    assert calls_add(read, "Passing().add(1)", passing)


@pytest.fixture
def names_looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What is made of each expression that is looked at from now on."""
    names: list[str | None] = []

    def counted(node: ast.expr) -> str | None:
        names.append(dotted_name(node))
        return names[-1]

    monkeypatch.setattr("grader.submission.receivers.dotted_name", counted)
    return names


def test_names_for_names_are_followed_once_each(read: Read, names_looked_at: list[str | None]) -> None:
    chain = "\n".join(f"x{number} = x{number + 1}\n" * 3 for number in range(10))
    assert not calls_add(read, f"{chain}\nx10 = set()\nx0.add(1)")
    assert 0 < len(names_looked_at) < 2_000


def test_a_method_by_another_name_is_judged_once_however_often_it_is_called(
    read: Read, names_looked_at: list[str | None]
) -> None:
    assert calls_add(read, "put = given.add\n" * 50 + "put(1)\n" * 50)
    assert 0 < len(names_looked_at) < 2_000


def test_a_name_of_more_classes_than_are_followed_may_be_a_model(read: Read) -> None:
    def classes(count: int) -> tuple[str, str]:
        beside = "\n".join(f"class Own{number}:\n    def add(self, x): pass" for number in range(count))
        return "\n".join(f"own = Own{number}()" for number in range(count)) + "\nown.add(1)", beside

    assert not calls_add(read, *classes(20))
    assert calls_add(read, *classes(21))
