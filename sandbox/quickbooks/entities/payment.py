"""Payments: money in, applied by its lines or left on account; void reopens what it paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity, reference
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import applying
from sandbox.quickbooks.fields import ZERO

UNDEPOSITED_FUNDS = "4"


def create(desk: Desk, body: Document) -> Document:
    id = desk.change.books.next_id("Payment")
    return _put(desk, {"Id": id} | body, desk.today)


def update(desk: Desk, current: Document, body: Document) -> Document:
    on = date.fromisoformat(current["TxnDate"])
    desk.check_open_period(on)
    _check_not_deposited(current)
    applying.undo(desk, current)
    return _put(desk, {"Id": current["Id"]} | body, on)


def void(desk: Desk, current: Document) -> None:
    desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    _check_not_deposited(current)
    applying.undo(desk, current)
    note = " ".join(filter(None, ("Voided", current.get("PrivateNote"))))
    document = current | {"TotalAmt": ZERO, "UnappliedAmt": ZERO, "Line": [], "PrivateNote": note}
    desk.change.put("Payment", document, "Void")


def delete(desk: Desk, current: Document) -> None:
    desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    _check_not_deposited(current)
    applying.undo(desk, current)
    desk.change.remove("Payment", current["Id"])


def _put(desk: Desk, body: Document, default_day: date) -> Document:
    customer = desk.customer(body)
    total = fields.amount(body, "TotalAmt")
    if total is None:
        raise answers.missing("TotalAmt")
    if total < 0:
        raise answers.business("The total of a payment cannot be negative")
    on = fields.day(body, "TxnDate") or default_day
    document = body | {"TxnDate": on.isoformat(), "CustomerRef": reference(customer, "DisplayName"), "TotalAmt": total}
    if desk.is_closed(on) and total == 0 and desk.office.switches.swallows_payments_in_closed_period:
        return document | {"UnappliedAmt": ZERO, "Line": []}
    desk.check_open_period(on)
    document |= _currency(desk, body, customer)
    stored, unapplied = applying.apply(desk, document, customer)
    document |= {"Line": stored, "UnappliedAmt": unapplied, "ProcessPayment": fields.flag(body, "ProcessPayment")}
    document.setdefault("DepositToAccountRef", {"value": UNDEPOSITED_FUNDS})
    desk.change.put("Payment", document)
    return document


def _currency(desk: Desk, body: Document, customer: Document) -> Document:
    if not desk.office.is_multi_currency:
        return {}
    theirs = customer.get("CurrencyRef", {}).get("value", desk.office.currency)
    return {"CurrencyRef": {"value": theirs}, "ExchangeRate": fields.amount(body, "ExchangeRate") or Decimal(1)}


def _check_not_deposited(payment: Document) -> None:
    if any(link.get("TxnType") == "Deposit" for link in payment.get("LinkedTxn", [])):
        raise answers.in_a_deposit()


PAYMENT = Entity(
    name="Payment",
    writable=frozenset(
        {
            "CustomerRef",
            "TotalAmt",
            "TxnDate",
            "Line",
            "PaymentMethodRef",
            "PaymentRefNum",
            "PrivateNote",
            "CurrencyRef",
        }
        | {"DepositToAccountRef", "ARAccountRef", "ExchangeRate", "ProcessPayment", "CreditCardPayment", "TxnSource"}
        | {"TxnStatus", "TaxExemptionRef", "TransactionLocationType"}
    ),
    read_only=frozenset({"UnappliedAmt", "LinkedTxn"}),
    filterable=frozenset({"TxnDate", "CustomerRef", "TotalAmt", "UnappliedAmt", "PaymentRefNum"}),
    longest={"PaymentRefNum": 21, "PrivateNote": 4000},
    create=create,
    update=update,
    void=void,
    delete=delete,
)
