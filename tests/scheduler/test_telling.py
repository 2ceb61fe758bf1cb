"""Other programs are told what happened: once, soon, and again when they were away."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from hashlib import sha256

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from connectors.outgoing import signature
from scheduler.telling import tell_programs
from store import endpoints, outbox
from store.tables import Company, WebhookMessage
from tests.listener import Heard, listener
from tests.trial import Trial, overdue_invoice


@pytest.fixture
def company(trial: Trial) -> int:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=75)
    return trial.connect("xero", books)


@pytest.fixture
def program() -> Iterator[tuple[str, Heard]]:
    with listener() as (url, heard):
        yield url, heard


def listens(trial: Trial, company: int, url: str) -> str:
    parts = trial.house.parts
    with parts.database.begin() as session:
        return endpoints.add(session, company, parts.box, url, outbox.KINDS, parts.clock(), "test")


def kinds(heard: Heard) -> list[str]:
    return [json.loads(body)["type"] for _, _, body in heard.requests]


def test_a_run_is_told_act_by_act_and_each_once(trial: Trial, company: int, program: tuple[str, Heard]) -> None:
    url, heard = program
    secret = listens(trial, company, url)
    trial.run()
    assert tell_programs(trial.house.parts) == len(heard.requests)
    assert kinds(heard)[-1] == "run.finished"
    assert set(kinds(heard)) == {"hold.placed", "action.done", "run.finished"}
    for _, headers, body in heard.requests:
        proof = signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        assert hmac.compare_digest(headers["webhook-signature"], proof)
    assert tell_programs(trial.house.parts) == 0
    assert len({sha256(body).digest() for _, _, body in heard.requests}) == len(heard.requests)


def test_a_run_whose_end_had_to_be_written_again_is_told_once(
    trial: Trial, company: int, program: tuple[str, Heard]
) -> None:
    """the database goes away between the end of the run and the release of its company"""
    url, heard = program
    listens(trial, company, url)
    failures = iter([OperationalError("UPDATE company", {}, Exception("the server went away"))])

    def go_away(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        is_release = statement.startswith("UPDATE company SET claimed_by") and "" in tuple(values)  # type: ignore[arg-type]
        if is_release and (error := next(failures, None)):
            raise error

    event.listen(trial.house.database.engine, "before_cursor_execute", go_away)
    [report] = trial.run()
    event.remove(trial.house.database.engine, "before_cursor_execute", go_away)
    assert next(failures, None) is None, "it went away"
    [row] = trial.rows(Company)
    assert (report.status, row.claimed_by) == ("ok", "")
    tell_programs(trial.house.parts)
    assert kinds(heard).count("run.finished") == 1


def test_a_program_that_was_away_is_told_when_it_is_back(
    trial: Trial, company: int, program: tuple[str, Heard]
) -> None:
    url, heard = program
    listens(trial, company, url)
    heard.status = 503
    trial.run()
    assert tell_programs(trial.house.parts) == 0
    assert len(heard.requests) == 1, "a server that is down is asked once a round"
    heard.status = 200
    trial.let_pass(minutes=1)
    tell_programs(trial.house.parts)
    states = {message.state for message in trial.rows(WebhookMessage)}
    assert states == {"delivered"}
    assert len({headers["webhook-id"] for _, headers, _ in heard.requests}) == len(heard.requests) - 1
