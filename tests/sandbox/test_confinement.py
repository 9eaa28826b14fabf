"""What a confined subject cannot do, tried from inside; what the grader's own files look like to it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.errors import SubjectDied
from grader.records import Limits, SandboxLevel
from grader.sandbox.confinement import FULL_LAYERS, MOUNTS, level_of
from grader.sandbox.launcher import WarmLauncher, clean_environment
from grader.sandbox.probing import probe
from grader.sandbox.seccomp import call_numbers
from tests.sandbox.conftest import Subject
from tests.sandbox.processes import children_of

PACKAGE = Path(grader.__file__).parent


@pytest.mark.parametrize(
    ("layers", "level"),
    [
        (FULL_LAYERS, SandboxLevel.FULL),
        (FULL_LAYERS[1:], SandboxLevel.PARTIAL),
        (("rlimits", "seccomp"), SandboxLevel.PARTIAL),
        (("rlimits",), SandboxLevel.NONE),
        ((), SandboxLevel.NONE),
    ],
)
def test_the_level_follows_from_the_layers(layers: tuple[str, ...], level: SandboxLevel) -> None:
    assert level_of(layers) is level


def test_the_environment_of_a_subject_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert "GITHUB_TOKEN" not in clean_environment()


@pytest.mark.slow
def test_every_layer_holds_here() -> None:
    found = {fact.name: fact.works for fact in probe()}
    assert {name: found[name] for name in (*FULL_LAYERS, MOUNTS)} == dict.fromkeys((*FULL_LAYERS, MOUNTS), True)


ATTEMPTS = {
    "read a system file": "open('/etc/passwd').read()",
    "list the root folder": "__import__('os').listdir('/')",
    "read the checks": f"open({str(PACKAGE / 'checks' / 'test_exercise_1.py')!r}).read()",
    "read the grader": f"open({str(PACKAGE / 'records.py')!r}).read()",
    "read the images": f"open({str(PACKAGE / 'data' / 'fashion_mnist.npz')!r}, 'rb').read()",
    "read another process": "open('/proc/1/environ').read()",
    "write outside the scratch folder": "open('/tmp/escaped', 'w').write('x')",
    "open a network socket": "__import__('socket').socket()",
    "open a local socket": "__import__('socket').socket(__import__('socket').AF_UNIX)",
    "fork": "__import__('os').fork()",
    "start a program": "__import__('subprocess').run(['true'])",
    "replace itself": "__import__('os').execv('/bin/true', ['true'])",
    "kill its parent": "__import__('os').kill(__import__('os').getppid() or 2, 9)",
    "change a file's mode": "__import__('os').chmod('/tmp', 0o777)",
    "read its own environment in /proc": "open('/proc/self/environ').read()",
    "read its own memory in /proc": "open('/proc/self/mem', 'rb').read(1)",
    "read its parent's memory": "open(f'/proc/{__import__(\"os\").getppid()}/mem', 'rb').read(1)",
    "list the processes": "__import__('os').listdir('/proc')",
    "write to /dev/shm": "open('/dev/shm/left', 'w').write('x')",
    "make shared memory": "__import__('multiprocessing.shared_memory').shared_memory.SharedMemory('left', True, 10)",
    "make a socket pair": "__import__('socket').socketpair()",
    "make a memory file": "__import__('os').memfd_create('x')",
    "make a pipe with a name": "__import__('os').mkfifo('pipe')",
    "make a device": "__import__('os').mknod('device', 0o020666, 0x103)",
    "signal its group": "__import__('os').killpg(0, 0)",
    "signal everybody": "__import__('os').kill(-1, 0)",
    "raise a limit": "__import__('resource').setrlimit(__import__('resource').RLIMIT_CPU, (-1, -1))",
    "lower its priority": "__import__('os').nice(1)",
    "have signals sent to another": "__import__('fcntl').fcntl(0, __import__('fcntl').F_SETOWN, 1)",
    "leave its session": "__import__('os').setsid()",
    "become somebody else": "__import__('os').setuid(12345)",
    "change its root folder": "__import__('os').chroot('.')",
    "change the host's name": "__import__('socket').sethostname('other')",
    "open itself by descriptor of a process": "__import__('os').pidfd_open(1)",
    "hard link a file from outside": "__import__('os').link('/dev/null', 'null')",
    "rename a file out": "(open('f', 'w').close(), __import__('os').rename('f', '../f'))",
    "follow a link out": "(__import__('os').symlink('/etc/passwd', 'link'), open('link').read())",
}


REFUSED = [
    *("Permission denied", "Operation not permitted", "Read-only file system", "Invalid cross-device link"),
    *("No such process", "not allowed to raise maximum limit"),
    "No such file or directory: '/proc/0/mem'",  # inside, nobody is its parent
]


@pytest.fixture(scope="module")
def without_mounts() -> Iterator[WarmLauncher]:
    """A launcher whose subjects see all files, so that file rules alone stand before them."""
    launcher = WarmLauncher(("numpy",), "required", without=frozenset({MOUNTS}))
    yield launcher
    launcher.close()


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_confined_subject_cannot(warm: WarmLauncher, attempt: str) -> None:
    subject = Subject(warm, f"def attempt():\n    return {attempt}\n")
    assert warm.facts.level is SandboxLevel.FULL
    facts = subject.call("attempt")
    assert any(words in str(facts.get("text")) for words in [*REFUSED, "No such file or directory"]), facts


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_subject_that_sees_all_files_cannot_either(without_mounts: WarmLauncher, attempt: str) -> None:
    subject = Subject(without_mounts, f"def attempt():\n    return {attempt}\n")
    facts = subject.call("attempt")
    assert any(words in str(facts.get("text")) for words in REFUSED), facts


@pytest.mark.slow
def test_a_confined_subject_does_not_even_see_what_it_may_not_read(warm: WarmLauncher) -> None:
    source = "import os\ndef seen(paths): return [path for path in paths if os.path.lexists(path)]\n"
    subject = Subject(warm, source)
    here = Path(__file__).resolve()
    hidden = [here, PACKAGE, PACKAGE / "records.py", Path.home() / ".cache", Path("/etc/passwd"), Path("/dev", "shm")]
    assert here.exists()
    assert subject.call("seen", [str(path) for path in hidden])["value"] == []
    assert subject.call("seen", ["/dev/null", "/proc/cpuinfo", "/scratch"])["value"] == [
        "/dev/null",
        "/proc/cpuinfo",
        "/scratch",
    ]


@pytest.mark.slow
def test_nobody_else_sees_what_is_mounted_for_subjects(warm: WarmLauncher) -> None:
    """For whoever removes the folder would otherwise remove the libraries."""
    Subject(warm, "")
    wardens = [pid for pid in children_of(os.getpid()) if children_of(pid)]
    assert wardens
    for pid in (os.getpid(), *wardens):
        assert "/grade-" not in Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8")
    assert any(
        "/grade-" in Path(f"/proc/{child}/mountinfo").read_text(encoding="utf-8")
        for pid in wardens
        for child in children_of(pid)
    )


RAW = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    return result, errno.errorcode.get(ctypes.get_errno())
"""
FORBIDDEN_CALLS = (
    "ptrace process_vm_readv process_vm_writev kill tkill rt_sigqueueinfo pidfd_send_signal pidfd_getfd socket connect"
    " bind mount umount2 pivot_root move_mount fsopen open_tree unshare setns keyctl add_key request_key bpf"
    " perf_event_open userfaultfd io_uring_setup io_uring_enter init_module kexec_load reboot swapon settimeofday"
    " name_to_handle_at open_by_handle_at execve execveat memfd_create shmget shmat semget msgget mq_open chmod chown"
    " setxattr utimensat personality seccomp landlock_restrict_self capset setuid setresuid setgroups syslog acct"
    " quotactl fanotify_init inotify_init1 vmsplice kcmp move_pages migrate_pages process_madvise"
).split()


