"""What is read of a repository, however it was cloned, rewritten or grown: collected only, nothing is graded here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from grader.ci import Collected, Kind, find_request, read_collected
from grader.ci.changes import Change, candidates, ignored, joined, touched
from grader.ci.records import Notice, Refusal
from grader.course import builtin_folder, read_course
from grader.errors import UsageError
from tests.ci.repositories import FILES, RIGHT, WRONG, Repo, pull_request

SUBMISSION = "exercises/double/double.py"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A course on `main`, and a branch `work` that is checked out."""
    made = Repo.new(tmp_path / "repo")
    made.branch()
    return made


def _collect(repo: Repo, *arguments: str, environment: dict[str, str] | None = None) -> Collected:
    folder = repo.folder.parent / "collected"
    ended = repo.grade(*arguments, "--collect", folder, environment=environment or {})
    assert ended.code == 0, ended.err
    return read_collected(folder / "collected.json")


def _clone(repo: Repo, folder: Path, *options: str) -> Repo:
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.git("clone", "--quiet", *options, f"file://{repo.folder}", str(folder / "clone"))
    return Repo(folder / "clone")


@pytest.mark.slow
@pytest.mark.parametrize("depth", ["1", "2"])
@pytest.mark.parametrize("is_merge", [True, False])
def test_shallow_clones_of_a_head_or_a_merge(repo: Repo, tmp_path: Path, depth: str, *, is_merge: bool) -> None:
    head = repo.commit({SUBMISSION: RIGHT})
    repo.git("checkout", "--quiet", "main")
    for number in range(5):
        repo.commit({"exercises/triple/triple.py": f"# {number}\n"})
    base = repo.git("rev-parse", "main")
    repo.git("checkout", "--quiet", "-b", "merged")
    repo.git("merge", "--quiet", "--no-edit", "work")
    clone = _clone(repo, tmp_path, "--depth", depth, "--branch", "merged" if is_merge else "work")
    found = _collect(clone, environment=pull_request(tmp_path, base=base, head=head))
    assert [submission.exercise for submission in found.submissions] == ["double"]
    assert (found.base, found.head, found.notices) == (base, head, ())


@pytest.mark.slow
def test_an_unrelated_history_is_compared_as_a_whole_and_told(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--orphan", "alone")
    repo.commit({SUBMISSION: RIGHT, "checks/test_double.py": ""})
    found = _collect(repo, "--base", "main")
    assert [submission.exercise for submission in found.submissions] == ["double"]
    assert [change.path for change in found.ignored] == ["checks/test_double.py"]
    assert found.notices == (Notice.UNRELATED,)


@pytest.mark.slow
def test_a_base_that_was_pushed_by_force_is_still_the_base(repo: Repo, tmp_path: Path) -> None:
    old, head = repo.git("rev-parse", "main"), repo.commit({SUBMISSION: RIGHT})
    repo.git("checkout", "--quiet", "main")
    repo.git("commit", "--quiet", "--amend", "--message", "Again")
    repo.git("checkout", "--quiet", "work")
    clone = _clone(repo, tmp_path, "--single-branch", "--branch", "main")
    found = _collect(clone, environment=pull_request(tmp_path, base=old, head=head))
    assert (found.base, [one.exercise for one in found.submissions]) == (old, ["double"])


@pytest.mark.slow
def test_names_of_every_kind_are_read(repo: Repo) -> None:
    names = ["a\nb.py", '"quoted".py', "-rf.py", "tab\there.py", "확인.py", "\x1b[31m.py", "a b.py", "%0A.py"]
    repo.commit({SUBMISSION: RIGHT} | {f"exercises/double/{name}": "x = 1\n" for name in names})
    raw = repo.folder / "exercises" / "double"
    with open(bytes(raw) + b"/\xff.py", "w") as stream:  # noqa: PTH123 - no text is its name
        stream.write("x = 1\n")
    repo.commit({"checks/\x07::error::.py": "x = 1\n"})
    (found,) = _collect(repo, "--base", "main").submissions
    assert set(found.files) == {"double.py", "-rf.py", "확인.py", "a b.py", "%0A.py"}
    assert [change.path for change in _collect(repo, "--base", "main").ignored] == ["checks/\\x07::error::.py"]


@pytest.mark.slow
def test_names_that_differ_in_case_alone_are_two_files(repo: Repo) -> None:
    repo.commit({SUBMISSION: WRONG, "exercises/double/Double.py": RIGHT, "Exercises/double/double.py": RIGHT})
    (found,) = _collect(repo, "--base", "main").submissions
    assert found.files["double.py"] == WRONG.encode()


@pytest.mark.slow
@pytest.mark.parametrize("place", ["exercises", "exercises/double", SUBMISSION])
def test_a_link_in_the_place_of_a_submission_or_above_it_is_refused(repo: Repo, place: str) -> None:
    repo.git("rm", "-r", "--quiet", place)
    link = repo.folder / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to("/etc")
    repo.commit({})
    found = {one.exercise: one for one in _collect(repo, "--base", "main").submissions}["double"]
    assert (found.refusal, found.files) == (Refusal.LINK, {})


@pytest.mark.slow
def test_a_module_and_a_notebook_of_one_exercise_are_told(repo: Repo) -> None:
    book = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []})
    repo.commit({SUBMISSION: RIGHT, "exercises/double/double.ipynb": book})
    found = _collect(repo, "--base", "main")
    assert found.notices == (Notice.TWO_FILES,)
    assert found.submissions[0].path == SUBMISSION
    repo.git("checkout", "--quiet", "main")
    repo.git("checkout", "--quiet", "-b", "book")
    repo.commit({"exercises/double/double.ipynb": book})
    found = _collect(repo, "--base", "main")
    assert (found.notices, found.submissions[0].path) == ((), "exercises/double/double.ipynb")


