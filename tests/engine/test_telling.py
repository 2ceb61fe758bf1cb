"""Days and amounts in a reason, as the reader writes them."""

from __future__ import annotations

import pytest

from engine.telling import calculated, localised
from tests.engine.builder import Books

REASON = "INV-7, due 2026-03-01, waits: 1230.50 USD is promised for 2026-03-09."


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en_GB", "INV-7, due 1 Mar 2026, waits: US$1,230.50 is promised for 9 Mar 2026."),
        ("en_US", "INV-7, due Mar 1, 2026, waits: $1,230.50 is promised for Mar 9, 2026."),
        ("de_DE", "INV-7, due 01.03.2026, waits: 1.230,50\xa0$ is promised for 09.03.2026."),
    ],
)
def test_days_and_amounts_are_written_as_the_reader_writes_them(locale: str, told: str) -> None:
    assert localised(REASON, locale) == told


@pytest.mark.parametrize("kept", ["Bill 2026-13-40", "INV-2026-03-01-7", "12 ABC", "1.5 USD", "step 3 USD"])
def test_what_only_looks_like_a_day_or_an_amount_stays(kept: str) -> None:
    assert localised(kept, "en_GB") == kept


def test_a_currency_without_cents_has_none() -> None:
    assert localised("5000 JPY and 1.250 KWD", "en_US") == "¥5,000 and KWD1.250"


CALCULATIONS = (
    "2026-03-02 to 2026-04-15: 1,500.00 × 11.75 % a year (8 + 3.75 for 2026H1) × 45/365 = 21.73",
    "2026-03-02 to 2026-04-01: 1,000.00 × 12 % a year × 31/365 = 10.19",
    "2026-03-02 to 2027-03-01: 10,000.00 compounded over 365 days at 10 %/365 a day = 1,051.56",
    "fixed sum for a debt of 1,500.00 = 70.00",
    "late fee = 40.00",
    "less interest charged before = -10.19",
    "what a cap held back before = 5.05",
    "held to the cap of 4 % of 1,000.00 = -5.05",
    "held to 24 % a year, the ceiling in Canada = -1.00",
    "held to interest a year, the ceiling in Canada = -1.00",
)
"""Every kind of line that `engine.fees_lines` and `engine.interest` write."""
ENGLISH = {"to", "of", "for", "over", "at", "the", "fee", "year", "charged", "held"}


@pytest.mark.parametrize("language", ["es", "de"])
@pytest.mark.parametrize("line", CALCULATIONS)
def test_a_calculation_is_told_in_the_customers_language(line: str, language: str) -> None:
    told = calculated(line, language, f"{language}_{language.upper()}")
    assert not ENGLISH & set(told.split())
    assert told.rpartition("= ")[2] == line.rpartition("= ")[2].translate(str.maketrans(",.", ".,"))


def test_the_figures_of_a_calculation_are_written_as_its_reader_writes_them() -> None:
    assert calculated(CALCULATIONS[0], "es", "es_ES") == (
        "2 mar 2026 a 15 abr 2026: 1.500,00 × 11,75 % anual (8 + 3,75 para 2026H1) × 45/365 = 21,73"
    )
    assert calculated("100,000 × 5 % × 30/365 = 411", "en", "de_DE") == "100.000 × 5 % × 30/365 = 411"


def test_every_kind_of_line_is_among_them(books: Books) -> None:
    """Flat, percentage, interest on top of what was charged, and a cap: each has a pattern here that it fits."""
    books.fees(flat=10, percent=5, annual_rate="12", cap_percent=4).has_invoice(
        "INV-7", due="2026-03-01", balance="1000.00 USD"
    )
    for line in books.fee_lines(on="2026-05-01"):
        assert calculated(line.partition(": ")[2], "de", "de_DE") != localised(line.partition(": ")[2], "de_DE"), line
