"""Grades the submissions of the golden reports anew, in both languages: `python tests/report/golden/grade.py`.

Takes minutes, trains models. What differs from run to run is written as one fixed value, so that a difference in
`reports/` is a difference in what students read. Afterwards, `python tests/report/golden/update.py` renders them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from grader.course import builtin_folder, read_course
from grader.grading import GradingOptions, Session
from grader.records import Environment, Report, Usage
from grader.report import render_json

ROOT: Final = Path(__file__).resolve().parents[3]
CORPUS: Final = ROOT / "tests" / "corpus"
REPORTS: Final = Path(__file__).parent / "reports"
LANGUAGES: Final = ("en", "ko")
CALL_SECONDS: Final = 4.0

SUBMISSIONS: Final = {
    "scaled_by_256": ("exercise-1", "wrong/exercise-1/divides_by_256.py"),
    "fortran_order": ("exercise-1", "wrong/exercise-1/fortran_order.py"),
    "validation_first": ("exercise-1", "wrong/exercise-1/validation_first.py"),
    "data_right": ("exercise-1", "right/exercise-1/type_annotated.py"),
    "two_layers_right": ("exercise-2", "right/exercise-2/names_imported.py"),
    "ten_sigmoid_outputs": ("exercise-2", "wrong/exercise-2/ten_sigmoid_outputs.py"),
    "never_built": ("exercise-2", "wrong/exercise-2/never_built.ipynb"),
    "shared_layers": ("exercise-2", "wrong/exercise-2/shared_layers.py"),
    "own_layer_class": ("exercise-2", "wrong/exercise-2/own_layer_class.py"),
    "stub": ("exercise-2", "../../exercises/exercise-2/exercise_2.py"),
    "notebook_right": ("exercise-3", "right/exercise-3/notebook_with_magics.ipynb"),
    "one_more_batch": ("exercise-3", "wrong/exercise-3/always_one_more.py"),
    "does_not_parse": ("exercise-3", "broken/exercise-3/does_not_parse.py"),
    "raises_at_the_top": ("exercise-3", "broken/exercise-3/raises_at_the_top.py"),
    "endless_loop": ("exercise-3", "broken/exercise-3/endless_loop_in_a_function.py"),
    "flood_of_prints": ("exercise-3", "broken/exercise-3/two_hundred_megabytes_of_prints.py"),
    "ends_the_process": ("exercise-3", "broken/exercise-3/ends_the_process.py"),
    "names_exchanged": ("exercise-4", "wrong/exercise-4/names_exchanged.py"),
    "absolute_value": ("exercise-5", "wrong/exercise-5/absolute_value.py"),
    "relu_right": ("exercise-5", "right/exercise-5/relu_by_where.py"),
    "sigmoid_in_the_hidden_layer": ("exercise-5", "wrong/exercise-5/sigmoid_in_the_hidden_layer.py"),
    "optimizers_right": ("exercise-6", "right/exercise-6/table_of_optimizers.py"),
    "classifier_that_jumps": ("exercise-6", "wrong/exercise-6/classifier_that_jumps.py"),
    "whole_course_notebook": ("exercise-4", "right/all/the_whole_chapter.ipynb"),
}
"""Name of the golden report -> exercise and file in the corpus."""


def normalised(report: Report) -> Report:
    """`report` with one fixed value for whatever is not the same on each machine and run."""
    return msgspec.structs.replace(
        report,
        checks=tuple(msgspec.structs.replace(check, seconds=0.25 if check.seconds else 0.0) for check in report.checks),
        usage=Usage(wall_seconds=1.5, cpu_seconds=1.0, peak_memory_bytes=64 * 2**20),
        environment=Environment(grader="0.1.0", python="3.11.0", tensorflow="2.21.0", keras="3.15.0"),
        seconds=2.5,
    )


def main() -> None:
    """Grade every submission in every language and write the reports."""
    wanted = sys.argv[1:] or list(SUBMISSIONS)
    course = read_course(builtin_folder())
    REPORTS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        with Session(course, GradingOptions(language=language, time_limit=CALL_SECONDS)) as session:
            for name in wanted:
                exercise, file = SUBMISSIONS[name]
                with tempfile.TemporaryDirectory() as folder:
                    stem = course.exercise(exercise).stem
                    copy = Path(folder) / f"{stem}{Path(file).suffix}"
                    shutil.copyfile(CORPUS / file, copy)
                    report = session.grade(course.exercise(exercise), copy)
                report = msgspec.structs.replace(
                    report, submission=msgspec.structs.replace(report.submission, path=f"submissions/{copy.name}")
                )
                text = render_json(normalised(report)).replace(str(copy.parent), "submissions")
                (REPORTS / f"{name}.{language}.json").write_text(text, encoding="utf-8")
                print(name, language, report.verdict, flush=True)  # noqa: T201 - a command of its own


if __name__ == "__main__":
    main()
