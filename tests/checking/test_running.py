from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from grader.checking import CheckRunner, collect_checks, run_checks, unasked_checks
from grader.errors import (
    AnswerError,
    CourseError,
    InternalError,
    LimitError,
    StudentError,
    SubjectDied,
    SubmissionFault,
)
from grader.language import Text, Translator
from grader.records import Metric, Outcome, Visibility
from tests.checking.contexts import context, run, write_checks


def test_a_check_passes_or_fails_with_its_words(tmp_path: Path) -> None:
    checks = run(
        tmp_path,
        """
@check("f", points=2, title=_("f gives two"))
def test_right(student):
    expect_count(student.f(), 2)

@check("f", points=3, title="f gives three", hint="count again", visibility="public")
def test_wrong(student):
    expect_count(student.f(), 3)
""",
        functions={"f": lambda: 2},
    )
    right, wrong = checks["test_right"], checks["test_wrong"]
    assert (right.outcome, right.earned, right.possible, right.message) == (Outcome.PASSED, 2.0, 2.0, None)
    assert (str(right.title), right.function, right.visibility) == ("f gives two", "f", Visibility.HIDDEN)
    assert (wrong.outcome, wrong.earned, wrong.possible) == (Outcome.FAILED, 0.0, 3.0)
    assert (str(wrong.message), wrong.expected, wrong.observed) == ("The count is 2 instead of 3.", "3", "2")
    assert (wrong.hint, wrong.visibility) == ("count again", Visibility.PUBLIC)
    assert 0 < wrong.seconds < 5


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (StudentError("f raised OddError"), "count again"),
        (StudentError("f raised KeyError", hint="look at the keys"), "look at the keys"),
        (AnswerError("f returned a class"), None),
        (LimitError("too slow", timed_out=True), None),
        (SubjectDied("it ended"), None),
    ],
)
def test_the_hint_of_a_check_is_for_wrong_answers_and_exceptions(
    tmp_path: Path, fault: SubmissionFault, hint: str | None
) -> None:
    def f() -> None:
        raise fault

    code = "@check('f', title='t', hint='count again')\ndef test_f(student):\n    student.f()\n"
    assert run(tmp_path, code, functions={"f": f})["test_f"].hint == hint


STEPS = """
@check("f", title="t", hints=["nudge", _("pointer"), "answer"])
def test_wrong(student):
    expect_count(student.f(), 3)

@check("f", title="t", hint="own", hints=("nudge",))
def test_wrong_with_a_hint(student):
    expect_count(student.f(), 3)

@check("f", title="t", hints=("nudge",))
def test_right(student):
    expect_count(student.f(), 2)

@check("f", title="t", hints=("nudge",), needs=[test_wrong])
def test_skipped(student):
    pass

@check("g", title="t", hints=("nudge",))
def test_unwritten(student):
    student.g()

@check("f", title="t", hints=("nudge",))
def test_bug(student):
    return 1 / 0
"""


def test_steps_of_help_come_with_checks_that_are_still_to_be_passed(tmp_path: Path) -> None:
    checks = run(tmp_path, STEPS, functions={"f": lambda: 2}, states={"g": (Outcome.NOT_RUN, Text("not written", {}))})
    told = {name: (check.hint, tuple(map(str, check.hints))) for name, check in checks.items()}
    assert told == {
        "test_wrong": ("nudge", ("nudge", "pointer", "answer")),
        "test_wrong_with_a_hint": ("own", ("nudge",)),
        "test_right": (None, ()),
        "test_skipped": (None, ()),
        "test_unwritten": (None, ("nudge",)),
        "test_bug": (None, ()),
    }


def test_a_file_that_does_not_parse_gets_no_steps_with_its_functions(tmp_path: Path) -> None:
    states = {name: (Outcome.FAILED, Text("does not parse", {})) for name in "fg"}
    checks = run(tmp_path, STEPS, functions={}, states=states)
    assert {check.hints for check in checks.values()} == {()}


