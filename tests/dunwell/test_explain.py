"""`dunwell explain`: why an invoice was treated as it was, as kept and as decided anew; and presets to start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dunwell.cli import main
from engine.policy import Policy
from engine.policy.presets import PRESETS
from tests.trial import Trial, a_trial, environment, overdue_invoice


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path) as trial:
        yield trial


def _run(trial: Trial, *words: str) -> Result:
    return CliRunner().invoke(main, ["--log-level", "ERROR", *words], env=environment(trial))


def test_a_reminder_is_explained_as_kept_and_as_decided_anew(trial: Trial) -> None:
    """Once it has gone out, deciding anew says what comes next; what was kept says why it went."""
    books = trial.open_company("xero")
    _, number = overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    assert _run(trial, "cycle").exit_code == 0
    said = _run(trial, "explain", number, "--company", str(company)).stdout
    assert "kept          remind (" in said
    assert "days_overdue = 12" in said
    assert "decided anew  leave (" in said


def test_before_anything_was_decided_there_is_nothing_kept(trial: Trial) -> None:
    books = trial.open_company("xero")
    _, number = overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    assert _run(trial, "cycle").exit_code == 0
    before = (trial.today - timedelta(days=30)).isoformat()
    said = _run(trial, "explain", number, "--company", str(company), "--on", before).stdout
    assert "no decision had been made by then" in said


def test_an_invoice_that_is_not_there_is_wrong_use(trial: Trial) -> None:
    books = trial.open_company("xero")
    company = trial.connect("xero", books)
    result = _run(trial, "explain", "INV-999", "--company", str(company))
    assert result.exit_code == 2
    assert "has no invoice 'INV-999'" in result.output


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_prints_as_a_policy(trial: Trial, name: str) -> None:
    told = Policy.from_yaml(_run(trial, "policy", "preset", name).stdout)
    assert told.ladder == PRESETS[name].ladder  # type: ignore[index]  # the keys themselves


def test_a_preset_on_top_of_a_company_keeps_its_own_calendar(trial: Trial) -> None:
    books = trial.open_company("xero")
    company = trial.connect("xero", books)
    shown = Policy.from_yaml(_run(trial, "policy", "show", "--company", str(company)).stdout)
    firm = Policy.from_yaml(_run(trial, "policy", "preset", "firm", "--company", str(company)).stdout)
    assert firm.calendar == shown.calendar
    assert firm.ladder == PRESETS["firm"].ladder
