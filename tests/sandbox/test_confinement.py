"""What a confined subject cannot do, tried from inside; what the grader's own files look like to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import grader
from grader.records import Limits, SandboxLevel
from grader.sandbox.confinement import FULL_LAYERS, level_of
from grader.sandbox.launcher import WarmLauncher, clean_environment, preloads
from grader.sandbox.probing import probe
from tests.sandbox.conftest import Subject

PACKAGE = Path(grader.__file__).parent


@pytest.mark.parametrize(
    ("layers", "level"),
    [
        (FULL_LAYERS, SandboxLevel.FULL),
        (FULL_LAYERS[1:], SandboxLevel.PARTIAL),
        (("rlimits", "seccomp"), SandboxLevel.PARTIAL),
        (("rlimits",), SandboxLevel.NONE),
        ((), SandboxLevel.NONE),
    ],
)
def test_the_level_follows_from_the_layers(layers: tuple[str, ...], level: SandboxLevel) -> None:
    assert level_of(layers) is level


def test_the_environment_of_a_subject_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert "GITHUB_TOKEN" not in clean_environment()


def test_a_warm_process_imports_only_what_is_named_and_known() -> None:
    assert preloads({"os", "tensorflow", "sklearn.model_selection", "antigravity"}) == (
        "numpy",
        "sklearn.model_selection",
        "tensorflow",
    )


@pytest.mark.slow
def test_every_layer_holds_here() -> None:
    assert [(fact.name, fact.works) for fact in probe()] == [(name, True) for name in FULL_LAYERS]


ATTEMPTS = {
    "read a system file": "open('/etc/passwd').read()",
    "list the root folder": "__import__('os').listdir('/')",
    "read the checks": f"open({str(PACKAGE / 'checks' / 'test_exercise_1.py')!r}).read()",
    "read the grader": f"open({str(PACKAGE / 'records.py')!r}).read()",
    "read the images": f"open({str(PACKAGE / 'data' / 'fashion_mnist.npz')!r}, 'rb').read()",
    "read another process": "open('/proc/1/environ').read()",
    "write outside the scratch folder": "open('/tmp/escaped', 'w').write('x')",
    "open a network socket": "__import__('socket').socket()",
    "open a local socket": "__import__('socket').socket(__import__('socket').AF_UNIX)",
    "fork": "__import__('os').fork()",
    "start a program": "__import__('subprocess').run(['true'])",
    "replace itself": "__import__('os').execv('/bin/true', ['true'])",
    "kill its parent": "__import__('os').kill(__import__('os').getppid() or 2, 9)",
    "change a file's mode": "__import__('os').chmod('/tmp', 0o777)",
    "follow a link out": "(__import__('os').symlink('/etc/passwd', 'link'), open('link').read())",
}


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_confined_subject_cannot(warm: WarmLauncher, attempt: str) -> None:
    subject = Subject(warm, f"def attempt():\n    return {attempt}\n")
    assert warm.facts.level is SandboxLevel.FULL
    facts = subject.call("attempt")
    assert facts.get("type") in {"PermissionError", "ProcessLookupError"} or "Read-only" in facts["text"], facts


@pytest.mark.slow
def test_nothing_outlives_a_grader_that_is_killed() -> None:
    code = (
        "import os, time\n"
        "from grader.records import Limits\n"
        "from grader.sandbox.launcher import WarmLauncher\n"
        "launcher = WarmLauncher(('numpy',), 'auto')\n"
        "launcher.start_subject(Limits())\n"
        "print(launcher._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        group = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 5
    while _members(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _members(group) == []


def _members(session: int) -> list[str]:
    """The command lines of living processes of a session; its number is that of its first process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(folder.name)
    return found


@pytest.mark.slow
def test_turned_off_is_told_as_no_confinement() -> None:
    launcher = WarmLauncher(("numpy",), "off")
    try:
        launcher.start_subject(Limits())
        assert launcher.facts.level is SandboxLevel.NONE
    finally:
        launcher.close()
