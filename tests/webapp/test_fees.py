"""Late fees on the customer file, and the way back."""

from __future__ import annotations

from engine.history import FeeCharged
from engine.money import Money
from store import companies, ledger
from store.acts import Planning, record_acts
from store.database import Database
from store.ledger import PlannedAct
from store.tables import Company
from tests.store.books import because
from tests.webapp import books
from tests.webapp.browsing import Browser

KEY = "f" * 32


def charge(database: Database, company: Company) -> None:
    """A fee for INV-101, made in the books."""
    charged = FeeCharged(
        invoice_id="inv-101", through_on=books.TODAY, fixed=Money(4_000, "NZD"), interest=Money(0, "NZD")
    )
    act = PlannedAct(kind="fee", key=KEY, charges=(charged,), body="{}")
    with database.begin() as session:
        row = companies.get(session, company.id or 0)
        planning = Planning(company=row, customer_id="c1", run_id=None, now=books.NOW, today=books.TODAY)
        record_acts(session, planning, because("fee_due", "40.00 NZD is charged for one late invoice."), [act])
        assert ledger.claim(session, company.id or 0, KEY, "worker", books.NOW)
        assert ledger.done(session, company.id or 0, KEY, "F-1", books.NOW)


def test_a_fee_is_taken_back_with_its_reason(owner: Browser, database: Database, company: Company) -> None:
    assert "Late fees" not in owner.open("/customers/c1").text
    charge(database, company)
    owner.says_of("c1", "Take the fee back", why="a good customer")
    page = owner.open("/customers/c1").text
    assert "Taken back" in page
    assert "a good customer" in page
    assert "Take the fee back" not in page
    assert [one.key for one in books.account_of(database, company, "c1").forgiven] == [KEY]


def test_what_is_no_fee_of_the_company_is_not_there(owner: Browser, database: Database, company: Company) -> None:
    charge(database, company)
    form = next(one for one in owner.forms_in(owner.open("/customers/c1")) if one.action.endswith("/fees"))
    assert owner.press(form, "Take the fee back", fee="another").status_code == 404
