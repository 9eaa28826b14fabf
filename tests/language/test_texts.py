"""Sentences with places, and Korean particles."""

from __future__ import annotations

import pytest

from grader.language import Text, Translator, _, with_particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("모델", "은/는", "모델은"),
        ("함수", "은/는", "함수는"),
        ("10", "이/가", "10이"),
        ("2", "이/가", "2가"),
        ("784", "을/를", "784를"),
        ("서울", "으로/로", "서울로"),
        ("집", "으로/로", "집으로"),
        ("나무", "으로/로", "나무로"),
        ("build_model", "은/는", "build_model은"),
        ("relu", "은/는", "relu는"),
        ("`relu()`", "이/가", "`relu()`가"),
        ("", "은/는", "는"),
    ],
)
def test_the_particle_follows_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


def test_an_unknown_pair_is_a_mistake_of_the_translator() -> None:
    with pytest.raises(KeyError):
        with_particle("x", "이다/다")


def test_values_fill_places_and_never_become_places() -> None:
    assert str(_("{a} and {b}", a="{b}", b=1)) == "{b} and 1"


def test_a_text_may_hold_a_text() -> None:
    assert str(_("{place}: {message}", place=_("line {line}", line=3), message="x")) == "line 3: x"


def test_texts_are_compared_by_sentence_and_values() -> None:
    assert _("a {b}", b=1) == Text("a {b}", {"b": 1})
    assert _("a {b}", b=1) != _("a {b}", b=2)


def test_a_language_without_catalogs_reads_english() -> None:
    assert Translator("xx", ()).render(_("hello")) == "hello"


def test_a_plain_string_is_never_translated_or_formatted() -> None:
    assert Translator.english().render("100 % {x}") == "100 % {x}"
