"""The workflows: their own steps, run with the variables and files that the platform sets, and what linters say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.ci.platform_server import Server
from tests.ci.repositories import FILES, RIGHT, WRONG, Repo
from tests.ci.runner import ROOT, Job, Runner, install_python, read_workflow, uncommented

WORKFLOWS: Final = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "docs" / "ci").glob("[!g]*.yml")]
_PINNED: Final = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # \S.*")
_EVIL: Final = "import pathlib\npathlib.Path('/tmp/owned-by-a-request').touch()\nraise SystemExit(0)\n"
_STRANGE: Final = '$(touch /tmp/owned-by-a-request)`id`";::set-output name=score::99\n::add-mask::4'

pytestmark = pytest.mark.slow


@dataclass
class Platform:
    """A course's repository with one request, and the machines that its workflows run on."""

    folder: Path
    origin: Repo
    server: Server

    def request(self, files: Mapping[str, str | None], *, fork: bool = False) -> tuple[str, str]:
        """A request that changes these files; its base and its head."""
        base = self.origin.git("rev-parse", "main")
        home = self.origin
        if fork:
            self.origin.git("clone", "--quiet", f"file://{self.origin.folder}", str(self.folder / "fork"))
            home = Repo(self.folder / "fork")
        home.git("checkout", "--quiet", "-b", "mine")
        head = home.commit(files)
        home.git("push", "--quiet", str(self.origin.folder), "HEAD:refs/pull/7/head")
        if not fork:
            home.git("checkout", "--quiet", "main")
        self.server.head = {"sha": head, "ref": "mine", "repo": {"full_name": "kim/course"}}
        return base, head

    def runner(self, name: str, event_name: str, event: dict[str, Any], facts: dict[str, str], sha: str) -> Runner:
        """A machine for one job."""
        file = self.folder / f"{name}.json"
        repository = {"default_branch": "main", "full_name": "course/repo"}
        file.write_text(json.dumps({"repository": repository, **event}), "utf-8")
        (self.folder / "store").mkdir(exist_ok=True)
        return Runner(
            self.folder / name,
            file,
            event_name,
            {"github.event.repository.default_branch": "main", "github.ref_name": "main", **facts},
            {"": self.origin.folder, "OWNER/COURSE-WITH-HIDDEN-CHECKS": self.folder / "hidden"},
            self.folder / "store",
            sha,
            {"GITHUB_API_URL": self.server.address},
        )

    def on_request(self, workflow: dict[str, Any], event_name: str, base: str, head: str, **more: str) -> Job | None:
        """Run a workflow for the request, whose branch and title are made to break scripts."""
        told = {"base": {"sha": base, "ref": "main"}, "head": {"sha": head, "ref": _STRANGE}, "title": _STRANGE}
        facts = {
            "github.event.pull_request.number": "7",
            "github.event.pull_request.head.sha": head,
            "github.event.pull_request.base.sha": base,
            "github.event.pull_request.base.ref": "main",
            **more,
        }
        sha = self.origin.git("rev-parse", "main")
        event = {"number": 7, "pull_request": {"number": 7, **told}}
        return self.runner(workflow["name"], event_name, event, facts, sha).run(workflow)

    def on_run(self, workflow: dict[str, Any], head: str) -> Job | None:
        """Run a workflow that follows another."""
        run = {"head_sha": head, "head_branch": "mine", "head_repository": {"full_name": "kim/course"}}
        facts = {
            "github.event.workflow_run.event": "pull_request",
            "github.event.workflow_run.conclusion": "success",
            "github.event.workflow_run.id": "1",
        }
        event = {"workflow_run": run}
        return self.runner(workflow["name"], "workflow_run", event, facts, self.origin.git("rev-parse", "main")).run(
            workflow
        )


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Platform:
    return Platform(tmp_path, Repo.new(tmp_path / "origin"), server)


def _outputs(job: Job | None) -> dict[str, str]:
    assert job is not None
    assert not any(job.ended.values()), job.log
    return job.outputs["grade"]


def _score(job: Job | None) -> tuple[str, str, str]:
    found = _outputs(job)
    return found["score"], found["max-score"], found["verdict"]


