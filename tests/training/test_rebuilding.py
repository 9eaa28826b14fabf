"""Real Keras objects, described as a subject describes them and rebuilt."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.errors import ModelError
from grader.protocol.keras_values import describe
from grader.protocol.values import KerasValue, decode, encode
from grader.training import order_for, rebuild_answer, training_key
from grader.training.catalog import CLASSES, FUNCTIONS
from grader.training.rebuilding import count_parameters, measure
from tests.training.configs import dense, function, keras_object, layer, model, sequential

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    return importlib.import_module("keras")


def crossed(value: Any) -> KerasValue:
    """What the grader receives when a subject answers with `value`."""
    received = decode(encode(describe(value), limit=10**8))
    assert isinstance(received, KerasValue)
    return received


def two_layers(keras: Any, **settings: Any) -> Any:
    return keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(100, "sigmoid"), keras.layers.Dense(10, "softmax")], **settings
    )


def test_a_model_comes_back_with_its_weights_and_settings(keras: Any) -> None:
    built = two_layers(keras, name="fashion_mnist")
    built.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    again = rebuild_answer(crossed(built))
    assert again.name == "fashion_mnist"
    assert [layer.name for layer in again.layers] == [layer.name for layer in built.layers]
    assert all(
        np.array_equal(mine, theirs) for mine, theirs in zip(again.get_weights(), built.get_weights(), strict=True)
    )
    assert type(again.optimizer) is keras.optimizers.Adam
    assert again.loss == "sparse_categorical_crossentropy"


def functional_with_operations(keras: Any) -> Any:
    images = keras.Input((28, 28))
    rows = keras.ops.reshape(images / 255.0, (-1, 784))
    return keras.Model(images, keras.layers.Dense(10, keras.activations.softmax)(keras.ops.relu(rows[:, 1:])))


def shared_and_nested(keras: Any) -> Any:
    inner = keras.Sequential([keras.Input((784,)), keras.layers.Dense(784)])
    rows = keras.Input((784,))
    return keras.Model(rows, keras.layers.Dense(10)(keras.layers.add([inner(rows), inner(inner(rows))])))


def convolutional(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.RandomFlip("horizontal", seed=3),
            layers.Conv2D(4, 3, activation=layers.LeakyReLU(0.1), kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.2),
            layers.Dense(10, dtype="float64", kernel_initializer=keras.initializers.Constant(np.ones((4, 10)))),
        ]
    )


def recurrent(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(3)),
            layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)]),
        ]
    )


@pytest.mark.parametrize("make", [functional_with_operations, shared_and_nested, convolutional, recurrent])
def test_models_of_every_kind_compute_the_same_when_rebuilt(keras: Any, make: Callable[[Any], Any]) -> None:
    built = make(keras)
    again = rebuild_answer(crossed(built))
    inputs = np.random.default_rng(0).random((2, *built.input_shape[1:]), np.float32)
    assert np.allclose(again.predict(inputs, verbose=0), built.predict(inputs, verbose=0))


def called_in_every_way(keras: Any) -> Any:
    """Tensors as keywords, in lists and in dicts; layers called twice; operations; structures of inputs and outputs."""
    layers = keras.layers
    images = keras.Input((28, 28))
    inner = keras.Model(within := keras.Input((28, 28)), {"rows": layers.Dense(28)(within), "same": within})
    rows = inner(images)["rows"]
    attended = layers.MultiHeadAttention(2, 4)(rows, value=images, key=inner(rows)["same"])
    sequence, *states = layers.LSTM(4, return_sequences=True, return_state=True)(attended)
    last = layers.LSTM(4)(sequence, initial_state=states)
    picked = keras.ops.concatenate([sequence[:, 1, 2:], last, keras.ops.mean(images, axis=(1, 2), keepdims=True)[0]], 1)
    return keras.Model([images], {"digits": layers.Dense(10)(keras.ops.clip(picked, -1, 1) ** 2)})


@pytest.mark.parametrize(
    "make", [functional_with_operations, shared_and_nested, convolutional, recurrent, called_in_every_way]
)
def test_a_model_made_twice_has_one_key_although_keras_names_its_layers_anew(
    keras: Any, make: Callable[[Any], Any]
) -> None:
    first, second = crossed(make(keras)), crossed(make(keras))
    assert first.config != second.config
    keys = {training_key(order_for(value), data_sha256="0" * 64) for value in (first, second)}
    assert len(keys) == 1


def test_the_older_form_of_calls_that_keras_still_reads_is_refused(keras: Any) -> None:
    rows = keras.Input((784,), name="rows")
    value = crossed(keras.Model(rows, keras.layers.Dense(10, name="dense")(rows)))
    value.config["config"]["layers"][1]["inbound_nodes"] = [[["rows", 0, 0, {}]]]
    assert keras.saving.deserialize_keras_object(copy.deepcopy(value.config)).count_params() == 7_850
    with pytest.raises(ModelError, match="in another form"):
        rebuild_answer(value)


def test_layers_optimizers_losses_metrics_and_histories_come_back(keras: Any) -> None:
    unbuilt = rebuild_answer(crossed(keras.layers.Dense(100, activation="sigmoid")))
    assert (unbuilt.units, unbuilt.built, unbuilt.activation.__name__) == (100, False, "sigmoid")
    decay = keras.optimizers.schedules.ExponentialDecay(0.1, 100, 0.9)
    assert rebuild_answer(crossed(keras.optimizers.SGD(decay, momentum=0.9, nesterov=True))).nesterov
    logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert rebuild_answer(crossed(logits)).get_config()["from_logits"]
    assert isinstance(rebuild_answer(crossed(keras.metrics.AUC())), keras.metrics.AUC)
    history = keras.callbacks.History()
    history.history = {"loss": [1.0, float("nan")]}
    assert str(rebuild_answer(crossed(history))) == "{'loss': [1.0, nan]}"


def test_the_catalog_names_classes_and_functions_that_exist(keras: Any) -> None:
    for module, name in CLASSES:
        assert hasattr(importlib.import_module(module), name), f"{module}.{name}"
    for name in FUNCTIONS:
        assert callable(keras.saving.deserialize_keras_object(function(name)))


def test_the_same_value_is_rebuilt_any_number_of_times(keras: Any) -> None:
    value = crossed(functional_with_operations(keras))
    assert rebuild_answer(value).count_params() == rebuild_answer(value).count_params()


TEN_UNITS = (np.ones((784, 10)), np.ones(10))


def forged_units(units: int) -> KerasValue:
    return model(sequential(dense(units, name="a"), dense(units, name="b")))


def test_weights_are_counted_before_they_are_made(keras: Any) -> None:
    assert count_parameters(forged_units(100).config) == 78_500 + 10_100
    assert count_parameters(forged_units(1_000_000).config) == 785_000_000 + 1_000_001_000_000
    with pytest.raises(ModelError, match="too many parameters: 1,000,786,000,000"):
        rebuild_answer(forged_units(1_000_000))
    # Nothing of the refused model may be made later on.
    assert rebuild_answer(crossed(two_layers(keras))).count_params() == 79_510


@pytest.mark.parametrize("weights", [(), (np.ones(3),), (np.ones((784, 10)),)])
@pytest.mark.parametrize("kind", ["model", "layer"])
def test_weights_that_did_not_come_are_not_made_up(weights: tuple[np.ndarray, ...], kind: str) -> None:
    config = sequential(dense(10)) if kind == "model" else dense(10) | {"build_config": {"input_shape": (None, 784)}}
    with pytest.raises(ModelError, match="weights that did not come along"):
        rebuild_answer(KerasValue(kind, config, weights))


def orthogonal(rows: int, units: int, **settings: Any) -> KerasValue:
    initializer = keras_object("keras.initializers", "Orthogonal", gain=1.0, seed=1)
    settings |= {"units": units, "use_bias": False, "kernel_initializer": initializer, "name": "wide"}
    return KerasValue("model", sequential(layer("Dense", **settings), shape=(rows,)), (np.ones((rows, units)),))


def test_weights_that_take_long_to_draw_are_refused(keras: Any) -> None:
    """Twenty square kernels of 2,200 units took 42 seconds of the grader's own."""
    assert measure(orthogonal(300, 20).config).factoring == 300 * 20 * 20
    assert measure(crossed(two_layers(keras)).config).factoring == 0
    for rows, units in ((2200, 2200), (1100, 4000), (4000, 1100)):
        with pytest.raises(ModelError, match="orthogonal matrices"):
            rebuild_answer(orthogonal(rows, units))
    assert rebuild_answer(orthogonal(49_000, 100)).count_params() == 4_900_000


