"""What notebooks hold beside their functions, as Colab, Jupyter, VS Code and Kaggle write them, and hands leave it.

Whatever it is, the right functions in it are found, are taken with all that they need, and give what they gave. The
texts here are our own, so that the taken program is executed in this process, as a subject would do it.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course import builtin_folder, read_course
from grader.grading import GradingOptions, Session
from grader.records import Score
from grader.submission import FunctionState, Submission, read_submission

COUNT = "def count(inputs, units):\n    return inputs * units + units"
TOTAL = "def total(sizes):\n    return sum(count(a, b) for a, b in zip(sizes, sizes[1:]))"
FUNCTIONS = ("count", "total")


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def words(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def book(*cells: Any, metadata: Any = None, minor: int = 5, **more: Any) -> dict[str, Any]:
    made = [code(cell) if isinstance(cell, str) else dict(cell) for cell in cells]
    if minor >= 5:
        made = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(made)]
    return {"cells": made, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": minor, **more}


def submitted(notebook: Any, name: str = "exercise_3.ipynb") -> Submission:
    raw = notebook if isinstance(notebook, bytes) else json.dumps(notebook, ensure_ascii=False).encode()
    return read_submission(Path("nowhere", name), functions=FUNCTIONS, content=raw)


def loaded(submission: Submission) -> dict[str, Any]:
    """The names that the program binds; a chunk that raises ends there, and the next ones are executed."""
    module: dict[str, Any] = {"__name__": submission.program.module_name}
    for chunk in submission.program.chunks:
        with contextlib.suppress(Exception):
            exec(compile(chunk.source, chunk.filename, "exec", dont_inherit=True), module)  # noqa: S102 - our own text
    return module


def assert_right(submission: Submission) -> None:
    """Both functions are there and give what they should."""
    assert {facts.state for facts in submission.functions.values()} <= {FunctionState.WRITTEN, FunctionState.UNKNOWN}
    module = loaded(submission)
    assert (module["count"](784, 100), module["total"]([784, 100, 10])) == (78_500, 79_510)


def told(submission: Submission) -> str:
    return "\n".join(str(note) for note in submission.notes)


COLAB = {
    "colab": {
        "name": "exercise_3.ipynb",
        "provenance": [{"file_id": "1aBcD", "timestamp": 1_700_000_000_000}],
        "toc_visible": True,
        "gpuType": "T4",
        "authorship_tag": "ABX9TyN",
        "include_colab_link": True,
        "mount_file_id": "1xyz",
    },
    "accelerator": "GPU",
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
}
COLAB_CELL = {"id": "3tY8LmWqX", "colab": {"base_uri": "https://localhost:8080/", "height": 35}, "outputId": "0f1e"}
JUPYTER = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.9",
    },
}
VS_CODE = {
    **JUPYTER,
    "orig_nbformat": 4,
    "vscode": {"interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b9275f58929596ceb00d14d90e3e16cd6"}},
}
KAGGLE = {
    **JUPYTER,
    "kaggle": {"accelerator": "none", "dataSources": [{"sourceId": 2243, "datasetId": 1_320, "sourceType": "x"}]},
    "papermill": {"duration": 8.1, "environment_variables": {}, "exception": None, "version": "2.5.0"},
}
KAGGLE_FIRST = (
    "# This Python 3 environment comes with many helpful analytics libraries installed\n"
    "import numpy as np # linear algebra\nimport os\n"
    "for dirname, _, filenames in os.walk('/kaggle/input'):\n    for filename in filenames:\n"
    "        print(os.path.join(dirname, filename))"
)
WIDGETS = {"application/vnd.jupyter.widget-state+json": {"8a1": {"model_module": "x", "state": {"n": 1}}}}
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["Epoch 1/5\n"] * 20_000}
ERROR = {
    "output_type": "error",
    "ename": "NameError",
    "evalue": "name 'count' is not defined",
    "traceback": ["\x1b[0;31m---\x1b[0m", {"nested": ["def count(a, b): return 0"]}],
}
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo=" * 1000}}


def version_3() -> dict[str, Any]:
    convert: Any = nbformat.convert
    old: dict[str, Any] = convert(nbformat.from_dict(book(words("# T"), COUNT, TOTAL, minor=0)), 3)  # type: ignore[no-untyped-call]
    return old


ORIGINS: dict[str, Any] = {
    "colab": book(
        words("<a href='https://colab.research.google.com'>Open</a>", metadata={"id": "view-in-github"}),
        code("from google.colab import drive\ndrive.mount('/content/drive')", metadata=COLAB_CELL),
        code(COUNT, metadata={**COLAB_CELL, "cellView": "form"}),
        code(TOTAL.splitlines(keepends=True), metadata=COLAB_CELL),
        metadata=COLAB,
        minor=0,
    ),
    "colab in Korean": book(words("# 신경망 🧠"), "# 매개변수를 셉니다 ✅\n" + COUNT, TOTAL, metadata=COLAB, minor=0),
    "jupyter": book(words("# T"), COUNT, TOTAL, metadata=JUPYTER),
    "jupyter, trusted and collapsed": book(
        code(
            COUNT, metadata={"trusted": True, "collapsed": True, "scrolled": False, "jupyter": {"source_hidden": True}}
        ),
        code(TOTAL, metadata={"deletable": False, "editable": False, "tags": ["remove-input"], "slideshow": None}),
        metadata={**JUPYTER, "toc": {"base_numbering": 1}, "widgets": WIDGETS},
    ),
    "vs code": book(COUNT, TOTAL, metadata=VS_CODE, minor=2),
    "vs code, cells of another language": book(
        code("dotnet --info", metadata={"vscode": {"languageId": "shellscript"}}), COUNT, TOTAL, metadata=VS_CODE
    ),
    "kaggle": book(
        code(
            KAGGLE_FIRST, metadata={"_uuid": "8f2839", "_cell_guid": "b1076dfc", "execution": {"iopub.execute": "2024"}}
        ),
        COUNT,
        TOTAL,
        metadata=KAGGLE,
        minor=4,
    ),
    "jupytext": book(COUNT, TOTAL, metadata={"jupytext": {"formats": "ipynb,py:percent", "main_language": "python"}}),
    "a kernel of another language": book(
        COUNT, TOTAL, metadata={"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    ),
    "format 3": version_3(),
    **{f"format 4.{minor}": book(words("# T"), COUNT, TOTAL, minor=minor) for minor in range(6)},
    "a minor format of the future": book(COUNT, TOTAL, minor=9),
    "no metadata at all": {"cells": [{"cell_type": "code", "source": COUNT}, {"cell_type": "code", "source": TOTAL}]},
    "metadata that is null": {**book(COUNT, TOTAL), "metadata": None},
    "numbers of cells that are null, large, or words": book(
        code(COUNT, execution_count=None), code(TOTAL, execution_count=10**9), code("x = 1", execution_count="*")
    ),
    "the same id twice": book(code(COUNT, id="a"), code(TOTAL, id="a"), code("x = 1", id="")),
    "outputs of megabytes": book(code(COUNT, outputs=[OUTPUT, PICTURE] * 5), TOTAL),
    "outputs of errors": book(code(COUNT, outputs=[ERROR]), code(TOTAL, outputs={"not": "a list"})),
    "attachments and raw cells": book(
        words("![a](attachment:a.png)", attachments={"a.png": {"image/png": "iVBORw0KGgo="}}),
        {"cell_type": "raw", "metadata": {"format": "text/restructuredtext"}, "source": "def count(): pass"},
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": "Title"},
        COUNT,
        TOTAL,
    ),
    "cells that are none": book(COUNT, TOTAL) | {"cells": [None, 3, "x", code(COUNT), {}, code(TOTAL), code(7)]},
    "metadata nested deeply": book(COUNT, TOTAL, metadata=json.loads("[" * 300 + "]" * 300)),
}


@pytest.mark.parametrize("name", list(ORIGINS))
def test_wherever_it_was_saved(name: str) -> None:
    assert_right(submitted(ORIGINS[name]))


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "CRLF in the file": lambda raw: raw.replace(b"\n", b"\r\n"),
    "CRLF in the cells": lambda raw: raw.replace(b"\\n", b"\\r\\n"),
    "CR in the cells": lambda raw: raw.replace(b"\\n", b"\\r"),
    "empty lines around": lambda raw: b"\n\n" + raw + b"\n\n",
    "every character escaped": lambda raw: json.dumps(json.loads(raw)).encode(),
    "no indentation": lambda raw: json.dumps(json.loads(raw), separators=(",", ":")).encode(),
    "keys in another order": lambda raw: json.dumps(json.loads(raw), sort_keys=True).encode(),
}


@pytest.mark.parametrize("name", list(BYTES))
def test_however_it_was_written(name: str) -> None:
    plain = json.dumps(book(words("# 제목"), COUNT, TOTAL), ensure_ascii=False, indent=1).encode()
    assert_right(submitted(BYTES[name](plain)))


LEFT: dict[str, tuple[str, ...]] = {
    "a mounted drive": ("from google.colab import drive\ndrive.mount('/content/drive')",),
    "uploaded files": ("from google.colab import files\nuploaded = files.upload()",),
    "pip": ("!pip install -q keras", "%pip install keras", "pip install keras", "!pip install \\\n  keras"),
    "%tensorflow_version": ("%tensorflow_version 2.x\nimport os",),
    "line magics": ("%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n%config A.b = 'c'",),
    "%%bash": ("%%bash\nfor f in *; do echo $f; done",),
    "%%writefile": ("%%writefile exercise_3.py\ndef count(inputs, units):\n    return 0",),
    "%%html": ("%%html\n<b>def count</b>",),
    "captured shells": ("files = !ls", "files = %env", "files: list = !ls -l", "print(!ls)"),
    "help": ("?count", "count?", "count??", "keras.Model.fit?"),
    "get_ipython": ("get_ipython().system('ls')", "get_ipython().run_line_magic('time', 'x = 1')"),
    "input": ("name = input('Name: ')\nprint(name)",),
    "top-level await": ("import asyncio\nawait asyncio.sleep(0)", "async with lock:\n    pass"),
    "a loop that never ends": ("while True:\n    pass",),
    "training": ("history = model.fit(train_input, train_target, epochs=100)", "model.summary()"),
    "an exit": ("import sys\nsys.exit()", "exit()", "quit()"),
    "an assertion": ("assert count(1, 1) == 3",),
    "a name that is not defined": ("undefined_name", "print(undefined_name)"),
    "a syntax error": ("def other(:\n    pass", "print 'x'", "1 +", "for"),
    "text that is no Python": ("여기에 코드를 쓰세요", "This is my answer.", "$$x^2$$"),
    "an empty cell": ("", "   ", "\n\n", "# only a comment", "\t"),
    "a cell of a null byte": ("x = 1\0",),
    "half of a surrogate pair": ("x = '\ud800'",),
    "conflict markers": ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs",),
    "a form feed": ("\x0cimport os\x0c",),
    "full-width characters": ("\uff58\uff1d\uff11", "print\uff081\uff09", "a\uff0cb = 1, 2"),
    "spaces that do not break": ("x\u00a0=\u00a01", "if x:\n\u00a0\u00a0print(x)", "\u200bx = 1", "\u3000y = 2"),
    "unclosed brackets": ("print((1)", "x = [1,\n2", '"""never closed'),
}


