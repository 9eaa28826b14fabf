"""The comment and the check, against a server on loopback that behaves as the platform's interface does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from grader.ci import Collected, Graded, Ignored, Kind, Origin, publish
from grader.ci.pages import COMMENT_BYTES, MARKER, comment
from grader.ci.publishing import Platform
from grader.course import Course, builtin_folder, read_course
from grader.errors import InternalError, UsageError
from grader.language import Translator
from grader.records import Verdict
from tests.ci.repositories import RIGHT, Repo, pull_request
from tests.cli.conftest import a_report

HEAD = "b" * 40
ENGLISH = Translator("en")


@dataclass
class Server:
    """What was asked, what is there, and how the next requests are to go wrong."""

    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    troubles: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    head: dict[str, Any] = field(
        default_factory=lambda: {"sha": HEAD, "ref": "mine", "repo": {"full_name": "kim/course"}}
    )
    page: int = 2


class _Handler(BaseHTTPRequestHandler):
    server_facts: ClassVar[Server]

    def do_GET(self) -> None:
        facts = self.server_facts
        if self._trouble("GET", None):
            return
        if "/pulls/" in self.path:
            self._answer(200, {"head": facts.head})
            return
        number = int(self.path.partition("page_number=")[2] or 1)
        part = facts.comments[(number - 1) * facts.page : number * facts.page]
        links = {}
        if number * facts.page < len(facts.comments):
            links = {"Link": f'<{facts.address}{self.path.partition("?")[0]}?page_number={number + 1}>; rel="next"'}
        self._answer(200, part, links)

    def do_POST(self) -> None:
        self._write("POST", 201)

    def do_PATCH(self) -> None:
        self._write("PATCH", 200)

    def _write(self, method: str, status: int) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._trouble(method, body):
            self._answer(status, {"html_url": f"https://example.com{self.path}"})

    def _trouble(self, method: str, body: Any) -> bool:
        self.server_facts.asked.append((method, self.path, body))
        assert self.headers["Authorization"] == "Bearer t0ken"
        if self.server_facts.troubles:
            self._answer(self.server_facts.troubles.pop(0)[0], {})
            return True
        return False

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing on the tests' own output."""


@pytest.fixture
def server() -> Iterator[Server]:
    facts = Server()
    handler = type("Handler", (_Handler,), {"server_facts": facts})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        facts.address = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield facts
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def course() -> Course:
    return read_course(builtin_folder())


def _platform(server: Server, waits: list[float] | None = None) -> Platform:
    return Platform(server.address, "course/repo", "t0ken", sleep=(waits if waits is not None else []).append)


def _graded(verdict: Verdict = Verdict.FAILED) -> Graded:
    ignored = (Ignored(path="checks/<script>.py", how="M", kind=Kind.COURSE),)
    collected = Collected(base="a" * 40, head=HEAD, number=7, submissions=(), ignored=ignored)
    return Graded(collected, (a_report("exercise-3", verdict),))


def test_one_comment_is_updated_and_never_repeated_wherever_it_stands(server: Server, course: Course) -> None:
    publish(_graded(), course, ENGLISH, _platform(server))
    written = [one for one in server.asked if one[0] == "POST" and one[1].endswith("/comments")]
    assert len(written) == 1
    body = written[0][2]["body"]
    assert body.startswith(MARKER)
    server.comments = [{"id": n, "body": "hello", "user": {"type": "User"}} for n in range(5)]
    server.comments.append({"id": 50, "body": body, "user": {"type": "User"}})  # somebody's copy
    server.comments.append({"id": 99, "body": body, "user": {"type": "Bot"}})
    server.asked.clear()
    publish(_graded(), course, ENGLISH, _platform(server))
    changed = [one for one in server.asked if one[0] == "PATCH"]
    assert [one[1] for one in changed] == ["/repos/course/repo/issues/comments/99"]
    assert not [one for one in server.asked if one[0] == "POST" and one[1].endswith("/comments")]


