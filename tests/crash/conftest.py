"""One stage for all cases of a worker, and the number of cases at the end."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.crash.stage import Stage
from tests.trial import a_trial

Count = Callable[[int], None]


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # Hundreds of runs end badly here on purpose: their logs would bury what matters.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with a_trial(tmp_path_factory.mktemp("stage")) as trial:
        yield Stage(trial)
    structlog.reset_defaults()


@pytest.fixture(params=["quickbooks", "xero"])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def count(record_property: Callable[[str, Any], None]) -> Count:
    """Tells how many cases a test tried."""
    return lambda cases: record_property("cases", cases)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last word: how many cases there were, and in how many of the tests something did not hold."""
    by_kind: dict[str, int] = {}
    for state in ("passed", "failed"):
        for report in terminalreporter.stats.get(state, []):
            kind = Path(report.nodeid.split("::")[0]).stem.removeprefix("test_")
            cases = sum(value for name, value in report.user_properties if name == "cases")
            by_kind[kind] = by_kind.get(kind, 0) + cases
    by_kind = {kind: cases for kind, cases in by_kind.items() if cases}
    if by_kind:
        failed = len(terminalreporter.stats.get("failed", []))
        terminalreporter.write_line(
            json.dumps({"cases": sum(by_kind.values()), **by_kind, "tests_failed": failed}, sort_keys=True)
        )
