"""What a report shows of a trained model: its layers, its history, and what it gets wrong. Pure."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from grader.records import NetworkLayer, ShownMistake, Training
from grader.training import Trained

MAX_LAYERS: Final = 60
_WORD_LENGTH: Final = 60
"""Characters of a layer's name or class; the student chooses them."""


def training_of(
    trained: Trained,
    config: Mapping[str, Any],
    pixels: Callable[[int], np.ndarray],
) -> Training:
    """What to show of a training.

    `config` is the model's vetted configuration; `pixels` gives the validation image at a position of the split,
    `(height, width)` `uint8`.
    """
    examination = trained.examination
    return Training(
        layers=network_layers(config),
        history={
            name: tuple(value if math.isfinite(value) else None for value in values)
            for name, values in trained.history.items()
        },
        confusion=examination.confusion if examination else (),
        mistakes=tuple(
            ShownMistake(
                target=mistake.target,
                predicted=mistake.predicted,
                probability=mistake.probability,
                image=png(pixels(mistake.index)),
            )
            for mistake in (examination.mistakes if examination else ())
        ),
    )


def network_layers(config: Mapping[str, Any]) -> tuple[NetworkLayer, ...]:
    """The layers of a serialized Keras model in order, `MAX_LAYERS` at most, input layers left out."""
    settings = config.get("config")
    listed = settings.get("layers") if isinstance(settings, dict) else None
    layers = [layer for layer in listed or () if isinstance(layer, dict) and isinstance(layer.get("config"), dict)]
    shown = [layer for layer in layers if layer.get("class_name") != "InputLayer"][:MAX_LAYERS]
    positions = {_name(layer): position for position, layer in enumerate(shown)}
    functional = any(layer.get("inbound_nodes") for layer in layers)
    return tuple(
        NetworkLayer(
            kind=str(layer.get("class_name"))[:_WORD_LENGTH],
            name=_name(layer)[:_WORD_LENGTH],
            units=_units(layer["config"]),
            activation=_activation(layer["config"].get("activation")),
            after=_after(layer, positions) if functional else (position - 1,) if position else (),
        )
        for position, layer in enumerate(shown)
    )


def png(pixels: np.ndarray) -> bytes:
    """`pixels` `(height, width)` of `uint8` as a greyscale PNG."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + pixels[row].astype(np.uint8).tobytes() for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _name(layer: Mapping[str, Any]) -> str:
    return str(layer.get("name") or layer["config"].get("name") or "")


def _units(config: Mapping[str, Any]) -> int | None:
    for key in ("units", "filters"):
        value = config.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _activation(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("class_name")
    return value[:_WORD_LENGTH] if isinstance(value, str) else None


def _after(layer: Mapping[str, Any], positions: Mapping[str, int]) -> tuple[int, ...]:
    """The positions of the layers that the first call of `layer` takes its inputs from."""
    nodes = layer.get("inbound_nodes") or ()
    names = _histories(nodes[0]) if nodes else ()
    return tuple(sorted({positions[name] for name in names if name in positions}))


def _histories(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        history = value.get("keras_history")
        if isinstance(history, (list, tuple)) and history and isinstance(history[0], str):
            yield history[0]
        for item in value.values():
            yield from _histories(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _histories(item)
