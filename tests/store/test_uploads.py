"""Uploads: a file changes what it names and leaves the rest, unless its owner says that it is everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import update

from engine.books import CustomerRecord, InvoiceRecord, InvoiceStatus, SetAside
from engine.uploads import GONE, PAID, STAY, Comparison, UploadedRow
from store import alerts, companies, erasing, retention, uploads
from store.secrets import SecretBox
from store.sql import table_of
from store.tables import Company
from store.uploads import StoredShelf
from tests.store.books import Shop, customer, invoice
from tests.store.test_erasing import PERSONAL, everything


def row(record: CustomerRecord | InvoiceRecord, **facts: object) -> UploadedRow:
    is_invoice = isinstance(record, InvoiceRecord)
    whose = record.customer_id if isinstance(record, InvoiceRecord) else record.id
    kept = UploadedRow(
        entity="invoice" if is_invoice else "customer",
        id=record.id,
        customer_id=whose,
        record=msgspec.json.encode(record).decode(),
    )
    return msgspec.structs.replace(kept, **facts)


def unreadable(id: str) -> UploadedRow:
    return UploadedRow(entity="invoice", id=id, problem="Row 3: Total is “a lot”, expected an amount.")


@pytest.fixture
def desk(shop: Shop, box: SecretBox) -> Desk:
    with shop.database.begin() as session:
        session.execute(update(table_of(Company)).values(platform="uploads"))
        uploads.open_books(session, shop.id)
    return Desk(shop, box)


class Desk:
    """Takes files in as their rows."""

    def __init__(self, shop: Shop, box: SecretBox) -> None:
        self.shop, self.box, self.shelf = shop, box, StoredShelf(shop.database)

    def wait(self, entity: str = "invoice") -> None:
        with self.shop.database.begin() as session:
            uploads.keep_waiting(session, self.shop.id, self.box, entity, "a.csv", b"larkspur", self.shop.now, "user 1")

    def take(self, rows: Sequence[UploadedRow], *, missing: str = STAY) -> Comparison:
        self.wait(rows[0].entity)
        with self.shop.database.begin() as session:
            (waiting,) = uploads.waiting(session, self.shop.id)
            return uploads.take(session, self.shop.id, waiting, rows, missing, self.shop.now, "user 1")

    def here(self) -> list[str]:
        """Ids that count, with a mark where a later file could not be read."""
        rows = [one for one in self.shelf.rows("tenant-1") if not one.is_gone]
        return [f"{one.id}{'?' if one.problem else ''}" for one in rows]


def test_a_later_file_changes_what_it_names_and_leaves_the_rest(desk: Desk) -> None:
    desk.take([row(invoice("I1")), row(invoice("I2"))])
    found = desk.take([row(invoice("I2", total=1)), row(invoice("I3"))])
    assert (found.new, found.changed, found.same, found.missing) == (1, 1, 0, {"I1": "INV-1"})
    assert desk.here() == ["I1", "I2", "I3"]
    assert desk.shelf.shelf("tenant-1").version == 2


def test_only_a_file_said_to_be_everything_takes_anything_away(desk: Desk) -> None:
    desk.take([row(invoice("I1")), row(invoice("I2"))])
    desk.take([row(invoice("I2"))], missing=GONE)
    assert desk.here() == ["I2"]
    assert [one.id for one in desk.shelf.rows("tenant-1") if one.is_gone] == ["I1"]
    desk.take([row(invoice("I1"))])
    assert desk.here() == ["I1", "I2"]


def test_where_files_hold_only_what_is_open_the_rest_was_paid(desk: Desk) -> None:
    desk.take([row(invoice("I1")), row(invoice("I2")), row(invoice("I3", status=InvoiceStatus.VOIDED))])
    found = desk.take([row(invoice("I2"))], missing=PAID)
    assert found.missing == {"I1": "INV-1"}
    kept = {one.id: msgspec.json.decode(one.record, type=InvoiceRecord) for one in desk.shelf.rows("tenant-1")}
    assert (kept["I1"].status, kept["I1"].settled_on) == (InvoiceStatus.PAID, desk.shop.now.date())
    assert desk.take([row(invoice("I2"))], missing=PAID).missing == {}
    desk.take([row(invoice("I1"))])
    assert {one.id: one for one in desk.shelf.rows("tenant-1")}["I1"] == row(invoice("I1"))


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [row(invoice("I1")), row(invoice("I2"))]
    desk.take(rows)
    assert desk.take(rows, missing=GONE) == Comparison(same=2)


def test_a_file_with_nameless_rows_that_cannot_be_read_is_never_everything(desk: Desk) -> None:
    """the row may be the very one that seems to be gone"""
    desk.take([row(invoice("I1")), row(invoice("I2"))])
    found = desk.take([unreadable("row-2"), row(invoice("I2"))], missing=GONE)
    assert (list(found.missing), found.may_be_everything) == (["I1"], False)
    assert desk.here() == ["I1", "I2", "row-2?"]


def test_customers_alone_make_no_upload_younger(desk: Desk) -> None:
    desk.take([row(customer())])
    assert desk.shelf.shelf("tenant-1").uploaded_on is None
    desk.take([row(invoice())])
    assert desk.shelf.shelf("tenant-1").uploaded_on == desk.shop.now.date()
    with desk.shop.database.read() as session:
        assert uploads.holds_until(session, desk.shop.id) == desk.shop.now.date() + timedelta(days=7)


def test_an_upload_is_said_to_grow_old_a_day_ahead(desk: Desk) -> None:
    desk.take([row(invoice())])
    today = desk.shop.now.date()
    with desk.shop.database.read() as session:
        told = [days for days in range(10) if uploads.ending(session, today + timedelta(days=days))]
        trouble = [one for one in alerts.troubles(session, desk.shop.now + timedelta(days=6)) if "upload" in one.kind]
    assert told[0] == 6
    assert trouble == [alerts.Trouble(desk.shop.id, "upload_ends", "2026-03-09")]


def test_a_row_that_cannot_be_read_takes_nothing_away_and_is_marked_until_it_can(desk: Desk) -> None:
    desk.take([row(invoice("I1")), row(invoice("I2"))])
    desk.take([unreadable("I1"), row(invoice("I2"))], missing=GONE)
    assert desk.here() == ["I1?", "I2"]
    desk.take([row(invoice("I1")), row(invoice("I2"))], missing=GONE)
    assert desk.here() == ["I1", "I2"]


def test_a_file_is_sealed_while_it_waits_and_gone_afterwards(desk: Desk) -> None:
    desk.wait()
    desk.wait()
    with desk.shop.database.begin() as session:
        (waiting,) = uploads.waiting(session, desk.shop.id)
        assert desk.box.open(waiting.sealed) == b"larkspur"
    assert PERSONAL not in everything(desk.shop)
    desk.take([row(invoice("I1"))])
    with desk.shop.database.begin() as session:
        assert [upload.sealed for upload in uploads.latest(session, desk.shop.id, 9)] == [b""]
        assert uploads.waiting(session, desk.shop.id) == []


def test_a_file_that_nobody_decides_on_is_forgotten_after_a_day(desk: Desk) -> None:
    desk.take([row(invoice("I1"))])
    desk.wait()
    later = desk.shop.now + timedelta(days=1, minutes=1)
    with desk.shop.database.begin() as session:
        # The one that gave way to the file taken in, and the one that waits.
        assert retention.forget_some(session, "uploaded files that waited", later, None) == 1
        assert uploads.waiting(session, desk.shop.id) == []
        assert len(uploads.latest(session, desk.shop.id, 9)) == 1


def test_an_upload_brings_a_company_that_waited_for_it_back(desk: Desk) -> None:
    with desk.shop.database.begin() as session:
        companies.mark_reconnect_needed(session, desk.shop.id, "The latest upload is 9 days old.", desk.shop.now)
    desk.take([row(invoice("I1"))])
    with desk.shop.database.read() as session:
        company = companies.get(session, desk.shop.id)
    assert (company.status, company.next_run_at) == ("connected", desk.shop.now)


def test_an_erased_customer_leaves_the_uploads_too_and_stays_out_of_the_next(desk: Desk) -> None:
    theirs = customer(name="Larkspur Café", email="ap@larkspur.example")
    desk.shop.reads(theirs)
    rows = [row(theirs), row(customer("C2", name="Somebody Else"))]
    desk.take(rows)
    unknown = UploadedRow(entity="invoice", id="row-9", problem="Row 9: Total of “Larkspur Café” is empty.")
    desk.take([row(invoice(reference="for Larkspur")), unknown])
    desk.shop.reads(set_aside=(SetAside(entity="invoice", id="row-9", reason=unknown.problem),), cursor="2")
    desk.wait()
    with desk.shop.database.begin() as session:
        erasing.erase(session, desk.shop.id, "C1", desk.shop.now, "the operator")
    assert PERSONAL not in everything(desk.shop)
    desk.take(rows, missing=GONE)
    desk.take([row(invoice(reference="for Larkspur"))], missing=GONE)
    assert PERSONAL not in everything(desk.shop)
    assert sorted(desk.here()) == ["C1", "C2", "I1"]
