"""Why the system refused something, in both languages."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from grader.language import Text, Translator, reason_of
from grader.language.reasons import _REASONS


def test_what_the_system_refuses_is_told_in_the_readers_language(tmp_path: Path) -> None:
    with pytest.raises(OSError) as raised:  # noqa: PT011 - whatever it is called, it has a number
        (tmp_path / "missing").read_bytes()
    reason = reason_of(raised.value)
    assert str(reason) == "no such file or folder"
    assert Translator("ko").render(reason) == "그런 파일이나 폴더가 없습니다"


@pytest.mark.parametrize("number", _REASONS, ids=errno.errorcode.get)
def test_each_reason_ends_a_sentence_of_either_language(number: int) -> None:
    reason = reason_of(OSError(number, os.strerror(number)))
    assert isinstance(reason, Text)
    for said in (str(reason), Translator("ko").render(reason)):
        assert said == said.strip()
        assert not said.endswith(".")
    assert Translator("ko").has(reason)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EPROTO, "Protocol error"), "protocol error"),
        (OSError("Nobody listens"), "nobody listens"),
        (OSError(), "OSError"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "it is not in UTF-8"),
    ],
)
def test_what_has_no_sentence_of_ours_keeps_its_own_words(error: OSError | ValueError, said: str) -> None:
    assert str(reason_of(error)) == said
