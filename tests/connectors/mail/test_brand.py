"""A company's own look in its messages, readable whatever colour was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from connectors.mail.brand import READABLE, WHITE, Look, contrast, look_of
from connectors.mail.context import MessageContext
from connectors.mail.templates import render
from engine.money import Money
from engine.plan import InvoiceDue


@dataclass(frozen=True)
class Brand:
    colour: str = ""
    logo_url: str = ""


def page(brand: Brand) -> str:
    due = InvoiceDue(
        invoice_id="1", number="INV-1", due_on=date(2026, 3, 1), balance=Money(100, "GBP"), days_overdue=3, step=2
    )
    context = MessageContext(
        customer_name="Acme",
        company_name="Quayside & Sons",
        invoices=(due,),
        today=date(2026, 3, 4),
        pay_url="https://pay.example/1",
        colour=brand.colour,
        logo_url=brand.logo_url,
    )
    return render("reminder_1", context).html


def test_without_a_brand_a_message_looks_like_ours() -> None:
    html = page(Brand())
    assert "#24594a" in html
    assert "<img" not in html


def test_the_colour_is_on_the_button_and_the_logo_in_place_of_the_name() -> None:
    html = page(Brand("#7A1F5C", "https://quayside.example/logo.png"))
    assert "background-color: #7A1F5C" in html
    assert "#8fd1ba" not in html, "in dark mode too"
    assert 'src="https://quayside.example/logo.png"' in html
    assert 'alt="Quayside &amp; Sons"' in html


@pytest.mark.parametrize("logo", ['https://x.example/"onerror="alert(1)', "javascript:alert(1)", "data:image/png,x"])
def test_a_logo_is_a_web_address_or_nothing(logo: str) -> None:
    assert "<img" not in page(Brand(logo_url=logo))


def test_what_is_no_colour_changes_nothing() -> None:
    assert look_of("red;} body{display:none") == Look()


@given(integers(min_value=0, max_value=0xFFFFFF))
def test_every_colour_leaves_words_that_can_be_read(number: int) -> None:
    look = look_of(f"#{number:06x}")
    assert contrast(look.button, look.on_button) >= READABLE
    assert contrast(look.title, WHITE) >= READABLE
