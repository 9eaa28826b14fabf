"""Sentences with places, and Korean particles."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

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
        ("None", "은/는", "None은"),
        ("tuple", "을/를", "tuple을"),
        ("names", "을/를", "names를"),
        ("float", "으로/로", "float로"),
        ("float32", "으로/로", "float32로"),
        ("uint8", "으로/로", "uint8로"),
        ("input", "이/가", "input이"),
        ("list", "이/가", "list가"),
        ("check", "을/를", "check를"),
        ("callback", "을/를", "callback을"),
        ("learning_rate", "이/가", "learning_rate가"),
        ("make_rmsprop", "은/는", "make_rmsprop은"),
        ("URL", "을/를", "URL을"),
        ("SGD", "과/와", "SGD와"),
        *[(word, "이/가", f"{word}가") for word in ("CSV", "GPU", "CPU", "API", "IDE", "MNIST", "README", "HTTPS")],
        *[(word, "이/가", f"{word}이") for word in ("RNN", "JSON", "HTML", "TOML", "YAML", "LSTM", "URL")],
        *[(word, "이/가", f"{word}가") for word in ("FOLDER", "EXERCISE", "PATH", "SOURCE", "NUMBER", "HEAD")],
        *[(word, "이/가", f"{word}이") for word in ("OUT", "ZIP", "FORMAT", "COMMIT", "FILE", "NAME", "FUNCTION")],
        ("NEW_FOLDER", "으로/로", "NEW_FOLDER로"),
        ("FILE", "으로/로", "FILE로"),
        ("exercise_1.ipynb", "을/를", "exercise_1.ipynb를"),
        ("20%", "이/가", "20%가"),
        ("(None, 100)", "이/가", "(None, 100)이"),
        ("keras.Input(shape=(784,))", "을/를", "keras.Input(shape=(784,))를"),
        ("José", "과/와", "José와"),
        (unicodedata.normalize("NFD", "홍길동"), "이/가", unicodedata.normalize("NFD", "홍길동") + "이"),
        ("\uff11\uff10", "이/가", "\uff11\uff10이"),
    ],
)
def test_the_particle_follows_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


def test_a_pair_may_follow_a_format_or_a_quotation_mark() -> None:
    text = _('x {example:`을/를} {word:"이/가} {share:.1f은/는}', example="(28, 28)", word="adam", share=0.25)
    assert str(text) == 'x `(28, 28)`을 "adam"이 0.2는'


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


def test_a_translation_that_cannot_be_filled_in_gives_way_to_english(tmp_path: Path) -> None:
    catalog = Catalog(locale="ko")
    catalog.add("{name} is short.", "{nmae} 짧음.")
    catalog.add("{name} is long.", "{name:이다/다} 김.")
    file = tmp_path / "ko" / "LC_MESSAGES" / "checks.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, catalog)
    translator = Translator("ko", (tmp_path,))
    assert translator.render(_("{name} is short.", name="x")) == "x is short."
    assert translator.render(_("{name} is long.", name="x")) == "x is long."


def test_a_plain_string_is_never_translated_or_formatted() -> None:
    assert Translator.english().render("100 % {x}") == "100 % {x}"