@pytest.mark.parametrize(
    ("verdict", "conclusion"), [(Verdict.PASSED, "success"), (Verdict.FAILED, "failure"), (Verdict.UNGRADED, "neutral")]
)
def test_the_check_says_how_it_went(server: Server, course: Course, verdict: Verdict, conclusion: str) -> None:
    publish(_graded(verdict), course, ENGLISH, _platform(server))
    (check,) = [one[2] for one in server.asked if one[1].endswith("/check-runs")]
    assert (check["conclusion"], check["head_sha"]) == (conclusion, HEAD)
    assert len(check["output"]["summary"]) <= 65_535


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_trouble_that_passes_is_waited_for(server: Server, course: Course, status: int) -> None:
    server.troubles = [(status, {})] * 3
    waits: list[float] = []
    assert len(publish(_graded(), course, ENGLISH, _platform(server, waits))) == 2
    assert len(waits) == 3


def test_trouble_that_stays_is_the_graders_failure_and_a_refusal_the_users(server: Server, course: Course) -> None:
    server.troubles = [(503, {})] * 20
    with pytest.raises(InternalError):
        publish(_graded(), course, ENGLISH, _platform(server))
    server.troubles = [(401, {})]
    with pytest.raises(UsageError, match="permissions"):
        publish(_graded(), course, ENGLISH, _platform(server))
    nobody = Platform("http://127.0.0.1:9", "course/repo", "t0ken", sleep=lambda _seconds: None)
    with pytest.raises(InternalError):
        publish(_graded(), course, ENGLISH, nobody)


def test_no_comment_is_written_to_a_request_of_another_head(server: Server, course: Course) -> None:
    server.head = {"sha": "c" * 40, "ref": "mine", "repo": {"full_name": "kim/course"}}
    with pytest.raises(UsageError, match="moved on"):
        publish(_graded(), course, ENGLISH, _platform(server))
    # The same commit in somebody else's request, whose comment a forged artifact names.
    server.head = {"sha": HEAD, "ref": "theirs", "repo": {"full_name": "lee/course"}}
    origin = Origin(head=HEAD, repository="kim/course", branch="mine")
    with pytest.raises(UsageError, match="moved on"):
        publish(_graded(), course, ENGLISH, _platform(server), origin)
    assert not [one for one in server.asked if one[0] == "PATCH" or one[1].endswith("/comments")]


def test_comments_are_escaped_and_keep_their_limit(course: Course) -> None:
    many = tuple(Ignored(path=f"checks/{n}-<b>@all.py", how="A", kind=Kind.COURSE) for n in range(3000))
    collected = Collected(base="a" * 40, head=HEAD, number=7, submissions=(), ignored=many)
    text = comment(Graded(collected, (a_report("exercise-3", Verdict.FAILED),) * 200), course, ENGLISH)
    assert len(text.encode()) <= COMMENT_BYTES
    assert "<b>" not in text
    assert "@all" not in text


@pytest.mark.slow
def test_the_command_publishes_what_a_step_before_it_has_graded(server: Server, tmp_path: Path) -> None:
    repo = Repo.new(tmp_path / "repo")
    base = repo.git("rev-parse", "HEAD")
    repo.branch()
    head = repo.commit({"exercises/double/double.py": RIGHT})
    event = pull_request(tmp_path, base=base, head=head)
    assert repo.grade("--reports", tmp_path / "reports", environment=event).code == 0
    server.head = {"sha": head}
    secret = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "course/repo", "GITHUB_API_URL": server.address}
    ended = repo.grade("--publish", tmp_path / "reports", environment=event | secret)
    assert ended.code == 0, ended.err
    assert "t0ken" not in ended.out + ended.err
    assert [one[0] for one in server.asked] == ["POST", "GET", "GET", "POST"]
    assert repo.grade("--publish", tmp_path / "reports", environment=event).code == 2
