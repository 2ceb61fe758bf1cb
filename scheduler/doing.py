"""Do one act, and find out whether one happened: the only place that touches the outside world for good."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import msgspec
from msgspec import Struct

from connectors.documents import CreditOrder, DocumentWriter, FeeOrder
from connectors.errors import OutcomeUnknown, Refused
from connectors.mail.message import SendMail, holds_for
from connectors.ports import Books, Note, NoteTarget
from engine.history import FeeCharged
from scheduler.parts import Parts
from store.tables import Action


class WriteNote(Struct, frozen=True, tag="note"):
    """A note on a document of the platform: `entity` is "invoice" or "customer"."""

    entity: str
    id: str
    text: str


class ShowHold(Struct, frozen=True, tag="hold"):
    """Show the customer as on credit hold, or as released."""

    is_on_hold: bool
    text: str


class MakeFee(Struct, frozen=True, tag="fee"):
    """A fee document, and what it charges for each invoice."""

    order: FeeOrder
    charges: tuple[FeeCharged, ...]


class UndoFee(Struct, frozen=True, tag="undo_fee"):
    """Take the fee document with this reference out of the books."""

    reference: str


class GrantCredit(Struct, frozen=True, tag="credit"):
    """A credit for what is left of one invoice."""

    order: CreditOrder


class Deliver(Struct, frozen=True, tag="deliver"):
    """Have the platform send an invoice by its own email."""

    invoice_id: str


class Expect(Struct, frozen=True, tag="expect"):
    """Show on an invoice the day on which its payment is expected."""

    invoice_id: str
    on: date


Body: TypeAlias = SendMail | WriteNote | ShowHold | MakeFee | UndoFee | GrantCredit | Deliver | Expect
"""Everything needed to do an act, frozen before it is done; kept as JSON in the act's row."""


_BODIES = msgspec.json.Decoder(Body)


def encode(body: Body) -> str:
    return msgspec.json.encode(body).decode()


def decode(act: Action) -> Body:
    return decode_body(act.body)


def decode_body(text: str) -> Body:
    body: Body = _BODIES.decode(text)
    return body


def invoice_ids(act: Action) -> tuple[str, ...]:
    """The invoices that must still be as they were when the act was decided."""
    body = decode(act)
    if isinstance(body, MakeFee):
        return tuple(charge.invoice_id for charge in body.charges)
    if isinstance(body, GrantCredit):
        return (body.order.invoice_id,)
    if isinstance(body, Deliver | Expect):
        return (body.invoice_id,)
    return body.invoice_ids if isinstance(body, SendMail) else ()


def accounts_of(act: Action) -> dict[str, list[str]]:
    """The same by customer: a message may speak of sub-customers' invoices."""
    body = decode(act)
    owners = body.owners if isinstance(body, SendMail) else {}
    found: dict[str, list[str]] = {act.customer_id: []}
    for invoice_id in invoice_ids(act):
        found.setdefault(owners.get(invoice_id, act.customer_id), []).append(invoice_id)
    return found


def is_same(recorded: Body, planned: Body) -> bool:
    """Whether what would be done now is still what was recorded, and perhaps approved. Days may have moved on, and a
    message is written anew; a sum of money stays what it was or is asked for again, and so does a message that a person
    put into words of their own."""
    if isinstance(recorded, SendMail) and isinstance(planned, SendMail):
        return holds_for(recorded, planned)
    if isinstance(recorded, MakeFee) and isinstance(planned, MakeFee):
        return recorded.charges == planned.charges
    if isinstance(recorded, GrantCredit) and isinstance(planned, GrantCredit):
        return recorded.order.amount == planned.order.amount
    return True


def note_of(act: Action) -> Note:
    """What a note's act writes."""
    body = decode(act)
    if not isinstance(body, WriteNote):
        raise TypeError(f"{act.kind} {act.key} is no note")
    return Note(NoteTarget(body.entity, body.id), body.text, act.key)


def do(parts: Parts, books: Books, act: Action) -> str:
    """Carry one act out with its own key; returns what the other side calls it.

    Raises RetryLater when it surely did not happen, Refused when it never will, OutcomeUnknown when nobody told us.
    """
    body = decode(act)
    if isinstance(body, SendMail):
        return parts.mailer.send(body.mail)
    if isinstance(body, WriteNote):
        note = note_of(act)
        # Tried before, it may have gone in a batch that ended late, and whose key was not this one.
        if act.attempts and books.has_note(note.target, note.key):
            return "found on the platform"
        return books.write_note(note.target, note.text, note.key)
    if isinstance(body, ShowHold):
        show = books.show_hold if body.is_on_hold else books.lift_hold
        show(act.customer_id, body.text, act.key)
        return ""
    return _write(_writer(books), body, act.key)


def _write(writer: DocumentWriter, body: MakeFee | UndoFee | GrantCredit | Deliver | Expect, key: str) -> str:
    """Make a document of ours, or change what a document shows."""
    match body:
        case MakeFee():
            return writer.make_fee(body.order, key)
        case UndoFee():
            found = writer.find_fee(body.reference)
            if found is not None:
                writer.void_fee(found, key)
            return found or "it was gone already"
        case GrantCredit():
            return writer.grant_credit(body.order, key)
        case Deliver():
            writer.deliver_invoice(body.invoice_id, key)
            return ""
        case Expect():
            is_shown = writer.expect_payment(body.invoice_id, body.on, key)
            return "" if is_shown else "the platform did not take the day"


def happened(books: Books, act: Action) -> bool | None:
    """Whether an act whose answer we never heard took effect: True, False (safe to repeat), or None (nobody can tell).

    A note carries our mark, so we look. So does the last thing that showing a hold writes; what is before it may be
    repeated. A fee is found by its reference, and is looked for once more before it is made again. A credit is
    brought to its end, whatever of it was there. A mail server keeps no list we could look at, nor does a platform that
    sends an invoice.
    """
    body = decode(act)
    if isinstance(body, WriteNote):
        return books.has_note(NoteTarget(body.entity, body.id), act.key)
    if isinstance(body, ShowHold):
        return books.has_note(NoteTarget("customer", act.customer_id), act.key)
    if isinstance(body, MakeFee):
        return _writer(books).find_fee(body.order.reference) is not None
    if isinstance(body, GrantCredit):
        return _finished(books, body.order, act.key)
    # To write the same day, or take the same fee back, once more changes nothing.
    return False if isinstance(body, Expect | UndoFee) else None


def _finished(books: Books, order: CreditOrder, key: str) -> bool | None:
    """Making a credit goes on where an earlier attempt stopped. Merely looking would not tell: an invoice that is
    settled meanwhile asks for no credit, and one that was half made would stay so."""
    try:
        _writer(books).grant_credit(order, key)
    except Refused:
        return False  # what is refused is decided on again, and told if it is still called for
    except OutcomeUnknown:
        return None
    return True


def _writer(books: Books) -> DocumentWriter:
    if books.documents is None:
        raise Refused("These books can only be read, so no document can be made in them.")
    return books.documents
