"""The process that trains: `serve` runs in a fork of the warm process, in which TensorFlow has run nothing yet.

The same order gives the same digits on one core or many, in a fresh process or a used one, and on any processor of the
same architecture. Requests and answers are plain values:

    {"do": "data", <field of TrainingData>: array, ...} -> {"ready": True}
    {"do": "train", <field of TrainingOrder>: ...}
        -> {"history": {...}, "validation_accuracy": float, "test_accuracy": float, "seconds": float,
            "examination": {<field of Examination>: ...} or None}
         | {"parameters": int}                          the model is larger than `MAX_PARAMETERS`
         | {"fault": "model" | "trainer", "error": str, "text": str}
"""

from __future__ import annotations

import gc
import os
import time
from typing import Any, Final

import msgspec
import numpy as np

from grader.protocol.frames import REQUEST_BYTES, Channel, Closed, Kind
from grader.protocol.values import decode, encode
from grader.training.data import TrainingData
from grader.training.examination import examine
from grader.training.rebuilding import count_parameters
from grader.training.vet import MAX_PARAMETERS

ANSWER_BYTES: Final = 1024**2
STEPS_PER_EXECUTION: Final = 50
"""Batches between two returns to Python. The digits are those of 1, Keras's default, in three quarters of the time."""
EVALUATION_BATCH: Final = 250
_TEXT_HEAD, _TEXT_TAIL = 2_000, 6_000
"""TensorFlow puts the reason at the end, after the lines of its own code."""


def serve(channel: Channel) -> None:
    """Answer requests until the grader closes the channel."""
    session = _Session()
    try:
        while True:
            frame = channel.receive(limit=REQUEST_BYTES)
            answer = session.answer(decode(frame.payload))
            channel.send(frame.number, Kind.ANSWER, encode(answer, limit=ANSWER_BYTES))
    except Closed:
        return


class _Session:
    """The data that this process was given, and whether TensorFlow is set up."""

    def __init__(self) -> None:
        self.data: TrainingData | None = None
        self.ready = False

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request; what goes wrong is an answer, too."""
        try:
            if not self.ready:
                _prepare()
                self.ready = True
            if request["do"] == "data":
                self.data = TrainingData(**{name: request[name] for name in TrainingData.__struct_fields__})
                return {"ready": True}
            if self.data is None:
                raise RuntimeError("no data")
        except Exception as error:  # noqa: BLE001 - said in the answer
            return _fault("trainer", error)
        try:
            count = count_parameters(request["config"])
            if count > MAX_PARAMETERS:
                return {"parameters": count}
            return _train(request, self.data)
        except Exception as error:  # noqa: BLE001 - whatever Keras raises for a model
            return _fault("model", error)


def _fault(whose: str, error: Exception) -> dict[str, Any]:
    text = str(error)
    if len(text) > _TEXT_HEAD + _TEXT_TAIL:
        text = f"{text[:_TEXT_HEAD]}\n{text[-_TEXT_TAIL:]}"
    return {"fault": whose, "error": type(error).__name__, "text": text}


def _prepare() -> None:
    """Make TensorFlow's digits the same everywhere, before it runs anything.

    One thread, operations with one order of summation, and kernels that do not look at the processor's model.

    oneDNN chooses its kernels, and with them the last digits, by the processor it finds. The environment keeps it out
    of TensorFlow's graph optimizer, which reads this at import; the second variable keeps it out of Eigen's matrix
    products, which read it at the first product.

    Raises RuntimeError when TensorFlow was imported without the first.
    """
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") != "0":
        raise RuntimeError("TensorFlow was imported without TF_ENABLE_ONEDNN_OPTS=0")
    os.environ["TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL"] = "false"
    import tensorflow as tf  # noqa: PLC0415 - in the fork only; the grader's own process imports this module as well

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    # A tenth of a training would go into looking for garbage among what the imports have left.
    gc.freeze()


def _train(order: dict[str, Any], data: TrainingData) -> dict[str, Any]:
    import keras  # noqa: PLC0415 - as above

    started = time.monotonic()
    keras.utils.clear_session()
    keras.utils.set_random_seed(order["seed"])
    model = keras.saving.deserialize_keras_object(order["config"], safe_mode=True)
    settings = keras.saving.deserialize_keras_object(order["compile_config"], safe_mode=True)
    model.compile(
        optimizer=settings["optimizer"],
        loss=settings["loss"],
        loss_weights=settings.get("loss_weights"),
        metrics=["accuracy"],
        steps_per_execution=STEPS_PER_EXECUTION,
        jit_compile=False,
    )
    flat = order["inputs"] == "flat"
    train, validation, test = (
        inputs.reshape(len(inputs), -1) if flat else inputs
        for inputs in (data.train_inputs, data.validation_inputs, data.test_inputs)
    )
    fitted = model.fit(
        train,
        data.train_targets,
        batch_size=order["batch_size"],
        epochs=order["epochs"],
        validation_data=(validation, data.validation_targets),
        validation_batch_size=EVALUATION_BATCH,
        verbose=0,
    )
    measured = model.evaluate(test, data.test_targets, batch_size=EVALUATION_BATCH, verbose=0, return_dict=True)
    # After everything that is measured, and on images that a student may be shown.
    examination = examine(_outputs(model, validation), data.validation_targets)
    history = {name: [float(number) for number in fitted.history[name]] for name in HISTORY}
    return {
        "history": history,
        "validation_accuracy": history["val_accuracy"][-1],
        "test_accuracy": float(measured["accuracy"]),
        "seconds": time.monotonic() - started,
        "examination": None if examination is None else msgspec.to_builtins(examination),
    }


def _outputs(model: Any, inputs: np.ndarray) -> np.ndarray:
    """What `model` gives for `inputs`, not in training. Called eagerly: `predict` would compile one more function."""
    import keras  # noqa: PLC0415 - as above

    parts = (
        # The one output may stand in a list or a dict of one.
        keras.tree.flatten(model(inputs[start : start + EVALUATION_BATCH], training=False))[0]
        for start in range(0, len(inputs), EVALUATION_BATCH)
    )
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])


HISTORY: Final = ("loss", "accuracy", "val_loss", "val_accuracy")
