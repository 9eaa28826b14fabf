"""A host and its guests: who is served, who is not, and what is left."""

from __future__ import annotations

import os
import queue
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.course import builtin_folder, read_course
from grader.records import Report
from grader.sandbox import folders
from grader.sharing import Asked, Host, Visit, ask_host, host_key
from grader.sharing.messages import Told
from tests.cli.conftest import a_report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the warm process is Linux's")
ASKED = Asked(exercise="exercise-2", here="/", path=None, folders=("a",), is_named=True, language="en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a warm process, with a name that is too long for the address of a socket."""
    temporary = tmp_path / ("x" * 120)
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    owned = folders.OwnedFolder()
    yield Path(owned.path)
    owned.close()


class Served:
    """A host whose guests are answered in order with `answers`."""

    def __init__(self, folder: Path, *answers: Report | None, key: str = "k") -> None:
        self.visits: queue.SimpleQueue[Visit] = queue.SimpleQueue()
        self.host = Host(folder, key, self.visits.put)
        self.asked: list[Asked] = []
        threading.Thread(target=self._answer, args=(answers,), daemon=True).start()

    def _answer(self, answers: tuple[Report | None, ...]) -> None:
        for answer in answers:
            visit = self.visits.get()
            self.asked.append(visit.asked)
            visit.step("one")
            visit.step("two")
            visit.answer(answer)


def test_a_guest_gets_the_whole_report_and_hears_of_every_step(folder: Path) -> None:
    served = Served(folder, a_report())
    steps: list[str] = []
    with served.host:
        assert ask_host(lambda: "k", ASKED, steps.append) == a_report()
    assert steps == ["one", "two"]
    assert served.asked == [ASKED]


def test_a_host_that_gives_no_report_leaves_it_to_the_guest(folder: Path) -> None:
    with Served(folder, None).host:
        assert ask_host(lambda: "k", ASKED, lambda _: None) is None


def test_without_a_host_nobody_even_computes_the_key(folder: Path) -> None:
    def key() -> str:
        raise AssertionError

    assert folder.is_dir()
    assert ask_host(key, ASKED, lambda _: None) is None


def test_a_host_of_another_key_is_not_asked(folder: Path) -> None:
    served = Served(folder, a_report(), key="old")
    with served.host:
        assert ask_host(lambda: "new", ASKED, lambda _: None) is None
    assert served.asked == []


def test_a_busy_host_is_not_waited_for(folder: Path) -> None:
    visits: queue.SimpleQueue[Visit] = queue.SimpleQueue()
    with Host(folder, "k", visits.put):
        assert ask_host(lambda: "k", ASKED, lambda _: None) is None
    visits.get().answer(None)


def test_a_guest_that_is_gone_costs_no_run(folder: Path) -> None:
    visits: queue.SimpleQueue[Visit] = queue.SimpleQueue()
    with Host(folder, "k", visits.put):
        assert ask_host(lambda: "k", ASKED, lambda _: None) is None
        visit = visits.get()
        visit.step("the first may still go out")
        assert not visit.step("a word to nobody")
        visit.answer(None)


def test_a_host_that_is_killed_leaves_it_to_the_guest(folder: Path) -> None:
    def die(visit: Visit) -> None:
        visit.step("one")
        visit._connection.close()  # noqa: SLF001 - as the kernel would

    with Host(folder, "k", die):
        assert ask_host(lambda: "k", ASKED, lambda _: None) is None


def test_a_host_that_is_stopped_while_it_works_leaves_it_to_the_guest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sharing.guest._SILENT_SECONDS", 0.1)
    monkeypatch.setattr("grader.sharing.host._BEAT_SECONDS", 3600)
    visits: queue.SimpleQueue[Visit] = queue.SimpleQueue()

    def begin(visit: Visit) -> None:
        visit.step("one")
        visits.put(visit)

    with Host(folder, "k", begin):
        assert ask_host(lambda: "k", ASKED, lambda _: None) is None
    visits.get().answer(None)


def test_a_guest_hears_that_the_host_is_there_until_it_has_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sharing.host._BEAT_SECONDS", 0.01)
    ours, theirs = socket.socketpair()
    visit = Visit(ASKED, theirs)
    with ours, ours.makefile("rb") as stream:
        assert visit.step("one")
        told = [msgspec.json.decode(stream.readline(), type=Told) for _ in range(4)]
        visit.answer(a_report())
        rest = [msgspec.json.decode(line, type=Told) for line in stream]
    assert [one.step for one in told] == ["one", "", "", ""]
    assert rest[-1] == Told(report=a_report())


def test_a_sign_of_life_is_no_step(folder: Path) -> None:
    def serve(visit: Visit) -> None:
        for words in ("one", "", "two"):
            visit.step(words)
        visit.answer(a_report())

    steps: list[str] = []
    with Host(folder, "k", serve):
        assert ask_host(lambda: "k", ASKED, steps.append) == a_report()
    assert steps == ["one", "two"]


def test_a_socket_that_nobody_listens_to_is_passed_over(folder: Path) -> None:
    served = Served(folder, a_report())
    os.link(folder / "k.host", folder / "kept")
    served.host.close()
    (folder / "kept").rename(folder / "k.host")
    assert ask_host(lambda: "k", ASKED, lambda _: None) is None


def test_the_socket_is_its_users_alone_and_gone_when_the_host_is(folder: Path) -> None:
    with Host(folder, "k", lambda _visit: None):
        facts = (folder / "k.host").stat()
        assert stat.S_IMODE(facts.st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.glob("*.host")) == []


@pytest.mark.parametrize("words", [b"", b"\n", b"{}\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b'{"exercise": 1}\n'])
def test_what_is_no_question_is_hung_up_on_and_the_next_is_answered(folder: Path, words: bytes) -> None:
    with Served(folder, a_report()).host, socket.socket(socket.AF_UNIX) as connection:
        descriptor = os.open(folder, os.O_RDONLY)
        connection.connect(f"/proc/self/fd/{descriptor}/k.host")
        os.close(descriptor)
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        assert connection.recv(100) == b""
        assert ask_host(lambda: "k", ASKED, lambda _: None) == a_report()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("opened", [False, True])
def test_another_user_cannot_reach_it_and_is_hung_up_on_where_permissions_were_opened(
    folder: Path,
    opened: bool,  # noqa: FBT001
) -> None:
    visits: list[Visit] = []
    with Host(folder, "k", visits.append):
        if opened:
            folder.chmod(0o777)
            (folder / "k.host").chmod(0o777)
        descriptor = os.open(folder, os.O_RDONLY)
        child = os.fork()
        if child == 0:
            os._exit(_as_stranger(descriptor))
        _, status = os.waitpid(child, 0)
        os.close(descriptor)
    assert os.waitstatus_to_exitcode(status) == (2 if opened else 1)
    assert visits == []


def _as_stranger(folder: int) -> int:
    """1 where another user may not connect, 2 where nothing is said to it, 3 where it is answered."""
    os.setgid(65_534)
    os.setuid(65_534)
    try:
        os.fchdir(folder)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect("k.host")
            connection.sendall(msgspec.json.encode(ASKED) + b"\n")
            return 3 if connection.recv(1) else 2
    except PermissionError:
        return 1
    except (ConnectionError, BrokenPipeError):
        return 2


def test_hosts_and_guests_differ_where_a_run_could(tmp_path: Path) -> None:
    course = read_course(builtin_folder())
    key = host_key(course, sandbox="auto", time_limit=None)
    assert key == host_key(course, sandbox="auto", time_limit=None)
    assert key != host_key(course, sandbox="off", time_limit=None)
    assert key != host_key(course, sandbox="auto", time_limit=3.0)
    own = tmp_path / "checks"
    own.mkdir()
    (own / "locale.py").write_text("x = 1\n", "utf-8")
    changed = msgspec.structs.replace(course, catalogs=(*course.catalogs, own))
    with_catalog = host_key(changed, sandbox="auto", time_limit=None)
    assert with_catalog != key
    (own / "locale.py").write_text("x = 22\n", "utf-8")
    assert host_key(changed, sandbox="auto", time_limit=None) != with_catalog
