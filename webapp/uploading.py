"""Files that an owner has uploaded and that wait for a word: read with the columns that were chosen, and taken in.

Reading and comparing change nothing, so that a page can be looked at as often as one likes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from flask import abort
from msgspec import Struct

from connectors.uploads.columns import DATE_ORDERS, DECIMAL_MARKS, USUAL, Columns, found_in
from connectors.uploads.reading import Reading, read
from connectors.uploads.sheets import UnreadableFileError, lines_of
from connectors.uploads.translate import Translator
from engine.uploads import PAID, STAY, Comparison
from store import uploads
from store.secrets import SecretsLost
from store.tables import Upload, UploadedBooks
from webapp import access
from webapp.forms.uploads import MISSING
from webapp.services import now, services

NONE = ""
"""The choice that there is no column of the kind."""


class Waiting(Struct):
    """One file that waits. Where the file cannot be read at all, `trouble` says why."""

    upload: Upload
    reading: Reading | None = None
    comparison: Comparison | None = None
    trouble: str = ""

    @property
    def can_be_taken(self) -> bool:
        return self.reading is not None and not self.reading.missing


def books() -> UploadedBooks:
    """How this request's company is uploaded; 404 for one whose books are on a platform."""
    with services().database.read() as reading:
        return uploads.books_of(reading, access.company_id()) or abort(404)


def columns_of(books: UploadedBooks) -> Columns:
    return msgspec.json.decode(books.columns, type=Columns)


def keep(entity: str, file_name: str, content: bytes) -> str:
    """Keep a file until its owner has looked at it; returns why it cannot be, where it is no list at all."""
    try:
        lines_of(content)
    except UnreadableFileError as error:
        return str(error)
    name = "".join(letter for letter in file_name if letter.isprintable())[-120:]
    with services().database.begin() as writing:
        box, by = services().box, access.actor()
        uploads.keep_waiting(writing, access.company_id(), box, entity, name, content, now(), by)
    return ""


def waiting(columns: Columns) -> list[Waiting]:
    """The files that wait, as they read with these columns; the later ones may name what is in the earlier."""
    company_id, found = access.company_id(), list[Waiting]()
    with services().database.read() as reading:
        files = uploads.waiting(reading, company_id)
        named = [row for entity in ("customer", "invoice") for row in uploads.kept(reading, company_id, entity)]
        translator = Translator(access.current_company().base_currency, named if files else ())
        for upload in files:
            try:
                said = read(upload.entity, services().box.open(upload.sealed), columns, translator)
            except (UnreadableFileError, SecretsLost) as error:
                found.append(Waiting(upload, trouble=str(error)))
                continue
            compared = uploads.compare(reading, company_id, upload.entity, said.rows)
            found.append(Waiting(upload, said, compared))
    return found


def take_in(files: list[Waiting], form: Mapping[str, str]) -> None:
    """Take them all in, in one transaction; the form says of each what becomes of what it no longer has."""
    with services().database.begin() as writing:
        for one in files:
            rows = one.reading.rows if one.reading else ()
            said, known = form.get(f"missing-{one.upload.entity}", STAY), missing_means(one.upload.entity)
            missing = said if said in known else STAY
            uploads.take(writing, access.company_id(), one.upload, rows, missing, now(), access.actor())


def missing_means(entity: str) -> dict[str, str]:
    """What may be said of what a file no longer has. Only invoices are paid."""
    return {word: means for word, means in MISSING.items() if word != PAID or entity == "invoice"}


def chosen(form: Mapping[str, str], files: list[Waiting], before: Columns) -> Columns:
    """The columns as a form says them. Only what differs from what would be guessed is kept, for the next file too."""
    headings = dict(before.headings)
    for one in files:
        if one.reading is not None:
            headings[one.upload.entity] = _said(form, one.upload.entity, one.reading)
    date_order, decimal_mark = form.get("date_order", ""), form.get("decimal_mark", "")
    return Columns(
        headings={entity: said for entity, said in headings.items() if said},
        date_order=date_order if date_order in DATE_ORDERS else before.date_order,
        decimal_mark=decimal_mark if decimal_mark in DECIMAL_MARKS else before.decimal_mark,
    )


def _said(form: Mapping[str, str], entity: str, reading: Reading) -> dict[str, str]:
    guessed = found_in(entity, reading.headings, Columns())
    said = {}
    for field in USUAL[entity]:
        held = str(reading.places.get(field, NONE))
        place = form.get(f"{entity}-{field}", held)
        if place != str(guessed.get(field, NONE)):
            is_there = place.isdecimal() and int(place) < len(reading.headings)
            said[field] = reading.headings[int(place)] if is_there else ""
    return said


def save(columns: Columns) -> None:
    with services().database.begin() as writing:
        uploads.save_columns(writing, access.company_id(), msgspec.json.encode(columns).decode())
