"""Whatever a submission answers, a check of the built-in course passes or fails it: it never errs.

Each check is asked without its prerequisites, since a submission may answer each call differently.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import functools
import itertools
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.checking import Call, Student
from grader.checking.loading import load_module, specs_in
from grader.checking.runs import ending_of
from grader.checking.specs import CheckSpec
from grader.checking.student import Answers
from grader.course import builtin_folder
from grader.protocol.keras_values import describe, rebuild
from grader.protocol.values import KerasValue, decode, encode
from grader.records import Outcome
from grader.training import cleaned_answer, rebuild_answer
from tests.checking.contexts import FakeTrained, context
from tests.fuzzing.mutations import mutated

COURSE = builtin_folder()
WITHOUT_KERAS = {
    "exercise-1": ["scale_pixels", "flatten_images", "split_validation", "prepare_data"],
    "exercise-3": ["dense_parameter_count", "model_parameter_count", "layer_output_shapes", "batches_per_epoch"],
    "exercise-5": ["relu"],
}
WITH_KERAS = [f"exercise-{number}" for number in (2, 4, 5, 6)]


def _filled(shape: tuple[int, ...], dtype: str, fill: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        try:
            return np.full(shape, fill).astype(dtype)
        except (OverflowError, ValueError):
            return np.zeros(shape, dtype)


shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
dtypes = st.sampled_from(["f2", "f4", "f8", "i1", "u8", "i8", "?", "c16", "U3", "S2"])
numbers = st.sampled_from([0, 1, 10, 100, 784, 79_510, -1, 2**63, 10**400, 0.5, math.nan, math.inf, -math.inf, 1j])
arrays = st.builds(_filled, shapes, dtypes, st.sampled_from([0, 1, 3, math.nan, 1e300]))
leaves = st.none() | st.booleans() | numbers | st.text(max_size=4) | st.binary(max_size=2) | arrays
scalars = arrays.map(lambda array: array.ravel()[0] if array.size else np.float32(np.nan))
answers = st.recursive(
    leaves | scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(0, 3), inner, max_size=2)
    ),
    max_leaves=8,
)


SPOILED: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda array: array,
    lambda array: array.astype("U3"),
    lambda array: array.astype("c16"),
    lambda array: array.astype(bool),
    lambda array: array[:-1],
    lambda array: array[..., :1],
    lambda array: array.reshape(-1),
    lambda array: array[np.newaxis],
    lambda array: np.full(array.shape, np.nan),
    lambda array: np.full(array.shape, -1e300),
)


@dataclasses.dataclass(frozen=True)
class Spoiler:
    """What is done to a right answer: something in it, found by `path`, is spoiled or replaced by `value`."""

    path: tuple[int, ...]
    way: int
    value: Any

    def __call__(self, right: Any, depth: int = 0) -> Any:
        if depth < len(self.path) and isinstance(right, list | tuple) and right:
            items = list(right)
            number = self.path[depth] % len(items)
            items[number] = self(items[number], depth + 1)
            return items if self.way % 2 else tuple(items)
        if self.way < len(SPOILED) and isinstance(right, np.ndarray) and right.ndim:
            return SPOILED[self.way](right)
        return right if self.way == 0 else self.value


spoilers = st.lists(
    st.builds(
        Spoiler,
        st.lists(st.integers(0, 3), max_size=2).map(tuple),
        st.integers(0, len(SPOILED) + 5),
        st.sampled_from([np.ones(2), np.array(["a", "b"]), [np.zeros((2, 2))]]) | answers,
    ),
    min_size=1,
    max_size=4,
)


@functools.cache
def _functions(folder: Path) -> dict[str, Callable[..., Any]]:
    """The functions of a solution, which this test calls in its own process."""
    file = next(folder.glob("exercise_*.py"))
    names: dict[str, Any] = {"__name__": file.stem}
    exec(compile(ast.parse(file.read_text("utf-8")), str(file), "exec"), names)  # noqa: S102 - the course's own file
    return {name: value for name, value in names.items() if callable(value)}


def _checks(exercise: str) -> Iterator[tuple[CheckSpec, Callable[..., Any], Path]]:
    file = COURSE / "grader" / "checks" / f"test_{exercise.replace('-', '_')}.py"
    module = load_module(file)
    for spec in specs_in(module, file):
        yield spec, getattr(module, spec.id), file


def _outcome(
    check: Callable[..., Any],
    file: Path,
    answer: Callable[..., Any],
    spec: CheckSpec,
    rebuild: Callable[[Any], Any] = lambda value: value,
) -> tuple[Outcome, str | None]:
    """How `check` ends when each call of the submission gives what `answer` gives."""

    def ask(function: str, args: tuple[Any, ...], kwargs: dict[str, Any], observe: bool) -> Call:  # noqa: FBT001
        sent = copy.deepcopy((args, kwargs))
        value, seen = (
            cleaned_answer(decode(encode(part, limit=10**8, describe=describe)))
            for part in (answer(function, *sent[0], **sent[1]), sent[0])
        )
        return Call(value, seen if observe else ())

    asked = dataclasses.replace(context(rebuild=rebuild), ask=ask)
    student = Student(asked)
    answers_of = Answers(student, asked)
    given_by_name = {
        "student": student,
        "rng": np.random.default_rng(7),
        "source": asked.source,
        "train": lambda _model, *_args, **_settings: FakeTrained(),
    }
    wanted = check.__code__.co_varnames[: check.__code__.co_argcount]
    try:
        given_by_name["given"] = answers_of.given(spec)
        if "answer" in wanted:
            given_by_name["answer"] = answers_of(spec)
        if "observed" in wanted:
            given_by_name["observed"] = answers_of.observed(spec)
        check(**{name: given_by_name[name] for name in wanted})
    except Exception as error:  # noqa: BLE001 - which of them are faults of the submission is the question
        ending = ending_of(error, file)
        return ending.outcome, ending.detail
    return Outcome.PASSED, None


CHECKS_WITHOUT_KERAS = [
    pytest.param(spec, check, file, exercise, id=spec.id)
    for exercise, functions in WITHOUT_KERAS.items()
    for spec, check, file in _checks(exercise)
    if spec.function in functions
]


@pytest.mark.parametrize(("spec", "check", "file", "exercise"), CHECKS_WITHOUT_KERAS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=spoilers)
def test_no_answer_makes_a_check_err(
    spec: CheckSpec, check: Callable[..., Any], file: Path, exercise: str, plan: list[Spoiler]
) -> None:
    function = spec.function
    right = _functions(COURSE / "solutions" / exercise)[function] if function != "relu" else _relu
    turns = itertools.cycle(plan)
    outcome, detail = _outcome(check, file, lambda _name, *args: next(turns)(right(*args)), spec)
    assert outcome in {Outcome.PASSED, Outcome.FAILED}, detail


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise", WITH_KERAS)
def test_no_keras_object_makes_a_check_err(exercise: str) -> None:
    """Each call is answered rightly, by a right answer that was tampered with, or by something else altogether."""
    source = random.Random(exercise)  # noqa: S311 - no secret
    functions = _functions(COURSE / "solutions" / exercise)
    checks = list(_checks(exercise))

    def answer(name: str, *args: Any, **kwargs: Any) -> Any:
        given = [rebuild(value) if isinstance(value, KerasValue) else value for value in args]
        right = decode(encode(functions[name](*given, **kwargs), limit=10**8, describe=describe))
        return right if source.random() < 0.3 else _tampered(right, source)

    for spec, check, file in checks * 2:
        outcome, detail = _outcome(check, file, answer, spec, rebuild_answer)
        assert outcome in {Outcome.PASSED, Outcome.FAILED}, f"{spec.id}: {detail}"


def _tampered(value: Any, source: random.Random) -> Any:
    while True:
        changed = mutated(value, source)
        try:
            encode(changed, limit=10**8)
        except (OverflowError, RecursionError):
            continue
        return changed


def _relu(z: Any) -> Any:
    """Exercise 5's, whose solution imports Keras."""
    return np.maximum(0, z)


@pytest.mark.parametrize("first", [np.ones(2), np.array(["None", "a"]), [None], (np.ones(2),), "None", math.nan])
def test_what_stands_in_a_shape_is_the_submissions_answer(first: Any) -> None:
    (spec, check, file) = next(found for found in _checks("exercise-3") if found[0].id.endswith("shapes_batch"))
    assert (
        _outcome(check, file, lambda _name, sizes: [(first, units) for units in sizes[1:]], spec)[0] is Outcome.FAILED
    )
