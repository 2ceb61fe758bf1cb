"""Sub-customers billed with their parent: one message for all of them, and everything else each one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from engine.family import decide_family
from engine.plan import Plan, SendReminder
from engine.policy import Budget, Consolidation, Group
from tests.engine.builder import Books, line

TODAY = "2026-03-10"


@dataclass
class Family:
    """Acme and its sub-customers; the policy is Acme's books'."""

    parent: Books
    subs: dict[str, Books] = field(default_factory=dict)

    def sub(self, name: str) -> Books:
        books = Books()
        books.customer(customer_id=name, name=f"Acme {name}", emails=())
        self.subs[name] = books
        return books

    def plans(self, on: str = TODAY, by: str = "parent") -> dict[str, Plan]:
        policy = self.parent.rules.model_copy(update={"consolidation": Consolidation.model_validate({"by": by})})
        accounts = [self.parent.account, *(books.account for books in self.subs.values())]
        return {plan.customer_id: plan for plan in decide_family(accounts, policy, date.fromisoformat(on))}

    def said(self, on: str = TODAY) -> dict[str, list[str]]:
        """What is done by whose plan; who does nothing is left out."""
        return {name: [line(act) for act in plan.actions] for name, plan in self.plans(on).items() if plan.actions}

    def why(self, customer: str, on: str = TODAY) -> list[str]:
        return [decision.reason.rule for decision in self.plans(on)[customer].decisions]


@pytest.fixture
def acme(books: Books) -> Family:
    """INV-1 of Acme, INV-2 of its Pier branch, INV-3 of its Mall branch, each a step overdue or more."""
    family = Family(books.has_invoice("INV-1", due="2026-03-05"))
    family.sub("Pier").has_invoice("INV-2", due="2026-02-25")
    family.sub("Mall").has_invoice("INV-3", due="2026-03-06")
    return family


def test_a_parent_gets_one_message_for_its_sub_customers_invoices(acme: Family) -> None:
    assert acme.said() == {"C-1": ["remind INV-2, step 2 + INV-1, step 1 + INV-3, step 1"]}


def test_each_invoice_says_whose_it_is(acme: Family) -> None:
    [message] = acme.plans()["C-1"].actions
    assert isinstance(message, SendReminder)
    assert {due.number: (due.customer_id, due.customer) for due in message.invoices} == {
        "INV-1": ("", ""),
        "INV-2": ("Pier", "Acme Pier"),
        "INV-3": ("Mall", "Acme Mall"),
    }


def test_unless_the_policy_says_so_everybody_is_written_to_alone(acme: Family) -> None:
    for books in acme.subs.values():
        books.customer(emails=("branch@acme.example",))
    assert [len(plan.actions) for plan in acme.plans(by="customer").values()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"is_paused": True}, "customer_paused"),
        ({"do_not_chase": True}, "do_not_chase"),
        ({"opted_out": True}, "opted_out"),
        ({"is_active": False}, "inactive_customer"),
    ],
)
def test_what_is_said_of_one_sub_customer_holds_for_it_alone(acme: Family, facts: dict[str, Any], rule: str) -> None:
    acme.subs["Pier"].customer(**facts)
    assert acme.said() == {"C-1": ["remind INV-1, step 1 + INV-3, step 1"]}
    assert acme.why("Pier") == [rule]


def test_a_disputed_invoice_of_a_sub_customer_is_not_named(acme: Family) -> None:
    acme.subs["Pier"] = acme.sub("Pier").has_invoice("INV-2", due="2026-02-25", is_disputed=True)
    assert acme.said() == {"C-1": ["remind INV-1, step 1 + INV-3, step 1"]}


@pytest.mark.parametrize("facts", [{"opted_out": True}, {"is_paused": True}, {"do_not_chase": True}])
def test_a_parent_that_is_left_alone_hears_nothing_of_anybody(acme: Family, facts: dict[str, Any]) -> None:
    acme.parent.customer(**facts)
    assert acme.said() == {}
    assert acme.why("Pier") == acme.why("C-1")


def test_what_the_parent_heard_counts_for_the_whole_family(acme: Family) -> None:
    acme.parent.budget().was_contacted("2026-03-09")
    assert acme.said() == {}
    assert acme.why("Mall") == ["contact_budget"]
    assert acme.said("2026-03-12") == {"C-1": ["remind INV-2, step 2 + INV-1, step 1 + INV-3, step 1"]}


def test_a_sub_customer_that_a_person_has_just_called_is_left_out(acme: Family) -> None:
    acme.subs["Pier"].was_contacted("2026-03-09", kind="human")
    assert acme.said() == {"C-1": ["remind INV-1, step 1 + INV-3, step 1"]}
    assert acme.why("Pier") == ["person_contact"]


def test_the_parents_unmatched_money_covers_a_sub_customers_invoice_once(acme: Family) -> None:
    """Each invoice is over 120.00, and 300.00 came in: the parent's own, and one more."""
    acme.parent.has_money("300.00 USD")
    assert [acme.why(name) for name in ("C-1", "Pier")] == [["covered"], ["covered"]]
    assert acme.said() == {"C-1": ["remind INV-3, step 1"]}


def test_a_sub_customer_with_rules_of_its_own_is_written_to_alone(acme: Family) -> None:
    acme.parent.groups(Group(name="Malls", customers=("Mall",), budget=Budget(messages=1)))
    acme.subs["Mall"].customer(emails=("mall@acme.example",))
    assert acme.said() == {"C-1": ["remind INV-2, step 2 + INV-1, step 1"], "Mall": ["remind INV-3, step 1"]}


def test_a_parent_without_an_address_is_one_task(acme: Family) -> None:
    acme.parent.customer(emails=())
    assert [(act.kind, len(act.invoice_ids)) for act in acme.plans()["C-1"].actions] == [("missing_email", 3)]  # type: ignore[union-attr]  # tasks


def test_one_statement_lists_the_invoices_of_all(acme: Family) -> None:
    acme.parent.ladder().statements(day_of_month=10)
    assert acme.said() == {"C-1": ["statement of 2026-03-10: INV-2, INV-1, INV-3"]}


def test_a_sub_customers_credit_is_its_own(acme: Family) -> None:
    acme.parent.credit(is_on=True, hold_days_overdue=10)
    assert acme.said()["Pier"] == ["hold"]


def test_a_sent_family_message_leaves_nothing_to_say_the_next_day(acme: Family) -> None:
    for books in (acme.parent, *acme.subs.values()):
        books.was_contacted(TODAY)
        taken = [
            replace(each, last_step=2, last_contact_on=date.fromisoformat(TODAY)) for each in books.account.invoices
        ]
        books.customer(invoices=tuple(taken))
    assert acme.said("2026-03-11") == {}


def test_nothing_comes_to_be_due_before_a_member_asks_to_be_looked_at_again(acme: Family) -> None:
    acme.parent.budget().was_contacted("2026-03-09").customer(paused_until_on=date(2026, 3, 13), is_paused=True)
    looks = [plan.look_again_on for plan in acme.plans().values()]
    first = min(day for day in looks if day is not None)
    spoken = [day for day in range(11, 20) if acme.said(f"2026-03-{day}")]
    assert spoken[0] == 14, "the day after the pause"
    assert first.day <= spoken[0]
