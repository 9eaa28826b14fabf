"""One walk through one configuration, which copies what it knows to be harmless and refuses the rest.

Keras never sees an object that it was not shown here first. The limits below keep the copy, and the building of it,
small; what a model's weights will take is not told by single numbers, so `rebuilding` counts them before it makes them.
"""

from __future__ import annotations

import math
from typing import Any, Final, NoReturn

import numpy as np

from grader.training import refusals, wiring
from grader.training.catalog import (
    ACTIVATIONS,
    CLASSES,
    DTYPES,
    FUNCTION_MODULES,
    FUNCTIONS,
    SAME_FUNCTION,
    Category,
)

MAX_INT: Final = 10_000_000
"""Of any whole number in a configuration, and of any shape's product: the data has 9,408,000 pixels to train on."""
MAX_DEPTH: Final = 48
MAX_NODES: Final = 100_000
"""Values in one configuration; MobileNetV2 has 6,500."""
MAX_CALLS: Final = 1_500
"""Layer calls in one configuration, as often as Keras makes them while it builds: nested models that are called
repeatedly multiply, and a Sequential model calls all its layers anew for each one that is added, so that 53 layers in a
row are the most, with the input before them. MobileNetV2 has 156. Each call takes Keras about a millisecond, and nobody
interrupts it."""
MAX_LAYERS: Final = 400
"""Layers in one configuration; to make one takes Keras ten times as long as to call it. Larger ones count for more."""
MAX_TEXT: Final = 1_000
MAX_DIMENSIONS: Final = 8

_COUNTS: Final = frozenset(
    """
    units filters kernel_size pool_size strides dilation_rate num_heads key_dim num_query_heads num_key_value_heads
    head_dim input_dim output_dim num_tokens n groups depth_multiplier
    """.split()
)
_MADE_OF_SEVERAL: Final = {
    **dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention"), 8),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D"), 4),
    **dict.fromkeys(("GRU", "LSTM", "RNN", "SimpleRNN", "SpectralNormalization"), 2),
}
"""Layers that Keras makes of others, or of many operations, and about how many of the others take as long."""
_LIMITS: Final = {"power_iterations": 20, "num_classes": 1_000, "num_thresholds": 10_000}
"""Settings that Keras repeats a step for, or squares, and how large they may be."""
_MAX_UNROLLED: Final = 100
_MAX_UNROLLED_CALLS: Final = 2_000
"""Layer calls times the largest number of a model with an unrolled loop: Keras may write out each call at each step."""
_UNBOUNDED: Final = frozenset({"seed"})
_LAYER_KEYS: Final = frozenset({"layers", "layer", "forward_layer", "backward_layer", "cell", "cells"})
_COMPILE_KEYS: Final = (
    "optimizer",
    "loss",
    "loss_weights",
    "metrics",
    "weighted_metrics",
    "run_eagerly",
    "steps_per_execution",
    "jit_compile",
    "auto_scale_loss",
)
_TWICE: Final = "Bidirectional"
_PLAIN: Final = {
    "__keras_tensor__": ("shape", "dtype", "keras_history"),
    "__tensor__": ("value", "dtype"),
    "__numpy__": ("value", "dtype"),
    "__slice__": ("start", "stop", "step"),
    "__ellipsis__": (),
}
"""What stands for a value and not for a class, and the parts that it has."""


