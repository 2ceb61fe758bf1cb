"""Tasks that close by themselves, and those that come back: on the list, in the file, in Activity and in the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.books import InvoiceStatus
from engine.decide import decide
from engine.policy import Policy
from store import audit, home, lapsing, tasks
from store.scope import Scope
from store.tables import Task
from store.wishes import Speaker
from tests.store.books import Shop, customer, invoice


@pytest.fixture
def books(shop: Shop) -> Shop:
    """C1 says that INV-1 is not right; the task waits."""
    shop.reads(customer(), invoice("I1"), is_complete=True)
    with shop.database.begin() as session:
        Speaker(session, shop.id, shop.now, "user 1").dispute("I1", True, "Two are missing")
        tasks.open_task(
            session,
            shop.id,
            kind="dispute",
            subject="C1",
            customer_id="C1",
            title="A customer contests an invoice",
            detail="INV-1: the customer says that something is wrong.",
            now=shop.now,
            invoice_ids=["I1"],
        )
    return shop


def looked(shop: Shop) -> Task:
    """The task, after a look at what the books say today."""
    account = shop.account()
    with shop.database.begin() as session:
        lapsing.look(session, shop.id, [(account, decide(account, Policy(), shop.today))], shop.now)
    with shop.database.read() as session:
        [task] = Scope(session, shop.id).all(Scope(session, shop.id).select(Task))
    return task


def paid(shop: Shop) -> Shop:
    shop.reads(invoice("I1", status=InvoiceStatus.PAID, stated_balance=0, settled_on=shop.today))
    return shop


def test_a_task_stands_while_what_it_is_about_does(books: Shop) -> None:
    assert looked(books).state == "open"


def test_paid_meanwhile_it_closes_itself_and_says_why(books: Shop) -> None:
    task = looked(paid(books))
    assert (task.state, task.outcome, task.lapsed_on) == ("lapsed", "INV-1: nothing is owed any more.", books.today)
    with books.database.read() as session:
        assert tasks.open_tasks(session, books.id) == []
        file = home.customer_file(session, books.id, "C1", books.today)
        [entry] = home.activity(session, books.id, outcome="task_lapsed").entries
        last = audit.entries(session, books.id)[-1]
    assert file is not None
    assert [one.outcome for one in file.lapsed] == [task.outcome]
    assert (entry.on, entry.sentence, entry.outcome) == (books.today, task.title, task.outcome)
    assert (last.actor, last.what) == (audit.MACHINE, "task closed by itself")


def test_the_payment_taken_back_it_opens_again(books: Shop) -> None:
    looked(paid(books))
    books.reads(invoice("I1"))
    task = looked(books)
    assert (task.state, task.outcome, task.lapsed_on, task.done_at) == ("open", "", None, None)


def test_what_a_person_ticked_off_stays_so(books: Shop) -> None:
    with books.database.begin() as session:
        tasks.close_task(session, books.id, kind="dispute", subject="C1", outcome="ticked off", now=books.now)
    assert looked(books).state == "done"
    assert looked(paid(books)).state == "done"


def test_advice_that_closed_itself_may_be_given_again(shop: Shop) -> None:
    """A person has not answered it: unlike one ticked off, it is asked anew and opens again."""
    shop.reads(customer(), invoice("I1"), is_complete=True)
    for day, is_new in ((0, True), (1, False)):
        with shop.database.begin() as session:
            assert is_new is tasks.open_task(
                session,
                shop.id,
                kind="handover",
                subject="USD",
                customer_id="C1",
                title="Debt to hand over",
                detail="",
                now=shop.now + timedelta(days=day),
                invoice_ids=["I1"],
            )
    assert looked(shop).state == "lapsed"
    assert shop.account().answered == frozenset()


def test_another_companys_tasks_are_not_looked_at(books: Shop, neighbour: Shop) -> None:
    neighbour.reads(customer(), invoice("I1", stated_balance=0, status=InvoiceStatus.PAID), is_complete=True)
    account = neighbour.account()
    with books.database.begin() as session:
        assert lapsing.look(session, neighbour.id, [(account, decide(account, Policy(), books.today))], books.now) == 0
