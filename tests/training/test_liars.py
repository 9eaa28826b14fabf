"""Objects that lie about themselves, described by real Keras as in a subject: what is graded is what is rebuilt."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checking import compile_settings, origin
from grader.checking.answers import receive
from grader.errors import ModelError, SubmissionFault
from grader.protocol.keras_values import describe
from grader.protocol.values import KerasValue, Opaque, decode, encode
from grader.training import cleaned_answer, order_for, rebuild_answer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    return importlib.import_module("keras")


def over_the_channel(value: Any) -> Any:
    """`value` as a check gets it, the whole way."""
    crossed = decode(encode(value, limit=10**8, describe=describe))
    return receive(cleaned_answer(crossed), "build_model", rebuild_answer)


def small(keras: Any) -> Any:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax", name="output")])


def lying_class(keras: Any, **lies: Any) -> Any:
    """A model of a subclass of Sequential that has `lies` for attributes."""
    liar = type("Liar", (keras.Sequential,), lies)
    return liar([keras.Input((4,)), keras.layers.Dense(3, "softmax", name="output")])


def test_counts_and_shapes_are_those_of_the_rebuilt_model(keras: Any) -> None:
    model = lying_class(
        keras,
        count_params=lambda _self: 79_510,
        input_shape=property(lambda _self: (None, 784)),
        output_shape=property(lambda _self: (None, 10)),
        evaluate=lambda *_, **__: [0.0, 1.0],
        predict=lambda *_, **__: np.eye(10),
        summary=lambda *_, **__: "79,510",
    )
    rebuilt = over_the_channel(model)
    assert rebuilt.count_params() == 15
    facts = origin(rebuilt).facts
    assert (facts["input_shape"], facts["output_shape"], facts["built"]) == ((None, 4), (None, 3), True)
    assert rebuilt.predict(np.zeros((2, 4)), verbose=0).shape == (2, 3)
    assert type(rebuilt) is keras.Sequential


def forge(value: Any, **facts: Any) -> KerasValue:
    described = describe(value)
    assert isinstance(described, KerasValue)
    return KerasValue(described.kind, described.config, described.weights, described.facts | facts)


def test_a_patched_description_changes_nothing_that_is_not_its_own_word(keras: Any) -> None:
    forged = forge(
        small(keras),
        input_shape=(None, 784),
        output_shape=(None, 10),
        parameter_count=79_510,
        compiled=True,
        compile_config={"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        built=False,
    )
    rebuilt = over_the_channel(forged)
    facts = origin(rebuilt).facts
    assert (facts["input_shape"], facts["output_shape"], facts["built"]) == ((None, 4), (None, 3), True)
    assert compile_settings(rebuilt) is None
    with pytest.raises(ModelError, match="not compiled"):
        order_for(origin(rebuilt), optimizer=None, loss=None)


def test_what_is_shown_of_compile_is_what_is_trained(keras: Any) -> None:
    model = small(keras)
    model.compile("sgd", "mse")
    told = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    settings = compile_settings(over_the_channel(forge(model, compile_config=told)))
    assert settings is not None
    assert (settings.optimizer_name, settings.loss_name) == ("SGD", "mean_squared_error")
    model.get_compile_config = lambda: told
    lied = over_the_channel(model)
    shown, order = compile_settings(lied), order_for(origin(lied), optimizer=None, loss=None)
    assert shown is not None
    assert (shown.optimizer_name, shown.loss_name) == (order.compile_config["optimizer"], order.compile_config["loss"])


class Anything:
    """Equal to all, whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class Ten(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__

    def __int__(self) -> int:
        return 10

    __index__ = __int__


def lies_in_get_config(keras: Any) -> Any:
    model = small(keras)
    honest = model.layers[0].get_config
    model.layers[0].get_config = lambda: honest() | {"units": 10}
    return model


def get_config_of_another_class(keras: Any) -> Any:
    model = small(keras)
    model.get_config = lambda: {"layers": [{"module": "os", "class_name": "system", "config": {"command": "true"}}]}
    return model


def too_many_weights(keras: Any) -> Any:
    model = small(keras)
    model.get_weights = lambda: [np.zeros((4, 3)), np.zeros(3), np.zeros(3)]
    return model


def weights_of_another_shape(keras: Any) -> Any:
    model = small(keras)
    model.get_weights = lambda: [np.zeros((3, 4)), np.zeros(3)]
    return model


def weights_that_are_objects(keras: Any) -> Any:
    model = small(keras)
    model.get_weights = lambda: [np.array([Anything()]), np.zeros(3)]
    return model


def weights_that_are_text(keras: Any) -> Any:
    model = small(keras)
    model.get_weights = lambda: ["0.87", "0.87"]
    return model


def get_weights_that_raises(keras: Any) -> Any:
    model = small(keras)
    model.get_weights = lambda: 1 / 0
    return model


def a_setting_that_equals_all(keras: Any) -> Any:
    model = small(keras)
    model.layers[0].units = Anything()
    return model


@pytest.mark.parametrize(
    "make",
    [
        lies_in_get_config,
        get_config_of_another_class,
        too_many_weights,
        weights_of_another_shape,
        weights_that_are_objects,
        weights_that_are_text,
        get_weights_that_raises,
        a_setting_that_equals_all,
    ],
)
def test_a_lie_that_does_not_fit_is_the_submissions_fault(keras: Any, make: Callable[[Any], Any]) -> None:
    with pytest.raises(SubmissionFault):
        over_the_channel(make(keras))


def test_a_number_of_a_lying_class_is_the_number_it_holds(keras: Any) -> None:
    forged = forge(keras.layers.Dense(5))
    forged.config["config"]["units"] = Ten(3)
    assert over_the_channel(forged).units == 3


def test_a_class_that_calls_itself_keras_is_none(keras: Any) -> None:
    fake = type("Sequential", (), {"__module__": "keras.src.models.sequential", "layers": [], "count_params": None})
    with pytest.raises(SubmissionFault):
        over_the_channel(fake())
    pretender = SimpleNamespace(history={"val_accuracy": [1.0]}, __class__=keras.callbacks.History)
    assert isinstance(decode(encode(pretender, limit=10**6, describe=describe)), Opaque)


def test_a_history_with_made_up_numbers_is_a_dictionary_that_nobody_trains_by(keras: Any) -> None:
    history = keras.callbacks.History()
    history.history = {"val_accuracy": [1.0] * 5}
    assert over_the_channel(history) == {"val_accuracy": [1.0] * 5}
    with pytest.raises(ModelError, match="Only a model can be trained"):
        order_for(forge(history))


def test_a_numpy_function_as_activation_is_named(keras: Any) -> None:
    for value in (
        keras.layers.Dense(3, activation=np.tanh, name="hidden"),
        keras.Sequential([keras.layers.Dense(3, activation=np.tanh, name="hidden")]),
        keras.Sequential([keras.Sequential([keras.layers.GRU(2, recurrent_activation=np.tanh, name="hidden")])]),
    ):
        described = describe(value)
        assert isinstance(described, Opaque)
        assert described.text.endswith(("=numpy.tanh in Dense hidden", "=numpy.tanh in GRU hidden")), described.text
