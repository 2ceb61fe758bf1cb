"""Erasing a customer: nothing personal is left in any table, the accounts and the audit's chain hold, and it lasts."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, SQLModel

from engine.books import ContactPersonRecord, SetAside
from engine.keys import fee_reference
from store import audit, checks, endpoints, erasing, ledger, outbox, papers, retention, tasks
from store.erased import NAME
from store.ledger import PlannedAct
from store.scope import Scope
from store.secrets import SecretBox
from store.sql import table_of
from store.tables import (
    AuditEntry,
    Customer,
    CustomerWish,
    FeeWaiver,
    KeptPaper,
    PaymentPlan,
    ReturnedPayment,
    Task,
    WebhookDelivery,
)
from store.wishes import Speaker
from tests.store.books import Shop, credit, customer, invoice, payment, reminder

PERSONAL = "larkspur"
"""In everything that anybody ever said about the customer."""
ENTRY = table_of(AuditEntry)


def theirs(**facts: object) -> list[object]:
    """
    customer C1, with a contact person   INV-1 open, with an address of its own   a payment and a credit with remarks
    """
    person = ContactPersonRecord(name="Larkspur Jr", email="jr@larkspur.example")
    return [
        customer(name="Larkspur Café", email="ap@larkspur.example", phone="larkspur 1", people=(person,)),
        invoice(email="bills@larkspur.example", url="https://pay.example/larkspur", reference="for Larkspur", **facts),
        payment(reference="from Larkspur"),
        credit(reference="Larkspur's spoons"),
    ]


@pytest.fixture
def books(shop: Shop) -> Shop:
    shop.reads(*theirs(), customer("C2", name="Somebody Else"), invoice("I2", "C2"), is_complete=True)
    unread = [
        SetAside(entity=entity, id="I1", reason="?", excerpt="Larkspur Café") for entity in ("invoice", "payment")
    ]
    shop.reads(set_aside=tuple(unread), cursor="2")
    shop.plans_reminder()
    shop.moves(ledger.claim, "remind-1", "worker", shop.now, '{"to": "ap@larkspur.example"}')
    shop.moves(ledger.failed, "remind-1", "550 ap@larkspur.example is unknown", shop.now)
    with shop.database.begin() as session:
        Speaker(session, shop.id, shop.now, "the customer").dispute("I1", True, "Larkspur never got the spoons")
        endpoints.add(
            session, shop.id, SecretBox(("a secret key for tests",)), "https://a.example", ["hold.placed"], shop.now, ""
        )
        outbox.put(session, shop.id, "hold.placed", {"customer_id": "C1", "reason": "larkspur is late"}, shop.now)
        checks.record(session, shop.id, "full", compared=4, findings=["payment from Larkspur: nothing"], now=shop.now)
        wish = {"note": "larkspur pays in May", "hold_reason": "larkspur's bank called"}
        session.add(CustomerWish(company_id=shop.id, customer_id="C1", **wish))
        words, on = {"company_id": shop.id, "customer_id": "C1", "said_by": "user 1"}, shop.now.date()
        session.add(ReturnedPayment(**words, on=on, note="larkspur's cheque", said_at=shop.now))
        session.add(PaymentPlan(**words, currency="USD", agreed_on=on, ended_on=on, ending="larkspur stopped"))
        told = {"subject": "C1 USD", "customer_id": "C1", "title": "Larkspur", "detail": ""}
        tasks.open_task(session, shop.id, kind=papers.KIND, **told, now=shop.now)
        papers.keep(session, shop.id, task_of(session, shop), "larkspur.zip", b"larkspur owes", shop.now)
        session.add(FeeWaiver(**words, action_key="fee-1", why="larkspur asked", said_at=shop.now))
    return shop


def task_of(session: Session, shop: Shop, customer_id: str = "C1") -> Task:
    """Their task to hand over."""
    open_ones = tasks.open_tasks(session, shop.id, kind=papers.KIND)
    return next(task for task in open_ones if task.customer_id == customer_id)


def erase(shop: Shop) -> erasing.Holdings:
    found: erasing.Holdings = shop.moves(erasing.erase, "C1", shop.now, "the operator")
    return found


def everything(shop: Shop) -> str:
    """Every row of every table there is."""
    with shop.database.read() as session:
        rows = [session.execute(select(table)).all() for table in SQLModel.metadata.sorted_tables]
    return repr(rows).lower()


def audit_problems(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return audit.verify(session, shop.id)


def test_nothing_personal_is_left_in_any_table(books: Shop) -> None:
    assert everything(books).count(PERSONAL) > 10
    erase(books)
    assert PERSONAL not in everything(books)


def test_the_accounts_stay_and_so_does_everybody_else(books: Shop) -> None:
    before = books.balance()
    erase(books)
    assert (books.balance(), books.invoice().number) == (before, "INV-1")
    with books.database.read() as session:
        other = Scope(session, books.id).get(Customer, id="C2")
    assert other is not None
    assert other.name == "Somebody Else"


def test_a_sync_does_not_bring_it_back(books: Shop) -> None:
    erase(books)
    books.reads(*theirs(total=99_000), is_complete=True, cursor="3")
    assert PERSONAL not in everything(books)
    assert books.invoice().total == 99_000


def test_a_fee_of_ours_is_still_known_as_one(books: Shop) -> None:
    reference = fee_reference("a" * 32)
    books.reads(invoice("I3", reference=reference), cursor="3")
    erase(books)
    assert books.invoice("I3").reference == reference
    books.reads(invoice("I3", total=1, reference=reference), cursor="4")
    assert books.invoice("I3").reference == reference


def test_nothing_more_is_called_for(books: Shop) -> None:
    erase(books)
    assert books.account().do_not_chase


def test_the_chain_of_the_audit_holds_and_says_what_was_taken_out(books: Shop) -> None:
    erase(books)
    assert audit_problems(books) == []
    with books.database.read() as session:
        *_, last = audit.entries(session, books.id)
    assert (last.what, last.actor) == ("customer erased", "the operator")
    assert json.loads(last.details)["redacted"]


def test_an_entry_made_to_look_redacted_shows(books: Shop) -> None:
    erase(books)
    with books.database.begin() as session:
        other = (ENTRY.c.company_id == books.id) & (ENTRY.c.what == "connected")
        session.connection().execute(update(ENTRY).where(other).values(details='{"redacted": true}'))
    assert any("was changed" in problem for problem in audit_problems(books))


def test_what_a_redacted_entry_was_about_cannot_be_filled_in_again(books: Shop) -> None:
    erase(books)
    with books.database.begin() as session:
        redacted = (ENTRY.c.company_id == books.id) & ENTRY.c.details.contains('"redacted": true')
        session.connection().execute(
            update(ENTRY).where(redacted).values(details='{"outcome": "it went", "redacted": true}')
        )
    assert any("was changed" in problem for problem in audit_problems(books))


def test_those_merged_into_the_customer_go_too(books: Shop) -> None:
    books.reads(customer("C9", name="Larkspur Old", merged_into_id="C1"), cursor="3")
    assert erase(books).ids == ("C1", "C9")
    assert PERSONAL not in everything(books)


def test_what_was_told_of_a_sub_customer_to_its_parent_goes_too(books: Shop) -> None:
    books.reads(customer(parent_id="C2"))
    told = PlannedAct(kind="remind", key="told", body='{"mail":"Larkspur Café","owners":{"I1":"C1"}}')
    other = PlannedAct(kind="remind", key="other", body='{"mail":"Somebody Else","owners":{}}')
    books.records(reminder(books.today, "C2"), [told, other])
    books.moves(erasing.erase, "C1", books.now, "the operator")
    assert (books.act("told").body, books.act("other").body) == ("", other.body)


def test_a_pack_that_was_being_made_is_not_kept(books: Shop) -> None:
    with books.database.read() as session:
        task = task_of(session, books)
    erase(books)
    books.moves(papers.keep, task, "larkspur.zip", b"larkspur owes", books.now)
    assert PERSONAL not in everything(books)


def test_a_parent_s_pack_that_may_name_them_is_made_anew(books: Shop) -> None:
    books.reads(customer(parent_id="C2"))
    told = PlannedAct(kind="remind", key="told", body='{"mail":"Larkspur Café","owners":{"I1":"C1"}}')
    books.records(reminder(books.today, "C2"), [told])
    with books.database.begin() as session:
        words = {"subject": "C2 USD", "customer_id": "C2", "title": "", "detail": "", "now": books.now}
        tasks.open_task(session, books.id, kind=papers.KIND, **words)
        task = task_of(session, books, "C2")
        papers.keep(session, books.id, task, "c2.zip", b"with larkspur's", books.now)
    erase(books)
    with books.database.read() as session:
        assert [row.id for row in papers.missing(session, 9)] == [task.id]
        assert session.scalars(select(KeptPaper)).all() == []


def test_not_while_an_act_is_in_doubt(books: Shop) -> None:
    books.plans_reminder("remind-2", step=2)
    books.moves(ledger.claim, "remind-2", "worker", books.now)
    books.moves(ledger.hold, "remind-2", "no answer came", books.now)
    with pytest.raises(ValueError, match="say in Tasks"):
        erase(books)
    assert PERSONAL in everything(books)


def test_a_customer_is_found_by_id_name_or_address(books: Shop) -> None:
    with books.database.read() as session:
        for wanted in ("C1", "larkspur CAFÉ".replace("É", "é"), "AP@larkspur.example"):
            assert erasing.find(session, books.id, wanted) == [("C1", "Larkspur Café")]
        assert erasing.find(session, books.id, NAME) == []


class TestForgettingWithTime:
    def test_texts_go_and_the_acts_stay(self, books: Shop) -> None:
        later = books.now + retention.RUNS_KEPT * 5
        with books.database.begin() as session:
            assert retention.forget_some(session, "texts of messages", later, retention.RUNS_KEPT) >= 1
            assert retention.forget_some(session, "texts of messages", later, retention.RUNS_KEPT) == 0
        assert (books.act().body, books.act().state) == ("", "failed")

    def test_what_is_young_or_still_waits_stays(self, books: Shop) -> None:
        books.plans_reminder("remind-2", invoices=("I2",))
        before = everything(books)
        for what in retention.old(books.now, retention.RUNS_KEPT):
            with books.database.begin() as session:
                assert retention.forget_some(session, what, books.now, retention.RUNS_KEPT) == 0
        assert everything(books) == before

    def test_every_kind_is_counted_and_forgotten_in_bites(self, books: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retention, "BITE", 2)
        with books.database.begin() as session:
            for n in range(5):
                delivery = WebhookDelivery(platform="xero", body_hash=str(n), body=b"", received_at=books.now)
                session.add(delivery)
        later = books.now + retention.DELIVERIES_KEPT * 2
        with books.database.begin() as session:
            assert retention.count(session, later, None)["webhook deliveries"] == 5
            bites = [retention.forget_some(session, "webhook deliveries", later, None) for _ in range(4)]
        assert bites == [2, 2, 1, 0]
