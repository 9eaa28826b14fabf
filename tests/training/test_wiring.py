"""Models that compute differently have different keys, and the same model has one, whatever its layers are called.

A key says which remembered accuracy is a model's own, and all that it is made of comes from a submission.
"""

from __future__ import annotations

import copy
import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ModelError
from grader.training import order_for, training_key
from grader.training.orders import TrainingOrder
from tests.training.configs import TWO_LAYERS, dense, entrance, functional, keras_object, layer, model, sequential

ODD_NAMES: list[Any] = [None, "", 0, 1, True, ["x"], {"x": 0}]
CHAIN = functional(entrance(784), dense(9, name="a"), dense(10, name="b"), first="input_layer", last="b")


def key(config: dict[str, Any], **compiled: Any) -> str:
    settings = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"} | compiled
    order = order_for(model(config | {"compile_config": settings}), optimizer=None, loss=None)
    return training_key(order, data_sha256="0" * 64)


def tensor(name: Any, node: Any = 0, output: Any = 0) -> dict[str, Any]:
    history = {"shape": (None, 784), "dtype": "float32", "keras_history": (name, node, output)}
    return {"class_name": "__keras_tensor__", "config": history}


def call(*sources: Any, **kwargs: Any) -> dict[str, Any]:
    return {"args": sources, "kwargs": kwargs}


def graph(*layers: dict[str, Any], inputs: Any, outputs: Any) -> dict[str, Any]:
    config = {"name": "m", "trainable": True, "layers": list(layers), "input_layers": inputs, "output_layers": outputs}
    return keras_object("keras.src.models.functional", "Functional", **config)


def placed(config: dict[str, Any], *nodes: Any, name: Any) -> dict[str, Any]:
    return config | {"name": name, "inbound_nodes": list(nodes)}


def meaning(config: dict[str, Any]) -> Any:
    """What Keras computes by a functional model: its own look-ups, the older form of calls included, on expressions.

    A layer is told by its position and settings, since the weights are drawn in the order of the layers.
    """
    layers = config["config"]["layers"]
    created: dict[Any, int] = {}
    waiting: dict[int, list[Any]] = {}
    for position, each in enumerate(layers):
        created[each["name"]] = position
        waiting[position] = list(each["inbound_nodes"])
    settings = [{k: v for k, v in each["config"].items() if k != "name"} for each in layers]
    called: dict[int, list[Any]] = {i: [("input", i)] if "batch_shape" in settings[i] else [] for i in waiting}
    for _round in layers:
        for each in layers:
            position = created[each["name"]]
            while waiting.get(position):
                node = waiting[position][0]
                legacy = isinstance(node, list)
                sources = [part[:2] for part in node] if legacy else [each_history(part) for part in node["args"]]
                if any(len(called[created[name]]) <= index for name, index in sources):
                    break
                arguments = [called[created[name]][index] for name, index in sources]
                called[position].append(("call", position, str(settings[position]), arguments))
                waiting[position].pop(0)
    name, index, _output = config["config"]["output_layers"]
    return settings, called[created[name]][index]


def each_history(part: dict[str, Any]) -> Any:
    return part["config"]["keras_history"][:2]


def two_branches(names: list[Any], inner: list[Any], source: Any, *, legacy: bool) -> dict[str, Any]:
    """Two layers beside each other, under whatever names, of which the last layer is called on one."""
    rows, used = ([["in", 0, 0, {}]], [[source, 0, 0, {}]]) if legacy else (call(tensor("in")), call(tensor(source)))
    return graph(
        placed(entrance(784) | {"config": entrance(784)["config"] | {"name": "in"}}, name="in"),
        placed(dense(100, name=inner[0]), rows, name=names[0]),
        placed(dense(100, "tanh", name=inner[1]), rows, name=names[1]),
        placed(dense(10, name="out"), used, name="out"),
        inputs=["in", 0, 0],
        outputs=["out", 0, 0],
    )


