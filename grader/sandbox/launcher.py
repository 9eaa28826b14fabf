"""Which way of starting processes this system has: forks of a warm process, or else plain subprocesses."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Protocol

from grader.errors import ConfinementError
from grader.language import _
from grader.records import Limits, SandboxFacts, SandboxMode
from grader.sandbox.environment import clean_environment, python_command
from grader.sandbox.plain_launcher import TRUSTED_LIMITS, PlainLauncher
from grader.sandbox.preloads import preloads
from grader.sandbox.process import Process

if sys.platform != "win32":  # which lacks what the rest is made of
    from grader.sandbox.warm_launcher import WarmLauncher, start_interpreter

__all__ = [
    "TRUSTED_LIMITS",
    "Launcher",
    "PlainLauncher",
    "WarmLauncher",
    "choose_launcher",
    "clean_environment",
    "preloads",
    "python_command",
    "start_interpreter",
]


class Launcher(Protocol):
    """Starts the processes of a run."""

    @property
    def facts(self) -> SandboxFacts:
        """How what was started is confined; the weakest where that differs."""

    @property
    def folder(self) -> str | None:
        """A folder of this user's alone that is removed with what was started, however that ends; None without one."""

    @property
    def usable(self) -> bool:
        """Whether anything can still be started; where not, another launcher may do better."""

    @property
    def failed(self) -> Mapping[str, str]:
        """The modules that could not be imported for the processes, and why; known once one was started."""

    def start_subject(self, limits: Limits) -> Process:
        """A fresh process that will hold one submission. Raises SandboxError."""

    def start_trusted(self, entry: str) -> Process:
        """A fresh process that runs the grader's own `module:function` on its channel. Raises SandboxError."""

    def close(self) -> None:
        """End everything that was started, and remove its files."""


def choose_launcher(mode: SandboxMode, imports: Iterable[str]) -> Launcher:
    """The best launcher of this system, with a warm process that imports what is preloaded for `imports`."""
    names = preloads(imports)
    if sys.platform.startswith("linux"):
        return WarmLauncher(names, mode)
    if mode == "required":
        raise ConfinementError(
            _(
                "Full confinement was asked for, and only Linux has it. Grade there, for example under WSL 2 or in a "
                "virtual machine; `--sandbox auto` grades your own code without it."
            )
        )
    return PlainLauncher(names)
