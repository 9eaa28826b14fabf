"""Which request a CI job is about: base, head and number, from the platform's environment or from what was said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from grader.errors import UsageError
from grader.language import _
from grader.records import Record

_EVENT_BYTES: Final = 32 * 1024**2
_ZEROS: Final = re.compile(r"0+")
_NUMBER: Final = re.compile(r"[1-9]\d{0,9}")


class Request(Record, frozen=True, kw_only=True):
    """A request. `base` and `head` name commits; `number` is None for a push."""

    base: str
    head: str
    number: int | None = None
    platform: str = ""


class Origin(Record, frozen=True, kw_only=True):
    """Where a run that another job followed came from, by the platform's own word."""

    head: str
    repository: str
    branch: str


def find_origin(environment: Mapping[str, str]) -> Origin | None:
    """The run that this job follows (`workflow_run`), None where it follows none."""
    run = _part(_event(environment.get("GITHUB_EVENT_PATH", "")), "workflow_run")
    if environment.get("GITHUB_ACTIONS") != "true" or not run:
        return None
    home = _part(run, "head_repository")
    return Origin(head=_text(run, "head_sha"), repository=_text(home, "full_name"), branch=_text(run, "head_branch"))


def find_request(environment: Mapping[str, str], *, base: str | None, head: str | None) -> Request:
    """What was said, and for the rest what GitHub Actions or GitLab CI say. Raises UsageError where nobody says."""
    found = _github(environment) or _gitlab(environment) or Request(base="", head="HEAD")
    named = Request(base=base or found.base, head=head or found.head, number=found.number, platform=found.platform)
    if not named.base:
        raise UsageError(
            _("No base is known here. Name the commit that the change is to be compared with: `grade ci --base main`.")
        )
    return named


def _github(environment: Mapping[str, str]) -> Request | None:
    if environment.get("GITHUB_ACTIONS") != "true":
        return None
    event = _event(environment.get("GITHUB_EVENT_PATH", ""))
    request = _part(event, "pull_request")
    if request:
        return Request(
            base=_text(_part(request, "base"), "sha"),
            head=_text(_part(request, "head"), "sha") or "HEAD",
            number=_number(request.get("number", event.get("number"))),
            platform="github",
        )
    group = _part(event, "merge_group")
    base = _text(group, "base_sha") or _text(event, "before")
    head = _text(group, "head_sha") or _text(event, "after") or environment.get("GITHUB_SHA", "") or "HEAD"
    # A branch that was just pushed for the first time comes from nowhere.
    return Request(base="" if _ZEROS.fullmatch(base) else base, head=head, platform="github")


def _gitlab(environment: Mapping[str, str]) -> Request | None:
    if environment.get("GITLAB_CI") != "true":
        return None
    base = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or environment.get("CI_COMMIT_BEFORE_SHA", "")
    return Request(
        base="" if _ZEROS.fullmatch(base) else base,
        head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA") or "HEAD",
        number=_number(environment.get("CI_MERGE_REQUEST_IID")),
        platform="gitlab",
    )


def _event(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        file = Path(path)
        if file.stat().st_size > _EVENT_BYTES:
            return {}
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(event: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _text(event: Mapping[str, Any], name: str) -> str:
    found = event.get(name)
    return found if isinstance(found, str) else ""


def _number(value: object) -> int | None:
    return int(str(value)) if _NUMBER.fullmatch(str(value)) else None