def test_no_choice_of_names_gives_two_models_one_key() -> None:
    """Every way to write names of this list into every place of a small model where one stands, in both forms."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    places = itertools.product(["x", "y", "", None], repeat=4)
    for (*names, first, second), source, legacy in itertools.product(places, ["x", "y", "in"], [False, True]):
        config = two_branches(names, [first, second], source, legacy=legacy)
        try:
            found[key(config)].append(meaning(config))
        except ModelError:
            continue
    assert len(found) == 3, "the last layer is called on the one, the other or the input"
    assert all(len(same) > 1 and same.count(same[0]) == len(same) for same in list(found.values())[:2])
    assert len({str(same[0]) for same in found.values()}) == 3


@pytest.mark.parametrize("swapped", [False, True])
def test_calls_in_the_older_form_are_refused(swapped: bool) -> None:  # noqa: FBT001 - a case
    names = ["y", "x"] if swapped else ["x", "y"]
    with pytest.raises(ModelError, match="a call of a layer in another form"):
        key(two_branches(names, names, "x", legacy=True))


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_layer_of_a_graph_needs_a_name(name: Any) -> None:
    with pytest.raises(ModelError):
        key(two_branches([name, "y"], [name, "y"], "y", legacy=False))
    nested = sequential(two_branches([name, "y"], [name, "y"], "y", legacy=False))
    with pytest.raises(ModelError):
        key(nested)


@pytest.mark.parametrize("other", ["z", *ODD_NAMES])
def test_the_name_by_which_a_layer_is_found_is_its_own(other: Any) -> None:
    with pytest.raises(ModelError, match="another name"):
        key(two_branches(["x", "y"], ["x", other], "x", legacy=False))


def test_two_layers_of_one_name_are_refused() -> None:
    with pytest.raises(ModelError, match="two layers of the name x"):
        key(two_branches(["x", "x"], ["x", "x"], "x", legacy=False))


@pytest.mark.parametrize(
    "node",
    [
        [],
        {},
        None,
        "in",
        [tensor("in")],
        {"args": [tensor("in")]},
        {"args": tensor("in"), "kwargs": {}},
        {"args": [tensor("in")], "kwargs": []},
        {"args": [tensor("in")], "kwargs": {"class_name": "__ellipsis__", "config": {}}},
        {"args": [tensor("in")], "kwargs": {}, "more": 1},
        call(tensor("nowhere")),
        call(tensor(0)),
        call(tensor(None)),
        call(tensor("in", -1)),
        call(tensor("in", 0, output=True)),
        call(tensor("in", 0.0)),
        call(tensor("in"), mask=tensor("nowhere")),
        call([{"deep": [tensor("nowhere")]}]),
        call(layer("Dense", units=3, bias=tensor("in"))),
        call({"class_name": "__keras_tensor__", "config": tensor("in")["config"] | {"keras_history": None}}),
        call({"class_name": "__keras_tensor__", "config": tensor("in")["config"] | {"keras_history": ["in", 0]}}),
    ],
)
def test_a_call_that_keras_does_not_write_is_refused(node: Any) -> None:
    config = two_branches(["x", "y"], ["x", "y"], "x", legacy=False)
    config["config"]["layers"][3]["inbound_nodes"] = [node]
    with pytest.raises(ModelError, match="not described the way"):
        key(config)


@pytest.mark.parametrize("nodes", [None, "in", {"args": [], "kwargs": {}}, 7])
def test_calls_that_are_no_list_are_refused(nodes: Any) -> None:
    config = two_branches(["x", "y"], ["x", "y"], "x", legacy=False)
    config["config"]["layers"][3]["inbound_nodes"] = nodes
    with pytest.raises(ModelError, match="not described the way"):
        key(config)


@pytest.mark.parametrize("place", ["input_layers", "output_layers"])
@pytest.mark.parametrize(
    "reference",
    [None, "out", 0, ["nowhere", 0, 0], ("out", 0, 0), ["out", 0], ["out", "0", 0], ["out", -1, 0], {"a": "out"}],
)
def test_inputs_and_outputs_that_are_no_references_are_refused(place: str, reference: Any) -> None:
    config = two_branches(["x", "y"], ["x", "y"], "x", legacy=False)
    config["config"][place] = reference
    with pytest.raises(ModelError, match="not described the way"):
        key(config)


def test_a_tensor_stands_only_where_a_layer_is_called() -> None:
    with pytest.raises(ModelError, match="where no layer is called"):
        key(sequential(layer("Dense", name="d", units=3, bias=tensor("d"))))


def everything() -> dict[str, Any]:
    """A model with a name in every place where Keras writes one, and layers that can all stand for each other."""
    inner = sequential(dense(784, name="a"))
    inner["config"]["name"] = "nested"
    part = {"class_name": "__slice__", "config": {"start": tensor("c"), "stop": None, "step": None}}
    return graph(
        placed(entrance(784) | {"config": entrance(784)["config"] | {"name": "a"}}, name="a"),
        placed(dense(784, name="b"), call(tensor("a")), call(tensor("c")), name="b"),
        placed(dense(784, name="c"), call(tensor("a"), mask=tensor("b")), name="c"),
        placed(inner, call([tensor("b", 1), {"k": (tensor("c"), part)}]), name="nested"),
        placed(dense(10, name="d"), call(tensor("nested")), name="d"),
        inputs={"one": ["a", 0, 0]},
        outputs=[["d", 0, 0], {"two": ["b", 1, 0]}],
    )


def names_within(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to each name of a layer of `everything`, but to those within the nested model."""
    if isinstance(value, str) and value in {"a", "b", "c", "d", "nested"}:
        yield path
    if isinstance(value, dict) and value.get("class_name") == "Sequential":
        value = {part: item for part, item in value.items() if part != "config"}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for part, item in items:
        yield from names_within(item, (*path, part))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return value | {path[0]: replaced(value[path[0]], path[1:], new)}
    return type(value)(replaced(item, path[1:], new) if i == path[0] else item for i, item in enumerate(value))


