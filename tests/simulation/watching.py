"""Watching: the evidence gathered from a town, as it stands at one moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sandbox.company import OpenInvoice
from sandbox.mailbox import Mail
from sandbox.world.customers import Customer
from store.tables import Decision, Invoice, SetAsideRecord, Task
from tests.simulation.evidence import Message, Sight, Standing, local, numbers_in, sender_of, step_of, unapplied
from tests.simulation.town import House, Town

MARK = re.compile(r"\[ref ([0-9a-f]{12})\]")
RECENTLY = timedelta(days=35)
"""How long a word about an invoice excuses silence about it: the longest promise, and the wait after it."""


@dataclass
class Watcher:
    """Reads every mail once, as soon as it has come, while the books are still as they were when it was written."""

    town: Town
    count: int = 0
    """Mails read so far."""
    last_told: dict[str, dict[str, date]] = field(default_factory=lambda: defaultdict(dict))
    """Company → invoice number → day of the last message about it."""
    _by_customer: dict[tuple[str, str], list[Message]] = field(default_factory=lambda: defaultdict(list))
    _fresh: list[Message] = field(default_factory=list)

    def read_mails(self) -> list[Message]:
        fresh = []
        for mail in self.town.trial.sandbox.mailbox.mails[self.count :]:
            fresh.append(self._message(mail))
            # Years of mails are kept as they came; what was parsed of one is of no more use.
            for parsed in ("message", "text", "html"):
                vars(mail).pop(parsed, None)
        for message in fresh:
            self._by_customer[message.company, message.customer].append(message)
            self.town.arrived.add(message.key)
            for invoice in message.invoices if message.step else ():
                self.last_told[message.company][invoice.number] = message.local_at.date()
        self.count += len(fresh)
        self._fresh += fresh
        return fresh

    def todays(self) -> list[Message]:
        """Every message ever to each customer who got one since this was last asked."""
        customers = dict.fromkeys((message.company, message.customer) for message in self._fresh)
        self._fresh = []
        return [message for customer in customers for message in self._by_customer[customer]]

    def _message(self, mail: Mail) -> Message:
        house = next((house for house in self.town.houses if house.name == sender_of(mail)), self.town.houses[0])
        listed = {one.number: one for one in house.company.open_invoices()}
        customer = _addressee(house, mail, listed)
        customer_id = customer.id if customer else ""
        standings = tuple(_standing(house, listed.get(number), number) for number in numbers_in(mail.text))
        last = max((one.due_on for one in standings), default=date.min)
        theirs = (one for one in listed.values() if one.customer_id == customer_id and one.due_on <= last)
        return Message(
            key=str(mail.message["Message-ID"]).strip("<>").split("@")[0],
            company=house.name if house.name == sender_of(mail) else "",
            customer=customer.name if customer else "",
            recipients=mail.recipients,
            local_at=local(mail.received_at, house.company.time_zone),
            step=step_of(mail.subject),
            invoices=standings,
            owed_so_far=sum((one.balance for one in theirs), Decimal(0)),
            unapplied=unapplied(house.company, customer_id) if customer_id else Decimal(0),
            is_silenced=customer_id in house.silenced | house.opted_out,
        )

    def sight(self, house: House, *, thoroughly: bool = False) -> Sight:
        """The company now; its notes on what is open, and `thoroughly` on every invoice there ever was."""
        rows = self.town.trial.rows
        invoices = rows(Invoice, company_id=house.company_id, status="open")
        decided = rows(Decision, company_id=house.company_id, is_current=True)
        there = {one.id: one for one in house.company.open_invoices()}
        noted = rows(Invoice, company_id=house.company_id) if thoroughly else invoices
        documents = [("invoice", row.id) for row in noted]
        documents += [("customer", one.id) for one in house.book.customers]
        return Sight(
            name=house.name,
            today=house.today(self.town.now),
            open_invoices=there,
            our_balances=self._gone_by(house, invoices),
            reasons={row.invoice_id: row.sentence for row in decided},
            notes={f"{entity} {id}": MARK.findall("\n".join(_notes(house, entity, id))) for entity, id in documents},
        )

    def excused(self, house: House) -> dict[str, str]:
        """By invoice number, why no message about it may be right."""
        return dict(self._excuses(house))

    def _excuses(self, house: House) -> Iterator[tuple[str, str]]:
        today = house.today(self.town.now)
        asked = {task.customer_id for task in self.town.trial.rows(Task, company_id=house.company_id, state="open")}
        reachable = {one.id for one in house.book.customers if one.addresses and one.part.archived_before_days is None}
        for one in house.company.open_invoices():
            words = [house.spoken_of[id] for id in (one.id, one.customer_id) if id in house.spoken_of]
            if one.customer_id not in reachable:
                yield one.number, "no address, or gone"
            elif one.customer_id in asked:
                yield one.number, "a person has been asked"
            elif one.id in house.disputed or one.customer_id in house.silenced | house.opted_out:
                yield one.number, "not to be spoken of"
            elif words and today - max(words) <= RECENTLY:
                yield one.number, "spoken of lately"
            elif unapplied(house.company, one.customer_id) > 0:
                yield one.number, "money not matched yet"
            elif one.balance < 5 or (today - one.due_on).days > 360:
                yield one.number, "too small, or too old"

    def set_aside(self, house: House) -> frozenset[str]:
        return frozenset(row.id for row in self._set_asides(house))

    def _set_asides(self, house: House) -> list[SetAsideRecord]:
        return self.town.trial.rows(SetAsideRecord, company_id=house.company_id, resolved_at=None)

    def _gone_by(self, house: House, invoices: Iterable[Invoice]) -> dict[str, Decimal]:
        """What Dunwell goes by: its own sum, or what the platform states where a payment or credit cannot be read."""
        unread = any(one.entity not in ("customer", "invoice") for one in self._set_asides(house))
        sums = {row.id: min(row.balance, row.stated_balance) if unread else row.balance for row in invoices}
        return {id: Decimal(cents).scaleb(-2) for id, cents in sums.items()}


def _addressee(house: House, mail: Mail, listed: Mapping[str, OpenInvoice]) -> Customer | None:
    """By the address; by the invoices where only a colleague at the customer's has one."""
    to = {address.lower() for address in mail.recipients}
    owing = {listed[number].customer_id for number in numbers_in(mail.text) if number in listed}
    customers = house.book.customers
    by_address = next((one for one in customers if to & set(one.addresses)), None)
    return by_address or next((one for one in customers if one.id in owing), None)


def _standing(house: House, there: OpenInvoice | None, number: str) -> Standing:
    if there is None:
        ours = {row["number"] for row in _every_invoice(house)}
        known = number if number in ours else f"unknown {number}"
        return Standing(known, house.since, Decimal(0), is_open=False)
    return Standing(
        number,
        there.due_on,
        there.balance,
        is_disputed=there.id in house.disputed,
        promised_on=house.promised.get(there.id),
    )


def _every_invoice(house: House) -> Iterator[dict[str, str]]:
    from sandbox.quickbooks.company import QuickBooksCompany
    from sandbox.xero.organisation import XeroCompany

    if isinstance(house.company, QuickBooksCompany):
        yield from ({"number": str(doc.get("DocNumber", ""))} for doc in house.company.documents("Invoice"))
    elif isinstance(house.company, XeroCompany):
        yield from ({"number": str(doc["InvoiceNumber"])} for doc in house.company.books.invoices.rows.values())


def _notes(house: House, entity: str, id: str) -> list[str]:
    try:
        return list(house.company.notes_on(entity, id))
    except KeyError:
        return []  # deleted over there
