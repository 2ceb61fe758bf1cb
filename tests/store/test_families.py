"""Who is told about together: sub-customers billed with their parent, up to the top, and nobody else."""

from __future__ import annotations

from engine.policy import Consolidation, Policy
from store import effects, families, home
from store.backtests import run_backtest
from store.scope import Scope
from store.tables import ContactEvent
from tests.store.books import Shop, customer, invoice

TOGETHER = Policy(consolidation=Consolidation(by="parent"))


def families_of(shop: Shop, *names: str, policy: Policy = TOGETHER) -> list[tuple[str, ...]]:
    with shop.database.read() as session:
        return families.families(session, shop.id, names, [policy])


def sub(name: str, parent: str, **facts: object) -> object:
    return customer(name, parent_id=parent, **{"is_billed_with_parent": True} | facts)


def test_a_family_is_whole_whoever_of_it_is_due(shop: Shop) -> None:
    shop.reads(
        customer("C1"), sub("C2", "C1"), sub("C3", "C2"), customer("C4"), sub("C5", "C1", is_billed_with_parent=False)
    )
    assert families_of(shop, "C3", "C4", "C2", "C5") == [("C1", "C2", "C3"), ("C4",), ("C5",)]
    assert families_of(shop, "C3", "C1", policy=Policy()) == [("C3",), ("C1",)]


def test_a_ring_and_a_parent_that_is_not_there_are_no_family(shop: Shop) -> None:
    shop.reads(sub("C1", "C2"), sub("C2", "C1"), sub("C3", "C404"))
    assert families_of(shop, "C1", "C2", "C3") == [("C1",), ("C2",), ("C3",)]


def test_a_sub_customer_of_a_merged_parent_belongs_to_its_survivor(shop: Shop) -> None:
    shop.reads(customer("C1"), customer("C9", merged_into_id="C1"), sub("C2", "C9"))
    assert families_of(shop, "C2") == [("C1", "C2")]


def test_only_the_parents_messages_speak_of_others(shop: Shop) -> None:
    shop.reads(customer("C1"), sub("C2", "C1"))
    with shop.database.read() as session:
        assert families.billed_with(session, shop.id, "C1", TOGETHER) == ("C1", "C2")
        assert families.billed_with(session, shop.id, "C2", TOGETHER) == ("C2",)


def test_a_message_to_the_parent_is_a_contact_of_everybody_whose_invoice_it_takes_a_step_of(shop: Shop) -> None:
    shop.reads(customer("C1"), sub("C2", "C1"), invoice("I1", "C1"), invoice("I2", "C2"))
    shop.plans_reminder(invoices=("I1", "I2"))
    with shop.database.begin() as session:
        for _ in range(2):
            effects.count_contact(session, shop.id, shop.act(), shop.now)
    with shop.database.read() as session:
        scope = Scope(session, shop.id)
        assert sorted(row.customer_id for row in scope.all(scope.select(ContactEvent))) == ["C1", "C2"]
        files = [home.customer_file(session, shop.id, name, shop.today) for name in ("C1", "C2")]
    assert [[act.key for act in file.actions if act.kind == "remind"] for file in files if file] == [["remind-1"]] * 2


def test_merged_into_the_parent_a_sub_customer_has_heard_the_same_message_once(shop: Shop) -> None:
    shop.reads(customer("C1"), sub("C2", "C1"), invoice("I1", "C1"), invoice("I2", "C2"))
    shop.plans_reminder(invoices=("I1", "I2"))
    with shop.database.begin() as session:
        effects.count_contact(session, shop.id, shop.act(), shop.now)
    shop.reads(customer("C2", merged_into_id="C1", version="2"))
    assert [contact.kind for contact in shop.account().contacts] == ["remind"]


def test_a_backtest_writes_to_a_family_as_a_run_does(shop: Shop) -> None:
    """INV-1 of the parent and INV-2 of its branch, both late by the first night: one message, not two"""
    shop.reads(customer("C1"), sub("C2", "C1"), invoice("I1", "C1"), invoice("I2", "C2"))
    together, alone = (run_backtest(shop.database, shop.id, policy, shop.today, 1) for policy in (TOGETHER, Policy()))
    assert [one.customers for one in (together, alone)] == [2, 2]
    assert (together.written_to, alone.written_to) == (1, 2)
    assert together.messages * 2 == alone.messages > 0
