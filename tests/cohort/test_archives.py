"""Archives that want to do something else than be read."""

from __future__ import annotations

import resource
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cohort.archives import Archive, gather_archive
from grader.cohort.gathering import Gathered
from grader.cohort.records import Cohort, FileEntry, Problem
from grader.cohort.sources import survey
from grader.cohort.trees import open_tree
from grader.course import Course
from grader.errors import SubmissionError, UsageError
from tests.cohort.conftest import MODULE, fill, find, pack, pairs


def read(path: Path) -> tuple[list[FileEntry], list[Problem]]:
    gathered = Gathered()
    gather_archive(Archive(path), (), gathered, inner=True)
    return gathered.files, gathered.problems


def refusal(file: FileEntry) -> str:
    """Why the file is not read."""
    with pytest.raises(SubmissionError) as caught:
        file.reader(1000)
    assert str(caught.value.message) == str(file.refused)
    return str(file.refused)


@pytest.mark.parametrize(
    "name",
    ["../exercise_3.py", "/etc/exercise_3.py", "a/../../exercise_3.py", "C:\\exercise_3.py", "..\\..\\exercise_3.py"],
)
def test_a_path_that_leads_out_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    files, problems = read(pack(tmp_path / "a.zip", {name: "x", "b/exercise_3.py": MODULE}))
    assert [file.path for file in files] == ["b/exercise_3.py"]
    assert len(problems) == 1


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a/exercise_3.py", b"0" * 30_000_000)
    (file,), _problems = read(tmp_path / "a.zip")
    assert "bomb" in refusal(file)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a/exercise_3.py": "0" * 3_000_000})
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 500)))
    files, _problems = read(path)
    with pytest.raises(SubmissionError):
        files[0].reader(1_000_000)


def test_an_archive_that_a_student_handed_in_is_read_inside_that_of_the_class_but_none_inside_it(
    tmp_path: Path, course: Course
) -> None:
    deepest = pack(tmp_path / "deepest.zip", {"exercise_3.py": MODULE})
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("mine/exercise_3.py", MODULE)
        archive.write(deepest, "more.zip")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inner, "alice/hw.zip")
        archive.writestr("bob/work.zip", "no archive")
        archive.writestr("carol.zip", inner.read_bytes()[:60])
    cohort = find(tmp_path / "a.zip", course)
    assert pairs(cohort) == [("alice", "exercise-3", "alice/hw/mine/exercise_3.py")]
    assert cohort.handed[0].main.reader(1000) == MODULE.encode()
    assert {problem.student for problem in cohort.unreadable} == {"bob", "carol"}
    assert all("no zip archive" in str(problem.reason) for problem in cohort.unreadable)
    assert [notice.path for notice in cohort.notices] == ["alice/hw/more/"]


def test_more_archives_are_read_than_a_process_may_have_open_files(tmp_path: Path, course: Course) -> None:
    (tmp_path / "in").mkdir()
    for number in range(40):
        pack(tmp_path / "in" / f"s{number}.zip", {"exercise_3.py": MODULE})
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 8, limits[1]))
    try:
        cohort = find(tmp_path / "in", course)
        assert [one.main.reader(1000) for one in cohort.handed] == [MODULE.encode()] * 40
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a/exercise_3.py": MODULE})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    (file,), _problems = read(path)
    assert "encrypted" in refusal(file)


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("a/exercise_3.py")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    (file,), _problems = read(tmp_path / "a.zip")
    assert "link" in refusal(file)


def test_an_absurd_name_is_refused_and_shown_cut(tmp_path: Path) -> None:
    _files, problems = read(pack(tmp_path / "a.zip", {f"{'deep/' * 2000}exercise_3.py": "x"}))
    assert len(problems[0].path) <= 1000


def test_of_two_entries_of_one_name_the_last_counts_and_that_is_told(tmp_path: Path) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a/exercise_3.py", "one")
        archive.writestr("a/exercise_3.py", "two")
    files, problems = read(tmp_path / "a.zip")
    assert [file.reader(10) for file in files] == [b"two"]
    assert len(problems) == 1


def test_korean_names_are_read_as_korean_windows_writes_them(tmp_path: Path, course: Course) -> None:
    name = "김민준_1_assignsubmission_file_/exercise_3.py"
    path = pack(tmp_path / "a.zip", {"x" * len(name.encode("cp949")): MODULE})
    path.write_bytes(path.read_bytes().replace(b"x" * len(name.encode("cp949")), name.encode("cp949")))
    assert [one.name for one in find(path, course).students] == ["김민준"]


