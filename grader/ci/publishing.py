"""Showing a graded request on GitHub: one comment that is updated, and a check with remarks at the student's lines.

Only this part of the grader speaks to a network, and only when it is asked to.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from grader.ci.environment import Origin
from grader.ci.grading import Graded
from grader.ci.pages import MARKER, comment, summary, totals
from grader.course import Course
from grader.errors import InternalError, UsageError
from grader.language import Translator, _
from grader.records import Outcome, Report
from grader.report import clip, terminal_safe

CHECK_NAME: Final = "grader"
_SECONDS: Final = 30.0
_ATTEMPTS: Final = 5
_LONGEST_WAIT: Final = 60.0
_ANNOTATIONS: Final = 50
"""Of one request to the platform, and of what it shows for one job."""
_SUMMARY_CHARACTERS: Final = 65_535
_PAGES: Final = 30
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Platform:
    """Where to write: the interface's address, the repository, and a token that may write comments and checks."""

    address: str
    repository: str
    token: str
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Platform:
        """What the job's environment says. Raises UsageError where something is missing."""
        repository, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
        if not _REPOSITORY.fullmatch(repository) or not token:
            raise UsageError(
                _("Publishing needs GITHUB_REPOSITORY and GITHUB_TOKEN in the environment, as GitHub Actions has them.")
            )
        return cls(environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"), repository, token)


def publish(
    graded: Graded, course: Course, translator: Translator, platform: Platform, origin: Origin | None = None
) -> list[str]:
    """Write the comment and the check; the addresses of both.

    `origin` is where the submissions are known to come from, if they came by way of another job. Raises UsageError
    and InternalError.
    """
    written = [_write_check(graded, course, translator, platform)]
    number = graded.collected.number
    if number is not None:
        _refuse_moved(graded, platform, number, origin)
        written.append(_write_comment(comment(graded, course, translator), number, platform))
    return [address for address in written if address]


def _refuse_moved(graded: Graded, platform: Platform, number: int, origin: Origin | None) -> None:
    """Raise UsageError where the request's head is another, by now or ever: its own job will write the comment."""
    found = _ask(platform, "GET", f"/repos/{platform.repository}/pulls/{number}")
    head = found.get("head")
    told = head if isinstance(head, dict) else {}
    home = told.get("repo")
    place = Origin(
        head=str(told.get("sha")),
        repository=str(home.get("full_name")) if isinstance(home, dict) else "",
        branch=str(told.get("ref")),
    )
    if place.head != graded.collected.head or (origin is not None and place != origin):
        raise UsageError(_("Request {number} has moved on; what was graded is not its head any more.", number=number))


def _write_comment(body: str, number: int, platform: Platform) -> str:
    path = f"/repos/{platform.repository}/issues/{number}/comments"
    for found in _pages(platform, f"{path}?per_page=100"):
        author = found.get("user") or {}
        # Somebody else may have copied the mark; a person's comment is never overwritten.
        if str(found.get("body", "")).startswith(MARKER) and author.get("type") == "Bot":
            changed = _ask(
                platform, "PATCH", f"/repos/{platform.repository}/issues/comments/{int(found['id'])}", {"body": body}
            )
            return str(changed.get("html_url", ""))
    return str(_ask(platform, "POST", path, {"body": body}).get("html_url", ""))


def _write_check(graded: Graded, course: Course, translator: Translator, platform: Platform) -> str:
    found = totals(graded, course)
    conclusions = {"passed": "success", "ungraded": "neutral", "none": "skipped"}
    text = summary(graded, course, translator, limit=_SUMMARY_CHARACTERS)
    order: dict[str, Any] = {
        "name": CHECK_NAME,
        "head_sha": graded.collected.head,
        "status": "completed",
        "conclusion": conclusions.get(found.verdict, "failure"),
        "output": {
            "title": f"{found.score:g} / {found.possible:g}",
            "summary": text,
            "annotations": list(_annotations(graded))[:_ANNOTATIONS],
        },
    }
    made = _ask(platform, "POST", f"/repos/{platform.repository}/check-runs", order)
    return str(made.get("html_url", ""))


def _annotations(graded: Graded) -> Iterator[dict[str, Any]]:
    """Remarks at lines, the first failed check of each function before the second of any."""
    ranked: list[tuple[int, dict[str, Any]]] = []
    for entry in graded.entries:
        if not isinstance(entry, Report):
            continue
        seen: dict[str, int] = {}
        for check in entry.checks:
            if check.outcome not in {Outcome.FAILED, Outcome.TIMED_OUT} or check.location is None:
                continue
            rank = seen[check.function] = seen.get(check.function, -1) + 1
            line = check.location.line if check.location.cell is None else 1
            told = "\n".join(filter(None, (check.message, check.hint)))
            ranked.append(
                (
                    rank,
                    {
                        "path": entry.submission.path,
                        "start_line": line,
                        "end_line": line,
                        "annotation_level": "failure",
                        "title": terminal_safe(clip(f"{check.function}: {check.title}", 200)),
                        "message": terminal_safe(clip(told or check.title, 2000), lines=True),
                    },
                )
            )
    yield from (annotation for _rank, annotation in sorted(ranked, key=lambda pair: pair[0]))


def _pages(platform: Platform, path: str) -> Iterator[dict[str, Any]]:
    """Every entry of a list that comes in pages, as their `Link` headers lead on, within the same interface."""
    address: str | None = platform.address + path
    for _page in range(_PAGES):
        if address is None:
            return
        response = _send(platform, "GET", address, None)
        found = _decoded(response)
        yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
        following = response.links.get("next", {}).get("url")
        address = following if following and following.startswith(f"{platform.address}/") else None


def _ask(platform: Platform, method: str, path: str, body: object = None) -> dict[str, Any]:
    found = _decoded(_send(platform, method, platform.address + path, body))
    return found if isinstance(found, dict) else {}


def _decoded(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise InternalError(_("The platform answered something that is not JSON.")) from None


def _send(platform: Platform, method: str, address: str, body: object) -> requests.Response:
    """One request, tried again while the platform is overloaded or asks for patience.

    Raises UsageError where it refuses, and InternalError where it does not answer.
    """
    headers = {
        "Authorization": f"Bearer {platform.token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "grader",
    }
    problem = ""
    for attempt in range(_ATTEMPTS):
        try:
            response = requests.request(
                method, address, json=body, headers=headers, timeout=_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            problem = type(error).__name__
            platform.sleep(min(2.0**attempt, _LONGEST_WAIT))
            continue
        if response.status_code < 300:
            return response
        problem = str(response.status_code)
        waiting = _waiting(response, attempt)
        if waiting is None:
            raise UsageError(
                _(
                    "The platform refuses {method} {path} ({status}). Look at the token's permissions.",
                    method=method,
                    path=address.removeprefix(platform.address),
                    status=problem,
                )
            )
        platform.sleep(waiting)
    raise InternalError(_("The platform does not answer: {reason}.", reason=problem))


def _waiting(response: requests.Response, attempt: int) -> float | None:
    """Seconds to wait before the next attempt; None where another would end the same."""
    limited = response.status_code == 429 or (
        response.status_code == 403
        and ("Retry-After" in response.headers or response.headers.get("X-RateLimit-Remaining") == "0")
    )
    if not limited and response.status_code < 500:
        return None
    try:
        told = float(response.headers.get("Retry-After", 2.0**attempt))
    except ValueError:
        told = 2.0**attempt
    return max(0.0, min(told, _LONGEST_WAIT))
