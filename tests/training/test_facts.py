"""How much is believed of what a subject says beside a configuration; nothing here imports Keras."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from grader.errors import ModelError
from grader.protocol.values import KerasValue, decode, encode
from grader.training import cleaned, cleaned_answer
from grader.training.facts import MAX_IDENTITIES, MAX_IDENTITY
from grader.training.vet import MAX_PARAMETERS, copied
from tests.training.configs import TWO_LAYERS, dense, function, keras_object, layer, sequential

COMPILED: dict[str, Any] = {
    "optimizer": keras_object("keras.optimizers", "Adam", name="adam", learning_rate=0.01),
    "loss": "sparse_categorical_crossentropy",
}


def facts_of(**facts: Any) -> dict[str, Any]:
    return cleaned(KerasValue("model", TWO_LAYERS, facts=facts)).facts


def test_identities_are_kept_and_claims_are_not() -> None:
    identities = {"identity": 7, "layer_identities": [1, 2], "weight_identities": [], "optimizer_identity": 9}
    claims = {"built": True, "compiled": True, "input_shape": (None, 784), "parameter_count": 79_510, "surprise": 1}
    assert facts_of(**identities, **claims) == identities | {"compiled": False, "compile_config": None}


def test_compile_settings_are_those_of_the_configuration() -> None:
    claimed = {"optimizer": "sgd", "loss": "mse"}
    value = KerasValue("model", TWO_LAYERS | {"compile_config": COMPILED}, facts={"compile_config": claimed})
    told = cleaned(value).facts
    assert told["compiled"]
    assert told["compile_config"]["loss"] == COMPILED["loss"]
    assert told["compile_config"]["optimizer"]["config"]["learning_rate"] == 0.01


FORGED: list[Any] = [
    3,
    "ab",
    (1, 2),
    {1: 2},
    [1, "2"],
    [[]],
    [None],
    [0.5],
    np.arange(2),
    [1] * (MAX_IDENTITIES + 1),
]


@pytest.mark.parametrize(
    "forged",
    [
        *[{"identity": number} for number in ("7", 7.0, True, -1, MAX_IDENTITY, 2**900, None, [7], np.int64(7))],
        *[{"optimizer_identity": other} for other in FORGED[1:]],
        *[{"layer_identities": value} for value in [*FORGED, [1, 1]]],
        *[{"weight_identities": value} for value in FORGED],
        *[{"own_functions": found} for found in (np.ones(2), np.array(["relu"]), (), 0, "", [["a", "b", 3]], [0])],
    ],
)
def test_facts_that_are_none_are_a_fault_of_the_submission(forged: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="not described the way Keras"):
        facts_of(**forged)


def test_as_many_weights_as_identities() -> None:
    weights = (np.zeros((784, 10)), np.zeros(10))
    assert cleaned(KerasValue("layer", dense(10), weights, {"weight_identities": [1, 2]})).facts["weight_identities"]
    with pytest.raises(ModelError):
        cleaned(KerasValue("layer", dense(10), weights, {"weight_identities": [1, 2, 3]}))


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("optimizer", keras_object("keras.optimizers", "Adam")),
        ("loss", keras_object("keras.losses", "Poisson")),
        ("metric", keras_object("keras.metrics", "AUC")),
        ("history", {"class_name": "History", "config": {}}),
    ],
)
def test_only_models_and_layers_have_weights(kind: str, config: Any) -> None:
    cleaned(KerasValue(kind, config))
    with pytest.raises(ModelError):
        cleaned(KerasValue(kind, config, (np.zeros(1),)))


ODD = [np.ones(2), np.array(["Dense"]), np.zeros(0), np.str_("Dense"), [], {}, b"Dense", 0, 1.5, float("nan"), 1j, True]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(
    "place", ["module", "class_name", "registered_name", "config", "compile_config", "build_config", "inbound_nodes"]
)
def test_a_part_of_a_wrong_type_is_never_a_fault_of_the_grader(place: str, odd: Any) -> None:
    """Found by fuzzing: arrays are neither hashable nor true or false."""
    for config in (TWO_LAYERS | {place: odd}, sequential(dense(10) | {place: odd}), sequential(dense(10), shape=(3,))):
        compiled: dict[str, Any] = config | {"compile_config": COMPILED | {"loss": function("mse") | {place: odd}}}
        for value in (config, compiled):
            with contextlib.suppress(ModelError):
                settled = copied(KerasValue("model", value), MAX_PARAMETERS)
                assert encode(cleaned(settled), limit=10**6) == encode(settled, limit=10**6)


def test_keras_values_are_vetted_wherever_they_stand_in_an_answer() -> None:
    good = KerasValue("layer", dense(10), facts={"identity": 1, "built": True})
    bad = KerasValue("layer", layer("Lambda"))
    answer = cleaned_answer([good, (good, {"a": good}), 3, np.ones(1)])
    assert answer[0].facts == answer[1][0].facts == answer[1][1]["a"].facts == {"identity": 1}
    for hostile in (bad, [bad], (1, bad), {"a": {"b": [bad]}}):
        with pytest.raises(ModelError, match="Lambda"):
            cleaned_answer(hostile)


def test_many_cells_in_an_unrolled_loop_are_refused() -> None:
    cells = [layer("GRUCell", units=2, name=f"cell_{number}") for number in range(60)]
    with pytest.raises(ModelError, match="unroll=True"):
        cleaned(KerasValue("model", sequential(layer("RNN", cell=cells, unroll=True), shape=(90, 2))))
    cleaned(KerasValue("model", sequential(layer("LSTM", units=32, unroll=True), dense(10), shape=(28, 28))))


def test_more_weights_than_any_model_has_are_refused() -> None:
    with pytest.raises(ModelError):
        cleaned(KerasValue("model", TWO_LAYERS, (np.zeros(0),) * (MAX_IDENTITIES + 1)))


def test_a_cycle_cannot_cross_and_depth_is_bounded_after_it() -> None:
    nested: Any = 1
    for _ in range(60):
        nested = [nested]
    crossed = decode(encode(KerasValue("layer", layer("Dense", units=nested)), limit=10**6))
    with pytest.raises(ModelError, match="nested too deep"):
        cleaned(crossed)
