"""GitHub's REST interface: requests that are patient where it asks for patience. Only this speaks to a network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests

from grader.errors import InternalError, UsageError
from grader.language import _

_SECONDS: Final = 30.0
_ATTEMPTS: Final = 6
_PATIENCE: Final = 600.0
"""Seconds that are waited in all for one thing to be written; a job's own limit comes soon after."""
_LIMITED: Final = 60.0
"""Seconds that the platform wants to be left alone where it does not say for how long."""
_PAGES: Final = 100
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")


class GoneError(Exception):
    """There is no such thing any more (404, 410)."""


class PassingError(Exception):
    """Something went wrong that another attempt may not meet; `wait` is in seconds. What was written is not known."""

    def __init__(self, problem: str, wait: float) -> None:
        super().__init__(problem)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Platform:
    """Where to write: the interface's address, the repository, and a token that may write comments and checks."""

    address: str
    repository: str
    token: str
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Platform:
        """What the job's environment says. Raises UsageError where something is missing."""
        repository, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
        if not _REPOSITORY.fullmatch(repository) or not token:
            raise UsageError(
                _("Publishing needs GITHUB_REPOSITORY and GITHUB_TOKEN in the environment, as GitHub Actions has them.")
            )
        return cls(environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"), repository, token)

    def patiently(self, action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `action` answers, tried again from its beginning while trouble passes.

        From its beginning, since a request whose answer was lost may have been carried out. Raises UsageError,
        GoneError, and InternalError where patience ends.
        """
        waited, problem = 0.0, ""
        for attempt in range(_ATTEMPTS):
            try:
                return action()
            except PassingError as error:
                problem, wait = str(error), max(error.wait, 2.0**attempt)
            if attempt + 1 == _ATTEMPTS or waited + wait > _PATIENCE:
                break
            self.sleep(wait)
            waited += wait
        raise InternalError(_("The platform does not answer: {reason}.", reason=problem))

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One request. `path` begins below the repository. Raises UsageError, GoneError and PassingError."""
        found = _decoded(self._send(method, f"{self.address}/repos/{self.repository}{path}", body))
        return found if isinstance(found, dict) else {}

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every entry of a list that comes in pages, as their `Link` headers lead on, within the same interface.

        Raises UsageError, GoneError and PassingError.
        """
        address: str | None = f"{self.address}/repos/{self.repository}{path}"
        for _page in range(_PAGES):
            if address is None:
                return
            response = self._send("GET", address, None)
            found = _decoded(response)
            yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
            following = response.links.get("next", {}).get("url")
            address = following if following and following.startswith(f"{self.address}/") else None

    def _send(self, method: str, address: str, body: object) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "grader",
        }
        try:
            response = requests.request(
                method, address, json=body, headers=headers, timeout=_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise PassingError(type(error).__name__, 0.0) from None
        if response.status_code < 300:
            return response
        if response.status_code >= 500 or _is_limited(response):
            raise PassingError(str(response.status_code), self._asked_to_wait(response))
        if response.status_code in {404, 410}:
            raise GoneError
        raise UsageError(
            _(
                "The platform refuses {method} {path} ({status}). Look at the token's permissions.",
                method=method,
                path=address.removeprefix(self.address),
                status=response.status_code,
            )
        )

    def _asked_to_wait(self, response: requests.Response) -> float:
        """Seconds that the answer asks to wait for: in so many words, until its window ends, or what is usual."""
        told = response.headers.get("Retry-After", "").strip()
        if told.isdecimal():
            return float(told)
        if told:
            try:
                return max(0.0, parsedate_to_datetime(told).timestamp() - self.now())
            except (ValueError, TypeError, OverflowError):
                return _LIMITED
        if response.status_code >= 500:
            return 0.0
        reset = response.headers.get("X-RateLimit-Reset", "")
        if response.headers.get("X-RateLimit-Remaining") == "0" and reset.isdecimal():
            return max(0.0, float(reset) - self.now()) + 1.0
        return _LIMITED


def _is_limited(response: requests.Response) -> bool:
    if response.status_code == 429:
        return True
    return response.status_code == 403 and (
        "Retry-After" in response.headers
        or response.headers.get("X-RateLimit-Remaining") == "0"
        or "rate limit" in response.text[:2000].lower()
    )


def _decoded(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise InternalError(_("The platform answered something that is not JSON.")) from None
