"""The audit: whatever does not agree with the platform is told with both sides of it, and nothing else is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from engine.audit import AuditRow, audit, rows_of
from engine.books import (
    CreditKind,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    Page,
    PaymentRecord,
    SetAside,
)

DAY = date(2026, 3, 4)
INVOICE = InvoiceRecord(
    id="412",
    customer_id="58",
    number="1069",
    status=InvoiceStatus.OPEN,
    issued_on=DAY,
    due_on=DAY,
    currency="USD",
    total=29160,
    stated_balance=19160,
)
PAYMENT = PaymentRecord(
    id="430", customer_id="58", status=DocumentStatus.POSTED, paid_on=DAY, currency="USD", total=15000, unapplied=5000
)
CREDIT = CreditRecord(
    id="440",
    kind=CreditKind.CREDIT_NOTE,
    customer_id="58",
    number="1071",
    status=DocumentStatus.POSTED,
    issued_on=DAY,
    currency="KWD",
    total=2500,
    remaining=1000,
)
BOOKS = Page(
    cursor="",
    is_complete=True,
    customers=(CustomerRecord(id="58", name="Larkspur Café"),),
    invoices=(INVOICE,),
    payments=(PAYMENT,),
    credits=(CREDIT,),
)
HELD = tuple(rows_of(BOOKS))


def changed(id: str, **values: Any) -> tuple[AuditRow, ...]:
    return tuple(replace(row, **values) if row.id == id else row for row in HELD)


def differences(ours: tuple[AuditRow, ...], page: Page = BOOKS) -> list[tuple[str, str, str, str]]:
    return [(each.id, each.what, each.ours, each.theirs) for each in audit(ours, [page]).differences]


def test_a_true_copy_agrees_and_its_sums_are_told() -> None:
    found = audit(HELD, [BOOKS])
    assert found.agrees
    assert found.compared == 4
    assert found.left == {
        ("credit_note", "KWD"): (1000, 1000),
        ("invoice", "USD"): (19160, 19160),
        ("payment", "USD"): (5000, 5000),
    }


@pytest.mark.parametrize(
    ("id", "values", "what", "ours", "theirs"),
    [
        ("412", {"left": 19161}, "what is left", "191.61 USD", "191.60 USD"),
        ("412", {"total": 1}, "total", "0.01 USD", "291.60 USD"),
        ("412", {"customer_id": "59"}, "customer", "59", "58"),
        ("430", {"left": 0}, "what is left", "0.00 USD", "50.00 USD"),
        ("440", {"left": 999}, "what is left", "0.999 KWD", "1.000 KWD"),
        ("412", {"counts": False}, "whether it counts", "draft, void or deleted", "191.60 USD of 291.60 USD"),
    ],
)
def test_a_cent_a_customer_or_a_status_that_differs_is_told(
    id: str, values: dict[str, Any], what: str, ours: str, theirs: str
) -> None:
    assert differences(changed(id, **values)) == [(id, what, ours, theirs)]


def test_what_we_never_heard_of_is_told() -> None:
    assert [(id, ours) for id, _, ours, _ in differences(())] == [
        ("440", "nothing"), ("58", "nothing"), ("412", "nothing"), ("430", "nothing"),
    ]  # fmt: skip


def test_what_the_platform_no_longer_has_is_told_if_we_still_count_on_it() -> None:
    without = replace(BOOKS, payments=())
    assert differences(HELD, without) == [("430", "whether it counts", "50.00 USD of 150.00 USD", "nothing")]
    assert differences(changed("430", counts=False), without) == []


def test_the_void_is_not_compared_to_the_cent() -> None:
    void = replace(BOOKS, invoices=(replace(INVOICE, status=InvoiceStatus.VOIDED, total=0, stated_balance=0),))
    assert differences(changed("412", counts=False), void) == []


def test_a_customer_merged_or_made_inactive_may_be_remembered() -> None:
    assert differences(HELD, replace(BOOKS, customers=())) == []


def test_what_cannot_be_read_is_listed_and_not_judged() -> None:
    aside = SetAside(entity="invoice", id="412", reason="Balance is 'a lot'")
    found = audit(HELD, [replace(BOOKS, invoices=(), set_aside=(aside,))])
    assert found.agrees
    assert found.unread == (aside,)


def test_a_document_that_comes_twice_counts_as_it_came_last() -> None:
    first = replace(BOOKS, invoices=(replace(INVOICE, stated_balance=1),), is_complete=False)
    assert audit(HELD, [first, BOOKS]).agrees


def test_half_a_reading_is_no_audit() -> None:
    with pytest.raises(ValueError, match="did not come to its end"):
        audit(HELD, [replace(BOOKS, is_complete=False)])
