"""Why the system refused something, in a reader's language; its own words are English or the machine's."""

from __future__ import annotations

import errno
from typing import Final

from grader.language.texts import Text, _

_REASONS: Final = {
    errno.EACCES: _("permission denied"),
    errno.EBUSY: _("it is in use"),
    errno.EDQUOT: _("the quota of the disk is used up"),
    errno.EEXIST: _("it is there already"),
    errno.EFBIG: _("it would be too large"),
    errno.EIO: _("the disk has failed (input/output error)"),
    errno.EISDIR: _("it is a folder"),
    errno.ELOOP: _("its links lead round in a circle"),
    errno.EMFILE: _("too many files are open"),
    errno.ENAMETOOLONG: _("the name is too long"),
    errno.ENFILE: _("too many files are open"),
    errno.ENOENT: _("no such file or folder"),
    errno.ENOMEM: _("the memory is full"),
    errno.ENOSPC: _("no space is left on the disk"),
    errno.ENOTDIR: _("a part of the path is not a folder"),
    errno.EPERM: _("the system does not permit it"),
    errno.EROFS: _("the disk is read-only"),
    errno.ETIMEDOUT: _("the disk does not answer"),
}


def reason_of(error: OSError | ValueError) -> Text | str:
    """Why a file or folder could not be read or written, as the end of a sentence, without a full stop.

    A ValueError is what Python raises for a name that no system takes, or a stream that is closed.
    """
    if isinstance(error, UnicodeError):
        return _("it is not in UTF-8")
    known = _REASONS.get(error.errno or 0) if isinstance(error, OSError) else None
    if known is not None:
        return known
    said = getattr(error, "strerror", None) or str(error)
    return said[:1].lower() + said[1:] if said else type(error).__name__