@pytest.mark.slow
def test_forbidden_system_calls_fail_for_that_reason(warm: WarmLauncher) -> None:
    subject = Subject(warm, RAW)
    numbers = {name: number for name in FORBIDDEN_CALLS for number in call_numbers([name])}
    assert len(numbers) > 60
    # No address and no descriptor of this number exists, so nothing else could have refused first.
    answers = {name: subject.call("call", number, -1, -1, -1, -1, -1)["value"] for name, number in numbers.items()}
    assert {name for name, answer in answers.items() if answer != (-1, "EPERM")} == set()


@pytest.mark.slow
def test_a_thread_cannot_be_started_in_a_namespace_of_its_own(warm: WarmLauncher) -> None:
    (number,) = call_numbers(["clone"])
    flags = 0x0001_0000 | 0x4000_0000  # CLONE_THREAD, CLONE_NEWNET
    assert Subject(warm, RAW).call("call", number, flags, 0, 0, 0, 0)["value"] == (-1, "EPERM")


OTHER_ARCHITECTURES = {
    "x32": "libc.syscall(ctypes.c_long(0x40000000 | 39))",
    # mov eax, 20; int 0x80; ret
    "32 bits": """
    import mmap
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex('b814000000cd80c3'))
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    """,
}


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="calls that only this architecture has")
@pytest.mark.parametrize("body", OTHER_ARCHITECTURES.values(), ids=OTHER_ARCHITECTURES)
def test_a_system_call_of_another_architecture_kills(warm: WarmLauncher, body: str) -> None:
    subject = Subject(warm, f"{RAW}\ndef other():\n    {body.strip()}\n")
    with pytest.raises(SubjectDied, match="SIGSYS"):
        subject.call("other")


@pytest.mark.slow
def test_turned_off_is_told_as_no_confinement() -> None:
    launcher = WarmLauncher(("numpy",), "off")
    try:
        launcher.start_subject(Limits())
        assert launcher.facts.level is SandboxLevel.NONE
    finally:
        launcher.close()
