"""Layers that are missing: how much confinement is left, what is said, and that no layer is believed untried."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader.errors import ConfinementError
from grader.language import Translator
from grader.records import Limits, SandboxLevel
from grader.sandbox.confinement import FULL_LAYERS, MOUNTS
from grader.sandbox.launcher import WarmLauncher, choose_launcher
from tests.sandbox.conftest import Subject

LAYERS = (*FULL_LAYERS, MOUNTS)
# What a layer alone stands in the way of, and a subject without that layer can do.
ALLOWED = {
    "namespaces": "__import__('os').getpid() != 1",
    "rlimits": "__import__('resource').getrlimit(__import__('resource').RLIMIT_CORE)[1] != 0"
    " or __import__('resource').getrlimit(__import__('resource').RLIMIT_CPU)[0] < 0",
    "landlock": "bool(__import__('os').listdir('/'))",
    "seccomp": "bool(__import__('socket').socket())",
    "mounts": "__import__('os').stat('.').st_dev == __import__('os').stat('..').st_dev",
}


@pytest.fixture(scope="module", params=LAYERS)
def without(request: pytest.FixtureRequest) -> Iterator[tuple[str, WarmLauncher]]:
    """A layer, and a launcher without it."""
    launcher = WarmLauncher(("numpy",), "auto", without=frozenset({request.param}))
    yield request.param, launcher
    launcher.close()


@pytest.mark.slow
def test_one_layer_less_is_told_as_what_it_is(without: tuple[str, WarmLauncher]) -> None:
    layer, launcher = without
    Subject(launcher, "def works(): return 1\n")
    gone = {layer} | ({MOUNTS} if layer == "namespaces" else set())
    assert [name for name in LAYERS if name not in launcher.facts.layers] == [name for name in LAYERS if name in gone]
    full = launcher.facts.level is SandboxLevel.FULL
    assert full is (layer == MOUNTS)


@pytest.mark.slow
def test_what_a_layer_alone_forbids_can_be_done_without_it(
    without: tuple[str, WarmLauncher], warm: WarmLauncher
) -> None:
    layer, launcher = without
    if layer == "capabilities":
        pytest.skip("inside its own namespaces a capability is good for nothing that the filter would allow")
    source = f"def allowed():\n    return {ALLOWED[layer]}\n"
    assert Subject(launcher, source).call("allowed")["value"] is True
    assert Subject(warm, source).call("allowed").get("value", False) is False


@pytest.mark.slow
@pytest.mark.parametrize("layer", FULL_LAYERS)
def test_required_confinement_is_refused_by_name_and_with_a_remedy(layer: str) -> None:
    launcher = WarmLauncher(("numpy",), "required", without=frozenset({layer}))
    try:
        with pytest.raises(ConfinementError) as caught:
            launcher.start_subject(Limits())
    finally:
        launcher.close()
    said = Translator("en", ()).render(caught.value.message)
    assert f"(missing: {layer})" in said
    assert "`grade doctor`" in said
    assert "\n" not in said


@pytest.mark.slow
def test_required_confinement_is_given_where_only_the_extra_layers_lack() -> None:
    launcher = WarmLauncher(("numpy",), "required", without=frozenset({MOUNTS}))
    try:
        assert Subject(launcher, "def works(): return 1\n").call("works")["value"] == 1
    finally:
        launcher.close()


def test_required_confinement_is_refused_outside_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ConfinementError, match="only Linux"):
        choose_launcher("required", ())


UNCONFINED = """
import json, os, resource, tempfile
from grader.sandbox import verifying
from grader.sandbox.seccomp import call_numbers
calls = call_numbers(verifying.ATTEMPTED_CALLS)
with tempfile.TemporaryDirectory() as folder:
    held = {
        "namespaces": verifying.namespaces_hold(verifying.own_namespaces()),
        "mounts": verifying.mounts_hold(folder, 10**18, 10**12, own_root=False),
        "rlimits": verifying.limits_hold({resource.RLIMIT_NOFILE: (4096, 4096), resource.RLIMIT_CORE: (0, 0)}),
        "capabilities": verifying.capabilities_hold(),
        "landlock": verifying.files_hold(folder + "/scratch"),
        "seccomp": verifying.calls_hold(calls),
    }
print(json.dumps({"held": held, "descriptors": len(os.listdir("/proc/self/fd")) < 20}))
"""


@pytest.mark.slow
def test_no_layer_holds_in_a_process_that_has_none() -> None:
    ended = subprocess.run([sys.executable, "-c", UNCONFINED], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(ended.stdout) == {"held": dict.fromkeys(LAYERS, False), "descriptors": True}


@pytest.mark.slow
def test_a_filter_that_lets_a_forbidden_call_through_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment of the grader reaches no warm process, so what it should not refuse is said in its configuration.
    code = (
        "import sys\n"
        "from grader.sandbox import seccomp, warm\n"
        "seccomp.ALLOWED.append('ptrace')\n"
        "warm.main(sys.argv[1:])\n"
    )
    monkeypatch.setattr(
        "grader.sandbox.warm_launcher.python_command",
        lambda _module, *arguments: [sys.executable, "-c", code, *arguments],
    )
    launcher = WarmLauncher(("numpy",), "auto")
    try:
        Subject(launcher, "def works(): return 1\n")
        assert launcher.facts.level is SandboxLevel.PARTIAL
        assert "seccomp" not in launcher.facts.layers
    finally:
        launcher.close()
