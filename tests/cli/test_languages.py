"""Which language is spoken."""

from __future__ import annotations

import pytest

from grader.cli.languages import choose_language, guess_language, locale_language
from grader.errors import UsageError


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, None),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": "de_DE", "LC_MESSAGES": "ko"}, "ko"),
        ({"LANG": "ko", "LC_MESSAGES": "", "LC_ALL": "en_US"}, "en"),
        ({"LC_ALL": "sr@latin"}, "sr"),
    ],
)
def test_the_first_variable_that_is_set_decides(environment: dict[str, str], language: str | None) -> None:
    assert locale_language(environment) == language


def test_an_unknown_locale_means_english() -> None:
    assert choose_language(None, ("en", "ko"), {"LANG": "fr_FR"}) == "en"


@pytest.mark.parametrize("environment", [{}, {"LANG": "C.UTF-8"}, {"LANG": "fr_FR"}])
def test_a_course_has_a_say_where_the_locale_has_none(environment: dict[str, str]) -> None:
    assert choose_language(None, ("en", "ko"), environment, otherwise="ko") == "ko"
    assert choose_language(None, ("en", "ko"), {"LANG": "en_US"}, otherwise="ko") == "en"
    assert choose_language("en", ("en", "ko"), environment, otherwise="ko") == "en"


def test_what_is_asked_for_comes_first() -> None:
    assert choose_language("ko-KR", ("en", "ko"), {"LANG": "en_US"}) == "ko"


def test_a_course_may_have_a_language_that_the_program_has_not() -> None:
    assert choose_language("cs", ("cs",), {}) == "cs"


@pytest.mark.parametrize("asked", ["fr", "", "../../ko", "한국어"])
def test_an_unknown_language_is_refused_with_those_there_are(asked: str) -> None:
    with pytest.raises(UsageError, match="en, ko"):
        choose_language(asked, ("en", "ko"), {})


@pytest.mark.parametrize("words", [["--lang", "ko"], ["exercise-1", "--lang=ko"]])
def test_the_language_of_errors_is_found_before_the_words_are_understood(words: list[str]) -> None:
    assert guess_language(words, {}) == "ko"
    assert guess_language([*words[:-1], "--lang", "nonsense"], {}) == "en"
    assert guess_language(["--lang"], {"LANG": "ko"}) == "ko"
