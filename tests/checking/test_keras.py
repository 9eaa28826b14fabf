"""The vocabulary asked of real Keras objects, which go through the protocol as they do in a run."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checking import (
    Call,
    compile_settings,
    diagnose_exception,
    expect,
    expect_kind,
    expect_layers,
    expect_unchanged,
    layer,
    origin,
    same_object,
    shares_weights,
)
from grader.checking.answers import receive
from grader.errors import AnswerError
from grader.protocol.keras_values import describe, rebuild
from grader.protocol.values import decode, encode
from grader.training import cleaned_answer
from tests.checking.contexts import failure

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

TWO_LAYERS = [
    layer("Dense", units=100, activation="sigmoid", name="hidden"),
    layer("Dense", units=10, activation="softmax", name="output"),
]
RELU_LAYERS = [
    layer("Flatten"),
    layer("Dense", units=100, activation="relu"),
    layer("Dense", units=10, activation="softmax"),
]


@pytest.fixture(scope="module")
def k() -> Any:
    """Keras's names, short."""
    import keras  # noqa: PLC0415 - slow

    return SimpleNamespace(**vars(keras.layers), Sequential=keras.Sequential, Model=keras.Model, keras=keras)


def crossed(value: Any) -> Any:
    """`value` as a check gets it."""
    return receive(cleaned_answer(decode(encode(value, limit=10**8, describe=describe))), "f", rebuild)


def _right(k: Any) -> Any:
    return k.Sequential(
        [k.keras.Input((784,)), k.Dense(100, "sigmoid", name="hidden"), k.Dense(10, "softmax", name="output")]
    )


def _functional(k: Any) -> Any:
    inputs = k.keras.Input((784,))
    return k.Model(inputs, k.Dense(10, "softmax", name="output")(k.Dense(100, "sigmoid", name="hidden")(inputs)))


def _unbuilt(k: Any) -> Any:
    return k.Sequential([k.Dense(100, "sigmoid", name="hidden"), k.Dense(10, "softmax", name="output")])


def _called(k: Any) -> Any:
    model = _unbuilt(k)
    model(np.zeros((1, 784)))
    return model


def _separate(k: Any) -> Any:
    return k.Sequential(
        [
            k.keras.Input((784,)),
            k.Dense(100, name="hidden"),
            k.Activation("sigmoid"),
            k.Dense(10, name="output"),
            k.Softmax(),
        ]
    )


def _late_flatten(k: Any) -> Any:
    return k.Sequential([k.keras.Input((28, 28)), k.Dense(100, "relu"), k.Flatten(), k.Dense(10, "softmax")])


def _no_flatten(k: Any) -> Any:
    return k.Sequential([k.keras.Input((28, 28)), k.Dense(100, "relu"), k.Dense(10, "softmax")])


@pytest.mark.parametrize("make", [_right, _functional])
def test_the_right_model_has_the_right_layers(k: Any, make: Callable[[Any], Any]) -> None:
    expect_layers(crossed(make(k)), TWO_LAYERS, inputs=(784,))
    expect_layers(crossed(make(k)), TWO_LAYERS)


@pytest.mark.parametrize(
    ("make", "layers", "inputs", "words"),
    [
        (_unbuilt, TWO_LAYERS, (784,), ("was never built, so it has no shapes", "`keras.Input((784,))`")),
        (_called, TWO_LAYERS, None, ("The batch dimension is fixed at 1", "`keras.Input((784,))`")),
        (_separate, TWO_LAYERS, (784,), ("The model computes the right function", "None")),
        (_late_flatten, RELU_LAYERS, (28, 28), ("in another order: Dense, Flatten, Dense", "None")),
        (_no_flatten, RELU_LAYERS, (28, 28), ("Missing: Flatten.", "None")),
        (_right, TWO_LAYERS, (28, 28), ("shape (None, 784) instead of (None, 28, 28)", "None")),
        (lambda k: k.Dense(3), TWO_LAYERS, (784,), ("where a Keras model is expected", "None")),
        (lambda _k: None, TWO_LAYERS, (784,), ("nothing (None)", "None")),
    ],
)
def test_differences_of_models_are_named(
    k: Any, make: Callable[[Any], Any], layers: Any, inputs: Any, words: tuple[str, str]
) -> None:
    error = failure(expect_layers, crossed(make(k)), layers, inputs=inputs)
    assert words[0] in str(error)
    assert words[1] in str(error.hint)


