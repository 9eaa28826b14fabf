"""The one way to fill a template: everything is escaped and made visible, style and script are named by their hash."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from grader.report.escaping import clip, terminal_safe

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).with_name("templates")
LONGEST: Final = 2000
"""Characters of one text; longer ones are cut, since no reader gets so far, and a page stays small."""
_REMEMBERED: Final = 2000
"""Texts whose escaped form is kept: those of a course's checks, with room for what submissions bring in between."""
_CODE: Final = re.compile(r"`([^`\n]{1,300})`")
_PARTICLE: Final = re.compile("</code>(?=[가-힣])")
_JOINER: Final = "&#8288;"
"""Keeps a particle on the line of the code before it."""


def fill(template: str, values: Mapping[str, Any], *, script: str | None = None) -> str:
    """The page of `template`, which may run `script` and nothing else; a newline at its end.

    Any `str` among `values` is foreign text: what HTML would read as markup is escaped, and what a browser would obey
    or hide, such as bidirectional overrides, is written out.
    """
    style = _read("page.css")
    text = None if script is None else _read(script)
    rules = [
        "default-src 'none'",
        f"style-src {_source(style)}",
        "img-src data:",
        *([] if text is None else [f"script-src {_source(text)}"]),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    from markupsafe import Markup  # noqa: PLC0415 - the command's help does not wait for it

    shell = {
        "policy": "; ".join(rules),
        "style": Markup(style),  # noqa: S704 - a file of this package
        "script": None if text is None else Markup(text),  # noqa: S704 - likewise
    }
    return _environment().get_template(template).render({**values, **shell}).rstrip() + "\n"


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - as above

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = _prose
    environment.filters["drawing"] = _drawing
    return environment


def _visible(value: Any) -> Any:
    """Each value of a page, on its way into it: text that could hide or reorder something becomes visible."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _escaped(clip(value, LONGEST))
    return "" if value is None else value


@functools.lru_cache(maxsize=_REMEMBERED)
def _escaped(text: str) -> Any:
    """Foreign text as markup that shows it. Most of a page stands on every other page of a batch too."""
    from markupsafe import escape  # noqa: PLC0415 - as above

    return escape(terminal_safe(text, lines=True))


def _prose(text: str | None) -> Any:
    """A sentence, in which what stands between backticks is code."""
    return _with_code(clip(text or "", LONGEST))


@functools.lru_cache(maxsize=_REMEMBERED)
def _with_code(text: str) -> Any:
    from markupsafe import Markup  # noqa: PLC0415 - as above

    return Markup(_PARTICLE.sub(rf"\g<0>{_JOINER}", _CODE.sub(r"<code>\1</code>", str(_escaped(text)))))  # noqa: S704 - escaped already


def _drawing(svg: str) -> Any:
    """An SVG that this package drew, with every foreign word in it escaped already."""
    from markupsafe import Markup  # noqa: PLC0415 - as above

    return Markup(svg)  # noqa: S704 - see above


@functools.cache
def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
