"""What a student reads when a model cannot be taken as it is. Each function raises the ModelError it is named for.

Names and numbers here come from a submission, so they are cut short and stand in places only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

from grader.errors import ModelError
from grader.language import _
from grader.training.catalog import ACTIVATIONS, REFUSED, SAME_FUNCTION

_DIMENSIONS: Final = 8
_SHOWN: Final = 60
_WRITABLE_BITS: Final = 8_192


def short(value: object) -> str:
    """`value` on one line, without control characters, cut to a length worth showing."""
    # Python itself refuses to write out integers of thousands of digits.
    huge = isinstance(value, int) and value.bit_length() > _WRITABLE_BITS
    text = "a number of thousands of digits" if huge else str(value)
    text = "".join(character if character.isprintable() else " " for character in text[: 4 * _SHOWN])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def malformed(what: str) -> NoReturn:
    """A configuration that no Keras object has: forged, or of an unknown version."""
    raise ModelError(
        _("The object is not described the way Keras describes its own ({what}).", what=short(what)),
        hint=_("Return the model or layer itself, made of Keras's own classes and with their `get_config` as it is."),
    )


def refused_class(module: str | None, name: str, key: str) -> NoReturn:
    """A class outside the catalog."""
    own = module is None or module.partition(".")[0] not in {"keras", "tensorflow"}
    if own:
        raise ModelError(
            _(
                "A class of your own, {name}, cannot leave your program: the grader rebuilds Keras's own classes only.",
                name=short(name),
            ),
            hint=_("Build the same with `keras.Sequential` or `keras.Model` and the layers of `keras.layers`."),
        )
    if name == "Lambda":
        raise ModelError(
            _("A Lambda layer cannot leave your program, because it carries code of its own."),
            hint=_("Use `Rescaling` to scale, `Reshape` or `Flatten` for shapes, `Activation` for a function."),
        )
    if name in REFUSED:
        raise ModelError(
            _("The layer {name} cannot be used here: it reads files or runs code of another library.", name=name),
            hint=_("The images are numbers already: the layers for numbers and images in `keras.layers` are enough."),
        )
    raise ModelError(
        _("{name} is not among the classes of Keras that the grader rebuilds.", name=short(f"{module}.{name}")),
        hint=_("Use one of the usual layers, optimizers and losses of Keras in its place (in {key}).", key=short(key)),
    )


def own_function(owner: str, key: str, name: str) -> NoReturn:
    """A function of the student's own, a lambda, or one of another library."""
    if key.endswith("activation"):
        same = SAME_FUNCTION.get(name, name)
        example = same if same in ACTIVATIONS else "relu"
        raise ModelError(
            _(
                "The activation of {layer} is a function of your own or of another library ({name}), "
                "which cannot leave your program.",
                layer=short(owner),
                name=short(name),
            ),
            hint=_('Give the name of one of Keras\'s activations, as in activation="{example}".', example=example),
        )
    raise ModelError(
        _(
            "The setting {key} of {owner} is a function of your own or of another library ({name}), "
            "which cannot leave your program.",
            key=short(key),
            owner=short(owner),
            name=short(name),
        ),
        hint=_(
            "Give the name of one of Keras's own there; for compile() that is, for example, "
            'loss="sparse_categorical_crossentropy" and metrics=["accuracy"].'
        ),
    )


def foreign_object(owner: str, key: str, name: str) -> NoReturn:
    """A setting that is an object Keras knows nothing of."""
    raise ModelError(
        _(
            "The setting {key} of {owner} is an object that Keras cannot describe ({name}).",
            key=short(key),
            owner=short(owner),
            name=short(name),
        ),
        hint=_("Give a number, a name, or an object of Keras there."),
    )


def unknown_dtype(owner: str, name: str) -> NoReturn:
    """A type of numbers that no model here needs."""
    raise ModelError(
        _(
            'The dtype of {owner} is "{name}", which is no type of numbers for a model.',
            owner=short(owner),
            name=short(name),
        ),
        hint=_('Leave dtype out, or use "float32".'),
    )


def no_count(owner: str, key: str, value: object) -> NoReturn:
    """A count that is a bool, zero or negative."""
    raise ModelError(
        _(
            "The setting {key} of {owner} must be a whole number of at least 1, and is {value}.",
            key=short(key),
            owner=short(owner),
            value=short(value),
        ),
        hint=_("Set {key} to the number that the exercise asks for.", key=short(key)),
    )


