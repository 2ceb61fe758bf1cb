"""`dunwell backtest`: a company's own year, told on the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from dunwell import cli
from dunwell.backtest import backtest_company
from store.backtests import months_before
from tests.trial import START, Trial, a_trial, environment, overdue_invoice


def late_payer(trial: Trial) -> int:
    """An invoice due 110 days ago, paid 40 days ago: 70 days late."""
    books = trial.open_company("xero")
    customer, invoice = overdue_invoice(books, trial.today, days=110)
    books.receive_payment(
        customer,
        books.open_invoices()[0].balance,
        trial.today - timedelta(days=40),
        {invoice: books.open_invoices()[0].balance},
    )
    company = trial.connect("xero", books)
    trial.run()
    return company


def test_a_year_of_a_real_sync_is_told(tmp_path: Path) -> None:
    with a_trial(tmp_path, mode="observe") as trial:
        company = late_payer(trial)
        text = backtest_company(trial.house, company, 12, None, as_json=False)
        told = json.loads(backtest_company(trial.house, company, 12, None, as_json=True))
    assert told["counts"] == {"hold": 1, "release": 1, "remind": 6}
    assert (told["messages"], told["written_to"], told["customers"]) == (6, 1, 1)
    assert "messages   6 to 1 of 1 customers" in text
    assert "Larkspur" in text
    assert all(sample["reason"] for sample in told["samples"])


def test_nothing_is_kept_and_nothing_is_sent(tmp_path: Path) -> None:
    with a_trial(tmp_path) as trial:
        company = late_payer(trial)
        before = trial.acts()
        backtest_company(trial.house, company, 12, None, as_json=False)
        assert (trial.acts(), trial.mails()) == (before, [])


def test_a_policy_from_a_file_is_tested_instead(tmp_path: Path) -> None:
    file = tmp_path / "quiet.yaml"
    file.write_text("ladder: []\ncredit: {is_on: false}\n", encoding="utf-8")
    with a_trial(tmp_path) as trial:
        company = late_payer(trial)
        words = ["backtest", "--company", str(company), "--policy", str(file), "--json"]
        done = CliRunner().invoke(cli.main, words, env=environment(trial))
    assert json.loads(done.output)["counts"] == {}


def test_months_are_counted_back_to_a_day_that_is_there() -> None:
    day = START.date().replace(month=5, day=31)
    assert [months_before(day, months).isoformat() for months in (1, 3, 12)] == [
        "2026-04-30",
        "2026-02-28",
        "2025-05-31",
    ]
