from __future__ import annotations

import ast

import pytest

from grader.submission.magics import without_commands


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "  %load_ext tensorboard",
        "!pip install keras",
        "!!ls",
        "%time model.fit(x, y)",
        "?model.fit",
        "??model",
        "model.fit?",
        "model.layers[0]??",
        "%timeit?",
        "model.fit?  # what is it",
        "files = !ls",
        "a, b = !ls",
        "t = %timeit -o f()",
        "log['x'] = %time f()",
        "pip install keras",
        "cd ..",
        "ls /tmp",
    ],
)
def test_a_line_command_becomes_pass(line: str) -> None:
    source = f"x = 1\n{line}\ny = 2"
    treated = without_commands(source, notebook=True)
    indent = line[: len(line) - len(line.lstrip())]
    assert treated.source == f"x = 1\n{indent}pass\ny = 2"
    assert treated.commands == (2,)
    assert not treated.dropped


@pytest.mark.parametrize(
    "source",
    [
        's = """\n%matplotlib inline\n!ls\nhelp?\n"""',
        "s = '''it's\n!ls\n'''",
        "s = 'a\\\n!ls'",
        "x = (7\n% 3\n)",
        "x = 7 \\\n% 3",
        "x = {\n    'a': '%s'\n    % 3,\n}",
        "x = 1  # (\ny = 3 != 4\n",
        "cat = 1\nrm = cat\nls - cat",
        "ok = 'what?'",
        's = f"{x!r}"',
        's = "\\""\n',
    ],
)
def test_python_stays_as_it_is(source: str) -> None:
    ast.parse(source)
    treated = without_commands(source, notebook=True)
    assert (treated.source, treated.commands) == (source, ())


def test_an_indented_command_leaves_its_block_whole() -> None:
    treated = without_commands("if colab:\n    !pip install keras\nx = 1", notebook=True)
    assert treated.source == "if colab:\n    pass\nx = 1"


def test_a_command_that_goes_on_with_a_backslash_is_one_command() -> None:
    treated = without_commands("!pip install \\\n    keras \\\n    numpy\nx = 1", notebook=True)
    assert treated.source == "pass\n\n\nx = 1"
    assert treated.commands == (1,)


@pytest.mark.parametrize("command", ["time", "timeit -n 1", "capture out", "prun"])
def test_a_cell_command_that_runs_python_keeps_the_rest(command: str) -> None:
    treated = without_commands(f"# first\n\n%%{command}\nx = 1\n%pwd", notebook=True)
    assert treated.source == "# first\n\n\nx = 1\npass"
    assert treated.commands == (3, 5)


def test_cell_commands_may_follow_each_other() -> None:
    treated = without_commands("%%capture\n%%time\nx = 1", notebook=True)
    assert (treated.source, treated.commands) == ("\n\nx = 1", (1, 2))


@pytest.mark.parametrize("command", ["bash", "writefile helpers.py", "html", "javascript", "R", "", "no_such"])
def test_any_other_cell_command_drops_the_cell(command: str) -> None:
    treated = without_commands(f"%%{command}\nx = 1\ny = 2", notebook=True)
    assert treated.source == "\n\n"
    assert treated.dropped
    assert treated.commands == (1,)


def test_outside_a_notebook_a_cell_command_is_only_a_line() -> None:
    treated = without_commands("%%bash\nx = 1", notebook=False)
    assert (treated.source, treated.dropped) == ("pass\nx = 1", False)


def test_an_assigned_command_is_none_outside_a_notebook() -> None:
    assert without_commands("x = !ready", notebook=False).commands == ()


def test_an_unclosed_quote_ends_with_its_line() -> None:
    treated = without_commands("x = 'abc\n!ls", notebook=True)
    assert treated.source == "x = 'abc\npass"
