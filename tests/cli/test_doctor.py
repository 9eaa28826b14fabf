"""`grade doctor`: what is here, what is missing, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from grader.cli import doctor
from grader.course import Dataset
from grader.language import _
from grader.sandbox.probing import LayerFact
from tests.cli.conftest import Ended

Grade = Callable[..., Ended]
VERSIONS = {"tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4", "scikit-learn": "1.9", "nbformat": "5.11"}


def layer(*, works: bool, remedy: str | None) -> LayerFact:
    return LayerFact(name="landlock", works=works, detail=_("file rules"), remedy=_(remedy) if remedy else None)


@pytest.fixture(autouse=True)
def machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has everything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setattr(doctor, "_probe", lambda: (layer(works=True, remedy=None),))
    monkeypatch.setattr(metadata, "version", lambda name: VERSIONS.get(name, "9.0"))


def test_says_that_all_is_well(grade: Grade) -> None:
    ended = grade("doctor")
    assert ended.code == 0
    assert "Everything that is needed is here." in ended.out
    assert "fashion_mnist.npz, SHA-256" in ended.out


def test_a_layer_that_does_not_work_has_a_remedy(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_probe", lambda: (layer(works=False, remedy="Use a newer kernel."),))
    ended = grade("doctor")
    assert ended.code == 1
    assert "✘ landlock" in ended.out
    assert "→ Use a newer kernel." in ended.out
    assert "Missing of these: 1." in ended.out


def test_what_cannot_be_helped_is_not_missing(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_probe", lambda: (layer(works=False, remedy=None),))
    ended = grade("doctor")
    assert ended.code == 0
    assert "✘" not in ended.out


@pytest.mark.parametrize(
    ("package", "version"), [("tensorflow", "2.20.1"), ("tensorflow", "2.210.0"), ("keras", "2.15")]
)
def test_a_version_that_does_not_fit_is_missing(
    package: str, version: str, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VERSIONS, package, version)
    ended = grade("doctor")
    assert ended.code == 1
    assert f"pip install {package}==" in ended.out


def test_a_package_that_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing)
    assert doctor.package_finding("keras").is_missing


def test_data_that_was_changed_is_missing(folder: Path) -> None:
    file = folder / "data.npz"
    file.write_bytes(b"images")
    dataset = Dataset(file=file, sha256="00" * 32, validation_fraction=0.2, seed=1)
    assert [finding.is_missing for finding in doctor.data_findings(dataset)] == [True]
    file.unlink()
    assert [finding.is_missing for finding in doctor.data_findings(dataset)] == [True]
    assert list(doctor.data_findings(None)) == []


def test_a_cache_that_cannot_be_written_is_missing(folder: Path) -> None:
    (folder / "cache").write_text("a file")
    assert doctor.cache_finding().is_missing
