"""Late fees as acts: one document per charge, with its calculation on it, and a note on every invoice it is for."""

from __future__ import annotations

from connectors.documents import Booking, FeeOrder
from connectors.ports import Platform
from engine import keys
from engine.carry import charged
from engine.history import FeeCharged
from engine.plan import ChargeFee, TakeBackFee
from engine.policy import Place
from scheduler.doing import MakeFee, UndoFee, encode
from scheduler.notes import Notes
from scheduler.words import Reader
from store.ledger import PlannedAct
from store.tables import Company

LONGEST = 4000
"""Characters in a line's description: what both platforms take."""
CUT_OFF = "\n…"


def booking_of(place: Place) -> Booking:
    return Booking(account=place.account, tax=place.tax, item=place.item)


def missing(company: Company, place: Place, platform: Platform) -> tuple[str, ...]:
    """What the owner has still to choose before a fee can be booked."""
    return platform.missing_for_fees(booking_of(place), company.country)


def acts(
    fee: ChargeFee, company: Company, place: Place, platform: Platform, notes: Notes, reader: Reader
) -> list[PlannedAct]:
    """The fee and its notes; nothing while it is not known where to book it.

    Where the platform has no drafts, a fee that is to wait for approval waits here instead.
    """
    if missing(company, place, platform):
        return []
    ours = str(company.stored_id)
    key = keys.fee_key(ours, fee.customer_id, fee.amount.currency, fee.through_on)
    charges = tuple(charged(fee))
    order = FeeOrder(
        customer_id=fee.customer_id,
        currency=fee.amount.currency,
        amount=fee.amount.minor,
        description=_description(fee, reader),
        reference=keys.fee_reference(key),
        dated_on=fee.dated_on,
        due_on=fee.due_on,
        is_draft=fee.as_draft and platform.has_drafts,
        booking=booking_of(place),
    )
    period = int(fee.through_on.strftime("%Y%m%d"))
    act = PlannedAct(
        kind="fee",
        key=key,
        step=period,
        invoices=tuple((invoice_id, period) for invoice_id in fee.invoice_ids),
        charges=charges,
        needs_approval=fee.as_draft and not platform.has_drafts,
        body=encode(MakeFee(order, charges)),
    )
    return [act, *(_note(fee, act, order, charge, notes) for charge in charges)]


def reversal(fee: TakeBackFee, company: Company, notes: Notes) -> list[PlannedAct]:
    """The fee is taken out of the books, and a note on every invoice it was charged for says why."""
    key = keys.fee_reversal_key(str(company.stored_id), fee.fee_key)
    act = PlannedAct(kind="fee_reversal", key=key, body=encode(UndoFee(keys.fee_reference(fee.fee_key))))
    return [act, *(notes.after(act, "invoice", invoice_id, fee.reason.sentence) for invoice_id in fee.invoice_ids)]


def _description(fee: ChargeFee, reader: Reader) -> str:
    """The words that allow the charge, then its calculation line by line, as far as there is room."""
    text = "\n".join([reader.clause(fee.clause), *(reader.line(line) for line in fee.lines)])
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT_OFF)] + CUT_OFF


def _note(fee: ChargeFee, act: PlannedAct, order: FeeOrder, charge: FeeCharged, notes: Notes) -> PlannedAct:
    amount = charge.fixed + charge.interest
    state = "drafted" if order.is_draft else "charged"
    through = notes.day(fee.through_on)
    text = f"Late payment: {amount} {state} for this invoice up to {through}, in invoice {order.reference}."
    return notes.after(act, "invoice", charge.invoice_id, text)
