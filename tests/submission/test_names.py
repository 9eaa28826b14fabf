from __future__ import annotations

import ast

import pytest

from grader.submission import names as submission_names
from grader.submission.facts import children
from grader.submission.names import Names, module_names


def names(source: str) -> Names:
    return module_names(ast.parse(source).body)


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("def f(): pass", "f"),
        ("async def f(): x = 1", "f"),
        ("class A:\n    x = 1\n    def m(self): pass", "A"),
        ("a, (b, *c) = d", "a b c"),
        ("a = b = c", "a b"),
        ("a: int = 1", "a"),
        ("a += 1", "a"),
        ("f(a := 1)", "a"),
        ("[b := a for a in c]", "b"),
        ("import a.b, c as d", "a d"),
        ("from m import x, y as z", "x z"),
        ("from m import *", ""),
        ("for a, b in c:\n    d = 1\nelse:\n    e = 1", "a b d e"),
        ("while a:\n    b = 1", "b"),
        ("with a as b, c as (d, e): f = 1", "b d e f"),
        ("try:\n    a = 1\nexcept E as b:\n    c = 1\nelse:\n    d = 1\nfinally:\n    e = 1", "a b c d e"),
        ("match a:\n    case [b, *c]: pass\n    case {'k': d, **e}: pass\n    case K(x=f) as g: pass", "b c d e f g"),
        ("if a:\n    def f(): pass\nelse:\n    g = 1", "f g"),
        ("a.b = 1\nc['d'] = 2\ndel e", ""),
        ("lambda a: (b := 1)", ""),
    ],
)
def test_bound(source: str, bound: str) -> None:
    assert names(source).bound == set(bound.split())


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("def f(a, b=c, *d, e=g, **h): return a + b + d + e + h + i", "c g i"),
        ("def f(a: b, *c: d) -> e: pass", "b d e"),
        ("@a.b(c)\ndef f(): pass", "a c"),
        ("def f():\n    x = y\n    return x", "y"),
        ("def f():\n    return x\n    x = 1", ""),
        ("def f():\n    def g(): return x + y\n    x = 1\n    return g", "y"),
        ("def f():\n    global x\n    x = 1", "x"),
        ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    return g", ""),
        ("def f(): import os; return os.path", ""),
        ("def f():\n    for a in b: c = a\n    return c", "b"),
        ("def f():\n    with a as b: pass\n    try: pass\n    except c as d: d", "a c"),
        ("def f(): return [a + b for a in c if d]", "b c d"),
        ("def f(): return {a: b for a, b in c for e in a}", "c"),
        ("def f(): return [(y := x) for x in z], y", "z"),
        ("[x for x in y]", "y"),
        ("[[x for x in y] for y in z]", "z"),
        ("lambda a, b=c: a + d", "c d"),
        ("class A(b, k=c):\n    d = e\n    def m(self): return d", "b c d e"),
        ("a += b", "a b"),
        ("a.b.c = d", "a d"),
        ("del a", "a"),
        ("f'{a!r:{b}}'", "a b"),
        ("def f(model):\n    model.add(1)\n    return model", ""),
    ],
)
def test_read(source: str, read: str) -> None:
    assert names(source).read == set(read.split())


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a['b'] = 1", "a"),
        ("a.b.c[0].d = 1", "a"),
        ("a[0] += 1", "a"),
        ("del a['b']", "a"),
        ("for a[0] in b: pass", "a"),
        ("(a.b, c[0]), *d[1] = e", "a c d"),
        ("f().b = 1", ""),
        ("def f(): a['b'] = 1", ""),
        ("a.append(1)", ""),
    ],
)
def test_changed(source: str, changed: str) -> None:
    assert names(source).changed == set(changed.split())


@pytest.mark.parametrize(
    ("source", "exported"),
    [
        ("def f():\n    global x, y\n    x = y", "x"),
        ("def f():\n    def g():\n        global x\n        x = 1", "x"),
        ("class A:\n    def m(self):\n        global x\n        def x(): pass", "x"),
        ("def f():\n    x = 1", ""),
    ],
)
def test_exported(source: str, exported: str) -> None:
    assert names(source).exported == set(exported.split())


def test_what_stands_in_the_brackets_of_a_target_is_read_and_no_target() -> None:
    found = names("[x for a[[y for b.c[d] in e]], (f, *g) in h]")
    assert found.read == set("x a y b d e h".split())
    assert found.bound == set()


def test_targets_within_targets_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def counted(node: ast.AST) -> list[ast.AST]:
        nonlocal calls
        calls += 1
        return children(node)

    monkeypatch.setattr(submission_names, "children", counted)
    source = "a"
    for _depth in range(15):
        source = f"[0 for a[{source}] in b]"
    names(source)
    assert calls < 200


def test_scopes_within_scopes_hand_on_their_names_without_copies() -> None:
    large = {f"x{number}" for number in range(100)}
    assert submission_names.united({"a"}, large) is large
    assert submission_names.united(large, {"b"}) is large
    assert {"a", "b", "x0"} <= large
