"""Trials for the runs: one installation against the sandbox, per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres.server import Server
from tests.trial import Trial, a_trial

ON_BOTH = ("test_run", "test_kill", "test_dispatch")
"""Modules whose rules are tried on PostgreSQL as well: what runs there is the same code over another database."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every rule about a run holds on both platforms. Which one it is does not matter to the database."""
    is_on_both = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
    if "platform" in metafunc.fixturenames:
        on = [("sqlite", "quickbooks"), ("sqlite", "xero")] + [("postgresql", "xero")] * is_on_both
        metafunc.parametrize(("kind", "platform"), on, indirect=True)
    elif "kind" in metafunc.fixturenames and is_on_both:
        metafunc.parametrize("kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that the trial stands on: SQLite but for the modules that are tried on both."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def trial(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Iterator[Trial]:
    if kind == "sqlite":
        with a_trial(tmp_path) as trial:
            yield trial
        return
    server: Server = request.getfixturevalue("server")
    with server.migrated_database() as url, a_trial(tmp_path, database_url=url) as trial:
        yield trial


@pytest.fixture
def platform(request: pytest.FixtureRequest) -> str:
    """quickbooks, then xero."""
    return str(request.param)
