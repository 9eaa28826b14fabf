"""How the layers of a model differ from those that were asked for, in sentences, most important first."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from grader.checking.comparing import same_value
from grader.checking.compiling import canonical_name
from grader.checking.display import cap, show
from grader.checking.tables import Row
from grader.language import Text, _

_ACTIVATION_LAYERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "ReLU": ("relu", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "Softmax": ("softmax", {"axis": -1}),
}
"""Layers of Keras 3 that apply the function of this name, when they have these settings."""


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
            _(
                "The number of layers is {observed} instead of {expected}.",
                observed=len(observed),
                expected=len(expected),
            ),
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


def differing_rows(
    observed: Sequence[Row], expected: Sequence[Row], specs: Sequence[LayerSpec]
) -> tuple[set[int], set[int]]:
    """Which rows, from 0, of `observed` and of `expected` have no equal in the other; `expected` is made of `specs`."""
    if len(observed) == len(expected):
        pairs = [(number, number) for number in range(len(observed))]
    else:
        kinds = [row.kind for row in observed], [row.kind for row in expected]
        blocks = difflib.SequenceMatcher(None, *kinds, autojunk=False).get_matching_blocks()
        pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    same = [
        (one, other)
        for one, other in pairs
        if _same_size(observed[one], expected[other]) and not list(_differences([observed[one]], [specs[other]]))
    ]
    return (
        set(range(len(observed))) - {one for one, _other in same},
        set(range(len(expected))) - {other for _one, other in same},
    )


def _same_size(observed: Row, expected: Row) -> bool:
    """Whether two layers have the same shape and as many parameters, where that is known of the expected one."""
    return (expected.shape is None or observed.shape == expected.shape) and (
        expected.parameters is None or observed.parameters == expected.parameters
    )


def merge_activations(rows: Sequence[Row]) -> list[Row]:
    """The rows with each layer that only applies a function merged into the linear layer before it."""
    merged: list[Row] = []
    for row in rows:
        function = activation_name(row.config.get("activation")) if row.kind == "Activation" else _applied(row)
        if function and merged and activation_name(merged[-1].config.get("activation")) == "linear":
            before = merged.pop()
            merged.append(msgspec.structs.replace(before, config={**before.config, "activation": function}))
        else:
            merged.append(row)
    return merged


def activation_name(value: Any) -> str:
    """The name of an activation, from what a layer's configuration holds: a name, a layer, or a function.

    "linear" stands for none, an empty string for a function of the student's own.
    """
    if value is None:
        return "linear"
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        applied = _applied(Row(kind=str(value.get("class_name")), config=value["config"]))
        if applied:
            return applied
    return canonical_name(value)


def _applied(row: Row) -> str | None:
    """The name of the function that a layer applies and does nothing else, or None."""
    if row.kind not in _ACTIVATION_LAYERS:
        return None
    name, settings = _ACTIVATION_LAYERS[row.kind]
    return name if all(same_value(row.config.get(key), value) for key, value in settings.items()) else None


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
            "Layer {number} ({kind}): the number of units is {observed} instead of {expected}.",
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
            observed=cap(observed, 40) or _("of your own"),
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
