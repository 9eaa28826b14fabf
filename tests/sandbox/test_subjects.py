"""Real subjects: what they answer, what they may use, and how their end is told. Both ways of starting one."""

from __future__ import annotations

import time

import numpy as np
import pytest

from grader.errors import LimitError, ProtocolError, SandboxError, SubjectDied
from grader.protocol.values import Opaque
from grader.records import Limits
from grader.sandbox.launcher import PlainLauncher, WarmLauncher
from tests.sandbox.conftest import Subject

pytestmark = pytest.mark.slow

Launcher = WarmLauncher | PlainLauncher


def test_a_function_answers_with_plain_values(launcher: Launcher) -> None:
    subject = Subject(launcher, "import numpy as np\ndef double(x): return np.multiply(x, 2), [x], None\n")
    doubled, listed, nothing = subject.call("double", np.arange(3))["value"]
    assert doubled.tolist() == [0, 2, 4]
    assert listed[0].tolist() == [0, 1, 2]
    assert nothing is None


def test_arguments_are_the_subjects_own_to_change(launcher: Launcher) -> None:
    subject = Subject(launcher, "def spoil(x):\n    x[0] = 9\n    return x\n")
    answer = subject.call("spoil", np.zeros(2), observe=True)
    assert answer["arguments"][0].tolist() == [9, 0]


def test_an_exception_is_told_with_the_lines_it_passed(launcher: Launcher) -> None:
    subject = Subject(launcher, "def fails():\n    return helper()\ndef helper():\n    raise KeyError('pixel')\n")
    facts = subject.call("fails")
    assert (facts["type"], facts["text"]) == ("KeyError", "'pixel'")
    assert [line for file, line, _ in facts["frames"] if file == "exercise_0.py"] == [2, 4]


@pytest.mark.parametrize("body", ["import sys; sys.exit(3)", "raise KeyboardInterrupt", "raise BaseException('x')"])
def test_no_exception_ends_the_subject(launcher: Launcher, body: str) -> None:
    subject = Subject(launcher, f"def leave():\n    {body}\ndef works(): return 1\n")
    assert "type" in subject.call("leave")
    assert subject.call("works")["value"] == 1


def test_an_exception_without_a_text_is_told(launcher: Launcher) -> None:
    source = "class Odd(Exception):\n    def __str__(self): raise ValueError\ndef fails(): raise Odd\n"
    assert Subject(launcher, source).call("fails")["type"] == "Odd"


def test_code_that_raises_halfway_leaves_what_it_defined(launcher: Launcher) -> None:
    subject = Subject(launcher, "def early(): return 1\n1 / 0\ndef late(): return 2\n")
    assert [facts["type"] for facts in subject.loaded["raised"]] == ["ZeroDivisionError"]
    assert subject.call("early")["value"] == 1
    assert subject.call("late") == {"missing": "late"}


def test_top_level_code_that_does_not_end_leaves_what_it_defined(launcher: Launcher) -> None:
    subject = Subject(launcher, "def early(): return 1\nwhile True: pass\n")
    assert [facts["type"] for facts in subject.loaded["raised"]] == ["StillRunning"]
    assert subject.call("early")["value"] == 1


def test_a_helper_module_is_found_and_an_installed_one_is_not_shadowed(launcher: Launcher) -> None:
    subject = Subject(launcher, "import my_helper, numpy\ndef value(): return my_helper.VALUE, numpy.__name__\n")
    assert subject.call("value")["value"] == (42, "numpy")


def test_what_may_not_cross_is_named(launcher: Launcher) -> None:
    subject = Subject(launcher, "def give(): return (i for i in 'ab')\n")
    assert subject.call("give")["value"] == Opaque("builtins.generator")


def test_an_answer_over_the_limit_is_refused_and_the_subject_lives(launcher: Launcher) -> None:
    subject = Subject(launcher, "def much(): return b'x' * 2_000_000\ndef works(): return 1\n")
    assert subject.call("much")["refused"] == "OverflowError"
    assert subject.call("works")["value"] == 1


def test_warnings_and_prints_are_told(launcher: Launcher) -> None:
    subject = Subject(launcher, "import warnings\ndef loud():\n    print('hello')\n    warnings.warn('careful')\n")
    assert subject.call("loud")["warnings"] == ["careful"]
    assert subject.process.take_printed() == "hello\n"
    assert subject.process.take_printed() == ""


