"""A new course, and a new exercise in one: small, and working, with a check and a wrong answer that proves it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from grader.authoring.folders import refuse_full, write_files
from grader.course import COURSE_FILE, Course, read_course
from grader.errors import CourseError, UsageError
from grader.language import _

FIRST: Final = "exercise-1"
LANGUAGES: Final = ("en", "ko")
_TITLES: Final = {"en": "A new course", "ko": "새 과정"}
_EXERCISE_TITLES: Final = {"en": "Add numbers up", "ko": "숫자 더하기"}
_TASKS: Final = {
    "en": """\
# {title}

Write `{function}` in `{stem}.py`. It takes a list of numbers and returns their sum.

```python
{function}([1, 2, 3])  # 6
```

Then check it:

```sh
grade {id}
```
""",
    "ko": """\
# {title}

`{stem}.py`에 `{function}` 함수를 작성하세요. 숫자 리스트를 받아 합을 반환합니다.

```python
{function}([1, 2, 3])  # 6
```

다 쓴 다음 확인해 보세요.

```sh
grade {id}
```
""",
}
_FUNCTION: Final = '''\
def {function}(numbers: list[int]) -> int:
    """Return the sum of the numbers; that of none is 0."""
'''
_STUB: Final = '"""{title}."""\n\n\n' + _FUNCTION + "    raise NotImplementedError\n"
_SOLUTION: Final = '"""{title}."""\n\n\n' + _FUNCTION + "    return sum(numbers)\n"
_WRONG: Final = (
    """\
# fails: test_{function}_adds
# says: last number
"""
    + _FUNCTION
    + "    return sum(numbers[:-1])\n"
)
_CHECKS: Final = '''\
"""Checks of {id}."""

from grader.checking import Mistake, check, expect_count
from grader.language import _


@check(
    "{function}",
    points=1,
    title=_("The sum of the numbers is right"),
    hint=_("Start at 0 and add each number."),
)
def test_{function}_adds(student, rng):
    numbers = [int(number) for number in rng.integers(1, 100, 5)]
    without_last = Mistake(sum(numbers[:-1]), _("The last number is left out."))
    expect_count(student.{function}(numbers), sum(numbers), mistakes=[without_last], secret=True)
'''
_SENTENCES: Final = {
    "The sum of the numbers is right": "숫자의 합이 맞습니다",
    "Start at 0 and add each number.": "0에서 시작해 숫자를 하나씩 더해 보세요.",
    "The last number is left out.": "마지막 숫자가 빠졌습니다.",
}
_COURSE: Final = """\
format = "grade-course/1"
languages = ["en", "ko"]           # the first is the one to fall back to
seed = 42                          # for the checks' hidden inputs
catalogs = ["locale"]              # the checks' sentences in other languages

[title]
en = "{en}"
ko = "{ko}"

# What proves the checks; students get none of it.
[verification]
solutions = "solutions"
wrong = "checks/wrong"
"""


def new_course(folder: Path) -> Course:
    """Write a course with one exercise into `folder`, which must be empty or not there, and return it.

    Raises UsageError.
    """
    refuse_full(folder)
    files = _exercise_files(FIRST, _function_of(FIRST), LANGUAGES)
    toml = _COURSE.format(**_TITLES) + _entry(FIRST, _function_of(FIRST), LANGUAGES)
    write_files(folder, {COURSE_FILE: toml, "locale/ko/LC_MESSAGES/checks.po": _catalog(), **files})
    from grader.authoring.catalogs import update_catalogs  # noqa: PLC0415 - only here; it imports check files

    course = read_course(folder)
    update_catalogs(course)
    return course


def new_exercise(course: Course, name: str, function: str | None = None) -> Course:
    """Add an exercise of the id `name` to `course`, and return the course as it is then.

    Raises UsageError, with nothing changed, where it cannot be added.
    """
    if any(exercise.id == name for exercise in course.exercises):
        raise UsageError(_("The course has {id} already. Name another exercise.", id=name))
    asked = function or _function_of(name)
    files = _exercise_files(name, asked, course.languages)
    there = [path for path in files if (course.folder / path).exists()]
    if there:
        raise UsageError(_("{file} is there already. Move it away, or name another exercise.", file=there[0]))
    toml = course.folder / COURSE_FILE
    before = toml.read_bytes()
    write_files(course.folder, files)
    try:
        toml.write_bytes(before.rstrip() + b"\n" + _entry(name, asked, course.languages).encode())
        return read_course(course.folder)
    except (CourseError, OSError) as error:
        toml.write_bytes(before)
        for path in files:
            (course.folder / path).unlink()
        raise error if isinstance(error, CourseError) else UsageError(str(error)) from None


def _function_of(name: str) -> str:
    return f"add_up_{name.replace('-', '_')}" if name != FIRST else "add_up"


def _exercise_files(name: str, function: str, languages: Sequence[str]) -> dict[str, str]:
    """The text of each file of a new exercise, by its path from the course's folder."""
    stem = name.replace("-", "_")
    values = {"id": name, "stem": stem, "function": function}
    first, *others = languages
    tasks = {first: "README.md"} | {language: f"README.{language}.md" for language in others}
    return {
        f"exercises/{name}/{stem}.py": _STUB.format(**values, title=_EXERCISE_TITLES["en"]),
        f"solutions/{name}/{stem}.py": _SOLUTION.format(**values, title=_EXERCISE_TITLES["en"]),
        f"checks/test_{stem}.py": _CHECKS.format(**values),
        f"checks/wrong/{name}/forgets_the_last.py": _WRONG.format(**values),
        **{
            f"exercises/{name}/{file}": _in(_TASKS, language).format(**values, title=_in(_EXERCISE_TITLES, language))
            for language, file in tasks.items()
        },
    }


def _entry(name: str, function: str, languages: Sequence[str]) -> str:
    """The exercise's table in course.toml."""
    stem = name.replace("-", "_")
    titles = "".join(
        f"{language} = {json.dumps(_in(_EXERCISE_TITLES, language), ensure_ascii=False)}\n" for language in languages
    )
    return (
        f'\n[[exercises]]\nid = "{name}"\nstem = "{stem}"\nfolder = "exercises/{name}"\n'
        f'checks = "checks/test_{stem}.py"\npoints = 1\n[exercises.title]\n{titles}'
        f"[exercises.functions]              # their points add up to the exercise's\n{function} = 1\n"
    )


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, texts["en"])


def _catalog() -> str:
    head = 'msgid ""\nmsgstr ""\n"Language: ko\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    entries = (f'\nmsgid "{english}"\nmsgstr "{korean}"\n' for english, korean in _SENTENCES.items())
    return head + "".join(entries)
