"""A customer's books in a few words, and plans as lines of text: what tests of business rules are written with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from engine.account import Account, Contact, CreditStanding, Invoice, Promise
from engine.books import InvoiceStatus
from engine.decide import decide
from engine.history import Instalment, Received, Settled
from engine.instalments import Every, equal_parts, spread
from engine.money import Money
from engine.plan import (
    Action,
    AskPerson,
    ChargeFee,
    DeliverInvoice,
    GrantDiscount,
    OfferDiscount,
    PlaceHold,
    Plan,
    Reason,
    ReleaseHold,
    SendReminder,
    SendStatement,
    SendThanks,
    ShowPromise,
    TakeBackFee,
)
from engine.policy import (
    Budget,
    Calendar,
    Credit,
    Delivery,
    Discount,
    Escalation,
    Exclusions,
    Fees,
    Group,
    Policy,
    Promises,
    Rights,
    Statements,
    Step,
    Thanks,
)
from tests.engine.simulate import days_of_plans

PLAIN = Policy(
    ladder=(
        Step(number=1, days=3, template="reminder_1"),
        Step(number=2, days=10, template="reminder_2"),
        Step(number=3, days=20, template="final_notice"),
    ),
    calendar=Calendar(weekdays=(0, 1, 2, 3, 4, 5, 6)),
    budget=Budget(messages=50, per_days=1, minimum_gap_days=0),
    credit=Credit(is_on=False),
    base_currency="USD",
)
"""Three steps and nothing in the way: each test adds the one rule it is about."""


def money(text: str) -> Money:
    """`money("120.00 USD")`."""
    amount, currency = text.split()
    return Money.of(Decimal(amount), currency)


def schedule(
    debts: Sequence[tuple[str, Money]], count: int, first_on: date, every: Every
) -> dict[str, tuple[Instalment, ...]]:
    """A plan of equal parts over these debts (invoice id, balance)."""
    currency = debts[0][1].currency if debts else "USD"
    total = Money(sum(balance.minor for _, balance in debts), currency)
    return spread(debts, equal_parts(total, count, first_on, every))


def received(*payments: str) -> tuple[Received, ...]:
    """`received("2026-04-15 500.00 GBP")`."""
    return tuple(Received(date.fromisoformat(text[:10]), money(text[11:])) for text in payments)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


class Books:
    """One customer, its invoices and the company's policy."""

    def __init__(self) -> None:
        self.account = Account(customer_id="C-1", name="Acme Ltd", emails=("pay@acme.example",))
        self.rules = PLAIN

    def has_invoice(
        self, number: str, *, due: str, balance: str = "120.00 USD", issued: str = "2026-01-15", **facts: Any
    ) -> Books:
        """An open invoice; `facts` are any other fields of `Invoice`."""
        owed = money(balance)
        invoice = Invoice(
            id=f"id-{number}",
            number=number,
            status=facts.pop("status", InvoiceStatus.OPEN),
            issued_on=date.fromisoformat(issued),
            due_on=date.fromisoformat(due),
            total=owed,
            balance=owed,
            **facts,
        )
        self.account = replace(self.account, invoices=(*self.account.invoices, invoice))
        return self

    def day(self, text: str) -> date:
        return date.fromisoformat(text)

    def promise(self, pay_on: str, amount: str | None = None) -> Promise:
        return Promise(date.fromisoformat(pay_on), None if amount is None else money(amount))

    def paid_before(self, *days_late: int, total: str = "100.00 USD") -> Books:
        """Invoices settled so many days after their due dates, one a month."""
        settled = []
        for months, late in enumerate(days_late, 1):
            due_on = date(2026, 1, 1) - timedelta(days=30 * months)
            settled.append(
                Settled(
                    issued_on=due_on - timedelta(days=30),
                    due_on=due_on,
                    settled_on=due_on + timedelta(days=late),
                    total=money(total),
                )
            )
        return self.customer(history=tuple(settled))

    def has_money(self, *amounts: str) -> Books:
        """Payments and credits not applied to any invoice."""
        self.account = replace(self.account, unapplied=tuple(money(amount) for amount in amounts))
        return self

    def was_contacted(self, *days: str, kind: str = "remind") -> Books:
        contacts = tuple(Contact(date.fromisoformat(on), kind) for on in days)
        self.account = replace(self.account, contacts=self.account.contacts + contacts)
        return self

    def has_credit(self, **facts: Any) -> Books:
        self.account = replace(self.account, credit=CreditStanding(**facts))
        return self

    def customer(self, **facts: Any) -> Books:
        self.account = replace(self.account, **facts)
        return self

    def ladder(self, *steps: Step) -> Books:
        return self._with(ladder=steps)

    def calendar(self, **facts: Any) -> Books:
        return self._with(calendar=Calendar(**facts))

    def budget(self, **facts: Any) -> Books:
        return self._with(budget=Budget(**facts))

    def discount(self, **facts: Any) -> Books:
        return self._with(discount=Discount(**facts))

    def credit(self, **facts: Any) -> Books:
        return self._with(credit=Credit(**facts))

    def delivery(self, **facts: Any) -> Books:
        return self._with(delivery=Delivery(**facts))

    def statements(self, **facts: Any) -> Books:
        return self._with(statements=Statements(**({"is_on": True} | facts)))

    def thanks(self, **facts: Any) -> Books:
        return self._with(thanks=Thanks(**({"is_on": True} | facts)))

    def groups(self, *groups: Group) -> Books:
        return self._with(groups=groups)

    def fees(self, **facts: Any) -> Books:
        """Fees by a contract with a clause, charged on the first of the month, at once and without drafts."""
        plain = {"is_on": True, "clause": "Clause 7 of our terms.", "as_draft": False}
        return self._with(fees=Fees.model_validate(plain | facts))

    def promises(self, **facts: Any) -> Books:
        return self._with(promises=Promises(**facts))

    def escalation(self, **facts: Any) -> Books:
        return self._with(escalation=Escalation(**facts))

    def exclusions(self, **facts: Any) -> Books:
        return self._with(exclusions=Exclusions(**facts))

    def rights(self, **facts: Any) -> Books:
        return self._with(rights=Rights(**facts))

    def _with(self, **parts: Any) -> Books:
        self.rules = self.rules.model_copy(update=parts)
        return self

    def decided(self, on: str) -> Plan:
        return decide(self.account, self.rules, date.fromisoformat(on))

    def plan(self, on: str) -> list[str]:
        """The day's actions, one line each."""
        return [line(action) for action in self.decided(on).actions]

    def reason(self, number: str | None, on: str) -> Reason:
        """The one reason about that invoice, or about the customer itself for None."""
        wanted = None if number is None else f"id-{number}"
        told = [each for each in self.decided(on).decisions if each.invoice_id == wanted]
        (decision,) = [each for each in told if not each.reason.rule.startswith("fee_")]
        return decision.reason

    def about_fees(self, on: str) -> list[str]:
        """The rules that spoke about late fees, one per currency."""
        return [each.reason.rule for each in self.decided(on).decisions if each.reason.rule.startswith("fee_")]

    def fee_lines(self, on: str) -> list[str]:
        """The calculation of the day's one fee, line by line."""
        (fee,) = [action for action in self.decided(on).actions if isinstance(action, ChargeFee)]
        return [line.text for line in fee.lines]

    def why(self, number: str | None, on: str) -> str:
        """The rule that spoke."""
        return self.reason(number, on).rule

    def says(self, number: str | None, on: str) -> str:
        return self.reason(number, on).sentence

    def look_again(self, on: str) -> str | None:
        again = self.decided(on).look_again_on
        return None if again is None else again.isoformat()

    def runs(self, first: str, last: str) -> dict[str, list[str]]:
        """Every day with an act between two days, each day's plan carried out before the next is made."""
        plans = days_of_plans(self.account, self.rules, date.fromisoformat(first), date.fromisoformat(last))
        return {plan.on.isoformat(): [line(act) for act in plan.actions] for _, plan in plans if plan.actions}