@pytest.mark.parametrize("hints", ["'one sentence'", "['a'] * 6"])
def test_steps_of_help_are_a_short_list(tmp_path: Path, hints: str) -> None:
    code = f"@check('f', title='t', hints={hints})\ndef test_f(student):\n    pass\n"
    with pytest.raises(CourseError, match="must be a list of at most 5 sentences"):
        run(tmp_path, code)


ENDINGS = """
import pytest

class Odd(Exception):
    def __str__(self):
        raise ValueError

@check("f", title="t")
def test_assertion(student):
    assert student.f() == 3

@check("f", title="t")
def test_assertion_with_words(student):
    assert student.f() == 3, "f gives three"

@check("f", title="t")
def test_student_error(student):
    raise StudentError(_("f raised {what}", what="KeyError"), exception="KeyError", text="'a'", hint="look")

@check("f", title="t")
def test_time_out(student):
    raise LimitError("too slow", timed_out=True)

@check("f", title="t")
def test_memory(student):
    raise LimitError("too large", timed_out=False)

@check("f", title="t")
def test_internal(student):
    raise SandboxError("no subject")

@check("f", title="t")
def test_bug(student):
    return student.f().nothing

@check("f", title="t")
def test_odd(student):
    raise Odd

@check("f", title="t")
def test_unknown_fixture(nobody):
    pass

@check("f", title="t")
def test_skip(student):
    pytest.skip("not today")

@check("f", title="t")
@pytest.mark.skip(reason="marked")
def test_marked_skip(student):
    pass

@check("f", title="t")
def test_xfail(student):
    pytest.xfail("known")

@check("f", title="t")
@pytest.mark.xfail(reason="known", strict=True)
def test_strict_xfail(student):
    pass

@check("f", title="t")
def test_pytest_fail(student):
    pytest.fail("pytest's own")

@check("f", title="t", points=4)
def test_award(student):
    award(0.25, "a quarter", hint="more")

@check("f", title="t", points=4)
def test_full_award(student):
    award(1, "all")

@check("f", title="t")
def test_wrong_award(student):
    award(2, "too much")

@pytest.fixture
def closing():
    yield 1
    raise RuntimeError("teardown")

@check("f", title="t")
def test_teardown(closing):
    pass

@check("f", title="t")
def test_system_exit(student):
    raise SystemExit(0)
"""


@pytest.mark.parametrize(
    ("name", "outcome", "message"),
    [
        ("assertion", Outcome.FAILED, "What the title of this check asks for is not met."),
        ("assertion_with_words", Outcome.FAILED, "f gives three"),
        ("student_error", Outcome.FAILED, "f raised KeyError"),
        ("time_out", Outcome.TIMED_OUT, "too slow"),
        ("memory", Outcome.FAILED, "too large"),
        ("internal", Outcome.ERRORED, "The reason: no subject"),
        ("bug", Outcome.ERRORED, "Nothing is lost"),
        ("odd", Outcome.ERRORED, "Nothing is lost"),
        ("unknown_fixture", Outcome.ERRORED, "Nothing is lost"),
        ("skip", Outcome.SKIPPED, "not today"),
        ("marked_skip", Outcome.SKIPPED, "marked"),
        ("xfail", Outcome.SKIPPED, "known"),
        ("strict_xfail", Outcome.ERRORED, "Nothing is lost"),
        ("pytest_fail", Outcome.FAILED, "pytest's own"),
        ("award", Outcome.FAILED, "a quarter"),
        ("full_award", Outcome.PASSED, "None"),
        ("wrong_award", Outcome.ERRORED, "Nothing is lost"),
        ("teardown", Outcome.ERRORED, "Nothing is lost"),
        ("system_exit", Outcome.ERRORED, "Nothing is lost"),
    ],
)
def test_every_way_to_end(tmp_path: Path, name: str, outcome: Outcome, message: str) -> None:
    check = run(tmp_path, ENDINGS, functions={"f": lambda: 2})[f"test_{name}"]
    assert check.outcome is outcome
    assert message in str(check.message)
    assert check.earned == {"award": 1.0, "full_award": 4.0}.get(name, 0.0)


