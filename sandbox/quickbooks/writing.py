"""Creating, changing, voiding and deleting: the order of checks that every write goes through, whoever asks for it.

The API, a batch item and the bookkeeper all write through `write`; what differs per document is in `entities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity, Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.shapes import check_shape
from sandbox.quickbooks.times import to_milliseconds

_ENVELOPE = frozenset({"Id", "SyncToken", "MetaData", "domain", "sparse", "status"})


@dataclass(frozen=True)
class Operation:
    """What is asked: `name` is empty, update, delete or void; `include` as in the address."""

    name: str = ""
    include: str = ""

    @property
    def is_void(self) -> bool:
        return self.name == "void" or (self.name == "update" and self.include == "void")


PLAIN = Operation()
"""Create without an Id, update with one."""


def write(office: Office, entity: Entity, body: Any, operation: Operation = PLAIN) -> Document:
    """Carry the request out, wholly or not at all, and return the document as it then is.

    A deleted document comes back as the platform's stub with status "Deleted". Raises Refusal.
    """
    if not isinstance(body, dict):
        raise answers.Refusal("2010", "Request has invalid or unsupported property", "The body is not one JSON object")
    if office.is_read_only:
        raise answers.read_only_company()
    check_shape(body)
    _check_properties(entity, body)
    with office.books.change() as change:
        may_repeat = operation.include == "allowduplicatedocnum"
        desk = Desk(office, change, to_milliseconds(office.books.clock.now()), may_repeat)
        written = _carry_out(desk, entity, body, operation)
    return office.books.get(entity.name, written["Id"]) or written


def _carry_out(desk: Desk, entity: Entity, body: Document, operation: Operation) -> Document:
    id = body.get("Id")
    if operation.name == "delete" or operation.is_void:
        current = _current(desk, entity, body)
        return _end(desk, entity, current, body, operation)
    if id in (None, ""):
        if entity.create is None:
            raise answers.unsupported_operation(f"{entity.name} cannot be created")
        return entity.create(desk, _written(entity, body))
    if entity.update is None:
        raise answers.unsupported_operation(f"{entity.name} cannot be updated")
    current = _current(desk, entity, body)
    return entity.update(desk, current, _merged(entity, current, body))


def _end(desk: Desk, entity: Entity, current: Document, body: Document, operation: Operation) -> Document:
    act = entity.void if operation.is_void else entity.delete
    if act is None:
        raise answers.unsupported_operation(f"Operation {operation.name} is not supported for {entity.name}")
    if entity.deletes_whole and not operation.is_void and not body.get("AttachableRef") and not body.get("Note"):
        raise answers.missing("Note")
    act(desk, current)
    if operation.is_void:
        return current
    return {"domain": "QBO", "status": "Deleted", "Id": current["Id"]}


def _current(desk: Desk, entity: Entity, body: Document) -> Document:
    """The document that the request names. Raises 2020, 610, or 5010 when somebody has changed it since."""
    id, token = body.get("Id"), body.get("SyncToken")
    if id in (None, ""):
        raise answers.missing("Id")
    current = desk.find(entity.name, str(id))
    if current is None:
        raise answers.not_found()
    if token in (None, ""):
        raise answers.missing("SyncToken")
    if str(token) != current["SyncToken"]:
        raise answers.stale(desk.office.switches.owner)
    return current


def _check_properties(entity: Entity, body: Document) -> None:
    for name in body:
        if name not in entity.writable and name not in entity.read_only and name not in _ENVELOPE:
            raise answers.unknown_property(name)
    for name, longest in entity.longest.items():
        fields.check_length(body, name, longest)
    email = (body.get("PrimaryEmailAddr") or {}).get("Address")
    if isinstance(email, str) and len(email) > 100:
        raise answers.too_long("PrimaryEmailAddr.Address", 100, len(email))


def _written(entity: Entity, body: Document) -> Document:
    """What the request says of the fields that it may set: read-only ones are dropped without a word.

    A text may be sent as a bare number; it is a text all the same.
    """
    said = {name: value for name, value in fields.cleaned(body).items() if name in entity.writable}
    return {name: str(value) if name in entity.longest else value for name, value in said.items()}


def _merged(entity: Entity, current: Document, body: Document) -> Document:
    """A full update clears what it leaves out; a sparse one keeps it, and clears a text by sending "" for it."""
    written = _written(entity, body)
    if not fields.flag(body, "sparse"):
        return written
    emptied = {name for name, value in body.items() if value == ""}
    kept = {name: value for name, value in current.items() if name in entity.writable and name not in emptied}
    return kept | written
