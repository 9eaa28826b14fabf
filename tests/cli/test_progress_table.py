"""What is seen on a terminal while `grade all` goes on."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli.progress_table import TableProgress
from grader.course import builtin_folder, read_course
from grader.language import Text, Translator
from grader.records import Verdict
from grader.report import NoSubmission
from tests.cli.conftest import a_report


def page(progress: TableProgress) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=100, color_system=None).print(progress.table())
    return stream.getvalue().splitlines()


def test_each_exercise_has_a_line_that_says_how_far_it_is() -> None:
    course = read_course(builtin_folder())
    progress = TableProgress(Translator.english(), course.exercises, color=False, verbose=False)
    assert all(line.rstrip().endswith("waiting") for line in page(progress))
    progress.begin(course.exercises[1])
    progress(Text("Thinking\x1b[31m…"))
    assert page(progress)[1].rstrip().endswith(r"Thinking\x1b[31m…")
    progress.end(a_report("exercise-2", Verdict.FAILED))
    progress.end(NoSubmission(exercise="exercise-3", title="", reason=None))
    lines = [line.rstrip() for line in page(progress)]
    assert lines[1].endswith("not passed yet, 0/1 points")
    assert lines[2].endswith("no file")
    assert lines[3].endswith("waiting")


@pytest.mark.slow
def test_the_table_is_on_standard_error_of_a_terminal_only(tmp_path: Path) -> None:
    for exercise in read_course(builtin_folder()).exercises[:2]:
        (tmp_path / exercise.stub.name).write_bytes(exercise.stub.read_bytes())
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm", "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "grader", "all", "--format", "json"]
    ours, theirs = pty.openpty()
    seen = bytearray()

    def read() -> None:
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                return
            if not data:
                return
            seen.extend(data)

    reader = threading.Thread(target=read)
    reader.start()
    on_terminal = subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    reader.join(timeout=10)
    os.close(ours)
    piped = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert on_terminal.returncode == piped.returncode == 1
    assert b"waiting" in seen
    assert b"waiting" not in piped.stderr
    assert b"waiting" not in on_terminal.stdout
