"""Reading a repository without running anything of it: no hooks, no filters, no configuration, no files checked out."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.ci.changes import Change
from grader.ci.environment import ORIGIN
from grader.errors import UsageError
from grader.language import _

_SECONDS: Final = 120.0
_SAFE: Final = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.attributesFile=/dev/null"),
    *("-c", "protocol.ext.allow=never", "-c", "protocol.file.allow=user", "-c", "safe.directory=*"),
    *("-c", "fetch.recurseSubmodules=no", "-c", "submodule.recurse=false", "-c", "core.quotePath=false"),
    *("-c", "diff.external=", "-c", "core.pager=cat", "-c", "credential.interactive=never"),
    # A bare repository among the head's files is not the repository that is meant.
    *("-c", "safe.bareRepository=explicit", "-c", "maintenance.auto=false"),
)
_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ASKPASS": "/bin/false",
    "LC_ALL": "C",
}
_KEPT: Final = ("PATH", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
_SHA: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_DEEPER: Final = ("--deepen=50", "--deepen=500", "--unshallow")
_ERROR_BYTES: Final = 10_000
_LISTED_BYTES: Final = 32 * 1024**2
"""A list of this length has a quarter of a million files; trees may contain themselves over and over."""
_DIFF: Final = (
    *("--raw", "-z", "--no-abbrev", "--find-renames", "-l1000", "--no-ext-diff", "--no-textconv"),
    *("--no-relative", "--ignore-submodules=none"),
)
REGULAR: Final = frozenset({"100644", "100755", "100664"})
LINK: Final = "120000"
SUBMODULE: Final = "160000"


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file of a commit: its mode in git's six digits, its object, and its bytes (0 for what is no file)."""

    path: str
    mode: str
    blob: str
    size: int


class Repository:
    """The repository around a folder. Raises UsageError where there is none, or no git."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._text("rev-parse", "--show-toplevel")

    def resolve(self, revision: str) -> str:
        """The commit that `revision` names, fetched where the clone does not have it. Raises UsageError."""
        if revision.startswith(ORIGIN):
            # What the clone remembers of a branch may be old.
            branch = revision.removeprefix(ORIGIN)
            self._fetch(*self._depth(), "origin", f"+refs/heads/{branch}:{revision}")
        found = self._commit(revision)
        if found is None and _SHA.fullmatch(revision):
            self._fetch("--depth=1", "origin", revision)
            found = self._commit(revision)
        if found is None:
            raise UsageError(
                _(
                    "This clone does not have {revision}. Let the job fetch all of the history, for example with "
                    "`fetch-depth: 0`.",
                    revision=revision.removeprefix("refs/remotes/")[:100],
                )
            )
        return found

    def merge_base(self, base: str, head: str) -> str | None:
        """The commit at which the two parted, None where they share no history that can be had."""
        found = self._merge_base(base, head)
        for deeper in _DEEPER:
            if found is not None or not self.is_shallow():
                break
            self._fetch(deeper, "origin", base, head)
            found = self._merge_base(base, head)
        return found

    def is_shallow(self) -> bool:
        """Whether the clone's history is cut off."""
        return self._text("rev-parse", "--is-shallow-repository") == "true"

    def changes(self, base: str, head: str) -> list[Change]:
        """What differs in `head`, each path once."""
        fields = iter(self._listed("diff", *_DIFF, base, head, "--"))
        found = []
        for facts in fields:
            how = facts.rsplit(" ", 1)[1][0]
            first = next(fields)
            found.append(Change(how, next(fields), first) if how == "R" else Change(how, first))
        return found

    def files(self, commit: str, paths: Iterable[str] = ()) -> list[TreeFile]:
        """The files of a commit below `paths`, all of them where none is named."""
        found = []
        for line in self._listed("ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--", *paths):
            facts, path = line.split("\t", 1)
            mode, _kind, blob, size = facts.split()
            found.append(TreeFile(path, mode, blob, 0 if size == "-" else int(size)))
        return found

    def read(self, files: Iterable[TreeFile]) -> dict[str, bytes]:
        """The bytes of files, as they are in the repository, by path. No filter is run."""
        wanted = list(files)
        if not wanted:
            return {}
        order = "".join(f"{file.blob}\n" for file in wanted).encode()
        raw = memoryview(self._bytes("cat-file", "--batch", given=order))
        found, place = {}, 0
        for file in wanted:
            end = bytes(raw[place : place + 200]).index(b"\n") + place
            size = int(bytes(raw[place:end]).split()[2])
            found[file.path] = bytes(raw[end + 1 : end + 1 + size])
            place = end + 1 + size + 1
        return found

    def _commit(self, revision: str) -> str | None:
        if revision.startswith("-"):
            return None
        ended = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return ended.stdout.decode().strip() or None if ended.returncode == 0 else None

    def _merge_base(self, base: str, head: str) -> str | None:
        ended = self._run("merge-base", base, head)
        return ended.stdout.decode().strip() or None if ended.returncode == 0 else None

    def _fetch(self, *arguments: str) -> None:
        """What cannot be fetched is missing afterwards, and told where it is needed."""
        self._run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *arguments)

    def _depth(self) -> tuple[str, ...]:
        return ("--depth=1",) if self.is_shallow() else ()

    def _listed(self, *arguments: str) -> list[str]:
        """The fields of a list that a request's author may have made as long as they like. Raises UsageError."""
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                ["git", *_SAFE, *arguments],  # noqa: S607 - the git that the job has
                cwd=self._folder,
                env=clean_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            ) as process,
        ):
            end = threading.Timer(_SECONDS, process.kill)
            end.start()
            try:
                raw = process.stdout.read(_LISTED_BYTES + 1) if process.stdout is not None else b""
                if len(raw) > _LISTED_BYTES:
                    process.kill()
                code = process.wait()
            finally:
                end.cancel()
            errors.seek(0)
            said = errors.read(_ERROR_BYTES)
        if len(raw) > _LISTED_BYTES:
            raise UsageError(_("This repository has too many files to be looked through."))
        if code < 0:
            raise _endless()
        if code > 0:
            raise _unreadable(said)
        return raw.decode("utf-8", "surrogateescape").split("\0")[:-1]

    def _text(self, *arguments: str) -> str:
        return self._bytes(*arguments).decode("utf-8", "surrogateescape").strip()

    def _bytes(self, *arguments: str, given: bytes | None = None) -> bytes:
        ended = self._run(*arguments, given=given)
        if ended.returncode != 0:
            raise _unreadable(ended.stderr)
        return ended.stdout

    def _run(self, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *_SAFE, *arguments],  # noqa: S607 - the git that the job has
                cwd=self._folder,
                env=clean_environment(os.environ),
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except FileNotFoundError:
            raise UsageError(_("There is no git here; install it.")) from None
        except subprocess.TimeoutExpired:
            raise _endless() from None


def _endless() -> UsageError:
    return UsageError(_("git did not come to an end within {seconds:g} seconds.", seconds=_SECONDS))


def _unreadable(errors: bytes) -> UsageError:
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return UsageError(
        _("git cannot read this repository: {reason}.", reason=(lines or ["it says nothing"])[-1].rstrip("."))
    )


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What git may know: where programs and certificates are, and none of the variables that steer it."""
    return {name: environment[name] for name in _KEPT if name in environment} | _ENVIRONMENT
