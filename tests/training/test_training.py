"""Real trainings in a fork of the warm process: the digits, wherever they are computed, and the mistakes."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course import builtin_folder, read_course
from grader.errors import LimitError, ModelError, TrainingError
from grader.sandbox.launcher import WarmLauncher, clean_environment
from grader.training import Memory, Trained, Trainer, TrainingData, TrainingOrder, order_for, read_dataset
from tests.training.configs import TWO_LAYERS, dense, keras_object, layer, model, sequential

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the warm process needs Linux"),
]
ROOT = Path(__file__).parent.parent.parent

RANDOM = sequential(
    layer("Reshape", target_shape=(28, 28, 1), name="reshape"),
    layer("RandomFlip", mode="horizontal", name="flip"),
    layer("Conv2D", filters=4, kernel_size=3, strides=2, name="conv"),
    layer("BatchNormalization", name="norm"),
    layer("Flatten", name="flatten"),
    layer("Dropout", rate=0.3, name="drop"),
    dense(10, "softmax", "output"),
    shape=(28, 28),
)
"""A model in which as much as possible is drawn at random."""


def course_data() -> TrainingData:
    dataset = read_course(builtin_folder()).dataset
    assert dataset is not None
    return read_dataset(dataset.file, dataset.sha256, dataset.validation_fraction, dataset.seed)


class Forgetful(Memory):
    """A memory in which nothing stays, so that every order is really trained."""

    def get(self, _key: str) -> None:
        return None


def trainer(launcher: WarmLauncher, seconds: float = 120.0) -> Trainer:
    return Trainer(
        launcher=lambda: launcher,
        memory=Forgetful(Path(os.devnull)),
        data=course_data,
        data_sha256="0" * 64,
        seconds=seconds,
        progress=lambda _text: None,
    )


@pytest.fixture(scope="module")
def launcher() -> Iterator[WarmLauncher]:
    started = WarmLauncher(("numpy", "tensorflow", "keras"), "auto")
    yield started
    started.close()


@pytest.fixture(scope="module")
def warm(launcher: WarmLauncher) -> Iterator[Trainer]:
    kept = trainer(launcher)
    yield kept
    kept.close()


def digits(trained: Trained) -> dict[str, list[str]]:
    """Every number of a training to its last digit."""
    return {name: [number.hex() for number in series] for name, series in trained.history.items()} | {
        "test": [trained.test_accuracy.hex()]
    }


def optimizer(name: str, **settings: Any) -> dict[str, Any]:
    return keras_object("keras.optimizers", name, **settings)


@pytest.mark.parametrize(
    ("activation", "chosen", "accuracy"),
    [
        ("sigmoid", "rmsprop", 0.849),
        ("relu", "rmsprop", 0.858),
        ("relu", "adam", 0.859),
        ("relu", optimizer("SGD", learning_rate=0.1), 0.850),
        ("relu", optimizer("SGD", momentum=0.9, nesterov=True), 0.854),
        ("sigmoid", "sgd", 0.724),
        ("relu", "adagrad", 0.725),
        ("linear", "adam", 0.841),
    ],
)
def test_the_models_of_the_course_reach_what_was_measured(
    warm: Trainer, activation: str, chosen: Any, accuracy: float
) -> None:
    config = sequential(dense(100, activation, "hidden"), dense(10, "softmax", "output"))
    settings = {"optimizer": chosen, "loss": "sparse_categorical_crossentropy"}
    found = warm.train(TrainingOrder(config=config, compile_config=settings, inputs="flat"))
    assert found.validation_accuracy == pytest.approx(accuracy, abs=0.0015)
    assert found.validation_accuracy == found.history["val_accuracy"][-1]
    assert abs(found.test_accuracy - found.validation_accuracy) < 0.02
    assert [len(series) for series in found.history.values()] == [5] * 4
    assert found.examination is not None
    confusion = np.array(found.examination.confusion)
    assert confusion.shape == (10, 10)
    assert np.trace(confusion) / confusion.sum() == pytest.approx(found.validation_accuracy, abs=1e-6)
    data = course_data()
    assert confusion.sum(axis=1).tolist() == np.bincount(data.validation_targets).tolist()
    assert [mistake.target for mistake in found.examination.mistakes] == [
        int(data.validation_targets[mistake.index]) for mistake in found.examination.mistakes
    ]


def test_outputs_that_are_no_classes_have_no_examination(warm: Trainer) -> None:
    order = order_for(model(sequential(dense(12, "softmax", "output"))), epochs=1)
    found = warm.train(order)
    assert found.examination is None
    assert found.validation_accuracy > 0.5


def test_a_used_process_gives_the_digits_of_a_fresh_one(launcher: WarmLauncher, warm: Trainer) -> None:
    order = order_for(model(RANDOM), inputs="images", optimizer="adam", epochs=2)
    used = [digits(warm.train(order)) for _ in range(2)]
    fresh = trainer(launcher)
    try:
        assert used == [digits(fresh.train(order))] * 2
    finally:
        fresh.close()


def test_names_do_not_change_the_digits(warm: Trainer) -> None:
    order = order_for(model(TWO_LAYERS), epochs=1)
    other = order_for(model(sequential(dense(100, "sigmoid", "dense_8"), dense(10, "softmax", "dense_9"))), epochs=1)
    assert digits(warm.train(order)) == digits(warm.train(other))


PROGRAM = """
import json, sys
from grader.training import trainer
from tests.training.test_training import RANDOM, course_data
from tests.training.configs import TWO_LAYERS
trainer.STEPS_PER_EXECUTION = int(sys.argv[1])
session = trainer._Session()
data = course_data()
session.answer({"do": "data", **{name: getattr(data, name) for name in data.__struct_fields__}})
for config, inputs in ((TWO_LAYERS, "flat"), (RANDOM, "images")):
    settings = {"optimizer": "rmsprop", "loss": "sparse_categorical_crossentropy"}
    order = {"config": config, "compile_config": settings, "inputs": inputs, "epochs": 2, "batch_size": 32, "seed": 42}
    answer = session.answer({"do": "train", **order})
    print(json.dumps([answer["history"], answer["test_accuracy"]]))