@pytest.mark.parametrize(
    ("submission", "score", "conclusion"),
    [(RIGHT, ("4", "4", "passed"), "success"), (WRONG, ("0", "4", "failed"), "failure")],
)
def test_a_pushed_branch_is_graded_and_told(
    platform: Platform, submission: str, score: tuple[str, str, str], conclusion: str
) -> None:
    files = {"exercises/double/double.py": submission, "venv/__main__.py": _EVIL, "pip.py": _EVIL, "grader.py": _EVIL}
    base, head = platform.request(files)
    job = platform.on_request(read_workflow("docs/ci/branches.yml"), "pull_request_target", base, head)
    assert _score(job) == score
    assert [(check["conclusion"], check["head_sha"]) for check in platform.server.checks] == [(conclusion, head)]
    assert len(platform.server.comments) == 1
    assert (platform.folder / "store" / "grader-reports.zip").is_file()
    assert not (platform.folder / "Grade" / "work" / "venv").exists()
    assert not Path("/tmp/owned-by-a-request").exists()  # noqa: S108 - where the request would put it
    assert job is not None
    assert "t0ken" not in job.log


def test_a_request_to_a_students_own_branch_is_not_graded_by_that_branch(platform: Platform) -> None:
    platform.origin.branch("easy")
    easy = platform.origin.commit({"checks/test_double.py": "def test_double(student):\n    pass\n"})
    platform.origin.git("checkout", "--quiet", "main")
    _base, head = platform.request({"exercises/double/double.py": WRONG})
    workflow = read_workflow("docs/ci/branches.yml")
    other = {"github.event.pull_request.base.ref": "easy", "github.event.pull_request.base.sha": easy}
    assert platform.on_request(workflow, "pull_request_target", easy, head, **other) is None
    # And where somebody takes the condition away, the course is still that of the workflow.
    del workflow["jobs"]["grade"]["if"]
    assert _score(platform.on_request(workflow, "pull_request_target", easy, head, **other)) == ("0", "4", "failed")


def test_the_two_jobs_for_forks_work_together(platform: Platform) -> None:
    evil = {"checks/test_double.py": "import os\nos._exit(0)\n", "venv.py": _EVIL, "grader/__init__.py": _EVIL}
    base, head = platform.request({"exercises/double/double.py": RIGHT, **evil}, fork=True)
    first = platform.on_request(read_workflow("docs/ci/forks-collect.yml"), "pull_request", base, head)
    assert first is not None
    assert not any(first.ended.values()), first.log
    second = platform.on_run(read_workflow("docs/ci/forks-grade.yml"), head)
    assert _score(second) == ("4", "4", "passed")
    assert second is not None
    plain = second.summary.replace("\\", "")
    assert "checks/test_double.py" in plain
    assert "grader/__init__.py" in plain
    assert len(platform.server.comments) == 1
    assert not Path("/tmp/owned-by-a-request").exists()  # noqa: S108 - where the request would put it


@pytest.mark.parametrize("name", ["docs/ci/branches.yml", "docs/ci/forks-grade.yml"])
def test_hidden_checks_come_from_a_private_repository(platform: Platform, name: str) -> None:
    hidden = {path: text.replace("== 42", "== 42 and student.double(1) == 2") for path, text in FILES.items()}
    Repo.new(platform.folder / "hidden", hidden)
    submission = {"exercises/double/double.py": "def double(x):\n    return 42\n"}
    fork = "forks" in name
    base, head = platform.request(submission, fork=fork)
    workflow = read_workflow(name, hidden=True)
    assert workflow["jobs"]["grade"]["environment"] == "grading"
    if fork:
        platform.on_request(read_workflow("docs/ci/forks-collect.yml"), "pull_request", base, head)
        job = platform.on_run(workflow, head)
    else:
        job = platform.on_request(workflow, "pull_request_target", base, head)
    assert _score(job) == ("0", "4", "failed")
    assert len(platform.server.comments) == 1


def test_this_repositorys_own_workflow_grades_an_exercise(platform: Platform) -> None:
    base, head = platform.request({"exercises/double/double.py": RIGHT, "action.yml": "runs: {}\n"})
    workflow = read_workflow(".github/workflows/exercises.yml")
    assert {"pull_request": {"paths": ["exercises/**"]}} in workflow.values()
    assert _score(platform.on_request(workflow, "pull_request", base, head)) == ("4", "4", "passed")
    assert platform.server.asked == []


def test_what_the_grader_could_not_do_is_published_and_fails_the_job(platform: Platform) -> None:
    broken = "from grader.checking import check\n\n\n@check('double', points=4, title='x')\ndef test_double(student):\n"
    platform.origin.commit({"checks/test_double.py": f"{broken}    1 / 0\n"})
    base, head = platform.request({"exercises/double/double.py": RIGHT})
    job = platform.on_request(read_workflow("docs/ci/branches.yml"), "pull_request_target", base, head)
    assert job is not None
    assert (job.ended["Grade"], job.ended["Publish"]) == (3, 0), job.log
    assert job.outputs["grade"] == {"score": "", "max-score": "4", "verdict": "ungraded"}
    assert platform.server.checks[0]["conclusion"] == "neutral"
    assert len(platform.server.comments) == 1


