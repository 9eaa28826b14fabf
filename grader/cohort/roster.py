"""The roster: who should have handed in, from a CSV file, and which of them a layout's names mean."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from grader.cohort.names import plain
from grader.cohort.records import Ids, Owner
from grader.errors import UsageError
from grader.language import Text, _, reason_of
from grader.submission.wording import listed, printable

_COLUMNS: Final = {
    "id": "id|studentid|sid|sisuserid|idnumber|학번",
    "identifier": "identifier|식별자",
    "login": "username|login|loginid|sisloginid|github|githubusername|githubid|아이디",
    "name": "name|fullname|studentname|이름|성명|성함",
    "first": "firstname|givenname|first",
    "last": "lastname|surname|familyname|last|성",
    "email": "email|emailaddress|mail|이메일|이메일주소|메일",
    "section": "section|sections|group|class|분반|반",
    "student": "student|학생",
}
"""`student` is the name where there is an id beside it, as Canvas writes it, and else the id; `identifier` is the id
where there is no other, as GitHub Classroom and Moodle write it."""
_POINTS_POSSIBLE: Final = "pointspossible"
"""A row of Canvas's, which is nobody."""
_TEST_STUDENT: Final = "Student, Test"
"""Another one: as this student an instructor of Canvas's looks at the course."""
_PARTICIPANT: Final = re.compile(r"(?:participant|참여자|참가자)\s*(\d+)", re.IGNORECASE)
"""What Moodle's grading worksheet has as `Identifier`; not every translation of it has a space."""
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheet programs begin, today's and those of old"""
_BYTES: Final = 20_000_000
_APART: Final = "moodle-"
"""before a number of Moodle's that is also a student's; other layouts have no numbers of their own"""
_ORDERS: Final = 5
"""Names of more words are not tried in every order."""


def read_roster(path: Path) -> tuple[Owner, ...]:
    """The students of a CSV file with a heading: id, name, email, section, in any order and by any usual word.

    Raises UsageError for a file that cannot be read, is no CSV, has no column for the id, has one id twice, or has no
    student: everybody would be a stranger.
    """
    rows = _rows(path)
    columns = _columns(rows[0] if rows else [])
    if "id" not in columns:
        raise UsageError(
            _(
                "The roster {path} has no column `id`. Its first line names the columns: id, name, email, section.",
                path=printable(path),
            )
        )
    students: dict[str, Owner] = {}
    for row in rows[1:]:
        fields = {name: row[index].strip() for name, index in columns.items() if index < len(row)}
        if _is_nobody(fields):
            continue
        student = _student(fields)
        if not student.id or student.id in students:
            raise UsageError(
                _(
                    "The roster {path} has a line without an id, or the id {id} twice.",
                    path=printable(path),
                    id=printable(student.id),
                )
            )
        students[student.id] = student
    if not students:
        raise UsageError(
            _(
                "The roster {path} has no student below its first line. Give each student a line, or leave --roster "
                "out.",
                path=printable(path),
            )
        )
    return tuple(students.values())


def _rows(path: Path) -> list[list[str]]:
    """The cells of a CSV file. Raises UsageError."""
    try:
        if path.stat().st_size > _BYTES:
            raise UsageError(_("{path} is too large for a roster.", path=printable(path)))
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(
            _("The roster {path} cannot be read: {reason}.", path=printable(path), reason=reason_of(error))
        ) from error
    if raw.startswith(_WORKBOOKS):
        raise UsageError(
            _(
                "The roster {path} is in Excel's own format. Save it as CSV (UTF-8) there, and name that file.",
                path=printable(path),
            )
        )
    text = _decoded(raw)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        # Without `strict`, a quotation mark that is never closed takes the students below it along.
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(_("{file} is no CSV: {reason}.", file=printable(path), reason=str(error))) from None


def _is_nobody(fields: Mapping[str, str]) -> bool:
    """Whether a line is empty, or one that Canvas adds to those of students."""
    test_student = fields.get("student") == fields.get("name") == _TEST_STUDENT
    return not any(fields.values()) or plain(fields.get("name", "")) == _POINTS_POSSIBLE or test_student


def _student(fields: Mapping[str, str]) -> Owner:
    identifier = fields.get("identifier", "")
    participant = _PARTICIPANT.fullmatch(identifier)
    return Owner(
        id=fields.get("id") or identifier,
        name=fields.get("name") or f"{fields.get('first', '')} {fields.get('last', '')}".strip(),
        participant="" if participant is None else participant[1],
        **{key: fields.get(key, "") for key in ("email", "section", "login")},
    )