"""


def digits_in(environment: dict[str, str], *, cores: set[int] | None = None, steps: int = 50) -> str:
    """What two trainings print in a fresh interpreter, on these cores and with these variables."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(steps)],
        env=clean_environment() | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        preexec_fn=None if cores is None else lambda: os.sched_setaffinity(0, cores),
    ).stdout


@pytest.fixture(scope="module")
def reference() -> str:
    return digits_in({})


def test_two_trainings_were_really_compared(reference: str) -> None:
    first, second = (json.loads(line) for line in reference.splitlines())
    assert first[1] > 0.7
    assert second[1] > 0.4
    assert first != second


def test_one_core_gives_the_same_digits(reference: str) -> None:
    assert digits_in({}, cores={min(os.sched_getaffinity(0))}) == reference


def test_one_step_at_a_time_gives_the_same_digits(reference: str) -> None:
    assert digits_in({}, steps=1) == reference


@pytest.mark.parametrize("newest", ["SSE41", "AVX2"])
def test_an_older_processor_gives_the_same_digits(reference: str, newest: str) -> None:
    """oneDNN and the C library choose code by the processor; both are told of an older one."""
    hidden = "-AVX512F,-AVX512VL" if newest == "AVX2" else "-AVX512F,-AVX512VL,-AVX2,-FMA,-FMA4"
    older = {"ONEDNN_MAX_CPU_ISA": newest, "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={hidden}"}
    assert digits_in(older) == reference


def test_tensorflow_imported_with_other_kernels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = clean_environment() | {"TF_ENABLE_ONEDNN_OPTS": "1"}
    monkeypatch.setattr("grader.sandbox.warm_launcher.clean_environment", lambda: other)
    wrong = WarmLauncher(("numpy",), "auto")
    try:
        with pytest.raises(TrainingError, match="TF_ENABLE_ONEDNN_OPTS"):
            trainer(wrong).train(order_for(model(TWO_LAYERS)))
    finally:
        wrong.close()


