"""The shapes of the API: what is asked and what is answered, field by field, as its document describes them.

Amounts are exact decimals written as text, each with its currency. Days are the company's own, instants are UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from engine.money import Money

PLAIN_TEXT = r"^[^\x00-\x1f\x7f]*$"
Cursor: TypeAlias = Annotated[
    str, Meta(max_length=200, pattern=PLAIN_TEXT, description="`next_cursor` of the page before; empty for the first.")
]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=200, description="How many at most.")]
Filter: TypeAlias = Annotated[str, Meta(max_length=200, pattern=PLAIN_TEXT)]
FigureOut: TypeAlias = str | int | None
"""A figure that a reason rests on: days as ISO dates, amounts with their currency."""
Status: TypeAlias = Literal["", "draft", "open", "paid", "voided", "deleted"]


class MoneyOut(Struct, frozen=True):
    """An exact amount in one currency."""

    amount: Annotated[str, Meta(pattern=r"^-?\d+(\.\d+)?$", examples=["1230.50"])]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["NZD"])]

    @classmethod
    def of(cls, money: Money) -> MoneyOut:
        return cls(f"{money.amount:f}", money.currency)


class Paged(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page."""

    cursor: Cursor = ""
    limit: Limit = 50


class CustomerQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which customers."""

    search: Annotated[str, Meta(max_length=80, pattern=PLAIN_TEXT, description="In name or email address.")] = ""


class OwedOut(Struct, frozen=True, kw_only=True):
    """What is owed in one currency."""

    owed: MoneyOut
    overdue: MoneyOut


class CustomerOut(Struct, frozen=True, kw_only=True):
    """One customer, what it owes, and what people have said of it."""

    id: str
    name: str
    email: str
    phone: str
    country: str
    is_active: bool
    is_on_hold: bool
    hold_since_on: date | None
    hold_is_manual: bool
    is_paused: bool
    paused_until_on: date | None
    do_not_chase: bool
    has_opted_out: bool
    owed: tuple[OwedOut, ...]


class CustomersOut(Struct, frozen=True, kw_only=True):
    """A page of customers, by id."""

    customers: tuple[CustomerOut, ...]
    next_cursor: str | None


class CreditQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which order."""

    amount: Annotated[
        str,
        Meta(pattern=r"^(\d{1,12}(\.\d{1,4})?)?$", description="What is ordered, tax included; empty to ask at large."),
    ] = ""
    currency: Annotated[
        str, Meta(pattern="^([A-Z]{3})?$", description="Of the amount; empty for that of the customer's limit.")
    ] = ""


class CreditOut(Struct, frozen=True, kw_only=True):
    """May this customer have credit: yes or no, and why."""

    answer: Literal["yes", "no"]
    rule: str
    reason: str
    figures: dict[str, FigureOut]
    limit: MoneyOut | None
    exposure: MoneyOut | None
    available: MoneyOut | None
    policy_version: int
    as_of_at: datetime | None
    """When the books were last read."""


class PausePut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long to leave alone."""

    until_on: Annotated[date | None, Meta(description="The last day of the pause; null until somebody ends it.")] = None


class HoldPut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The customer's credit hold."""

    state: Annotated[
        Literal["on", "off", "policy"],
        Meta(description="On or off by hand, which no rule changes; or left to the policy again."),
    ]


class PromisePut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promise to pay."""

    pay_on: Annotated[date, Meta(description="The last day on which it is still kept.")]


class DisputePut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the customer contests."""

    reason: Annotated[str, Meta(max_length=300, pattern=PLAIN_TEXT)] = ""


class InvoiceQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which invoices."""

    customer_id: Filter = ""
    status: Status = ""
    is_overdue: Annotated[bool, Meta(description="Only open ones whose due date has passed.")] = False


class DecisionBrief(Struct, frozen=True, kw_only=True):
    """The decision in force."""

    outcome: str
    rule: str
    reason: str
    since_on: date


class InvoiceOut(Struct, frozen=True, kw_only=True):
    """One invoice, what people have said of it, and what is decided about it."""

    id: str
    number: str
    customer_id: str
    status: str
    issued_on: date
    due_on: date
    total: MoneyOut
    balance: MoneyOut
    days_overdue: Annotated[int, Meta(description="Whole days after the due date; 0 before it and once it is settled.")]
    is_disputed: bool
    dispute_reason: str
    promised_on: date | None
    is_paused: bool
    paused_until_on: date | None
    decision: DecisionBrief | None


class InvoicesOut(Struct, frozen=True, kw_only=True):
    """A page of invoices, by id."""

    invoices: tuple[InvoiceOut, ...]
    next_cursor: str | None


class DecisionQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decisions."""

    customer_id: Filter = ""
    invoice_id: Filter = ""
    rule: Filter = ""
    with_former: Annotated[bool, Meta(description="Those that were replaced as well as those in force.")] = False


class DecisionOut(Struct, frozen=True, kw_only=True):
    """What was decided from `first_on` to `last_on`, and why. Without an invoice it is about the customer itself."""

    id: int
    customer_id: str
    invoice_id: str | None
    outcome: str
    rule: str
    reason: str
    figures: dict[str, FigureOut]
    policy_version: int
    first_on: date
    last_on: date
    is_current: bool


class DecisionsOut(Struct, frozen=True, kw_only=True):
    """A page of decisions, newest first."""

    decisions: tuple[DecisionOut, ...]
    next_cursor: str | None


class ActionQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which actions."""

    customer_id: Filter = ""
    kind: Filter = ""
    state: Literal["", "planned", "approved", "claimed", "done", "failed", "held", "cancelled"] = ""


class ActionOut(Struct, frozen=True, kw_only=True):
    """One act on the outside world: a message, a note, a fee, a hold."""

    key: str
    kind: str
    state: str
    customer_id: str
    step: int
    planned_on: date
    not_before_at: datetime | None
    ended_at: datetime | None
    rule: str
    reason: str
    outcome: str


class ActionsOut(Struct, frozen=True, kw_only=True):
    """A page of actions, newest first."""

    actions: tuple[ActionOut, ...]
    next_cursor: str | None
