"""A letter before claim speaks one language: its text, its days, its amounts and its schedule."""

from __future__ import annotations

from datetime import date

from connectors.paper.letters import LETTERS, house_text, written
from connectors.paper.words import Hand
from engine.claim import claims
from engine.policy import Sender
from store.tables import Company, Customer
from tests.engine.builder import Books
from webapp.papers.claims import schedule
from webapp.papers.letter import context_of

COMPANY = Company(platform="xero", external_id="1", name="Hafen GmbH", country="DE", currency="EUR")
CUSTOMER = Customer(company_id=1, id="c1", name="Söhne KG")


def test_a_german_letter_writes_its_days_and_amounts_in_german() -> None:
    """INV-7 over 1,365.00 EUR, 100 days overdue, 12 % a year by contract."""
    books = Books()
    books.fees(annual_rate="12")
    books.has_invoice("INV-7", due="2026-03-01", balance="1365.00 EUR")
    found = claims(books.account, books.rules, date(2026, 6, 9))
    letter = LETTERS["DE"]
    _, paragraphs = written(house_text(letter), context_of(letter, COMPANY, Sender(), CUSTOMER, found))
    said = " ".join(paragraphs)
    assert "1.365,00\xa0€" in said
    assert "23. Juni 2026" in said
    owed, how = schedule(found, Hand("de_DE"))
    assert owed.heading == "Offene Rechnungen"
    assert owed.table is not None
    assert owed.table.headings[2] == "Fällig"
    assert owed.table.rows[0][2:6:3] == ("01.03.2026", "1.365,00\xa0€")
    assert how.heading == "Zinsen und Kosten bis 09.06.2026"
    assert how.text == ["Clause 7 of our terms."]
    assert how.table is not None
    assert how.table.rows[0][0] == ("INV-7: 02.03.2026 bis 09.06.2026: 1.365,00 × 12 % im Jahr × 100/365 = 44,88")


def test_a_letter_in_english_is_calculated_in_english() -> None:
    books = Books()
    books.fees(annual_rate="12")
    books.has_invoice("INV-1,5", due="2026-03-01", balance="1365.00 EUR")
    _, how = schedule(claims(books.account, books.rules, date(2026, 6, 9)), Hand("en_IE"))
    assert how.table is not None
    assert how.table.rows[0][0] == ("INV-1,5: 2 Mar 2026 to 9 Jun 2026: 1,365.00 × 12 % a year × 100/365 = 44.88")
