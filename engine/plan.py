"""A plan: what one account needs today, and the reason for every act and for every invoice left alone.

Pure values, the engine's only output. `scheduler` records and performs them; `webapp` shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from engine.money import Money

Figure: TypeAlias = str | int | Decimal | date | None


Told: TypeAlias = tuple[str, dict[str, Figure]]
"""A sentence, and the figures it rests on."""


class Reason(Struct, frozen=True, eq=False, gc=False):
    """Which rule spoke, in one sentence a person can check, with the figures it used.

    `rule` is a stable code such as "covered"; every code is listed in `engine.reasons`. The sentence and the figures
    are told from the facts when they are read. Two reasons are equal when they say the same.
    """

    rule: str
    tell: Callable[..., Told]
    facts: tuple[object, ...] = ()

    @property
    def sentence(self) -> str:
        return self.tell(*self.facts)[0]

    @property
    def figures(self) -> dict[str, Figure]:
        return self.tell(*self.facts)[1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return self.rule == other.rule and self.tell(*self.facts) == other.tell(*other.facts)

    def __hash__(self) -> int:
        return hash((self.rule, self.sentence))


class InPlan(Struct, frozen=True, gc=False):
    """Which instalments of a payment plan are asked for, `first` to `last` of `of`; they count from 1."""

    first: int
    last: int
    of: int


class InvoiceDue(Struct, frozen=True, kw_only=True, gc=False):
    """One invoice as a message names it."""

    invoice_id: str
    number: str
    due_on: date
    balance: Money
    days_overdue: int
    """Whole calendar days after `due_on`; negative before it."""
    step: int
    """The ladder step this message takes the invoice to; 0 where it is only mentioned."""
    customer_id: str = ""
    customer: str = ""
    """Whose it is, and their name, where that is not who gets the message: a sub-customer of theirs."""
    instalment: InPlan | None = None
    """Under a payment plan, what `due_on` and `balance` stand for."""


class SendReminder(Struct, frozen=True, kw_only=True, gc=False, tag="remind"):
    """One message about all invoices of the customer that need one, at the highest step due among them."""

    customer_id: str
    step: int
    template: str
    invoices: tuple[InvoiceDue, ...]
    reason: Reason
    to_everyone: bool = True
    """To all the customer's addresses; otherwise to the first alone."""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    sender_name: str = ""
    """Who this step is from; empty for the usual sender. So with `reply_to`."""
    reply_to: str = ""
    needs_approval: bool = False
    """Waits for a person, whatever the company's mode."""


class OfferDiscount(Struct, frozen=True, kw_only=True, gc=False, tag="discount_offer"):
    """Tell the customer what paying early saves: `saving` off `invoice`, if paid up to and including `last_day_on`."""

    customer_id: str
    template: str
    invoice: InvoiceDue
    percent: Decimal
    saving: Money
    last_day_on: date
    reason: Reason


class SendStatement(Struct, frozen=True, kw_only=True, gc=False, tag="statement"):
    """The month's statement of account: everything that is owed. `statement_on` is the day that it is for."""

    customer_id: str
    template: str
    statement_on: date
    invoices: tuple[InvoiceDue, ...]
    reason: Reason


class SendThanks(Struct, frozen=True, kw_only=True, gc=False, tag="thank_you"):
    """Thank the customer for having paid these invoices, whose `balance` here is what was billed and paid."""

    customer_id: str
    template: str
    invoices: tuple[InvoiceDue, ...]
    reason: Reason


class DeliverInvoice(Struct, frozen=True, kw_only=True, gc=False, tag="deliver"):
    """Have the platform send the invoice by its own email: it was approved and never sent."""

    customer_id: str
    invoice: InvoiceDue
    reason: Reason


class PlaceHold(Struct, frozen=True, kw_only=True, gc=False, tag="hold"):
    """Give the customer no new credit, and show that on the platform."""

    customer_id: str
    reason: Reason


