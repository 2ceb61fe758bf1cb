"""Discounts taken, as acts: a credit for what is left of the invoice, and a note on it that says why."""

from __future__ import annotations

from datetime import date

from connectors.documents import CreditOrder
from engine import keys
from engine.plan import GrantDiscount
from engine.policy import Place
from scheduler.doing import GrantCredit, encode
from scheduler.fees import booking_of
from scheduler.notes import Notes
from scheduler.words import Reader
from store.ledger import PlannedAct
from store.tables import Company

DESCRIPTION = "Early-payment discount on invoice {number}"


def acts(
    grant: GrantDiscount, company: Company, place: Place, today: date, notes: Notes, reader: Reader
) -> list[PlannedAct]:
    """The credit, taxed as the invoice is, and its note. Without a place of its own it is booked like the invoice."""
    key = keys.discount_credit_key(str(company.stored_id), grant.customer_id, grant.invoice_id)
    order = CreditOrder(
        customer_id=grant.customer_id,
        invoice_id=grant.invoice_id,
        currency=grant.amount.currency,
        amount=grant.amount.minor,
        description=reader.say(DESCRIPTION, number=grant.number or grant.invoice_id),
        reference=keys.discount_reference(key),
        dated_on=today,
        booking=booking_of(place),
    )
    act = PlannedAct(
        kind="discount_credit", key=key, invoices=((grant.invoice_id, 0),), body=encode(GrantCredit(order))
    )
    text = f"Early-payment discount of {grant.amount} credited, {order.reference}."
    return [act, notes.after(act, "invoice", grant.invoice_id, text, grant.reason.sentence)]
