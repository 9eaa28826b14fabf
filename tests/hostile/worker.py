"""Grades every case as one user and writes down what was seen: `python -m tests.hostile.worker WORLD`.

WORLD is a folder of this user's own. It gets `outcomes.jsonl`: a line for each case, with the report or the error and
what the watchers saw, written at once. One process grades all of them, as a batch would, so that what a case leaves
meets the next one.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import platformdirs

import grader
from grader.cli.rendering import FORMATS
from grader.cli.streams import View
from grader.course import Course, builtin_folder, read_course
from grader.grading import GradingOptions, Session
from grader.language import PROGRAM_CATALOGS, Translator
from grader.records import Report
from tests.hostile.builders import BUILDERS
from tests.hostile.cases import REFERENCE, Case, all_cases
from tests.hostile.watching import (
    Listeners,
    Tripwire,
    adopt_orphans,
    descendants,
    digest_of,
    marked_with,
    names_below,
    shared_memory,
    survivors,
)

SECONDS: Final = 2.0
"""For one call: enough for Keras in a fork, little for a loop that does not end."""
COMMAND_SECONDS: Final = 60.0
MEMORY_BYTES: Final = 512 * 1024**2
MARKER: Final = "hostile" + " was here"
SECRET: Final = "hostile" + "-secret-5f3a"
_TELLING: Final = ("seconds", "usage")


class World:
    """One user's folder: the canary that nobody may touch, the submissions, the caches, and who listens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.canary = folder / "canary"
        self.cache = Path(platformdirs.user_cache_path("grader"))
        self.temporary = Path(os.environ["TMPDIR"])
        names = ("solutions/exercise-3/exercise_3.py", "others/kim/exercise_3.py", "secret.txt", "gradebook.sqlite")
        for name in names:
            path = self.canary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{SECRET}\n{REFERENCE}", "utf-8")
        self.listeners = Listeners(folder)
        self.tripwire = Tripwire(self.canary)
        self.canary_digest = digest_of(self.canary)

    def places(self) -> dict[str, str]:
        """What a case may write as `{{name}}`: the attacker is told where everything is."""
        package = Path(grader.__file__).parent
        return {
            "canary": str(self.canary),
            "cache": str(self.cache),
            "world": str(self.folder),
            "package": str(package),
            "course": str(builtin_folder()),
            "site": str(Path(msgspec.__file__).parent.parent),
            "pid": str(os.getpid()),
            "home": "/root",
            "unix": self.listeners.unix,
            "abstract": self.listeners.abstract,
            "marker": MARKER,
            **{name: str(port) for name, port in self.listeners.ports.items()},
        }

    def seen(self, known: frozenset[int], names: frozenset[str]) -> dict[str, Any]:
        """What an attack left or reached; all of it empty where nothing was."""
        return {
            "touched": self.tripwire.events() + ([] if digest_of(self.canary) == self.canary_digest else ["changed"]),
            "reached": self.listeners.reached(),
            "survivors": survivors(known),
            "left": sorted(names_below(self.temporary) - names) + sorted(shared_memory()),
        }


class Grading:
    """The two ways to grade, each with warm processes of its own, and the reference that must not change."""

    def __init__(self, course: Course, sandbox: Any, folder: Path) -> None:
        self.course = course
        self.session = Session(course, GradingOptions(sandbox=sandbox, time_limit=SECONDS))
        folder.mkdir()
        self._reference = folder / "exercise_3.py"
        self._reference.write_text(REFERENCE, "utf-8")
        self._expected = self.reference()

    def reference(self) -> dict[str, Any]:
        """The report of the right submission, without times and usage."""
        report = self.session.grade(self.course.exercise("exercise-3"), self._reference)
        return dict(_without_times(msgspec.to_builtins(report)))

    def warm_up(self) -> None:
        """Start everything that stays, so that what a case has started is told apart from it."""
        solution = self.course.folder / "solutions" / "exercise-2" / "exercise_2.py"
        self.session.grade(self.course.exercise("exercise-2"), solution)

    def same_reference(self) -> bool:
        """Whether the right submission is still graded as it was before the first attack, to the last digit."""
        return self.reference() == self._expected

    def grade(self, case: Case, path: Path) -> dict[str, Any]:
        """The report of a case, or the error that came instead."""
        try:
            report = self.session.grade(self.course.exercise(case.exercise), path)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it and the others go on
            return {"error": [type(error).__name__, str(error)]}
        found = {"report": msgspec.to_builtins(report)}
        return found | ({"rendered": dict(_renderings(report))} if case.says_yes("renders") else {})


