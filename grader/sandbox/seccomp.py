"""The system calls that a subject may make: an allow-list, compiled once in the warm process and loaded in each fork.

Everything else fails with EPERM, which reaches Python code as PermissionError; a call of another architecture kills.
"""

from __future__ import annotations

import ctypes
import errno
import os
import tempfile
from collections.abc import Iterable
from typing import Any, Final

from grader.sandbox.namespaces import ALL_KINDS

_PR_SET_SECCOMP, _MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38
_CLONE_THREAD: Final = 0x0001_0000
_FCNTLS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, the locks of both kinds, F_DUPFD_CLOEXEC and F_GETPIPE_SZ.

Not F_SETOWN and F_SETSIG, which have the kernel send signals to others.
"""
_THREAD_NAME_OPTIONS: Final = (15, 16)
"""`prctl` options: PR_SET_NAME and PR_GET_NAME, which thread libraries use."""
_IOCTLS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5451, 0x5450)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX: what file objects ask of a descriptor."""

ALLOWED: Final = """
    recvfrom sendto read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek close close_range
    open openat openat2 creat access faccessat faccessat2 stat fstat lstat newfstatat statx statfs fstatfs readlink
    readlinkat getcwd chdir fchdir getdents getdents64 umask
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat truncate ftruncate
    fallocate fsync fdatasync sync_file_range flock
    copy_file_range sendfile splice tee fadvise64 readahead
    dup dup2 dup3 pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait
    epoll_pwait epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime signalfd signalfd4
    mmap munmap mremap mprotect madvise msync mincore brk mlock munlock mlock2 membarrier pkey_alloc pkey_free
    pkey_mprotect mbind get_mempolicy set_mempolicy
    futex futex_waitv set_robust_list get_robust_list set_tid_address rseq arch_prctl restart_syscall
    exit exit_group
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid
    sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min getcpu getpriority
    getrlimit getrusage times time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm setitimer
    getitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete pause
    uname sysinfo getrandom
""".split()
"""Names of system calls that only touch the caller's own memory, descriptors, clocks, and files by Landlock's leave.

`recvfrom` and `sendto` are for the channel, which exists already. Not among them:
`chmod`, `chown`, `utime` and `setxattr`, which Landlock does not judge.
"""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def compile_filter(*, own_pid: int | None) -> bytes:
    """The filter as BPF instructions of eight bytes each.

    `own_pid` is the subject's process number where it is known beforehand (1 in a namespace of its own): signals to
    that process, which `abort` needs, are then allowed. Raises OSError or ImportError without `libseccomp`.
    """
    import pyseccomp  # noqa: PLC0415 - absent outside Linux

    denied = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(defaction=denied)
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for name in ALLOWED:
        _allow(rules, pyseccomp, name)
    # New threads, but no new processes; clone3 hides its flags from a filter, and libraries fall back to clone.
    _allow(rules, pyseccomp, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD | ALL_KINDS, _CLONE_THREAD))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for option in _THREAD_NAME_OPTIONS:
        _allow(rules, pyseccomp, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, option))
    for command in _FCNTLS:
        _allow(rules, pyseccomp, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for request in _IOCTLS:
        _allow(rules, pyseccomp, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    # prlimit64 of the caller itself, to read: no new limits are given.
    _allow(rules, pyseccomp, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0))
    if own_pid is not None:
        _allow(rules, pyseccomp, "tgkill", pyseccomp.Arg(0, pyseccomp.EQ, own_pid))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def call_numbers(names: Iterable[str]) -> tuple[int, ...]:
    """The numbers that this architecture has for the system calls of these names, without those that it has not.

    Raises OSError or ImportError without `libseccomp`.
    """
    import pyseccomp  # noqa: PLC0415 - absent outside Linux

    numbers = (_number(pyseccomp, name) for name in names)
    return tuple(number for number in numbers if number >= 0)


def _number(pyseccomp: Any, name: str) -> int:
    try:
        return int(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name))
    except (OSError, ValueError):
        return -1


def _allow(rules: Any, pyseccomp: Any, name: str, *arguments: object) -> None:
    if _number(pyseccomp, name) >= 0:
        rules.add_rule(pyseccomp.ALLOW, name, *arguments)


def load_filter(program: bytes) -> None:
    """Put `program` upon this process, which has one thread, for ever. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program, len(program))
    attribute = _Program(len(program) // 8, ctypes.addressof(buffer))
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(attribute))):
        if libc.prctl(*arguments) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
