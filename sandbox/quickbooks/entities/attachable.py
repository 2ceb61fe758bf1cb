"""Attachable notes: text pinned on other documents, which it does not touch. Files are not kept here."""

from __future__ import annotations

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity
from sandbox.quickbooks.encode import Document

TARGETS = ("Invoice", "Customer", "Payment", "CreditMemo", "Item")


def create(desk: Desk, body: Document) -> Document:
    return _put(desk, desk.change.books.next_id("Attachable"), body)


def update(desk: Desk, current: Document, body: Document) -> Document:
    return _put(desk, current["Id"], body)


def delete(desk: Desk, current: Document) -> None:
    desk.change.remove("Attachable", current["Id"])


def _put(desk: Desk, id: str, body: Document) -> Document:
    if not body.get("Note") and not body.get("FileName"):
        raise answers.missing("Note")
    refs = [_target(desk, ref) for ref in body.get("AttachableRef", [])]
    document = {"Id": id} | body | ({"AttachableRef": refs} if refs else {})
    desk.change.put("Attachable", document)
    return document


def _target(desk: Desk, ref: Document) -> Document:
    """Raises 2500 for a document that is not there. The type's case is mended, as queries find it in any."""
    target = ref.get("EntityRef") or {}
    kind = next((name for name in TARGETS if name.lower() == str(target.get("type")).lower()), None)
    if kind is None:
        raise answers.invalid_enumeration("EntityRef.type", target.get("type"))
    id = str(target.get("value"))
    if desk.find(kind, id) is None:
        raise answers.invalid_reference("AttachableRef.EntityRef", id)
    return {"EntityRef": {"type": kind, "value": id}, "IncludeOnSend": fields.flag(ref, "IncludeOnSend")}


ATTACHABLE = Entity(
    name="Attachable",
    writable=frozenset({"Note", "AttachableRef", "FileName", "Category", "ContentType", "Lat", "Long", "PlaceName"}),
    read_only=frozenset(
        {"FileAccessUri", "TempDownloadUri", "Size", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"}
    ),
    filterable=frozenset({"FileName", "Note"}),
    longest={"Note": 2000},
    create=create,
    update=update,
    delete=delete,
    deletes_whole=True,
)
