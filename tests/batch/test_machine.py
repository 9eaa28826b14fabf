"""What a batch says on a machine that is not Linux, and how many cores it takes."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

import pytest

from grader.batch import holding
from grader.cli.app import run
from grader.errors import UsageError
from grader.workers.hiring import on_this_machine
from grader.workers.machine import cores
from tests.batch.cohorts import SOLUTION, fill_cohort


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_than_on_linux_a_batch_says_that_it_needs_it(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    with pytest.raises(UsageError, match="needs Linux"):
        on_this_machine()


def test_elsewhere_than_on_linux_a_dry_run_says_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    monkeypatch.setattr(sys, "platform", "darwin")
    words = ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--lang", "en"]
    assert run([*words, "--dry-run"]) == 0
    assert "to grade: 1" in capsys.readouterr().out
    assert run(words) == 2
    assert "needs Linux" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(["batch", str(tmp_path / "no"), *words[2:]]) == 2
    assert "There is no" in capsys.readouterr().err


@pytest.mark.parametrize(("counted", "size"), [(6, 6), (None, 1)])
def test_without_affinity_the_cores_are_those_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, counted: int | None, size: int
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert cores() == size


def test_with_affinity_the_cores_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3, 5}, raising=False)
    assert cores() == 2


def test_a_folder_is_held_where_there_are_no_such_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    for name in ("O_CLOEXEC", "pread", "pwrite"):
        monkeypatch.delattr(os, name, raising=False)
    with runpy.run_path(str(holding.__file__))["held_out"](tmp_path / "out"):
        assert (tmp_path / "out").is_dir()
