"""A page decoded in one go: what it yields is what its records yield alone, and a bad one spoils only itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bench.ledgers import quickbooks_page
from connectors.quickbooks.gathering import Gathering
from connectors.quickbooks.listing import Listing, listing
from connectors.quickbooks.translate import Facts
from engine.books import Page

FACTS = Facts(home="USD", terms={})
RECORDS: list[dict[str, Any]] = msgspec.json.decode(quickbooks_page(0, 3))["QueryResponse"]["Invoice"]


def page_with(**odd: object) -> Listing:
    """Three invoices, the second of them odd."""
    first, second, third = RECORDS
    return listing("invoice", msgspec.json.encode({"QueryResponse": {"Invoice": [first, second | odd, third]}}))


def read(found: Listing) -> Page:
    gathering = Gathering(FACTS)
    gathering.add_page(found)
    return gathering.page("")


def test_a_page_in_one_go_is_its_records_one_by_one() -> None:
    alone = Gathering(FACTS)
    alone.add("invoice", page_with().raws)
    assert page_with().shaped is not None
    assert read(page_with()) == alone.page("")


@pytest.mark.parametrize("odd", [{"Balance": "a lot"}, {"EmailStatus": "Lost"}, {"CustomerRef": None}, {"Id": 7}])
def test_a_bad_record_spoils_only_itself(odd: dict[str, object]) -> None:
    page = read(page_with(**odd))
    assert [invoice.id for invoice in page.invoices] == [RECORDS[0]["Id"], RECORDS[2]["Id"]]
    assert len(page.set_aside) == 1
    assert len(page_with(**odd)) == 3


def test_amounts_in_quotation_marks_are_amounts() -> None:
    assert read(page_with(Balance="12.30")).invoices[1].stated_balance == 1230


def test_an_answer_without_such_records_is_an_empty_page() -> None:
    assert read(listing("payment", b'{"QueryResponse": {}}')) == Page(cursor="")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"QueryResponse": {"Invoice": [{"Id": "1"', b"<html>"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        listing("invoice", body)
