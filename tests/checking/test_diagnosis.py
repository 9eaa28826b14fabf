from __future__ import annotations

import re

import pytest

from grader.checking import Diagnosis, diagnose_exception
from grader.checking.diagnosis import built_in
from grader.language import _


@pytest.mark.parametrize(
    ("exception", "text", "words"),
    [
        ("NotImplementedError", "", "raise NotImplementedError"),
        ("NameError", "name 'keras' is not defined", "import keras"),
        ("NameError", "name 'np' is not defined", "import numpy as np"),
        ("NameError", "name 'foo' is not defined", "The name foo has no value"),
        ("TypeError", "relu() missing 1 required positional argument: 'z'", "fewer arguments"),
        ("TypeError", "relu() takes 0 positional arguments but 1 was given", "more arguments"),
        ("TypeError", "f() takes from 1 to 2 positional arguments but 3 were given", "more arguments"),
        ("TypeError", "f() got an unexpected keyword argument 'random_seed'", "an argument named random_seed"),
        ("RecursionError", "maximum recursion depth exceeded", "calls itself"),
        ("MemoryError", "Unable to allocate 728. TiB for an array", "memory"),
        ("ZeroDivisionError", "division by zero", "divided by zero"),
        ("ModuleNotFoundError", "No module named 'torch'", "no module torch"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'", "sees no files"),
        ("PermissionError", "[Errno 13] Permission denied: '/etc/passwd'", "may not do"),
        ("URLError", "<urlopen error [Errno -3] Temporary failure in name resolution>", "network"),
        ("Exception", "URL fetch failure on https://x: None -- [Errno -3]", "network"),
        ("EOFError", "EOF when reading a line", "input()"),
        ("SystemExit", "", "ended the program"),
        ("AttributeError", "'NoneType' object has no attribute 'compile'", "is None here"),
        ("UnboundLocalError", "cannot access local variable 'x' where it is not associated", "The variable x"),
        ("ModuleNotFoundError", "No module named 'keras.wrappers.scikit_learn'", "older version of Keras"),
        ("AttributeError", "module 'tensorflow' has no attribute 'Session'", "TensorFlow 1"),
    ],
)
def test_common_exceptions_are_explained(exception: str, text: str, words: str) -> None:
    message, hint = diagnose_exception(exception, text)
    assert message is not None
    assert words in f"{message} {hint}"


def test_an_unknown_exception_is_left_alone() -> None:
    assert diagnose_exception("OddError", "who knows") == (None, None)


def test_every_diagnosis_can_be_rendered_with_the_groups_of_its_pattern() -> None:
    for diagnosis in built_in():
        groups = set(re.compile(diagnosis.pattern).groupindex)
        for text in (diagnosis.message, diagnosis.hint):
            places = set(re.findall(r"\{(\w+)\}", text.msgid)) if text is not None else set()
            assert places <= groups, diagnosis.pattern


def test_groups_are_cut() -> None:
    message, _hint = diagnose_exception("NameError", f"name '{'x' * 5000}' is not defined")
    assert len(str(message)) < 150


def test_authors_bring_their_own() -> None:
    own = [Diagnosis(r"Odd: (?P<what>\w+)", _("It was {what}."))]
    message, hint = diagnose_exception("Odd", "thing", own)
    assert (str(message), hint) == ("It was thing.", None)
    assert diagnose_exception("NotImplementedError", "", own) == (None, None)


@pytest.mark.parametrize("text", ["a" * 300, "'" * 300, "No module named '" + "keras." * 50, "\n" * 300, "[" * 300])
def test_no_text_takes_long(text: str) -> None:
    diagnose_exception("X", text)
