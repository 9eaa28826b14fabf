"""The root that subjects see: what is in it, and what is hidden."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import confinement, verifying

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts are Linux's")

LOOK = """
import json, os, sys
from pathlib import Path
from grader.sandbox import mounts, namespaces
folder, hidden, *paths = sys.argv[1:]
if not namespaces.enter_own():
    sys.exit(77)
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
namespaces.leave_mounts()
mounts.new_root(folder, paths, Path(hidden))
seen = {path: sorted(str(one.relative_to(folder + path)) for one in Path(folder + path).rglob("*")) for path in paths}
try:
    Path(folder + hidden, "new").touch()
    seen["writable"] = True
except OSError:
    pass
print(json.dumps(seen))
"""


def look(folder: Path, hidden: Path, *paths: Path) -> dict[str, list[str]]:
    """What stands below each path in a new root at `folder`."""
    folder.mkdir()
    command = [sys.executable, "-c", LOOK, *map(str, (folder, hidden, *paths))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode == 77:
        pytest.skip("user namespaces are forbidden here")
    assert ended.returncode == 0, ended.stderr
    seen: dict[str, list[str]] = json.loads(ended.stdout)
    return seen


def test_a_hidden_folder_is_empty_and_read_only_wherever_it_would_be_seen(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    for name in ("grader/checks/test.py", "numpy/__init__.py"):
        file = packages / name
        file.parent.mkdir(parents=True)
        file.touch()
    other = tmp_path / "other-way"
    other.symlink_to(packages)
    seen = look(tmp_path / "root", packages / "grader", packages, other)
    wanted = ["grader", "numpy", "numpy/__init__.py"]
    assert seen == {str(packages): wanted, str(other): wanted}


def test_a_hidden_folder_elsewhere_hides_nothing(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    (packages / "grader").mkdir(parents=True)
    (packages / "grader" / "file").touch()
    (tmp_path / "source").mkdir()
    assert look(tmp_path / "root", tmp_path / "source", packages) == {str(packages): ["grader", "grader/file"]}


def test_the_graders_own_files_lie_below_what_is_hidden() -> None:
    assert Path(verifying.__file__).is_relative_to(confinement.PACKAGE)
