"""The board that comes with Dunwell asks only for metrics that there are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from scheduler import metrics
from scheduler.report import Report
from store import webhooks
from tests.trial import Trial, a_trial, overdue_invoice

BOARD = Path(__file__).parents[2] / "deploy" / "grafana.json"


def asked_for() -> set[str]:
    board = json.loads(BOARD.read_text(encoding="utf-8"))
    queries = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    return set(re.findall(r"dunwell_[a-z_]+", queries))


def shown(trial: Trial) -> set[str]:
    text = metrics.exposition(trial.house.database, trial.sandbox.clock.now).decode()
    return set(re.findall(r"^(dunwell_[a-z_]+)", text, flags=re.MULTILINE))


def test_every_query_of_the_board_finds_its_metric(tmp_path: Path) -> None:
    with a_trial(tmp_path) as trial:
        books = trial.open_company("xero")
        overdue_invoice(books, trial.today, days=12)
        company = trial.connect("xero", books)
        trial.set_mode(company, "approve")
        trial.run()
        with trial.house.database.begin() as session:
            webhooks.receive(session, "xero", b"{}", [books.external_id], trial.sandbox.clock.now())
        trial.run()
        metrics.count_run(Report("A", company, "xero", "x", performed=Counter(remind=1)))
        assert asked_for() <= shown(trial)
