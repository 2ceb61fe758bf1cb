"""Contact groups and who is in them."""

from __future__ import annotations

from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid, not_found
from sandbox.xero.values import Doc, new_id, text_of

_MOST = 100


def find_group(books: Books, group_id: str) -> Doc:
    """Raises Plain 404."""
    group = books.groups.get(group_id.lower())
    if group is None:
        raise not_found()
    return group


def active_groups(books: Books) -> list[Doc]:
    return [group for group in books.groups.rows.values() if group["Status"] == "ACTIVE"]


def groups_of(books: Books, contact_id: str) -> list[Doc]:
    return [group for group in active_groups(books) if contact_id in group["Members"]]


def create_group(books: Books, posted: Doc) -> Doc:
    """Raises Invalid for a name that is taken, or the hundred-and-first group."""
    name = _name(books, posted)
    if len(active_groups(books)) >= _MOST:
        raise Invalid([f"You may have at most {_MOST} contact groups"])
    group: Doc = {"ContactGroupID": new_id(), "Name": name, "Status": "ACTIVE", "Members": ()}
    books.groups.put(group)
    return group


def update_group(books: Books, group: Doc, posted: Doc) -> Doc:
    """Rename or delete. Posting without a change fails, as it does at Xero."""
    changed = dict(group)
    if posted.get("Status") in ("ACTIVE", "DELETED"):
        changed["Status"] = posted["Status"]
    if posted.get("Name") and posted["Name"] != group["Name"]:
        changed["Name"] = _name(books, posted)
    if changed == group:
        raise Invalid(["The contact group was not changed"])
    if changed["Status"] == "DELETED":
        changed["Members"] = ()
    books.groups.put(changed)
    return changed


def _name(books: Books, posted: Doc) -> str:
    name = text_of(posted, "Name", 255)
    if not name.strip():
        raise Invalid(["Name is required"])
    if any(group["Name"].casefold() == name.casefold() for group in active_groups(books)):
        raise Invalid([f"The contact group name {name} is already in use"])
    return name


def add_members(books: Books, group: Doc, posted: list[Doc]) -> Doc:
    """Put contacts into a group; who is in already stays. Raises Invalid for a deleted group or an unknown contact."""
    if group["Status"] != "ACTIVE":
        raise Invalid(["The contact group has been deleted"])
    ids = [str(contact.get("ContactID", "")).lower() for contact in posted]
    unknown = [contact_id for contact_id in ids if books.contacts.get(contact_id) is None]
    if unknown:
        raise Invalid([f"The contact {unknown[0]:.36} could not be found"])
    return _with_members(books, group, tuple(dict.fromkeys((*group["Members"], *ids))), ids)


def remove_member(books: Books, group: Doc, contact_id: str) -> Doc:
    """Raises Plain 404 for somebody who is not in the group."""
    if contact_id not in group["Members"]:
        raise not_found()
    return _with_members(books, group, tuple(m for m in group["Members"] if m != contact_id), [contact_id])


def remove_all(books: Books, group: Doc) -> Doc:
    return _with_members(books, group, (), list(group["Members"]))


def _with_members(books: Books, group: Doc, members: tuple[str, ...], touched: list[str]) -> Doc:
    changed = {**group, "Members": members}
    books.groups.put(changed)
    if books.switches.group_bumps:
        for contact_id in touched:
            books.put(books.contacts, books.contacts.rows[contact_id])
    return changed
