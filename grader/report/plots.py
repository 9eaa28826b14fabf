"""Curves and confusion matrices as SVG, drawn with matplotlib. Imports it only when something is really drawn.

The SVG stands inside a page whose policy allows no inline style: every style becomes attributes, colours become the
page's own variables (so that dark pages get light lines), and words are put in after drawing, since matplotlib's fonts
do not have every script.
"""

from __future__ import annotations

import functools
import io
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVE_INCHES: Final = (3.6, 2.3)
CELL_INCHES: Final = 0.36
MARGIN_INCHES: Final = 0.55
MAX_CLASSES: Final = 20
"""A larger matrix is drawn nowhere: its numbers could not be read."""

_COLOURS: Final = {
    "#000001": "var(--ink)",
    "#000002": "var(--muted)",
    "#000003": "var(--rule)",
    "#000004": "var(--line-a)",
    "#000005": "var(--line-b)",
    "#000006": "var(--fill)",
}
"""What matplotlib is told to draw with, and what it means in the page."""
_INK, _MUTED, _RULE, _TRAIN, _VALIDATION, _FILL = _COLOURS
_STYLE: Final = re.compile(r' style="([^"]*)"')
_HEAD: Final = re.compile(r"<metadata>.*?</metadata>|<defs>\s*<style[^>]*>.*?</style>\s*</defs>", re.DOTALL)
_ID: Final = re.compile(r'(\bid="|href="#|url\(#)([\w-]+)')
_DROPPED: Final = frozenset({"font-family", "font"})
_EMPTY: Final = re.compile(r"^\s*\n", re.MULTILINE)


def curves(training: Sequence[float | None], validation: Sequence[float | None], *, prefix: str, title: str) -> str:
    """Two lines over the epochs, dashed for the training images and solid for the validation images, as SVG.

    `prefix` makes the ids of the drawing its own, `title` is its text alternative. Epochs without a finite number
    are gaps.
    """
    return _named(_curves(tuple(training), tuple(validation)), prefix, title, {})


def confusion(counts: Sequence[Sequence[int]], *, prefix: str, title: str, target: str, predicted: str) -> str:
    """The matrix `(classes, classes)` as SVG, a row for each target; `target` and `predicted` name the two axes."""
    drawn = _confusion(tuple(map(tuple, counts)))
    return _named(drawn, prefix, title, {"TARGET": target, "PREDICTED": predicted})


@functools.lru_cache(maxsize=256)
def _curves(training: tuple[float | None, ...], validation: tuple[float | None, ...]) -> str:
    def draw(axes: Axes) -> None:
        for values, colour, dashes in ((training, _TRAIN, (0, (4, 2))), (validation, _VALIDATION, "solid")):
            numbers = [float("nan") if value is None else value for value in values]
            epochs = range(1, len(numbers) + 1)
            axes.plot(epochs, numbers, color=colour, linestyle=dashes, linewidth=1.8, marker="o", markersize=3.5)
        axes.set_xticks(range(1, max(len(training), len(validation), 1) + 1))
        axes.grid(visible=True, axis="y", color=_RULE, linewidth=0.8)

    return _drawn(draw, CURVE_INCHES)


@functools.lru_cache(maxsize=256)
def _confusion(counts: tuple[tuple[int, ...], ...]) -> str:
    size = len(counts)

    def draw(axes: Axes) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - only where something is drawn

        for row, numbers in enumerate(counts):
            total = sum(numbers) or 1
            for column, number in enumerate(numbers):
                if number:
                    strength = 0.12 + 0.68 * number / total
                    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=_FILL, alpha=strength, lw=0))
                    axes.text(column, row, str(number), ha="center", va="center_baseline", fontsize=7, color=_INK)
        axes.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5), xticks=range(size), yticks=range(size))
        axes.set_xlabel("PREDICTED", color=_INK, fontsize=8)
        axes.set_ylabel("TARGET", color=_INK, fontsize=8)
        axes.set_aspect("equal")

    inches = size * CELL_INCHES + MARGIN_INCHES
    return _drawn(draw, (inches, inches))


def _drawn(draw: Callable[[Axes], None], inches: tuple[float, float]) -> str:
    """What `draw` puts on a pair of axes, as an SVG element without prologue, ids or words of its own."""
    # Its remarks on caches and fonts are nobody's business who reads a report.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl  # noqa: PLC0415 - only where something is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - likewise
    from matplotlib.figure import Figure  # noqa: PLC0415 - likewise

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "grader", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=inches, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        figure.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_color(_RULE)
        axes.tick_params(colors=_MUTED, labelsize=8, length=2)
        draw(axes)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _tidied(written.getvalue())


def _tidied(svg: str) -> str:
    body = _HEAD.sub("", svg[svg.index("<svg") :])
    body = _STYLE.sub(lambda match: _attributes(match[1]), body)
    for colour, variable in _COLOURS.items():
        body = body.replace(f'"{colour}"', f'"{variable}"')
    return _EMPTY.sub("", re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)).strip()


def _attributes(style: str) -> str:
    """`fill: none; stroke-width: 2` as ` fill="none" stroke-width="2"`."""
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return "".join(
        f' {name.strip()}="{value.strip()}"' for name, _colon, value in pairs if name.strip() not in _DROPPED
    )


def _named(svg: str, prefix: str, title: str, words: Mapping[str, str]) -> str:
    """`svg` with a text alternative, ids that begin with `prefix`, and `words` in the places of their names."""
    body = _ID.sub(lambda match: f"{match[1]}{prefix}-{match[2]}", svg)
    for name, word in words.items():
        body = body.replace(f">{name}<", f">{escape(word)}<")
    head, _close, rest = body.partition(">")
    head = re.sub(r' (?:width|height|xmlns\S*|version)="[^"]*"', "", head)
    label = f"{prefix}-title"
    return (
        f'{head} role="img" aria-labelledby="{label}" stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{label}">{escape(title)}</title>{rest}'
    )
