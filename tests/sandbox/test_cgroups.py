"""Cgroups, by the files that the kernel has for them: a folder of files stands in for the kernel's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.sandbox.cgroups import find_parent, new_cgroup

MOUNTS = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"


def tree(root: Path, *, own: str = "/user.slice/app.slice/grade.scope", mounts: str = MOUNTS) -> Path:
    """A machine whose process is in the cgroup `own`; the folder of that cgroup."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(f"0::{own}\n")
    (root / "proc/self/mounts").write_text(f"proc /proc proc rw 0 0\n{mounts}")
    here = root / "sys/fs/cgroup" / own.lstrip("/")
    here.mkdir(parents=True)
    for folder in (here, here.parent):
        (folder / "cgroup.subtree_control").write_text("")
        (folder / "cgroup.procs").write_text("")
    return here


def test_the_cgroup_above_ones_own_is_used_where_it_gives_its_children_limits(tmp_path: Path) -> None:
    here = tree(tmp_path)
    (here.parent / "cgroup.subtree_control").write_text("cpu memory pids\n")
    assert find_parent(tmp_path) == here.parent


@pytest.mark.parametrize("given", ["", "cpu pids", "memory"])
def test_a_cgroup_that_cannot_limit_memory_and_processes_is_not_used(tmp_path: Path, given: str) -> None:
    here = tree(tmp_path)
    (here.parent / "cgroup.subtree_control").write_text(f"{given}\n")
    assert find_parent(tmp_path) is None


@pytest.mark.parametrize("mounts", ["", "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n"])
def test_the_first_version_of_cgroups_is_not_used(tmp_path: Path, mounts: str) -> None:
    here = tree(tmp_path, mounts=mounts)
    (here.parent / "cgroup.subtree_control").write_text("memory pids\n")
    assert find_parent(tmp_path) is None


def test_nothing_above_the_tree_is_looked_at(tmp_path: Path) -> None:
    here = tree(tmp_path, own="/")
    (here.parent / "cgroup.subtree_control").write_text("memory pids\n")
    assert find_parent(tmp_path) is None


def test_a_machine_without_cgroups_has_no_parent(tmp_path: Path) -> None:
    assert find_parent(tmp_path) is None


def test_a_new_cgroup_has_its_limits_before_its_process(tmp_path: Path) -> None:
    group = new_cgroup(tmp_path, "grade-1", 42, memory_bytes=1000, threads=7)
    assert group is not None
    folder = tmp_path / "grade-1"
    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert written == {"memory.max": "1000", "pids.max": "7", "memory.swap.max": "0", "cgroup.procs": "42"}
    ages = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert max(ages, key=ages.__getitem__) == "cgroup.procs"


def test_a_cgroup_tells_why_something_in_it_was_killed(tmp_path: Path) -> None:
    group = new_cgroup(tmp_path, "grade-1", 42, memory_bytes=1000, threads=7)
    assert group is not None
    (tmp_path / "grade-1" / "memory.peak").write_text("900\n")
    (tmp_path / "grade-1" / "memory.events").write_text("low 0\nmax 12\noom 1\noom_kill 0\n")
    assert not group.ran_out_of_memory()
    assert group.peak_bytes() == 900
    (tmp_path / "grade-1" / "memory.events").write_text("low 0\nmax 12\noom 1\noom_kill 1\n")
    assert group.ran_out_of_memory()


def test_where_no_cgroup_can_be_made_there_is_none(tmp_path: Path) -> None:
    assert new_cgroup(tmp_path / "absent", "grade-1", 42, memory_bytes=1, threads=1) is None


def test_an_empty_cgroup_is_removed(tmp_path: Path) -> None:
    group = new_cgroup(tmp_path, "grade-1", 42, memory_bytes=1000, threads=7)
    assert group is not None
    for path in (tmp_path / "grade-1").iterdir():
        os.unlink(path)  # noqa: PTH108 - the kernel's own files go with the folder
    group.close()
    group.close()
    assert not (tmp_path / "grade-1").exists()
