"""The comment and the check, against a server on loopback that behaves as the platform's interface does."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path

import msgspec
import pytest

from grader.ci import Collected, Graded, Ignored, Kind, Origin
from grader.ci.pages import COMMENT_BYTES, MARKER, SUMMARY_BYTES, comment, summary
from grader.ci.platform import Platform
from grader.ci.publishing import publish
from grader.ci.records import Notice
from grader.errors import InternalError, UsageError
from grader.language import Translator
from grader.records import Location, Outcome, Report, Verdict
from tests.ci.platform_server import HEAD, TOKEN, Server
from tests.ci.repositories import RIGHT, Repo, pull_request
from tests.cli.conftest import a_report

ENGLISH = Translator("en")
NOW = 1_800_000_000.0
EXERCISE = "exercise-3"


def _platform(server: Server, waits: list[float] | None = None) -> Platform:
    sleep = (waits if waits is not None else []).append
    return Platform(server.address, "course/repo", TOKEN, sleep=sleep, now=lambda: NOW)


def _graded(verdict: Verdict = Verdict.FAILED, report: Report | None = None) -> Graded:
    ignored = (Ignored(path="checks/<script>.py", how="M", kind=Kind.COURSE),)
    collected = Collected(base="a" * 40, head=HEAD, number=7, submissions=(), ignored=ignored)
    return Graded(collected, (report or a_report(EXERCISE, verdict),), {EXERCISE: 10.0})


def _nothing(*, ignored: tuple[Ignored, ...] = ()) -> Graded:
    return Graded(Collected(base="a" * 40, head=HEAD, number=7, submissions=(), ignored=ignored), (), {})


def test_one_comment_is_updated_and_never_repeated_wherever_it_stands(server: Server) -> None:
    publish(_graded(), ENGLISH, _platform(server))
    (written,) = server.comments
    assert written["body"].startswith(MARKER)
    server.comments = [{"id": n, "body": "hello", "user": {"type": "User"}} for n in range(5)]
    server.comments.append({"id": 50, "body": written["body"], "user": {"type": "User"}})  # somebody's copy
    server.comments.append({"id": 51, "body": None, "user": None})
    server.comments.append({"id": 99, "body": f"{MARKER}\nold", "user": {"type": "Bot"}})
    before = [dict(one) for one in server.comments]
    publish(_graded(), ENGLISH, _platform(server))
    assert server.comments[:-1] == before[:-1]
    assert server.comments[-1]["body"] == written["body"]


def test_a_comment_that_was_deleted_meanwhile_is_written_anew(server: Server) -> None:
    server.comments = [{"id": 99, "body": f"{MARKER}\nold", "user": {"type": "Bot"}}]
    server.vanishing = {99}
    publish(_graded(), ENGLISH, _platform(server))
    assert [one["id"] for one in server.comments] == [1000]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_comment_whose_answer_was_lost_is_not_written_twice(server: Server, status: int) -> None:
    # The check, the request and the list go well; then the comment is written and a gateway says that it was not.
    server.troubles = [*[(200, {}, False)] * 3, (status, {}, True)]
    publish(_graded(), ENGLISH, _platform(server))
    assert len(server.comments) == 1


def test_a_request_without_submissions_gets_no_comment_but_an_old_one_is_updated(server: Server) -> None:
    publish(_nothing(), ENGLISH, _platform(server))
    assert server.comments == []
    assert [check["conclusion"] for check in server.checks] == ["skipped"]
    server.comments = [{"id": 99, "body": f"{MARKER}\n4 of 4 points", "user": {"type": "Bot"}}]
    publish(_nothing(), ENGLISH, _platform(server))
    assert "touches no submission" in server.comments[0]["body"]
    server.comments = []
    tampered = (Ignored(path="checks/test_double.py", how="M", kind=Kind.COURSE),)
    publish(_nothing(ignored=tampered), ENGLISH, _platform(server))
    assert "no effect" in server.comments[0]["body"]


@pytest.mark.parametrize(
    ("verdict", "conclusion"), [(Verdict.PASSED, "success"), (Verdict.FAILED, "failure"), (Verdict.UNGRADED, "neutral")]
)
def test_the_check_says_how_it_went(server: Server, verdict: Verdict, conclusion: str) -> None:
    publish(_graded(verdict), ENGLISH, _platform(server))
    (check,) = server.checks
    assert (check["conclusion"], check["head_sha"], check["status"]) == (conclusion, HEAD, "completed")
    assert ("/ 10" in check["output"]["title"]) is (verdict is not Verdict.UNGRADED)


def test_remarks_stand_at_the_line_of_the_file_that_is_meant(server: Server) -> None:
    report = a_report(EXERCISE, Verdict.FAILED)
    check = msgspec.structs.replace(
        report.checks[0], outcome=Outcome.FAILED, location=Location(file="helping.py", line=3, cell=None)
    )
    facts = msgspec.structs.replace(report.submission, path="exercises/exercise-3/exercise_3.py")
    many = msgspec.structs.replace(report, checks=(check,) * 80, submission=facts)
    publish(_graded(report=many), ENGLISH, _platform(server))
    remarks = server.checks[0]["output"]["annotations"]
    assert len(remarks) == 50
    assert {(remark["path"], remark["start_line"]) for remark in remarks} == {("exercises/exercise-3/helping.py", 3)}


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_trouble_that_passes_is_waited_for(server: Server, status: int) -> None:
    server.troubles = [(status, {}, False)] * 3
    waits: list[float] = []
    assert len(publish(_graded(), ENGLISH, _platform(server, waits))) == 2
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "75"}, 75.0),
        (503, {"Retry-After": "75"}, 75.0),
        (403, {"Retry-After": formatdate(NOW + 90, usegmt=True)}, 90.0),
        (403, {"Retry-After": "soon"}, 60.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 40)}, 41.0),
        (403, {}, 60.0),
        (500, {}, 1.0),
    ],
)
def test_as_long_is_waited_as_the_platform_asks_for(
    server: Server, status: int, headers: dict[str, str], wait: float
) -> None:
    server.troubles = [(status, headers, False)]
    waits: list[float] = []
    publish(_graded(), ENGLISH, _platform(server, waits))
    assert waits == [wait]


def test_more_patience_than_a_job_has_is_not_asked_for(server: Server) -> None:
    server.troubles = [(429, {"Retry-After": "3600"}, False)]
    waits: list[float] = []
    with pytest.raises(InternalError):
        publish(_graded(), ENGLISH, _platform(server, waits))
    assert waits == []


def test_trouble_that_stays_is_the_graders_failure_and_a_refusal_the_users(server: Server) -> None:
    server.troubles = [(503, {}, False)] * 20
    with pytest.raises(InternalError):
        publish(_graded(), ENGLISH, _platform(server))
    for status, words in ((401, "permissions"), (422, "permissions"), (404, "no such repository")):
        server.troubles = [(status, {}, False)]
        with pytest.raises(UsageError, match=words):
            publish(_graded(), ENGLISH, _platform(server))
    nobody = Platform("http://127.0.0.1:9", "course/repo", TOKEN, sleep=lambda _seconds: None)
    with pytest.raises(InternalError):
        publish(_graded(), ENGLISH, nobody)


def test_no_comment_is_written_to_a_request_of_another_head(server: Server) -> None:
    server.head = {"sha": "c" * 40, "ref": "mine", "repo": {"full_name": "kim/course"}}
    told = publish(_graded(), ENGLISH, _platform(server))
    assert "moved on" in ENGLISH.render(told[-1])
    # The same commit in somebody else's request, whose number a forged artifact names.
    server.head = {"sha": HEAD, "ref": "theirs", "repo": {"full_name": "lee/course"}}
    origin = Origin(head=HEAD, repository="kim/course", branch="mine")
    with pytest.raises(UsageError, match="not the one"):
        publish(_graded(), ENGLISH, _platform(server), origin)
    server.head = {"sha": HEAD, "ref": "mine", "repo": None}  # a fork that was deleted
    with pytest.raises(UsageError, match="not the one"):
        publish(_graded(), ENGLISH, _platform(server), origin)
    assert server.comments == []


def test_pages_that_lead_elsewhere_or_nowhere_are_not_followed(server: Server) -> None:
    server.comments = [{"id": n, "body": "hello", "user": {"type": "User"}} for n in range(500)]
    publish(_graded(), ENGLISH, _platform(server))
    assert len(server.said("GET", "/comments")) == 100


def test_comments_and_summaries_are_escaped_and_keep_their_limits() -> None:
    many = tuple(Ignored(path=f"checks/{n}-<b>@all.py", how="A", kind=Kind.COURSE) for n in range(3000))
    collected = Collected(base="a" * 40, head=HEAD, number=7, submissions=(), ignored=many, notices=tuple(Notice) * 3)
    report = a_report(EXERCISE, Verdict.FAILED)
    loud = msgspec.structs.replace(report.checks[0], outcome=Outcome.FAILED, message="<b>@all 한국어 " * 90)
    graded = Graded(collected, (msgspec.structs.replace(report, checks=(loud,)),) * 1500, {})
    for text, limit in ((comment(graded, ENGLISH), COMMENT_BYTES), (summary(graded, ENGLISH), SUMMARY_BYTES)):
        assert limit * 0.9 < len(text.encode()) <= limit
        assert "<b>" not in text
        assert "@all" not in text
        assert "left out here" in text


def test_a_long_list_of_changes_is_folded_and_a_short_one_is_not() -> None:
    for count, is_folded in ((2, False), (30, True)):
        changes = tuple(Ignored(path=f"checks/{n}.py", how="M", kind=Kind.COURSE) for n in range(count))
        text = summary(_nothing(ignored=changes), ENGLISH)
        assert text.count("- checks/") == count
        assert ("<details>" in text and "</details>" in text) is is_folded


@pytest.mark.slow
def test_the_command_publishes_what_a_step_before_it_has_graded(server: Server, tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo")
    base = repo.git("rev-parse", "HEAD")
    repo.branch()
    head = repo.commit({"exercises/double/double.py": RIGHT})
    event = pull_request(tmp_path, base=base, head=head)
    assert repo.grade("--reports", tmp_path / "reports", environment=event).code == 0
    server.head = {"sha": head}
    secret = {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "course/repo", "GITHUB_API_URL": server.address}
    ended = repo.grade("--publish", tmp_path / "reports", environment=event | secret)
    assert ended.code == 0, ended.err
    assert TOKEN not in ended.out + ended.err
    assert [one[0] for one in server.asked] == ["POST", "GET", "GET", "POST"]
    assert repo.grade("--publish", tmp_path / "reports", environment=event).code == 2
