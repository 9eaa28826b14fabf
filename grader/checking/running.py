"""Running and listing the checks of one file."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from grader.checking.calls import CheckContext
from grader.checking.isolation import isolated
from grader.checking.loading import SHARED, load_module, specs_in
from grader.checking.runs import CheckRun
from grader.checking.specs import CheckSpec

if TYPE_CHECKING:
    from grader.checking.plugin import CheckPlugin
    from grader.checking.sessions import CheckSession


class CheckRunner:
    """Runs check files, each as often as it is asked to. What pytest makes of a file is made once; `close` ends it.

    Each run imports the file anew, so that nothing which one submission has brought about meets the next. A file with
    fixtures of its own, or of pytest's such as `tmp_path`, is set up anew for each run.
    """

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[bytes, CheckPlugin, CheckSession]] = {}
        self._prepared: dict[Path, ModuleType] = {}

    def close(self) -> None:
        """Let pytest take back what it has set up."""
        for file in list(self._kept):
            with isolated(file.parent):
                self._drop(file)

    def prepare(self, file: Path, context: CheckContext) -> None:
        """Import pytest and make of `file` what `run` needs, while others still import. Raises as `run` does."""
        file = file.absolute()
        if file in self._kept:
            return
        with isolated(file.parent):
            module = load_module(file)
            _plugin, session = self._session(file, module, context)
            session.collect()
        self._prepared[file] = module

    def run(self, file: Path, context: CheckContext) -> tuple[CheckRun, ...]:
        """Run all checks of `file`, in its order.

        Raises CourseError for a file that cannot be used, and InternalError when pytest itself failed;
        KeyboardInterrupt and `pytest.exit` pass.
        """
        file = file.absolute()
        with isolated(file.parent):
            module = self._prepared.pop(file, None) or load_module(file)
            plugin, session = self._session(file, module, context)
            try:
                session.run()
            except BaseException:
                self._drop(file)
                raise
            if not plugin.is_plain:
                self._drop(file)
            return plugin.runs()

    def _session(self, file: Path, module: ModuleType, context: CheckContext) -> tuple[CheckPlugin, CheckSession]:
        """A session for this run: the one of an earlier run, if the file has not changed."""
        from grader.checking.plugin import CheckPlugin  # noqa: PLC0415 - imports pytest
        from grader.checking.sessions import CheckSession  # noqa: PLC0415 - likewise

        specs, source = specs_in(module, file), file.read_bytes()
        if file in self._kept:
            known, plugin, session = self._kept[file]
            if known == source and {spec.id for spec in specs} == set(plugin.instances):
                plugin.begin(module, context)
                return plugin, session
            self._drop(file)
        plugin = CheckPlugin(file, module, specs, context)
        session = CheckSession(plugin)
        self._kept[file] = (source, plugin, session)
        return plugin, session

    def _drop(self, file: Path) -> None:
        kept = self._kept.pop(file, None)
        if kept is not None:
            with contextlib.suppress(Exception):  # whatever a conftest does at the end of a session: it has been run
                kept[2].close()


def run_checks(file: Path, context: CheckContext) -> tuple[CheckRun, ...]:
    """Run all checks of `file` once, as `CheckRunner.run` does."""
    with contextlib.closing(CheckRunner()) as runner:
        return runner.run(file, context)


def collect_checks(file: Path) -> tuple[CheckSpec, ...]:
    """The checks of `file`, in its order, without running any. Raises CourseError for a file that cannot be used."""
    file = file.absolute()
    with isolated(file.parent):
        before = set(sys.modules)
        module = load_module(file)
        specs = specs_in(module, file)
        if not (_may_have_parameters(file) or _has_helpers(file, set(sys.modules) - before)):
            return specs
        from grader.checking.collecting import Collection  # noqa: PLC0415 - imports pytest
        from grader.checking.sessions import CheckSession  # noqa: PLC0415 - likewise

        collection = Collection(file, module, specs)
        with contextlib.closing(CheckSession(collection)) as session:
            session.collect()
        return tuple(collection.instances.values())


def _has_helpers(file: Path, loaded: set[str]) -> bool:
    """Whether one of the modules that were `loaded` stands beside the checks; parameters may come from there too."""
    return any(file.with_name(f"{name}.py").is_file() for name in loaded)


def _may_have_parameters(file: Path) -> bool:
    """Only what comes from pytest, here or in a conftest beside it, can make several checks of one function."""
    return "pytest" in file.read_text("utf-8", "replace") or file.with_name(SHARED).is_file()
