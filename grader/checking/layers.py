"""Expecting a model to be made of certain layers, shown as the tables that `model.summary()` would print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.checking.comparing import same_value
from grader.checking.differences import LayerSpec, differing_rows, layer_differences
from grader.checking.display import describe_kind, join_sentences, show, show_shape
from grader.checking.failures import CheckFailed, Message
from grader.checking.kinds import keras_class
from grader.checking.tables import Row, layer_table, render_table, rows_of, total_parameters
from grader.language import Text, _

_SENTENCES = 3
"""Differences that one message names; the tables show the others."""


def expect_layers(
    model: Any,
    layers: Sequence[LayerSpec],
    *,
    inputs: Sequence[int] | None = None,
    hint: Message | None = None,
) -> None:
    """Expect a built Keras model of exactly these layers, for inputs of shape `(samples, *inputs)`.

    Without `inputs` any input shape will do. Input layers do not count. Raises CheckFailed, whose message names the
    differences, most important first, and whose `expected` and `observed` are layer tables.
    """
    if keras_class(model) is None or not hasattr(model, "layers"):
        raise CheckFailed(
            _("This is {kind}, where a Keras model is expected.", kind=describe_kind(model)),
            expected=_("a Keras model of {count} layers", count=len(layers)),
            observed=show(model),
            hint=hint,
        )
    rows = rows_of(model)
    shape = _input_shape(model)
    found = layer_differences(rows, layers)
    shape_found, shape_hint = _shape_differences(shape, inputs)
    if not found and not shape_found:
        return
    wanted = expected_rows(layers, inputs if inputs is not None else _without_batch(shape))
    unlike_rows, unlike_wanted = differing_rows(rows, wanted, layers)
    raise CheckFailed(
        join_sentences([*found, *shape_found][:_SENTENCES]),
        expected=render_table(wanted, total_parameters(wanted)),
        observed=render_table(rows, total_parameters(rows)),
        hint=hint or shape_hint,
        tables=(layer_table("expected", wanted, unlike_wanted), layer_table("observed", rows, unlike_rows)),
    )


def expected_rows(layers: Sequence[LayerSpec], inputs: Sequence[int] | None) -> list[Row]:
    """The table of the layers that are asked for; Keras counts shapes and parameters where `inputs` is known."""
    bare = [Row(kind=spec.kind, config=dict(spec.settings), name=spec.name) for spec in layers]
    if inputs is None:
        return bare
    try:
        import keras  # noqa: PLC0415 - `expect_layers` has a Keras model at hand

        made = [getattr(keras.layers, spec.kind)(**spec.settings) for spec in layers]
        built = rows_of(keras.Sequential([keras.Input(tuple(inputs)), *made]))
    except Exception:  # noqa: BLE001 - the student's input shape may not fit the layers that are asked for
        return bare
    return [
        Row(kind=spec.kind, config=spec.settings, name=spec.name, shape=row.shape, parameters=row.parameters)
        for spec, row in zip(layers, built, strict=True)
    ]


def _shape_differences(shape: Any, inputs: Sequence[int] | None) -> tuple[list[Text], Message | None]:
    asked = tuple(inputs) if inputs is not None else None
    sample = asked if asked is not None else _without_batch(shape)
    example = "keras.Input(...)" if sample is None else f"keras.Input({show_shape(sample)})"
    if shape is None:
        return (
            [_("The model was never built, so it has no shapes and no parameters yet.")],
            _("Begin the model with `{example}`.", example=example),
        )
    if not isinstance(shape, tuple) or not shape or isinstance(shape[0], tuple | list | dict):
        return [_("The model has several inputs where one is expected.")], None
    if shape[0] is not None:
        return (
            [
                _(
                    "The batch dimension is fixed at {number}: the model takes only that many samples at a time.",
                    number=show(shape[0]),
                )
            ],
            _("Begin the model with `{example}` instead of calling or building it on data.", example=example),
        )
    if asked is not None and not same_value(shape[1:], asked):
        return (
            [
                _(
                    "The model takes inputs of shape {observed} instead of {expected}.",
                    observed=show_shape(shape),
                    expected=show_shape((None, *asked)),
                )
            ],
            None,
        )
    return [], None


def _input_shape(model: Any) -> Any:
    try:
        return model.input_shape if model.built else None
    except Exception:  # noqa: BLE001 - Keras raises different things for a model without inputs
        return None


def _without_batch(shape: Any) -> tuple[int, ...] | None:
    if not isinstance(shape, tuple) or not all(isinstance(length, int) for length in shape[1:]):
        return None
    return shape[1:]