def not_finite(owner: str, key: str, value: float) -> NoReturn:
    """A number that is NaN or infinite."""
    raise ModelError(
        _(
            "The setting {key} of {owner} is {value}, which is not a finite number.",
            key=short(key),
            owner=short(owner),
            value=value,
        ),
        hint=_("Look at how {key} is computed: a division by zero ends so.", key=short(key)),
    )


def too_large(owner: str, key: str, value: int, limit: int) -> NoReturn:
    """A number beyond what any model for this data needs."""
    raise ModelError(
        _(
            "The setting {key} of {owner} is {value}; the grader takes at most {limit:,}.",
            key=short(key),
            owner=short(owner),
            value=short(value),
            limit=limit,
        ),
        hint=_("Use a smaller number; the images are only 28 x 28 pixels."),
    )


def huge_input(shape: Sequence[object], count: int, limit: int) -> NoReturn:
    """An input of so many numbers for one sample, most often because the samples were counted in."""
    raise ModelError(
        _(
            "The model's input has the shape {shape}: {count} numbers for each sample, where the grader takes at most "
            "{limit:,}.",
            shape=short(f"({', '.join(map(short, shape[:_DIMENSIONS]))})"),
            count=f"{count:,}" if count < 10**15 else short(count),
            limit=limit,
        ),
        hint=_("`keras.Input` takes the shape of one sample, such as `(784,)`, without the number of samples."),
    )


def too_many_parameters(count: int, limit: int) -> NoReturn:
    """A model larger than the grader rebuilds."""
    raise ModelError(
        _(
            "The model has too many parameters: {count}, where the grader takes at most {limit:,}.",
            count=f"{count:,}" if count < 10**15 else short(count),
            limit=limit,
        ),
        hint=_("Use fewer units or filters; `model.summary()` shows which layer has most parameters."),
    )


def too_many_layers(limit: int) -> NoReturn:
    """More layers than the grader rebuilds."""
    raise ModelError(
        _(
            "The model has more layers than the grader rebuilds, which are {limit}; attention counts for eight.",
            limit=limit,
        ),
        hint=_("Use fewer layers; the images need no more than a few."),
    )


def too_many_calls(limit: int) -> NoReturn:
    """More calls of layers than the grader makes to rebuild a model."""
    raise ModelError(
        _(
            "Keras would call more than {limit} layers to build the model: shared layers count for each call, and a"
            " Sequential model calls all its layers again for each one that is added.",
            limit=limit,
        ),
        hint=_("Use fewer layers, or call shared layers and models less often."),
    )


def unrolled(count: int, limit: int) -> NoReturn:
    """A loop that Keras would write out step by step, with more layers in it than the grader lets it."""
    raise ModelError(
        _(
            "With `unroll=True` Keras would write out {count:,} calls of layers; the grader takes at most {limit:,}.",
            count=count,
            limit=limit,
        ),
        hint=_("Take `unroll=True` out: the model computes the same without it."),
    )


def too_many_objects(limit: int) -> NoReturn:
    """An answer of more models, layers, optimizers and such than are rebuilt."""
    raise ModelError(
        _("The answer holds more than {limit} objects of Keras.", limit=limit),
        hint=_("Return the model itself: its layers and its optimizer come with it."),
    )


def too_many_together(count: int, limit: int) -> NoReturn:
    """Several objects in one answer, none of which is too large by itself."""
    raise ModelError(
        _(
            "The models and layers of the answer have too many parameters together: {count:,}, where the grader takes"
            " at most {limit:,}.",
            count=count,
            limit=limit,
        ),
        hint=_("Return only the model that is asked for, with fewer units or filters."),
    )


def too_much_factoring() -> NoReturn:
    """Orthogonal weights whose making would hold the grader up."""
    raise ModelError(
        _("The weights of the model are too large to be drawn as orthogonal matrices, which takes long."),
        hint=_(
            'Use fewer units, or give another initializer: `kernel_initializer="glorot_uniform"`, and in recurrent'
            ' layers `recurrent_initializer="glorot_uniform"`.'
        ),
    )