def test_an_errored_check_tells_its_author_where(tmp_path: Path) -> None:
    check = run(tmp_path, '@check("f", title="t")\ndef test_bug(student):\n    [][1]\n')["test_bug"]
    assert check.detail == "checks.py:7: IndexError: list index out of range"


PREREQUISITES = """
@check("f", title="last", needs=["test_b", "test_a"])
def test_c(student):
    pass

@check("f", title=_("f is {number}", number=2))
def test_a(student):
    expect(student.f(), 2)

@check("f", title="middle", needs=[test_a])
def test_b(student):
    pass

@check("g", title="g on its own")
def test_d(student):
    pass
"""


def test_prerequisites_are_run_first_and_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    checks = run(tmp_path, PREREQUISITES, functions={"f": lambda: 2})
    assert list(checks) == ["test_c", "test_a", "test_b", "test_d"]
    assert {check.outcome for check in checks.values()} == {Outcome.PASSED}


def test_what_needs_a_failed_check_is_skipped_and_so_on(tmp_path: Path) -> None:
    checks = run(tmp_path, PREREQUISITES, functions={"f": lambda: 3})
    assert [check.outcome for check in checks.values()] == ["skipped", "failed", "skipped", "passed"]
    assert str(checks["test_b"].message) == "needs: f is 2"
    assert str(checks["test_c"].message) == "needs: middle"
    assert isinstance(checks["test_b"].message, Text)


def test_functions_that_are_not_asked_have_their_reason(tmp_path: Path) -> None:
    states: dict[str, tuple[Outcome, Text | str]] = {"f": (Outcome.NOT_RUN, "f is not written yet.")}
    checks = run(tmp_path, PREREQUISITES, states=states)
    assert [check.outcome for check in checks.values()] == ["not_run", "not_run", "not_run", "passed"]
    assert checks["test_a"].message == "f is not written yet."
    specs = collect_checks(tmp_path / "checks.py")
    unasked = unasked_checks(specs, states)
    assert [(check.outcome, check.message) for check in unasked] == [
        *[(Outcome.NOT_RUN, "f is not written yet.")] * 3,
        (Outcome.NOT_RUN, None),
    ]


def test_asking_a_function_that_is_not_to_be_asked_is_the_submissions_fault(tmp_path: Path) -> None:
    code = '@check("g", title="t")\ndef test_g(student):\n    student.f()\n'
    check = run(tmp_path, code, states={"f": (Outcome.NOT_RUN, "f is not written yet.")})["test_g"]
    assert (check.outcome, check.message) == (Outcome.FAILED, "f is not written yet.")


PARAMETERS = """
import pytest

@check("f", points=3, title="t")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_f(student, number):
    expect(student.f(number), number)

@check("f", points=1, title="after", needs=[test_f])
def test_after(student):
    pass
"""


def test_parameters_share_the_points(tmp_path: Path) -> None:
    checks = run(tmp_path, PARAMETERS, functions={"f": lambda number: min(number, 2)})
    assert [(check.id, check.outcome, check.earned) for check in checks.values()] == [
        ("test_f[1]", "passed", 1.0),
        ("test_f[2]", "passed", 1.0),
        ("test_f[3]", "failed", 0.0),
        ("test_after", "skipped", 0.0),
    ]
    assert [(spec.id, spec.points) for spec in collect_checks(tmp_path / "checks.py")] == [
        ("test_f[1]", 1.0),
        ("test_f[2]", 1.0),
        ("test_f[3]", 1.0),
        ("test_after", 1.0),
    ]


