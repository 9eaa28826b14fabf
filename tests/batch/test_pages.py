"""What a batch prints: its progress, and the page at its end."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.batch import BatchSummary, PlannedFacts, ProblemFacts
from grader.cli.batch_pages import summary_text
from grader.cli.batch_progress import BatchProgress
from grader.cli.streams import View, error_stream
from grader.gradebook import CheckOverview, ExerciseOverview, Overview, WrongMessage
from grader.language import Translator

_HOSTILE = "\x1b[31m\x1b]0;x\x07\u202eevil\n::error::x"
_CHECKS = tuple(
    CheckOverview(
        check=f"c{number}",
        function="build_model",
        title=f"Check {number} {_HOSTILE}",
        passed=number,
        ran=10,
        messages=(WrongMessage(message=_HOSTILE * 30, count=3),),
    )
    for number in range(11)
)
_OVERVIEW = Overview(
    students=40,
    exercises=(
        ExerciseOverview(
            exercise="exercise-2",
            title={"en": "The two-layer model", "ko": "2층 모델"},
            possible=10,
            handed_in=30,
            missing=10,
            late=2,
            ungraded=1,
            verdicts={"passed": 3},
            mean=4.25,
            median=4.0,
            histogram=(1, 0, 0, 8, 0, 0, 0, 0, 0, 3),
            checks=_CHECKS,
        ),
    ),
)


def _summary(**others: object) -> BatchSummary:
    problem = ProblemFacts(path=f"in/{_HOSTILE}.py", reason="It is a folder.", student="a", exercise="exercise-2")
    values: dict[str, object] = {
        "layout": "moodle",
        "students": 40,
        "handed_in": 30,
        "submissions": 31,
        "to_grade": 30,
        "graded": 30,
        "same": 4,
        "kept": 1,
        "unreadable": (problem,) * 7,
        "failures": (problem,),
        "notices": (problem,),
        "missing": tuple(f"학생{number}" for number in range(200)),
        "strangers": (_HOSTILE,),
        "names": {_HOSTILE: _HOSTILE},
        "planned": (PlannedFacts(student=_HOSTILE, exercise="exercise-2", path=_HOSTILE),) * 7,
        "overview": _OVERVIEW,
        **others,
    }
    return BatchSummary(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_the_page_keeps_to_its_width_and_shows_hostile_text_as_text(language: str, width: int, verbose: bool) -> None:  # noqa: FBT001
    view = View(Translator(language), width, color=False, unicode=True, verbose=verbose)
    text = summary_text(_summary(), view, out=Path("out"), dry=False)
    assert max(map(cell_len, text.splitlines())) <= max(width, 40)
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert not any(line.startswith("::") for line in text.splitlines())


def test_the_hardest_check_comes_first_and_the_rest_is_counted() -> None:
    view = View(Translator("en"), 80, color=False, unicode=True)
    text = summary_text(_summary(), view, out=Path("out"), dry=False)
    assert text.index("Check 0") < text.index("Check 4")
    assert "Check 5" not in text
    assert "and 5 more" in text
    assert "mean 4.3" in text or "mean 4.2" in text
    everything = summary_text(
        _summary(), View(Translator("en"), 80, color=False, unicode=True, verbose=True), out=Path(), dry=False
    )
    assert "Check 9" in everything
    assert "Check 10" not in everything  # everyone passed it


def test_those_who_handed_in_are_counted_and_one_is_no_plural() -> None:
    view = View(Translator("en"), 80, color=False, unicode=True)
    text = summary_text(_summary(submissions=1, handed_in=1), view, out=Path("out"), dry=False)
    assert text.splitlines()[0] == "submissions: 1 · students who handed in: 1 · read as moodle"


@pytest.mark.parametrize("width", [40, 80, 100])
def test_names_are_shown_whole_and_those_left_out_are_counted(width: int) -> None:
    people = {str(2024100 + number): f"José de la Cruz {number}" for number in range(60)}
    summary = _summary(missing=tuple(people), strangers=(), names=people, overview=None)
    page = summary_text(summary, View(Translator("en"), width, color=False, unicode=True), out=Path(), dry=False)
    _before, _heading, below = page.partition("On the roster, and nothing handed in:\n")
    told = " ".join(below.partition("\n\n")[0].split())
    names, more = told.rsplit(" and ", 1)
    shown = [f"{id_} ({name})" for id_, name in people.items()][: names.count("(")]
    assert names == ", ".join(shown)
    assert more == f"{60 - len(shown)} more; --verbose shows all"
    assert len(shown) > 3


def test_a_single_name_that_is_too_long_is_cut() -> None:
    summary = _summary(missing=("x" * 1000, "y"), strangers=(), names={}, overview=None)
    page = summary_text(summary, View(Translator("en"), 80, color=False, unicode=True), out=Path(), dry=False)
    assert "x…\n  and 1 more;" in page


def test_an_output_without_unicode_gets_ascii() -> None:
    text = summary_text(
        _summary(missing=(), strangers=(), notices=(), unreadable=(), failures=()),
        View(Translator("en"), 80, color=False, unicode=False),
        out=Path("out"),
        dry=False,
    )
    assert text.isascii() or "\\u" in text


def test_a_dry_run_and_an_interruption_are_said() -> None:
    view = View(Translator("en"), 80, color=False, unicode=True)
    assert "dry run" in summary_text(_summary(overview=None), view, out=Path("out"), dry=True)
    assert "Stopped." in summary_text(_summary(interrupted=True), view, out=Path("out"), dry=False)


@pytest.fixture
def own_stream() -> Iterator[None]:
    """A standard error of this test's own, closed when it ends."""
    error_stream.cache_clear()
    yield
    stream = error_stream()
    if stream is not None and stream is not sys.stderr:
        stream.close()
    error_stream.cache_clear()


@pytest.mark.usefixtures("own_stream")
def test_progress_tells_rate_and_time_left() -> None:
    now = [100.0]
    progress = BatchProgress(Translator("en"), color=False, clock=lambda: now[0])
    progress.began(100)
    assert str(progress.sentence()) == "0 of 100"
    progress.started("a/exercise_2.py")
    now[0] = 110.0
    progress.ended("a/exercise_2.py", 20)
    assert str(progress.sentence()) == "20 of 100, 2.0 a second, 0:40 left"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_waits_until_it_is_known_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("grader.cli.batch_progress.error_stream", lambda: terminal)
    with BatchProgress(Translator("en"), color=False) as progress:
        assert not terminal.getvalue()
        progress.began(1)
    assert "0 of 1" in terminal.getvalue()
    assert "0 of 0" not in terminal.getvalue()
    terminal = _Terminal()
    with BatchProgress(Translator("en"), color=False) as progress:
        progress.began(0)
    assert not terminal.getvalue()


def test_what_is_running_ends_whole_and_says_that_its_beginning_is_cut() -> None:
    progress = BatchProgress(Translator("en"), color=False)
    progress.started("임수빈_70013_assignsubmission_file_/homework/exercise_2.py")
    progress.started("a/exercise_2.py")
    console = Console(file=io.StringIO(), width=100)
    console.print(progress.table())
    assert isinstance(console.file, io.StringIO)
    running = console.file.getvalue().splitlines()[-1].rstrip()
    assert running == "...bmission_file_/homework/exercise_2.py, a/exercise_2.py"
