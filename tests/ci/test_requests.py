"""`grade ci` on real repositories: what is found, what is graded, and what has no effect."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.ci.repositories import FILES, RIGHT, WRONG, Repo, obeyed_lines, pull_request

pytestmark = pytest.mark.slow


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A course on `main`, and a branch `work` that is checked out."""
    made = Repo.new(tmp_path / "repo")
    made.branch()
    return made


def test_a_right_submission_earns_everything_and_the_platform_is_told(repo: Repo, tmp_path: Path) -> None:
    base = repo.git("rev-parse", "main")
    head = repo.commit({"exercises/double/double.py": RIGHT})
    ended = repo.grade(environment=pull_request(tmp_path, base=base, head=head))
    assert ended.code == 0, ended.err
    assert ended.score == ("4", "4", "passed")
    assert "double" in ended.summary
    assert "triple" not in ended.summary


def test_a_wrong_one_is_annotated_at_its_line_and_no_words_of_it_are_commands(repo: Repo) -> None:
    said = "\\n::set-output name=score::99\\n::add-mask::4"
    text = f'def double(x):\n    print("::error::forged")\n    raise ValueError("{said}")\n'
    repo.commit({"exercises/double/double.py": text})
    ended = repo.grade("--base", "main")
    assert (ended.code, ended.score) == (1, ("0", "4", "failed"))
    obeyed = obeyed_lines(ended.out)
    assert any(line.startswith("::error file=exercises/double/double.py,line=3,") for line in obeyed)
    assert all(re.match(r"::(error|warning|notice) ", line) for line in obeyed)
    assert "::stop-commands::" not in ended.err
    assert "forged" not in "\n".join(ended.outputs.values())


def test_reports_of_every_format_are_written(repo: Repo, tmp_path: Path) -> None:
    repo.commit(
        {"exercises/double/double.py": WRONG, "exercises/triple/triple.py": "def triple(x):\n    return 3 * x\n"}
    )
    assert repo.grade("--base", "main", "--reports", tmp_path / "reports").score == ("1", "5", "partial")
    folder = tmp_path / "reports"
    assert [report["exercise"] for report in json.loads((folder / "report.json").read_text("utf-8"))] == [
        "double",
        "triple",
    ]
    assert ET.parse(folder / "junit.xml").getroot().tag == "testsuites"  # noqa: S314 - our own
    assert json.loads((folder / "result.json").read_text("utf-8"))["max-score"] == 500
    issues = json.loads((folder / "code-quality.json").read_text("utf-8"))
    assert [issue["location"]["path"] for issue in issues] == ["exercises/double/double.py"]
    assert (folder / "comment.md").read_text("utf-8").startswith("<!-- grader")


def test_a_request_that_touches_no_exercise_ends_without_tensorflow(repo: Repo) -> None:
    repo.commit({"README.md": "# Better\n"})
    code = (
        "import sys\nfrom grader.cli.app import run\nended = run(['ci', '--base', 'main'])\n"
        "assert not {'tensorflow', 'keras', 'numpy', 'pytest'} & set(sys.modules), 'imported'\nsys.exit(ended)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=repo.folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "touches no submission" in ended.stdout
    told = repo.grade("--base", "main")
    assert (told.code, told.score) == (0, ("0", "0", "none"))


def test_all_grades_what_is_there_although_nothing_is_touched(repo: Repo) -> None:
    ended = repo.grade("--base", "main", "--all")
    assert (ended.code, ended.score) == (1, ("0", "5", "failed"))
    assert repo.grade("--base", "main", "--exercise", "triple").score == ("0", "1", "failed")


def test_changes_on_the_base_since_then_are_not_the_requests(repo: Repo) -> None:
    repo.commit({"exercises/double/double.py": RIGHT})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"exercises/triple/triple.py": "def triple(x):\n    return 0\n"})
    repo.git("checkout", "--quiet", "work")
    assert repo.grade("--base", "main").score == ("4", "4", "passed")


def test_a_merge_commit_is_graded_as_it_is(repo: Repo) -> None:
    repo.commit({"exercises/double/double.py": RIGHT})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README.md": "# Other\n"})
    repo.git("merge", "--quiet", "--no-edit", "work")
    assert repo.grade("--base", "HEAD^1").score == ("4", "4", "passed")


