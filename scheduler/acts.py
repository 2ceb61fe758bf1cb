"""From a plan to acts: what the engine wants becomes what can be done, each with its key and its text ready.

Messages, fees and other documents have modules of their own; the holds are here. Nothing is done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from connectors.ports import Platform
from engine import keys
from engine.account import Account
from engine.plan import (
    Action,
    ChargeFee,
    DeliverInvoice,
    GrantDiscount,
    Message,
    PlaceHold,
    ReleaseHold,
    ShowPromise,
    TakeBackFee,
)
from engine.policy import Policy
from scheduler import discounts, fees
from scheduler.by_hand import by_hand
from scheduler.doing import Deliver, Expect, ShowHold, encode
from scheduler.messages import Desk
from scheduler.notes import Notes
from scheduler.parts import Links
from scheduler.words import Reader, Words
from store.ledger import PlannedAct
from store.tables import Company


@dataclass(frozen=True)
class Pen:
    """Writes the acts of one account on one day."""

    company: Company
    policy: Policy
    account: Account
    links: Links
    today: date
    platform: Platform
    words: Words
    keeps_facts: bool = False
    """Keep what messages are written from: to compare them with what a person has put into words."""

    def acts_for(self, action: Action) -> list[PlannedAct]:
        """The acts that carry out one action; a task for a person has none. Notes only where there is a place for
        them."""
        acts = [act for act in self._acts(action) if act.kind != "note" or self.platform.has_notes]
        platform = self.platform
        return acts if platform.takes_writing and platform.takes_credits else by_hand(acts, platform)

    def _acts(self, action: Action) -> list[PlannedAct]:
        if isinstance(action, Message):
            written = (self.company, self.policy, self.account, self.links, self.today, self.words, self._notes)
            return Desk(*written, self.keeps_facts).acts(action)
        if isinstance(action, PlaceHold):
            key = keys.hold_key(self._company, action.customer_id, self.account.credit.times_shown)
            since = f"On credit hold since {self._notes.day(self.today)}."
            return [self._hold("hold", key, since, action.reason.sentence)]
        if isinstance(action, ReleaseHold):
            key = keys.release_key(self._company, action.customer_id, self.account.credit.times_shown)
            on = f"Released on {self._notes.day(self.today)}."
            return [self._hold("release", key, on, action.reason.sentence)]
        return self._documents(action)

    def _documents(self, action: Action) -> list[PlannedAct]:
        """What is made or sent by the platform itself."""
        if isinstance(action, ChargeFee):
            return fees.acts(action, self.company, self.policy.booking.fees, self.platform, self._notes, self._reader)
        if isinstance(action, TakeBackFee):
            return fees.reversal(action, self.company, self._notes)
        if isinstance(action, GrantDiscount):
            place = self.policy.booking.discounts
            return discounts.acts(action, self.company, place, self.today, self._notes, self._reader)
        if isinstance(action, DeliverInvoice):
            return [self._delivery(action)]
        if isinstance(action, ShowPromise) and self.platform.has_expected_dates:
            key = keys.expect_key(self._company, action.invoice_id, action.pay_on)
            return [PlannedAct(kind="expect", key=key, body=encode(Expect(action.invoice_id, action.pay_on)))]
        return []

    def _hold(self, kind: str, key: str, *sentences: str) -> PlannedAct:
        return PlannedAct(kind=kind, key=key, body=encode(ShowHold(kind == "hold", self._notes.text(*sentences))))

    def _delivery(self, action: DeliverInvoice) -> PlannedAct:
        invoice_id = action.invoice.invoice_id
        return PlannedAct(
            kind="deliver",
            key=keys.delivery_key(self._company, invoice_id),
            invoices=((invoice_id, 0),),
            body=encode(Deliver(invoice_id)),
        )

    @property
    def _notes(self) -> Notes:
        return Notes(self.policy.notices.language, self.company.country)

    @property
    def _reader(self) -> Reader:
        return Reader(self.words.language_of(self.account.customer_id), self.company.country)

    @property
    def _company(self) -> str:
        return str(self.company.stored_id)