def test_the_tables_are_those_of_the_summary(k: Any) -> None:
    error = failure(expect_layers, crossed(_late_flatten(k)), RELU_LAYERS, inputs=(28, 28))
    assert [line.split() for line in str(error.expected).splitlines()][1:] == [
        ["Flatten", "(None,", "784)", "0"],
        ["Dense,", "100,", "relu", "(None,", "100)", "78,500"],
        ["Dense,", "10,", "softmax", "(None,", "10)", "1,010"],
        ["Total", "79,510"],
    ]
    assert str(error.observed).splitlines()[-1].split() == ["Total", "30,910"]


def test_kinds_are_exact(k: Any) -> None:
    optimizers = k.keras.optimizers
    expect_kind(crossed(optimizers.SGD()), "SGD", function="make_sgd")
    expect_kind(crossed(_functional(k)), ("Sequential", "Model"), function="f")
    expect_kind(describe(_functional(k)), "Model", function="f")
    error = failure(expect_kind, crossed(optimizers.AdamW()), "Adam", function="make_adam")
    assert str(error) == "make_adam returned an object of class AdamW instead of Adam."
    for value, words in [
        (None, "f returned nothing (None) instead of an object of class Dense."),
        (k.Dense, "f returned a class instead of an object of it."),
        ("dense", "f returned a string instead of an object of class Dense."),
        ([crossed(k.Dense(1))], "f returned several objects instead of one of class Dense."),
        (3, "f returned an integer (int) instead of an object of class Dense."),
    ]:
        assert str(failure(expect_kind, value, "Dense", function="f")) == words


def test_identities_cross(k: Any) -> None:
    shared = k.Dense(4)
    one = crossed(k.Sequential([k.keras.Input((3,)), shared]))
    other = crossed(k.Sequential([k.keras.Input((3,)), shared, k.Dense(2)]))
    apart = crossed(k.Sequential([k.keras.Input((3,)), k.Dense(4)]))
    assert shares_weights(one, other)
    assert not shares_weights(one, apart)
    assert same_object(one.layers[0], other.layers[0])
    assert shares_weights(one.layers[0], other)
    assert not shares_weights(other.layers[1], one)
    assert not same_object(one, other)
    optimizer = k.keras.optimizers.SGD(0.1)
    model = _right(k)
    model.compile(optimizer)
    assert same_object(crossed(model).optimizer, describe(optimizer))
    assert not same_object(crossed(model).optimizer, describe(k.keras.optimizers.SGD(0.1)))


def test_arguments_that_are_models_may_be_unchanged(k: Any) -> None:
    model = _right(k)
    sent = crossed(model)
    expect_unchanged(Call(value=None, arguments=(describe(model),)), 0, sent)
    model.layers[0].set_weights([weights + 1 for weights in model.layers[0].get_weights()])
    failure(expect_unchanged, Call(value=None, arguments=(describe(model),)), 0, sent)


def test_settings_of_compile_in_every_spelling(k: Any) -> None:
    losses, metrics = k.keras.losses, k.keras.metrics
    for loss in (
        "sparse_categorical_crossentropy",
        "SparseCategoricalCrossentropy",
        losses.sparse_categorical_crossentropy,
        losses.SparseCategoricalCrossentropy(),
    ):
        model = _right(k)
        model.compile("rmsprop", loss, metrics=["accuracy"])
        settings = compile_settings(crossed(model))
        assert settings is not None
        assert (settings.loss_name, settings.from_logits) == ("sparse_categorical_crossentropy", False)
        assert (settings.optimizer_name, settings.metrics) == ("RMSprop", ("accuracy",))
        expect(settings.optimizer.learning_rate, 0.001)
        expect(settings.optimizer_config["learning_rate"], 0.001)
    model = _right(k)
    model.compile(
        k.keras.optimizers.SGD(0.1),
        losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[metrics.SparseCategoricalAccuracy(), "acc"],
    )
    settings = compile_settings(crossed(model))
    assert settings is not None
    assert settings.from_logits
    assert settings.metrics == ("sparse_categorical_accuracy", "accuracy")
    assert compile_settings(crossed(_right(k))) is None
    assert origin(crossed(model)).facts["compiled"] is True


