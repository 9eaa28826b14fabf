from __future__ import annotations

import pytest

from grader.submission import FunctionFacts, FunctionState
from tests.submission.conftest import Read

WRITTEN, UNFILLED, MISSING, MISSPELT, MISPLACED, UNKNOWN = FunctionState


def facts(read: Read, source: str | list[str], name: str = "build_model", **more: dict[str, str]) -> FunctionFacts:
    submission = read(source, name, "other_function", **more)
    assert list(submission.functions) == [name, "other_function"]
    return submission.functions[name]


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError()",
        "raise NotImplementedError('write me')",
        "pass",
        "...",
        "return NotImplemented",
        "'''doc'''",
        "'''doc'''\n    # YOUR CODE HERE\n    raise NotImplementedError",
        "'''doc'''\n    ...\n    pass",
    ],
)
@pytest.mark.parametrize("before", ["", "@decorator(1)\n", "async "])
def test_a_stub_is_unfilled(read: Read, body: str, before: str) -> None:
    fact = facts(read, f"{before}def build_model():\n    {body}\n")
    assert fact.state is UNFILLED
    assert fact.location is not None
    assert fact.location.line == 1 + before.count("\n")


@pytest.mark.parametrize("source", ["build_model = None", "build_model = ...", "build_model: object = NotImplemented"])
def test_an_empty_value_is_unfilled(read: Read, source: str) -> None:
    assert facts(read, source).state is UNFILLED


@pytest.mark.parametrize(
    "source",
    [
        "def build_model(): return None",
        "def build_model():\n    x = 1\n    raise NotImplementedError",
        "def build_model(): raise ValueError",
        "async def build_model(): return 1",
        "class build_model: pass",
        "build_model = lambda: 1",
        "build_model = functools.partial(make, 1)",
        "build_model: object = make",
        "build_model, other = make()",
        "[a, *build_model] = make()",
        "print(build_model := make)",
        "import build_model",
        "import models.simple as build_model",
        "from models import build_model",
        "from models import simple as build_model",
        "for build_model in makers: pass",
        "with maker() as build_model: pass",
        "try:\n    def build_model(): return 1\nexcept E: pass",
        "try: pass\nexcept E as build_model: pass",
        "match a:\n    case build_model: pass",
        "if a:\n    def build_model(): pass\nelse:\n    def build_model(): return 1",
        "build_model += 1",
    ],
)
def test_every_way_to_bind_a_name_is_seen(read: Read, source: str) -> None:
    fact = facts(read, source)
    assert fact.state is WRITTEN
    assert fact.location is not None
    assert fact.suggestion is None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "build_model",
        "build_model()",
        "x.build_model = 1",
        "x = [build_model for build_model in y]",
        "def outer(build_model): build_model = 1",
        "# def build_model(): pass",
        "'''\ndef build_model(): pass\n'''",
        "from keras.layers import BuildModel",
        "def build_relu_model(): return 1",
        "def make_everything(): return 1",
    ],
)
def test_a_name_that_is_not_bound_is_missing(read: Read, source: str) -> None:
    fact = facts(read, source)
    assert (fact.state, fact.location, fact.suggestion) == (MISSING, None, None)


@pytest.mark.parametrize(
    "found",
    [
        "buildModel",
        "BuildModel",
        "build__model",
        "Build_Model",
        "buildmodel",
        "build_modle",
        "bulid_model",
        "build_mode",
    ],
)
def test_a_similar_name_is_a_misspelling(read: Read, found: str) -> None:
    fact = facts(read, f"def other_thing(): pass\n\ndef {found}():\n    return 1\n")
    assert (fact.state, fact.suggestion) == (MISSPELT, found)
    assert fact.location is not None
    assert fact.location.line == 3


def test_a_name_that_differs_in_case_only_comes_before_a_similar_one(read: Read) -> None:
    assert facts(read, "def build_modell(): pass\ndef buildModel(): pass").suggestion == "buildModel"


def test_another_asked_function_is_no_misspelling(read: Read) -> None:
    fact = read("def other_functions(): pass\ndef other_function(): pass", "other_functionz", "other_function")
    assert fact.functions["other_functionz"].suggestion == "other_functions"
    fact = read("def other_function(): pass", "other_functionz", "other_function")
    assert fact.functions["other_functionz"].state is MISSING


@pytest.mark.parametrize(
    "source",
    [
        "from models import *",
        "exec('def build_model(): pass')",
        "globals()['build_model'] = 1",
        "globals().update(make())",
        "def setup():\n    global build_model\n    build_model = 1\nsetup()",
        "if a:\n    from models import *",
    ],
)
def test_what_the_text_cannot_tell_is_unknown(read: Read, source: str) -> None:
    assert facts(read, source).state is UNKNOWN
    assert facts(read, [source]).state is UNKNOWN


def test_a_star_import_does_not_hide_a_definition_nor_a_similar_name(read: Read) -> None:
    assert facts(read, "from models import *\ndef build_model(): return 1").state is WRITTEN
    fact = facts(read, "from models import *\ndef buildModel(): return 1")
    assert (fact.state, fact.suggestion) == (UNKNOWN, "buildModel")


def test_exec_in_a_function_decides_nothing(read: Read) -> None:
    assert facts(read, "def f(): exec('x')").state is MISSING


def test_the_last_definition_counts_and_a_note_names_both(read: Read) -> None:
    stub, filled = "def build_model():\n    raise NotImplementedError", "def build_model():\n    return 1"
    submission = read([stub, "", filled], "build_model")
    fact = submission.functions["build_model"]
    assert fact.state is WRITTEN
    assert fact.location is not None
    assert fact.location.cell == 3
    assert str(submission.notes[0]) == (
        "build_model is defined more than once (cell 1, line 1; cell 3, line 1). The last definition counts."
    )
    module = read(f"{filled}\n\n{stub}\n", "build_model")
    assert module.functions["build_model"].state is UNFILLED
    assert "(line 1; line 4)" in str(module.notes[0])


def test_branches_are_no_repeated_definitions(read: Read) -> None:
    assert read("try:\n    def f(): pass\nexcept E:\n    def f(): return 1\n", "f").notes == ()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def a():\n    def build_model():\n        return 1", 2),
        ("class A:\n    def build_model(self):\n        return 1", 2),
        ("if __name__ == '__main__':\n    x = 1\n    def build_model():\n        return 1", 3),
    ],
)
def test_a_function_inside_other_code_is_told(read: Read, source: str, line: int) -> None:
    facts = read(source, "build_model").functions["build_model"]
    assert facts.state is MISPLACED
    assert facts.location is not None
    assert facts.location.line == line


def test_a_line_left_over_from_the_stub_is_told(read: Read) -> None:
    submission = read("def relu(z):\n    x = 1\n    raise NotImplementedError('todo')\n    return x\n", "relu")
    assert submission.functions["relu"].state is WRITTEN
    assert "relu still has the line `raise NotImplementedError` (line 3)" in str(submission.notes[0])


def test_many_names_are_compared_quickly(read: Read) -> None:
    source = "\n".join(f"build_model_{n} = {n}" for n in range(20_000))
    assert read(source, "bild_modl").functions["bild_modl"].state is MISSING
