"""`%grade` in a real JupyterLab, in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab")
pytest.importorskip("playwright")

pytestmark = pytest.mark.slow
_CHROMIUM = shutil.which("chromium")
_TOKEN = "a-token-of-this-test"  # noqa: S105 - of a server on loopback that lives as long as the test
_BOOK = """{"cells": [
 {"cell_type": "code", "id": "a", "execution_count": null, "metadata": {}, "outputs": [], "source": "%load_ext grader"},
 {"cell_type": "code", "id": "b", "execution_count": null, "metadata": {}, "outputs": [],
  "source": "def dense_parameter_count(inputs, units):\\n    return inputs * units"},
 {"cell_type": "code", "id": "c", "execution_count": null, "metadata": {}, "outputs": [],
  "source": "%grade exercise-3 --lang LANGUAGE"}],
 "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
 "nbformat": 4, "nbformat_minor": 5}"""


@pytest.fixture(params=[("en", "Light"), ("ko", "Dark")], ids=["English, light", "Korean, dark"])
def setting(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The language of the report and the theme of JupyterLab."""
    language, theme = request.param
    return language, theme


@pytest.fixture
def lab(tmp_path: Path, setting: tuple[str, str]) -> Iterator[str]:
    """The address of a JupyterLab over a folder with one notebook."""
    language, theme = setting
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "exercise_3.ipynb").write_text(_BOOK.replace("LANGUAGE", language), "utf-8")
    themes = tmp_path / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    themes.parent.mkdir(parents=True)
    themes.write_text(json.dumps({"theme": f"JupyterLab {theme}"}), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"),
            *(f"--IdentityProvider.token={_TOKEN}", f"--notebook-dir={tmp_path / 'work'}"),
            "--LabApp.news_url=None",
        ],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "JUPYTER_PLATFORM_DIRS": "0",
            "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
            "LC_ALL": "C.UTF-8",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 90
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(_CHROMIUM is None, reason="Chromium is not installed")
def test_the_report_shows_in_jupyterlab(lab: str, setting: tuple[str, str], tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(f"{lab}/lab/tree/exercise_3.ipynb?token={_TOKEN}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        page.get_by_text("| Idle").wait_for(timeout=60_000)
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
        report = page.locator(".jp-OutputArea-output pre", has_text="dense_parameter_count")
        report.wait_for(timeout=90_000)
        picture = Path(os.environ.get("GRADE_PICTURES", str(tmp_path))) / f"notebook.{setting[0]}.png"
        page.screenshot(path=str(picture))
        text = report.inner_text()
        assert "dense_parameter_count" in text
        assert {"en": "cell 2", "ko": "셀 2"}[setting[0]] in text
        assert page.locator("body[data-jp-theme-light='true']").count() == (setting[1] == "Light")
        assert page.locator(".jp-OutputArea-output details iframe[sandbox]").count() == 1
        browser.close()
