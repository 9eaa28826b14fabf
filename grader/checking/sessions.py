"""pytest as a function: a session that is opened once, and runs its checks as often as it is asked to.

`pytest.main` sets pytest up anew at each call, which takes longer than all checks of an exercise together. It is made
of the same steps as here; pytest has no public names for those between its configuration and its loop.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from _pytest.config import _prepareconfig

from grader.checking.loading import SHARED, last_line, load_module
from grader.checking.recording import recording
from grader.errors import GraderError, InternalError
from grader.language import _

if TYPE_CHECKING:
    from grader.checking.collecting import Collection

_UNUSED_PLUGINS: Final = (
    "terminal cacheprovider doctest junitxml pastebin stepwise faulthandler logging unraisableexception threadexception"
    " setuponly setupplan legacypath subtests unittest assertion"
)
"""They print, write files, or change the process for a whole session, and cost time."""


class CheckSession:
    """pytest, set up for the checks of one plugin. Use it with the process isolated, and call `close` at the end.

    Raises InternalError where pytest itself fails, CourseError where the plugin finds the course's mistake, and lets
    KeyboardInterrupt and `pytest.exit` pass.
    """

    def __init__(self, plugin: Collection) -> None:
        self._plugin = plugin
        arguments = [
            f"--rootdir={plugin.file.parent}",
            f"--config-file={os.devnull}",
            "--noconftest",
            "--disable-plugin-autoload",
            "--capture=no",
            "--override-ini=python_functions=test_*",
            "--override-ini=tmp_path_retention_policy=none",
            "-Wignore",
            *(f"-pno:{name}" for name in _UNUSED_PLUGINS.split()),
        ]
        shared = plugin.file.with_name(SHARED)
        plugins: list[object] = [plugin, load_module(shared)] if shared.is_file() else [plugin]
        with self._told():
            self._config = _prepareconfig(arguments, plugins)
            self._session = pytest.Session.from_config(self._config)
            self._config._do_configure()  # noqa: SLF001 - see above
            self._config.hook.pytest_sessionstart(session=self._session)

    def close(self) -> None:
        """Let pytest take back what it has set up."""
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=pytest.ExitCode.OK)
        self._config._ensure_unconfigure()  # noqa: SLF001 - see above

    def collect(self) -> None:
        """Let the plugin collect its checks, unless it has done so."""
        with self._told():
            self._session.items = self._plugin.collected(self._session)

    def run(self) -> None:
        """Run what the plugin has collected, in its order."""
        self.collect()
        self._session.testsfailed = 0  # in the last run, which would keep pytest from a next one
        with self._told(), recording():
            try:
                self._config.hook.pytest_runtestloop(session=self._session)
            finally:
                # A check that was not run leaves this undone, and the fixtures of a session live for one run only.
                self._session._setupstate.teardown_exact(None)  # noqa: SLF001 - see above

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what failed as the plugin found it, or as a failure of pytest."""
        folder = Path.cwd()
        try:
            yield
        except (KeyboardInterrupt, pytest.exit.Exception, GraderError):
            raise
        except BaseException as error:  # SystemExit of a check's own too, which must not end the grader
            raise self._failure(error) from error
        finally:
            os.chdir(folder)
        if self._plugin.problem is not None:
            raise self._plugin.problem

    def _failure(self, error: BaseException) -> GraderError:
        file = self._plugin.file
        return self._plugin.problem or InternalError(
            _("The checks of {file} could not be run: {reason}", file=str(file), reason=last_line(error, file))
        )
