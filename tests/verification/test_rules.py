"""Every rule that needs a run, each with a course that breaks this one rule and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import GradingOptions
from grader.verification import Depth, Severity, Verification, verify
from tests.verification.conftest import CHECKS, SOLUTION, STUB, WRONG, Spoiled

pytestmark = pytest.mark.slow

TITLE = 'title=_("The sum of the numbers is right")'
WRONG_FOLDER = "checks/wrong/exercise-1"


def extra_check(body: str, *, name: str = "test_extra", more: str = "") -> str:
    return f'\n\n@check("add_up", points=0, {TITLE}{more})\ndef {name}(student, rng):\n    {body}\n'


def verified(spoiled: Spoiled, language: str = "en") -> Verification:
    course = spoiled.read()
    options = GradingOptions(language=language)
    return verify(course, options, course.exercises, Depth(runs=10, seeds=0), lambda _text: None)


def prove(spoiled: Spoiled, check: str, body: str, *, name: str = "another.py") -> None:
    spoiled.add(f"{WRONG_FOLDER}/{name}", f"# fails: {check}\ndef add_up(numbers):\n    {body}\n")


def earns_something(spoiled: Spoiled) -> None:
    spoiled.change(STUB, "raise NotImplementedError", "return sum(numbers)")


def passes_for_the_stub(spoiled: Spoiled) -> None:
    spoiled.change(STUB, "raise NotImplementedError", "return 0")
    spoiled.add(CHECKS, extra_check("expect_count(student.add_up([]), 0)"))
    prove(spoiled, "test_extra", "return sum(numbers) if numbers else None")


def passes_where_nothing_is_returned(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, extra_check("student.add_up([])"))
    prove(spoiled, "test_extra", "return numbers[0] + sum(numbers[1:])")


def solution_is_wrong(spoiled: Spoiled) -> None:
    spoiled.change(SOLUTION, "sum(numbers)", "sum(numbers) + 1")


def depends_on_an_order(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, "\n\nseen = []\n" + extra_check("seen.append(student.add_up([]))", name="test_first"))
    spoiled.add(CHECKS, extra_check("assert seen and student.add_up([]) == 0, 'not seen'", name="test_second"))
    spoiled.change(CHECKS, "seen.append(student.add_up([]))", "expect_count(student.add_up([]), 0), seen.append(0)")
    spoiled.add(
        f"{WRONG_FOLDER}/another.py", "# fails: test_first, test_second\ndef add_up(numbers):\n"
        "    return sum(numbers) if numbers else None\n"
    )  # fmt: skip


def fails_one_time_of_ten(spoiled: Spoiled) -> None:
    times = spoiled.folder.parent / "times"
    count = f"times = __import__('pathlib').Path({str(times)!r}); "
    count += "times.write_text((times.read_text() if times.exists() else '') + 'x'); "
    # The stub is asked nothing, so the solution's runs are 1 to 10.
    spoiled.add(
        CHECKS, extra_check(f"{count}expect_count(student.add_up([]), 1 if len(times.read_text()) == 7 else 0)")
    )
    prove(spoiled, "test_extra", "return sum(numbers) if numbers else None")


def no_wrong_answer_fails_it(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, extra_check("expect_count(student.add_up([]), 0)"))


def wrong_answer_is_right(spoiled: Spoiled) -> None:
    spoiled.add(f"{WRONG_FOLDER}/another.py", f"# fails: test_add_up_adds\n{(spoiled.folder / SOLUTION).read_text()}")


def wrong_answer_fails_another_check(spoiled: Spoiled) -> None:
    spoiled.change(WRONG, "# fails: test_add_up_adds", "# fails: test_something_else")


def wrong_answer_is_told_other_words(spoiled: Spoiled) -> None:
    spoiled.change(WRONG, "last number", "first number")


def wrong_answer_declares_nothing(spoiled: Spoiled) -> None:
    spoiled.add(f"{WRONG_FOLDER}/another.py", "def add_up(numbers):\n    return 0\n")


def check_breaks(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, extra_check("assert student.add_up([]) + 0 == 0, 'not 0'"))
    prove(spoiled, "test_extra", "return sum(numbers) if numbers else 1")
    # A function that returns nothing makes the check itself raise.


def shows_a_hidden_input(spoiled: Spoiled) -> None:
    body = "numbers = [int(n) for n in rng.integers(200, 900, 4)]\n    value = student.add_up(numbers)\n    "
    spoiled.add(CHECKS, extra_check(body + "expect_count(value, sum(numbers), hint=f'try {numbers[2]}', secret=True)"))
    spoiled.change(WRONG, "# fails: test_add_up_adds", "# fails: test_add_up_adds, test_extra")


def shows_a_list_of_small_numbers(spoiled: Spoiled) -> None:
    body = "assert student.add_up([5, 6, 7]) == 18, 'the sum of [5, 6, 7]'"
    spoiled.add(CHECKS, extra_check(body))
    spoiled.change(WRONG, "# fails: test_add_up_adds", "# fails: test_add_up_adds, test_extra")


def shows_the_right_answer(spoiled: Spoiled) -> None:
    body = "numbers = [int(n) for n in rng.integers(200, 900, 4)]\n    "
    spoiled.add(CHECKS, extra_check(body + "expect_count(student.add_up(numbers), sum(numbers))"))
    spoiled.change(WRONG, "# fails: test_add_up_adds", "# fails: test_add_up_adds, test_extra")


def one_call_is_close_to_its_limit(spoiled: Spoiled) -> None:
    spoiled.change("course.toml", "[verification]", "[limits]\ncall_seconds = 1.0\n\n[verification]")
    spoiled.change(SOLUTION, "return sum", "__import__('time').sleep(0.6)\n    return sum")


def check_file_cannot_be_used(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, "\n\ndef test_that_is_no_check(student):\n    pass\n")


@pytest.mark.parametrize(
    ("spoil", "file", "check", "words"),
    [
        (earns_something, STUB, "", "The stub earns 1 points; it must earn none"),
        (passes_for_the_stub, CHECKS, "test_extra", "The stub passes it: let it ask"),
        (passes_where_nothing_is_returned, CHECKS, "test_extra", "returns nothing passes it: add"),
        (solution_is_wrong, CHECKS, "test_add_up_adds", "The solution does not pass it (failed): mend one of the two"),
        (depends_on_an_order, CHECKS, "test_second", "not in another: name what it depends on in `needs`"),
        (fails_one_time_of_ten, CHECKS, "test_extra", "draw from `rng` whatever it draws"),
        (no_wrong_answer_fails_it, CHECKS, "test_extra", "No wrong answer fails it, so nobody knows"),
        (wrong_answer_is_right, f"{WRONG_FOLDER}/another.py", "", "It fails no check: make it wrong"),
        (wrong_answer_fails_another_check, WRONG, "", "test_add_up_adds fail, and it declares test_something_else"),
        (wrong_answer_is_told_other_words, WRONG, "", '"first number" stands in nothing that is said of it: correct'),
        (wrong_answer_declares_nothing, CHECKS, "", "another.py does not say which check must fail: begin it with"),
        (check_breaks, CHECKS, "test_extra", "mend the check"),
        (shows_a_hidden_input, CHECKS, "test_extra", "shows a hidden input"),
        (shows_a_list_of_small_numbers, CHECKS, "test_extra", "shows a hidden input, [5, 6, 7]"),
        (shows_the_right_answer, CHECKS, "test_extra", "add `secret=True` to the expectation"),
        (one_call_is_close_to_its_limit, CHECKS, "test_add_up_adds", "of 1 seconds: raise `call_seconds`"),
        (check_file_cannot_be_used, CHECKS, "", "test_that_is_no_check"),
    ],
)
def test_a_course_that_breaks_one_rule_is_told_this_and_nothing_else(
    spoiled: Spoiled, spoil: Callable[[Spoiled], None], file: str, check: str, words: str
) -> None:
    spoil(spoiled)
    found = verified(spoiled)
    said = {(str(Path(one.file).relative_to(spoiled.folder)), one.check) for one in found.findings}
    assert said == {(file, check)}, found.findings
    assert all(words in one.sentence for one in found.findings), found.findings
    errors = [one for one in found.findings if one.severity is Severity.ERROR]
    assert found.passed == (not errors)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_sound_course_is_sound_in_every_language(spoiled: Spoiled, language: str) -> None:
    found = verified(spoiled, language)
    assert found.findings == ()
    assert found.passed
    assert (found.checks, found.proven, found.wrong_answers) == (1, 1, 1)


def test_the_time_of_every_check_is_told_with_its_limit(spoiled: Spoiled) -> None:
    (timing,) = verified(spoiled).timings
    assert timing.check == "test_add_up_adds"
    assert 0 < timing.call_seconds <= timing.seconds < timing.limit == 10