def line(action: Action) -> str:
    """One action as a line: `remind INV-7, step 2 + INV-8, step 1 + naming INV-9`."""
    match action:
        case SendReminder():
            taken = [f"{due.number}, step {due.step}" for due in action.invoices if due.step]
            named = [f"naming {due.number}" for due in action.invoices if not due.step]
            said = "remind " + " + ".join(taken + named)
        case OfferDiscount():
            said = (
                f"offer {action.percent}% on {action.invoice.number}, saving {action.saving} until {action.last_day_on}"
            )
        case SendStatement():
            said = f"statement of {action.statement_on}: {', '.join(due.number for due in action.invoices)}"
        case SendThanks():
            said = f"thank for {', '.join(due.number for due in action.invoices)}"
        case DeliverInvoice():
            said = f"deliver {action.invoice.number}"
        case PlaceHold():
            said = "hold"
        case ReleaseHold():
            said = "release"
        case ChargeFee():
            said = f"fee {action.amount}"
        case GrantDiscount():
            said = f"credit {action.amount} on {action.number}"
        case TakeBackFee():
            said = f"take back fee {action.fee_key}"
        case ShowPromise():
            said = f"show {action.pay_on} on {action.invoice_id}"
        case AskPerson():
            said = f"ask {action.kind}: {', '.join(action.invoice_ids)}"
    return said
