"""What an owner says of a customer's credit, on the customer file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from engine.account import CreditStanding
from engine.money import Money
from store import tasks
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser


def credit_of(database: Database, company: Company) -> CreditStanding:
    return books.account_of(database, company, "c1").credit


def test_a_credit_limit_is_kept_in_whole_cents_and_counts_as_looked_at(
    owner: Browser, database: Database, company: Company
) -> None:
    owner.says_of("c1", "Set limit", amount="2500.50")
    credit = credit_of(database, company)
    assert (credit.limit, credit.reviewed_on) == (Money(250050, "NZD"), books.TODAY)


def test_a_temporary_limit_holds_to_its_day_and_can_be_ended(
    owner: Browser, database: Database, company: Company
) -> None:
    owner.says_of("c1", "Set temporary limit", amount="9000", until_on="2026-03-31")
    credit = credit_of(database, company)
    assert (credit.override_limit, credit.override_until_on) == (Money.of(Decimal(9000), "NZD"), date(2026, 3, 31))
    assert "Temporary limit" in owner.open("/customers/c1").text
    owner.says_of("c1", "End it")
    assert credit_of(database, company).override_limit is None


def test_a_temporary_limit_needs_an_amount_and_a_day_to_come(owner: Browser) -> None:
    for wrong in ({"amount": "9000"}, {"until_on": "2026-03-31"}, {"amount": "9000", "until_on": "2026-03-01"}):
        form = next(one for one in owner.forms_in(owner.open("/customers/c1")) if "override" in str(one.buttons))
        page = owner.press(form, "Set temporary limit", **wrong)
        assert page.status_code == 422
        assert "Not saved." in page.text


def test_orders_and_the_reason_of_a_hold_are_kept(owner: Browser, database: Database, company: Company) -> None:
    owner.says_of("c1", "Note orders", amount="700")
    owner.says_of("c1", "Put on hold", reason="two cheques bounced")
    credit = credit_of(database, company)
    assert (credit.unbilled, credit.is_manual) == (Money.of(Decimal(700), "NZD"), True)
    assert "two cheques bounced" in owner.open("/customers/c1").text
    owner.says_of("c1", "Leave holds to the policy")
    assert not credit_of(database, company).is_manual


def test_of_a_payment_that_is_gone_the_owner_says_what_became_of_it(
    owner: Browser, database: Database, company: Company
) -> None:
    with database.begin() as session:
        tasks.open_task(
            session,
            company.id or 0,
            kind="payment_gone",
            subject="P1",
            customer_id="c1",
            title="",
            detail="40.00 NZD of 2026-02-25 was taken out of your books.",
            now=books.NOW,
        )
    page = owner.open("/tasks")
    form = next(one for one in owner.forms_in(page) if "returned" in str(one.buttons))
    assert "Thank you" in owner.press(form, "The bank took it back").text
    assert books.account_of(database, company, "c1").returned_payments == 1
    assert "Payments gone" not in owner.open("/tasks").text


def test_a_returned_payment_is_noted_and_taken_back(owner: Browser, database: Database, company: Company) -> None:
    owner.says_of("c1", "Note the returned payment", on=(books.TODAY - timedelta(days=2)).isoformat(), note="no funds")
    assert books.account_of(database, company, "c1").returned_payments == 1
    owner.says_of("c1", "Not so")
    assert books.account_of(database, company, "c1").returned_payments == 0
