"""Landlock, the kernel's own file rules for a process that wants to give rights away.

Through ctypes, since the binding on PyPI has neither the network rules nor the scopes. Numbers are those of
`linux/landlock.h`; the system calls have the same numbers on every architecture.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION: Final = 1
_RULE: Final = 1
"""a rule for a path and everything below it"""
_PR_SET_NO_NEW_PRIVS: Final = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_SOCK, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_REFER: Final = 1 << 13
_FIRST_VERSION: Final = (1 << 13) - 1
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_NEVER: Final = _EXECUTE | _IOCTL_DEV | _MAKE_CHAR | _MAKE_SOCK | _MAKE_BLOCK
_NET: Final = 0b11
_SCOPES: Final = 0b11

READ: Final = _READ_FILE | _READ_DIR
"""Read files and list folders; loading a shared library needs no more than that."""
LIST: Final = _READ_DIR


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


_libc = ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def version() -> int:
    """The version of the kernel's Landlock interface, 0 where there is none."""
    try:
        return _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_CREATE_RULESET_VERSION))
    except OSError:
        return 0


def _handled(abi: int) -> int:
    rights = _FIRST_VERSION
    rights |= _REFER if abi >= 2 else 0
    rights |= _TRUNCATE if abi >= 3 else 0
    rights |= _IOCTL_DEV if abi >= 5 else 0
    return rights


def new_rules(readable: Iterable[str], listable: Iterable[str]) -> int:
    """A descriptor of rules by which these files may be reached, and no other.

    Network rules and scopes (signals, abstract sockets) come along where the kernel has them: nothing is allowed.
    Paths that do not exist are passed over. Raises OSError where Landlock is not to be had.
    """
    abi = version()
    handled = _handled(abi)
    attributes = _RulesetAttr(handled, _NET if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = _syscall(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _allow(rules, readable, READ & handled)
        _allow(rules, listable, LIST & handled)
    except OSError:
        os.close(rules)
        raise
    return rules


def restrict(rules: int, readable: Iterable[str], writable: Iterable[str]) -> None:
    """Add these files to `rules`, and give up every other, for this process and all that it starts, for ever.

    Whoever shares the rules and restricts itself later may reach them too, as far as it sees them. Raises OSError.
    """
    handled = _handled(version())
    _allow(rules, readable, READ & handled)
    _allow(rules, writable, handled & ~_NEVER)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    _syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))


def _allow(ruleset: int, paths: Iterable[str], rights: int) -> None:
    """Add a rule for each path. There may be hundreds, so what can be done once for all of them is."""
    rule = _PathBeneathAttr()
    reference = ctypes.byref(rule)
    number, handle, kind, flags = ctypes.c_long(_ADD_RULE), ctypes.c_int(ruleset), ctypes.c_int(_RULE), ctypes.c_uint(0)
    for path in paths:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            rule.access, rule.parent = rights, descriptor
            # The kernel refuses rights on a file that only folders have; to ask which it is would take as long again.
            if _libc.syscall(number, handle, kind, reference, flags) < 0:
                rule.access = rights & _ON_FILES
                _syscall(_ADD_RULE, handle, kind, reference, flags)
        finally:
            os.close(descriptor)