class ReleaseHold(Struct, frozen=True, kw_only=True, gc=False, tag="release"):
    """Lift the hold, and show that on the platform."""

    customer_id: str
    reason: Reason


class AskPerson(Struct, frozen=True, kw_only=True, gc=False, tag="task"):
    """Something only a person can do: a missing address, a very old debt. `subject` tells two tasks of a kind apart."""

    customer_id: str
    kind: str
    """missing_email, review_old_debt, call, never_sent, late_discount, …"""
    subject: str
    invoice_ids: tuple[str, ...]
    reason: Reason


class GrantDiscount(Struct, frozen=True, kw_only=True, gc=False, tag="discount_credit"):
    """Credit the discount that a customer took: `amount`, tax included, is all that is left of the invoice."""

    customer_id: str
    invoice_id: str
    number: str
    amount: Money
    reason: Reason


class ShowPromise(Struct, frozen=True, kw_only=True, gc=False, tag="expect"):
    """Show the promised day on the invoice itself, as the day on which its payment is expected."""

    customer_id: str
    invoice_id: str
    pay_on: date
    reason: Reason


class FeeLine(Struct, frozen=True, kw_only=True):
    """One line of a fee's calculation, for one invoice. The lines of a fee add up to it."""

    invoice_id: str
    kind: str
    """fixed: charged once per invoice; interest: by the day, less what was charged before; cap: taken off by one."""
    number: str
    """What people call the invoice."""
    calculation: str
    """What the amount comes from, in plain figures: `engine.telling.calculated` writes it for a reader."""
    amount: Money

    @property
    def text(self) -> str:
        """The line as reasons keep it."""
        return f"{self.number}: {self.calculation}"


class ChargeFee(Struct, frozen=True, kw_only=True, gc=False, tag="fee"):
    """One fee document for everything that the customer paid, or still owes, too late in one currency.

    Its key is `keys.fee_key(company, customer_id, amount.currency, through_on)`. For every invoice it is remembered as
    one `history.FeeCharged` (`engine.carry.charged`).
    """

    customer_id: str
    amount: Money
    """Net of any tax."""
    lines: tuple[FeeLine, ...]
    clause: str
    """The words of the contract, or the law, that allow the charge: printed on the document."""
    through_on: date
    """The charge day: the last day whose interest is in it."""
    dated_on: date
    due_on: date
    invoice_ids: tuple[str, ...]
    as_draft: bool
    """Waits on the platform until a person approves it: the policy says so, or a rate in it was not checked."""
    reason: Reason


class TakeBackFee(Struct, frozen=True, kw_only=True, gc=False, tag="fee_reversal"):
    """Take a fee of ours out of the books, because a person said so. `fee_key` is the act that charged it."""

    customer_id: str
    fee_key: str
    invoice_ids: tuple[str, ...]
    reason: Reason


Message: TypeAlias = SendReminder | OfferDiscount | SendStatement | SendThanks
"""What the customer reads, and the contact budget counts."""

MESSAGES = (SendReminder, OfferDiscount, SendStatement, SendThanks)
"""The same for `isinstance`, which is slow with unions."""

Action: TypeAlias = (
    Message
    | DeliverInvoice
    | PlaceHold
    | ReleaseHold
    | AskPerson
    | ChargeFee
    | TakeBackFee
    | GrantDiscount
    | ShowPromise
)


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """What was decided about one invoice, or about the customer itself where `invoice_id` is None.

    `outcome` is an action's tag ("remind", "hold", …) or "leave".
    """

    invoice_id: str | None
    outcome: str
    reason: Reason


class Plan(Struct, frozen=True, kw_only=True, gc=False):
    """Everything decided for one account on one day.

    Every open invoice has exactly one decision. `look_again_on` is the first day on which the answer could change
    with no new data; None means never.
    """

    customer_id: str
    on: date
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    look_again_on: date | None = None