def test_nothing_is_published_where_nothing_can_be_graded(platform: Platform) -> None:
    base, _head = platform.request({"exercises/double/double.py": RIGHT})
    workflow = read_workflow("docs/ci/branches.yml")
    steps = workflow["jobs"]["grade"]["steps"]
    workflow["jobs"]["grade"]["steps"] = [step for step in steps if "Fetch" not in step.get("name", "")]
    job = platform.on_request(workflow, "pull_request_target", base, "c" * 40)
    assert job is not None
    assert job.ended["Grade"] == 2
    assert "Publish" not in job.ended
    assert platform.server.asked == []


def test_the_cache_is_filled_by_the_default_branch_and_only_read_for_requests(platform: Platform) -> None:
    workflow = read_workflow("docs/ci/cache.yml")
    main = platform.runner("cache", "push", {}, {}, platform.origin.git("rev-parse", "main"))
    elsewhere = platform.runner("other", "push", {}, {"github.ref_name": "mine"}, "")
    assert elsewhere.run(workflow) is None
    assert main.run(workflow) is not None
    (stored,) = (platform.folder / "store").iterdir()
    kept = {file.name: file.read_bytes() for file in stored.iterdir()}
    base, head = platform.request({"exercises/double/double.py": RIGHT})
    job = platform.on_request(read_workflow("docs/ci/branches.yml"), "pull_request_target", base, head)
    assert _score(job) == ("4", "4", "passed")
    told = (platform.folder / "Grade" / "bin" / "python.log").read_text("utf-8")
    assert " download " not in told
    # What the cache holds is checked against its hash like what comes from a network.
    assert "--no-index --find-links" in told
    assert "--require-hashes" in told
    assert {file.name: file.read_bytes() for file in stored.iterdir()} == kept
    assert [path for path in (platform.folder / "store").iterdir() if path.is_dir()] == [stored]


def test_user_namespaces_are_allowed_where_ubuntu_forbids_them(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (step,) = (step for step in action["runs"]["steps"] if "user namespaces" in step.get("name", ""))
    restricted = tmp_path / "apparmor_restrict_unprivileged_userns"
    sudo = tmp_path / "sudo"
    sudo.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path / "asked"}\n', "utf-8")
    sudo.chmod(0o755)
    script = step["run"].replace("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", str(restricted))
    for is_there in (False, True):
        if is_there:
            restricted.touch()
        path = f"{tmp_path}:{os.environ['PATH']}"
        subprocess.run(["/bin/bash", "-eo", "pipefail", "-c", script], check=True, env={"PATH": path})
        assert (tmp_path / "asked").exists() is is_there
    assert "apparmor_restrict_unprivileged_userns=0" in (tmp_path / "asked").read_text("utf-8")


