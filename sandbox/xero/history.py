"""History records and notes. Nothing can be edited or removed once it is there."""

from __future__ import annotations

from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid
from sandbox.xero.tables import Table
from sandbox.xero.values import Doc, iso_second, ms_instant, new_id

_LONGEST = 2500
NOTE_USER = "System Generated"


def note_change(books: Books, collection: str, entity_id: str, what: str, details: str) -> None:
    """What Xero itself writes when somebody changes a document."""
    _add(books, collection, entity_id, what, details, books.user_name)


def add_notes(books: Books, table: Table, entity_id: str, posted: list[Doc]) -> list[Doc]:
    """Add notes to a document. Returns them as answered: without a user. Raises Invalid, and then adds none."""
    for record in posted:
        details = record.get("Details")
        if not isinstance(details, str) or not details.strip():
            raise Invalid(["Details must be specified"])
        if len(details) > _LONGEST:
            raise Invalid([f"Details must not be longer than {_LONGEST} characters"])
    added = [
        _add(books, table.name, entity_id, books.switches.note_word, record["Details"], NOTE_USER) for record in posted
    ]
    if books.switches.note_bumps:
        books.put(table, table.rows[entity_id])
    return [
        {
            "Details": record["Details"],
            "DateUTC": ms_instant(record["At"]),
            "DateUTCString": iso_second(record["At"]),
            "ValidationErrors": [],
        }
        for record in added
    ]


def _add(books: Books, collection: str, entity_id: str, what: str, details: str, user: str) -> Doc:
    record: Doc = {
        "RecordID": new_id(),
        "Target": f"{collection}/{entity_id}",
        "Changes": what,
        "Details": details,
        "User": user,
        "At": books.now(),
    }
    books.history.put(record)
    return record


def records(books: Books, collection: str, entity_id: str) -> list[Doc]:
    """The history of one document as the API shows it."""
    found = [
        {
            "Changes": record["Changes"],
            "DateUTCString": iso_second(record["At"]),
            "DateUTC": ms_instant(record["At"]),
            "User": record["User"],
            "Details": record["Details"],
        }
        for record in books.history.find("Target", f"{collection}/{entity_id}")
    ]
    return found[::-1] if books.switches.history_newest_first else found


def notes(books: Books, collection: str, entity_id: str) -> list[str]:
    """Texts of the notes that apps and people wrote, oldest first."""
    word = books.switches.note_word
    return [
        record["Details"]
        for record in books.history.find("Target", f"{collection}/{entity_id}")
        if record["Changes"] == word
    ]