@pytest.mark.parametrize("name", list(LEFT))
@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_what_stands_in_cells_of_its_own_changes_nothing(name: str, place: str) -> None:
    odd = LEFT[name]
    cells = {
        "before": (*odd, COUNT, TOTAL),
        "between": (COUNT, *odd, TOTAL),
        "after": (COUNT, TOTAL, *odd),
    }[place]
    raw = json.dumps(book(*cells)).encode()
    assert_right(submitted(raw))


TOGETHER: dict[str, str] = {
    "%%time": "%%time\n{}",
    "%%timeit with options": "%%timeit -n 1 -r 1\n{}",
    "%%capture": "%%capture output\n{}",
    "two cell magics": "%%capture\n%%time\n{}",
    "a comment above a cell magic": "# mine\n%%time\n{}",
    "a form": '#@title Parameters {{ display-mode: "form" }}\nUNITS = 100 #@param {{type:"integer"}}\n{}',
    "a magic above": "%matplotlib inline\n{}",
    "a shell below": "{}\n!nvidia-smi",
    "a shell above and help below": "!ls\n{}\ncount?",
    "a call below": "{}\nprint(count(784, 100))",
    "a semicolon": "{};",
    "semicolons below": "{}\nx = 1; y = 2; x",
    "a mounted drive above": "from google.colab import drive\ndrive.mount('/content/drive')\n{}",
    "a failing line above": "undefined_name\n{}",
    "an input above": "n = input()\n{}",
    "an await above": "import asyncio\nawait asyncio.sleep(0)\n{}",
    "a docstring": '"""제 풀이입니다 🙂"""\n{}',
    "a coding line": "# -*- coding: cp949 -*-\n{}",
    "a form feed": "\x0c\n{}\n\x0c",
    "no line at the end": "{}",
    "spaces at the ends of lines": "{}   \n   ",
    "line continuation": "x = 1 + \\\n    2\n{}",
    "a main guard": "{}\nif __name__ == '__main__':\n    print(count(1, 1))",
    "a magic in an if": "import sys\nif 'google.colab' in sys.modules:\n    !pip install keras\n{}",
    "a captured shell above": "files = !ls\n{}",
    "a percent and an exclamation mark in text": 'x = """\n%time\n!ls\n"""\n{}',
    "a remainder over lines": "x = (7\n%2)\n{}",
}


