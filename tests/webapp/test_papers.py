"""Papers: what is in them comes from the books, and a letter goes out only with a text that its owner approved."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import update

from store import audit, policies, tasks
from store.database import Database
from store.scope import Scope
from store.sql import table_of
from store.tables import Company, CustomerWish, Invoice, Task
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp.papers.making import keep_packs


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def charging(database: Database, company: Company) -> None:
    """12 % a year by contract."""
    with database.begin() as session:
        policy = policies.current(session, company.stored_id)
        fees = policy.fees.model_copy(update={"is_on": True, "annual_rate": Decimal(12), "clause": "Clause 7."})
        policies.save(session, company.stored_id, policy.model_copy(update={"fees": fees}), books.NOW, "user 1")


def test_a_hand_over_pack_holds_the_debt_the_calculation_and_the_story(owner: Browser, charging: None) -> None:
    form = next(form for form in owner.forms_in(owner.open("/customers/c2")) if "inv-104" in form.action)
    owner.press(form, "Save", word="promise", on="2026-04-01")
    found = unpacked(owner.open("/customers/c2/hand-over.zip").data)
    assert found["hand-over.pdf"].startswith(b"%PDF")
    owed = {row["Invoice"]: row["Still owed"] for row in rows(found["invoices.csv"])}
    assert owed == {"INV-103": "12400.00", "INV-104": "3310.25"}
    calculation = " ".join(row["How it comes about"] for row in rows(found["calculation.csv"]))
    assert "INV-103" in calculation
    assert "INV-104" not in calculation, "what is promised is not claimed"
    assert "Promised" in {row["What"] for row in rows(found["timeline.csv"])}


def test_a_pack_for_nobody_who_is_there_is_not_made(owner: Browser) -> None:
    assert owner.client.get("/customers/c999/hand-over.zip").status_code == 404


def test_a_name_that_a_spreadsheet_would_calculate_is_only_text(owner: Browser, database: Database) -> None:
    with database.begin() as session:
        session.connection().exec_driver_sql("UPDATE customer SET name = '=HYPERLINK(\"http://x\")' WHERE id = 'c2'")
    found = unpacked(owner.open("/financing.zip").data)
    assert {row["Debtor"][:2] for row in rows(found["debtors.csv"])} >= {"'="}


def test_every_open_cent_is_in_the_financing_table_with_its_verdict(owner: Browser) -> None:
    found = unpacked(owner.open("/financing.zip").data)
    listed = rows(found["invoices.csv"])
    assert {row["Invoice"] for row in listed} == {f"INV-{number}" for number in range(101, 109)}
    assert found["financing.pdf"].startswith(b"%PDF")
    assert "Could be drawn" in owner.open("/financing").text


def test_no_letter_is_made_before_its_text_is_approved(owner: Browser) -> None:
    page = owner.open("/customers/c2/letter")
    assert "has not been approved yet" in page.text
    assert not [form for form in owner.forms_in(page) if form.action.endswith("/letter")]
    draft = owner.open("/customers/c2/letter.pdf")
    assert draft.data.startswith(b"%PDF")


def test_an_approved_letter_is_made_kept_on_record_and_leaves_the_customer_in_peace(
    owner: Browser, database: Database, company: Company
) -> None:
    owner.press(owner.form("/settings/letter", "/settings/letters/NZ"), "Approve this text")
    made = owner.press(owner.form("/customers/c2/letter", "/customers/c2/letter"), "Make the letter")
    assert (made.mimetype, made.data[:4]) == ("application/pdf", b"%PDF")
    assert "letter_before_claim_Brooklyn_Builders_Ltd.pdf" in made.headers["Content-Disposition"]
    with database.read() as session:
        said = [entry.what for entry in audit.entries(session, company.stored_id)]
        wish = Scope(session, company.stored_id).get(CustomerWish, customer_id="c2")
    assert said[-2:] == ["letter before claim made", "paused"]
    assert wish is not None
    assert wish.paused_until_on == date(2026, 3, 17)


def test_an_approval_is_withdrawn(owner: Browser) -> None:
    owner.press(owner.form("/settings/letter", "/settings/letters/NZ"), "Approve this text")
    owner.press(owner.form("/settings/letter", "/settings/letters/NZ"), "Withdraw the approval")
    assert "has not been approved yet" in owner.open("/customers/c2/letter").text


def test_a_text_that_no_letter_may_hold_is_refused(owner: Browser) -> None:
    form = owner.form("/settings/letter", "/settings/letters/NZ")
    page = owner.press(form, "Approve this text", body="{{ customer.secret }}")
    assert page.status_code == 422
    assert "customer.name" in page.text


def test_nothing_overdue_is_nothing_to_claim(owner: Browser) -> None:
    assert "Nothing to claim." in owner.open("/customers/c5/letter").text


def waits(database: Database, company: Company, at: datetime) -> Task:
    """The task to hand over Brooklyn Builders' debt, opened then."""
    with database.begin() as session:
        tasks.open_task(
            session, company.stored_id, kind="handover", subject="c2 NZD", customer_id="c2", title="", detail="", now=at
        )
    with database.read() as session:
        return next(task for task in tasks.open_tasks(session, company.stored_id) if task.kind == "handover")


