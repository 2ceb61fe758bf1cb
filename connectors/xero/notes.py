"""What we leave in Xero for people to see: history notes, and the credit hold as a contact group.

History has no ids and cannot be edited or deleted, so every note carries a mark made from its key, by which it is found
again. Xero itself has no credit hold: membership of the group shows it, and stops nothing over there.
"""

from __future__ import annotations

import msgspec

from connectors.errors import Refused
from connectors.ports import NoteTarget
from connectors.xero.answers import NotThere
from connectors.xero.client import XeroClient
from connectors.xero.shapes import ContactGroup, HistoryRecord

LONGEST_NOTE = 2500
GROUP_NAME = "Credit hold"
METHODS = {
    "invoice": ("create_invoice_history", "get_invoice_history"),
    "customer": ("create_contact_history", "get_contact_history"),
}
"""Entity → the SDK's writing and reading method."""


def mark(key: str) -> str:
    """How a note shows which act it belongs to."""
    return f"[ref {key[:12]}]"


class XeroNotes:
    """Notes and holds of one organisation. Remembers the hold group's id for as long as it lives."""

    def __init__(self, client: XeroClient) -> None:
        self._client = client
        self._group_id = ""

    def write(self, target: NoteTarget, text: str, key: str) -> None:
        """Repeating it within six minutes is harmless; later, ask `has` first."""
        ending = f"\n{mark(key)}"
        details = text[: LONGEST_NOTE - len(ending)] + ending
        self._client.write(METHODS[target.entity][0], target.id, {"HistoryRecords": [{"Details": details}]}, key=key)

    def has(self, target: NoteTarget, key: str) -> bool:
        answer = self._client.read(METHODS[target.entity][1], "HistoryRecords", target.id)
        return any(mark(key) in _details(raw) for raw in answer.records)

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        """Membership first, the note last: where the note stands, everything has been done."""
        remembered = self._group_id
        try:
            self._join(customer_id, key)
        except Refused:
            if not remembered:
                raise
            # Somebody may have deleted the group since we looked it up.
            self._group_id = ""
            self._join(customer_id, key)
        self._note_once(customer_id, text, key)

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:
        if group_id := self._group_id or self._find_group():
            try:
                self._client.write("delete_contact_group_contact", group_id, customer_id)
            except NotThere:
                pass  # not a member, or no longer: lifted either way
            except Refused:
                self._group_id = ""
                if self._find_group() == group_id:
                    raise
        self._note_once(customer_id, text, key)

    def _note_once(self, customer_id: str, text: str, key: str) -> None:
        target = NoteTarget("customer", customer_id)
        if not self.has(target, key):
            self.write(target, text, key)

    def _join(self, customer_id: str, key: str) -> None:
        self._group_id = self._group_id or self._find_group() or self._create_group(key)
        member = {"Contacts": [{"ContactID": customer_id}]}
        # One key stands for one request, address and all: another group is another request.
        key = f"{key}-member-{self._group_id[:8]}"
        self._client.write("create_contact_group_contacts", self._group_id, member, key=key)

    def _create_group(self, key: str) -> str:
        self._client.write("create_contact_group", {"ContactGroups": [{"Name": GROUP_NAME}]}, key=f"{key}-group")
        if group_id := self._find_group():
            return group_id
        raise Refused(f"Xero took the contact group {GROUP_NAME!r}, but does not list it.")

    def _find_group(self) -> str:
        """The group is found by its name, so that one made by the bookkeeper serves as well. "" where there is none."""
        answer = self._client.read("get_contact_groups", "ContactGroups")
        groups = [msgspec.json.decode(raw, type=ContactGroup) for raw in answer.records]
        return next(
            (
                group.contact_group_id or ""
                for group in groups
                if (group.name or "").strip().casefold() == GROUP_NAME.casefold() and group.status != "DELETED"
            ),
            "",
        )


def _details(raw: bytes) -> str:
    try:
        return msgspec.json.decode(raw, type=HistoryRecord).details or ""
    except msgspec.DecodeError:
        return ""