@pytest.mark.parametrize("name", list(TOGETHER))
def test_what_stands_in_the_same_cell_changes_nothing(name: str) -> None:
    assert_right(submitted(book(TOGETHER[name].format(COUNT), TOGETHER[name].format(TOTAL))))


def indented(text: str, by: str) -> str:
    return text.replace("    ", by)


WRITTEN: dict[str, tuple[str, ...]] = {
    "tabs": (indented(COUNT, "\t"), TOTAL),
    "two spaces": (indented(COUNT, "  "), TOTAL),
    "lambdas": ("count = lambda inputs, units: inputs * units + units", TOTAL),
    "decorators": (
        "import functools\ndef said(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a)\n    return g",
        f"@said\n{COUNT}",
        f"@functools.lru_cache\n@said\n{COUNT}",
        TOTAL,
    ),
    "methods": (
        "class Counter:\n    def count(self, inputs, units):\n        return inputs * units + units",
        "count = Counter().count",
        TOTAL,
    ),
    "callables of a class": (
        "class Count:\n    def __call__(self, inputs, units):\n        return inputs * units + units",
        "count = Count()",
        TOTAL,
    ),
    "partials": (
        "from functools import partial\ndef general(bias, inputs, units):\n    return inputs * units + bias * units",
        "count = partial(general, 1)",
        TOTAL,
    ),
    "another name": (COUNT.replace("count", "my_count"), "count = my_count", TOTAL),
    "type hints and a docstring": (
        'def count(inputs: int, units: int = 10) -> int:\n    """매개변수 🙂"""\n    return inputs * units + units',
        TOTAL,
    ),
    "line continuation": ("def count(inputs, units):\n    return inputs * units \\\n        + units", TOTAL),
    "semicolons": ("def count(inputs, units): n = inputs * units; return n + units;", TOTAL),
    "Korean names": ("def count(입력, 유닛):\n    결과 = 입력 * 유닛 + 유닛\n    return 결과", TOTAL),
    "a magic inside": ("def count(inputs, units):\n    %time x = 1\n    !ls\n    return inputs * units + units", TOTAL),
    "numbers from the top level": (
        "BIASES = 1\nONES = [BIASES] * 3",
        COUNT.replace("+ units", "+ ONES[0] * units"),
        TOTAL,
    ),
    "numbers computed in a loop": (
        "biases = 0\nfor _ in range(1):\n    biases += 1",
        COUNT.replace("+", "+ biases *"),
        TOTAL,
    ),
    "numbers of a later cell": (COUNT.replace("+", "+ BIASES *"), TOTAL, "BIASES = 1"),
    "an order that is not the notebook's": (TOTAL, COUNT),
    "a definition under an if": (
        f"if True:\n    {indented(COUNT, ' ' * 8)}".replace("\n        def", "\n    def"),
        TOTAL,
    ),
    "a definition in a try": (
        "try:\n    import nothing_like_this\nexcept ImportError:\n    BIASES = 1",
        COUNT.replace("+", "+ BIASES *"),
        TOTAL,
    ),
    "an import with a star": ("from math import *", COUNT, TOTAL),
    "an import from the future": ("from __future__ import annotations\n" + COUNT, TOTAL),
    "the stub above": ("def count(inputs, units):\n    raise NotImplementedError", COUNT, TOTAL),
    "an earlier attempt above": ("def count(inputs, units):\n    return 0", COUNT, TOTAL),
    "the same again": (COUNT, TOTAL, COUNT, TOTAL),
    "an earlier attempt that does not parse": ("def count(inputs, units:\n    return 0", COUNT, TOTAL),
}


