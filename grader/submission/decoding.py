"""The bytes of a Python file as text, the way Python itself would decode them, and text made fit to go on with."""

from __future__ import annotations

import codecs
import tokenize
import warnings
from io import BytesIO

from grader.language import Text, _
from grader.records import Record
from grader.submission.wording import printable

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Domain names, not text: their decoders take quadratic time.
REFUSED_ENCODINGS = frozenset({"idna", "punycode"})


class Fault(Record, frozen=True, kw_only=True):
    """Why text cannot be read, with the line and column (both from 1) where that shows."""

    message: Text
    line: int = 1
    column: int | None = None


def decode_module(raw: bytes) -> str | Fault:
    """`raw` decoded by its byte order mark or coding line, else as UTF-8, with every line ending made a line feed."""
    if raw.startswith(UTF_16_MARKS):
        return Fault(
            message=_("This file is saved as UTF-16. Save it as UTF-8; your editor's Save As has a choice for it.")
        )
    try:
        encoding = tokenize.detect_encoding(BytesIO(raw).readline)[0]
    except SyntaxError as error:
        return _undecodable(raw, "utf-8") or Fault(
            message=_(
                "Python cannot use the coding line at the top of this file: {reason}.", reason=printable(error.msg)
            )
        )
    try:
        if codecs.lookup(encoding).name in REFUSED_ENCODINGS:
            raise LookupError
        text = _decoded(raw, encoding)
    except UnicodeError:
        return _undecodable(raw, encoding) or Fault(message=_not_encoded(encoding))
    except (ValueError, LookupError):
        return Fault(
            message=_(
                "The coding line at the top of this file names {encoding}, which is no encoding of text. Delete it.",
                encoding=printable(encoding),
            )
        )
    return cleaned(text)


def _decoded(raw: bytes, encoding: str) -> str:
    # Codecs such as unicode_escape warn of what a student wrote; whoever grades has no use for that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return raw.decode(encoding)


def cleaned(text: str) -> str:
    """`text` with every line ending that Python knows made a line feed, and U+FFFD in place of half a surrogate pair.

    Such halves come from escapes in a notebook's JSON and from codecs such as utf-7. Nothing could write them out
    again: neither a report nor the channel. All text of a submission passes here, so that none is met later.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _undecodable(raw: bytes, encoding: str) -> Fault | None:
    """Where `raw` is not text in `encoding`; None if it is, or if the codec does not tell where."""
    try:
        _decoded(raw, encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return Fault(message=_not_encoded(encoding), line=before.count(b"\n") + 1)
    except ValueError:
        return None
    return None


def _not_encoded(encoding: str) -> Text:
    if encoding in {"utf-8", "utf-8-sig"}:
        return _("This line is not saved as UTF-8. Save the file as UTF-8; your editor's Save As has a choice for it.")
    return _(
        "This line is not text in {encoding}, which the coding line at the top names. Save the file as UTF-8.",
        encoding=printable(encoding),
    )
