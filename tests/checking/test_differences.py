from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.checking.differences import (
    LayerSpec,
    activation_name,
    differing_rows,
    layer,
    layer_differences,
    merge_activations,
)
from grader.checking.tables import WIDTH, Row, layer_table, render_table, total_parameters

TWO_LAYERS = [
    layer("Dense", units=100, activation="sigmoid", name="hidden"),
    layer("Dense", units=10, activation="softmax", name="output"),
]


def _dense(units: int, activation: Any, name: str = "dense", **config: Any) -> Row:
    return Row(
        kind="Dense",
        config={"units": units, "activation": activation, **config},
        name=name,
        shape=(None, units),
        parameters=units,
    )


RIGHT = [_dense(100, "sigmoid", "hidden"), _dense(10, "softmax", "output")]
RELU = {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}


def _told(rows: list[Row], specs: list[LayerSpec] = TWO_LAYERS) -> list[str]:
    return [str(text) for text in layer_differences(rows, specs)]


def test_the_right_layers_do_not_differ() -> None:
    assert _told(RIGHT) == []


def test_differences_come_most_important_first() -> None:
    rows = [_dense(10, "softmax", "output"), _dense(10, "linear", "dense_1")]
    assert _told(rows) == [
        "Layer 1 (Dense): the number of units is 10 instead of 100.",
        "Layer 1 (Dense) has the activation softmax where sigmoid belongs.",
        "Layer 2 (Dense) has no activation (linear) where softmax belongs.",
        "Layer 1 (Dense) is named 'output' instead of 'hidden'.",
        "Layer 2 (Dense) is named 'dense_1' instead of 'output'.",
    ]


def test_number_and_classes_of_layers() -> None:
    flatten, dropout = Row(kind="Flatten", config={}), Row(kind="Dropout", config={"rate": 0.5})
    specs = [layer("Flatten"), layer("Dense"), layer("Dense")]
    assert _told(RIGHT, specs) == ["The number of layers is 2 instead of 3.", "Missing: Flatten."]
    assert _told([flatten, RIGHT[0], dropout, RIGHT[1]], specs)[1:] == ["Not asked for: Dropout."]
    assert _told([RIGHT[0], flatten, RIGHT[1]], specs) == [
        "The layers are in another order: Dense, Flatten, Dense instead of Flatten, Dense, Dense."
    ]
    assert _told([dropout, *RIGHT], specs) == ["Layer 1 is a Dropout layer instead of Flatten."]
    assert _told([], specs) == ["The number of layers is 0 instead of 3."]


def test_other_settings_are_compared_when_they_are_named() -> None:
    assert _told([_dense(3, "relu", use_bias=False)], [layer("Dense", units=3)]) == []
    assert _told([_dense(3, "relu", use_bias=False)], [layer("Dense", use_bias=True)]) == [
        "Layer 1 (Dense) has use_bias=False instead of True."
    ]


def test_a_separate_activation_is_recognised() -> None:
    rows = [
        _dense(100, "linear", "hidden"),
        Row(kind="Activation", config={"activation": "sigmoid"}),
        _dense(10, "linear", "output"),
        Row(kind="Softmax", config={"axis": -1}),
    ]
    (told,) = _told(rows)
    assert "right function" in told
    assert [activation_name(row.config["activation"]) for row in merge_activations(rows)] == ["sigmoid", "softmax"]
    # After a layer that has an activation already, it is another function.
    assert len(merge_activations([RIGHT[0], *rows[1:]])) == 3


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("relu", "relu"),
        (None, "linear"),
        ({"class_name": "ReLU", "config": RELU}, "relu"),
        ({"class_name": "ReLU", "config": {**RELU, "max_value": 6}}, "re_lu"),
        ({"class_name": "Softmax", "config": {"axis": -1}}, "softmax"),
        ({"class_name": "function", "config": "mine"}, "mine"),
        ({"class_name": "__lambda__", "config": {"value": "..."}}, "__lambda__"),
        (3, ""),
    ],
)
def test_activations_have_one_name(value: Any, name: str) -> None:
    assert activation_name(value) == name


def test_tables_are_narrow_and_aligned() -> None:
    rows = [_dense(100, "sigmoid", "a\n" * 500), Row(kind="Dense", config={"units": 10}), *[RIGHT[1]] * 40]
    lines = render_table(rows, total_parameters(rows)).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].split() == ["Layer", "Output", "shape", "Parameters"]
    assert lines[-1].split() == ["Total", "?"]
    assert len(lines) == 27
    assert render_table(RIGHT, total_parameters(RIGHT)).splitlines()[1:] == [
        "hidden (Dense, 100, sigmoid)  (None, 100)          100",
        "output (Dense, 10, softmax)   (None, 10)            10",
        "Total                                              110",
    ]


def test_rows_that_differ_are_marked_in_both_tables() -> None:
    specs = [layer("Flatten"), layer("Dense", units=100, activation="relu"), layer("Dense", units=10)]
    wanted = [Row(kind=spec.kind, config=spec.settings, parameters=number) for number, spec in enumerate(specs)]
    found = [
        Row(kind="Flatten", config={}, parameters=0),
        Row(kind="Dense", config={"units": 100, "activation": "sigmoid"}, parameters=1),
        Row(kind="Dense", config={"units": 10, "activation": "softmax"}, parameters=2),
    ]
    assert differing_rows(found, wanted, specs) == ({1}, {1})
    assert differing_rows(found[1:], wanted, specs) == ({0}, {0, 1})
    assert differing_rows([], wanted, specs) == (set(), {0, 1, 2})
    more = msgspec.structs.replace(found[2], parameters=9)
    assert differing_rows([found[0], wanted[1], more], wanted, specs) == ({2}, {2})


def test_a_table_as_data_has_a_cell_for_each_column_and_an_end() -> None:
    rows = [Row(kind="Dense", config={"units": number}, name="a\nb" * 50, parameters=2) for number in range(30)]
    table = layer_table("observed", rows, {3, 29})
    assert (len(table.rows), table.rows[-1], table.differing) == (25, ("…", "", ""), (3,))
    assert table.total == ("Total", "", "60")
    assert {len(cells) for cells in table.rows} == {len(table.head)}
    assert all(cell.isprintable() and len(cell) <= 60 for cells in table.rows for cell in cells)
