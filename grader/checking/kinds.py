"""Expecting a Keras object of exactly one class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from grader.checking.display import cap, describe_kind, show
from grader.checking.failures import CheckFailed, Message
from grader.language import Text, _
from grader.protocol.values import KerasValue, Opaque

_PUBLIC_NAMES: Final = {"Functional": "Model"}
"""`keras.Model(inputs, outputs)` makes a Functional, which no student ever wrote."""


def expect_kind(value: Any, kind: str | Sequence[str], *, function: str, hint: Message | None = None) -> None:
    """Expect a Keras object of exactly the public class `kind`, or of one of several: AdamW is not Adam.

    "Model" is a functional model. Raises CheckFailed, which names what `function` returned instead.
    """
    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    if keras_class(value) in kinds:
        return
    message, own_hint = _instead(value, kinds, function)
    raise CheckFailed(
        message,
        expected=_("a Keras object of class {kinds}", kinds=" / ".join(kinds)),
        observed=show(value) if keras_class(value) is None else _PUBLIC_NAMES.get(class_name(value), class_name(value)),
        hint=hint or own_hint,
    )


def keras_class(value: Any) -> str | None:
    """The public class name of a Keras object, rebuilt or as it crossed; None for anything else."""
    if isinstance(value, KerasValue):
        name = value.config.get("class_name")
        return _PUBLIC_NAMES.get(name, name) if isinstance(name, str) else None
    if isinstance(value, type) or type(value).__module__.partition(".")[0] != "keras":
        return None
    return _PUBLIC_NAMES.get(type(value).__name__, type(value).__name__)


def class_name(value: Any) -> str:
    """The name of the class of `value`, short."""
    return cap(type(value).__name__, 60)


def _instead(value: Any, kinds: tuple[str, ...], function: str) -> tuple[Text, Message | None]:
    wanted = " / ".join(kinds)
    if value is None:
        return (
            _(
                "{function} returned nothing (None) instead of an object of class {wanted}.",
                function=function,
                wanted=wanted,
            ),
            _("End the function with `return` and the object. `compile()`, `add()` and `build()` return nothing."),
        )
    if isinstance(value, type) or (isinstance(value, Opaque) and value.type_name == "builtins.type"):
        return (
            _("{function} returned a class instead of an object of it.", function=function),
            _("Write parentheses behind the class to make an object: `{wanted}(...)`.", wanted=kinds[0]),
        )
    if isinstance(value, str):
        return (
            _("{function} returned a string instead of an object of class {wanted}.", function=function, wanted=wanted),
            _("Make the object itself: `{wanted}(...)`.", wanted=kinds[0]),
        )
    if isinstance(value, list | tuple):
        return (
            _(
                "{function} returned several objects instead of one of class {wanted}.",
                function=function,
                wanted=wanted,
            ),
            _("Look at the `return` line: one object, without brackets and without a comma behind it."),
        )
    if keras_class(value) is not None:
        return (
            _(
                "{function} returned an object of class {found} instead of {wanted}.",
                function=function,
                found=cap(keras_class(value) or "", 60),
                wanted=wanted,
            ),
            None,
        )
    return (
        _(
            "{function} returned {found} instead of an object of class {wanted}.",
            function=function,
            found=describe_kind(value),
            wanted=wanted,
        ),
        None,
    )
