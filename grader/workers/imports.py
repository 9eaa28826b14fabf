"""What is imported once, for all submissions, before any is loaded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Final

from grader.sandbox.preloads import PRELOADED, preloads
from grader.workers.jobs import Source

_IMPORTS: Final = re.compile(rf"\b(?:import|from)\s+({'|'.join(PRELOADED)})\b".encode())


def all_imports(packages: Iterable[str], found: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """NumPy, what exercises need of `packages`, and what was `found` in each submission: once each, sorted."""
    return preloads(itertools.chain(packages, *found))


def imports_of(source: Source) -> frozenset[str]:
    """The packages to import for a submission before it is loaded, by a look at its text."""
    texts = (source.content, *source.helpers.values())
    return frozenset(match.decode() for text in texts for match in _IMPORTS.findall(text))
