"""Writing TOML, as far as a course needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def toml_text(content: Mapping[str, Any]) -> str:
    """`content` as TOML: strings, numbers, truth values, lists and tables, and lists of tables at the top."""
    simple = {name: value for name, value in content.items() if not _is_table(value) and not _is_tables(value)}
    parts = [_pairs(simple)]
    parts += [f"[{_key(name)}]\n{_pairs(value)}" for name, value in content.items() if _is_table(value)]
    for name, tables in content.items():
        if _is_tables(tables):
            parts += [f"[[{_key(name)}]]\n{_table(table, name)}" for table in tables]
    return "\n".join(parts)


def _table(table: Mapping[str, Any], name: str) -> str:
    inner = {key: value for key, value in table.items() if _is_table(value)}
    text = _pairs({key: value for key, value in table.items() if key not in inner})
    return text + "".join(f"[{_key(name)}.{_key(key)}]\n{_pairs(value)}" for key, value in inner.items())


def _pairs(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    # What JSON writes of strings, numbers and truth values, TOML reads.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    plain = name.replace("-", "").replace("_", "")
    return name if plain.isascii() and plain.isalnum() else json.dumps(name, ensure_ascii=False)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
