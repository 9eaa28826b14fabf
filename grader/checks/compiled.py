"""What the checks of exercise 6 ask of how a model was compiled."""

from __future__ import annotations

import math
from typing import Any

from grader.checking import CompileSettings, Mistake, compile_settings, expect, fail, origin, require
from grader.checks.models import activation_of, as_model
from grader.language import Text, _


def small_model() -> Any:
    """A model that is built and not compiled, with softmax outputs, small enough to send at every call."""
    import keras  # noqa: PLC0415 - takes long to import

    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def require_compiled(model: Any) -> CompileSettings:
    """How `model` was compiled. Raises CheckFailed when it was not."""
    settings = compile_settings(model)
    if settings is None:
        fail(
            _("The model was not compiled."),
            expected=_("a compiled model"),
            observed=_("a model that is not compiled"),
            hint=_("Call `model.compile(optimizer=..., loss=..., metrics=[...])` before you return the model."),
        )
    return settings


def expect_no_loss_weights(model: Any) -> None:
    """Expect that metrics were not given where loss weights belong. Raises CheckFailed."""
    require(
        origin(model).facts["compile_config"].get("loss_weights") is None,
        _("The third positional argument of compile() is loss_weights, not metrics."),
        expected="metrics",
        observed="loss_weights",
        hint=_("Name the arguments: `model.compile(optimizer=..., loss=..., metrics=[...])`."),
    )


def expect_sparse_loss(settings: CompileSettings) -> None:
    """Expect sparse categorical cross-entropy as the loss, of probabilities or of logits. Raises CheckFailed."""
    named_right = _("Look at the spelling: Keras finds out about a wrong name only when it trains.")
    mistakes = [
        Mistake(
            "categorical_crossentropy",
            _("Categorical cross-entropy wants one-hot targets; ours are class numbers, and need the sparse one."),
        ),
        Mistake("binary_crossentropy", _("Binary cross-entropy is for two classes; there are ten of them here.")),
        Mistake("mean_squared_error", _("The mean squared error is for numbers; classes need a cross-entropy.")),
        Mistake(None, _("compile() was given no loss.")),
        Mistake(
            lambda found: found.replace("_", "") == "sparsecategoricalcrossentropy",
            _("The loss is misspelt: it is sparse_categorical_crossentropy."),
            named_right,
        ),
        Mistake(
            lambda found: found.startswith("sparse"),
            _("The loss is misspelt: it is sparse_categorical_crossentropy."),
            named_right,
        ),
    ]
    expect(
        settings.loss_name or None,
        "sparse_categorical_crossentropy",
        mistakes=mistakes,
        hint=_('`loss="sparse_categorical_crossentropy"`'),
    )


def expect_accuracy_metric(model: Any) -> None:
    """Expect accuracy among the metrics, under either of its names. Raises CheckFailed."""
    expect_no_loss_weights(model)
    metrics = origin(model).facts["compile_config"].get("metrics")
    listed = list(metrics) if isinstance(metrics, list | tuple) else []
    require(
        not any(isinstance(metric, dict) and metric.get("class_name") == "Accuracy" for metric in listed),
        _("keras.metrics.Accuracy() asks whether two numbers are equal, which probabilities and classes never are."),
        expected="accuracy",
        observed="keras.metrics.Accuracy()",
    )
    found = set(require_compiled(model).metrics)
    if found & {"accuracy", "sparse_categorical_accuracy"}:
        return
    message = _("The metric is another than accuracy.") if found else _("compile() was given no metric.")
    if "categorical_accuracy" in found:
        message = _("Categorical accuracy wants one-hot targets; ours are class numbers.")
    fail(message, expected="accuracy", observed=", ".join(sorted(found))[:80] or "None")


def share_between(accuracy: float, low: float, high: float) -> float:
    """How far `accuracy` is on the way from `low` to `high`, from 0 to 1; 0 for NaN."""
    if not math.isfinite(accuracy):
        return 0.0
    # Rounded, since differences of decimals are inexact; one test image of 2,000 more or less is 0.004.
    return min(max(round((accuracy - low) / (high - low), 3), 0.0), 1.0)


def design_hint(model: Any) -> Text | None:
    """What in a classifier's design is likely to keep its accuracy down, where the layers show it."""
    if any(type(layer).__name__ == "Rescaling" for layer in as_model(model).layers):
        return _("The grader's images are scaled already; a Rescaling layer scales them a second time.")
    settings, last = compile_settings(model), model.layers[-1]
    if settings is not None and type(last).__name__ == "Dense":
        if activation_of(last) == "linear" and not settings.from_logits:
            return _("The outputs are logits, but the loss takes them for probabilities: softmax or from_logits=True.")
        if activation_of(last) in {"relu", "sigmoid"}:
            return _("The outputs are no probabilities of ten classes: the last layer wants softmax.")
    return None
