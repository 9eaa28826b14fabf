"""A diagram of a trained network as SVG: its layers from top to bottom, as wide as they have units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from grader.records import NetworkLayer
from grader.report.escaping import clip, terminal_safe

WIDTH: Final = 300
BOX: Final = 34
GAP: Final = 22
LANE: Final = 44
"""Room at the right edge for connections that pass over layers."""
SHOWN: Final = 24
_LABEL: Final = 34
_TIP: Final = (
    'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="var(--muted)"/>'
)
_NARROWEST: Final = 150


def network_svg(layers: Sequence[NetworkLayer], *, prefix: str, title: str, more: str) -> str:
    """The diagram of at most `SHOWN` layers. `more` is said in the place of the others; `title` is the alternative."""
    shown = layers[:SHOWN]
    rows = len(shown) + (len(layers) > len(shown))
    height = rows * (BOX + GAP) - GAP + 8
    pieces = [
        f'<svg viewBox="0 0 {WIDTH + LANE} {height}" role="img" aria-labelledby="{prefix}-title" class="network">',
        f'<title id="{prefix}-title">{escape(terminal_safe(title))}</title>',
        f'<defs><marker id="{prefix}-tip" {_TIP}</marker></defs>',
    ]
    pieces += [_connection(source, row, prefix) for row, layer in enumerate(shown) for source in layer.after]
    pieces += [_box(layer, row) for row, layer in enumerate(shown)]
    if rows > len(shown):
        pieces.append(_words(more, len(shown), "var(--muted)"))
    return "".join([*pieces, "</svg>"])


def layer_words(layer: NetworkLayer) -> str:
    """A layer in a few words: `Dense 100, sigmoid`."""
    size = "" if layer.units is None else f" {layer.units:,}"
    activation = "" if layer.activation in {None, "linear"} else f", {layer.activation}"
    return clip(f"{layer.kind}{size}{activation}", _LABEL)


def _box(layer: NetworkLayer, row: int) -> str:
    wide = WIDTH if layer.units is None else _NARROWEST + 26 * math.log2(max(layer.units, 1) + 1) * 0.62
    width = min(max(wide, _NARROWEST), WIDTH - 4)
    kind = "free" if layer.units is None else "sized"
    left = (WIDTH - width) / 2
    rectangle = f'<rect x="{left:.1f}" y="{_top(row)}" width="{width:.1f}" height="{BOX}" rx="7" class="layer {kind}"/>'
    return rectangle + _words(layer_words(layer), row, "var(--ink)")


def _words(text: str, row: int, colour: str) -> str:
    return (
        f'<text x="{WIDTH / 2:g}" y="{_top(row) + BOX / 2 + 4.5:g}" text-anchor="middle" font-size="13" '
        f'fill="{colour}">{escape(clip(terminal_safe(text), 2 * _LABEL))}</text>'
    )


def _connection(source: int, row: int, prefix: str) -> str:
    if not 0 <= source < row:
        return ""
    start, end = _top(source) + BOX, _top(row) - 1
    path = f"M{WIDTH / 2:g} {start}V{end}"
    if source != row - 1:
        start, end = _top(source) + BOX // 2, _top(row) + BOX // 2
        path = f"M{WIDTH - 4} {start}C{WIDTH + LANE} {start} {WIDTH + LANE} {end} {WIDTH - 2} {end}"
    return f'<path d="{path}" fill="none" stroke="var(--muted)" stroke-width="1.4" marker-end="url(#{prefix}-tip)"/>'


def _top(row: int) -> int:
    return 4 + row * (BOX + GAP)