class Match(NamedTuple):
    """The student that a layout's name means; `sure` where no other name could mean just this one as well."""

    student: Owner
    sure: bool


class Roster:
    """Finds the student that a layout's name means."""

    def __init__(self, students: Iterable[Owner]) -> None:
        self.students = tuple(students)
        self._exact = {student.id: student for student in self.students}
        self._numbers = _index((student.participant, student) for student in self.students)
        self._logins = _index((student.login.casefold(), student) for student in self.students)
        self._emails = _index((student.email.casefold(), student) for student in self.students)
        self._names = _index((key, student) for student in self.students for key in _names(student))
        self._others = _index((key, student) for student in self.students for key in _others(student))

    def match(self, owner: Owner, ids: Ids = Ids.ANY) -> Match | None:
        """The student of the roster: by id, else by e-mail, else by name; None if there is none or more than one.

        Numbers are students' only where the roster is that platform's own and says so. Accounts are those of the
        roster, letter by letter, for anybody may open one that looks like another's; by anything else they are found
        only where the roster has no accounts.
        """
        known = self._known(owner, ids)
        named = self._names.get(plain(owner.name), []) if owner.name else []
        if known is not None and known not in named and len(named) == 1:
            # The number of one that is the id of another.
            return Match(named[0], sure=False)
        if known is not None:
            return Match(known, sure=True)
        found = self._fitting(owner, ids)
        return Match(found[0], sure=False) if len(found) == 1 else None

    def kept_apart(self, owner: Owner) -> Owner:
        """`owner`, who is none of the students, under an id that is none of theirs."""
        name = owner.id
        while name in self._exact:
            name = _APART + name
        return msgspec.structs.replace(owner, id=name)

    def several(self, owner: Owner) -> Text | str | None:
        """Those of the roster who have the owner's name, where there are more than one."""
        found = self._fitting(owner, Ids.NUMBERS)
        return listed([student.id for student in found], printable) if len(found) > 1 else None

    def _known(self, owner: Owner, ids: Ids) -> Owner | None:
        """The student of exactly this id, account, number or address."""
        if ids is not Ids.NUMBERS and owner.id in self._exact:
            return self._exact[owner.id]
        index = self._numbers if ids is Ids.NUMBERS else self._logins
        for found in (index.get(owner.id.casefold(), []), self._emails.get(owner.email.casefold(), [])):
            if len(found) == 1:
                return found[0]
        return None

    def _fitting(self, owner: Owner, ids: Ids) -> list[Owner]:
        if ids is Ids.ACCOUNTS and self._logins:
            return []
        for text in (
            owner.email,
            owner.id if ids is not Ids.NUMBERS else "",
            owner.email.partition("@")[0],
            owner.name,
        ):
            found = [*self._others.get(plain(text), ()), *self._names.get(plain(text), ())] if text else []
            if found:
                return list(dict.fromkeys(found))
        return []


def _index(pairs: Iterable[tuple[str, Owner]]) -> dict[str, list[Owner]]:
    """The students by each of their keys; an empty one is none."""
    found: defaultdict[str, dict[Owner, None]] = defaultdict(dict)
    for key, student in pairs:
        if key:
            found[key][student] = None
    return {key: list(students) for key, students in found.items()}


def _names(student: Owner) -> set[str]:
    """What a layout may call a student by name: Canvas writes "doejane" for Jane Doe."""
    words = [word for word in student.name.replace(",", " ").split() if plain(word)]
    orders = itertools.permutations(words) if len(words) <= _ORDERS else [words]
    return {plain("".join(order)) for order in orders}


def _others(student: Owner) -> set[str]:
    """What else than the id and the name a layout may call a student."""
    return {plain(text) for text in (student.id, student.login, student.email, student.email.partition("@")[0])}


def _columns(heading: Iterable[str]) -> dict[str, int]:
    """The number of each known column, that of the id among them where there is anything like it."""
    found: dict[str, int] = {}
    for index, title in enumerate(heading):
        for name, words in _COLUMNS.items():
            if plain(title) in words.split("|"):
                found.setdefault(name, index)
    if "identifier" in found:
        found.setdefault("id", found["identifier"])
    if "student" in found:
        found.setdefault("name" if "id" in found else "id", found["student"])
    for other in ("login", "email"):
        if other in found:
            found.setdefault("id", found[other])
    return found


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")  # Excel's "Unicode text"
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
