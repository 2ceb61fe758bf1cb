"""Upkeep: owners hear of trouble, somebody outside hears that we live, and what is old is thrown away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from engine.policy import Notices
from sandbox.faults import Fault
from scheduler import metrics, upkeep
from store import alerts, companies, policies, webhooks
from store.tables import Company
from tests.trial import Trial, overdue_invoice


@pytest.fixture
def company(trial: Trial) -> int:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    return trial.connect("xero", books)


@pytest.fixture
def cut_off(trial: Trial, company: int) -> Trial:
    with trial.house.database.begin() as session:
        companies.mark_reconnect_needed(session, company, "the owner took it back", trial.sandbox.clock.now())
        companies.set_contact(
            session, company, time_zone="UTC", email="me@quayside.example", now=trial.sandbox.clock.now(), by="test"
        )
    return trial


def test_the_owner_is_written_to_once(cut_off: Trial) -> None:
    parts = cut_off.house.parts
    assert [upkeep.tell_owners(parts) for _ in range(2)] == [1, 0]
    [mail] = cut_off.mails()
    assert "the owner took it back" in mail.text
    assert cut_off.address in mail.text
    assert "Quayside Joinery" in mail.subject


def test_the_settings_say_whom_to_write_to_and_about_what(trial: Trial, company: int) -> None:
    """two troubles: books not read for long, which nobody wants to hear of, and a consent that is gone"""
    at, database = trial.sandbox.clock.now(), trial.house.database
    with database.begin() as session:
        policy = policies.current(session, company)
        notices = Notices(to=("office@quayside.example",), stale=False)
        policies.save(session, company, policy.model_copy(update={"notices": notices}), at, "test")
        alerts.note(session, [alerts.Trouble(company, "sync_stale")], at)
        assert alerts.owners(session, company) == ["office@quayside.example"]
        companies.mark_reconnect_needed(session, company, "gone", at)
    assert upkeep.tell_owners(trial.house.parts) == 1
    [mail] = trial.mails()
    assert "no longer lets Dunwell in" in mail.text
    assert "more than a day" not in mail.text


@pytest.mark.parametrize("trouble", ["smtp_later", "smtp_cut_after_data"])
def test_a_mail_server_that_is_away_puts_it_off(cut_off: Trial, trouble: str) -> None:
    cut_off.sandbox.faults.add(Fault(trouble))
    assert upkeep.tell_owners(cut_off.house.parts) == 0
    assert upkeep.tell_owners(cut_off.house.parts) == 1


def test_a_company_without_any_address_does_not_keep_others_from_being_told(trial: Trial, company: int) -> None:
    with trial.house.database.begin() as session:
        companies.mark_reconnect_needed(session, company, "gone", trial.sandbox.clock.now())
    other = trial.connect("quickbooks", trial.open_company("quickbooks", "Other Ltd"))
    with trial.house.database.begin() as session:
        companies.mark_reconnect_needed(session, other, "gone", trial.sandbox.clock.now())
    told = upkeep.tell_owners(trial.house.parts)
    assert told == len(trial.mails())


@contextmanager
def listener(status: int) -> Iterator[tuple[str, list[str]]]:
    """Somebody outside who waits for signs of life: their address, and what they heard."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_anything: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/alive", heard
    server.shutdown()
    server.server_close()


def test_a_sign_of_life_is_given(trial: Trial) -> None:
    with listener(200) as (url, heard):
        assert upkeep.sign_life(trial.house.parts, url)
    assert heard == ["/alive"]


def test_no_sign_of_life_while_companies_wait_and_nobody_runs_them(trial: Trial, company: int) -> None:
    trial.let_pass(hours=2)
    with listener(200) as (url, heard):
        assert not upkeep.sign_life(trial.house.parts, url)
        trial.run()
        assert upkeep.sign_life(trial.house.parts, url)
    assert heard == ["/alive"]


def test_a_listener_that_is_away_is_no_reason_to_stop(trial: Trial) -> None:
    with listener(500) as (url, _):
        assert not upkeep.sign_life(trial.house.parts, url)
    assert not upkeep.sign_life(trial.house.parts, url)


def test_throwing_away_leaves_what_is_in_use(trial: Trial, company: int) -> None:
    upkeep.throw_away(trial.house.parts, timedelta(days=90))
    [report] = trial.run()
    assert report.status == "ok", report.detail


def test_metrics_tell_of_companies_open_acts_and_lag(trial: Trial, company: int) -> None:
    trial.set_mode(company, "approve")
    trial.run()
    shown = metrics.exposition(trial.house.database, trial.sandbox.clock.now).decode()
    assert 'dunwell_companies{platform="xero",status="connected"} 1.0' in shown
    assert 'dunwell_open_acts{kind="remind",state="planned"} 1.0' in shown
    assert 'dunwell_runs_total{platform="xero",status="ok"}' in shown
    assert "dunwell_lag_seconds 0.0" in shown
    assert 'dunwell_limit_left{company="",platform="xero",window="app minute"}' in shown


def test_a_webhook_waits_until_a_run_takes_it_up(trial: Trial, company: int) -> None:
    def waited() -> tuple[float, float]:
        sums = {sample.name: sample.value for sample in metrics.WEBHOOK_DELAY.labels("xero")._child_samples()}
        return sums["_sum"], sums["_count"]

    trial.run()
    before = waited()
    [known] = trial.rows(Company)
    with trial.house.database.begin() as session:
        webhooks.receive(session, "xero", b"one", [known.external_id], trial.sandbox.clock.now())
    trial.let_pass(seconds=20)
    with trial.house.database.begin() as session:
        webhooks.receive(session, "xero", b"two", [known.external_id], trial.sandbox.clock.now())
    trial.let_pass(seconds=20)
    trial.run(times=2)
    assert waited() == (before[0] + 40, before[1] + 1)


def test_what_is_said_while_an_act_is_done_names_it(trial: Trial, company: int) -> None:
    structlog.reset_defaults()  # an earlier command of this process may have asked for errors only
    with capture_logs(processors=[merge_contextvars]) as said:
        trial.run()
    [act] = trial.acts(kind="remind")
    [line] = [line for line in said if line["event"] == "done" and line["kind"] == "remind"]
    assert (line["company"], line["action"]) == (company, act.key)
    assert "run" in line