def test_a_shallow_clone_fetches_what_it_lacks(repo: Repo, tmp_path: Path) -> None:
    for number in range(60):
        repo.git("commit", "--quiet", "--allow-empty", "--message", str(number))
    base, head = repo.git("rev-parse", "main"), repo.commit({"exercises/double/double.py": RIGHT})
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.git(
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--branch",
        "work",
        f"file://{repo.folder}",
        str(tmp_path / "clones" / "one"),
    )
    shallow = Repo(tmp_path / "clones" / "one")
    ended = shallow.grade(environment=pull_request(tmp_path, base=base, head=head))
    assert ended.score == ("4", "4", "passed"), ended.err
    assert "too shallow" not in ended.summary


def test_a_clone_of_which_nothing_more_can_be_had_says_so(repo: Repo, tmp_path: Path) -> None:
    base, head = repo.git("rev-parse", "main"), repo.commit({"exercises/double/double.py": RIGHT})
    repo.git(
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--branch",
        "work",
        f"file://{repo.folder}",
        str(tmp_path / "clones" / "one"),
    )
    shallow = Repo(tmp_path / "clones" / "one")
    shallow.git("remote", "remove", "origin")
    ended = shallow.grade(environment=pull_request(tmp_path, base=base, head=head))
    assert ended.code == 2
    assert "fetch-depth: 0" in ended.err


def test_a_fork_is_read_as_data_in_one_job_and_graded_in_another(repo: Repo, tmp_path: Path) -> None:
    base = repo.git("rev-parse", "main")
    repo.git("clone", "--quiet", f"file://{repo.folder}", str(tmp_path / "forks" / "kim"))
    fork = Repo(tmp_path / "forks" / "kim")
    fork.branch("mine")
    head = fork.commit({"exercises/double/double.py": RIGHT, "checks/test_double.py": "import os\nos._exit(0)\n"})
    event = pull_request(tmp_path, base=base, head=head)
    assert fork.grade("--collect", tmp_path / "artifact", environment=event).code == 0
    repo.git("checkout", "--quiet", "main")
    run = {"workflow_run": {"head_sha": head, "head_branch": "mine", "head_repository": {"full_name": "kim/course"}}}
    (tmp_path / "event.json").write_text(json.dumps(run), "utf-8")
    trusted = repo.grade("--from", tmp_path / "artifact", "--course", ".", environment=event)
    assert trusted.score == ("4", "4", "passed"), trusted.err
    assert "checks/test\\_double.py" in trusted.summary or "test_double.py" in trusted.summary
    run["workflow_run"]["head_sha"] = base
    (tmp_path / "event.json").write_text(json.dumps(run), "utf-8")
    assert repo.grade("--from", tmp_path / "artifact", "--course", ".", environment=event).code == 2


def test_a_renamed_and_a_deleted_submission_are_told(repo: Repo) -> None:
    repo.git("mv", "exercises/double/double.py", "exercises/double/mine.py")
    repo.commit({})
    ended = repo.grade("--base", "main")
    assert (ended.code, ended.score) == (1, ("0", "4", "failed"))
    assert "renames it to exercises/double/mine.py" in ended.summary
    repo.commit({"exercises/double/mine.py": None})
    ended = repo.grade("--base", "main")
    assert (ended.code, ended.score) == (1, ("0", "4", "failed"))
    assert "deletes" in ended.summary
    assert re.search(r"^::error title=double[^\n]*The request deletes it\.$", ended.out, re.MULTILINE)


def test_what_cannot_be_read_is_told_with_its_path_in_the_repository(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"exercises/double/double.ipynb": "{", "exercises/triple/triple.py": None})
    ended = repo.grade("--base", "main", "--reports", tmp_path / "reports")
    assert (ended.code, ended.score) == (1, ("0", "5", "failed"))
    assert "grade-ci-" not in ended.summary + ended.out
    issues = json.loads((tmp_path / "reports" / "code-quality.json").read_text("utf-8"))
    assert "exercises/triple/triple.py" in [issue["location"]["path"] for issue in issues]


def test_a_module_beside_the_submission_comes_along(repo: Repo) -> None:
    repo.commit({"exercises/double/double.py": "from helping import double\n", "exercises/double/helping.py": RIGHT})
    assert repo.grade("--base", "main").score == ("4", "4", "passed")


