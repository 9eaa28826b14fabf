"""Real encoded values to begin with: what subjects send, made without a subject."""

from __future__ import annotations

import struct
from typing import Any, Final

import numpy as np

from grader.protocol.frames import Kind
from grader.protocol.values import KerasValue, Opaque, encode
from tests.training.configs import (
    TWO_LAYERS,
    dense,
    entrance,
    function,
    functional,
    keras_object,
    layer,
    sequential,
)

LIMIT: Final = 1024**2

_FACTS: Final[dict[str, Any]] = {
    "identity": 140_000_000,
    "class_name": "Sequential",
    "built": True,
    "weight_identities": [1, 2],
    "layer_identities": [5],
    "own_functions": [],
    "compiled": True,
    "optimizer_identity": 9,
}
_COMPILED: Final[dict[str, Any]] = {
    "optimizer": keras_object("keras.optimizers", "Adam", name="adam", learning_rate=0.001),
    "loss": function("sparse_categorical_crossentropy"),
    "loss_weights": None,
    "metrics": ["accuracy"],
    "jit_compile": False,
}
_SMALL: Final = sequential(dense(3, "softmax"), shape=(2,))
_RICH: Final = sequential(
    layer("Reshape", target_shape=(4, 7), name="reshape"),
    layer("Bidirectional", name="both", layer=layer("LSTM", units=3, name="lstm"), backward_layer=None),
    layer("Dropout", rate=0.3, name="drop", dtype=keras_object("keras", "DTypePolicy", name="float32")),
    layer(
        "Dense",
        units=10,
        name="output",
        activation=function("softmax_v2"),
        kernel_initializer=keras_object("keras.initializers", "HeNormal", seed=7),
        kernel_regularizer=keras_object("keras.regularizers", "L2", l2=0.01),
    ),
    shape=(28,),
    build_config={"input_shape": (None, 28)},
)
_GRAPH: Final = functional(
    entrance(784),
    keras_object("keras.src.ops.numpy", "TrueDivide", name="divide") | {"registered_name": "TrueDivide"},
    dense(10, "softmax"),
    first="input_layer",
    last="dense",
)

VALUES: Final[tuple[Any, ...]] = (
    None,
    [True, 7, -(2**70), 1.5, 2j, "텍스트", b"bytes", ("a", ["b", {}])],
    {"value": np.arange(6, dtype=np.float32).reshape(2, 3), "warnings": ["careful"], "seconds": 0.1},
    {"raised": [{"type": "ValueError", "text": "no", "frames": [("exercise_2.py", 3, "f")]}], "warnings": []},
    (np.float32(1.5), np.str_("x"), np.zeros((2, 0, 3), bool)),
    Opaque("builtins.generator", "text"),
)

KERAS_VALUES: Final[tuple[KerasValue, ...]] = (
    KerasValue("model", TWO_LAYERS, facts=_FACTS),
    KerasValue(
        "model",
        _SMALL | {"compile_config": _COMPILED},
        (np.zeros((2, 3), np.float32), np.zeros(3, np.float32)),
        _FACTS | {"compile_config": _COMPILED},
    ),
    KerasValue("model", _RICH, facts=_FACTS),
    KerasValue("model", _GRAPH, facts=_FACTS),
    KerasValue("layer", dense(4), facts={"identity": 1, "built": False, "own_functions": []}),
    KerasValue("optimizer", _COMPILED["optimizer"], facts={"identity": 3}),
    KerasValue("loss", keras_object("keras.losses", "SparseCategoricalCrossentropy", from_logits=True)),
    KerasValue("metric", keras_object("keras.metrics", "SparseCategoricalAccuracy", name="accuracy")),
    KerasValue("history", {"class_name": "History", "config": {"loss": [1.0, float("nan")]}}),
)


def seeds(target: str) -> list[bytes]:
    """Inputs that the target takes as they are."""
    if target in {"keras", "rebuild"}:
        return [encode(value, limit=LIMIT) for value in KERAS_VALUES]
    forms = [encode(value, limit=LIMIT) for value in (*VALUES, *KERAS_VALUES)]
    if target == "decode":
        return forms
    return [frame(form) for form in forms] + [frame(forms[0], kind=Kind.RAISED) + frame(forms[1], number=2)]


def frame(payload: bytes, *, number: int = 1, kind: int = Kind.ANSWER, length: int | None = None) -> bytes:
    """One frame as a subject sends it, or one whose header claims another `length`."""
    return struct.pack("<IIB", len(payload) if length is None else length, number, kind) + payload