def test_recurrent_layers_of_any_usual_size_are_taken(keras: Any) -> None:
    """Keras draws their recurrent kernels as orthogonal matrices by itself."""
    layers = [keras.Input((28, 28)), keras.layers.LSTM(512, return_sequences=True), keras.layers.GRU(256)]
    layers += [keras.layers.Reshape((16, 16)), keras.layers.Bidirectional(keras.layers.LSTM(64))]
    built = keras.Sequential(layers)
    assert rebuild_answer(crossed(built)).count_params() == built.count_params()


def test_what_metrics_count_is_bounded_for_a_whole_answer() -> None:
    def metric(classes: int) -> KerasValue:
        return KerasValue("metric", keras_object("keras.metrics", "MeanIoU", num_classes=classes, name="iou"))

    with pytest.raises(ModelError, match="too many parameters: 1,000,000"):
        rebuild_answer(metric(1_000))
    assert rebuild_answer(metric(100)).num_classes == 100


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("Embedding", (10, 4)),
        ("Dense", (3,)),
        ("Conv2D", (3, 3)),
        ("LSTM", (3,)),
        ("MultiHeadAttention", (2, 3)),
        ("BatchNormalization", ()),
        ("PReLU", ()),
        ("Normalization", ()),
        ("GroupNormalization", (1,)),
    ],
)
def test_layers_that_have_no_weights_yet_are_taken(keras: Any, name: str, settings: tuple[int, ...]) -> None:
    made = getattr(keras.layers, name)(*settings)
    assert type(rebuild_answer(crossed(made))).__name__ == name
    assert len(rebuild_answer(crossed(keras.Sequential([getattr(keras.layers, name)(*settings)]))).layers) == 1


