from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from typing import Any

from tests.project.files import PACKAGE, ROOT, imported_modules

_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ]+)(?P<marker> ;[^\\]+)? \\$", re.MULTILINE)


@cache
def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in requirements}


def _pins(name: str) -> dict[tuple[str, str], str]:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return {(found["name"], found["marker"] or ""): found["version"] for found in _PIN.finditer(text)}


def test_what_the_program_needs_is_pinned() -> None:
    pinned = {name for name, _ in _pins("run.txt")}
    assert _names(_project()["dependencies"]) <= pinned


def test_what_developers_need_is_pinned() -> None:
    extras = _project()["optional-dependencies"]
    pinned = {name for name, _ in _pins("dev.txt")}
    assert _names(extras["dev"] + extras["plots"]) - {"grader"} <= pinned


def test_developers_have_the_versions_of_everyone_else() -> None:
    run, dev = ({(name, version) for (name, _), version in _pins(file).items()} for file in ("run.txt", "dev.txt"))
    assert run <= dev


def test_every_requirement_is_pinned_and_hashed() -> None:
    for name in ("run.txt", "dev.txt"):
        for line in (ROOT / "requirements" / name).read_text("utf-8").splitlines():
            assert _PIN.match(line + "\n") or line.startswith("    --hash=sha256:"), line


def test_every_package_that_the_grader_imports_is_declared() -> None:
    declared = {_normal(name) for name in _names(_project()["dependencies"])}
    declared |= {"keras"}  # TensorFlow's own requirement, and of its version's choosing
    extras = _project()["optional-dependencies"]
    declared |= {_normal(name) for extra in extras if extra != "dev" for name in _names(extras[extra])}
    distributions = packages_distributions()
    missing = {
        module
        for path in PACKAGE.rglob("*.py")
        for module in {name.split(".")[0] for name in imported_modules(path)}
        if module not in sys.stdlib_module_names and module != "grader"
        if not {_normal(name) for name in distributions.get(module, [module])} & declared
    }
    assert missing == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
