"""What a subject says of a Keras object besides its configuration and its weights, and how much of it is believed.

Little is. Shapes, layer tables and compile settings are taken from the rebuilt object and from the vetted
configuration. Which objects are one and the same cannot be told by values, so the identities stay the subject's own
word: a submission that forges them can pass for fresh what it made once, and gains nothing else. The same holds for
`own_functions`: who hides that a function is not Keras's own is judged as if he had used Keras's.
"""

from __future__ import annotations

from typing import Any, Final

from grader.training import refusals

MAX_IDENTITY: Final = 2**64
"""Identities are addresses in the subject."""
MAX_IDENTITIES: Final = 4_000
"""Weights or layers of one object; the rebuilt models have 400 layers at most."""
_SINGLE: Final = ("identity", "optimizer_identity")
_MANY: Final = ("layer_identities", "weight_identities")


def cleaned_facts(facts: dict[Any, Any], weights: int) -> dict[str, Any]:
    """The identities among `facts`, for an object with so many `weights`; what else it holds is left out.

    Raises ModelError when they are no identities, and for functions of the student's own.
    """
    _refuse_own_functions(facts.get("own_functions"))
    found: dict[str, Any] = {name: _identity(facts[name]) for name in _SINGLE if name in facts}
    found |= {name: _identities(facts[name]) for name in _MANY if name in facts}
    if len(found.get("weight_identities", ())) not in {0, weights}:
        refusals.malformed("weights and their identities")
    layers = found.get("layer_identities", [])
    if len(set(layers)) != len(layers):
        refusals.malformed("a layer listed twice")
    return found


def _refuse_own_functions(found: Any) -> None:
    """Refuse functions that bear a name of Keras's own and are not: a list of `[owner, key, name]`."""
    if found is None:
        return
    if type(found) is not list or len(found) > MAX_IDENTITIES:
        refusals.malformed("own functions")
    for item in found:
        if type(item) not in {list, tuple} or len(item) != 3 or any(type(part) is not str for part in item):
            refusals.malformed("own functions")
        refusals.own_function(*item)


def _identities(value: Any) -> list[int]:
    if type(value) is not list or len(value) > MAX_IDENTITIES:
        refusals.malformed("identities")
    return [_identity(item) for item in value]


def _identity(value: Any) -> int:
    if type(value) is not int or not 0 <= value < MAX_IDENTITY:
        refusals.malformed("an identity")
    return value
