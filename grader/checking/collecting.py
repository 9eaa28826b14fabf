"""Collecting the checks of a file with pytest, and their order."""

from __future__ import annotations

import types
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.checking.loading import SHARED
from grader.checking.prerequisites import in_order
from grader.checking.specs import CheckSpec, spec_of
from grader.errors import CourseError
from grader.language import _


class CheckModule(pytest.Module):
    """A check file that was imported already, with no bytecode written and no assertion rewritten."""

    loaded: types.ModuleType

    def _getobj(self) -> types.ModuleType:
        return self.loaded


class Collection:
    """Collects the checks of one loaded file. A parametrised check becomes one check for each set of parameters.

    `problem` is a mistake of the course that made the whole run impossible.
    """

    def __init__(self, file: Path, module: types.ModuleType, specs: tuple[CheckSpec, ...]) -> None:
        self.file = file
        self.problem: CourseError | None = None
        self.instances: dict[str, CheckSpec] = {}
        """Every check by its id, in the order of the file."""
        self._module = module
        self._specs = {spec.id: spec for spec in specs}
        self._items: list[pytest.Item] = []

    def reload(self, module: types.ModuleType) -> None:
        """Let the functions of `module`, the same file imported anew, take the place of those that were collected."""
        self._module = module
        for item in self._items:
            item.obj = getattr(module, item.name)  # type: ignore[attr-defined]  # of every function's item
            spec = spec_of(item.obj)  # type: ignore[attr-defined]
            if spec is not None and spec.given is not None:
                self.instances[item.name] = msgspec.structs.replace(self.instances[item.name], given=spec.given)

    def collected(self, session: pytest.Session) -> list[pytest.Item]:
        """The checks in the order in which they are run, collected when this is first asked for."""
        if not self._items:
            self._collect(session)
        order = {name: number for number, name in enumerate(in_order(self._ordered()))}
        return sorted(self._items, key=lambda item: order[base_name(item.name)])

    @property
    def is_plain(self) -> bool:
        """Whether every check is a function without parameters that has no fixtures but this plugin's own.

        Fixtures, and with them pytest's `setup_function` and the like, keep the module that they came from.
        """
        return not any(hasattr(item, "callspec") or self._has_other_fixtures(item) for item in self._items)

    @property
    def is_bare(self) -> bool:
        """Whether pytest has nothing to do for these checks but to call them: no mark or conftest says more of them."""
        marked = any(next(item.iter_markers(), None) is not None for item in self._items)
        return self.is_plain and not marked and not self.file.with_name(SHARED).is_file()

    def _has_other_fixtures(self, item: Any) -> bool:
        known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - pytest has no public name
        owners = [
            getattr(definition.func, "__self__", None) for definitions in known.values() for definition in definitions
        ]
        return any(owner is not self for owner in owners) or not known.keys() >= set(item._fixtureinfo.argnames)  # noqa: SLF001 - likewise

    def _collect(self, session: pytest.Session) -> None:
        """Collect the one file without pytest's search: a folder's name may hold `[` or `::`, which mean more to it."""
        module = CheckModule.from_parent(session, path=self.file)
        module.loaded = self._module
        self._items = list(session.genitems(module))
        found = Counter(base_name(item.name) for item in self._items)
        for name in self._specs:
            for item in self._items:
                if base_name(item.name) == name:
                    self.instances[item.name] = _instance(self._specs[name], item.name, found[name])

    def _ordered(self) -> list[CheckSpec]:
        """The checks in the order in which they are run, apart from what they need."""
        return list(self._specs.values())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that pytest cannot collect, for example with wrong parameters, is the course's mistake."""
        if report.failed and self.problem is None:
            reason = str(report.longrepr).strip().rpartition("\n")[2].removeprefix("E").strip()
            self.problem = CourseError(_("The check file {file}: {reason}", file=str(self.file), reason=reason))


def base_name(name: str) -> str:
    """The name of the check function of a parametrised check: "test_x" of "test_x[3]"."""
    return name.partition("[")[0]


def _instance(spec: CheckSpec, name: str, count: int) -> CheckSpec:
    return msgspec.structs.replace(spec, id=name, points=spec.points / count)
