"""What a report carries for its pages: code and trainings."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.grading.showing import MAX_LAYERS, network_layers, png, training_of
from grader.grading.sources import SOURCE_CHARACTERS, source_parts
from grader.submission import find_submission, read_submission
from grader.training import ConfidentMistake, Examination, Trained


def dense(name: str, units: int, activation: object = "relu", after: tuple[str, ...] = ()) -> dict[str, Any]:
    nodes = [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [n, 0, 0]}} for n in after]}]
    config = {"name": name, "units": units, "activation": activation}
    return {"class_name": "Dense", "config": config, "name": name, "inbound_nodes": nodes if after else []}


def model(*layers: object) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"layers": list(layers)}}


def test_layers_of_a_sequence_follow_each_other() -> None:
    first = {"class_name": "InputLayer", "config": {"name": "in"}}
    found = network_layers(model(first, dense("a", 100), dense("b", 10, {"class_name": "ReLU"})))
    assert [(layer.name, layer.units, layer.activation, layer.after) for layer in found] == [
        ("a", 100, "relu", ()),
        ("b", 10, "ReLU", (0,)),
    ]


def test_layers_of_a_graph_follow_what_feeds_them() -> None:
    found = network_layers(
        model(dense("a", 8), dense("b", 8, after=("a",)), dense("c", 8, after=("a", "b", "elsewhere")))
    )
    assert [layer.after for layer in found] == [(), (0,), (0, 1)]


@pytest.mark.parametrize("config", [{}, {"config": None}, {"config": {"layers": [1, {}, {"config": 3}]}}])
def test_an_odd_configuration_has_no_layers(config: dict[str, Any]) -> None:
    assert network_layers(config) == ()


def test_a_network_of_very_many_layers_is_cut() -> None:
    assert len(network_layers(model(*(dense(f"d{n}", n) for n in range(500))))) == MAX_LAYERS


def test_a_training_shows_gaps_for_what_was_not_finite_and_images_of_its_mistakes() -> None:
    examination = Examination(
        confusion=((3, 1), (0, 4)),
        mistakes=(ConfidentMistake(index=7, target=0, predicted=1, probability=0.9),),
    )
    trained = Trained(
        history={"loss": (1.0, math.nan), "val_loss": (math.inf, 0.5)},
        validation_accuracy=0.8,
        test_accuracy=0.8,
        remembered=False,
        seconds=1.0,
        examination=examination,
    )
    asked: list[int] = []

    def pixels(position: int) -> np.ndarray:
        asked.append(position)
        return np.zeros((28, 28), np.uint8)

    shown = training_of(trained, model(dense("a", 2)), pixels)
    assert shown.history == {"loss": (1.0, None), "val_loss": (None, 0.5)}
    assert shown.confusion == ((3, 1), (0, 4))
    assert asked == [7]
    assert shown.mistakes[0].image.startswith(b"\x89PNG")


def test_an_image_is_the_pixels_that_it_was() -> None:
    pixels = np.arange(28 * 20, dtype=np.uint8).reshape(28, 20)
    data = png(pixels)
    assert struct.unpack(">II", data[16:24]) == (20, 28)
    start = data.index(b"IDAT") + 4
    rows = zlib.decompress(data[start : data.index(b"IEND") - 8])
    assert np.array_equal(np.frombuffer(rows, np.uint8).reshape(28, 21)[:, 1:], pixels)


def test_a_long_file_is_cut_at_a_line(tmp_path: Path) -> None:
    file = tmp_path / "exercise_3.py"
    file.write_text("x = 1234567890\n" * 8000, encoding="utf-8")
    found, _notes = find_submission(file, stem="exercise_3", folders=())
    (part,) = source_parts(read_submission(found, functions=("f",)))
    assert part.cut
    assert len(part.text) <= SOURCE_CHARACTERS
    assert part.text.endswith("1234567890")
    assert (part.file, part.cell) == ("exercise_3.py", None)
