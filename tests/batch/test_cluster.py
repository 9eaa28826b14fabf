"""A batch on a real Dask scheduler with two real worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from grader.batch.cluster import pack_course
from grader.errors import UsageError
from tests.batch.cohorts import SOLUTION, WRONG, batch, environment, fill_cohort, reports

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a batch needs Linux")]


def _start(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    code = f"from distributed.cli.dask_{name} import main; main()"
    log: IO[bytes] = (folder / f"{name}-{time.monotonic_ns()}.log").open("wb")
    with log:
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env=environment(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _address(folder: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        text = "".join(log.read_text("utf-8", "replace") for log in folder.glob("scheduler-*.log"))
        found = re.search(r"tcp://127\.0\.0\.1:\d+", text)
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def _worker(folder: Path, address: str) -> subprocess.Popen[bytes]:
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    return _start(folder, "worker", address, *options)


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client  # noqa: PLC0415 - an extra

    with Client(address) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=60)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and two workers of one thread each, each in a folder of its own."""
    home = tmp_path / "cluster"
    home.mkdir()
    workers: list[subprocess.Popen[bytes]] = []
    started = [_start(home, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")]
    try:
        address = _address(home)
        workers = [_worker(home, address) for _index in range(2)]
        _wait_for_workers(address, 2)
        yield address, workers
    finally:
        started += workers
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_cluster_gives_the_reports_that_this_machine_gives_though_workers_are_lost_and_come(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    slow = WRONG.replace("    return", "    import time\n    time.sleep(0.3)\n    return")
    texts = {f"s{number:02}": f"{slow}# {number}\n" for number in range(24)}
    far, near = tmp_path / "far", tmp_path / "near"
    fill_cohort(far / "in", {**texts, "alice": SOLUTION})
    fill_cohort(near / "in", {**texts, "alice": SOLUTION})
    (far / "out").mkdir()
    command = [sys.executable, "-m", "grader", "batch", "in", "--out", "out", "--scheduler", address]
    process = subprocess.Popen(command, cwd=far, env=environment(far), stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while len(list((far / "out").glob("reports/*/*.json"))) < 3:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    workers.append(_worker(tmp_path / "cluster", address))
    _wait_for_workers(address, 3)
    workers[0].kill()
    workers[1].kill()
    _out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert batch(near).code == 1
    assert len(reports(far)) == 25
    assert reports(far) == reports(near)


def test_a_course_of_ones_own_travels_to_the_workers(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    course = tmp_path / "course"
    (course / "checks").mkdir(parents=True)
    (course / "exercise").mkdir()
    (course / "exercise" / "own.py").write_text(
        'def double(x):\n    """Twice."""\n    raise NotImplementedError\n', "utf-8"
    )
    (course / "exercise" / "README.md").write_text("# Double\n", "utf-8")
    (course / "course.toml").write_text(
        'format = "grade-course/1"\nlanguages = ["en"]\nseed = 1\n[title]\nen = "T"\n[[exercises]]\nid = "own"\n'
        'stem = "own"\nfolder = "exercise"\nchecks = "checks/test_own.py"\npoints = 1\n[exercises.title]\nen = "T"\n'
        "[exercises.functions]\ndouble = 1\n",
        "utf-8",
    )
    (course / "checks" / "test_own.py").write_text(
        "from grader.checking import check\n\n\n@check('double', points=1, title='It doubles')\n"
        "def test_double(student):\n    assert student.double(21) == 42\n",
        "utf-8",
    )
    folder = tmp_path / "in" / "alice"
    folder.mkdir(parents=True)
    (folder / "own.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")
    ended = batch(tmp_path, "--course", course, "--scheduler", cluster[0], "--format", "json")
    here = batch(tmp_path, "--course", course, "--regrade", "--format", "json")
    assert (ended.code, here.code) == (0, 0), (ended.err, here.err, ended.out)


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    ended = batch(tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    assert ended.code == 2
    assert len(ended.err.strip().splitlines()) == 1
    assert batch(tmp_path, "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2").code == 2
    wrong = batch(tmp_path, "--scheduler", "foo")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "tcp://" in wrong.err


def test_a_packed_course_is_the_same_for_the_same_files_and_refused_when_it_is_huge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.toml").write_text("x", "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("secret", "utf-8")
    packed = pack_course(tmp_path)
    (tmp_path / ".git" / "config").write_text("other", "utf-8")
    assert pack_course(tmp_path) == packed
    assert b"secret" not in packed
    monkeypatch.setattr("grader.batch.cluster.COURSE_BYTES", 0)
    with pytest.raises(UsageError):
        pack_course(tmp_path)
