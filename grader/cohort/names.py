"""What file and folder names say: the exercise, the attempt, and whose it is in the names that systems make."""

from __future__ import annotations

import contextlib
import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from grader.course import Exercise
from grader.submission.files import MODULE_SUFFIX, NOTEBOOK_SUFFIX

_SUFFIXES: Final = (MODULE_SUFFIX, NOTEBOOK_SUFFIX)
_MARK_DIGITS: Final = 3
"""A longer number is a student's."""
_AGAIN: Final = re.compile(
    rf"(?:[-_ ](?P<dash>\d{{1,{_MARK_DIGITS}}})| ?\((?P<brackets>\d{{1,{_MARK_DIGITS}}})\)|[-_ ]+copy(?: ?\d*))$",
    re.IGNORECASE,
)
"""What systems put behind the name of a file that is there already."""
_MOODLE: Final = re.compile(
    r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)$", re.DOTALL
)
_CANVAS: Final = re.compile(
    r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<submission>\d+)_(?P<file>.+)$", re.DOTALL
)


class Named(NamedTuple):
    """The exercise that a name names, the attempt (0 for the first), and whether the name is the exercise's own."""

    exercise: str
    attempt: int
    exact: bool


class Moodle(NamedTuple):
    """A name of Moodle's: the student's, the participant's number, and the file's own name, if it follows."""

    name: str
    id: str
    kind: str
    file: str


class Canvas(NamedTuple):
    """A name of Canvas's: the student's, the user's number, the file's own name, and whether it was late."""

    name: str
    id: str
    file: str
    late: bool


def moodle_name(text: str) -> Moodle | None:
    """What Moodle's "download all" says in the name of a folder or file; None for another name."""
    match = _MOODLE.match(text)
    return None if match is None else Moodle(match["name"], match["id"], match["kind"], match["file"])


def canvas_name(text: str) -> Canvas | None:
    """What Canvas says in the name of a file; None for another name."""
    match = _CANVAS.match(text)
    return None if match is None else Canvas(match["name"], match["id"], match["file"], match["late"] is not None)


def split_suffix(name: str) -> tuple[str, str]:
    """The name without its suffix, and the suffix in lower case where it is one of a submission, else ""."""
    for suffix in _SUFFIXES:
        if name.casefold().endswith(suffix):
            return name[: -len(suffix)], suffix
    return name, ""


def is_source(name: str) -> bool:
    """Whether a file of this name may be a submission or a module beside one."""
    return bool(split_suffix(name)[1])


def composed(name: str) -> str:
    r"""A name in Unicode's composed form, which macOS takes apart; from Korean Windows where it is no UTF-8.

    Bytes that are neither are written out, as in `caf\udce9`, so that every name can be encoded.
    """
    if any("\udc80" <= character <= "\udcff" for character in name):
        with contextlib.suppress(UnicodeError):
            name = name.encode("utf-8", "surrogateescape").decode("cp949")
    return unicodedata.normalize("NFC", name).encode("utf-8", "backslashreplace").decode()


@functools.lru_cache(maxsize=1000)  # the exercises' own names are asked for with every file
def plain(text: str) -> str:
    """`text` without what people write differently: case, width, spaces, punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def exercise_named(stem: str, exercises: Sequence[Exercise]) -> Named | None:
    """The exercise that a name without suffix means, with or without the mark of a resubmission; None if none."""
    attempt, rest = 0, stem.strip()
    while rest:
        for exercise in exercises:
            if plain(rest) in {plain(exercise.stem), plain(exercise.id)}:
                return Named(exercise.id, attempt, exact=rest == exercise.stem)
        match = _AGAIN.search(rest)
        if match is None:
            return None
        attempt = max(attempt, int(match["dash"] or match["brackets"] or 1))
        rest = rest[: match.start()].rstrip()
    return None


def exercise_within(stem: str, exercises: Sequence[Exercise]) -> str | None:
    """The one exercise whose name stands in a name such as "my_exercise_3_final"; None if there is none, or several."""
    folded = unicodedata.normalize("NFKC", stem).casefold()
    found = set()
    for exercise in exercises:
        words = re.findall(r"[^\W_]+", exercise.stem.casefold())
        name = r"[\W_]*".join(map(re.escape, words))
        # After a number a letter may follow, as in "exercise_3b"; after a word it would be another word.
        end = r"(?!\d)" if words[-1][-1].isdigit() else r"(?![^\W_])"
        if re.search(rf"(?<![a-z]){name}{end}", folded):
            found.add(exercise.id)
    return found.pop() if len(found) == 1 else None


def clean_name(name: str, exercises: Sequence[Exercise]) -> str:
    """The name that a student gave a file: without the mark of a resubmission behind an exercise's name."""
    stem, suffix = split_suffix(name)
    named = exercise_named(stem, exercises)
    if named is None or not named.attempt:
        return name
    return next(exercise.stem for exercise in exercises if exercise.id == named.exercise) + suffix


def owner_beside(stem: str, exercises: Sequence[Exercise]) -> tuple[str, Named] | None:
    """The student and the exercise of a name such as "alice_exercise_2" or "exercise-2-alice"; None if it is neither.

    Where several exercises fit, as 1 and 11 do, the longest counts.
    """
    found: list[tuple[int, str, Named]] = []
    for cut in (match.start() for match in re.finditer(r"[-_ ]", stem)):
        before, behind = stem[:cut], stem[cut + 1 :]
        for whose, what in ((before, behind), (behind, before)):
            named = exercise_named(what, exercises)
            owner = whose.strip("-_ ")
            # What follows an exercise's name could be the mark of a resubmission, which is nobody's name.
            mark = whose is behind and owner.isdecimal() and len(owner) <= _MARK_DIGITS
            if named is not None and owner and not mark:
                found.append((len(what), owner, named))
    if not found:
        return None
    _length, owner, named = max(found, key=lambda item: item[0])
    return owner, named
