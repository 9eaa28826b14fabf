"""What of a notebook is taken for the asked functions."""

from __future__ import annotations

import pytest

from grader.submission import Submission
from tests.submission.conftest import Read


def taken(submission: Submission) -> list[str]:
    """The lines of the program that are not blank, in order."""
    return [line for chunk in submission.program.chunks for line in chunk.source.split("\n") if line.strip()]


RELU = "def relu(z):\n    return {}"


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        ("import numpy as np", "np.maximum(z, 0)"),
        ("from numpy import maximum", "maximum(z, 0)"),
        ("import os.path", "os.path"),
        ("N = 100", "N"),
        ("N: int = 100", "N"),
        ("A, (B, *N) = 1, (2, 3)", "N"),
        ("half = lambda z: z / 2", "half(z)"),
        ("def half(z):\n    return z / 2", "half(z)"),
        ("async def half(z):\n    return z / 2", "half(z)"),
        ("class Half:\n    n = 2", "Half.n"),
        ("try:\n    import numpy as np\nexcept ImportError:\n    np = None", "np"),
        ("if True:\n    N = 1\nelse:\n    N = 2", "N"),
        ("for N in range(3):\n    print(N)", "N"),
        ("while True:\n    N = 1\n    break", "N"),
        ("with open('a') as N:\n    pass", "N"),
        ("match 1:\n    case N: pass", "N"),
        ("f(N := 3)", "N"),
        ("(x, y), _ = load()", "x"),
    ],
)
def test_whatever_binds_a_needed_name_is_taken_whole(read: Read, before: str, expression: str) -> None:
    submission = read([before, RELU.format(expression)], "relu")
    assert taken(submission) == before.split("\n") + RELU.format(expression).split("\n")
    assert submission.notes == ()


@pytest.mark.parametrize(
    "function",
    [
        "def relu(z=N): pass",
        "def relu(z: N): pass",
        "def relu(z) -> N: pass",
        "@N\ndef relu(z): return z",
        "@N.a(1)\ndef relu(z): return z",
        "relu = N",
        "relu = lambda z: N",
        "class relu(N): pass",
        "class relu:\n    def __call__(self, z): return N",
        "def relu(z):\n    def inner(): return N\n    return inner()",
        "def relu(z): return [N for a in z]",
        "relu, other = N",
        "def relu(z):\n    global N\n    N += 1",
    ],
)
def test_names_are_needed_wherever_a_definition_reads_them(read: Read, function: str) -> None:
    assert taken(read(["N = 1", function], "relu")) == ["N = 1", *function.split("\n")]


def test_needs_are_followed_through_other_definitions(read: Read) -> None:
    cells = [
        "import tensorflow as tf\nimport numpy as np",
        "UNITS = 10\nSIZES = [UNITS]",
        "def sizes():\n    return SIZES",
    ]
    assert taken(read([*cells, "def relu(z):\n    return np.zeros(sizes())"], "relu")) == [
        "import numpy as np",
        "UNITS = 10",
        "SIZES = [UNITS]",
        "def sizes():",
        "    return SIZES",
        "def relu(z):",
        "    return np.zeros(sizes())",
    ]


def test_only_what_the_asked_functions_reach_is_imported(read: Read) -> None:
    cells = [
        "import tensorflow as tf\nfrom tensorflow import keras\nimport numpy as np",
        "def scale_pixels(images):\n    return images / np.float64(255)",
        "def build_model():\n    return keras.Sequential()",
    ]
    assert read(cells, "scale_pixels").imports == {"numpy"}
    assert read(cells, "build_model").imports == {"tensorflow", "tensorflow.keras"}


@pytest.mark.parametrize(
    "statement",
    [
        "model = build()",
        "model.fit(x, y)",
        "names.append(1)",
        "print(relu(3))",
        "for i in range(3): train(i)",
        "if __name__ == '__main__':\n    main()",
        "del relu",
        "assert relu(1) == check()",
        "z = relu(compute())",
    ],
)
def test_what_no_function_needs_is_left_out_and_told(read: Read, statement: str) -> None:
    submission = read(["names = []", "def relu(z):\n    return names", statement], "relu")
    assert taken(submission) == ["names = []", "def relu(z):", "    return names"]
    if "__main__" in statement:
        assert submission.notes == ()
    else:
        assert f"cell 3, line 1: {statement}" in str(submission.notes[0])


@pytest.mark.parametrize("statement", ["N = 1", "import tensorflow", "def other(): return f()", "'text'", "N", "pass"])
def test_what_does_nothing_is_left_out_without_a_word(read: Read, statement: str) -> None:
    submission = read(["def relu(z):\n    return z", statement], "relu")
    assert taken(submission) == ["def relu(z):", "    return z"]
    assert submission.notes == ()


def test_a_long_list_of_what_was_left_out_is_cut(read: Read) -> None:
    submission = read(
        ["def relu(z):\n    return z", *(f"run({n})" for n in range(10)), "x = run('" + "a" * 500 + "')"], "relu"
    )
    (note,) = map(str, submission.notes)
    assert "cell 2, line 1: run(0)" in note
    assert "and 7 more" in note
    assert len(note) < 250


