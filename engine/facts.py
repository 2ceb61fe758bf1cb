"""Facts: what a condition may know about a customer or an invoice, one value per name of `engine.conditions`.

Pure. Only the names that a set of conditions uses are worked out. Amounts become floating-point display amounts here
and nowhere else, for comparing only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.conditions import FactValue
from engine.money import Money, exponent
from engine.risk import behaviour_of, score, usual_days_late


def about_customer(account: Account, names: Iterable[str], currency: str, today: date) -> dict[str, FactValue]:
    """The values of those of `names` that are about the customer; `currency` is the company's base currency."""
    return {name: _CUSTOMER[name](account, currency, today) for name in names if name in _CUSTOMER}


def about_invoice(invoice: Invoice, names: frozenset[str], today: date) -> dict[str, FactValue]:
    """The values of those of `names` that are about the invoice."""
    return {name: value(invoice, today) for name, value in _invoice_facts(names)}


@lru_cache(maxsize=512)
def _invoice_facts(names: frozenset[str]) -> tuple[tuple[str, Callable[[Invoice, date], FactValue]], ...]:
    """Asked once per invoice and condition: sorted out once per condition."""
    return tuple((name, _INVOICE[name]) for name in sorted(names) if name in _INVOICE)


def _open(account: Account) -> list[Invoice]:
    return [each for each in account.invoices if each.status is InvoiceStatus.OPEN and each.balance.minor > 0]


def _risk(account: Account, today: date) -> int:
    """The score as it is shown; an invoice in dispute is not overdue."""
    late = [(today - each.due_on).days for each in _open(account) if not each.is_disputed]
    return score(behaviour_of(account.history, account.promises), max(late, default=0)).points


_UNITS = tuple(float(10**places) for places in range(10))
"""By the places after the point; no currency has more than four."""


def _amount(money: Money) -> float:
    return money.minor / _UNITS[exponent(money.currency)]


_CUSTOMER: dict[str, Callable[[Account, str, date], FactValue]] = {
    "customer.id": lambda account, *_: account.customer_id,
    "customer.name": lambda account, *_: account.name,
    "customer.country": lambda account, *_: account.country,
    "customer.open_invoices": lambda account, *_: len(_open(account)),
    "customer.balance": lambda account, currency, _: _amount(
        Money(sum(each.balance.minor for each in _open(account) if each.balance.currency == currency), currency)
    ),
    "customer.is_on_hold": lambda account, *_: account.credit.is_on_hold,
    "customer.typical_days_late": lambda account, *_: usual_days_late(account.history) or 0,
    "customer.risk": lambda account, _, today: _risk(account, today),
}
_INVOICE: dict[str, Callable[[Invoice, date], FactValue]] = {
    "invoice.days_overdue": lambda invoice, today: (today - invoice.due_on).days,
    "invoice.days_old": lambda invoice, today: (today - invoice.issued_on).days,
    "invoice.balance": lambda invoice, _: _amount(invoice.balance),
    "invoice.total": lambda invoice, _: _amount(invoice.total),
    "invoice.currency": lambda invoice, _: invoice.balance.currency,
    "invoice.is_part_paid": lambda invoice, _: 0 < invoice.balance.minor < invoice.total.minor,
    "invoice.number": lambda invoice, _: invoice.number,
    "invoice.reference": lambda invoice, _: invoice.reference,
    "invoice.last_step": lambda invoice, _: invoice.last_step,
}