@pytest.mark.parametrize(
    ("config", "settings", "told"),
    [
        (TWO_LAYERS, {"loss": "sparse_categorical_crossentropi"}, 'no loss named "sparse_categorical_crossentropi"'),
        (TWO_LAYERS, {"loss": "categorical_crossentropy"}, "The loss categorical_crossentropy does not fit"),
        (TWO_LAYERS, {"loss": keras_object("keras.losses", "CategoricalCrossentropy")}, "CategoricalCrossentropy"),
        (TWO_LAYERS, {"loss": "mse"}, "The loss mse does not fit"),
        (TWO_LAYERS, {"loss": "binary_crossentropy"}, "The loss binary_crossentropy does not fit"),
        (TWO_LAYERS, {"loss": "accuracy"}, 'no loss named "accuracy"'),
        (TWO_LAYERS, {"optimizer": "adamm"}, 'no optimizer named "adamm"'),
        (TWO_LAYERS, {"loss_weights": ["accuracy"]}, "loss_weights"),
        (TWO_LAYERS, {"loss_weights": "accuracy"}, "loss_weights"),
        (sequential(dense(1, "softmax")), {}, "fewer units than the images have classes"),
        (sequential(dense(9, "softmax")), {}, "fewer units than the images have classes"),
        (sequential(dense(10, "softmax"), shape=(28, 28)), {}, "The model takes inputs of shape"),
        (sequential(dense(5_000, name="a"), dense(5_000, name="b"), dense(10)), {}, "too many parameters"),
        (sequential(layer("Conv2D", filters=3, kernel_size=3)), {}, "Keras cannot train the model"),
    ],
)
def test_a_mistake_is_named(warm: Trainer, config: dict[str, Any], settings: dict[str, Any], told: str) -> None:
    compiled = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", **settings}
    with pytest.raises(ModelError, match=told):
        warm.train(TrainingOrder(config=config, compile_config=compiled, inputs="flat", epochs=1))


def test_images_where_rows_are_needed_are_named(warm: Trainer) -> None:
    with pytest.raises(ModelError, match=r"shape \(None, 28, 10\)"):
        warm.train(order_for(model(sequential(dense(10, "softmax"), shape=(28, 28))), inputs="images", epochs=1))


def test_a_training_that_diverges_is_a_training(warm: Trainer) -> None:
    settings = {
        "optimizer": optimizer("SGD", learning_rate=1e38),
        "loss": keras_object("keras.losses", "SparseCategoricalCrossentropy", from_logits=True),
    }
    order = TrainingOrder(config=sequential(dense(10, "linear")), compile_config=settings, inputs="flat", epochs=1)
    found = warm.train(order)
    assert found.validation_accuracy < 0.2
    assert not math.isfinite(found.history["loss"][0])


def test_a_model_that_takes_too_long_is_stopped_and_the_next_one_trained(launcher: WarmLauncher) -> None:
    hasty = trainer(launcher, seconds=3.0)
    slow = sequential(layer("LSTM", units=200, name="lstm"), dense(10, "softmax"), shape=(28, 28))
    with pytest.raises(LimitError, match="longer than the limit of 3 seconds") as caught:
        hasty.train(order_for(model(slow), inputs="images", epochs=1000))
    assert caught.value.timed_out
    hasty.close()
    assert trainer(launcher).train(order_for(model(TWO_LAYERS), epochs=1)).validation_accuracy > 0.7


def test_a_model_that_takes_too_much_memory_is_stopped(launcher: WarmLauncher) -> None:
    large = sequential(
        layer("RepeatVector", n=60_000, name="repeat"),
        layer("GaussianNoise", stddev=0.1, name="noise"),
        layer("GlobalMaxPooling1D", name="pool"),
        dense(10, "softmax"),
    )
    with pytest.raises((LimitError, ModelError), match="memory"):
        trainer(launcher, seconds=60.0).train(order_for(model(large), epochs=1))


def test_a_request_that_is_none_is_answered(launcher: WarmLauncher) -> None:
    process = launcher.start_trusted("grader.training.trainer:serve")
    for request in (None, 7, {}, {"do": "train"}, {"do": "data"}, ["do"]):
        assert process.ask(request, seconds=60.0)["fault"] == "trainer"
    process.kill()
