"""Carry: what an account looks like once a plan has been carried out, as far as later decisions rest on it.

Pure. Tonight's run writes these effects into the store; replaying a year needs them without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from engine.account import Account, Contact, CreditStanding, Invoice
from engine.books import InvoiceStatus
from engine.history import FeeCharged
from engine.money import Money
from engine.plan import (
    MESSAGES,
    AskPerson,
    ChargeFee,
    DeliverInvoice,
    GrantDiscount,
    Message,
    OfferDiscount,
    PlaceHold,
    Plan,
    ReleaseHold,
    SendReminder,
    SendStatement,
    SendThanks,
    ShowPromise,
    TakeBackFee,
)


def carried_out(account: Account, plan: Plan) -> Account:
    """The account after every act of the plan, on the plan's own day. What asks a person, or carries out
    a person's word, changes nothing in it: the past knows of no such words."""
    for action in plan.actions:
        match action:
            case SendReminder() | OfferDiscount() | SendStatement() | SendThanks():
                account = _heard(account, action, plan.on)
            case DeliverInvoice():
                account = replace(account, invoices=tuple(_delivered(each, action) for each in account.invoices))
            case PlaceHold():
                account = replace(account, credit=_held(account.credit, plan.on))
            case ReleaseHold():
                account = replace(account, credit=_held(account.credit, None))
            case GrantDiscount():
                account = replace(account, invoices=tuple(_credited(each, action) for each in account.invoices))
            case ChargeFee():
                account = replace(account, fees=(*account.fees, *charged(action)))
            case TakeBackFee() | ShowPromise() | AskPerson():
                pass
    return account


def carried_out_together(family: Sequence[Account], plans: Sequence[Plan]) -> list[Account]:
    """A family after its plans: what the parent was told of a sub-customer's invoice was said to that one as well."""
    after = [carried_out(account, plan) for account, plan in zip(family, plans, strict=True)]
    for plan in plans:
        for action in plan.actions:
            if isinstance(action, MESSAGES):
                owners = _told_of(action)
                after = [_heard(each, action, plan.on) if each.customer_id in owners else each for each in after]
    return after


def _told_of(message: Message) -> frozenset[str]:
    """Sub-customers of whose invoices the message takes something; one that is only named has heard nothing."""
    match message:
        case SendReminder():
            taken = [due for due in message.invoices if due.step]
        case SendThanks():
            taken = list(message.invoices)
        case OfferDiscount():
            taken = [message.invoice]
        case SendStatement():
            taken = []
    return frozenset(due.customer_id for due in taken if due.customer_id)


def _heard(account: Account, message: Message, on: date) -> Account:
    invoices = account.invoices
    if isinstance(message, SendReminder):
        steps = {due.invoice_id: due.step for due in message.invoices if due.step}
        invoices = tuple(_reminded(invoice, steps, on) for invoice in invoices)
    elif isinstance(message, OfferDiscount):
        invoices = tuple(_offered(invoice, message) for invoice in invoices)
    contact = Contact(on, str(type(message).__struct_config__.tag))
    return replace(account, invoices=invoices, contacts=(*account.contacts, contact))


def charged(fee: ChargeFee) -> Iterator[FeeCharged]:
    """What is remembered of a fee: one entry per invoice."""
    for invoice_id in fee.invoice_ids:
        lines = [line for line in fee.lines if line.invoice_id == invoice_id]
        fixed = sum(line.amount.minor for line in lines if line.kind == "fixed")
        interest = sum(line.amount.minor for line in lines if line.kind != "fixed")
        yield FeeCharged(
            invoice_id=invoice_id,
            through_on=fee.through_on,
            fixed=Money(fixed, fee.amount.currency),
            interest=Money(interest, fee.amount.currency),
        )


def _held(credit: CreditStanding, since: date | None) -> CreditStanding:
    return replace(
        credit,
        is_on_hold=since is not None,
        hold_since_on=since,
        shown_since_on=since,
        times_shown=credit.times_shown + 1,
    )


def _delivered(invoice: Invoice, delivery: DeliverInvoice) -> Invoice:
    return replace(invoice, is_sent=True) if invoice.id == delivery.invoice.invoice_id else invoice


def _credited(invoice: Invoice, grant: GrantDiscount) -> Invoice:
    if invoice.id != grant.invoice_id:
        return invoice
    return replace(invoice, balance=invoice.balance - grant.amount, status=InvoiceStatus.PAID)


def _reminded(invoice: Invoice, steps: dict[str, int], on: date) -> Invoice:
    return replace(invoice, last_step=steps[invoice.id], last_contact_on=on) if invoice.id in steps else invoice


def _offered(invoice: Invoice, offer: OfferDiscount) -> Invoice:
    if invoice.id != offer.invoice.invoice_id:
        return invoice
    terms = {"offered_percent": offer.percent, "offered_until_on": offer.last_day_on}
    return replace(invoice, discount_offered=True, **terms)