def test_a_call_that_does_not_end_is_killed_at_its_limit(launcher: Launcher) -> None:
    subject = Subject(launcher, "def spin():\n    while True: pass\n")
    started = time.monotonic()
    with pytest.raises(LimitError) as caught:
        subject.call("spin")
    assert caught.value.timed_out
    assert time.monotonic() - started < 10
    assert not subject.process.alive
    with pytest.raises(SandboxError):
        subject.call("spin")


def test_processor_time_is_limited_over_a_subjects_life(launcher: Launcher) -> None:
    limits = Limits(call_seconds=30, cpu_seconds=1)
    process = Subject(launcher, "def spin():\n    while True: pass\n", limits).process
    request = {"do": "call", "name": "spin", "arguments": (), "keywords": {}, "observe": False}
    with pytest.raises(LimitError, match="processor time"):
        process.exchange(request, seconds=20)


@pytest.mark.parametrize("body", ["return np.ones(10**9)", "kept = []\n    while True: kept.append(np.ones(100_000))"])
def test_memory_is_limited(launcher: Launcher, body: str) -> None:
    # Little, so that it is used up long before the time is.
    limits = Limits(memory_bytes=64 * 1024**2)
    subject = Subject(launcher, f"import numpy as np\ndef big():\n    {body}\n", limits)
    try:
        told = subject.call("big")["type"]
    except LimitError as error:
        told = str(error)
    assert told == "MemoryError" or "memory" in told


def test_output_is_limited(launcher: Launcher) -> None:
    subject = Subject(launcher, "def flood():\n    while True: print('x' * 1000)\n")
    with pytest.raises(LimitError, match="printed"):
        subject.call("flood")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "crashed Python itself"),
    ],
)
def test_a_subject_that_ends_itself_is_told(launcher: Launcher, body: str, words: str) -> None:
    subject = Subject(launcher, f"def end():\n    {body}\n")
    with pytest.raises(SubjectDied, match=words):
        subject.call("end")


def test_closing_the_channel_is_not_a_way_to_live_on(launcher: Launcher) -> None:
    subject = Subject(launcher, "import os, time\ndef hide():\n    os.closerange(3, 65536)\n    time.sleep(60)\n")
    with pytest.raises(SubjectDied):
        subject.call("hide")
    assert subject.process.usage is not None


FORGERY = """
import os, struct
def forge():
    for descriptor in range(3, 4096):
        try:
            os.write(descriptor, {data})
        except OSError:
            pass
    return 1
"""


@pytest.mark.parametrize(
    "data",
    [
        "b'not a frame at all'",
        "struct.pack('<IIB', 1, 99, 2) + b'T'",
        "struct.pack('<IIB', 2**31, 2, 2)",
        "struct.pack('<IIB', 1, 2, 1) + b'T'",
    ],
)
def test_writing_to_the_channel_only_spoils_ones_own_answer(launcher: Launcher, data: str) -> None:
    subject = Subject(launcher, FORGERY.format(data=data))
    with pytest.raises((ProtocolError, LimitError)):
        subject.call("forge")
    assert not subject.process.alive


def test_a_forged_early_answer_is_seen_at_the_next_question(launcher: Launcher) -> None:
    # The attacker knows the number of the request: a launcher may have asked something before the load.
    number = 2 if isinstance(launcher, WarmLauncher) else 3
    subject = Subject(launcher, FORGERY.format(data=f"struct.pack('<IIB', 1, {number}, 2) + b'T'"))
    assert subject.call("forge") is True
    with pytest.raises(ProtocolError):
        subject.call("forge")


def test_nothing_of_one_subject_is_in_the_next(launcher: Launcher) -> None:
    leave = "import os, sys\nsys.secret = 1\nos.environ['SECRET'] = '1'\nopen('left', 'w').write('x')\n"
    look = "import os, sys\ndef look(): return hasattr(sys, 'secret'), 'SECRET' in os.environ, os.listdir()\n"
    Subject(launcher, leave).process.kill()
    second = Subject(launcher, look)
    assert second.call("look")["value"] == (False, False, [])