@pytest.mark.parametrize("hidden", [False, True])
def test_gitlabs_scripts_grade(tmp_path: Path, *, hidden: bool) -> None:
    Repo.new(tmp_path / "private", {path: text.replace("== 42", "== 43") for path, text in FILES.items()})
    origin = Repo.new(tmp_path / "origin")
    old = origin.commit({"checks/test_double.py": "def test_double(student):\n    pass\n"})
    origin.commit({"checks/test_double.py": FILES["checks/test_double.py"]})
    repo = Repo(tmp_path / "builds")
    origin.git("clone", "--quiet", f"file://{origin.folder}", str(repo.folder))
    repo.git("checkout", "--quiet", "-b", "mine", old)
    (tmp_path / "elsewhere").mkdir()
    (repo.folder / "grader-reports").symlink_to(tmp_path / "elsewhere")
    head = repo.commit({"exercises/double/double.py": RIGHT, "venv.py": _EVIL, "pip.py": _EVIL})
    text = (ROOT / "docs" / "ci" / "gitlab-ci.yml").read_text("utf-8")
    job = yaml.safe_load(uncommented(text) if hidden else text)["grade"]
    install_python(tmp_path / "bin")
    git = tmp_path / "bin" / "git"
    # The grader's own repository is not fetched, the private one is a folder here.
    git.write_text(
        '#!/bin/bash\ncase "$*" in *grader-source*) exit;; *"https://course:s3cret@"*) '
        f'exec {_program("git")} clone --quiet "file://{tmp_path / "private"}" "{tmp_path}/opt/hidden";; esac\n'
        f'exec {_program("git")} "$@"\n',
        "utf-8",
    )
    git.chmod(0o755)
    script = "\n".join([*job["before_script"], *job["script"]]).replace("/opt/", f"{tmp_path}/opt/")
    variables = {
        "GITLAB_CI": "true",
        "CI_PROJECT_DIR": str(repo.folder),
        "CI_DEFAULT_BRANCH": "main",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        # The commit that the student began at, whose checks were easier.
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": old,
        "CI_COMMIT_SHA": head,
        "COURSE_TOKEN": "s3cret",
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    command = ["/bin/bash", "-eo", "pipefail", "-c", script]
    ended = subprocess.run(command, cwd=repo.folder, env=variables, capture_output=True, text=True, check=False)
    assert ended.returncode == (1 if hidden else 0), ended.stderr
    assert ended.returncode in {0, *job["allow_failure"]["exit_codes"]}
    for path in job["artifacts"]["reports"].values():
        assert (repo.folder / path).is_file()
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert "s3cret" not in ended.stdout
    report = json.loads((repo.folder / "grader-reports" / "report.json").read_text("utf-8"))
    assert [one["score"]["earned"] for one in report] == [0.0 if hidden else 4.0]
    assert "target" in str(job["rules"]).lower()


def _program(name: str) -> str:
    found = subprocess.run(["/bin/bash", "-c", f"command -v {name}"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def test_an_artifact_holds_what_was_collected_and_nothing_else(platform: Platform) -> None:
    base, head = platform.request({"exercises/double/double.py": RIGHT}, fork=True)
    platform.on_request(read_workflow("docs/ci/forks-collect.yml"), "pull_request", base, head)
    with zipfile.ZipFile(platform.folder / "store" / "collected.zip") as archive:
        assert archive.namelist() == ["collected.json"]


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_with_the_version_beside_it(file: Path) -> None:
    used = re.findall(r"uses: .*", file.read_text("utf-8"))
    assert used or file.name == "tests.yml"
    assert [line for line in used if not _PINNED.fullmatch(line) and not line.startswith("uses: ./ ")] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_rights_are_given_to_jobs_alone_and_no_step_that_grades_has_a_token(file: Path) -> None:
    for text in (file.read_text("utf-8"), uncommented(file.read_text("utf-8"))):
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}
        for job in workflow["jobs"].values():
            assert "permissions" in job
            for step in job["steps"]:
                if "GITHUB_TOKEN" in step.get("env", {}):
                    assert "--publish" in step["run"]


@pytest.fixture(scope="module")
def as_copied(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All workflows, those with lines for hidden checks also as they are once these are uncommented."""
    folder = tmp_path_factory.mktemp("workflows") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for file in WORKFLOWS:
        text = file.read_text("utf-8")
        (folder / file.name).write_text(text, "utf-8")
        if uncommented(text) != text:
            (folder / f"hidden-{file.name}").write_text(uncommented(text), "utf-8")
    found = sorted(map(str, folder.iterdir()))
    assert len(found) == len(WORKFLOWS) + 2
    return found


def test_zizmor_finds_nothing(as_copied: list[str]) -> None:
    program = Path(sys.executable).with_name("zizmor")
    command = [
        str(program),
        "--offline",
        "--no-progress",
        "--persona",
        "pedantic",
        *as_copied,
        str(ROOT / "action.yml"),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_actionlint_finds_nothing(as_copied: list[str]) -> None:
    programs = Path(sys.executable).parent
    shell = f"-shellcheck={programs / 'shellcheck'}"
    command = [str(programs / "actionlint"), shell, "-pyflakes=", "-no-color"]
    ended = subprocess.run([*command, *as_copied], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    # It does find what is wrong: an unknown context, and a script that its linter of shells knows.
    wrong = Path(as_copied[0]).with_name("wrong.yml")
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - run: echo ${{ nothing.here }}\n      - run: echo $UNQUOTED\n",
        "utf-8",
    )
    ended = subprocess.run([*command, str(wrong)], capture_output=True, text=True, check=False)
    wrong.unlink()
    assert "nothing" in ended.stdout
    assert "SC2086" in ended.stdout


def test_the_actions_own_scripts_are_clean() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    program = Path(sys.executable).with_name("shellcheck")
    for step in action["runs"]["steps"]:
        if "run" in step:
            ended = subprocess.run(
                [str(program), "--shell=bash", "-"], input=step["run"], capture_output=True, text=True, check=False
            )
            assert ended.returncode == 0, ended.stdout
