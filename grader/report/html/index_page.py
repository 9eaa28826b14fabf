"""The class overview as a page for a browser, opened from the disk."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from grader.language import Translator, _
from grader.report.cohort import BINS, WRONG_ANSWERS, CheckTally, Cohort, CohortEntry, ExerciseTally, count, histogram
from grader.report.escaping import clip, terminal_safe
from grader.report.html.labels import index_labels
from grader.report.html.templating import fill
from grader.report.words import VERDICTS, number, ratio

UNGRADED_SHOWN: Final = 500
_NAME: Final = 120
_BAR, _GAP, _TALL = 44, 8, 110


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check's line: `rate` and `discrimination` as written."""

    function: str
    title: str
    rate: str
    passed: str
    discrimination: str
    doubtful: bool
    wrong: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """One exercise's section."""

    anchor: str
    exercise: str
    title: str
    graded: int
    mean: str
    median: str
    bars: str
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the students' table; `value` is what it sorts by."""

    text: str
    value: str
    kind: str
    link: str | None
    late: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One student's line."""

    student: str
    name: str
    section: str
    cells: tuple[CellView, ...]
    total: str


@dataclass(frozen=True, slots=True)
class UngradedView:
    """One submission without a score."""

    student: str
    exercise: str
    reason: str
    link: str | None


def index_page(entries: Iterable[CohortEntry], translator: Translator, *, title: str) -> str:
    """The page of `grader.report.render_index`."""
    cohort = count(entries)
    rows = list(cohort.students.values())
    shares = [ratio(row.points, cohort.possible) for row in rows]
    return fill(
        "index.html.j2",
        {
            "language": translator.language,
            "title": title,
            "t": index_labels(translator),
            "students": len(rows),
            "submissions": cohort.submissions,
            "mean": _percent(shares, statistics.fmean),
            "median": _percent(shares, statistics.median),
            "possible": number(cohort.possible),
            "bars": bars_svg(histogram(shares), translator, prefix="all"),
            "exercises": [
                _exercise(tally, translator, f"x{position}")
                for position, tally in enumerate(cohort.exercises.values(), 1)
            ],
            "with_sections": any(row.section for row in rows),
            "with_names": any(row.name for row in rows),
            "rows": _rows(cohort, translator),
            "ungraded": _ungraded(cohort, translator),
            "more_ungraded": max(len(cohort.ungraded) - UNGRADED_SHOWN, 0),
        },
        script="index.js",
    )


def relative(link: str | None) -> str | None:
    """`link` as a relative reference that no browser takes for a scheme, a host or a query."""
    return None if link is None else "./" + quote(link.lstrip("/").encode("utf-8", "replace"), safe="/")


def bars_svg(bins: Sequence[int], translator: Translator, *, prefix: str) -> str:
    """A distribution as SVG: a bar for each tenth of the points, with its count."""
    highest = max(*bins, 1)
    words = "; ".join(f"{_tenth(position)}: {number_}" for position, number_ in enumerate(bins) if number_)
    title = translator.render(_("How many earned which part of the points: {numbers}.", numbers=words or "0"))
    width = BINS * (_BAR + _GAP)
    pieces = [
        f'<svg class="bars" viewBox="0 0 {width} {_TALL + 40}" role="img" aria-labelledby="{prefix}-bars">',
        f'<title id="{prefix}-bars">{escape(terminal_safe(title))}</title>',
    ]
    for position, counted in enumerate(bins):
        tall = round(_TALL * counted / highest) if counted else 0
        left, top = position * (_BAR + _GAP) + _GAP // 2, 18 + _TALL - max(tall, 1)
        middle = left + _BAR / 2
        pieces.append(f'<rect x="{left}" y="{top}" width="{_BAR}" height="{max(tall, 1)}" rx="2"/>')
        if counted:
            pieces.append(f'<text x="{middle:g}" y="{top - 4}" text-anchor="middle">{counted}</text>')
        pieces.append(
            f'<text x="{middle:g}" y="{_TALL + 34}" text-anchor="middle" class="tick">{_tenth(position)}</text>'
        )
    return "".join([*pieces, "</svg>"])


def _tenth(position: int) -> str:
    return f"{position * 10}-{position * 10 + (10 if position == BINS - 1 else 9)}%"


def _percent(shares: Sequence[float], average: Callable[[Sequence[float]], float]) -> str:
    return f"{average(shares):.0%}" if shares else "-"


def _exercise(tally: ExerciseTally, translator: Translator, anchor: str) -> ExerciseView:
    return ExerciseView(
        anchor=anchor,
        exercise=tally.exercise,
        title=tally.title,
        graded=len(tally.shares),
        mean=_percent(tally.shares, statistics.fmean),
        median=_percent(tally.shares, statistics.median),
        bars=bars_svg(histogram(tally.shares), translator, prefix=anchor),
        checks=tuple(_check(check) for check in sorted(tally.checks.values(), key=lambda check: check.rate)),
    )


def _check(tally: CheckTally) -> CheckRow:
    found = tally.discrimination
    return CheckRow(
        function=clip(tally.function, _NAME),
        title=clip(tally.title, 300),
        rate=f"{tally.rate:.0%}",
        passed=f"{tally.passed} / {tally.ran}",
        discrimination="-" if found is None else f"{found:+.2f}",
        doubtful=found is not None and found < 0,
        wrong=tuple(tally.wrong.most_common(WRONG_ANSWERS)),
    )


def _rows(cohort: Cohort, translator: Translator) -> Iterator[RowView]:
    kinds = {verdict.value: translator.render(text) for verdict, text in VERDICTS.items()}
    missing, unreadable = translator.render(_("missing")), translator.render(_("not readable"))
    for row in cohort.students.values():
        cells = []
        for exercise in cohort.exercises:
            cell = row.cells.get(exercise)
            if cell is None or (cell.verdict is None and cell.points is None):
                words = unreadable if cell is not None and cell.unreadable else missing
                link = relative(cell.link) if cell else None
                cells.append(CellView(words, "-1", "missing", link, late=False, by_hand=False))
            else:
                text = number(cell.points) if cell.points is not None else kinds.get(cell.verdict or "", missing)
                value = "-0.5" if cell.points is None else f"{cell.points:g}"
                kind, link = cell.verdict or "partial", relative(cell.link)
                cells.append(CellView(text, value, kind, link, late=cell.late, by_hand=cell.by_hand))
        yield RowView(
            clip(row.student, _NAME),
            clip(row.name, _NAME),
            clip(row.section, _NAME),
            tuple(cells),
            number(row.points),
        )


def _ungraded(cohort: Cohort, translator: Translator) -> list[UngradedView]:
    unknown = translator.render(_("The grader itself failed; the report says where."))
    return [
        UngradedView(clip(one.student, _NAME), one.exercise, clip(one.reason or unknown, 300), relative(one.link))
        for one in cohort.ungraded[:UNGRADED_SHOWN]
    ]
