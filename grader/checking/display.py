"""Short words and short forms for any value, so that a sentence about it stays a sentence."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from grader.language import Text, _
from grader.protocol.values import KerasValue, Opaque

LIMIT: Final = 120
"""Characters of one value in feedback."""
_DEPTH: Final = 6
_ITEMS: Final = 20
_NUMBERS: Final = 6
_BITS_SHOWN: Final = 256
"""Longer integers are told by their size: Python refuses to write one of more than 4,300 digits."""


def show(value: object, limit: int = LIMIT) -> Text | str:
    """`value` in at most about `limit` characters: an array by shape, dtype and a few numbers. Never raises."""
    try:
        return _show(value, limit)
    except Exception:  # noqa: BLE001 - whatever it is, it has at least a class
        return describe_kind(value)


def describe_kind(value: object) -> Text:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of value
    """What kind of thing `value` is, with its article: "a list", "a NumPy array", "nothing (None)"."""
    match value:
        case None:
            return _("nothing (None)")
        case bool() | np.bool_():
            return _("a truth value (bool)")
        case np.ndarray():
            return _("a NumPy array")
        case int() | np.integer():
            return _("an integer (int)")
        case float() | np.floating():
            return _("a floating-point number (float)")
        case complex() | np.complexfloating():
            return _("a complex number")
        case str():
            return _("a string (str)")
        case bytes():
            return _("bytes")
        case list():
            return _("a list")
        case tuple():
            return _("a tuple")
        case dict():
            return _("a dictionary (dict)")
        case type():
            return _("a class ({name})", name=cap(value.__name__))
        case Opaque():
            return _("an object of class {name}", name=cap(value.type_name))
        case KerasValue():
            return _("a Keras object of class {name}", name=cap(str(value.config.get("class_name"))))
    if inspect.isroutine(value):
        return _("a function")
    kind = type(value)
    if kind.__module__.partition(".")[0] == "keras":
        return _("a Keras object of class {name}", name=cap(kind.__name__))
    return _("an object of class {name}", name=cap(kind.__name__))


def cap(text: str, limit: int = LIMIT) -> str:
    """`text` in at most `limit` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def show_shape(shape: tuple[Any, ...]) -> str:
    """A shape as Python writes it: "(3, 784)", "(5,)"."""
    return cap(_brief(tuple(shape), _DEPTH))


def show_number(number: Any) -> str:
    """One number, short: six significant digits of a float, every digit of an integer."""
    if isinstance(number, bool | np.bool_ | str | bytes):
        return cap(_brief(number, 1), 40)
    if isinstance(number, int | np.integer):
        return _integer(int(number))
    if isinstance(number, float | np.floating):
        return f"{float(number):.6g}"
    return cap(str(number), 40)


def join_sentences(sentences: Sequence[Text | str]) -> Text:
    """Several sentences as one text."""
    names = [f"sentence_{number}" for number in range(len(sentences))]
    return Text(" ".join(f"{{{name}}}" for name in names), dict(zip(names, sentences, strict=True)))


def _show(value: object, limit: int) -> Text | str:
    if isinstance(value, np.ndarray) and value.ndim:
        numbers = ", ".join(show_number(number) for number in value.ravel()[:_NUMBERS].tolist())
        return _(
            "array of shape {shape}, {dtype}: {numbers}",
            shape=show_shape(value.shape),
            dtype=str(value.dtype),
            numbers=cap(numbers + (", …" if value.size > _NUMBERS else ""), limit),
        )
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | list | tuple | dict):
        return cap(_brief(value, _DEPTH), limit)
    if isinstance(value, np.generic | np.ndarray):
        return show_number(np.asarray(value).item())
    if isinstance(value, type) or inspect.isroutine(value):
        return cap(str(value.__name__), limit)
    return describe_kind(value)


def _brief(value: Any, depth: int) -> str:  # noqa: C901, PLR0911 - one line for each kind of value
    """`repr` for plain values, which never reads more than a few items of a container."""
    if depth == 0:
        return "…"
    match value:
        case bool() | np.bool_():
            return str(bool(value))
        case int() | np.integer():
            return _integer(int(value))
        case float() | np.floating():
            return _float(float(value))
        case str() | bytes():
            return repr(value[:LIMIT]) + ("…" if len(value) > LIMIT else "")
        case list():
            return f"[{_items(value, depth)}]"
        case tuple():
            return f"({_items(value, depth)}{',' if len(value) == 1 else ''})"
        case dict():
            pairs = [f"{_brief(key, depth - 1)}: {_brief(value[key], depth - 1)}" for key in list(value)[:_ITEMS]]
            return "{" + ", ".join(pairs) + (", …" if len(value) > _ITEMS else "") + "}"
        case np.ndarray():
            return f"array{value.shape}" if value.ndim else show_number(value[()])
        case None:
            return "None"
        case KerasValue():
            return str(value.config.get("class_name"))
        case Opaque():
            return value.type_name
    return cap(getattr(value, "__name__", type(value).__name__), 40)


def _items(values: list[Any] | tuple[Any, ...], depth: int) -> str:
    return ", ".join(_brief(item, depth - 1) for item in values[:_ITEMS]) + (", …" if len(values) > _ITEMS else "")


def _float(value: float) -> str:
    # What float32 made of 0.1 is written as 0.1.
    short = float(f"{value:.6g}")
    return repr(short if math.isclose(short, value, rel_tol=1e-7) else value)


def _integer(value: int) -> str:
    if value.bit_length() <= _BITS_SHOWN:
        return str(value)
    return f"{'-' if value < 0 else ''}10^{math.floor(value.bit_length() * math.log10(2))}"