def test_local_names_need_nothing(read: Read) -> None:
    cells = ["model = train()", "def relu(model, *, x=1):\n    y = [x for x in model]\n    return y", "y = train()"]
    assert taken(read(cells, "relu")) == cells[1].split("\n")


def test_all_assignments_of_a_needed_name_are_taken_in_order(read: Read) -> None:
    cells = ["N = 1", "M = 2\nN += M", "def relu(z):\n    return N", "N = N * 2"]
    assert taken(read(cells, "relu")) == ["N = 1", "M = 2", "N += M", "def relu(z):", "    return N", "N = N * 2"]


@pytest.mark.parametrize("change", ["CONFIG['a'] = M", "CONFIG.a = M", "CONFIG['a']['b'] += M", "del CONFIG['b'], M"])
def test_assignments_into_a_needed_name_are_taken_with_their_needs(read: Read, change: str) -> None:
    cells = ["CONFIG = {}\nM = 1", change, "def relu(z):\n    return CONFIG"]
    assert taken(read(cells, "relu")) == ["CONFIG = {}", "M = 1", change, "def relu(z):", "    return CONFIG"]


def test_stars_are_always_taken(read: Read) -> None:
    cells = ["from numpy import *\nimport os", "def relu(z):\n    return maximum(z, 0)"]
    submission = read(cells, "relu")
    assert taken(submission)[0] == "from numpy import *"
    assert "os" not in submission.imports


def test_a_future_import_stays_with_its_cell(read: Read) -> None:
    cells = [
        "from __future__ import annotations\ndef relu(z: Never):\n    return z",
        "from __future__ import annotations\nx = 1",
    ]
    submission = read(cells, "relu")
    assert [chunk.cell for chunk in submission.program.chunks] == [1]
    assert taken(submission)[0] == "from __future__ import annotations"


def test_a_function_that_another_binds_by_global_comes_with_it(read: Read) -> None:
    cells = ["def setup():\n    global N\n    N = 3", "def relu(z):\n    setup()\n    return N"]
    assert taken(read(cells, "relu")) == [line for cell in cells for line in cell.split("\n")]


def test_globals_are_bound_dynamically_where_an_asked_function_is_not_seen(read: Read) -> None:
    cells = ["globals()['relu'] = abs", "exec('x = 1')"]
    assert taken(read(cells, "relu")) == cells
    assert taken(read([*cells, "def relu(z): return z"], "relu")) == ["def relu(z): return z"]


def test_statements_that_share_a_line_go_together(read: Read) -> None:
    submission = read(["N = 1; run(M)\nx = '''\n'''; M = 2\nrun(3)", "def relu(z): return N"], "relu")
    assert taken(submission) == ["N = 1; run(M)", "x = '''", "'''; M = 2", "def relu(z): return N"]


def test_lines_keep_their_numbers(read: Read) -> None:
    cell = "# about\nrun()\n\n@wraps\n# why\ndef relu(z):\n    # how\n\n    return z  # done\n# end\nrun()"
    (chunk,) = read([{"cell_type": "markdown", "source": ""}, cell], "relu").program.chunks
    assert chunk.filename == "exercise_2.ipynb#cell-2"
    assert chunk.cell == 2
    assert chunk.source == "\n\n\n@wraps\n# why\ndef relu(z):\n    # how\n\n    return z  # done\n\n"


def test_commands_in_a_notebook_are_left_out_and_told(read: Read) -> None:
    cells = [
        "%matplotlib inline\nimport numpy as np\nfiles = !ls",
        "%%time\ndef relu(z):\n    !ls\n    return np.maximum(z, 0)",
        "%%writefile other.py\ndef relu(z):\n    return 1",
    ]
    submission = read(cells, "relu")
    assert taken(submission) == ["import numpy as np", "def relu(z):", "    pass", "    return np.maximum(z, 0)"]
    assert submission.problems == ()
    assert str(submission.notes[0]) == (
        "Notebook commands are not Python and were left out: cell 1, line 1: %matplotlib inline; "
        "cell 1, line 3: files = !ls; cell 2, line 1: %%time; cell 2, line 3: !ls; and 1 more."
    )


def test_a_percent_sign_in_a_string_is_no_command(read: Read) -> None:
    cell = 'def relu(z):\n    """\n%matplotlib\n!ls\n    """\n    return z'
    submission = read([cell, "%pwd\nHELP = '''\n%x\n'''\n" + cell], "relu")
    assert submission.program.chunks[0].source == cell
    assert str(submission.notes[0]).endswith("left out: cell 2, line 1: %pwd.")


def test_a_module_is_taken_whole(read: Read) -> None:
    source = "import tensorflow\nprint(1)\nmodel.fit()\ndef relu(z):\n    return z\n"
    (chunk,) = read(source, "relu").program.chunks
    assert (chunk.filename, chunk.cell, chunk.source) == ("exercise_2.py", None, source)