@pytest.mark.parametrize("name", list(WRITTEN))
def test_however_the_functions_are_written(name: str) -> None:
    assert_right(submitted(book(*WRITTEN[name])))


def test_the_last_of_two_definitions_counts_and_it_is_said_with_the_cells() -> None:
    submission = submitted(book(COUNT.replace("+ units", ""), words("text"), TOTAL, COUNT))
    assert_right(submission)
    assert "count is defined more than once (cell 1, line 1; cell 4, line 1). The last definition counts." in told(
        submission
    )


def test_what_was_not_run_is_said_with_its_cell_and_line() -> None:
    submission = submitted(book("!pip install keras\nprint(1)", words("text"), f"{COUNT}\ncount(1, 1)", TOTAL))
    assert_right(submission)
    assert "cell 1, line 1: !pip install keras" in told(submission)
    assert "cell 1, line 2: print(1)" in told(submission)
    assert "cell 3, line 3: count(1, 1)" in told(submission)


def test_lines_that_grade_need_not_be_told_of() -> None:
    submission = submitted(
        book(
            "%load_ext grader\n%matplotlib inline",
            COUNT,
            TOTAL,
            "import grader\ngrader.check('exercise-3')",
            "!grade list",
        )
    )
    assert_right(submission)
    assert "matplotlib" in told(submission)
    assert "grade" not in told(submission)


