"""Korean particles, whose form depends on the last sound of the word before them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PAIRS: Final = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}
"""The pairs, each with its form after a consonant and its form after a vowel."""

_VOWEL, _CONSONANT, _RIEUL = 0, 1, 8
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
# How each is read aloud at the end of a word or a number: 0 as 영 or 십 or 만, 1 as 일, % as 퍼센트.
_READ: Final = {
    **dict.fromkeys("2459%", _VOWEL),
    **dict.fromkeys("036", _CONSONANT),
    **dict.fromkeys("178", _RIEUL),
}
_LETTER_NAMES: Final = {"L": _RIEUL, "R": _RIEUL, "M": _CONSONANT, "N": _CONSONANT}
"""What ends in a consonant where letters are read one by one, as in URL; all others end in a vowel."""
_LATIN: Final = re.compile(r"[A-Za-z]+$")
_CAPITAL_WORD: Final = re.compile(r"(?=.*[AEIOU]).{4,}|OUT|ZIP")
"""What is read as a word although all of it is capitals, as in FOLDER; the others are read letter by letter, as CSV."""
# Endings of English words as Korean writes them, tried from the top. The sound of what is left is a vowel's.
_ENDINGS: Final = (
    (re.compile(r"^readme$"), _VOWEL),  # 리드미
    (re.compile(r"(?:l|le)$"), _RIEUL),  # model 모델, tuple 튜플
    (re.compile(r"(?:[mn]|ng|[nm]e|type)$"), _CONSONANT),  # column 칼럼, None 논, name 네임, type 타입
    (re.compile(r"(?:check|loop|bit)$"), _VOWEL),  # 체크, 루프, 비트
    (re.compile(r"(?:ck|ook|[aeiou]c)$"), _CONSONANT),  # callback 콜백, notebook 노트북, metric 메트릭
    (re.compile(r"[aeiou][bp]$"), _CONSONANT),  # tab 탭, step 스텝, zip 집, RMSprop 프롭
    (re.compile(r"(?:(?:^|[^aeiou])[aeiou]|ou)t$"), _CONSONANT),  # format 포맷, dropout 드롭아웃; but float 플로트
)


def final_sound(word: str) -> int:
    """The final consonant of `word` as read in Korean: 0 for none, 8 for rieul, another number for any other.

    What is not read aloud, such as a closing bracket or backtick, is passed over.
    """
    composed = unicodedata.normalize("NFC", word)
    for position in range(len(composed) - 1, -1, -1):
        character = composed[position]
        if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE:
            return (ord(character) - _FIRST_SYLLABLE) % _FINALS
        plain = unicodedata.normalize("NFKD", character)[0]
        if plain in _READ:
            return _READ[plain]
        if plain.isascii() and plain.isalpha():
            return _final_of_latin(composed[:position] + plain)
    return _VOWEL


def with_particle(word: str, pair: str) -> str:
    """`word` followed by the right one of `pair`, such as "은/는".

    Raises KeyError for a pair that is not in `PAIRS`.
    """
    after_consonant, after_vowel = PAIRS[pair]
    final = final_sound(word)
    vowel_form = final == _VOWEL or (pair == "으로/로" and final == _RIEUL)
    return word + (after_vowel if vowel_form else after_consonant)


def _final_of_latin(text: str) -> int:
    found = _LATIN.search(text)
    letters = found[0] if found else ""
    if letters.isupper() and not _CAPITAL_WORD.fullmatch(letters):
        return _LETTER_NAMES.get(letters[-1], _VOWEL)
    lower = letters.lower()
    return next((sound for ending, sound in _ENDINGS if ending.search(lower)), _VOWEL)
