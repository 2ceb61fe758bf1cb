"""Xero's own invoice mail: whom it goes to, how many a day. What was sent is kept in the books' outbox."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sandbox.xero.books import Books, Mail
from sandbox.xero.errors import invalid
from sandbox.xero.history import note_change
from sandbox.xero.values import Doc

_CAPS = {"DEMO": 0, "TRIAL": 20}
_PAYING_CAP = 1000


def email_invoice(books: Books, invoice: Doc) -> Mail:
    """Send a sales invoice to its contact in the organisation's own words. Raises Invalid."""
    if invoice["Type"] != "ACCREC" or invoice["Status"] not in ("SUBMITTED", "AUTHORISED", "PAID"):
        raise invalid(
            "The invoice cannot be emailed: it must be an ACCREC invoice that is SUBMITTED, AUTHORISED or PAID"
        )
    if _sent_today(books) >= _cap(books):
        raise invalid("The daily email limit for this organisation has been reached")
    to = recipients(books.contacts.rows[invoice["ContactID"]])
    if not to:
        raise invalid("The contact has no email address")
    mail = Mail(
        to=to,
        subject=f"Invoice {invoice['InvoiceNumber']} from {books.name}",
        body=f"Here is invoice {invoice['InvoiceNumber']} for {invoice['CurrencyCode']} {invoice['AmountDue']}.",
        invoice_id=invoice["InvoiceID"],
        at=books.now(),
    )
    books.outbox.append(mail)
    if not invoice["SentToContact"]:
        sent = {**invoice, "SentToContact": True}
        # On a part-paid invoice being sent makes no journal, so no delta shows it.
        if invoice["AmountPaid"] or invoice["AmountCredited"]:
            books.put_quietly(books.invoices, sent)
        else:
            books.put(books.invoices, sent)
    note_change(
        books, "Invoices", invoice["InvoiceID"], "Invoice sent", f"This invoice has been sent to {', '.join(to)}"
    )
    return mail


def recipients(contact: Doc) -> tuple[str, ...]:
    """The primary address and the persons who are to be included."""
    persons = [person["EmailAddress"] for person in contact["ContactPersons"] if person["IncludeInEmails"]]
    return tuple(address for address in (contact["EmailAddress"], *persons) if address)


def _cap(books: Books) -> int:
    cap = books.switches.email_cap
    return _CAPS.get(books.switches.plan, _PAYING_CAP) if cap is None else cap


def _sent_today(books: Books) -> int:
    zone, today = ZoneInfo(books.time_zone), books.today()
    return sum(mail.at.astimezone(zone).date() == today for mail in reversed(books.outbox))
