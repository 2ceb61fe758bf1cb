"""Our copy of the books beside the platform's, document by document and to the cent.

Pure: what we hold comes in as rows, what the platform holds as the pages of a full reading. Whatever does not agree is
one difference with both sides of it. Nothing is put right here: a sync does that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from engine.books import (
    CreditRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    Page,
    PaymentRecord,
    SetAside,
)
from engine.money import Money

OWED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})
NOTHING = "nothing"


class AuditRow(Struct, frozen=True, kw_only=True):
    """One document as somebody holds it. Amounts are minor units of `currency`.

    `left` is an invoice's balance, the unapplied part of a payment, what remains of a credit. `counts` is False for
    what is draft, void or deleted: then neither amounts nor presence matter.
    """

    entity: str
    """"customer", "invoice", "payment" or a CreditKind value."""
    id: str
    number: str = ""
    customer_id: str = ""
    currency: str = ""
    total: int = 0
    left: int = 0
    counts: bool = True


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that does not agree: `ours` and `theirs` as they may be shown."""

    entity: str
    id: str
    number: str
    what: str
    ours: str
    theirs: str

    @property
    def is_gone(self) -> bool:
        """We count on a document that the platform does not have at all."""
        return self.theirs == NOTHING

    @property
    def sentence(self) -> str:
        name = f"{self.entity.replace('_', ' ')} {self.number or self.id}"
        return f"{name}: {self.what}: {self.ours} here, {self.theirs} on the platform"


class Audit(Struct, frozen=True, kw_only=True):
    """`left` sums what is open by (entity, currency): ours, theirs. `unread` the platform has, but we cannot read."""

    compared: int
    differences: tuple[Difference, ...]
    unread: tuple[SetAside, ...]
    left: dict[tuple[str, str], tuple[int, int]]

    @property
    def agrees(self) -> bool:
        return not self.differences


def audit(ours: Iterable[AuditRow], theirs: Iterable[Page]) -> Audit:
    """`theirs` are the pages of a full reading (`Books.changes("")`), to the last: half of one would miss documents.

    What changed while it went on may follow as further pages, stored before `ours` is looked at, which is when `theirs`
    has come to its end. Raises ValueError for a reading that did not.
    """
    stated: dict[tuple[str, str], AuditRow] = {}
    unread: dict[tuple[str, str], SetAside] = {}
    is_complete = False
    for page in theirs:
        read = {(row.entity, row.id): row for row in rows_of(page)}
        aside = {(each.entity, each.id): each for each in page.set_aside}
        for key in read.keys() | set(page.deleted):
            unread.pop(key, None)
        for key in page.deleted:
            stated.pop(key, None)
        stated |= read
        unread |= aside
        is_complete = page.is_complete
    if not is_complete:
        raise ValueError("the reading did not come to its end")
    held = {(row.entity, row.id): row for row in ours}
    keys = sorted((held.keys() | stated.keys()) - unread.keys())
    found = [each for key in keys for each in _differences(held.get(key), stated.get(key))]
    return Audit(
        compared=len(keys),
        differences=tuple(found),
        unread=tuple(unread.values()),
        left=_sums((held[key] for key in keys if key in held), (stated[key] for key in keys if key in stated)),
    )


def rows_of(page: Page) -> Iterator[AuditRow]:
    """A page's documents as the platform states them."""
    yield from (AuditRow(entity="customer", id=each.id, number=each.name) for each in page.customers)
    yield from map(_row, page.invoices)
    yield from map(_row, page.payments)
    yield from map(_row, page.credits)


def _row(record: InvoiceRecord | PaymentRecord | CreditRecord) -> AuditRow:
    if isinstance(record, InvoiceRecord):
        entity, number, left = "invoice", record.number, record.stated_balance
        counts = record.status in OWED
    elif isinstance(record, PaymentRecord):
        entity, number, left = "payment", record.reference, record.unapplied
        counts = record.status is DocumentStatus.POSTED
    else:
        entity, number, left = record.kind.value, record.number, record.remaining
        counts = record.status is DocumentStatus.POSTED
    return AuditRow(
        entity=entity,
        id=record.id,
        number=number,
        customer_id=record.customer_id,
        currency=record.currency,
        total=record.total,
        left=left,
        counts=counts,
    )


def _differences(ours: AuditRow | None, theirs: AuditRow | None) -> Iterator[Difference]:
    known = ours or theirs
    assert known is not None  # noqa: S101 - every key comes from one of the two
    counts_here, counts_there = bool(ours and ours.counts), bool(theirs and theirs.counts)
    if known.entity == "customer":
        # One that the platform has merged or made inactive may well be remembered; one that we never heard of may not.
        if ours is None:
            yield _difference(known, "the customer", NOTHING, known.number or known.id)
        return
    if ours is None or theirs is None or counts_here != counts_there:
        if counts_here or counts_there:
            yield _difference(known, "whether it counts", _shown(ours), _shown(theirs))
        return
    if not counts_here:
        return
    for what, mine, its in (
        ("customer", ours.customer_id, theirs.customer_id),
        ("currency", ours.currency, theirs.currency),
        ("total", _money(ours.total, ours), _money(theirs.total, theirs)),
        ("what is left", _money(ours.left, ours), _money(theirs.left, theirs)),
    ):
        if mine != its:
            yield _difference(known, what, mine, its)


def _difference(row: AuditRow, what: str, ours: str, theirs: str) -> Difference:
    return Difference(entity=row.entity, id=row.id, number=row.number, what=what, ours=ours, theirs=theirs)


def _shown(row: AuditRow | None) -> str:
    if row is None:
        return NOTHING
    return f"{_money(row.left, row)} of {_money(row.total, row)}" if row.counts else "draft, void or deleted"


def _money(minor: int, row: AuditRow) -> str:
    return str(Money(minor, row.currency))


def _sums(ours: Iterable[AuditRow], theirs: Iterable[AuditRow]) -> dict[tuple[str, str], tuple[int, int]]:
    sums: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
    for side, rows in zip(sums, (ours, theirs), strict=True):
        for row in rows:
            if row.counts and row.currency:
                side[row.entity, row.currency] += row.left
    return {key: (sums[0][key], sums[1][key]) for key in sorted(sums[0].keys() | sums[1].keys())}
