"""From a vetted value to a Keras object: the weights are counted before there are any."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import math
import warnings
from collections.abc import Iterator
from typing import Any, Final

from grader.errors import ModelError
from grader.language import _
from grader.protocol.frames import REQUEST_BYTES
from grader.protocol.keras_values import rebuild
from grader.protocol.values import KerasValue, decode, encode
from grader.records import Record
from grader.training import refusals
from grader.training.mistakes import first_line
from grader.training.vet import MAX_OBJECTS, MAX_PARAMETERS, cleaned

MAX_FACTORING: Final = 2_000_000_000
"""Multiplications for the orthogonal weights of one object; a square one of 1,260 units takes as many, and a third of a
second. An answer may hold as many parameters as one object, so that three objects of this cost are the most."""


class Size(Record, frozen=True, kw_only=True):
    """What a configuration takes to rebuild."""

    parameters: int
    """numbers in everything that it holds, seeds and what metrics count included"""
    weights: int
    """numbers in what `get_weights()` gives of it"""
    factoring: int
    """multiplications for weights that are drawn as orthogonal matrices, about"""


def rebuild_answer(value: KerasValue) -> Any:
    """The Keras object that `value` describes; a history comes back as a dict of lists.

    Raises ModelError, and nothing else, when it may not or cannot be rebuilt.
    """
    import keras  # noqa: F401, PLC0415 - out of the `try` below: an installation that is broken is no one's model

    settled = cleaned(value)
    with _quiet():
        try:
            if settled.kind in {"layer", "model", "metric"}:
                encoded = encode(settled.config, limit=REQUEST_BYTES)
                _refuse_costly(settled, (_measure_once if len(encoded) <= _REMEMBERED_BYTES else _measure)(encoded))
            return rebuild(settled)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever Keras raises for a configuration is the configuration's fault
            raise ModelError(
                _("Keras cannot rebuild the object: {line}", line=first_line(str(error)) or type(error).__name__),
                hint=_(
                    "Check the shapes and settings of its layers; building it anew in a fresh program shows the same."
                ),
            ) from None


def _refuse_costly(value: KerasValue, size: Size) -> None:
    """Refuse what takes long to make. Keras makes every number before those of the subject take its place."""
    # What a metric holds never crosses, so there is no sum of it over an answer: each has its share of the limit.
    limit = MAX_PARAMETERS // MAX_OBJECTS if value.kind == "metric" else MAX_PARAMETERS
    if size.parameters > limit:
        refusals.too_many_parameters(size.parameters, limit)
    # The numbers that came were counted over the whole answer; one that sends none would be counted as nothing.
    if value.kind != "metric" and size.weights > sum(array.size for array in value.weights):
        refusals.malformed("weights that did not come along")
    if size.factoring > MAX_FACTORING:
        refusals.too_much_factoring()


def _measure(config: bytes) -> Size:
    """The size of an encoded configuration. Raises what Keras does."""
    return measure(decode(config))


_measure_once: Final = functools.lru_cache(maxsize=256)(_measure)
"""Most submissions of a cohort have the same few configurations."""
_REMEMBERED_BYTES: Final = 16 * 1024
"""Two layers take 2,000; larger ones are not kept, since a stranger chooses what stands in them."""


def count_parameters(config: dict[str, Any]) -> int:
    """How many numbers the weights of a vetted configuration are, told without making them. Raises as `measure`."""
    return measure(config).parameters


def measure(config: dict[str, Any]) -> Size:
    """What a vetted configuration takes to rebuild, told without making its weights.

    In a stateless scope Keras builds every layer and puts off every weight, so that only their shapes exist.
    Raises whatever Keras raises when it cannot build them.
    """
    import keras  # noqa: PLC0415 - only where a model is really needed

    bare = {key: copy.deepcopy(item) for key, item in config.items() if key != "compile_config"}
    try:
        with keras.StatelessScope(initialize_variables=False):
            built = keras.saving.deserialize_keras_object(bare, safe_mode=True)
            shape = (config.get("build_config") or {}).get("input_shape")
            if shape and not getattr(built, "built", True):
                built.build(tuple(shape))
            weights = sum(math.prod(variable.shape) for variable in getattr(built, "weights", ()))
    finally:
        uninitialized = _take_uninitialized()
    return Size(
        parameters=sum(math.prod(variable.shape) for variable in uninitialized),
        weights=weights,
        factoring=sum(
            _factoring(tuple(variable.shape))
            for variable in uninitialized
            # Keras has no public name for what a weight that was put off is to be made by.
            if isinstance(variable._initializer, keras.initializers.Orthogonal)  # noqa: SLF001 - as said
        ),
    )


def _factoring(shape: tuple[int, ...]) -> int:
    """About how many multiplications an orthogonal weight takes, which Keras draws as a matrix and factors."""
    rows, columns = math.prod(shape[:-1]), shape[-1] if shape else 1
    return rows * columns * min(rows, columns)


def _take_uninitialized() -> list[Any]:
    """The weights that Keras has put off, which it forgets: else the next such scope would make them."""
    from keras.src.backend.common import global_state  # noqa: PLC0415 - as above; Keras has no public name for it

    found = global_state.get_global_attribute("uninitialized_variables") or []
    global_state.set_global_attribute("uninitialized_variables", [])
    return list(found)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Keras prints and warns of away from the program's own output."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
