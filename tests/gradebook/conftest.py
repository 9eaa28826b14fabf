"""An open gradebook: a file for every test, and a server's database for those that ask for one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from grader.gradebook import GRADEBOOK_FILE, Gradebook, open_gradebook

_UNPRIVILEGED = "postgres"
"""PostgreSQL refuses to run as root; its package makes this user."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / GRADEBOOK_FILE


@pytest.fixture
def book(file: Path) -> Iterator[Gradebook]:
    with open_gradebook(file) as opened:
        yield opened


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _as_unprivileged(command: list[str], folder: Path) -> None:
    user = {"user": _UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **user)  # type: ignore[call-overload]
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL of our own on a socket in a temporary folder, without a port on the network."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path("/tmp") / f"grade-pg-{os.getpid()}"  # noqa: S108 - a socket's path may have 107 bytes at most
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
    data = str(folder / "data")
    settings = f"-k {folder} -c listen_addresses= -c fsync=off"
    _as_unprivileged([str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "grader", "-E", "UTF8"], folder)
    log = str(folder / "log")
    _as_unprivileged([str(programs / "pg_ctl"), "-D", data, "-w", "-o", settings, "-l", log, "start"], folder)
    try:
        yield f"postgresql+psycopg://grader@/{{database}}?host={folder}"
    finally:
        _as_unprivileged([str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop"], folder)
        shutil.rmtree(folder)


@pytest.fixture
def address(server: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database for one test."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return server.format(database=name)
