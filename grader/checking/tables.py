"""A model as a table of its layers, the way `model.summary()` shows it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any, Final, Literal

from grader.records import LayerTable, Record

Shape = tuple[int | None, ...]

WIDTH: Final = 60
"""Columns of one table, so that the expected one and the observed one fit side by side."""
_HEAD: Final = ("Layer", "Output shape", "Parameters")
"""Left in English, as in Keras's own summary: columns of translated words would no longer be columns."""
_ROWS: Final = 24


class Row(Record, frozen=True, kw_only=True):
    """One layer: its class, its settings, its output shape with the batch dimension first, and its parameters.

    `shape` and `parameters` are None where they are not known; `name` is None where any will do.
    """

    kind: str
    config: dict[str, Any]
    name: str | None = None
    shape: Shape | None = None
    parameters: int | None = None


def render_table(rows: Sequence[Row], total: int | None) -> str:
    """The table as text of a few lines, at most `WIDTH` columns wide."""
    lines = [(_label(row), _shape(row.shape), _count(row.parameters)) for row in rows[:_ROWS]]
    if len(rows) > _ROWS:
        lines.append(("…", "", ""))
    lines.append(("Total", "", _count(total)))
    shape_width = max(len(line[1]) for line in [_HEAD, *lines])
    count_width = max(len(line[2]) for line in [_HEAD, *lines])
    label_width = min(max(len(line[0]) for line in [_HEAD, *lines]), max(WIDTH - shape_width - count_width - 4, 8))
    return "\n".join(
        f"{_cut(label, label_width):<{label_width}}  {shape:<{shape_width}}  {count:>{count_width}}".rstrip()
        for label, shape, count in [_HEAD, *lines]
    )


def layer_table(role: Literal["expected", "observed"], rows: Sequence[Row], differing: Collection[int]) -> LayerTable:
    """The table as data; `differing` are the rows, from 0, that are not the same in the other table."""
    shown = [(_label(row), _shape(row.shape), _count(row.parameters)) for row in rows[:_ROWS]]
    if len(rows) > _ROWS:
        shown.append(("…", "", ""))
    return LayerTable(
        role=role,
        head=_HEAD,
        rows=tuple(tuple(_cut(cell, WIDTH) for cell in row) for row in shown),
        total=("Total", "", _count(total_parameters(rows))),
        differing=tuple(sorted(number for number in differing if number < _ROWS)),
    )


def rows_of(model: Any) -> list[Row]:
    """The layers of a Keras model, without the input layers that only functional models list."""
    return [row_of(layer) for layer in getattr(model, "layers", []) if type(layer).__name__ != "InputLayer"]


def row_of(layer: Any) -> Row:
    """One layer of a Keras model; what Keras cannot say of it stays unknown."""
    return Row(
        kind=type(layer).__name__,
        config=_settings(layer),
        name=str(getattr(layer, "name", "")),
        shape=_output_shape(layer),
        parameters=_parameters(layer),
    )


def total_parameters(rows: Sequence[Row]) -> int | None:
    """The sum over all layers, or None when one of them is not known."""
    counts = [row.parameters for row in rows]
    return None if None in counts else sum(count for count in counts if count is not None)


def _settings(layer: Any) -> dict[str, Any]:
    try:
        return dict(layer.get_config())
    except Exception:  # noqa: BLE001 - a layer that has no configuration has no settings to compare
        return {}


def _output_shape(layer: Any) -> Shape | None:
    try:
        shape = layer.output.shape
        return tuple(None if length is None else int(length) for length in shape)
    except Exception:  # noqa: BLE001 - a layer that was never connected has no output
        return None


def _parameters(layer: Any) -> int | None:
    try:
        # `count_params` raises for a layer that was not built, and a layer without weights is always built.
        return sum(math.prod(variable.shape) for variable in layer.weights) if layer.built else None
    except Exception:  # noqa: BLE001 - as above
        return None


def _label(row: Row) -> str:
    details = [str(row.config[key]) for key in ("units", "activation") if isinstance(row.config.get(key), str | int)]
    text = ", ".join([row.kind, *details])
    label = f"{row.name} ({text})" if row.name else text
    # Names are the student's, and may hold line breaks.
    return "".join(character if character.isprintable() else "?" for character in label)


def _shape(shape: Shape | None) -> str:
    return "?" if shape is None else str(shape)


def _count(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
