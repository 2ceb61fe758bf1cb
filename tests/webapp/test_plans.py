"""Payment plans as an owner agrees and ends them."""

from __future__ import annotations

from datetime import timedelta

from engine.money import Money
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser, Form

SOON = books.TODAY + timedelta(days=7)


def proposed(owner: Browser, customer_id: str = "c2", **changes: str) -> Form:
    """INV-103 over 12,400.00 and INV-104 over 3,310.25, in two parts."""
    form = owner.form(f"/customers/{customer_id}/plan", f"/customers/{customer_id}/plan")
    page = owner.press(form, "Propose parts", **({"count": "2", "first_on": SOON.isoformat()} | changes))
    return owner.form_in(page, f"/customers/{customer_id}/plan/agree")


def test_a_plan_is_proposed_in_equal_parts_changed_and_agreed(
    owner: Browser, database: Database, company: Company
) -> None:
    form = proposed(owner)
    assert [value for name, value in form.fields if name == "amount"] == ["7855.13", "7855.12"]
    later = (SOON + timedelta(days=21)).isoformat()
    page = owner.press(form, "Agree this plan", amount=["10000", "5710.25"], due_on=[SOON.isoformat(), later])
    assert "Agreed." in page.text
    assert "✓ Kept so far" in page.text
    plans = {one.number: one.instalments for one in books.account_of(database, company, "c2").invoices}
    assert [(part.number, part.amount) for part in plans["INV-103"]] == [
        (1, Money(1_000_000, "NZD")),
        (2, Money(240_000, "NZD")),
    ]
    assert [part.amount for part in plans["INV-104"]] == [Money(331_025, "NZD")]


def test_parts_that_do_not_come_to_what_is_owed_are_refused_and_kept_on_the_page(owner: Browser) -> None:
    page = owner.press(proposed(owner), "Agree this plan", amount=["7000", "7000"])
    assert page.status_code == 422
    assert "The parts come to $14,000.00, and $15,710.25 is owed." in page.text
    assert 'value="7000.00"' in page.text
    for wrong in (["ten", "5710.25"], ["-1", "15711.25"]):
        assert owner.press(proposed(owner), "Agree this plan", amount=wrong).status_code == 422


def test_a_plan_of_which_nothing_was_said_is_as_if_it_had_never_been(
    owner: Browser, database: Database, company: Company
) -> None:
    owner.press(proposed(owner), "Agree this plan")
    assert "Nothing to plan." in owner.open("/customers/c2/plan").text
    form = owner.form("/customers/c2", "/customers/c2/plan/end")
    assert "The plan has ended." in owner.press(form, "End the plan", why="agreed by mistake").text
    assert all(not one.instalments for one in books.account_of(database, company, "c2").invoices)
    assert owner.press(form, "End the plan").status_code == 404


def test_choices_that_make_no_plan_are_refused(owner: Browser) -> None:
    form = owner.form("/customers/c2/plan", "/customers/c2/plan")
    assert owner.press(form, "Propose parts", count="1", first_on=SOON.isoformat()).status_code == 422
    assert owner.press(form, "Propose parts", count="3", first_on="2026-01-01").status_code == 422
