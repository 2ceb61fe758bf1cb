"""What the books look like once a plan is carried out: the world between two days of a simulation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from engine.account import Account, Contact, Invoice
from engine.books import InvoiceStatus
from engine.carry import charged
from engine.decide import decide
from engine.money import Money
from engine.plan import (
    AskPerson,
    ChargeFee,
    DeliverInvoice,
    GrantDiscount,
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
from engine.policy import Policy


def carried_out(account: Account, plan: Plan) -> Account:
    """The account after every act of the plan; a task for a person changes nothing in it."""
    for action in plan.actions:
        match action:
            case SendReminder():
                steps = {due.invoice_id: due.step for due in action.invoices if due.step}
                account = replace(
                    account,
                    invoices=tuple(_reminded(invoice, steps, plan.on) for invoice in account.invoices),
                    contacts=(*account.contacts, Contact(plan.on, "remind")),
                )
            case OfferDiscount():
                offered = action.invoice.invoice_id
                account = replace(
                    account,
                    invoices=tuple(
                        replace(invoice, discount_offered=invoice.discount_offered or invoice.id == offered)
                        for invoice in account.invoices
                    ),
                    contacts=(*account.contacts, Contact(plan.on, "discount_offer")),
                )
            case SendStatement() | SendThanks():
                kind = "statement" if isinstance(action, SendStatement) else "thank_you"
                account = replace(account, contacts=(*account.contacts, Contact(plan.on, kind)))
            case DeliverInvoice():
                delivered = tuple(
                    replace(invoice, is_sent=True) if invoice.id == action.invoice.invoice_id else invoice
                    for invoice in account.invoices
                )
                account = replace(account, invoices=delivered)
            case PlaceHold():
                shown = {"is_on_hold": True, "hold_since_on": plan.on, "shown_since_on": plan.on}
                account = replace(account, credit=replace(account.credit, **shown))
            case ReleaseHold():
                lifted = {"is_on_hold": False, "hold_since_on": None, "shown_since_on": None}
                account = replace(account, credit=replace(account.credit, **lifted))
            case GrantDiscount():
                account = replace(
                    account,
                    invoices=tuple(_credited(invoice, action.invoice_id) for invoice in account.invoices),
                )
            case ChargeFee():
                account = replace(account, fees=account.fees + tuple(charged(action)))
            case TakeBackFee():
                account = replace(account, forgiven=tuple(fee for fee in account.forgiven if fee.key != action.fee_key))
            case ShowPromise():
                shown = tuple(
                    replace(invoice, expected_on=action.pay_on) if invoice.id == action.invoice_id else invoice
                    for invoice in account.invoices
                )
                account = replace(account, invoices=shown)
            case AskPerson():
                pass
    return account


def _reminded(invoice: Invoice, steps: dict[str, int], on: date) -> Invoice:
    return replace(invoice, last_step=steps[invoice.id], last_contact_on=on) if invoice.id in steps else invoice


def _credited(invoice: Invoice, credited: str) -> Invoice:
    if invoice.id != credited:
        return invoice
    return replace(invoice, balance=Money.zero(invoice.balance.currency), status=InvoiceStatus.PAID)


def days_of_plans(account: Account, policy: Policy, first: date, last: date) -> Iterator[tuple[Account, Plan]]:
    """Decide and carry out, every day from `first` to `last`; yields each plan with the account it was made for."""
    for offset in range((last - first).days + 1):
        plan = decide(account, policy, first + timedelta(days=offset))
        yield account, plan
        account = carried_out(account, plan)