@pytest.mark.slow
def test_more_modules_than_are_read_are_told(repo: Repo) -> None:
    repo.commit({SUBMISSION: RIGHT} | {f"exercises/double/m{number:02}.py": "" for number in range(51)})
    found = _collect(repo, "--base", "main")
    assert found.notices == (Notice.MANY_MODULES,)
    assert len(found.submissions[0].files) == 51
    repo.commit({"exercises/double/m00.py": None})
    assert _collect(repo, "--base", "main").notices == ()


@pytest.mark.slow
def test_a_tree_that_contains_itself_over_and_over_is_refused_soon(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "README.md")
    tree = _tree(repo, [f"100644 blob {blob}\t{number}" for number in range(10)])
    for _level in range(9):
        tree = _tree(repo, [f"040000 tree {tree}\t{number}" for number in range(10)])
    head = repo.git("commit-tree", tree, "-p", "main", "-m", "Bomb")
    ended = repo.grade("--base", "main", "--head", head, "--collect", repo.folder.parent / "collected")
    assert ended.code == 2
    assert "too many files" in ended.err


def _tree(repo: Repo, lines: list[str]) -> str:
    ended = subprocess.run(
        ["/usr/bin/env", "git", "mktree"],
        cwd=repo.folder,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()


@pytest.mark.slow
def test_a_course_in_a_folder_and_a_folder_without_one(tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo", {f"courses/one/{path}": text for path, text in FILES.items()})
    repo.branch()
    repo.commit({f"courses/one/{SUBMISSION}": RIGHT, "courses/one/checks/test_double.py": "", "solutions/x": ""})
    found = _collect(repo, "--base", "main", "--root", "./courses/one/")
    assert [one.path for one in found.submissions] == [f"courses/one/{SUBMISSION}"]
    assert [(one.path, one.kind) for one in found.ignored] == [
        ("courses/one/checks/test_double.py", Kind.COURSE),
        ("solutions/x", Kind.OTHER),
    ]
    for root, words in (("courses/two", "no course"), ("../x", "no folder"), ("/etc", "no folder")):
        ended = repo.grade("--base", "main", "--root", root)
        assert (ended.code, words in ended.err) == (2, True), ended.err


@pytest.mark.slow
def test_a_course_with_pointers_of_lfs_is_told(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "main")
    repo.commit({"checks/images.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit({SUBMISSION: RIGHT})
    assert _collect(repo, "--base", "main").notices == (Notice.COURSE_POINTERS,)


@pytest.mark.slow
def test_what_was_pushed_is_compared_with_the_default_branch(repo: Repo, tmp_path: Path) -> None:
    main = repo.git("rev-parse", "main")
    easy = repo.commit({"checks/test_double.py": "def test_double(student):\n    pass\n"})
    head = repo.commit({SUBMISSION: WRONG})
    clone = _clone(repo, tmp_path, "--depth", "1", "--branch", "work")
    event = tmp_path / "event.json"
    pushed = {"before": easy, "after": head, "ref": "refs/heads/work", "repository": {"default_branch": "main"}}
    event.write_text(json.dumps(pushed), "utf-8")
    variables = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event)}
    found = _collect(clone, environment=variables)
    assert (found.base, found.head) == (main, head)
    assert [one.path for one in found.ignored] == ["checks/test_double.py"]
    gitlab = {
        "GITHUB_ACTIONS": "",
        "GITLAB_CI": "true",
        "CI_COMMIT_BRANCH": "work",
        "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_BEFORE_SHA": easy,
        "CI_COMMIT_SHA": head,
    }
    assert _collect(clone, environment=gitlab).base == main


def _event(tmp_path: Path, name: str, told: object) -> dict[str, str]:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(told), "utf-8")
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file), "GITHUB_SHA": "f" * 40}


