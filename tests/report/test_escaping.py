"""Foreign text never reaches the terminal as anything but visible characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import clip, terminal_safe


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]8;;http://evil\x07link", r"\x1b]8;;http://evil\x07link"),
        ("\x9b2J", r"\x9b2J"),
        ("user\u202egpj.exe", r"user\u202egpj.exe"),
        ("pass\u200bed", r"pass\u200bed"),
        ("a\rb\x00", r"a\x0db\x00"),
        ("\ud800", r"\ud800"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("\u3164", r"\u3164"),
        ("[red]no markup[/red]", "[red]no markup[/red]"),
        ("tab\there", "tab    here"),
        ("two\nlines", r"two\nlines"),
    ],
)
def test_shows_what_a_terminal_would_obey_or_hide(hostile: str, shown: str) -> None:
    assert terminal_safe(hostile) == shown


def test_keeps_lines_where_they_are_wanted() -> None:
    assert terminal_safe("a\r\nb\n\x1b", lines=True) == "a\nb\n\\x1b"


def test_keeps_letters_of_all_languages() -> None:
    text = "한국어, čeština, ελληνικά, 日本語, \u0627\u0644"
    assert terminal_safe(text) == text


def test_composes_decomposed_hangul() -> None:
    assert terminal_safe(unicodedata.normalize("NFD", "채점")) == "채점"


def test_writes_out_piled_up_marks() -> None:
    assert terminal_safe("q" + "\u0316" * 30).count("\u0316") == 2


def test_a_huge_text_is_cut_first() -> None:
    assert len(terminal_safe("x" * 10_000_000)) == 20_000


@given(st.text(st.characters(), max_size=200))
def test_leaves_no_hidden_character(text: str) -> None:
    shown = terminal_safe(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_clip_marks_what_it_left_out() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdefg", 6) == "abcde…"