def test_objects_that_may_not_cross_are_named(k: Any) -> None:
    import tensorflow as tf  # noqa: PLC0415 - slow

    for value, words in [
        (tf.constant([1.0]), "a tensor where a NumPy array belongs"),
        (tf.Variable(1.0), "a tensor where a NumPy array belongs"),
        (k.keras.Input((3,)), "symbolic KerasTensor"),
        (k.Dense, "a class, not an object"),
        (k.Dense(1, activation=np.tanh), "uses a NumPy function"),
        ((number for number in range(3)), "one by one (generator)"),
        (len, "a function instead of its value"),
        (np.array([None]), "plain numbers (dtype object)"),
    ]:
        with pytest.raises(AnswerError) as caught:
            crossed([value])
        assert words in str(caught.value.message)


def _diagnosed(code: str) -> str:
    """What is told of the exception that `code` really raises here."""
    try:
        exec(code, {"np": np})  # noqa: S102 - a line of a student's code
    except Exception as error:  # noqa: BLE001 - whatever it is
        message, hint = diagnose_exception(type(error).__name__, str(error)[:2000])
        return f"{message} {hint}"
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("keras.Sequential([keras.Input((3,)), Dense(1)]).compile('sgd', 'mse', metrics='accuracy')", "takes a list"),
        ("keras.optimizers.Adagrad(learning=0.1)", "learning_rate, not learning"),
        ("keras.optimizers.SGD(lr=0.1)", "learning_rate, not lr"),
        ("keras.optimizers.SGD(nestrov=True)", "no argument nestrov"),
        ("keras.optimizers.SGD('0.1')", "must be a number"),
        ("Dense(output_dim=10)", "units"),
        ("Dense(10, init='uniform')", "older versions of Keras"),
        ("Dense(10, batch_input_shape=(None, 3))", "older versions of Keras"),
        ("Dense(10, actvation='relu')", "A Dense layer has no argument actvation"),
        ("Dense(10, activation='sigmod')", "no activation named sigmod"),
        ("Dense(784, 100, 'sigmoid')", "the second argument is activation"),
        ("Dense('100')", "must be a positive integer"),
        ("keras.Sequential(Dense(1), Dense(2))", "one list of layers"),
        ("keras.Sequential([Dense])", "A layer's class stands where a layer belongs"),
        ("keras.Sequential().add([Dense(1)])", "one layer at a time"),
        ("keras.Sequential([keras.activations.relu])", "an activation goes into its layer"),
        ("keras.Sequential([None])", "None stands where a layer belongs"),
        ("keras.Sequential([1])", "no layer of keras"),
        ("keras.Sequential([Dense(1, name='a'), Dense(1, name='a')])", "the same name, a"),
        ("Dense(1, name='a/b')", "without a slash"),
        ("keras.Input(784)", "`keras.Input((784,))`"),
        ("keras.Input(input_shape=(784,))", "calls this argument shape"),
        ("keras.layers.Flatten((28, 28))", "Flatten takes no shape"),
        ("keras.layers.Flatten(28, 28)", "Flatten takes no shape"),
        ("keras.Sequential([keras.Input((3,)), Dense(1)]).compile(optimiser='sgd')", "no argument optimiser"),
        ("keras.Sequential([keras.Input((3,)), Dense(1)]).compile('adm')", "no optimizer named adm"),
        ("keras.Sequential([keras.Input((3,)), Dense(1)]).compile(keras.optimizers.Adam)", "an optimizer's class"),
        ("keras.Sequential([Dense(1)]).count_params()", "never built"),
        ("keras.Sequential([Dense(1)]).output_shape", "never built"),
        ("Dense(1).kernel", "never built"),
        ("keras.Sequential([keras.Input((3,)), Dense(1)])(np.ones((2, 5)))", "do not have the shape"),
        ("keras.Sequential([keras.Input((3,)), Dense(1)]).fit(np.ones((2, 3)))", "not compiled"),
        ("np.array(keras.Input((3,)))", "symbolic tensor"),
        ("tf.nn.relu(keras.Input((3,)))", "symbolic tensor"),
        ("keras.utils.np_utils", "np_utils is gone"),
        ("from keras.utils import np_utils", "np_utils is gone"),
        ("from keras.utils.np_utils import to_categorical", "np_utils is gone"),
        ("from keras.optimizers import adam", "no optimizer class named adam"),
        ("keras.optimizers.rmsprop()", "no optimizer class named rmsprop"),
        ("tf.keras.optimizers.legacy.Adam()", "legacy optimizers"),
        ("from keras.wrappers.scikit_learn import KerasClassifier", "older version of Keras"),
        ("from keras.layers.core import Dense", "older version of Keras"),
        ("from keras.engine import Model", "older version of Keras"),
        ("from tensorflow.examples.tutorials.mnist import input_data", "no part of TensorFlow"),
        ("import tensorflow.contrib", "no part of TensorFlow"),
        ("tf.Session()", "TensorFlow 1"),
        ("tf.placeholder('float')", "TensorFlow 1"),
        ("keras.Sequential([]).predict_classes(1)", "predict_classes is gone"),
        ("keras.Sequental()", "keras has nothing named Sequental"),
        ("keras.layer.Dense(1)", "keras has nothing named layer"),
        ("tf.keras.layer", "keras has nothing named layer"),
        ("from keras.layers import Dens", "keras.layers has nothing named Dens"),
        ("keras.layers(1)", "A module was called"),
        ("max(0, np.array([1.0, 2.0]))", "`np.maximum(0, z)`"),
        ("float(np.ones(2))", "A whole array stands where one number"),
        ("images = np.ones(3, np.uint8)\nimages /= 255", "cannot keep float64 numbers in an array of uint8"),
        ("np.ones((3, 28, 28)).reshape(60000, 784)", "2352 numbers cannot have the shape (60000,784)"),
        ("np.array([[1], [1, 2]])", "different lengths"),
        ("np.ones(3) + np.ones(4)", "The shapes (3,) and (4,)"),
        ("train_test_split(np.ones(4), np.ones(5))", "different numbers of samples"),
        ("train_test_split(np.ones(4), random_seed=42)", "an argument named random_seed"),
        ("a, b = train_test_split(np.ones(9), np.ones(9))", "number of names on the left"),
        ("[1] / 255", "A list does not compute"),
        ("tf.constant([1])[0] = 2", "tensor cannot be used like a NumPy array"),
        ("np.float(1)", "np.float is gone"),
        ("model = None\nmodel.compile()", "is None here"),
        ("def f():\n    return f()\nf()", "calls itself"),
        ("np.ones((10**8, 10**8))", "memory"),
        ("1 // 0", "divided by zero"),
        ("[][0]", "past the end"),
        ("import torch_that_is_not_there", "no module torch_that_is_not_there"),
        ("open('nothing.csv')", "sees no files"),
        ("keras.models.load_model('x.h5')", "sees no files"),
        ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')", "network"),
    ],
)
@pytest.mark.usefixtures("k")
def test_what_keras_and_numpy_really_say_is_understood(code: str, words: str) -> None:
    usual = "import keras\nimport tensorflow as tf\nfrom keras.layers import Dense\n"
    usual += "from sklearn.model_selection import train_test_split\n"
    assert words in _diagnosed(usual + code)
