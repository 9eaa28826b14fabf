"""Commands as an ordinary user, for tests that root runs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

NOBODY: Final = 65534
_SETPRIV: Final = (
    f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs"
)
# An interpreter in a folder of root's own is put where it was, below a folder that everyone may enter.
_OPENED: Final = """
set -e
mount --bind "$2" "$3"
mount -t tmpfs -o mode=755 none "$1"
mkdir -p "$2"
mount --bind "$3" "$2"
shift 3
exec """


def as_nobody(command: list[str], folder: Path) -> list[str]:
    """`command` run by a user who owns nothing. `folder` is an empty one, for mounting."""
    if shutil.which("setpriv") is None or shutil.which("unshare") is None:
        raise FileNotFoundError("util-linux is needed: setpriv, unshare")
    prefix = Path(sys.base_prefix)
    closed = [parent for parent in prefix.parents if not parent.stat().st_mode & 0o001]
    if not closed:
        return [*_SETPRIV.split(), "--", *command]
    script = f'{_OPENED}{_SETPRIV} -- "$@"'
    outermost = str(closed[-1])
    unshared = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
    return [*unshared, outermost, str(prefix), str(folder), *command]
