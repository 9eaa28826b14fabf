"""Verifying a course: one exercise after another, or several at a time, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import multiprocessing.util
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from grader.course import Course, Exercise
from grader.errors import CourseError
from grader.grading import GradingOptions, Session
from grader.language import PROGRAM_CATALOGS, Text, Translator, _
from grader.verification.bench import Bench
from grader.verification.findings import Finding, Verification
from grader.verification.proving import Depth, Found, verify_exercise
from grader.verification.strays import strays_of_course
from grader.verification.texts import look_beside


def verify(
    course: Course,
    options: GradingOptions,
    exercises: Sequence[Exercise],
    depth: Depth,
    progress: Callable[[Text], None],
    *,
    jobs: int = 1,
) -> Verification:
    """Verify `exercises` of a course, `jobs` of them at a time. Raises InternalError when the grader fails at it."""
    started = time.monotonic()
    translator = Translator(options.language, (PROGRAM_CATALOGS, *course.catalogs))
    findings: list[Finding] = []
    if len(exercises) == len(course.exercises):
        findings += [*strays_of_course(course, translator), *_beside(course, translator)]
    if min(jobs, len(exercises)) > 1:
        found = _at_once(course, options, exercises, depth, jobs=jobs, progress=progress)
    else:
        with Session(course, options) as session:
            found = [_told(session, exercise, depth, progress) for exercise in exercises]
    return Verification(
        exercises=tuple(exercise.id for exercise in exercises),
        checks=sum(one.checks for one in found),
        proven=sum(one.proven for one in found),
        runs=sum(one.runs for one in found),
        wrong_answers=sum(one.wrong for one in found),
        seconds=time.monotonic() - started,
        findings=(*findings, *(finding for one in found for finding in one.findings)),
        margins=tuple(margin for one in found for margin in one.margins),
        timings=tuple(timing for one in found for timing in one.timings),
    )


def _told(session: Session, exercise: Exercise, depth: Depth, progress: Callable[[Text], None]) -> Found:
    progress(_("Verifying {exercise}…", exercise=exercise.id))
    return verify_exercise(Bench(session, exercise), depth)


def _at_once(
    course: Course,
    options: GradingOptions,
    exercises: Sequence[Exercise],
    depth: Depth,
    *,
    jobs: int,
    progress: Callable[[Text], None],
) -> list[Found]:
    """What came of each exercise, in their order, `jobs` processes at work."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open, initargs=(course, options)) as pool:
        ends = {pool.submit(_verify_by_name, exercise.id, depth): exercise.id for exercise in exercises}
        progress(_("Verifying {exercise}…", exercise=", ".join(ends.values())))
        for number, end in enumerate(as_completed(ends), 1):
            end.result()
            done = _("Verified {exercise}; {done} of {count}", exercise=ends[end], done=number, count=len(ends))
            progress(done)
        return [end.result() for end in ends]


_sessions: list[Session] = []
"""The session of a process that verifies; an executor has no other place for what its jobs share."""


def _open(course: Course, options: GradingOptions) -> None:
    """Begin the session of this process, which ends with it."""
    session = Session(course, options)
    _sessions.append(session)
    multiprocessing.util.Finalize(None, session.close, exitpriority=1)


def _verify_by_name(exercise: str, depth: Depth) -> Found:
    (session,) = _sessions
    return verify_exercise(Bench(session, session.course.exercise(exercise)), depth)


def _beside(course: Course, translator: Translator) -> list[Finding]:
    try:
        return list(look_beside(course, translator))
    except CourseError:
        return []  # the exercise whose checks import that module says why
