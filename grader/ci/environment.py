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

ORIGIN: Final = "refs/remotes/origin/"
"""Where a clone keeps the branches of the repository that it was made of."""
_EVENT_BYTES: Final = 32 * 1024**2
_ZEROS: Final = re.compile(r"0+")
_NUMBER: Final = re.compile(r"[1-9]\d{0,9}")


class Request(Record, frozen=True, kw_only=True):
    """A request. `base` and `head` name commits, or branches as `ORIGIN` and a name; `number` is None for a push."""

    base: str
    head: str
    number: int | None = None


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
    named = Request(base=base or found.base, head=head or found.head, number=found.number)
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
        base = _text(_part(request, "base"), "sha")
        if environment.get("GITHUB_EVENT_NAME") == "pull_request_target":
            # The commit that the workflow itself is of. The branch that a request names as its base may be a student's.
            base = environment.get("GITHUB_SHA") or base
        return Request(
            base=base,
            head=_text(_part(request, "head"), "sha") or "HEAD",
            number=_number(request.get("number", event.get("number"))),
        )
    group = _part(event, "merge_group")
    if group:
        return Request(base=_text(group, "base_sha"), head=_text(group, "head_sha") or "HEAD")
    trusted = _text(_part(event, "repository"), "default_branch")
    return Request(
        base=_pushed_from(_text(event, "before"), _text(event, "ref").removeprefix("refs/heads/"), trusted),
        head=_text(event, "after") or environment.get("GITHUB_SHA", "") or "HEAD",
    )


def _gitlab(environment: Mapping[str, str]) -> Request | None:
    if environment.get("GITLAB_CI") != "true":
        return None
    target = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
    if target:
        # Not the commit at which the two parted, CI_MERGE_REQUEST_DIFF_BASE_SHA: the student chooses that one.
        base = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") or f"{ORIGIN}{target}"
    else:
        branch, trusted = environment.get("CI_COMMIT_BRANCH", ""), environment.get("CI_DEFAULT_BRANCH", "")
        base = _pushed_from(environment.get("CI_COMMIT_BEFORE_SHA", ""), branch, trusted)
    return Request(
        base=base,
        head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA") or "HEAD",
        number=_number(environment.get("CI_MERGE_REQUEST_IID")),
    )


def _pushed_from(before: str, branch: str, trusted: str) -> str:
    """What a push is compared with: on the `trusted` branch what was there before, on any other the trusted one.

    What was there before on a student's branch is the student's as well.
    """
    if trusted and branch != trusted:
        return f"{ORIGIN}{trusted}"
    return "" if _ZEROS.fullmatch(before) else before


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
