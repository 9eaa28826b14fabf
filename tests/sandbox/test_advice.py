"""What is said to be in the way of a layer, on machines of all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.language import Translator
from grader.sandbox.advice import Machine, advice, this_machine


def machine(**differences: Any) -> Machine:
    """One on which everything should work, but for the differences."""
    usual: dict[str, Any] = {
        "release": (6, 8),
        "apparmor_restricts_user_namespaces": False,
        "user_namespaces_switched_off": False,
        "most_user_namespaces": 1000,
        "in_container": False,
        "has_landlock": True,
        "has_libseccomp": True,
    }
    return Machine(**usual | differences)


@pytest.mark.parametrize(
    ("layer", "differences", "words"),
    [
        ("namespaces", {"apparmor_restricts_user_namespaces": True}, "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("namespaces", {"user_namespaces_switched_off": True}, "kernel.unprivileged_userns_clone=1"),
        ("namespaces", {"most_user_namespaces": 0}, "user.max_user_namespaces=10000"),
        ("namespaces", {"in_container": True}, "--security-opt seccomp=unconfined"),
        ("namespaces", {}, "ask the administrator"),
        ("landlock", {"release": (5, 4), "has_landlock": False}, "Linux 5.4 has no Landlock; use 5.13 or newer"),
        ("landlock", {"has_landlock": False, "in_container": True}, "container's runtime forbids Landlock"),
        ("landlock", {"has_landlock": False}, "`lsm=`"),
        ("seccomp", {"has_libseccomp": False}, "apt-get install libseccomp2"),
        ("seccomp", {}, "outside a container"),
        ("rlimits", {}, "outside a container"),
    ],
)
def test_the_remedy_fits_the_machine(layer: str, differences: dict[str, Any], words: str) -> None:
    assert words in Translator("en", ()).render(advice(layer, machine(**differences)))


def test_a_machine_is_described_by_what_its_kernel_says(tmp_path: Path) -> None:
    for name, value in {
        "kernel/apparmor_restrict_unprivileged_userns": "1",
        "kernel/unprivileged_userns_clone": "0",
        "user/max_user_namespaces": "0",
    }.items():
        file = tmp_path / "proc" / "sys" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")
    (tmp_path / ".dockerenv").touch()
    found = this_machine(tmp_path)
    assert found.apparmor_restricts_user_namespaces
    assert found.user_namespaces_switched_off
    assert found.most_user_namespaces == 0
    assert found.in_container


def test_settings_that_a_kernel_does_not_have_are_in_nobodys_way(tmp_path: Path) -> None:
    found = this_machine(tmp_path)
    assert not found.apparmor_restricts_user_namespaces
    assert not found.user_namespaces_switched_off
    assert found.most_user_namespaces is None
