"""What may be rebuilt, what may not, and what a student is told; nothing here imports Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import ModelError
from grader.protocol.values import KerasValue
from grader.training import cleaned, cleaned_answer, vet
from grader.training.vet import cleaned_compile_config
from tests.training.configs import (
    TWO_LAYERS,
    dense,
    entrance,
    function,
    functional,
    keras_object,
    layer,
    model,
    node,
    sequential,
)

ROOT = Path(__file__).parent.parent.parent


def refusal(config: dict[str, Any], kind: str = "model") -> ModelError:
    with pytest.raises(ModelError) as caught:
        vet(KerasValue(kind, config))
    assert caught.value.hint, "a refusal says what to do instead"
    return caught.value


def test_the_models_of_the_course_are_taken() -> None:
    vet(model(TWO_LAYERS))
    vet(model(sequential(layer("Flatten", name="flatten"), dense(100), dense(10, "softmax"), shape=(28, 28))))
    vet(model(functional(entrance(784), dense(10, "softmax"), first="input_layer", last="dense")))


def test_optimizers_losses_metrics_and_layers_are_taken_alone() -> None:
    decay = keras_object("keras.optimizers.schedules", "CosineDecay", initial_learning_rate=0.1, decay_steps=100)
    vet(KerasValue("optimizer", keras_object("keras.optimizers", "Adam", name="adam", learning_rate=decay)))
    vet(KerasValue("loss", keras_object("keras.losses", "SparseCategoricalCrossentropy", from_logits=True)))
    vet(KerasValue("metric", keras_object("keras.metrics", "SparseCategoricalAccuracy", name="accuracy")))
    vet(KerasValue("layer", dense(10)))


def test_settings_objects_and_nested_layers_are_taken() -> None:
    vet(
        model(
            sequential(
                layer(
                    "Dense",
                    units=10,
                    activation=layer("LeakyReLU", negative_slope=0.1),
                    kernel_initializer=keras_object("keras.initializers", "HeNormal", seed=2**40),
                    kernel_regularizer=keras_object("keras.regularizers", "L2", l2=np.float32(0.01)),
                    kernel_constraint=keras_object("keras.constraints", "MaxNorm", max_value=2),
                    dtype=keras_object("keras", "DTypePolicy", name="mixed_float16"),
                ),
                layer("Bidirectional", layer=layer("LSTM", units=3), backward_layer=None),
                layer("RNN", cell=[layer("GRUCell", units=2), layer("LSTMCell", units=2)]),
            )
        )
    )


def test_operations_of_a_functional_model_are_taken() -> None:
    scale = keras_object("keras.src.ops.numpy", "TrueDivide", name="true_divide") | {"registered_name": "TrueDivide"}
    item = keras_object("keras.src.ops.numpy", "GetItem", name="get_item")
    part = {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}}
    config = functional(entrance(784), scale, item, dense(10), first="input_layer", last="dense")
    config["config"]["layers"][2]["inbound_nodes"][0]["args"].append(
        [part, {"class_name": "__ellipsis__", "config": {}}]
    )
    vet(model(config))


def test_the_copy_holds_plain_numbers_and_nothing_unknown() -> None:
    config = sequential(dense(np.int64(100)), surprise={"module": "os", "class_name": "system", "config": "true"})
    copied = cleaned(model(config)).config
    assert type(copied["config"]["layers"][1]["config"]["units"]) is int
    assert "surprise" not in copied
    assert copied is not config


def test_functions_of_keras_and_their_names_in_tensorflow_are_taken() -> None:
    for name, kept in (("relu", "relu"), ("softmax_v2", "softmax"), ("swish", "silu")):
        copied = cleaned(model(sequential(dense(10, function(name))))).config
        assert copied["config"]["layers"][1]["config"]["activation"] == function(kept)
    settings = {"optimizer": "adam", "loss": function("sparse_categorical_crossentropy"), "metrics": ["accuracy"]}
    assert cleaned_compile_config(settings) == settings


def test_a_history_is_taken_with_nan() -> None:
    history = KerasValue("history", {"class_name": "History", "config": {"loss": [1.0, float("nan")]}})
    assert str(cleaned(history).config["config"]["loss"]) == "[1.0, nan]"


def test_a_class_of_ones_own_is_named() -> None:
    own = {"module": None, "class_name": "MyLayer", "config": {"name": "mine"}, "registered_name": "MyLayer"}
    error = refusal(sequential(own, dense(10)))
    assert "A class of your own, MyLayer, cannot leave your program" in str(error.message)
    assert "keras.layers" in str(error.hint)


def test_a_lambda_layer_is_named() -> None:
    error = refusal(sequential(layer("Lambda", function=function("scale"), arguments={})))
    assert "Lambda layer" in str(error.message)
    assert "Rescaling" in str(error.hint)


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        (function("my_relu"), "my_relu"),
        ({"value": ["4wEAAAAAAAAAAAAAAAE=\n", None, None]}, "lambda"),
        ({"class_name": "__lambda__", "config": {"value": "4wEAAAAA"}}, "lambda"),
    ],
)
def test_a_function_as_activation_is_named(activation: Any, name: str) -> None:
    error = refusal(sequential(dense(10, activation)))
    assert "The activation of Dense dense is a function" in str(error.message)
    assert name in str(error.message)
    assert 'activation="relu"' in str(error.hint)


def test_an_own_function_that_bears_a_name_of_keras_is_named() -> None:
    facts = {"own_functions": [["Dense hidden", "activation", "softmax"]]}
    with pytest.raises(ModelError, match="The activation of Dense hidden is a function of your own") as caught:
        vet(KerasValue("model", TWO_LAYERS, facts=facts))
    assert 'activation="softmax"' in str(caught.value.hint)


@pytest.mark.parametrize("found", [7, "relu", [], [["Dense"]], [None], {"a": 1}])
def test_a_forged_list_of_own_functions_is_a_model_error_or_nothing(found: Any) -> None:
    try:
        vet(KerasValue("model", TWO_LAYERS, facts={"own_functions": found}))
    except ModelError:
        return
    assert not found


def test_an_object_that_is_no_setting_is_named() -> None:
    foreign = {"module": "decimal", "class_name": "__object__", "config": "Decimal"}
    assert "decimal.Decimal" in str(refusal(sequential(dense(foreign))).message)


PUBLISHED = {
    "CVE-2024-3660, code in a Lambda layer": layer(
        "Lambda", name="x", function={"class_name": "__lambda__", "config": {"code": "4wEA", "defaults": None}}
    ),
    "CVE-2025-1550, any module by name": keras_object("os", "system", command="true"),
    "CVE-2025-1550, a function of any module": layer("Activation", activation=function("system", "os")),
    "CVE-2025-8747, a utility of Keras as the function of a layer": layer(
        "Lambda", name="x", function=function("get_file", "keras.utils"), arguments={"origin": "http://x", "fname": "x"}
    ),
    "CVE-2025-8747, the same as activation": layer("Activation", activation=function("get_file", "keras.utils")),
    "CVE-2025-9906, safe mode switched off": layer(
        "Activation", activation=function("enable_unsafe_deserialization", "keras.config")
    ),
    "CVE-2025-9906, through an internal module": layer(
        "Lambda", function=function("set_global_attribute", "keras.src.backend.common.global_state")
    ),
    "CVE-2025-9906, a second model loaded": layer(
        "Lambda", function=function("load_model", "keras.models"), arguments={"safe_mode": False}
    ),
    "CVE-2025-9905, the legacy form without a module": {"class_name": "Lambda", "config": {"function": ["4wEA"]}},
    "CVE-2025-49655, a pickled torch module": layer("TorchModuleWrapper", module="gASV"),
    "CVE-2025-12058, a vocabulary read from a file": layer("StringLookup", vocabulary="/etc/passwd"),
    "CVE-2025-12058, its sibling": layer("IntegerLookup", vocabulary="/etc/passwd"),
    "CVE-2025-12058, within another layer": layer("TextVectorization", vocabulary="/etc/passwd"),
    "CVE-2026-1462, a SavedModel by path": layer("TFSMLayer", filepath="model"),
    "CVE-2026-12481, a lambda met outside any scope of safe mode": layer(
        "TimeDistributed", layer=layer("Lambda", function={"class_name": "__lambda__", "config": {"value": "4wEA"}})
    ),
    "CVE-2025-12060, a file fetched and unpacked": layer(
        "Activation", activation=function("get_file", "keras.src.utils.file_utils")
    ),
    "CVE-2025-12058, by the internal module": keras_object(
        "keras.src.layers.preprocessing.string_lookup", "StringLookup", vocabulary="http://169.254.169.254/"
    ),
    "CVE-2025-12058, a table of hashes": layer("HashedCrossing", num_bins=3),
    "CVE-2025-12638, an archive unpacked": layer(
        "Activation", activation=function("extract_open_archive", "keras.src.utils.file_utils")
    ),
    "CVE-2026-1669, weights read from another file": layer(
        "Activation", activation=function("load_weights", "keras.src.saving.saving_api")
    ),
    "a table of a file's lines in an own wrapper": layer("Hashing", num_bins=2, vocabulary="/etc/passwd"),
    "an unpickled model": keras_object("keras.src.saving.keras_saveable", "KerasSaveable", bytes="gASV"),
    "CVE-2024-55459, a file written": layer("Activation", activation=function("get_file", "tensorflow.keras.utils")),
    "a class of the same name in another package": keras_object("tf_keras.layers", "Dense", units=3),
    "a class of the same name in TensorFlow": keras_object("tensorflow.python.keras.layers", "Dense", units=3),
    "a pipeline of any layers": layer("Pipeline", layers=[]),
    "an abstract wrapper": layer("Wrapper", layer=dense(3)),
    "a function wrapped as a loss": keras_object("keras.losses", "LossFunctionWrapper", fn=function("exec")),
    "a function wrapped as a metric": keras_object("keras.metrics", "MeanMetricWrapper", fn=function("system", "os")),
    "a function of Keras that loads": layer("Activation", activation=function("load_model", "keras.saving")),
    "a function of Keras that walks up": layer("Activation", activation=function("relu", "keras.src.utils")),
    "a dotted function name": layer("Activation", activation=function("relu.__globals__")),
    "a model by a file": keras_object("keras.models", "load_model", filepath="/etc/passwd"),
    "a callback": keras_object("keras.callbacks", "LambdaCallback", on_epoch_end=function("exec")),
    "a quantizer by module": keras_object("keras.quantizers", "AbsMaxQuantizer", axis=0),
    "a layer of the grader's own": keras_object("grader.training.client", "Trainer", seconds=1),
    "a registered name that is no text": dense(10) | {"registered_name": ["package>Other"]},
    "a registered function": layer("Activation", activation=function("relu") | {"registered_name": "package>relu"}),
    "a type specification by any module": {
        "class_name": "__typespec__",
        "spec_name": "system",
        "module": "os",
        "config": [],
        "registered_name": None,
    },
    "a callable of JAX": layer("JaxLayer", call_fn=function("eval")),
    "a builtin function of Python": layer("Activation", activation=function("eval")),
    "a name that resolves to another class": dense(10) | {"registered_name": "package>Other"},
    "an internal class by its module": keras_object("keras.src.layers.core.lambda_layer", "Lambda", function="x"),
    "a base class": keras_object("keras", "Layer", name="x"),
    "a loop with a callable": keras_object("keras.src.ops.core", "WhileLoop", cond=function("eval")),
    "bytes of a subject's choice": layer("Dense", units={"class_name": "__bytes__", "config": {"value": "x"}}),
    "an array of a type that reserves memory": layer(
        "Dense", units=3, bias={"class_name": "__numpy__", "config": {"value": [""], "dtype": "V2000000000"}}
    ),
    "a tensor of objects": layer(
        "Dense", units=3, bias={"class_name": "__tensor__", "config": {"value": [1], "dtype": "object"}}
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("place", ["in a model", "in a wrapper", "nested", "in a call", "as a loss", "in a build"])
def test_published_ways_around_safe_mode_are_refused(name: str, place: str) -> None:
    hostile = PUBLISHED[name]
    match place:
        case "in a model":
            refusal(sequential(hostile))
        case "in a wrapper":
            refusal(sequential(layer("TimeDistributed", layer=hostile)))
        case "nested":
            refusal(sequential(sequential(sequential(hostile))))
        case "in a call":
            called = functional(entrance(784), dense(10), first="input_layer", last="dense")
            called["config"]["layers"][1]["inbound_nodes"][0]["kwargs"] = {"mask": hostile}
            refusal(called)
        case "as a loss":
            refusal(TWO_LAYERS | {"compile_config": {"optimizer": "adam", "loss": hostile}})
        case "in a build":
            refusal(sequential(dense(10) | {"build_config": {"input_shape": hostile}}))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"class_name": "Dense"},
        {"class_name": 7, "module": "keras.layers", "config": {}},
        {"class_name": "Dense", "module": ["keras.layers"], "config": {}},
        {"class_name": "Dense", "module": "keras.layers", "config": [1]},
        {"class_name": "Dense", "module": "keras.layers", "config": None},
        {"class_name": "function", "module": "builtins", "config": {"a": 1}},
        sequential("Lambda"),
        sequential({"name": "no class"}),
        sequential(7),
        sequential([dense(10)]),
        keras_object("keras", "Sequential", name="sequential"),
        keras_object("keras", "Sequential", layers={"a": dense(10)}),
        keras_object("keras", "Sequential", layers=dense(10)),
        keras_object("keras", "Sequential", layers=None),
        sequential(function("relu")),
        sequential(keras_object("keras.optimizers", "Adam", learning_rate=0.1)),
        sequential(layer("TimeDistributed", layer="Lambda")),
        sequential(dense(object())),
        sequential(dense(b"10")),
        sequential(dense(1 + 2j)),
        sequential(dense(np.ones(3))),
        sequential(layer("Dense", **{"u" * 2000: 1})),
        sequential(layer("Dense", name="d" * 2000)),
        sequential(layer("Dense", units=10, extra={7: 1})),
        keras_object("keras.layers", "Dense", units=10),
        function("relu"),
    ],
)
def test_what_is_no_model_of_keras_is_refused(config: dict[str, Any]) -> None:
    refusal(config)


def test_the_kind_of_a_value_must_be_that_of_its_class() -> None:
    refusal(dense(10), kind="model")
    refusal(TWO_LAYERS, kind="layer")
    refusal(keras_object("keras.losses", "Poisson"), kind="optimizer")


@pytest.mark.parametrize("units", [True, 0, -3, np.bool_(True), 10**30, -(10**30), 10**600, 20_000_000])  # noqa: FBT003
def test_a_count_that_is_none_is_named(units: Any) -> None:
    error = refusal(sequential(dense(units)))
    assert len(str(error.message)) < 200
    assert "at least 1" in str(error.message) or "at most" in str(error.message)


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), np.float32("-inf")])
def test_a_number_that_is_not_finite_is_named(rate: float) -> None:
    error = refusal(keras_object("keras.optimizers", "SGD", name="sgd", learning_rate=rate), kind="optimizer")
    assert "learning_rate of SGD sgd" in str(error.message)


@pytest.mark.parametrize("shape", [(10**9,), (4000, 4000), (1,) * 20, (2**40, 2**40), (-(10**5), 10**5)])
def test_a_huge_shape_is_refused(shape: tuple[int, ...]) -> None:
    refusal(sequential(dense(10), shape=shape))
    refusal(sequential(layer("Reshape", target_shape=shape)))
    refusal(sequential(dense(10) | {"build_config": {"shapes_dict": {"inputs_shape": [shape]}}}))


def test_more_units_than_parameters_allowed_is_refused_before_keras_builds() -> None:
    assert "too many parameters" in str(refusal(sequential(dense(6_000_000))).message)


def test_weights_are_bounded_and_numbers() -> None:
    with pytest.raises(ModelError, match="too many parameters: 11"):
        vet(KerasValue("layer", dense(1), (np.zeros(5), np.zeros(6))), max_parameters=10)
    with pytest.raises(ModelError):
        vet(KerasValue("layer", dense(1), (np.array(["a"]),)))
    vet(KerasValue("layer", dense(1), (np.array([np.nan, np.inf]),)))


def test_deep_nesting_is_refused() -> None:
    nested: Any = dense(1)
    for _ in range(2000):
        nested = layer("TimeDistributed", layer=nested)
    refusal(sequential(nested))
    deep: Any = 0
    for _ in range(5000):
        deep = [deep]
    refusal(sequential(layer("Dense", units=deep)))


def test_a_large_configuration_is_refused() -> None:
    refusal(sequential(layer("Normalization", mean=[0.0] * 200_000)))
    refusal(sequential(*[dense(1) for _ in range(500)]))


def test_calls_that_multiply_are_refused() -> None:
    """Each model is small and calls the one within it thirty times; Keras would call the innermost 30 ** 4 times."""
    inner = functional(entrance(784), dense(784), first="input_layer", last="dense")
    for _ in range(4):
        outer = functional(entrance(784), inner | {"config": inner["config"] | {"name": "m"}}, first="m", last="m")
        outer["config"]["layers"][1]["inbound_nodes"] = [node("input_layer")] * 30
        inner = outer
    assert "layers" in str(refusal(inner).message)


def test_a_long_row_of_layers_is_refused_since_keras_builds_it_anew_for_each() -> None:
    def row(count: int) -> dict[str, Any]:
        return sequential(*[dense(10, name=f"dense_{number}") for number in range(count)], shape=(10,))

    vet(model(row(53)))
    assert "would call more than" in str(refusal(row(54)).message)
    assert "would call more than" in str(refusal(sequential(*[row(12) for _ in range(12)], shape=(10,))).message)


def test_a_graph_is_called_once_for_each_node() -> None:
    def chain(*layers: dict[str, Any]) -> dict[str, Any]:
        return functional(entrance(784), *layers, first="input_layer", last=layers[-1]["config"]["name"])

    vet(model(chain(*(dense(784, name=f"dense_{number}") for number in range(398)))))
    assert "more layers than" in str(refusal(chain(*(dense(784, name=f"d{number}") for number in range(399)))).message)
    attention = [layer("MultiHeadAttention", num_heads=1, key_dim=1, name=f"m{number}") for number in range(50)]
    assert "more layers than" in str(refusal(chain(*attention)).message)


def test_an_answer_of_many_objects_is_refused() -> None:
    optimizer = KerasValue("optimizer", keras_object("keras.optimizers", "SGD", name="sgd"))
    assert len(cleaned_answer([optimizer] * 20)) == 20
    with pytest.raises(ModelError, match="more than 20 objects"):
        cleaned_answer({"a": [optimizer] * 10, "b": ((optimizer,) * 10, [optimizer])})


def test_the_weights_of_an_answer_are_counted_together() -> None:
    """One by one, twenty models could have twenty times what the grader rebuilds."""
    weights = (np.zeros((1_000, 500), np.float32),)
    ten = [KerasValue("model", TWO_LAYERS, weights)] * 10
    assert len(cleaned_answer(ten)) == 10
    with pytest.raises(ModelError, match="too many parameters together: 5,500,000") as caught:
        cleaned_answer([ten, {"more": KerasValue("layer", dense(10), weights)}])
    assert caught.value.hint


def test_wrappers_that_double_are_refused() -> None:
    wrapped: Any = layer("LSTM", units=1)
    for _ in range(12):
        wrapped = layer("Bidirectional", layer=wrapped)
    refusal(sequential(wrapped))


def test_a_long_unrolled_loop_is_refused() -> None:
    refusal(sequential(layer("LSTM", units=3, unroll=True), shape=(5000, 1)))
    refusal(sequential(layer("SpectralNormalization", power_iterations=10**6, layer=dense(3))))


@pytest.mark.parametrize("text", ["\x1b[31m", "{boom}", "<script>", "\u202e", "a\nb", "%s", "é" * 1000])
def test_what_a_submission_names_stands_in_places_only(text: str) -> None:
    own: dict[str, Any] = {"module": None, "class_name": text[:900], "config": {}, "registered_name": None}
    message = str(refusal(sequential(own)).message)
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.slow
def test_vetting_does_not_import_keras() -> None:
    program = (
        "import sys\n"
        "from grader.training import Trainer, vet\n"
        "from tests.training.configs import TWO_LAYERS, model\n"
        "vet(model(TWO_LAYERS))\n"
        "sys.exit(bool({'keras', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
