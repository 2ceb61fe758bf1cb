"""Do one act, and find out whether one happened: the only place that touches the outside world for good."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec import Struct

from connectors.ports import Books, Mail, NoteTarget
from scheduler.parts import Parts
from store.tables import Action


class SendMail(Struct, frozen=True, tag="mail"):
    """An email to the customer, rendered."""

    mail: Mail
    invoice_ids: tuple[str, ...]


class WriteNote(Struct, frozen=True, tag="note"):
    """A note on a document of the platform: `entity` is "invoice" or "customer"."""

    entity: str
    id: str
    text: str


class ShowHold(Struct, frozen=True, tag="hold"):
    """Show the customer as on credit hold, or as released."""

    is_on_hold: bool
    text: str


Body: TypeAlias = SendMail | WriteNote | ShowHold
"""Everything needed to do an act, frozen before it is done; kept as JSON in the act's row."""


_BODIES = msgspec.json.Decoder(Body)


def encode(body: Body) -> str:
    return msgspec.json.encode(body).decode()


def decode(act: Action) -> Body:
    body: Body = _BODIES.decode(act.body)
    return body


def invoice_ids(act: Action) -> tuple[str, ...]:
    """The invoices that must still be as they were when the act was decided."""
    body = decode(act)
    return body.invoice_ids if isinstance(body, SendMail) else ()


def do(parts: Parts, books: Books, act: Action) -> str:
    """Carry one act out with its own key; returns what the other side calls it.

    Raises RetryLater when it surely did not happen, Refused when it never will, OutcomeUnknown when nobody told us.
    """
    body = decode(act)
    if isinstance(body, SendMail):
        return parts.mailer.send(body.mail)
    if isinstance(body, WriteNote):
        return books.write_note(NoteTarget(body.entity, body.id), body.text, act.key)
    if body.is_on_hold:
        books.show_hold(act.customer_id, body.text, act.key)
    else:
        books.lift_hold(act.customer_id, body.text, act.key)
    return ""


def happened(books: Books, act: Action) -> bool | None:
    """Whether an act whose answer we never heard took effect: True, False (safe to repeat), or None (nobody can tell).

    A note carries our mark, so we look. So does the last thing that showing a hold writes; what is before it may be
    repeated. A mail server keeps no list we could look at.
    """
    body = decode(act)
    if isinstance(body, WriteNote):
        return books.has_note(NoteTarget(body.entity, body.id), act.key)
    if isinstance(body, ShowHold):
        return books.has_note(NoteTarget("customer", act.customer_id), act.key)
    return None