class Copy:
    """One walk through one configuration, with what may still be spent on it."""

    def __init__(self, max_parameters: int) -> None:
        self.max_parameters = max_parameters
        self.nodes = MAX_NODES
        self.calls = MAX_CALLS
        self.layers = MAX_LAYERS
        self.times = 0
        """How often Keras will call the model or layer that is being looked at."""
        self.owner = ""
        """What the settings at hand belong to, such as `Dense hidden`."""
        self.largest_int = 0
        self.unrolled = False

    def root(self, config: dict[str, Any], category: Category) -> dict[str, Any]:
        """The copy of a whole object, which must be of this category."""
        copied = self._object(config, category.value, 0)
        # What the key of a training cannot tell apart is not taken at all.
        wiring.nameless(copied)
        if CLASSES.get((copied.get("module", ""), copied["class_name"])) is not category:
            refusals.malformed(f"no {category.value}")
        if self.unrolled and self.largest_int > _MAX_UNROLLED:
            self._too_large("unroll", self.largest_int, _MAX_UNROLLED)
        if self.unrolled and self.largest_int * (MAX_CALLS - self.calls) > _MAX_UNROLLED_CALLS:
            refusals.unrolled(self.largest_int * (MAX_CALLS - self.calls), _MAX_UNROLLED_CALLS)
        return copied

    def compile_config(self, config: Any, depth: int = 0) -> dict[str, Any]:
        """The copy of the arguments of `compile`. A key that `compile` does not have is left out."""
        if not isinstance(config, dict):
            refusals.malformed("compile settings")
        owner, self.owner = self.owner, "compile()"
        copied = {key: self._value(config[key], key, depth) for key in _COMPILE_KEYS if key in config}
        self.owner = owner
        return copied

    def _value(self, value: Any, key: str, depth: int) -> Any:
        self.nodes -= 1
        if self.nodes < 0 or depth > MAX_DEPTH:
            refusals.malformed("too large or nested too deep")
        if isinstance(value, np.generic):
            value = value.item()
        # Exact types: a copy of what was looked at, not of what a subclass says it is.
        if type(value) is list or type(value) is tuple:
            return self._sequence(value, key, depth)
        if type(value) is dict:
            return self._dict(value, key, depth)
        if value is None:
            return None
        if key in _LAYER_KEYS:
            refusals.malformed(f"no layer in {key}")
        return self._scalar(value, key)

    def _scalar(self, value: Any, key: str) -> bool | int | float | str:
        if type(value) is bool:
            return self._bool(value, key)
        if type(value) is int:
            return self._int(value, key)
        if type(value) is float:
            if not math.isfinite(value):
                refusals.not_finite(self.owner, key, value)
            return value
        if type(value) is str:
            return self._text(value, key)
        return refusals.malformed(f"a {type(value).__name__} in {key}")

    def _bool(self, value: bool, key: str) -> bool:  # noqa: FBT001 - a value, not a switch
        if key in _COUNTS:
            refusals.no_count(self.owner, key, value)
        self.unrolled |= value and key == "unroll"
        return value

    def _int(self, value: int, key: str) -> int:
        if key in _UNBOUNDED:
            if abs(value) >= 2**64:
                self._too_large(key, value, 2**64)
            return value
        limit = _LIMITS.get(key, MAX_INT)
        if abs(value) > limit:
            self._too_large(key, value, limit)
        if key in _COUNTS:
            if value < 1:
                refusals.no_count(self.owner, key, value)
            if value > self.max_parameters:
                refusals.too_many_parameters(value, self.max_parameters)
        self.largest_int = max(self.largest_int, abs(value))
        return value

    def _text(self, value: str, key: str) -> str:
        if len(value) > MAX_TEXT:
            refusals.malformed(f"a long text in {key}")
        if key == "dtype" and value not in DTYPES:
            refusals.unknown_dtype(self.owner, value)
        return value

    def _sequence(self, value: list[Any] | tuple[Any, ...], key: str, depth: int) -> list[Any] | tuple[Any, ...]:
        if "shape" in key:
            self._check_shape(value, key)
        items = (self._value(item, key, depth + 1) for item in value)
        return list(items) if type(value) is list else tuple(items)

    def _check_shape(self, value: list[Any] | tuple[Any, ...], key: str) -> None:
        sizes = [item for item in value if isinstance(item, (int, np.integer))]
        if len(sizes) > MAX_DIMENSIONS:
            refusals.malformed(f"{len(sizes)} dimensions in {key}")
        product = math.prod(abs(int(size)) for size in sizes)
        if product > MAX_INT and key == "batch_shape":
            refusals.huge_input(value, product, MAX_INT)
        if product > MAX_INT:
            self._too_large(key, product, MAX_INT)

    def _dict(self, value: dict[Any, Any], key: str, depth: int) -> dict[str, Any]:
        if "class_name" in value or key in _LAYER_KEYS:
            return self._object(value, key, depth)
        if key.endswith("activation"):
            # Keras writes the code of a lambda as a dict that names no class.
            refusals.own_function(self.owner, key, "lambda")
        return self._mapping(value, depth)

    def _mapping(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        copied = {}
        for name, item in value.items():
            if type(name) is not str or len(name) > MAX_TEXT:
                refusals.malformed("a setting without a name")
            copied[name] = self._value(item, name, depth + 1)
        return copied

    def _object(self, value: dict[Any, Any], key: str, depth: int) -> dict[str, Any]:
        name, module, inner = value.get("class_name"), value.get("module"), value.get("config")
        if type(name) is not str or "config" not in value or not (module is None or type(module) is str):
            refusals.malformed(f"no object in {key}")
        if key in _LAYER_KEYS and (name in _PLAIN or name == "function"):
            refusals.malformed(f"no layer in {key}")
        if name in _PLAIN and "module" not in value:
            return self._plain_value(name, inner, depth)
        if name == "function":
            return self._function(value, key)
        category = CLASSES.get((module or "", name))
        if category is None or type(inner) is not dict:
            self._refuse_class(module, name, inner, key)
        _check_registered(value, {name})
        if key in _LAYER_KEYS and category not in {Category.LAYER, Category.MODEL}:
            refusals.malformed(f"no layer in {key}")
        return self._known_object(value, category, depth)

    def _known_object(self, value: dict[str, Any], category: Category, depth: int) -> dict[str, Any]:
        name, inner = value["class_name"], value["config"]
        outer_owner = self.owner
        if category in {Category.LAYER, Category.MODEL}:
            self._count(name)
        if category is Category.MODEL:
            _check_layers(inner.get("layers"))
        if category is not Category.SETTING:
            self.owner = _display_name(name, inner)
        copied: dict[str, Any] = {
            "module": value["module"],
            "class_name": name,
            "registered_name": value.get("registered_name"),
            "config": self._model(name, inner, depth) if category is Category.MODEL else self._within(value, depth),
        }
        if name == "DTypePolicy":
            self._text(str(inner.get("name")), "dtype")
        if "build_config" in value:
            copied["build_config"] = self._value(value["build_config"], "build_config", depth + 1)
        # Only the outermost model is compiled in a call of fit.
        if depth == 0 and value.get("compile_config") is not None:
            settings = self.compile_config(value["compile_config"], depth + 1)
            # Keras writes an empty dict for a model that was not compiled.
            copied |= {"compile_config": settings} if settings else {}
        self.owner = outer_owner
        return copied

    def _count(self, name: str) -> None:
        """Count a layer, and the calls of it."""
        self.layers -= _MADE_OF_SEVERAL.get(name, 1)
        if self.layers < 0:
            refusals.too_many_layers(MAX_LAYERS)
        self.calls -= max(1, self.times)
        if self.calls < 0:
            refusals.too_many_calls(MAX_CALLS)

    def _model(self, class_name: str, config: dict[str, Any], depth: int) -> dict[str, Any]:
        """The settings of a model, whose layers are called while it is built and again whenever it is called."""
        layers, outer = config["layers"], self.times
        copied = []
        for position, layer in enumerate(layers):
            nodes = layer.get("inbound_nodes")
            if class_name == "Sequential":
                self.times = outer + len(layers) - position
            else:
                self.times = (outer + 1) * (max(1, len(nodes)) if isinstance(nodes, (list, tuple)) else 1)
            whole = self._value(layer, "layer", depth + 2)
            if class_name == "Functional":
                # Nowhere else does Keras ask for what a layer is called and called on.
                whole |= {part: self._value(layer.get(part), part, depth + 3) for part in ("name", "inbound_nodes")}
            copied.append(whole)
        self.times = outer
        return self._mapping({name: item for name, item in config.items() if name != "layers"}, depth) | {
            "layers": copied
        }

    def _within(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        """The settings of anything else. Layers within a layer are called as often as it is, or twice as often."""
        outer = self.times
        self.times *= 2 if value["class_name"] == _TWICE else 1
        copied = self._mapping(value["config"], depth)
        self.times = outer
        return copied

    def _function(self, value: dict[str, Any], key: str) -> dict[str, Any]:
        name = value["config"]
        if type(name) is not str:
            refusals.malformed(f"no function in {key}")
        known = SAME_FUNCTION.get(name, name)
        allowed = ACTIVATIONS if value.get("module") == "keras.ops" else FUNCTIONS
        if value.get("module") not in FUNCTION_MODULES or known not in allowed:
            refusals.own_function(self.owner, key, name)
        _check_registered(value, {name, "function"})
        return {"module": "builtins", "class_name": "function", "config": known, "registered_name": "function"}

    def _plain_value(self, name: str, inner: Any, depth: int) -> dict[str, Any]:
        if type(inner) is not dict or any(part not in inner for part in _PLAIN[name]):
            refusals.malformed(f"no {name}")
        if "dtype" in _PLAIN[name] and type(inner["dtype"]) is not str:
            refusals.malformed(f"no dtype of {name}")
        config = {part: self._value(inner[part], part, depth + 1) for part in _PLAIN[name]}
        return {"class_name": name, "config": config}

    def _refuse_class(self, module: str | None, name: str, inner: Any, key: str) -> NoReturn:
        if name == "__lambda__":
            refusals.own_function(self.owner, key, "lambda")
        if name == "__object__":
            refusals.foreign_object(self.owner, key, f"{module}.{inner}")
        refusals.refused_class(module, name, key)

    def _too_large(self, key: str, value: int, limit: int) -> NoReturn:
        refusals.too_large(self.owner, key, value, limit)


def _check_layers(layers: Any) -> None:
    """Refuse what is no list of layers: each is looked at by its name later on."""
    if type(layers) not in {list, tuple} or any(type(layer) is not dict for layer in layers):
        refusals.malformed("a model without a list of layers")


def _check_registered(value: dict[str, Any], names: set[str]) -> None:
    """Refuse a registered name other than these, since Keras looks it up before it looks at the class."""
    registered = value.get("registered_name")
    if registered is not None and not (type(registered) is str and registered in names):
        refusals.malformed("a class registered as something else")


def _display_name(class_name: str, config: dict[str, Any]) -> str:
    name = config.get("name")
    return f"{class_name} {refusals.short(name)}" if type(name) is str else class_name
