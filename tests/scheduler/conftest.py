"""Trials for the runs: one installation against the sandbox, per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trial import Trial, a_trial


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path) as trial:
        yield trial


@pytest.fixture(params=["quickbooks", "xero"])
def platform(request: pytest.FixtureRequest) -> str:
    """Every rule about a run holds on both platforms."""
    return str(request.param)
