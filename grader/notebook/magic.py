"""The magic `%grade`, its completion, and how a report is shown in a notebook. IPython is imported when it is there."""

from __future__ import annotations

import html
import os
import shlex
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.course import find_course, in_language
from grader.errors import GraderError, UsageError
from grader.language import Translator, _
from grader.notebook.cells import session_notebook
from grader.notebook.client import Client
from grader.notebook.messages import Asked, Told
from grader.records import SANDBOX_MODES

MAGIC: Final = "grade"
HINT: Final = "hint"
"""The word before an exercise that asks for help instead."""
_FLAGS: Final = ("--verbose",)
_OPTIONS: Final = ("--lang", "--sandbox", "--course")
_CLIENT: Final = Client()


def load(shell: Any) -> None:
    """Register `%grade` and its completion with an IPython shell."""
    shell.register_magic_function(lambda line: _guarded(shell, line), magic_kind="line", magic_name=MAGIC)
    shell.set_hook("complete_command", lambda _self, event: completions(event.line), str_key=f"%{MAGIC}")


def unload(_shell: Any) -> None:
    """End the process that grades."""
    _CLIENT.close()


def check(
    exercise: str,
    *,
    language: str | None = None,
    verbose: bool = False,
    course: str | None = None,
    sandbox: str = "auto",
) -> None:
    """Grade what this notebook has executed for `exercise`, and show the report. Raises nothing but an interruption."""
    shell = _shell()
    if shell is None:
        sys.stderr.write("grade: grader.check is for notebooks. In a terminal: grade EXERCISE\n")
        return
    asked = _asked(shell, exercise, language=language, verbose=verbose, course=course, sandbox=sandbox)
    _tell_refusal(lambda: _grade(asked, shell))


def completions(line: str) -> list[str]:
    """What may stand at the end of the line: the course's exercises, and the options."""
    *before, word = line.split(" ")
    try:
        course = find_course(Path.cwd(), None)
        names, languages = [exercise.id for exercise in course.exercises], course.languages
    except GraderError:
        names, languages = [], ()
    words = [one for one in before[1:] if one]
    values = {"--lang": languages, "--sandbox": tuple(SANDBOX_MODES), "--course": ()}
    if words and words[-1] in values:
        known = [*values[words[-1]]]
    elif word.startswith("-"):
        known = [*_FLAGS, *_OPTIONS]
    else:
        known = names if words else [*names, HINT]
    return [name for name in known if name.startswith(word)]


def parse(line: str) -> tuple[str | None, dict[str, Any]]:
    """The exercise, None where none is named, and the options of a line. Raises UsageError.

    `hint EXERCISE [FUNCTION]` asks for help: `help` is among the options then, and `function` where it is named.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(_("{line} cannot be read: {reason}.", line=line, reason=str(error))) from None
    found: dict[str, Any] = {}
    names = []
    while words:
        word, _sign, value = words.pop(0).partition("=")
        if word in _FLAGS:
            found[word.removeprefix("--")] = True
        elif word in _OPTIONS:
            value = value or (words.pop(0) if words else "")
            if not value:
                raise UsageError(_("{option} needs a value. See `grade --help`.", option=word))
            found[word.removeprefix("--")] = value
        elif word.startswith("-"):
            raise UsageError(
                _("There is no option {option}; there are {known}.", option=word, known=", ".join((*_OPTIONS, *_FLAGS)))
            )
        else:
            names.append(word)
    if names[:1] == [HINT] and len(names) in {2, 3}:
        found |= {"help": True, "function": names[2] if len(names) == 3 else None}
        names = names[1:2]
    if len(names) > 1 or names == [HINT]:
        raise UsageError(_("Name one exercise: `%grade exercise-1`."))
    if found.get("sandbox", "auto") not in SANDBOX_MODES:
        raise UsageError(_("--sandbox is one of {known}.", known=", ".join(SANDBOX_MODES)))
    return (names[0] if names else None), found


def _guarded(shell: Any, line: str) -> None:
    def work() -> None:
        exercise, found = parse(line)
        if exercise is None:
            _list(found)
            return
        asked = _asked(
            shell,
            exercise,
            language=found.get("lang"),
            verbose=bool(found.get("verbose")),
            course=found.get("course"),
            sandbox=str(found.get("sandbox", "auto")),
        )
        if "help" in found:
            asked = msgspec.structs.replace(asked, content=b"", help=True, function=found["function"])
        _grade(asked, shell)

    _tell_refusal(work)


def _tell_refusal(work: Any) -> None:
    """Do it; what cannot be done is one line, and an interruption too."""
    try:
        work()
    except GraderError as error:
        sys.stderr.write(f"grade: {Translator(_language()).render(error.message)}\n")
    except KeyboardInterrupt:
        sys.stderr.write(f"grade: {Translator(_language()).render(_('stopped'))}\n")


def _language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return spoken.partition("_")[0]


def _asked(
    shell: Any, exercise: str, *, language: str | None, verbose: bool, course: str | None, sandbox: str
) -> Asked:
    executed = list(getattr(shell.history_manager, "input_hist_raw", None) or shell.user_ns.get("In", []))
    return Asked(
        exercise=exercise,
        content=session_notebook([str(text) for text in executed]),
        folder=str(Path.cwd()),
        course=course,
        language=language,
        sandbox=sandbox,
        verbose=verbose,
    )


def _list(found: dict[str, Any]) -> None:
    """The exercises that there are."""
    course = find_course(Path.cwd(), Path(found["course"]) if "course" in found else None)
    language = str(found.get("lang", _language()))
    for exercise in course.exercises:
        sys.stdout.write(f"%grade {exercise.id}   {in_language(exercise.title, language)}\n")


def _grade(asked: Asked, shell: Any) -> None:
    """Grade and show. Raises UsageError for what is refused, and InternalError."""
    from IPython import display as showing  # noqa: PLC0415 - only in a notebook

    display: Any = showing.display
    # What a terminal has shown it cannot take back: there, nothing is shown before the report.
    shown = display({"text/plain": "…"}, raw=True, display_id=True) if hasattr(shell, "kernel") else None

    def step(words: str) -> None:
        if shown is not None:
            shown.update({"text/plain": words}, raw=True)

    try:
        told = _CLIENT.grade(asked, step)
    except BaseException:
        step("")
        raise
    if told.refused is not None:
        step("")
        raise UsageError(told.refused)
    bundle = bundle_of(told)
    if shown is not None:
        shown.update(bundle, raw=True)
    else:
        display(bundle, raw=True)


def bundle_of(told: Told) -> dict[str, str]:
    """The report as what a notebook shows: HTML with the whole page folded in, and text for where there is no HTML.

    The page stands in a frame that may run nothing and reach nothing.
    """
    page = html.escape(told.page or "", quote=True)
    label = html.escape(told.label, quote=True)
    frame = f'<iframe sandbox="" srcdoc="{page}" style="width:100%;height:40em;border:0" title="{label}"></iframe>'
    folded = f"<details><summary>{label}</summary>{frame}</details>" if told.page else ""
    return {"text/html": f"{told.html}{folded}", "text/plain": told.text or ""}


def _shell() -> Any:
    """The running IPython shell; None outside of one."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython  # noqa: PLC0415 - it is there already

    return get_ipython()