def _with_less_memory(course: Course) -> Course:
    """The course with a memory limit that is soon reached, for the exercise that needs no TensorFlow."""
    exercises = tuple(
        msgspec.structs.replace(exercise, limits=msgspec.structs.replace(exercise.limits, memory_bytes=MEMORY_BYTES))
        if exercise.id == "exercise-3"
        else exercise
        for exercise in course.exercises
    )
    return msgspec.structs.replace(course, exercises=exercises)


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_times(item) for name, item in value.items() if name not in _TELLING}
    return [_without_times(item) for item in value] if isinstance(value, (list, tuple)) else value


def _renderings(report: Report) -> Iterator[tuple[str, str]]:
    translator = Translator("en", (PROGRAM_CATALOGS,))
    for name, form in FORMATS.items():
        for color in (False, True):
            view = View(translator, 80, color=color, unicode=True, verbose=True)
            yield f"{name}{' in color' if color else ''}", form.one(report, view)


def run_command(case: Case, path: Path) -> dict[str, Any]:
    """What the real command line says of a case."""
    command = [sys.executable, "-m", "grader", case.exercise, str(path), "--time-limit", str(SECONDS)]
    ended = subprocess.run(
        command,
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=builtin_folder(),
        env={**os.environ, "PYTHONPATH": str(Path(grader.__file__).parent.parent), "PYTHONUTF8": "1"},
    )
    return {"exit": ended.returncode, **{name: getattr(ended, name).decode("utf-8") for name in ("stdout", "stderr")}}


def main(folder: Path) -> None:
    """Grade every case, and write down what was seen."""
    adopt_orphans()
    world = World(folder)
    course = _with_less_memory(read_course(builtin_folder()))
    with contextlib.ExitStack() as stack, (folder / "outcomes.jsonl").open("w", encoding="utf-8") as told:

        def tell(name: str, seen: dict[str, Any]) -> None:
            told.write(json.dumps([name, seen]) + "\n")
            told.flush()

        confined, unconfined = (
            Grading(course, sandbox, folder / f"reference-{sandbox}") for sandbox in ("auto", "off")
        )
        for grading in (confined, unconfined):
            stack.callback(grading.session.close)
        confined.warm_up()
        known = descendants()
        for case in all_cases():
            path = folder / "submissions" / case.name
            if builder := BUILDERS.get(case.facts.get("made", "")):
                path.mkdir(parents=True)
                handed_in = builder(path)
            else:
                handed_in = case.write(path, world.places())
            ways = [("", confined)] + ([(" unconfined", unconfined)] if case.says_yes("unconfined") else [])
            for way, grading in ways:
                names = names_below(world.temporary)
                world.tripwire.events()
                started = time.monotonic()
                found = run_command(case, handed_in) if case.by_command else grading.grade(case, handed_in)
                found["seconds"] = time.monotonic() - started
                seen = world.seen(known, names)
                tell(case.name + way, {**found, **seen, "reference": grading.same_reference()})
        # What a session is left with when it is closed, it has ended.
        stack.pop_all().close()
        package = Path(grader.__file__).parent
        tell(
            "afterwards",
            {
                "survivors": survivors(frozenset()),
                "marked": marked_with(MARKER, package, world.cache, builtin_folder() / "exercises"),
                "left": sorted(names_below(world.temporary)),
            },
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