def test_what_pytest_has_to_do_besides_calling_a_check_is_done(tmp_path: Path) -> None:
    """Plain checks are called without pytest's protocol; each of these is none."""
    checks = run(
        tmp_path,
        """
@check("f", title="t")
def test_unknown(no_such_fixture): pass

@check("f", title="t")
def test_request(request):
    expect(request.node.name, "test_request")

@check("f", title="t")
def test_set_up():
    expect(ready, ["test_unknown", "test_request", "test_set_up"][-len(ready):])
    require(bool(ready), "pytest sets up")

ready = []
def setup_function(function):
    ready.append(function.__name__)
""",
    )
    assert "FixtureLookupError: ('no_such_fixture'" in str(checks["test_unknown"].detail)
    assert [check.outcome for check in checks.values()] == ["errored", "passed", "passed"]


PLAIN = """
import pytest

@check("f", title="t")
def test_skips(): pytest.skip("not now")

@check("f", title="t")
def test_expects_to_fail(): pytest.xfail("known")

@check("f", title="t")
def test_imports_or_skips(): pytest.importorskip("no_such_module")

@check("f", title="t")
def test_fails(): pytest.fail("wrong")

@check("f", title="t")
def test_asserts(student): assert student.f() == 2

@check("f", title="t")
def test_leaves(): raise SystemExit(0)
"""


@pytest.mark.parametrize("marked", [False, True], ids=["called", "run by pytest"])
def test_a_check_ends_in_the_same_way_whoever_calls_it(tmp_path: Path, marked: bool) -> None:  # noqa: FBT001
    code = PLAIN + ("\npytestmark = pytest.mark.filterwarnings('ignore')\n" if marked else "")
    checks = run(tmp_path, code, functions={"f": lambda: 1})
    outcomes = [check.outcome for check in checks.values()]
    assert outcomes == ["skipped", "skipped", "skipped", "failed", "failed", "errored"]
    assert str(checks["test_expects_to_fail"].message).endswith("known")


def test_what_is_prepared_is_set_up_once(tmp_path: Path) -> None:
    """Whether or not it can be kept for the next run."""
    (tmp_path / "log.txt").write_text("")
    code = f"""
import pathlib, pytest
log = pathlib.Path({str(tmp_path / "log.txt")!r})
log.write_text(log.read_text() + "module ")

@pytest.fixture(scope="session")
def own():
    log.write_text(log.read_text() + "fixture ")
    return log

@check("f", title="t")
def test_own(own): expect(own is log, True)
"""
    file = write_checks(tmp_path, code)
    with contextlib.closing(CheckRunner()) as runner:
        for _ in range(2):
            runner.prepare(file, context())
            assert [check.outcome for check in runner.run(file, context())] == ["passed"]
    assert (tmp_path / "log.txt").read_text() == "module fixture " * 2


