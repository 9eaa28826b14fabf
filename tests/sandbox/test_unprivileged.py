"""The same confinement for an ordinary user: the tests of this folder once more, as one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.unprivileged import as_nobody

HERE = Path(__file__).parent


@pytest.fixture
def everyones() -> Iterator[Path]:
    """A folder that everyone may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else; this user has run the others")
@pytest.mark.parametrize("module", ["confinement", "faults", "layers", "limits", "subjects", "traces"])
def test_all_of_it_holds_for_a_user_without_privileges(module: str, everyones: Path) -> None:
    mount, home = everyones / "mount", everyones / "home"
    mount.mkdir()
    home.mkdir()
    home.chmod(0o777)
    tests = [str(HERE / f"test_{module}.py"), "-q", "-p", "no:cacheprovider", f"--basetemp={home / 'tests'}"]
    environment = {"PATH": os.defpath, "HOME": str(home), "TMPDIR": str(home)}
    ended = subprocess.run(
        as_nobody([sys.executable, "-m", "pytest", *tests], mount),
        cwd=HERE.parent.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
