"""Days and amounts in a reason, as the reader writes them."""

from __future__ import annotations

import pytest

from engine.telling import localised

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