def test_a_checks_own_warnings_are_nobodys_concern(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    checks = run(
        tmp_path,
        """
import warnings

@check("f", title="t")
def test_warns():
    warnings.warn("mine")
    warnings.simplefilter("error")

@check("f", title="t")
def test_warns_after_another_has_changed_the_filters():
    warnings.warn("mine")
""",
    )
    assert [check.outcome for check in checks.values()] == ["passed", "passed"]
    assert not recwarn.list
    with pytest.warns(UserWarning, match="after"):
        warnings.warn("after", stacklevel=1)


def test_fixtures_of_authors(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture(params=[1, 2])\ndef shared(request):\n    return request.param\n"
    )
    (tmp_path / "beside.py").write_text("NUMBER = 5\n")
    code = """
import pytest
from beside import NUMBER

@pytest.fixture(scope="module")
def value(student):
    return student.f()

@check("f", title="t")
def test_one(value, shared):
    expect(value, NUMBER)
"""
    calls: list[int] = []

    def f() -> int:
        calls.append(1)
        return 5

    checks = run(tmp_path, code, functions={"f": f})
    assert [(check.id, check.outcome) for check in checks.values()] == [
        ("test_one[1]", "passed"),
        ("test_one[2]", "passed"),
    ]
    assert calls == [1]
    assert [spec.id for spec in collect_checks(tmp_path / "checks.py")] == list(checks)
    assert "beside" not in sys.modules


def test_random_numbers_are_the_same_on_every_run_and_no_others(tmp_path: Path) -> None:
    code = """
@check("f", title="t")
def test_a(student, rng):
    student.f(rng.integers(2**62))

@check("f", title="t")
def test_b(student, rng):
    student.f(rng.integers(2**62))
"""
    drawn: list[int] = []
    functions: dict[str, Any] = {"f": drawn.append}
    for settings in ({}, {}, {"seed": 8}, {"exercise": "exercise-2"}):
        run(tmp_path, code, functions=functions, **settings)
    assert drawn[0:2] == drawn[2:4]
    assert len(set(drawn)) == 6


def test_source_and_train_fixtures(tmp_path: Path) -> None:
    code = """
@check("f", title="t")
def test_f(student, source, train):
    require("add" in source.calls("f"), "no add")
    model = student.f()
    expect_accuracy(train(model, inputs="images", epochs=3), 0.8)
    record_metric("parameters", "none", 7)
    expect_accuracy(train(model, "flat", optimizer=None, loss=None), 0.9, split="test")
"""
    from grader.protocol.values import KerasValue  # noqa: PLC0415 - only here
    from tests.checking.contexts import FakeTrained  # noqa: PLC0415 - only here

    orders: list[Any] = []
    model = KerasValue("model", {"class_name": "Sequential"})

    def train(value: KerasValue, **settings: Any) -> FakeTrained:
        orders.append((value, settings))
        return FakeTrained()

    check = run(tmp_path, code, functions={"f": lambda: model}, train=train)["test_f"]
    assert check.outcome is Outcome.FAILED
    assert check.metrics == (
        Metric(name="accuracy", split="validation", value=0.85, threshold=0.8),
        Metric(name="parameters", split="none", value=7.0, threshold=None),
        Metric(name="accuracy", split="test", value=0.84, threshold=0.9),
    )
    usual = {"optimizer": "rmsprop", "loss": "sparse_categorical_crossentropy"}
    assert orders == [
        (model, {"inputs": "images", "epochs": 3, **usual}),
        (model, {"inputs": "flat", "epochs": 5, "optimizer": None, "loss": None}),
    ]


def test_what_a_student_prints_is_kept_with_the_check_and_cut(tmp_path: Path) -> None:
    code = """
@check("f", title="t")
def test_a(student):
    print("the author's own")
    student.f()
    student.f()

@check("f", title="t")
def test_b(student):
    pass
"""
    checks = run(tmp_path, code, functions={"f": lambda: 1}, printed="x" * 3000, warnings=("w" * 900, "w" * 900))
    assert checks["test_a"].printed == "x" * 4000
    assert checks["test_a"].warnings == ("w" * 300,)
    assert (checks["test_b"].printed, checks["test_b"].warnings) == ("", ())


def test_a_check_file_may_know_mistakes_of_its_own(tmp_path: Path) -> None:
    code = """
diagnoses = (Diagnosis(r"KeyError: '(?P<key>\\w+)'", _("There is no {key}."), _("Add {key}.")),)

@check("f", title="t")
def test_f(student):
    raise StudentError("f raised KeyError: 'a'", exception="KeyError", text="'a'", hint="general")
"""
    check = run(tmp_path, code)["test_f"]
    assert str(check.message) == "f raised KeyError: 'a' — There is no a."
    assert str(check.hint) == "Add a."


CIRCLE = """
@check("f", title="t", needs=["test_b"])
def test_a(): pass

@check("f", title="t", needs=["test_a"])
def test_b(): pass
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = 1\n", "holds no check"),
        ("def test_a():\n    pass\n", "The function test_a has no @check above it."),
        ("x = = 1\n", "SyntaxError: invalid syntax"),
        ("x = 1\nraise RuntimeError('boom')\n", "RuntimeError: boom (line 6)"),
        ("import nothing_of_this_name\n", "ModuleNotFoundError"),
        (
            "@check('f', title='t')\ndef test_a(): pass\n@check('f', title='t')\ndef test_a(): pass\n",
            "Two checks are named",
        ),
        ("@check('f', title='t', needs=['test_b'])\ndef test_a(): pass\n", "test_a needs test_b"),
        (
            CIRCLE,
            "in a circle: test_",
        ),
        ("@check('f', title='t')\ndef a(): pass\n", "whose name begins with test_"),
        ("@check('f')\ndef test_a(): pass\n", "needs a title"),
        ("@check('f', title='t', points=-1)\ndef test_a(): pass\n", "points of check test_a"),
        ("@check('f', title='t', points=float('nan'))\ndef test_a(): pass\n", "points of check test_a"),
        ("@check('f', title='t', visibility='secret')\ndef test_a(): pass\n", "public or hidden, not secret"),
        ("@check('f', title='t')\nasync def test_a(): pass\n", "without async and yield"),
        ("@check('f', title='t')\ndef test_a(): yield\n", "without async and yield"),
        (
            "@check('f', title='t')\ndef test_a(): pass\nclass TestB:\n    def test_c(self): pass\n",
            "TestB is a class",
        ),
        (
            "import pytest\n@check('f', title='t')\n@pytest.mark.parametrize('n', [1])\ndef test_a(m): pass\n",
            "function uses no argument 'n'",
        ),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("import pytest\npytest.skip('x', allow_module_level=True)\n", "Skipped: x"),
    ],
)
def test_a_check_file_that_could_pass_silently_is_refused(tmp_path: Path, code: str, words: str) -> None:
    file = write_checks(tmp_path, code)
    for use in (lambda: run_checks(file, context()), lambda: collect_checks(file)):
        with pytest.raises(CourseError) as caught:
            use()
        told = Translator.english().render(caught.value.message)
        assert words in told
        assert str(file) in told
        assert "\n" not in told


def test_a_missing_check_file_is_the_courses_mistake(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        collect_checks(tmp_path / "none.py")


@pytest.mark.parametrize("place", ["import", "check", "ask"])
def test_interruptions_pass(tmp_path: Path, place: str) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    code = {
        "import": "raise KeyboardInterrupt\n",
        "check": "@check('f', title='t')\ndef test_a(): raise KeyboardInterrupt\n",
        "ask": "@check('f', title='t')\ndef test_a(student): student.f()\n",
    }[place]
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, code, functions={"f": interrupt})


def test_pytest_exit_passes(tmp_path: Path) -> None:
    with pytest.raises(pytest.exit.Exception, match="enough"):
        run(tmp_path, "import pytest\n@check('f', title='t')\ndef test_a(): pytest.exit('enough')\n")


def test_a_failure_of_pytest_itself_is_ours(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("def pytest_runtest_logstart():\n    raise RuntimeError('broken hook')\n")
    with pytest.raises(InternalError, match="broken hook"):
        run(tmp_path, "@check('f', title='t')\ndef test_a(): pass\n")


def test_nothing_of_the_process_changes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("print('conftest')\n")
    before = Path.cwd(), list(sys.path), dict(os.environ), sys.dont_write_bytecode, sys.stdout
    checks = run(tmp_path, "print('loud')\n@check('f', title='t')\ndef test_a(): 1 / 0\n")
    assert checks["test_a"].outcome is Outcome.ERRORED
    assert (Path.cwd(), list(sys.path), dict(os.environ), sys.dont_write_bytecode, sys.stdout) == before
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checks.py", "conftest.py", "pytest.ini"]


@pytest.mark.parametrize("folder", ["a[1]", "a::b", "한글 폴더", "a%b#c"])
def test_folders_may_have_any_name(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    checks = run(tmp_path / folder, "@check('f', title='t')\ndef test_a(): pass\n")
    assert checks["test_a"].outcome is Outcome.PASSED


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    assert run(tmp_path, "@check('f', title='one')\ndef test_a(): pass\n")["test_a"].title == "one"
    assert run(tmp_path, "@check('f', title='two')\ndef test_a(): pass\n")["test_a"].title == "two"


def test_data_classes_of_authors_find_their_module(tmp_path: Path) -> None:
    code = """
from dataclasses import dataclass

@dataclass
class Case:
    number: "int"

@check("f", title="t")
def test_a():
    \"\"\"Not needed: there is a title.\"\"\"
    assert Case(3).number == 3

@check("f")
def test_b():
    \"\"\"The docstring is the title.

    And this is not.
    \"\"\"
"""
    checks = run(tmp_path, code)
    assert checks["test_a"].outcome is Outcome.PASSED
    assert checks["test_b"].title == "The docstring is the title."


def test_numpy_arguments_reach_the_submission_as_they_are(tmp_path: Path) -> None:
    code = """
import numpy as np

@check("f", title="t")
def test_f(student):
    call = student.observe("f", np.arange(3), [1, (2,)], key={"a": None})
    expect_array(call.value, np.arange(3))
    expect_unchanged(call, 0, np.arange(3))
    expect(call.printed, "hello")

@check("f", title="t")
def test_g(student):
    student.f(object())
"""
    checks = run(tmp_path, code, functions={"f": lambda array, _list, key: array if key else None}, printed="hello")
    assert checks["test_f"].outcome is Outcome.PASSED
    assert checks["test_g"].outcome is Outcome.ERRORED
    assert "cannot send an object of class object" in str(checks["test_g"].detail)


def test_answer_is_asked_once_and_noted_with_each_check(tmp_path: Path) -> None:
    calls = []

    def build() -> int:
        calls.append(1)
        return len(calls)

    checks = run(
        tmp_path,
        "@check('build', title='a')\ndef test_a(answer): expect(answer, 1)\n"
        "@check('build', title='b')\ndef test_b(answer): expect(answer, 1)\n"
        "@check('build', title='c')\ndef test_c(student, answer): expect((answer, student.build()), (1, 2))\n",
        functions={"build": build},
        printed="built",
    )
    assert {check.outcome for check in checks.values()} == {Outcome.PASSED}
    assert [check.printed for check in checks.values()] == ["built", "built", "builtbuilt"]


def test_answer_that_cannot_be_had_fails_each_check_with_the_same_sentence(tmp_path: Path) -> None:
    calls = []

    def build() -> int:
        calls.append(1)
        raise StudentError("build raised ValueError", exception="ValueError", text="")

    code = "".join(f"@check('build', title='{name}')\ndef test_{name}(answer): pass\n" for name in "abc")
    checks = run(tmp_path, code, functions={"build": build})
    assert {(check.outcome, str(check.message)) for check in checks.values()} == {
        (Outcome.FAILED, "build raised ValueError")
    }
    assert len(calls) == 1


GIVEN = """
import numpy as np
drawn = []
def draw(rng):
    drawn.append(1)
    return np.arange(len(drawn)) + int(rng.integers(1000)), 3
def draw_other(rng):
    return (int(rng.integers(1000)),)
@check('f', given=draw, title='a')
def test_a(answer, given):
    numbers, three = given
    expect((list(answer), three, numbers.flags.writeable), (list(numbers), 3, False))
@check('f', given=draw, title='b')
def test_b(answer, given): expect((answer[0], len(drawn)), (given[0][0], 1))
@check('f', given=draw_other, title='c')
def test_c(answer, given): require(answer == given[0], 'other')
@check('f', title='d')
def test_d(answer, given): expect((answer, given), (None, ()))
"""


def test_checks_with_the_same_given_share_its_arguments_and_the_answer(tmp_path: Path) -> None:
    calls = []

    def f(*arguments: Any) -> Any:
        calls.append(arguments)
        return arguments[0] if arguments else None

    file = write_checks(tmp_path, GIVEN)
    with contextlib.closing(CheckRunner()) as runner:
        for _ in range(2):
            checks = runner.run(file, context({"f": f}))
            assert [check.outcome.value for check in checks] == ["passed"] * 4, checks
    assert [len(arguments) for arguments in calls] == [2, 1, 0] * 2
    assert calls[0][0] == calls[3][0]  # the same at each run
    assert calls[1] == calls[4]


def test_a_given_that_raises_is_the_checks_own_error(tmp_path: Path) -> None:
    code = "def draw(rng): raise ValueError('no luck')\n@check('f', given=draw, title='t')\ndef test_a(answer): pass\n"
    assert run(tmp_path, code, functions={"f": lambda: 1})["test_a"].outcome is Outcome.ERRORED


STATEFUL = """
seen = []
@check('f', title='a')
def test_a(student):
    seen.append(student.f())
    expect(len(seen), 1)
@check('f', title='b', needs=[test_a])
def test_b(answer): expect(answer, 1)
"""


def test_a_runner_runs_a_file_again_as_if_for_the_first_time(tmp_path: Path) -> None:
    file = write_checks(tmp_path, STATEFUL)
    with contextlib.closing(CheckRunner()) as runner:
        outcomes = [
            [check.outcome.value for check in runner.run(file, context({"f": lambda value=value: value}))]
            for value in (1, 2, 1)
        ]
    assert outcomes == [["passed", "passed"], ["passed", "failed"], ["passed", "passed"]]


def test_a_runner_takes_a_file_that_has_changed(tmp_path: Path) -> None:
    file = write_checks(tmp_path, STATEFUL)
    with contextlib.closing(CheckRunner()) as runner:
        runner.run(file, context({"f": lambda: 1}))
        write_checks(tmp_path, STATEFUL.replace("answer, 1", "answer, 3"))
        assert [check.outcome.value for check in runner.run(file, context({"f": lambda: 1}))] == ["passed", "failed"]
        write_checks(tmp_path, "@check('f', title='only')\ndef test_only(answer): expect(answer, 1)\n")
        assert [check.id for check in runner.run(file, context({"f": lambda: 1}))] == ["test_only"]


def test_a_runner_goes_on_after_a_check_that_ended_pytest(tmp_path: Path) -> None:
    file = write_checks(
        tmp_path,
        "import pytest\n@check('f', title='t')\ndef test_a(answer):\n    if answer: pytest.exit('enough')\n",
    )
    with contextlib.closing(CheckRunner()) as runner:
        with pytest.raises(pytest.exit.Exception, match="enough"):
            runner.run(file, context({"f": lambda: 1}))
        assert [check.outcome.value for check in runner.run(file, context({"f": lambda: 0}))] == ["passed"]


@pytest.mark.parametrize(
    ("code", "helper"),
    [
        (
            "def setup_module(module): module.X = 1\n@check('f', title='t')\ndef test_a(answer): expect(answer, X)\n",
            "",
        ),
        (
            "from helper import made\n@check('f', title='t')\ndef test_a(answer, made): expect(answer, made)\n",
            "import pytest\nSTATE = []\n@pytest.fixture\ndef made():\n    STATE.append(1)\n    return len(STATE)\n",
        ),
        (
            "@check('f', title='t')\ndef test_a(answer, tmp_path): expect(tmp_path.name, 'test_a0')\n",
            "",
        ),
    ],
    ids=["setup_module", "fixture of a helper", "tmp_path"],
)
def test_what_fixtures_hold_is_new_in_each_run(tmp_path: Path, code: str, helper: str) -> None:
    tmp_path.joinpath("helper.py").write_text(helper, "utf-8")
    file = write_checks(tmp_path, code)
    with contextlib.closing(CheckRunner()) as runner:
        for _run in range(3):
            assert [check.outcome.value for check in runner.run(file, context({"f": lambda: 1}))] == ["passed"]


def test_parameters_from_a_helper_are_listed_as_they_are_run(tmp_path: Path) -> None:
    tmp_path.joinpath("helper.py").write_text(
        "import pytest\ncases = pytest.mark.parametrize('case', [1, 2])\n", "utf-8"
    )
    file = write_checks(
        tmp_path, "from helper import cases\n@cases\n@check('f', title='t')\ndef test_a(answer, case): pass\n"
    )
    run_ids = [check.id for check in run_checks(file, context({"f": lambda: 1}))]
    assert [spec.id for spec in collect_checks(file)] == run_ids == ["test_a[1]", "test_a[2]"]
