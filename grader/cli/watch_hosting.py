"""A watching serves the other commands of its user with the warm processes that it holds."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.course import Course
from grader.errors import GraderError, InternalError
from grader.language import PROGRAM_CATALOGS, Text, Translator, _
from grader.records import Report
from grader.sharing import Host, Visit

if TYPE_CHECKING:
    from grader.cli.watch_events import Events
    from grader.grading import Session


class Hosting:
    """The host of a session, from its first warm process on. Use it as a context within the session's."""

    def __init__(self, session: Session, events: Events, key: str) -> None:
        self._session = session
        self._events = events
        self._key = key
        self._host: Host | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._host is not None:
            self._host.close()

    def open(self) -> None:
        """Take guests while there is a warm process for them; where there can be no socket, nobody comes."""
        folder = self._session.folder
        if folder == self._folder:
            return
        if self._host is not None:
            self._host.close()
        self._host, self._folder = None, folder
        if folder is not None:
            with contextlib.suppress(OSError):
                self._host = Host(folder, self._key, self._events.put)

    def serve(self, visit: Visit) -> None:
        """Do the run that is asked for; what cannot be done here is the guest's own to find out."""
        course = self._session.course
        translator = Translator(visit.asked.language, (PROGRAM_CATALOGS, *course.catalogs))
        if visit.step(translator.render(_("Asking the `grade watch` that is running…"))):
            visit.answer(self._report(course, visit, translator))

    def _report(self, course: Course, visit: Visit, translator: Translator) -> Report | None:
        def step(text: Text) -> None:
            visit.step(translator.render(text))

        asked, before, here = visit.asked, self._session.progress, Path.cwd()
        try:
            os.chdir(asked.here)
            self._session.progress = step
            return self._session.grade(
                course.exercise(asked.exercise),
                None if asked.path is None else Path(asked.path),
                is_named=asked.is_named,
                folders=tuple(map(Path, asked.folders)),
                translator=translator,
            )
        except InternalError:
            self._session.close()  # the next run begins with a fresh warm process
            return None
        except (GraderError, OSError):
            return None
        finally:
            self._session.progress = before
            os.chdir(here)
