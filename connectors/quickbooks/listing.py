"""A page of one kind of document, as the answer to a query brings it: decoded in one go where every record allows that.

Decoding alone, in one pass over the bytes instead of two. What a record means is `translate`'s job.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct

from connectors.quickbooks import shapes

NAMES = {"customer": "Customer", "invoice": "Invoice", "payment": "Payment", "credit_note": "CreditMemo"}
"""Our kinds of document → the platform's names of them."""
SHAPES = {name: getattr(shapes, name) for name in NAMES.values()}
_FAULT = ("fault", dict[str, Any] | None, msgspec.field(name="Fault", default=None))


class Listing(Struct, frozen=True):
    """`shaped` is None where one record, at least, has another shape than expected."""

    entity: str
    body: bytes
    shaped: list[Any] | None = None
    fault: dict[str, Any] | None = None

    @property
    def raws(self) -> list[Raw]:
        """The records undecoded, so that a bad one spoils only itself. Raises ValueError where there is no list."""
        return _answer(self.entity, Raw).decode(self.body).rows.records or []

    def __len__(self) -> int:
        return len(self.raws if self.shaped is None else self.shaped)


def listing(entity: str, body: bytes) -> Listing:
    """Open one answer about `entity`. Raises ValueError or RecursionError where it is none."""
    try:
        rows = _answer(entity, SHAPES[NAMES[entity]]).decode(body).rows
        return Listing(entity, body, rows.records or [], rows.fault)
    except (ValueError, RecursionError):
        # Perhaps it is one record alone.
        return Listing(entity, body, None, _answer(entity, Raw).decode(body).rows.fault)


@lru_cache(maxsize=16)
def _answer(entity: str, kind: type[Struct | Raw]) -> msgspec.json.Decoder[Any]:
    """A decoder made for this one list."""
    records = ("records", list[kind] | None, msgspec.field(name=NAMES[entity], default=None))  # type: ignore[valid-type]
    rows = msgspec.defstruct("Rows", [records, _FAULT])
    return msgspec.json.Decoder(msgspec.defstruct("Answer", [("rows", rows, msgspec.field(name="QueryResponse"))]))
