"""What the checks of exercise 6 ask of optimizers and of how a model was compiled."""

from __future__ import annotations

from typing import Any, Final

from grader.checking import CompileSettings, Mistake, compile_settings, expect, fail, origin, require, same_object
from grader.language import _

RATE: Final = "learning_rate"


def settings_of(optimizer: Any) -> dict[str, Any]:
    """The configuration of an optimizer of the submission. Raises CheckFailed for what is no Keras object."""
    config = origin(optimizer).config.get("config")
    return config if isinstance(config, dict) else {}


def expect_rate(optimizer: Any, rate: float, *, default: float) -> None:
    """Expect the learning rate `rate`; `default` is what Keras takes when none is given. Raises CheckFailed."""
    mistakes = [
        Mistake(
            lambda found: isinstance(found, dict), _("The learning rate is a schedule; a fixed number is asked for.")
        )
    ]
    if default != rate:
        mistakes.append(
            Mistake(
                default,
                _("The learning rate is {rate}, which is Keras's default: it was not given.", rate=default),
                _("`learning_rate={rate}` between the parentheses sets it.", rate=rate),
            )
        )
    mistakes += [
        Mistake(rate * factor, _("The decimal point of the learning rate is in the wrong place."))
        for factor in (0.01, 0.1, 10, 100)
        if rate * factor != default
    ]
    expect(settings_of(optimizer).get(RATE), rate, mistakes=mistakes)


def expect_new(one: Any, other: Any, function: str) -> None:
    """Expect that two calls of `function` made two optimizers. Raises CheckFailed."""
    require(
        not same_object(one, other),
        _("Two calls of {function} returned the same optimizer.", function=function),
        expected=_("a new optimizer at each call"),
        observed=_("the same object twice"),
        hint=_(
            "An optimizer remembers the weights that it moves, so that one model's optimizer is of no use to another"
            " model. Make it inside the function."
        ),
    )


def require_compiled(model: Any) -> CompileSettings:
    """How `model` was compiled. Raises CheckFailed when it was not, or when `compile()` was called by position."""
    settings = compile_settings(model)
    if settings is None:
        fail(
            _("The model was not compiled."),
            expected=_("a compiled model"),
            observed=_("a model that is not compiled"),
            hint=_("Call `model.compile(optimizer=..., loss=..., metrics=[...])` before you return the model."),
        )
    require(
        origin(model).facts["compile_config"].get("loss_weights") is None,
        _("The third positional argument of compile() is loss_weights, not metrics."),
        expected="metrics",
        observed="loss_weights",
        hint=_("Name the arguments: `model.compile(optimizer=..., loss=..., metrics=[...])`."),
    )
    return settings


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
        Mistake("", _("compile() was given no loss.")),
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
        settings.loss_name,
        "sparse_categorical_crossentropy",
        mistakes=mistakes,
        hint=_('`loss="sparse_categorical_crossentropy"`'),
    )
