"""How the layers of a model differ from those that were asked for, in sentences, most important first."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader.checking.comparing import same_value
from grader.checking.compiling import canonical_name
from grader.checking.display import show
from grader.checking.tables import Row
from grader.language import Text, _

_ACTIVATION_LAYERS: Final = {
    "ReLU": "relu",
    "Softmax": "softmax",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
}
"""Layers of Keras 3 that do nothing but apply a function, by the name that `activation=` has for it."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerSpec:
    """A layer that is asked for; only the settings that are named are compared."""

    kind: str
    settings: dict[str, Any]
    name: str | None = None


def layer(kind: str, *, name: str | None = None, **settings: Any) -> LayerSpec:
    """The Keras layer of class `kind` with these settings, named as its configuration names them."""
    return LayerSpec(kind, settings, name)


def layer_differences(observed: Sequence[Row], expected: Sequence[LayerSpec]) -> list[Text]:
    """One sentence for each difference: number of layers, classes, units, activations, other settings, names."""
    if len(observed) != len(expected):
        merged = merge_activations(observed)
        if len(merged) == len(expected) and not list(_differences(merged, expected)):
            return [
                _(
                    "The model computes the right function, but an activation is a layer of its own here, which gives"
                    " another layer table; write it as `activation=` of the layer before."
                )
            ]
        return [
            _("The model has {observed} layers instead of {expected}.", observed=len(observed), expected=len(expected)),
            *_missing_and_extra(observed, expected),
        ]
    if Counter(row.kind for row in observed) == Counter(spec.kind for spec in expected) and [
        row.kind for row in observed
    ] != [spec.kind for spec in expected]:
        return [
            _(
                "The layers are in another order: {observed} instead of {expected}.",
                observed=", ".join(row.kind for row in observed),
                expected=", ".join(spec.kind for spec in expected),
            )
        ]
    return list(_differences(observed, expected))


def merge_activations(rows: Sequence[Row]) -> list[Row]:
    """The rows with each layer that only applies a function merged into the linear layer before it."""
    merged: list[Row] = []
    for row in rows:
        function = _applied_function(row)
        if function and merged and activation_name(merged[-1].config.get("activation")) == "linear":
            before = merged.pop()
            row = Row(  # noqa: PLW2901 - the merged row takes its place
                kind=before.kind,
                config=before.config | {"activation": function},
                name=before.name,
                shape=row.shape,
                parameters=before.parameters,
            )
        merged.append(row)
    return merged


def activation_name(value: Any) -> str:
    """The name of an activation, from what a layer's configuration holds: a name, a layer, or a function."""
    if isinstance(value, dict) and value.get("class_name") in _ACTIVATION_LAYERS:
        return _ACTIVATION_LAYERS[value["class_name"]]
    return "linear" if value is None else canonical_name(value)


def _applied_function(row: Row) -> str | None:
    if row.kind == "Activation":
        return activation_name(row.config.get("activation"))
    return _ACTIVATION_LAYERS.get(row.kind)


def _missing_and_extra(observed: Sequence[Row], expected: Sequence[LayerSpec]) -> Iterator[Text]:
    found, asked = [row.kind for row in observed], [spec.kind for spec in expected]
    if not found:
        return
    for operation, i, j, k, m in difflib.SequenceMatcher(a=asked, b=found, autojunk=False).get_opcodes():
        if operation in {"delete", "replace"}:
            yield _("Missing: {layers}.", layers=", ".join(asked[i:j]))
        if operation in {"insert", "replace"}:
            yield _("Not asked for: {layers}.", layers=show_names(found[k:m]))


def show_names(names: Sequence[str], most: int = 6) -> str:
    """Class names with commas between them, the first few of many."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _differences(observed: Sequence[Row], expected: Sequence[LayerSpec]) -> Iterator[Text]:
    pairs = [(number, row, spec) for number, (row, spec) in enumerate(zip(observed, expected, strict=True), start=1)]
    same_class = [pair for pair in pairs if pair[1].kind == pair[2].kind]
    for number, row, spec in pairs:
        if row.kind != spec.kind:
            yield _(
                "Layer {number} is a {observed} layer instead of {expected}.",
                number=number,
                observed=row.kind,
                expected=spec.kind,
            )
    for compare in (_units, _activation, _other_settings, _names):
        for number, row, spec in same_class:
            yield from compare(number, row, spec)


def _units(number: int, row: Row, spec: LayerSpec) -> Iterator[Text]:
    if "units" in spec.settings and not same_value(row.config.get("units"), spec.settings["units"]):
        yield _(
            "Layer {number} ({kind}) has {observed} units instead of {expected}.",
            number=number,
            kind=row.kind,
            observed=show(row.config.get("units")),
            expected=show(spec.settings["units"]),
        )


def _activation(number: int, row: Row, spec: LayerSpec) -> Iterator[Text]:
    if "activation" not in spec.settings:
        return
    observed, expected = activation_name(row.config.get("activation")), activation_name(spec.settings["activation"])
    if observed == expected:
        return
    if observed == "linear":
        yield _(
            "Layer {number} ({kind}) has no activation (linear) where {expected} belongs.",
            number=number,
            kind=row.kind,
            expected=expected,
        )
    else:
        yield _(
            "Layer {number} ({kind}) has the activation {observed} where {expected} belongs.",
            number=number,
            kind=row.kind,
            observed=observed or _("of your own"),
            expected=expected,
        )


def _other_settings(number: int, row: Row, spec: LayerSpec) -> Iterator[Text]:
    for key, value in spec.settings.items():
        if key not in {"units", "activation"} and not same_value(row.config.get(key), value):
            yield _(
                "Layer {number} ({kind}) has {key}={observed} instead of {expected}.",
                number=number,
                kind=row.kind,
                key=key,
                observed=show(row.config.get(key)),
                expected=show(value),
            )


def _names(number: int, row: Row, spec: LayerSpec) -> Iterator[Text]:
    if spec.name is not None and row.name != spec.name:
        yield _(
            "Layer {number} ({kind}) is named {observed} instead of {expected}.",
            number=number,
            kind=row.kind,
            observed=show(row.name),
            expected=show(spec.name),
        )