@pytest.mark.parametrize(
    "value",
    [
        model(sequential(layer("Dense"))),
        model(sequential(layer("Dense", units="many"))),
        model(sequential(layer("Dense", units=3, surprise=1))),
        model(sequential(dense(3) | {"build_config": {"input_shape": (None, 5)}})),
        model(sequential(dense(10, "no_such_activation"))),
        model(sequential(layer("Conv2D", filters=3, kernel_size=3))),
        KerasValue("model", sequential(dense(10)) | {"compile_config": {"optimizer": "no_such_optimizer"}}, TEN_UNITS),
        KerasValue("model", sequential(dense(10)), (np.ones(7_850),)),
        KerasValue("model", sequential(dense(10)), tuple(array.T for array in TEN_UNITS)),
        KerasValue("layer", dense(10), (np.ones((3, 10)), np.ones(10))),
        KerasValue("metric", {**layer("AUC", num_thresholds=-1), "module": "keras.metrics"}),
    ],
)
def test_what_keras_refuses_is_a_model_error_and_prints_nothing(value: KerasValue) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(ModelError, match="Keras cannot rebuild") as caught:
        rebuild_answer(value)
    assert printed.getvalue() == ""
    assert len(str(caught.value.message)) < 400


def own_layer(keras: Any) -> Any:
    class OwnLayer(keras.layers.Layer):  # type: ignore[misc]
        pass

    return keras.Sequential([keras.Input((784,)), OwnLayer(), keras.layers.Dense(10)])


def own_model(keras: Any) -> Any:
    class OwnModel(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.output_layer = keras.layers.Dense(10)

        def call(self, inputs: Any) -> Any:
            return self.output_layer(inputs)

    return OwnModel()


def lambda_layer(keras: Any) -> Any:
    return keras.Sequential([keras.layers.Lambda(lambda pixels: pixels / 255)])


def lambda_activation(keras: Any) -> Any:
    return keras.Sequential([keras.layers.Dense(10, activation=lambda z: z)])


def relu(z: Any) -> Any:
    return np.maximum(0, z)


def own_relu(keras: Any) -> Any:
    """Keras writes down the name of the function alone, which is the name of one of its own."""
    return keras.Sequential([keras.layers.Dense(10, activation=relu)])


def own_relu_within(keras: Any) -> Any:
    return keras.Sequential([keras.layers.RNN(keras.layers.GRUCell(10, recurrent_activation=relu))])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (own_layer, "class of your own, OwnLayer"),
        (own_model, "class of your own, OwnModel"),
        (lambda_layer, "Lambda layer"),
        (lambda_activation, "activation of Dense .*lambda"),
        (own_relu, r"activation of Dense .* \(relu\)"),
        (own_relu_within, r"activation of GRUCell .* \(relu\)"),
    ],
)
def test_what_cannot_leave_a_subject_is_named(keras: Any, make: Callable[[Any], Any], told: str) -> None:
    with pytest.raises(ModelError, match=told):
        rebuild_answer(crossed(make(keras)))


def test_what_only_looks_foreign_is_taken(keras: Any) -> None:
    import tensorflow as tf  # noqa: PLC0415 - slow to import

    inputs = keras.Input((784,))
    for activation in (tf.nn.relu, tf.nn.softmax, tf.tanh, tf.nn.swish, keras.ops.relu, keras.activations.gelu):
        rebuilt = rebuild_answer(crossed(keras.Sequential([inputs, keras.layers.Dense(10, activation)])))
        values = np.linspace(-2, 2, 10, dtype=np.float32)
        assert np.allclose(rebuilt.layers[-1].activation(values), activation(values), atol=1e-6)

    class OwnSequential(keras.Sequential):  # type: ignore[misc]
        pass

    own = OwnSequential([inputs, keras.layers.Dense(10)])
    assert rebuild_answer(crossed(own)).count_params() == 7_850
