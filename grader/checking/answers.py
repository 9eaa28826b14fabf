"""Answers of a subject on their way into a check: Keras objects rebuilt, and kind words for what may not cross."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any, Final

from grader.checking.display import cap
from grader.checking.origins import remember
from grader.errors import AnswerError
from grader.language import Text, _
from grader.protocol.values import KerasValue, Opaque

_Words = tuple[str, Text, Text | None]


def _words() -> tuple[_Words, ...]:
    """Class names as patterns, with the sentence and the next step for each; the first that matches is used."""
    instance = _("Write parentheses behind its name to make an object of it.")
    return (
        (r"builtins\.(type|ABCMeta)|abc\.ABCMeta|.*Meta", _("{function} returned a class, not an object."), instance),
        (
            r"builtins\.(function|builtin_function_or_method|method)|functools\.partial|numpy\.ufunc",
            _("{function} returned a function instead of its value."),
            _("Call the function, with parentheses, and return what it gives."),
        ),
        (
            r"(tensorflow\.python\.keras|tf_keras)\..*",
            _("{function} returned an object of another Keras ({name}), which does not work together with Keras 3."),
            _("Import from `keras` or `tensorflow.keras`, not from `tensorflow.python.keras` or `tf_keras`."),
        ),
        (
            r".*KerasTensor",
            _("{function} returned a symbolic KerasTensor, which holds no numbers."),
            _("Return the model or the layer itself; `keras.Input(...)` and `layer(inputs)` give symbolic tensors."),
        ),
        (
            r"tensorflow\..*(Tensor|Variable)|keras\..*Variable|jaxlib\..*|torch\.Tensor",
            _("{function} returned a tensor where a NumPy array belongs."),
            _("Return a NumPy array: `.numpy()` on the tensor, or compute with `np` from the start."),
        ),
        (
            r"tensorflow\..*Dataset.*",
            _("{function} returned a TensorFlow dataset where NumPy arrays belong."),
            _("Return NumPy arrays."),
        ),
        (
            r"pandas\..*",
            _("{function} returned a pandas object where a NumPy array belongs."),
            _("Return a NumPy array: `.to_numpy()`."),
        ),
        (
            r"builtins\.(generator|map|filter|zip|range|enumerate|reversed|.*iterator)|itertools\..*",
            _("{function} returned something that gives its items one by one ({name})."),
            _("Make a list of it: `list(...)`."),
        ),
        (
            r"builtins\.(dict_keys|dict_values|dict_items|set|frozenset)|collections\.deque",
            _("{function} returned a {name} where a list or a tuple belongs."),
            _("Make a list of it: `list(...)`."),
        ),
        (
            r"numpy\.ndarray|numpy\..*",
            _("{function} returned a NumPy array that does not hold plain numbers ({detail})."),
            _("Look for rows of different lengths, or for None among the numbers."),
        ),
        (
            r"builtins\.(module|ellipsis|NotImplementedType)",
            _("{function} returned {name}, which is no answer."),
            _("Look at the `return` line."),
        ),
        (
            r"keras\..*",
            _("{function} returned a Keras object ({name}) that cannot leave your program: {detail}"),
            _('Use Keras\'s own classes and functions, for example `activation="relu"`, not a NumPy function.'),
        ),
    )


_NUMPY_ACTIVATION: Final = re.compile(r"numpy\.ufunc|numpy")


def receive(value: Any, function: str, rebuild: Callable[[KerasValue], Any]) -> Any:
    """`value` with every Keras object in it rebuilt, and its origin remembered.

    Raises AnswerError for an object of any other class, and what `rebuild` raises.
    """
    if isinstance(value, KerasValue):
        built = rebuild(value)
        remember(built, dataclasses.replace(value, facts={**value.facts, **_told_by(built)}))
        return built
    if isinstance(value, Opaque):
        raise refuse(value, function)
    if isinstance(value, list):
        return [receive(item, function, rebuild) for item in value]
    if isinstance(value, tuple):
        return tuple(receive(item, function, rebuild) for item in value)
    if isinstance(value, dict):
        return {key: receive(item, function, rebuild) for key, item in value.items()}
    return value


def _told_by(built: Any) -> dict[str, Any]:
    """What the rebuilt object tells of itself, whatever the subject said: `built` and, for a model, its shapes."""
    shapes = {name: getattr(built, name, None) for name in ("input_shape", "output_shape") if hasattr(built, "layers")}
    return {"built": getattr(built, "built", None) is True} | shapes


def refuse(value: Opaque, function: str) -> AnswerError:
    """The fault of returning an object that may not cross, in words that name what to return instead."""
    name = cap(value.type_name.rpartition(".")[2], 60)
    places = {"function": function, "name": name, "detail": cap(value.text)}
    if value.type_name.startswith("keras.") and _NUMPY_ACTIVATION.search(value.text):
        return AnswerError(
            _(
                "{function} returned a Keras object ({name}) that uses a NumPy function, which Keras cannot train.",
                function=function,
                name=name,
            ),
            hint=_('Give the activation by its name, for example `activation="sigmoid"`.'),
        )
    for pattern, message, hint in _words():
        if re.fullmatch(pattern, value.type_name):
            return AnswerError(Text(message.msgid, places), hint=hint)
    return AnswerError(
        _(
            "{function} returned an object of class {name}, which cannot leave your program.",
            function=function,
            name=name,
        ),
        hint=_("Return plain values, NumPy arrays, or objects of Keras's own classes."),
        observed=name,
    )
