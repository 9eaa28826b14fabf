"""What the feedback of a hidden check must not give away: the inputs that it draws, and the answers to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grader.checking import show
from grader.checking.calls import Question
from grader.language import Translator
from grader.records import CheckReport

DIGITS: Final = 3
"""Significant digits of a number that says something; 0, 1 and 32 stand everywhere."""
_ITEMS: Final = 20
"""Items of a container that are looked at: feedback shows no more of them."""
_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_ENGLISH: Final = Translator.english()


@dataclass(frozen=True, slots=True)
class Words:
    """Numbers, without their signs and as short as they can be written, and pieces of text."""

    numbers: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def __or__(self, other: Words) -> Words:
        return Words(self.numbers | other.numbers, self.texts | other.texts)

    def __sub__(self, other: Words) -> Words:
        texts = {piece for piece in self.texts if not any(piece in text for text in other.texts)}
        return Words(self.numbers - other.numbers, frozenset(texts))

    def __bool__(self) -> bool:
        return bool(self.numbers or self.texts)


def told_of(value: Any) -> Words:
    """The words by which `value`, a value of the protocol, or a part of it would be recognised in a sentence."""
    match value:
        case bool() | None:
            return Words()
        case int() | float() | np.integer() | np.floating():
            return Words(numbers=_numbers([_ENGLISH.render(show(value)), repr(float(value)), f"{float(value):.3f}"]))
        case str() if len(value) >= DIGITS:
            return Words(texts=frozenset({value}))
        case np.ndarray() if value.size <= _ITEMS:
            return told_of(value.tolist())
        case list() | tuple() | dict():
            parts = list(value.values() if isinstance(value, dict) else value)[:_ITEMS]
            whole = {_ENGLISH.render(show(value))} if len(parts) >= DIGITS else set()
            words = Words(texts=frozenset(whole))
            for part in parts:
                words |= told_of(part)
            return words
    return Words()


def told_in(text: str) -> Words:
    """The numbers in a text, and the text itself."""
    return Words(numbers=_numbers(_NUMBER.findall(text)), texts=frozenset({text}))


def given_away(
    check: CheckReport, asked: Sequence[Question], solved: Sequence[Question], known: Words
) -> tuple[list[str], list[str]]:
    """What the feedback of a failed check tells of its inputs, and of the right answers to them.

    `asked` are the questions of the check in this run, `solved` those that the solution answered. What is `known` to
    every student is no secret, nor is what the submission answered itself. A check whose inputs are no secret has no
    secret answers.
    """
    inputs = _union(told_of(sent) for question in asked for sent in question.sent) - known
    if not inputs:
        return [], []
    own = _union(told_of(question.value) for question in asked if question.answered)
    answers = _union(told_of(question.value) for question in solved if question.answered) - known - inputs
    # What a submission raises quotes what it likes.
    quotes = not asked[-1].answered
    parts = [check.hint, check.expected, *([] if quotes else [check.message])]
    text = "\n".join(part for part in parts if part)
    return _found(inputs - own, text), _found(answers - own, text)


def known_from(texts: Iterable[str]) -> Words:
    """The words that stand in texts which every student reads."""
    return _union(told_in(text) for text in texts)


def _found(words: Words, text: str) -> list[str]:
    numbers = words.numbers & told_in(text).numbers
    return sorted(numbers) + sorted(piece for piece in words.texts if piece in text)


def _numbers(written: Iterable[str]) -> frozenset[str]:
    """Those numbers that say something, in one spelling."""
    found = set()
    for text in written:
        try:
            number = abs(float(text.replace(",", "")))
        except ValueError:
            continue
        plain = f"{number:.12g}"
        if len(plain.partition("e")[0].replace(".", "").lstrip("0")) >= DIGITS:
            found.add(plain)
    return frozenset(found)


def _union(words: Iterable[Words]) -> Words:
    every = Words()
    for some in words:
        every |= some
    return every
