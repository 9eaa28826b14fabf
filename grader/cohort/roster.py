"""The roster: who should have handed in, from a CSV file, and which of them a layout's names mean."""

from __future__ import annotations

import csv
import io
import itertools
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from grader.cohort.names import plain
from grader.cohort.records import Owner
from grader.errors import UsageError
from grader.language import Text, _
from grader.submission.wording import listed, printable

_COLUMNS: Final = {
    "id": "id|studentid|sid|sisuserid|idnumber|identifier|학번",
    "login": "username|login|loginid|sisloginid|github|githubusername|githubid|아이디",
    "name": "name|fullname|studentname|이름|성명|성함",
    "first": "firstname|givenname|first",
    "last": "lastname|surname|familyname|last|성",
    "email": "email|emailaddress|mail|이메일|이메일주소|메일",
    "section": "section|sections|group|class|분반|반",
    "student": "student|학생",
}
"""`student` is the name where there is an id beside it, as Canvas writes it, and else the id."""
_POINTS_POSSIBLE: Final = "pointspossible"
"""A row of Canvas's, which is nobody."""
_BYTES: Final = 20_000_000
_APART: Final = "moodle-"
"""before a number of Moodle's that is also a student's; other layouts have no numbers of their own"""
_ORDERS: Final = 5
"""Names of more words are not tried in every order."""


def read_roster(path: Path) -> tuple[Owner, ...]:
    """The students of a CSV file with a heading: id, name, email, section, in any order and by any usual word.

    Raises UsageError for a file that cannot be read, is no CSV, has no column for the id, or has one id twice.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise UsageError(_("{path} is too large for a roster.", path=printable(path)))
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(
            _("The roster {path} cannot be read: {reason}.", path=printable(path), reason=error.strerror or str(error))
        ) from error
    text = _decoded(raw)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        # Without `strict`, a quotation mark that is never closed takes the students below it along.
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(_("{file} is no CSV: {reason}.", file=printable(path), reason=str(error))) from None
    columns = _columns(rows[0] if rows else [])
    if "student" in columns:
        columns.setdefault("name" if "id" in columns else "id", columns["student"])
    columns.setdefault("id", columns.get("login", columns.get("email", -1)))
    if columns["id"] < 0:
        del columns["id"]
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
        if not any(fields.values()) or plain(fields.get("name", "")) == _POINTS_POSSIBLE:
            continue
        if not fields.get("id") or fields["id"] in students:
            raise UsageError(
                _(
                    "The roster {path} has a line without an id, or the id {id} twice.",
                    path=printable(path),
                    id=printable(fields.get("id", "")),
                )
            )
        name = fields.get("name") or f"{fields.get('first', '')} {fields.get('last', '')}".strip()
        rest = {key: fields.get(key, "") for key in ("email", "section", "login")}
        students[fields["id"]] = Owner(id=fields["id"], name=name, **rest)
    return tuple(students.values())


class Roster:
    """Finds the student that a layout's name means."""

    def __init__(self, students: Iterable[Owner]) -> None:
        self.students = tuple(students)
        self._exact = {student.id: student for student in self.students}
        self._loose: defaultdict[str, list[Owner]] = defaultdict(list)
        for student in self.students:
            for key in _keys(student):
                if student not in self._loose[key]:
                    self._loose[key].append(student)

    def match(self, owner: Owner, *, by_id: bool = True) -> Owner | None:
        """The student of the roster: by id, else by e-mail, else by name; None if there is none or more than one.

        Without `by_id` the owner's id is a number that a platform made, and no student's.
        """
        if by_id and owner.id in self._exact:
            return self._exact[owner.id]
        found = self._fitting(owner, by_id=by_id)
        return found[0] if len(found) == 1 else None

    def kept_apart(self, owner: Owner) -> Owner:
        """`owner`, who is none of the students, under an id that is none of theirs."""
        name = owner.id
        while name in self._exact:
            name = _APART + name
        return msgspec.structs.replace(owner, id=name)

    def several(self, owner: Owner) -> Text | str | None:
        """Those of the roster who have the owner's name, where there are more than one."""
        found = self._fitting(owner, by_id=False)
        return listed([student.id for student in found], printable) if len(found) > 1 else None

    def _fitting(self, owner: Owner, *, by_id: bool) -> list[Owner]:
        for text in (owner.email, owner.id if by_id else "", owner.email.partition("@")[0], owner.name):
            found = self._loose.get(plain(text), []) if text else []
            if found:
                return found
        return []


def _keys(student: Owner) -> set[str]:
    """What else than the id a layout may call a student: Canvas writes "doejane" for Jane Doe."""
    words = [word for word in student.name.replace(",", " ").split() if plain(word)]
    orders = itertools.permutations(words) if len(words) <= _ORDERS else [words]
    names = {plain("".join(order)) for order in orders}
    return {
        key
        for key in (*map(plain, (student.id, student.login, student.email, student.email.partition("@")[0])), *names)
        if key
    }


def _columns(heading: Iterable[str]) -> dict[str, int]:
    """The number of each known column."""
    found: dict[str, int] = {}
    for index, title in enumerate(heading):
        for name, words in _COLUMNS.items():
            if plain(title) in words.split("|"):
                found.setdefault(name, index)
    return found


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
