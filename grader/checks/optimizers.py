"""What the checks of exercise 6 ask of optimizers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from grader.checking import Mistake, check, expect, origin, require, same_object
from grader.checks import steps_6
from grader.language import _

RATE: Final = "learning_rate"

Test = Callable[..., None]


def kind_check(function: str, kind: str) -> Callable[[Test], Test]:
    """Make a test the check that `function` returns an optimizer of the class `kind`."""
    return check(
        function,
        points=0.4,
        title=_("{function} returns an {kind} optimizer", function=function, kind=kind),
        hint=_("`return keras.optimizers.{kind}(...)`", kind=kind),
        hints=steps_6.kind(function, kind),
    )


def fresh_check(function: str, *, needs: Sequence[Test]) -> Callable[[Test], Test]:
    """Make a test the check that two calls of `function` make two optimizers."""
    return check(
        function,
        points=0.2,
        needs=needs,
        title=_("{function} makes a new optimizer at each call", function=function),
        hints=steps_6.renewed(function),
    )


def settings_of(optimizer: Any) -> dict[str, Any]:
    """The configuration of an optimizer of the submission. Raises CheckFailed for what is no Keras object."""
    config = origin(optimizer).config.get("config")
    return config if isinstance(config, dict) else {}


def expect_rate(optimizer: Any, rate: float, *, default: float) -> None:
    """Expect the learning rate `rate`; `default` is what Keras takes when none is given. Raises CheckFailed."""
    found = settings_of(optimizer).get(RATE)
    require(
        not isinstance(found, dict),
        _("The learning rate is a schedule; a fixed number is asked for."),
        expected=str(rate),
        observed=str(found.get("class_name"))[:60] if isinstance(found, dict) else None,
    )
    mistakes: list[Mistake] = []
    if default != rate:
        mistakes.append(
            Mistake(
                default,
                _("The learning rate is {rate}, which is Keras's default: it was not given.", rate=default),
                _("`learning_rate={rate}` between the parentheses sets it.", rate=rate),
            )
        )
    mistakes += [
        Mistake(rate * factor, _("The decimal point of the learning rate is in the wrong place."))
        for factor in (0.01, 0.1, 10, 100)
        if rate * factor != default
    ]
    expect(found, rate, mistakes=mistakes)


def expect_new(one: Any, other: Any, function: str) -> None:
    """Expect that two calls of `function` made two optimizers. Raises CheckFailed."""
    for made in (one, other):
        origin(made)
    require(
        not same_object(one, other),
        _("Two calls of {function} returned the same optimizer.", function=function),
        expected=_("a new optimizer at each call"),
        observed=_("the same object twice"),
        hint=_(
            "An optimizer remembers the weights that it moves, so that one model's optimizer is of no use to another"
            " model. Make it inside the function."
        ),
    )
