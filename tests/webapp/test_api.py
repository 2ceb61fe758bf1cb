"""The API as another program meets it: what it is told, and what its words lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from store import api_keys, audit
from store.database import Database
from store.tables import Company
from tests.webapp import books

WRONG: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/customers?limit=0", {}, 422, "limit"),
    ("GET", "/customers?colour=red", {}, 422, "colour"),
    ("GET", "/customers?limit=1&limit=2", {}, 422, "twice"),
    ("GET", "/actions?cursor=nonsense", {}, 404, "next_cursor"),
    ("GET", "/customers/c999", {}, 404, ""),
    ("GET", "/nothing", {}, 404, ""),
    ("POST", "/customers", {}, 405, ""),
    ("PUT", "/invoices/inv-101/promise", {"json": {"pay_on": "soon"}}, 422, "pay_on"),
    ("PUT", "/invoices/inv-101/promise", {"data": "{", "content_type": "application/json"}, 400, "JSON"),
    ("PUT", "/invoices/inv-101/promise", {"data": "pay_on=soon"}, 415, "application/json"),
    ("PUT", "/invoices/inv-999/promise", {"json": {"pay_on": "2026-04-01"}}, 404, ""),
]
"""Method, path and body, and what is answered to it."""
Program = Callable[..., TestResponse]


@pytest.fixture
def program(app: Flask, database: Database, company: Company) -> Program:
    """A program with a key that may act: `program("GET", "/customers")`."""
    with database.begin() as session:
        key = api_keys.make(session, company.stored_id, "Web shop", "act", books.NOW, "user 1")

    def ask(method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return ask


def told(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


def test_customers_come_with_what_they_owe_exactly(program: Program) -> None:
    first = told(program("GET", "/customers"))["customers"][0]
    assert (first["id"], first["name"]) == ("c1", "Aro Valley Cafe")
    assert first["owed"] == [
        {"owed": {"amount": "2460.50", "currency": "NZD"}, "overdue": {"amount": "1840.50", "currency": "NZD"}}
    ]


@pytest.mark.parametrize("path", ["/customers", "/invoices", "/decisions", "/actions"])
def test_pages_follow_each_other_without_a_gap(program: Program, path: str) -> None:
    name = path[1:]
    everything = told(program("GET", path))[name]
    found, cursor = [], ""
    while cursor is not None:
        page = told(program("GET", f"{path}?limit=2&cursor={cursor}"))
        found, cursor = found + page[name], page["next_cursor"]
    assert found == everything
    assert len(found) > 2


def test_an_invoice_says_why_it_was_left_alone(program: Program) -> None:
    invoice = told(program("GET", "/invoices/inv-107"))
    assert invoice["decision"]["rule"] == "covered"
    assert "2500.00 NZD" in invoice["decision"]["reason"]
    assert invoice["days_overdue"] == 4


def test_invoices_are_found_by_customer_and_lateness(program: Program) -> None:
    late = told(program("GET", "/invoices?customer_id=c1&is_overdue=true"))["invoices"]
    assert [invoice["number"] for invoice in late] == ["INV-101"]


def test_an_order_system_is_told_yes_or_no_and_why(program: Program) -> None:
    """Brooklyn Builders, 75 days overdue, would go on hold tonight; Aro Valley Cafe owes 2,460.50 and has no limit."""
    assert told(program("GET", "/customers/c2/credit"))["rule"] == "hold_overdue"
    assert told(program("GET", "/customers/c1/credit?amount=99999"))["answer"] == "yes"


def test_an_order_is_held_against_the_limit(program: Program, owner: Any) -> None:
    owner.says_of("c1", "Set limit", amount="3000")
    assert told(program("GET", "/customers/c1/credit?amount=539.50"))["answer"] == "yes"
    refused = told(program("GET", "/customers/c1/credit?amount=539.51"))
    assert (refused["answer"], refused["rule"]) == ("no", "order_over_limit")
    assert refused["available"] == {"amount": "539.50", "currency": "NZD"}
    assert program("GET", "/customers/c1/credit?amount=1&currency=EUR").status_code == 409


def test_a_program_speaks_for_a_person_and_the_audit_says_which(
    program: Program, database: Database, company: Company
) -> None:
    assert program("PUT", "/customers/c1/pause", json={"until_on": "2026-04-01"}).status_code == 204
    assert program("PUT", "/customers/c2/hold", json={"state": "on"}).status_code == 204
    assert program("PUT", "/invoices/inv-105/promise", json={"pay_on": "2026-03-20"}).status_code == 204
    assert program("PUT", "/invoices/inv-106/dispute", json={"reason": "Wrong colour"}).status_code == 204
    assert told(program("GET", "/customers/c1"))["paused_until_on"] == "2026-04-01"
    assert told(program("GET", "/customers/c2/credit"))["rule"] == "hold_manual"
    assert told(program("GET", "/invoices/inv-105"))["promised_on"] == "2026-03-20"
    assert told(program("GET", "/invoices/inv-106"))["dispute_reason"] == "Wrong colour"
    with database.read() as session:
        said = [(one.what, one.actor) for one in audit.entries(session, company.stored_id)][-4:]
    assert said == [(what, "api key 1") for what in ("paused", "put on hold", "promised", "disputed")]


def test_what_was_said_can_be_taken_back(program: Program) -> None:
    for path, body in (("/customers/c1/pause", {}), ("/invoices/inv-101/pause", {}), ("/invoices/inv-101/dispute", {})):
        assert program("PUT", path, json=body).status_code == 204
        assert program("DELETE", path).status_code == 204
    assert program("PUT", "/customers/c2/hold", json={"state": "policy"}).status_code == 204
    invoice, customer = told(program("GET", "/invoices/inv-101")), told(program("GET", "/customers/c1"))
    assert (invoice["is_paused"], invoice["is_disputed"], customer["is_paused"]) == (False, False, False)


def test_what_is_wrong_is_told_as_a_problem(program: Program) -> None:
    for method, path, more, status, says in WRONG:
        answer = program(method, path, **more)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), path
        assert answer.json is not None
        assert answer.json["status"] == status
        assert says in answer.json["detail"], path
