"""What a vetted configuration computes, told without the names of its layers.

Two programs write the same model under different names, and a stranger writes different models under the same ones, so
a layer is told by its position among its model's layers wherever Keras looks it up by its name. Where that cannot be
done for certain nothing is guessed: ModelError is raised, and vetting comes here for all that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from grader.training import refusals
from grader.training.catalog import CLASSES, Category

Positions = Mapping[str, int]
"""The name of each layer of a model, and its place in the list of them."""

_TENSOR: Final = "__keras_tensor__"
_REFERENCES: Final = ("input_layers", "output_layers")
_CALL: Final = frozenset({"args", "kwargs"})
_REFERENCE_PARTS: Final = 3
"""A layer, which of its calls, and which of the outputs of that."""


def nameless(value: Any, positions: Positions | None = None) -> Any:
    """`value` without names of layers; `positions` are those of the model in whose calls it stands, None elsewhere.

    Lists, tuples and the order of dicts stay what they are. Raises ModelError for a functional model that is not
    described the way Keras describes it now, or in which a name does not tell one layer from all others.
    """
    if isinstance(value, (list, tuple)):
        return type(value)(nameless(item, positions) for item in value)
    if not isinstance(value, dict):
        return value
    if "class_name" in value:
        return _nameless_object(value, positions)
    return {key: nameless(item, positions) for key, item in value.items()}


def layer_names(config: dict[str, Any]) -> list[Any]:
    """The names of the layers of an outermost model, in their order."""
    return [layer["config"].get("name") for layer in config["config"]["layers"]]


def _nameless_object(value: dict[str, Any], positions: Positions | None) -> dict[str, Any]:
    class_name, config = value["class_name"], value["config"]
    if not isinstance(config, dict):
        return value
    if class_name == _TENSOR:
        if positions is None:
            refusals.malformed("a tensor where no layer is called")
        return value | {"config": config | {"keras_history": _position(config["keras_history"], positions)}}
    if "module" not in value:
        # A slice or an array, whose parts stand in the call itself.
        return value | {"config": nameless(config, positions)}
    category = CLASSES.get((value["module"], class_name), Category.SETTING)
    # The name of a setting tells what it is: that of a DTypePolicy is the type.
    settings = {key: item for key, item in config.items() if key != "name" or category is Category.SETTING}
    outside = {key: nameless(item) for key, item in value.items() if key not in {"config", "registered_name"}}
    return outside | {"config": _graph(settings) if class_name == "Functional" else nameless(settings)}


def _graph(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a functional model, whose layers say by name on what they are called."""
    layers = config["layers"]
    positions = _positions(layers)
    plain = {key: nameless(item) for key, item in config.items() if key not in {"layers", *_REFERENCES}}
    references = {key: _reference(config.get(key), positions) for key in _REFERENCES}
    return plain | references | {"layers": [_called(layer, positions) for layer in layers]}


def _positions(layers: list[Any]) -> Positions:
    """Refuses names that Keras would make up, take for another layer's or find twice."""
    positions: dict[str, int] = {}
    for place, layer in enumerate(layers):
        name = layer.get("name")
        if type(name) is not str or not name or layer["config"].get("name") != name:
            refusals.malformed("a layer that is called by another name")
        if name in positions:
            refusals.malformed(f"two layers of the name {name}")
        positions[name] = place
    return positions


def _called(layer: dict[str, Any], positions: Positions) -> dict[str, Any]:
    itself = nameless({key: item for key, item in layer.items() if key not in {"name", "inbound_nodes"}})
    nodes = layer.get("inbound_nodes")
    if not isinstance(nodes, (list, tuple)):
        refusals.malformed("a layer without a list of its calls")
    return dict(itself) | {"inbound_nodes": [_node(node, positions) for node in nodes]}


def _node(node: Any, positions: Positions) -> dict[str, Any]:
    """One call of a layer. Keras still reads the lists of an older form, in which names stand anywhere."""
    if not (
        isinstance(node, dict)
        and set(node) == _CALL
        and isinstance(node["args"], (list, tuple))
        and isinstance(node["kwargs"], dict)
        and "class_name" not in node["kwargs"]
    ):
        refusals.malformed("a call of a layer in another form")
    return {part: nameless(node[part], positions) for part in sorted(_CALL)}


def _reference(value: Any, positions: Positions) -> Any:
    """`[layer, call, output]`, or a structure of such. Keras takes no tuple for one."""
    if isinstance(value, dict):
        return {key: _reference(item, positions) for key, item in value.items()}
    if not isinstance(value, (list, tuple)):
        refusals.malformed("no inputs or no outputs")
    if isinstance(value, list) and len(value) == _REFERENCE_PARTS and isinstance(value[0], str):
        return _position(value, positions)
    return type(value)(_reference(item, positions) for item in value)


def _position(reference: Any, positions: Positions) -> list[int]:
    """`reference` with its layer's position in place of the name."""
    if not isinstance(reference, (list, tuple)) or len(reference) != _REFERENCE_PARTS:
        refusals.malformed("no reference to a layer")
    name, *indices = reference
    if type(name) is not str or name not in positions:
        refusals.malformed("a reference to a layer that is not in the model")
    if any(type(index) is not int or index < 0 for index in indices):
        refusals.malformed("a reference to no call of a layer")
    return [positions[name], *indices]
