"""Real processes on real databases: two at once, one killed in the middle, one on a full disk."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.gradebook import open_gradebook, report_of, runs
from grader.gradebook.opening import reading
from tests.gradebook.cohorts import put

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
WRITER = """
import sys
from grader.errors import UsageError
from grader.gradebook import open_gradebook
from tests.gradebook.cohorts import put
where, name, count = sys.argv[1:]
try:
    with open_gradebook(where) as book:
        for number in range(int(count)):
            put(book, f"student-{number % 7}", fingerprint=name, content=str(number % 3), path="x" * 2000)
            print(number, flush=True)
except UsageError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def writer(where: Path | str, name: str, count: int, *, largest_file: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(where), name, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 - nothing else runs in this process
    )


@pytest.mark.parametrize("kind", ["file", "address"])
def test_two_processes_make_one_gradebook_and_write_to_it_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    where: Path | str = request.getfixturevalue(kind)
    writers = [writer(where, name, 40) for name in ("first", "second")]
    told = [process.communicate(timeout=120)[1] for process in writers]
    assert [process.returncode for process in writers] == [0, 0], told
    with open_gradebook(where) as book:
        recorded = runs(book)
    assert Counter(run.fingerprint for run in recorded) == {"first": 40, "second": 40}
    # Both saw the same bytes: no attempt was counted twice, and none was lost.
    attempts = {(run.student, run.sha256): run.attempt for run in recorded}
    assert all(run.attempt == attempts[run.student, run.sha256] for run in recorded)
    for student in {run.student for run in recorded}:
        assert sorted(attempt for (who, _), attempt in attempts.items() if who == student) == [1, 2, 3]


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.011])
def test_a_process_killed_while_it_writes_loses_nothing_that_it_told(file: Path, delay: float) -> None:
    process = writer(file, "killed", 100_000)
    assert process.stdout is not None
    for _ in range(25):
        process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0]
    told = 25 + rest.count("\n")
    with open_gradebook(file) as book:
        recorded = runs(book)
        assert told <= len(recorded) <= told + 1
        assert all(report_of(book, run.id).checks for run in recorded)
        with reading(book) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            counted = connection.exec_driver_sql("SELECT count(DISTINCT run_id) FROM outcomes").scalar()
        assert counted == len(recorded)
        put(book)


@contextmanager
def tiny_disk(folder: Path) -> Iterator[bool]:
    """A disk of 300 kB in `folder`; False where none can be mounted."""
    folder.mkdir()
    mounted = subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["/usr/bin/umount", str(folder)], check=True)


def test_a_full_disk_is_told_in_a_line_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk") as mounted:
        file = tmp_path / "disk" / "gradebook.sqlite"
        # Where nothing can be mounted, a file that may not grow refuses in the same place.
        process = writer(file, "full", 100_000, largest_file=None if mounted else 300_000)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 2, err
        assert "cannot be written" in err
        assert "What was recorded before is kept" in err
        assert err.count("\n") == 1
        told = out.count("\n")
        assert told > 3
        kept = tmp_path / "kept.sqlite"
        for suffix in ("", "-wal"):
            source = file.with_name(file.name + suffix)
            if source.exists():
                kept.with_name(kept.name + suffix).write_bytes(source.read_bytes())
    with open_gradebook(kept) as book:
        assert len(runs(book)) == told
        put(book)


def test_a_file_that_may_not_grow_is_told_likewise(file: Path) -> None:
    process = writer(file, "limited", 100_000, largest_file=300_000)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, err
    assert "cannot be written" in err
    with open_gradebook(file) as book:
        assert len(runs(book)) == out.count("\n")


def test_ten_thousand_runs_are_found_by_index(file: Path) -> None:
    """No question that a new run asks reads a whole table, so that the last is as quick as the first."""
    with open_gradebook(file) as book:
        put(book)
        with book.engine.connect() as connection:
            for question in (
                "SELECT * FROM students WHERE student = 'ann'",
                "SELECT * FROM submissions WHERE student_id = 1 AND exercise = 'one' ORDER BY attempt",
            ):
                plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}"))
                assert "USING INDEX" in plan
                assert "SCAN" not in plan