def test_an_error_names_its_cell_and_its_line_there() -> None:
    submission = submitted(book(words("text"), "x = 1", f"{TOTAL}\n\nprint((1)", COUNT))
    [problem] = submission.problems
    assert (problem.location.cell, problem.location.line) == (3, 4)
    assert problem.line == "print((1)"


def test_a_pasted_space_in_a_function_is_named_with_its_cell_and_line() -> None:
    submission = submitted(book(TOTAL, COUNT.replace("    return", "\u00a0\u00a0\u00a0\u00a0return")))
    [problem] = submission.problems
    assert (problem.location.cell, problem.location.line) == (2, 2)
    assert "U+00A0" in str(problem.message)
    assert loaded(submission)["total"]([3]) == 0


def test_conflict_markers_in_the_file_itself_are_named() -> None:
    raw = json.dumps(book(COUNT, TOTAL), indent=1).encode()
    lines = raw.split(b"\n")
    merged = b"\n".join([*lines[:3], b"<<<<<<< HEAD", *lines[3:5], b"=======", *lines[3:5], b">>>>>>> x", *lines[5:]])
    [problem] = submitted(merged).problems
    assert "merge conflict" in str(problem.message)
    assert problem.location.line == 4


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"cells": {}}', b'{"cells": [' + b"[" * 5000, b"\xff\xfe{\x00}\x00"],
    ids=["nothing", "no keys", "a list", "null", "brackets", "cells of no list", "half of it", "UTF-16"],
)
def test_what_is_no_notebook_is_one_problem_and_no_error(raw: bytes) -> None:
    submission = submitted(raw)
    assert len(submission.problems) == 1
    assert submission.program.chunks == ()


@pytest.mark.parametrize("cells", [(), (words("# only text"),), ("",)], ids=["no cells", "only text", "an empty cell"])
def test_a_notebook_without_code_has_no_function_and_no_problem(cells: tuple[Any, ...]) -> None:
    submission = submitted(book(*cells))
    assert submission.problems == ()
    assert {facts.state for facts in submission.functions.values()} == {FunctionState.MISSING}


def test_many_oddities_at_once_and_in_any_order_change_nothing() -> None:
    source = random.Random(7)  # noqa: S311 - an order, not a secret
    odd = [cell for cells in LEFT.values() for cell in cells]
    for _ in range(20):
        cells = [*source.sample(odd, 12)]
        cells.insert(source.randrange(12), TOTAL)
        cells.insert(source.randrange(12), COUNT)
        assert_right(submitted(json.dumps(book(*cells, metadata=COLAB)).encode()))


def graded_names(notebook: Any) -> bytes:
    """A notebook of these functions as one for exercise-3, whose first two functions are the same."""
    raw = notebook if isinstance(notebook, bytes) else json.dumps(notebook, ensure_ascii=False).encode()
    raw = re.sub(rb"\bcount\b", b"dense_parameter_count", raw)
    return re.sub(rb"\btotal\b", b"model_parameter_count", raw)


@pytest.mark.slow
def test_graded_really_none_of_them_changes_the_points() -> None:
    course = read_course(builtin_folder())
    exercise = course.exercise("exercise-3")
    plain = json.dumps(book(words("# 제목"), COUNT, TOTAL), ensure_ascii=False, indent=1).encode()
    cases: dict[str, Any] = {
        "right": book(COUNT, TOTAL),
        **ORIGINS,
        **{name: change(plain) for name, change in BYTES.items()},
        **{name: book(text.format(COUNT), text.format(TOTAL)) for name, text in TOGETHER.items()},
        **{name: book(*cells) for name, cells in WRITTEN.items()},
        **{f"{name} beside": json.dumps(book(*odd, COUNT, TOTAL)).encode() for name, odd in LEFT.items()},
        "everything beside": json.dumps(book(*(c for odd in LEFT.values() for c in odd), COUNT, TOTAL)).encode(),
    }
    assert len(cases) > 100
    scores = {}
    with Session(course, GradingOptions()) as session:
        for name, notebook in cases.items():
            report = session.grade(exercise, Path("exercise_3.ipynb"), content=graded_names(notebook))
            scores[name] = report.score
    assert {name: score for name, score in scores.items() if score != Score(earned=5.0, possible=10.0)} == {}