def test_a_name_in_any_place_changes_the_key_or_is_refused() -> None:
    config = everything()
    own = key(config)
    paths = list(names_within(config))
    assert len(paths) > 15
    taken = 0
    for path, new in itertools.product(paths, ["a", "b", "c", "d", "nested", "0", "1", *ODD_NAMES]):
        changed = replaced(config, path, new)
        if changed == config:
            continue
        try:
            other = key(changed)
        except ModelError:
            continue
        taken += 1
        assert other != own, path
    assert taken > 10


def test_what_keras_does_not_read_is_left_out() -> None:
    """An id of a shared object counts only while a file is loaded; calls and outer names only within a graph."""
    unread = {"shared_object_id": 7, "inbound_nodes": [[["x", 0, 0, {}]]], "name": "y"}
    shared = sequential(dense(10) | unread)
    assert key(shared | unread) == key(sequential(dense(10)))
    config = copy.deepcopy(CHAIN)
    config["config"]["layers"][1]["shared_object_id"] = 3
    assert key(config) == key(CHAIN)


def test_a_tuple_is_not_taken_for_a_list() -> None:
    def axis(value: Any) -> str:
        return key(sequential(layer("Normalization", name="n", axis=value), dense(10)))

    assert axis([1]) != axis((1,))


def two_outputs(first: str, second: str) -> dict[str, Any]:
    return graph(
        placed(entrance(784), name="input_layer"),
        placed(dense(10, name=first), call(tensor("input_layer")), name=first),
        placed(dense(10, "tanh", name=second), call(tensor("input_layer")), name=second),
        inputs=["input_layer", 0, 0],
        outputs=[[first, 0, 0], [second, 0, 0]],
    )


@pytest.mark.parametrize("setting", ["loss", "loss_weights"])
def test_names_count_where_a_loss_is_told_by_them(setting: str) -> None:
    told = {setting: {"x": 0.5, "y": 1}} if setting == "loss_weights" else {setting: {"x": "mse", "y": "mae"}}
    assert key(two_outputs("x", "y"), **told) != key(two_outputs("y", "x"), **told)
    assert key(two_outputs("x", "y")) == key(two_outputs("y", "x"))


def test_the_key_itself_fails_for_a_name_that_is_not_known() -> None:
    """Not only the vetting before it."""
    config = two_branches(["x", "y"], ["x", "y"], "nowhere", legacy=False)
    for unvetted in (config, two_branches(["x", "y"], ["x", "y"], "x", legacy=True)):
        order = TrainingOrder(config=unvetted, compile_config={}, inputs="flat")
        with pytest.raises(ModelError):
            training_key(order, data_sha256="0" * 64)


# Any graph ------------------------------------------------------------------------------------------------------------

Structure = list[tuple[int, list[list[int]]]]
"""For each layer its units, and for each call of it the earlier layers that it is called on."""


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    found: Structure = []
    for number in range(draw(st.integers(1, 4))):
        sources = st.lists(st.integers(0, number), min_size=1, max_size=2)
        found.append((draw(st.integers(1, 2)), draw(st.lists(sources, min_size=1, max_size=2))))
    return found


def written(structure: Structure, names: list[str]) -> dict[str, Any]:
    layers = [placed(entrance(784) | {"config": entrance(784)["config"] | {"name": names[0]}}, name=names[0])]
    for name, (units, calls) in zip(names[1:], structure, strict=False):
        nodes = [call(*(tensor(names[source]) for source in sources)) for sources in calls]
        layers.append(placed(dense(units, name=name), *nodes, name=name))
    return graph(*layers, inputs=[names[0], 0, 0], outputs=[layers[-1]["name"], 0, 0])


NAMES = st.permutations(["a", "b", "0", "1", "dense"])


@given(structures(), structures(), NAMES, NAMES)
def test_a_key_tells_graphs_and_not_names(
    one: Structure, other: Structure, first: list[str], second: list[str]
) -> None:
    assert (key(written(one, first)) == key(written(other, second))) == (one == other)
    assert key(written(one, first)) == key(written(one, second))


def test_nested_graphs_have_names_of_their_own() -> None:
    """A layer of the inner model may be called as one of the outer; renaming either changes nothing."""

    def nested(inner: str, outer: str) -> str:
        within = functional(entrance(784), dense(784, name=inner), first="input_layer", last=inner)
        named = within | {"config": within["config"] | {"name": outer}}
        return key(functional(entrance(784), named, dense(10, name="out"), first="input_layer", last="out"))

    assert len({nested(inner, outer) for inner in ("dense", "x") for outer in ("dense", "m")}) == 1
    assert nested("dense", "m") != key(TWO_LAYERS)
