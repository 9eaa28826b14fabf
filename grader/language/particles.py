"""Korean particles, whose form depends on the last sound of the word before them."""

from __future__ import annotations

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
_RIEUL = 8

# How the last letter or digit is read aloud: no final consonant, one, or the consonant rieul.
_DIGITS = {"0": 1, "1": _RIEUL, "2": 0, "3": 1, "4": 0, "5": 0, "6": 1, "7": _RIEUL, "8": _RIEUL, "9": 0}
_LETTERS = {"l": _RIEUL, "r": 0, "m": 1, "n": 1, "b": 1, "k": 1, "p": 1, "t": 0, "c": 1, "g": 1}

PAIRS = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}
"""The pairs, each with its form after a consonant and its form after a vowel."""


def final_sound(word: str) -> int:
    """The final consonant of `word` as read in Korean: 0 for none, 8 for rieul, another number for any other."""
    for character in reversed(word):
        if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE:
            return (ord(character) - _FIRST_SYLLABLE) % _FINALS
        if character in _DIGITS:
            return _DIGITS[character]
        if character.isascii() and character.isalpha():
            return _LETTERS.get(character.lower(), 0)
    return 0


def with_particle(word: str, pair: str) -> str:
    """`word` followed by the right one of `pair`, such as "은/는".

    Raises KeyError for a pair that is not in `PAIRS`.
    """
    after_consonant, after_vowel = PAIRS[pair]
    final = final_sound(word)
    vowel_form = final == 0 or (pair == "으로/로" and final == _RIEUL)
    return word + (after_vowel if vowel_form else after_consonant)
