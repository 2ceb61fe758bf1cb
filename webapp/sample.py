"""A message as one of the company's own customers would get it now: for previews, and for a test to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from connectors.mail.context import DiscountOffered, MessageContext
from connectors.mail.templates import Rendered, Source, render_source
from connectors.ports import Mail
from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.money import Money
from engine.plan import InvoiceDue
from store import accounts, policies
from webapp import access
from webapp.formatting import local_today
from webapp.links import logo_url, portal_url
from webapp.services import services

SAMPLE_PERCENT = Decimal(2)


def preview(name: str, source: Source, customer_id: str, language: str = "en") -> Rendered:
    """The message of that name, in that language, for this customer's open invoices; made-up ones where they have none.

    Raises BadTemplateError for words that no template may hold, MissingFactError for facts that no message knows.
    """
    return render_source(source, _context(customer_id, language, speaks_of_discount=name == "discount_offer"))


def as_test(rendered: Rendered, to: str) -> Mail:
    """The same as a mail to oneself, marked as a test, with no way for the customer in it."""
    company = access.current_company()
    return Mail(
        key=f"test-{uuid4().hex}",
        to=(to,),
        subject=f"[Test] {rendered.subject}",
        text=rendered.text,
        html=rendered.html,
        sender_name=company.name,
        reply_to=to,
    )


def _context(customer_id: str, language: str, *, speaks_of_discount: bool) -> MessageContext:
    company, today = access.current_company(), local_today()
    with services().database.read() as reading:
        found = accounts.load(reading, access.company_id(), [customer_id], today) if customer_id else []
        sender = policies.current(reading, access.company_id()).sender
    account = found[0] if found else Account(customer_id="", name="Sample Customer Ltd")
    invoices = _open_invoices(account, today) or _made_up(company.base_currency or "USD", today)
    link = portal_url(services().base_url, services().secret_keys, access.company_id(), account.customer_id)
    return MessageContext(
        customer_name=account.name,
        company_name=company.name,
        invoices=invoices,
        today=today,
        country=company.country,
        language=language,
        sender_name=sender.name or company.name,
        reply_to=sender.reply_to or company.email,
        statement_url=link if found else "",
        colour=sender.colour,
        logo_url=logo_url(services().base_url, access.company_id(), sender.logo) if sender.logo else sender.logo_url,
        discount=_offer(invoices[0].balance, today) if speaks_of_discount else None,
    )


def _offer(balance: Money, today: date) -> DiscountOffered:
    saving, last_day_on = balance.percent(SAMPLE_PERCENT), today + timedelta(days=5)
    return DiscountOffered(percent=SAMPLE_PERCENT, saving=saving, last_day_on=last_day_on)


def _open_invoices(account: Account, today: date) -> tuple[InvoiceDue, ...]:
    is_open: Sequence[Invoice] = [
        one for one in account.invoices if one.status is InvoiceStatus.OPEN and one.balance.minor > 0
    ]
    late = [one for one in is_open if one.due_on < today]
    return tuple(
        InvoiceDue(
            invoice_id=one.id,
            number=one.number,
            due_on=one.due_on,
            balance=one.balance,
            days_overdue=(today - one.due_on).days,
            step=0,
        )
        for one in late or is_open
    )


def _made_up(currency: str, today: date) -> tuple[InvoiceDue, ...]:
    balance = Money.of(Decimal("1234.50"), currency)
    due_on = today - timedelta(days=12)
    return (InvoiceDue(invoice_id="", number="INV-1001", due_on=due_on, balance=balance, days_overdue=12, step=0),)