def test_the_base_is_never_one_that_a_student_may_write(tmp_path: Path) -> None:
    request = {"pull_request": {"number": 7, "base": {"sha": "a" * 40}, "head": {"sha": "b" * 40}}}
    found = find_request(_event(tmp_path, "pull_request_target", request), base=None, head=None)
    assert (found.base, found.head, found.number) == ("f" * 40, "b" * 40, 7)
    assert find_request(_event(tmp_path, "pull_request", request), base=None, head=None).base == "a" * 40
    group = {"merge_group": {"base_sha": "c" * 40, "head_sha": "d" * 40}}
    assert find_request(_event(tmp_path, "merge_group", group), base=None, head=None).base == "c" * 40
    home = {"repository": {"default_branch": "main"}}
    on_main = {"before": "a" * 40, "after": "b" * 40, "ref": "refs/heads/main", **home}
    assert find_request(_event(tmp_path, "push", on_main), base=None, head=None).base == "a" * 40
    for ref in ("refs/heads/work", "refs/heads/main/work", "refs/tags/main"):
        pushed = {"before": "a" * 40, "after": "b" * 40, "ref": ref, **home}
        found = find_request(_event(tmp_path, "push", pushed), base=None, head=None)
        assert found.base == "refs/remotes/origin/main"
    merge = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "a"}
    assert find_request(merge, base=None, head=None).base == "refs/remotes/origin/main"
    first = {"before": "0" * 40, "after": "b" * 40, "ref": "refs/heads/main", **home}
    with pytest.raises(UsageError):
        find_request(_event(tmp_path, "push", first), base=None, head=None)
    strange: tuple[object, ...] = ([], "x", {"pull_request": 3}, {"pull_request": {"base": []}})
    for broken in strange:
        with pytest.raises(UsageError):
            find_request(_event(tmp_path, "pull_request", broken), base=None, head=None)


def test_a_renamed_file_is_named_by_both_of_its_names() -> None:
    changes = [Change("R", "notes.txt", "checks/test_double.py"), Change("R", "course.toml", "old.toml")]
    found = ignored(changes, [], None, "")
    assert [(one.path, one.how, one.kind) for one in found] == [
        ("checks/test_double.py", "D", Kind.COURSE),
        ("course.toml", "A", Kind.COURSE),
        ("notes.txt", "A", Kind.OTHER),
        ("old.toml", "D", Kind.OTHER),
    ]


@pytest.mark.parametrize("prefix", ["", "course", "courses/one"])
def test_a_module_in_a_folder_of_many_exercises_is_of_one_wherever_the_course_begins(prefix: str) -> None:
    course = read_course(builtin_folder())
    added = joined(prefix, "exercises/exercise_1.py")
    found = [
        exercise.id
        for exercise in course.exercises
        if touched([Change("A", added)], candidates(exercise, course, prefix), prefix)
    ]
    assert found == ["exercise-1"]


@pytest.mark.parametrize("prefix", ["", "course"])
def test_a_module_beside_a_submission_counts_for_it_wherever_the_course_begins(prefix: str) -> None:
    path = joined(prefix, "exercises/double/double.py")
    assert touched([Change("A", joined(prefix, "exercises/double/helper.py"))], [path], prefix) == [path]


@pytest.mark.slow
def test_files_with_the_names_of_commits_confuse_nobody(repo: Repo) -> None:
    base = repo.git("rev-parse", "main")
    repo.commit({SUBMISSION: RIGHT, base: "not the base\n"})
    assert [submission.exercise for submission in _collect(repo, "--base", base).submissions] == ["double"]
