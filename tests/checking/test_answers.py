from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checking.answers import receive, refuse
from grader.checking.origins import origin, same_object, shares_weights
from grader.errors import AnswerError
from grader.protocol.values import KerasValue, Opaque
from tests.checking.contexts import failure


class Model:
    """What stands for a rebuilt Keras object here."""


@pytest.mark.parametrize(
    ("opaque", "message", "hint"),
    [
        (Opaque("builtins.type"), "f returned a class, not an object.", "parentheses"),
        (Opaque("builtins.function"), "a function instead of its value", "Call the function"),
        (Opaque("functools.partial"), "a function instead of its value", "Call the function"),
        (Opaque("tensorflow.python.framework.ops.EagerTensor"), "a tensor where", "`.numpy()`"),
        (Opaque("keras.src.backend.tensorflow.core.Variable"), "a tensor where", "`.numpy()`"),
        (Opaque("keras.src.backend.common.keras_tensor.KerasTensor"), "symbolic KerasTensor", "Return the model"),
        (Opaque("tensorflow.python.keras.engine.sequential.Sequential"), "another Keras (Sequential)", "Import from"),
        (Opaque("tf_keras.src.layers.core.dense.Dense"), "another Keras (Dense)", "Import from"),
        (Opaque("pandas.core.frame.DataFrame"), "a pandas object", "`.to_numpy()`"),
        (Opaque("builtins.generator"), "one by one (generator)", "`list(...)`"),
        (Opaque("builtins.map"), "one by one (map)", "`list(...)`"),
        (Opaque("builtins.dict_values"), "a dict_values where a list", "`list(...)`"),
        (Opaque("builtins.set"), "a set where a list", "`list(...)`"),
        (Opaque("numpy.ndarray", "dtype object"), "plain numbers (dtype object)", "different lengths"),
        (
            Opaque("keras.src.layers.core.dense.Dense", "AttributeError: 'numpy.ufunc' object has no attribute 'item'"),
            "uses a NumPy function",
            "by its name",
        ),
        (Opaque("submission.Answer"), "an object of class Answer", "Keras's own classes"),
        (Opaque("x" * 5000), "an object of class xxx", "plain values"),
        (Opaque(""), "an object of class ", "plain values"),
    ],
)
def test_what_may_not_cross_is_named_with_what_to_return_instead(opaque: Opaque, message: str, hint: str) -> None:
    error = refuse(opaque, "f")
    assert message in str(error.message)
    assert len(str(error.message)) < 250
    assert hint in str(error.hint)


@pytest.mark.parametrize("answer", [Opaque("a.B"), [1, Opaque("a.B")], {"a": (Opaque("a.B"),)}])
def test_an_object_is_found_wherever_it_stands(answer: Any) -> None:
    with pytest.raises(AnswerError):
        receive(answer, "f", lambda value: value)


def test_keras_objects_are_rebuilt_wherever_they_stand_and_know_where_they_came_from() -> None:
    one = KerasValue("layer", {}, facts={"identity": 1, "weight_identities": [10, 11]})
    two = KerasValue("layer", {}, facts={"identity": 2, "weight_identities": [11, 12]})
    three = KerasValue("layer", {}, facts={"identity": 1, "weight_identities": [13]})
    answer = receive([one, (two,), {"three": three}, 4, np.ones(1)], "f", lambda _value: Model())
    a, b, c = answer[0], answer[1][0], answer[2]["three"]
    assert isinstance(a, Model)
    assert origin(a).facts == one.facts | {"built": False}
    assert shares_weights(a, b)
    assert not shares_weights(a, c)
    assert same_object(a, c)
    assert same_object(a, three)
    assert not same_object(a, b)


@pytest.mark.parametrize("value", [None, 3, [], {}, "model", np.ones(2), Opaque("a.B"), int])
def test_what_is_no_keras_object_has_no_origin(value: Any) -> None:
    assert "where a Keras object is expected" in str(failure(origin, value))
    assert not same_object(value, value)
    assert not shares_weights(value, value)


@pytest.mark.parametrize("facts", [{}, {"identity": "x", "weight_identities": 3}, {"weight_identities": [[], None]}])
def test_false_facts_are_no_identity(facts: dict[str, Any]) -> None:
    value = KerasValue("layer", {}, facts=facts)
    assert not same_object(value, value)
    assert not shares_weights(value, value)
