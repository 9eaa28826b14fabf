"""Where a rebuilt Keras object came from: the value that crossed, with the identities it had in the subject."""

from __future__ import annotations

import weakref
from typing import Any

from grader.checking.display import describe_kind, show
from grader.checking.failures import CheckFailed
from grader.language import _
from grader.protocol.values import KerasValue

_ORIGINS: weakref.WeakKeyDictionary[Any, KerasValue] = weakref.WeakKeyDictionary()


def origin(value: Any) -> KerasValue:
    """The value that crossed as `value`: configuration, weights and facts.

    Raises CheckFailed for what is no Keras object of the submission.
    """
    found = _lookup(value)
    if found is None:
        raise CheckFailed(
            _("This is {kind}, where a Keras object is expected.", kind=describe_kind(value)),
            expected=_("a Keras object"),
            observed=show(value),
        )
    return found


def remember(value: Any, crossed: KerasValue) -> None:
    """Keep `crossed` as the origin of the rebuilt `value`, and of its layers and its optimizer."""
    if not _remember(value, crossed) or crossed.kind != "model":
        return
    layers = getattr(value, "layers", [])
    identities = crossed.facts.get("layer_identities")
    if isinstance(identities, list) and len(identities) == len(layers):
        weight_identities = list(_identities(crossed))
        for layer, identity in zip(layers, identities, strict=True):
            own = weight_identities[: len(layer.weights)]
            del weight_identities[: len(layer.weights)]
            facts = {"identity": identity, "weight_identities": own, "built": bool(layer.built)}
            _remember(layer, KerasValue("layer", _serialized(layer), tuple(layer.get_weights()), facts))
    optimizer = getattr(value, "optimizer", None)
    identity = crossed.facts.get("optimizer_identity")
    if optimizer is not None and identity is not None:
        _remember(optimizer, KerasValue("optimizer", _serialized(optimizer), facts={"identity": identity}))


def shares_weights(one: Any, other: Any) -> bool:
    """Whether two models or layers have at least one weight in common, as objects in the subject."""
    a, b = _lookup(one), _lookup(other)
    return a is not None and b is not None and not set(_identities(a)).isdisjoint(_identities(b))


def same_object(one: Any, other: Any) -> bool:
    """Whether both were one and the same object in the subject."""
    a, b = _lookup(one), _lookup(other)
    if a is None or b is None:
        return False
    identity = a.facts.get("identity")
    return isinstance(identity, int) and identity == b.facts.get("identity") and a.kind == b.kind


def _lookup(value: Any) -> KerasValue | None:
    if isinstance(value, KerasValue):
        return value
    try:
        return _ORIGINS.get(value)
    except TypeError:  # neither hashable nor weakly referable: no Keras object
        return None


def _remember(value: Any, crossed: KerasValue) -> bool:
    try:
        _ORIGINS[value] = crossed
    except TypeError:
        return False
    return True


def _identities(value: KerasValue) -> list[int]:
    identities = value.facts.get("weight_identities")
    return [item for item in identities if isinstance(item, int)] if isinstance(identities, list) else []


def _serialized(value: Any) -> dict[str, Any]:
    import keras  # noqa: PLC0415 - `value` is an object of it

    return dict(keras.saving.serialize_keras_object(value))