def test_what_is_no_archive_is_refused_as_a_whole_and_as_a_part(tmp_path: Path, course: Course) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "alice.zip").write_bytes(b"PK not really")
    pack(tmp_path / "s" / "bob.zip", {"exercise_3.py": MODULE})
    with pytest.raises(UsageError, match="no zip archive"):
        open_tree(tmp_path / "s" / "alice.zip")
    cohort = find(tmp_path / "s", course)
    assert [one[:2] for one in pairs(cohort)] == [("bob", "exercise-3")]
    assert [(problem.student, "no zip archive" in str(problem.reason)) for problem in cohort.unreadable] == [
        ("alice", True)
    ]


@given(raw=st.binary(max_size=400), at=st.integers(0, 600))
def test_garbage_in_an_archive_is_told_and_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, at: int
) -> None:
    path = pack(tmp_path_factory.mktemp("zip") / "a.zip", {"a/exercise_3.py": MODULE, "b/exercise_3.py": "x" * 50})
    content = path.read_bytes()
    path.write_bytes(content[:at] + raw + content[at + len(raw) :])
    try:
        files, _problems = read(path)
        for file in files:
            file.reader(1000)
    except (UsageError, SubmissionError):
        return


@pytest.mark.parametrize(
    "header", [b"\x09\x04\x05\x00\xff\x00\x00\x80\x00", b"\x09\x04\x01\x00\x5d"], ids=["filter", "length"]
)
def test_a_damaged_archive_of_another_compression_costs_its_file_only(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a/exercise_3.py", MODULE)
    content = path.read_bytes()
    at = content.index(b"\x09\x04\x05\x00")
    path.write_bytes(content[:at] + header + content[at + len(header) :])
    (file,), _problems = read(path)
    with pytest.raises(SubmissionError, match="cannot be read"):
        file.reader(1000)


def said(cohort: Cohort) -> dict[str, str]:
    """Of each student, why the submission cannot be graded or read."""
    problems = (*cohort.unreadable, *survey(cohort).unreadable)
    return {problem.student: str(problem.reason) for problem in problems}


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_without_anything_to_read_is_its_students_all_the_same(
    tmp_path: Path,
    course: Course,
    packed: bool,  # noqa: FBT001
) -> None:
    slip = pack(tmp_path / "slip.zip", {"work/": "", "../exercise_3.py": MODULE}).read_bytes()
    empty = pack(tmp_path / "empty.zip", {}).read_bytes()
    junk = pack(tmp_path / "junk.zip", {"__MACOSX/exercise_3.py": MODULE}).read_bytes()
    files: dict[str, str | bytes] = {
        "alice/exercise_3.py": MODULE,
        "bob.zip": slip,
        "carol/hw.zip": slip,
        "dan.zip": empty,
        "eve/hw.zip": empty,
        "finn.zip": junk,
    }
    folder = fill(tmp_path / "in", files)
    if packed:
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    cohort = find(tmp_path / "in.zip" if packed else folder, course)
    reasons = said(cohort)
    assert reasons.pop("bob").startswith("Nothing in bob.zip is read: the names of its entries lead out of it")
    assert reasons.pop("carol").startswith("Nothing in hw.zip is read")
    assert reasons == dict.fromkeys(("dan", "eve", "finn"), "There is nothing in it.")


def test_what_is_wrong_with_an_archive_is_said_once_in_our_own_words(tmp_path: Path, course: Course) -> None:
    good = pack(tmp_path / "a.zip", {"exercise_3.py": MODULE}).read_bytes()
    folder = fill(tmp_path / "in", {"Bad Zip/hw.zip": b"PK not really", "crc.zip": good, "name.zip": good})
    method = bytearray(good)
    method[8] = method[good.index(b"PK\x01\x02") + 10] = 97
    fill(folder, {"method.zip": bytes(method), "name.zip": good.replace(b"exercise_3", b"exercise_4", 1)})
    at = good.index(struct.pack("<L", zlib.crc32(MODULE.encode())), good.index(b"PK\x01\x02"))
    fill(folder, {"crc.zip": good[:at] + b"1234" + good[at + 4 :]})
    assert said(find(folder, course)) == {
        "Bad Zip": "hw.zip is no zip archive that can be read: it is damaged, cut off, or a file of another kind.",
        "crc": "exercise_3.py cannot be read: the archive is damaged.",
        "method": "exercise_3.py cannot be read: it is compressed in a way that is not read here.",
        "name": "exercise_3.py cannot be read: the archive is damaged.",
    }


def test_a_path_that_is_told_is_not_told_twice(tmp_path: Path, course: Course) -> None:
    folder = fill(tmp_path / "in", {"alice/exercise_3.py": "#" * 2_000_000, "bob/other.txt": "x"})
    (folder / "carol").mkdir()
    (folder / "carol" / "hw.zip").symlink_to(tmp_path)
    reasons = said(find(folder, course))
    assert reasons["alice"].startswith("exercise_3.py is larger")
    assert reasons["carol"].startswith("hw.zip is a link")
