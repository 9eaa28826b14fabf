"""Making the memory of a process cheaper to fork: its heap in pages of 2 MB instead of 4 KB.

A fork copies an entry for every page, and its end gives every one back. That is a third of the time of a short run.
The number is that of `asm-generic/mman-common.h`.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Final

_COLLAPSE: Final = 25
_BYTES: Final = 2 * 1024**2

_libc = ctypes.CDLL(None, use_errno=True)


def collapse_heap() -> None:
    """Have the kernel put the heap together from huge pages, as far as it can; before Linux 6.1 it cannot.

    Takes 20 to 100 milliseconds, which many forks are worth. Nothing else changes.
    """
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.endswith("[heap]"):
            continue
        first, last = (int(address, 16) for address in line.partition(" ")[0].split("-"))
        for start in range(-(-first // _BYTES) * _BYTES, last - _BYTES + 1, _BYTES):
            _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(_BYTES), _COLLAPSE)
