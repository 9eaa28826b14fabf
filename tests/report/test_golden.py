"""Reports of real submissions, in both languages and every format, look as recorded.

`python tests/report/golden/update.py` records them anew.
"""

from __future__ import annotations

import pytest

from scripts.picture import ROOT, terminal_of_readme
from tests.report.golden.rendering import FOLDER, RENDERERS, names, rendered


def test_there_are_golden_reports_in_both_languages() -> None:
    stems = {name.rpartition(".")[0] for name in names()}
    assert len(stems) >= 20
    assert set(names()) == {f"{stem}.{language}" for stem in stems for language in ("en", "ko")}


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("name", names())
def test_looks_as_recorded(name: str, form: str) -> None:
    folder, _dot, suffix = form.partition(".")
    assert rendered(name, form) == (FOLDER / folder / f"{name}.{suffix}").read_text(encoding="utf-8")


def test_the_picture_of_a_terminal_in_the_readme_is_current() -> None:
    assert (ROOT / "docs" / "terminal.svg").read_text(encoding="utf-8") == terminal_of_readme()