def test_a_symlink_a_submodule_and_a_pointer_are_refused_with_their_reason(repo: Repo, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text(RIGHT, "utf-8")
    file = repo.folder / "exercises" / "double" / "double.py"
    file.unlink()
    file.symlink_to(secret)
    repo.commit({})
    linked = repo.grade("--base", "main")
    assert linked.score == ("0", "4", "failed")
    assert "symbolic link" in linked.summary
    file.unlink()
    repo.commit({"exercises/double/double.py": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    assert "LFS" in repo.grade("--base", "main").summary
    commit = repo.git("rev-parse", "HEAD")
    repo.git("rm", "-r", "--quiet", "--cached", "exercises/double")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},exercises/double")
    repo.git("commit", "--quiet", "--message", "Submodule")
    ended = repo.grade("--base", "main")
    assert ended.score == ("0", "4", "failed"), ended.err
    assert "submodule" in ended.summary


def test_a_head_that_moved_is_graded_as_it_was_asked_for(repo: Repo, tmp_path: Path) -> None:
    base, head = repo.git("rev-parse", "main"), repo.commit({"exercises/double/double.py": WRONG})
    repo.commit({"exercises/double/double.py": RIGHT})
    assert repo.grade(environment=pull_request(tmp_path, base=base, head=head)).score == ("0", "4", "failed")


def test_five_thousand_files_are_no_trouble(repo: Repo) -> None:
    repo.commit({f"data/{number}.py": "x = 1\n" for number in range(5000)} | {"exercises/double/double.py": RIGHT})
    ended = repo.grade("--base", "main")
    assert ended.score == ("4", "4", "passed")
    assert len(ended.summary) < 20_000


def test_hidden_checks_may_come_from_another_place(repo: Repo, tmp_path: Path) -> None:
    private = tmp_path / "private"
    for name, text in FILES.items():
        file = private / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("== 42", "== 42 and student.double(1) == 2"), "utf-8")
    repo.commit({"exercises/double/double.py": "def double(x):\n    return 42\n"})
    assert repo.grade("--base", "main").score == ("4", "4", "passed")
    assert repo.grade("--base", "main", "--course", private).score == ("0", "4", "failed")


def test_gitlab_is_understood(repo: Repo, tmp_path: Path) -> None:
    old, head = repo.git("rev-parse", "main"), repo.commit({"exercises/double/double.py": RIGHT})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"checks/test_double.py": FILES["checks/test_double.py"].replace("== 42", "== 41")})
    repo.git("clone", "--quiet", f"file://{repo.folder}", str(tmp_path / "builds" / "one"))
    clone = Repo(tmp_path / "builds" / "one")
    clone.git("fetch", "--quiet", "origin", head)
    clone.git("checkout", "--quiet", head)
    variables = {
        "GITLAB_CI": "true",
        "GITHUB_ACTIONS": "",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": old,
        "CI_COMMIT_SHA": head,
        "CI_MERGE_REQUEST_IID": "3",
    }
    ended = clone.grade("--reports", tmp_path / "reports", environment=variables)
    # The checks are those of the branch as it is, not those of the commit that the student chose to begin at.
    assert ended.code == 1, ended.err
    assert "::" not in ended.out
    (issue,) = json.loads((tmp_path / "reports" / "code-quality.json").read_text("utf-8"))
    assert issue["location"] == {"path": "exercises/double/double.py", "lines": {"begin": 1}}
    repo.commit({"checks/test_double.py": FILES["checks/test_double.py"]})
    assert clone.grade("--reports", tmp_path / "reports", environment=variables).code == 0
    assert (tmp_path / "reports" / "code-quality.json").read_text("utf-8").strip() == "[]"


def test_what_cannot_be_used_is_one_line(repo: Repo, tmp_path: Path) -> None:
    for arguments in ([], ["--base", "nothing"], ["--base", "--output=x"], ["--base", "main", "--exercise", "nine"]):
        ended = repo.grade(*arguments)
        assert ended.code == 2, arguments
        assert len(ended.err.strip().splitlines()) == 1
    (tmp_path / "empty").mkdir()
    assert Repo(tmp_path / "empty").grade("--base", "main").code == 2
