from __future__ import annotations

from typing import Any

import pytest

from grader.checking import CompileSettings, compile_settings
from grader.checking.compiling import canonical_name
from grader.protocol.values import KerasValue
from tests.checking.contexts import failure


def _settings(**config: Any) -> CompileSettings | None:
    return compile_settings(KerasValue("model", {}, facts={"compiled": True, "compile_config": config}))


@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        "SparseCategoricalCrossentropy",
        "keras.losses.SparseCategoricalCrossentropy",
        {"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": False}},
        {"class_name": "function", "config": "sparse_categorical_crossentropy", "module": "builtins"},
        {"class_name": "__object__", "config": "sparse_categorical_crossentropy"},
        {"class_name": "LossFunctionWrapper", "config": {"fn": "sparse_categorical_crossentropy"}},
    ],
)
def test_a_loss_has_one_spelling(loss: Any) -> None:
    settings = _settings(optimizer="adam", loss=loss, metrics=["acc"])
    assert settings is not None
    assert settings.loss_name == "sparse_categorical_crossentropy"
    assert settings.metrics == ("accuracy",)
    assert not settings.from_logits


def test_logits_metrics_and_optimizer() -> None:
    settings = _settings(
        optimizer={"class_name": "SGD", "config": {"learning_rate": 0.1}},
        loss={"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": True}},
        metrics=[["accuracy"], {"class_name": "SparseCategoricalAccuracy", "config": {}}],
    )
    assert settings is not None
    assert settings.from_logits
    assert settings.metrics == ("accuracy", "sparse_categorical_accuracy")
    assert (settings.optimizer, settings.optimizer_name, settings.optimizer_config) == (
        None,
        "SGD",
        {"learning_rate": 0.1},
    )


@pytest.mark.parametrize(
    "odd",
    [None, 3, "", [], {}, [[[3]]], {"a": "mse"}, {"class_name": 3}, {"class_name": "function"}, {"config": {}}, b"x"],
)
def test_no_setting_makes_it_raise(odd: Any) -> None:
    settings = _settings(optimizer=odd, loss=odd, metrics=odd)
    assert settings is not None
    assert isinstance(settings.loss_name, str)
    assert all(isinstance(metric, str) for metric in settings.metrics)


def test_a_model_that_was_not_compiled_has_no_settings() -> None:
    assert compile_settings(KerasValue("model", {}, facts={"compiled": False})) is None
    assert compile_settings(KerasValue("model", {}, facts={"compiled": True, "compile_config": 3})) is None
    failure(compile_settings, None)


@pytest.mark.parametrize(("name", "canonical"), [("MSE", "mean_squared_error"), ("KLDivergence", "kl_divergence")])
def test_short_names(name: str, canonical: str) -> None:
    assert canonical_name(name) == canonical
