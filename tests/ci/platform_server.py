"""A server on loopback that behaves as the platform's REST interface does: comments in pages, checks, requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final

TOKEN: Final = "t0ken"  # noqa: S105 - of a server on loopback
HEAD: Final = "b" * 40


@dataclass
class Server:
    """What was asked, what is there, and how the next requests are to go wrong.

    A trouble is a status, headers and whether the request is carried out all the same, as a gateway's failure may be.
    """

    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    troubles: list[tuple[int, dict[str, str], bool]] = field(default_factory=list)
    head: dict[str, Any] = field(
        default_factory=lambda: {"sha": HEAD, "ref": "mine", "repo": {"full_name": "kim/course"}}
    )
    page: int = 2
    vanishing: set[int] = field(default_factory=set)
    """comments that are deleted between being listed and being changed"""

    def said(self, method: str, end: str) -> list[Any]:
        """The bodies of requests with this method whose path ends so."""
        return [body for asked, path, body in self.asked if asked == method and path.partition("?")[0].endswith(end)]


class _Handler(BaseHTTPRequestHandler):
    facts: ClassVar[Server]

    def do_GET(self) -> None:
        if self._trouble("GET", None):
            return
        if "/pulls/" in self.path:
            self._answer(200, {"head": self.facts.head})
            return
        size = self.facts.page
        number = int(self.path.partition("page_number=")[2] or 1)
        part = self.facts.comments[(number - 1) * size : number * size]
        links = {}
        if number * size < len(self.facts.comments):
            here = f"{self.facts.address}{self.path.partition('?')[0]}"
            links = {"Link": f'<{here}?page_number=1>; rel="first", <{here}?page_number={number + 1}>; rel="next"'}
        self._answer(200, part, links)

    def do_POST(self) -> None:
        body = self._body()
        if self._trouble("POST", body):
            return
        self._answer(201, self._made(body))

    def do_PATCH(self) -> None:
        body = self._body()
        if self._trouble("PATCH", body):
            return
        number = int(self.path.rpartition("/")[2])
        if number in self.facts.vanishing:
            self.facts.comments = [one for one in self.facts.comments if one["id"] != number]
        for found in self.facts.comments:
            if found["id"] == number:
                found.update(body)
                self._answer(200, {"html_url": f"https://example.com/comments/{number}"})
                return
        self._answer(404, {"message": "Not Found"})

    def _made(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.path.endswith("/check-runs"):
            assert len(body["output"]["annotations"]) <= 50
            assert len(body["output"]["summary"]) <= 65_535
            self.facts.checks.append(body)
        else:
            assert len(body["body"]) <= 65_536
            number = 1000 + len(self.facts.comments)
            self.facts.comments.append({"id": number, "user": {"type": "Bot"}, **body})
        return {"html_url": f"https://example.com{self.path}"}

    def _body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return found

    def _trouble(self, method: str, body: Any) -> bool:
        self.facts.asked.append((method, self.path, body))
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        if not self.facts.troubles:
            return False
        status, headers, is_done = self.facts.troubles.pop(0)
        if status == 200:
            return False
        if is_done:
            self._made(body)
        self._answer(status, {"message": "You have exceeded a secondary rate limit" if status == 403 else ""}, headers)
        return True

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


@contextmanager
def running() -> Iterator[Server]:
    """A server that is there until the end of the block."""
    facts = Server()
    handler = type("Handler", (_Handler,), {"facts": facts})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        facts.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield facts
        finally:
            server.shutdown()
            thread.join()