def owed_in(owner: Browser, task: Task) -> list[str]:
    pack = unpacked(owner.open(f"/tasks/{task.id}/hand-over.zip").data)
    return [row["Still owed"] for row in rows(pack["invoices.csv"])]


def test_a_tasks_pack_stays_as_it_was_when_the_task_appeared(
    owner: Browser, app: Flask, database: Database, company: Company
) -> None:
    task = waits(database, company, books.NOW)
    assert (keep_packs(app), keep_packs(app)) == (1, 0)
    with database.begin() as session:
        session.execute(update(table_of(Invoice)).where(table_of(Invoice).c.customer_id == "c2").values(balance=100))
    assert owed_in(owner, task) == ["3310.25", "12400.00"]
    assert f"/tasks/{task.id}/hand-over.zip" in owner.open("/tasks").text
    fresh = unpacked(owner.open("/customers/c2/hand-over.zip").data)
    assert {row["Still owed"] for row in rows(fresh["invoices.csv"])} == {"1.00"}


def test_a_pack_that_nobody_has_made_yet_is_made_and_kept_when_it_is_asked_for(
    owner: Browser, app: Flask, database: Database, company: Company
) -> None:
    task = waits(database, company, books.NOW)
    first = owner.open(f"/tasks/{task.id}/hand-over.zip").data
    assert keep_packs(app) == 0
    assert owner.open(f"/tasks/{task.id}/hand-over.zip").data == first


def test_a_task_that_comes_back_gets_a_pack_of_its_own_day(
    owner: Browser, app: Flask, database: Database, company: Company
) -> None:
    task = waits(database, company, books.NOW)
    keep_packs(app)
    with database.begin() as session:
        session.execute(update(table_of(Invoice)).where(table_of(Invoice).c.customer_id == "c2").values(balance=100))
        tasks.close_task(
            session, company.stored_id, kind="handover", subject="c2 NZD", outcome="ticked off", now=books.NOW
        )
    assert keep_packs(app) == 0, "what is done needs no paper"
    again = waits(database, company, books.NOW + timedelta(days=90))
    assert again.id == task.id
    assert keep_packs(app) == 1
    assert set(owed_in(owner, again)) == {"1.00"}


def test_no_other_task_has_a_pack(owner: Browser, database: Database, company: Company) -> None:
    with database.read() as session:
        other = next(task for task in tasks.open_tasks(session, company.stored_id) if task.kind != "handover")
    assert owner.open(f"/tasks/{other.id}/hand-over.zip").status_code == 404
