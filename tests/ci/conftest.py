"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ci.platform_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    """The platform's interface on loopback."""
    with running() as facts:
        yield facts
