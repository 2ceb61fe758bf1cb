"""What every area may ask for, databases of either kind, and what none has to: time to wait for a platform's limits.

The tests' own PostgreSQL starts with the first test on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.databases import Databases, Files
from tests.patience import Seconds, unhurried
from tests.postgres.server import Server, a_server

# A busy machine makes any example slow once: speed is what the benchmarks are for.
settings.register_profile("dunwell", deadline=None)
# Thousands of faults are tried one after the other: few examples for each, and the same every time.
settings.register_profile("mutants", deadline=None, max_examples=10, derandomize=True, database=None)
settings.load_profile("dunwell")


@pytest.fixture(scope="session", autouse=True)
def platform_time() -> Iterator[Seconds]:
    """Nobody waits for a platform's limits: what would have been waited is counted."""
    with unhurried(time.monotonic) as seconds:
        yield seconds


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with a_server() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds, one after the other: for what must hold on each."""
    kind: Databases = request.getfixturevalue("files" if request.param == "sqlite" else "server")
    return kind
