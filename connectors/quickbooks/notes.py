"""What Dunwell writes into QuickBooks Online: notes beside documents, and the credit hold on a customer's page.

A note is an Attachable without a file: it touches neither the document's SyncToken nor anything the customer sees.
QuickBooks knows no credit hold; it can only be shown, by a fenced block in the customer's Notes, outside of which
nothing is touched. Our own record of the hold stays the truth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from connectors.errors import DunwellError, Refused
from connectors.ports import Note, NoteTarget
from connectors.quickbooks.client import MAX_BATCH, Client
from connectors.quickbooks.faults import TITLE, CharactersRefused, Stale
from connectors.quickbooks.query import fills_a_page, quoted, select

NOTE_LENGTH = 2000
NOTES_LENGTH = 1000
"""Of a customer's Notes. The platform's own sources say 2,000 or 1,024: this is safe by either."""
MARK_LENGTH = 12
SHORTEST = 20
"""Characters of the text that must fit into the block, or it says nothing."""
ATTEMPTS = 3
BEGIN, END = "[Dunwell]", "[/Dunwell]"
_BLOCK = re.compile(r"\n?\[Dunwell\].*?\[/Dunwell\]", re.DOTALL)
_TYPES = {"invoice": "Invoice", "customer": "Customer"}


def write_note(client: Client, target: NoteTarget, text: str, key: str) -> str:
    """Returns the note's id. The request id makes a repeat harmless for hours; the mark in the text, for ever."""
    return str(_write(client, "Attachable", _content(Note(target, text, key)), "Note", key).get("Id", ""))


class Batch:
    """Notes of one company, up to thirty in one call. None has a version that somebody else could have changed."""

    most = MAX_BATCH

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, notes: Sequence[Note]) -> list[str | DunwellError]:
        try:
            made = self._client.create_all("Attachable", [_content(note) for note in notes])
        except Refused:
            # None was written. The characters of one may have been what was refused of all.
            return [self._alone(note) for note in notes]
        return [self._told(note, answer) for note, answer in zip(notes, made, strict=True)]

    def _told(self, note: Note, answer: dict[str, Any] | DunwellError) -> str | DunwellError:
        if isinstance(answer, CharactersRefused):
            return self._alone(note)
        return answer if isinstance(answer, DunwellError) else str(answer.get("Id", ""))

    def _alone(self, note: Note) -> str | DunwellError:
        try:
            return write_note(self._client, note.target, note.text, note.key)
        except DunwellError as error:
            return error


def _content(note: Note) -> dict[str, Any]:
    mark, target = _mark(note.key), note.target
    return {
        "Note": f"{_on_one_line(note.text)[: NOTE_LENGTH - len(mark) - 1]} {mark}",
        # Left true, the note would go to the customer with the next mail of the invoice.
        "AttachableRef": [{"EntityRef": {"type": _TYPES[target.entity], "value": target.id}, "IncludeOnSend": False}],
    }


def has_note(client: Client, target: NoteTarget, key: str) -> bool:
    position, mark = 1, _mark(key).encode()
    # Ids repeat across kinds of documents, so both are asked for.
    is_of_target = (
        f"AttachableRef.EntityRef.Type = {quoted(_TYPES[target.entity].lower())}",
        f"AttachableRef.EntityRef.value = {quoted(target.id)}",
    )
    while True:
        found = client.query(select("Attachable", *is_of_target, position=position)).attachable or []
        if any(mark in bytes(raw) for raw in found):
            return True
        if not fills_a_page(found):
            return False
        position += len(found)


def show_block(client: Client, customer_id: str, text: str, key: str) -> None:
    """Put our block into the customer's Notes, or bring it up to date. Raises Refused when there is no room for it."""
    _rewrite(client, customer_id, key, lambda notes: _with_block(notes, text))


def remove_block(client: Client, customer_id: str, key: str) -> None:
    _rewrite(client, customer_id, key, _without_block)


def _rewrite(client: Client, customer_id: str, key: str, change: Callable[[str], str]) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        customer = client.get("Customer", customer_id)
        notes = str(customer.get("Notes") or "")
        wanted = change(notes)
        if wanted == notes:
            return
        token = str(customer.get("SyncToken", ""))
        # A sparse update must satisfy the name rule again, so the name goes along as it is.
        content: dict[str, Any] = {
            name: customer[name] for name in ("Id", "SyncToken", "DisplayName") if name in customer
        }
        try:
            # The same id with another body would be answered with the old result: so it follows the version.
            _write(
                client, "Customer", {**content, "sparse": True, "Notes": wanted}, "Notes", f"{key[:32]}-{token[:12]}"
            )
            return
        except Stale:
            if attempt == ATTEMPTS:
                raise


def _write(client: Client, entity: str, content: dict[str, Any], words: str, request_id: str) -> dict[str, Any]:
    """Write, and once more with plainer characters where those in the field `words` may be what was refused."""
    try:
        return client.write(entity, content, request_id)
    except CharactersRefused:
        plain = content[words].encode("latin-1", "replace").decode("latin-1")
        if plain == content[words]:
            raise
        return client.write(entity, {**content, words: plain}, f"{request_id}-l1")


def _with_block(notes: str, text: str) -> str:
    """In the place of our block where there is one, else at the end."""
    found = _BLOCK.search(notes)
    before, after = (notes[: found.start()], notes[found.end() :]) if found else (notes, "")
    before += "\n" if before else ""
    room = NOTES_LENGTH - len(before) - len(after) - len(f"{BEGIN}  {END}")
    words = _on_one_line(text)
    if room < min(len(words), SHORTEST):
        raise Refused(f"The customer's Notes in {TITLE} are full: the credit hold cannot be shown there.")
    return f"{before}{BEGIN} {words[:room]} {END}{after}"


def _without_block(notes: str) -> str:
    return _BLOCK.sub("", notes)


def _on_one_line(text: str) -> str:
    """And without our own fence inside."""
    return " ".join(text.replace(BEGIN, "").replace(END, "").split())


def _mark(key: str) -> str:
    return f"[ref {key[:MARK_LENGTH]}]"
