"""What a page shows of one training: the network, its curves, what it confuses, and its surest mistakes. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from grader.language import Text, Translator, _
from grader.records import NetworkLayer, ShownMistake, Training
from grader.report import plots
from grader.report.escaping import clip
from grader.report.html.network import SHOWN, layer_words, network_svg

WORD: Final = 60
"""Characters of the name of a class."""
EPOCHS: Final = 100
"""Epochs that are shown."""
_WORST: Final = 3
"""Confusions that are told in words."""


@dataclass(frozen=True, slots=True)
class MistakeView:
    """One image and what the model took it for."""

    image: str
    text: str
    alternative: str


@dataclass(frozen=True, slots=True)
class EpochView:
    """The numbers of one epoch, as the table has them."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainingView:
    """One trained model. Drawings are SVG, or None where there is nothing to draw."""

    heading: str
    network: str | None
    layers: tuple[str, ...]
    accuracy: str | None
    loss: str | None
    epochs: tuple[EpochView, ...]
    confusion: str | None
    legend: tuple[str, ...]
    worst: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mistakes: tuple[MistakeView, ...]


def training_view(training: Training, translator: Translator, prefix: str) -> TrainingView:
    """Everything that the page shows of `training`; `prefix` begins each of its ids."""
    render = translator.render
    series = {
        name: training.history.get(name, ())[:EPOCHS] for name in ("accuracy", "val_accuracy", "loss", "val_loss")
    }
    accuracy, loss = ((series[name], series[f"val_{name}"]) for name in ("accuracy", "loss"))
    return TrainingView(
        heading=_heading(training.layers, translator),
        network=_network(training.layers, translator, prefix),
        layers=tuple(map(layer_words, training.layers)),
        accuracy=plots.curves(*accuracy, prefix=f"{prefix}a", title=render(_curve_title(*accuracy, "accuracy")))
        if any(accuracy)
        else None,
        loss=plots.curves(*loss, prefix=f"{prefix}l", title=render(_curve_title(*loss, "loss"))) if any(loss) else None,
        epochs=tuple(
            EpochView(epoch + 1, tuple(_value(values, epoch) for values in series.values()))
            for epoch in range(max(map(len, series.values())))
        ),
        confusion=_confusion(training, translator, prefix),
        legend=tuple(f"{position} {clip(name, WORD)}" for position, name in enumerate(training.classes)),
        worst=_worst(training, translator),
        rows=tuple(tuple(map(str, row)) for row in training.confusion) if _drawable(training) else (),
        mistakes=tuple(_mistake(mistake, training, translator) for mistake in training.mistakes),
    )


def _heading(layers: tuple[NetworkLayer, ...], translator: Translator) -> str:
    if not layers:
        return translator.render(_("A trained model"))
    return translator.render(_("A trained model; layers: {count}", count=len(layers)))


def _network(layers: tuple[NetworkLayer, ...], translator: Translator, prefix: str) -> str | None:
    if not layers:
        return None
    words = " → ".join(map(layer_words, layers[:12]))
    title = translator.render(_("The layers from input to output: {layers}", layers=words))
    more = translator.render(_("and {count} more", count=max(len(layers) - SHOWN, 0)))
    return network_svg(layers, prefix=f"{prefix}n", title=title, more=more)


def _curve_title(training: tuple[float | None, ...], validation: tuple[float | None, ...], what: str) -> Text:
    values = [value for value in validation or training if value is not None]
    if not values:
        return _("No epoch ended with a finite number.")
    first, last = f"{values[0]:.3f}", f"{values[-1]:.3f}"
    if what == "accuracy":
        return _("Accuracy over the epochs: on the validation images from {first} to {last}.", first=first, last=last)
    return _("Loss over the epochs: on the validation images from {first} to {last}.", first=first, last=last)


def _value(values: tuple[float | None, ...], epoch: int) -> str:
    value = values[epoch] if epoch < len(values) else None
    return "-" if value is None else f"{value:.3f}"


def _drawable(training: Training) -> bool:
    return 0 < len(training.confusion) <= plots.MAX_CLASSES


def _confusion(training: Training, translator: Translator, prefix: str) -> str | None:
    if not _drawable(training):
        return None
    right = sum(row[position] for position, row in enumerate(training.confusion))
    title = _(
        "Confusion matrix: {right} of {count} validation images were recognised.",
        right=right,
        count=sum(map(sum, training.confusion)),
    )
    return plots.confusion(
        training.confusion,
        prefix=f"{prefix}c",
        title=translator.render(title),
        target=translator.render(_("what it is")),
        predicted=translator.render(_("what the model saw")),
    )


def _worst(training: Training, translator: Translator) -> tuple[str, ...]:
    pairs = [
        (count, target, predicted)
        for target, row in enumerate(training.confusion)
        for predicted, count in enumerate(row)
        if target != predicted and count
    ]
    chosen = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:_WORST]
    return tuple(
        translator.render(
            _(
                "{target} taken for {predicted} ({count})",
                target=_class(training, target),
                predicted=_class(training, predicted),
                count=count,
            )
        )
        for count, target, predicted in chosen
    )


def _class(training: Training, position: int) -> str:
    return clip(training.classes[position], WORD) if position < len(training.classes) else str(position)


def _mistake(mistake: ShownMistake, training: Training, translator: Translator) -> MistakeView:
    words = {
        "predicted": _class(training, mistake.predicted),
        "target": _class(training, mistake.target),
        "percent": f"{mistake.probability:.1%}",
    }
    return MistakeView(
        image="data:image/png;base64," + base64.b64encode(mistake.image).decode(),
        text=translator.render(_("saw {predicted} ({percent}), is {target}", **words)),
        alternative=translator.render(_("A validation image of class {target}", target=words["target"])),
    )
