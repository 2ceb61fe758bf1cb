"""Whatever is sent, the answer is a document or a refusal, and the books still add up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox, batch, query_run
from sandbox.quickbooks.answers import Refusal
from sandbox.quickbooks.encode import decode, encode
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.query import OPERATORS
from sandbox.quickbooks.writing import Operation
from sandbox.webhooks import Webhooks

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 400)
    | st.text(max_size=5)
    | st.sampled_from(["1", "2", "Invoice", "1e9", "NaN"])
)
INNER = [
    "value",
    "TxnId",
    "TxnType",
    "Amount",
    "DetailType",
    "ItemRef",
    "SalesItemLineDetail",
    "LinkedTxn",
    "Line",
    "Id",
    "type",
]
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=3),
    max_leaves=8,
)


def _company() -> QuickBooksCompany:
    clock = SandboxClock(datetime(2026, 3, 2, 18, tzinfo=UTC), ticking=False)
    company = QuickBooksSandbox(clock, Faults(), Webhooks(clock)).create_company("x", "US", "USD", "America/New_York")
    customer = company.add_customer("Larkspur", "ap@larkspur.example")
    day = date(2026, 3, 1)
    company.add_invoice(customer, [("Beans", Decimal(100))], issued_on=day, due_on=day)
    company.receive_payment(customer, Decimal(40), day, {"1": Decimal(30)})
    company.add_credit_note(customer, Decimal(10), day, {})
    return company


def _plausible(kind: str) -> dict[str, Any]:
    """A body that would be taken, to be spoiled in places."""
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    sale = {"CustomerRef": {"value": "1"}, "Line": [line]}
    linked = [{"Amount": 5, "LinkedTxn": [{"TxnId": "1", "TxnType": "Invoice"}]}]
    others: dict[str, dict[str, Any]] = {
        "Customer": {"DisplayName": "Aster"},
        "Payment": {"CustomerRef": {"value": "1"}, "TotalAmt": 5, "Line": linked},
        "Attachable": {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "1"}}]},
        "Term": {"Name": "Agreed", "DueDays": 5},
        "Item": {"Name": "Tea", "IncomeAccountRef": {"value": "79"}},
    }
    return others.get(kind, sale)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_body_is_carried_out_or_refused(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(ENTITIES)))
    company = _company()
    body = _plausible(kind)
    names = sorted(ENTITIES[kind].writable | {"Id", "SyncToken", "sparse"})
    body |= data.draw(st.dictionaries(st.sampled_from(names), ANYTHING, max_size=3))
    operation = Operation(data.draw(st.sampled_from(["", "update", "delete", "void"])), "")
    try:
        written = company.write(kind, decode(encode(body)), operation)
    except Refusal:
        return
    assert encode(written)
    owed = company.documents("Invoice"), company.documents("CreditMemo"), company.documents("Payment")
    total = sum((one["Balance"] for one in owed[0]), Decimal(0)) - sum(
        (one["RemainingCredit"] for one in owed[1]), Decimal(0)
    )
    total -= sum((one["UnappliedAmt"] for one in owed[2]), Decimal(0))
    assert sum((one["Balance"] for one in company.documents("Customer")), Decimal(0)) == total


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["BatchItemRequest", "x"]), ANYTHING | st.lists(ANYTHING), max_size=2))
def test_any_batch_is_answered_or_refused(body: dict[str, Any]) -> None:
    import random

    try:
        found = batch.run(_company().office, body, None, random.Random(0))
    except Refusal:
        return
    assert all("Fault" in one or len(one) > 1 for one in found)


WORDS = [*OPERATORS, "<>", "OR"]
NAMES = sorted({name for one in ENTITIES.values() for name in one.writable | one.read_only | one.filterable})


@settings(max_examples=150, deadline=None)
@given(
    entity=st.sampled_from(sorted(ENTITIES)),
    field=st.sampled_from(NAMES) | st.sampled_from(["Id", "MetaData.LastUpdatedTime", "AttachableRef.EntityRef.Type"]),
    operator=st.sampled_from(WORDS),
    value=st.sampled_from(["'1'", "true", "'2026-03-01'", "'²'", "('1', '2')", "'%'"]),
    rest=st.sampled_from(["", "ORDERBY Id", "STARTPOSITION '²'", "ORDERBY MetaData.LastUpdatedTime MAXRESULTS 1"]),
)
def test_any_query_is_answered_or_refused(entity: str, field: str, operator: str, value: str, rest: str) -> None:
    statement = f"SELECT * FROM {entity} WHERE {field} {operator} {value} {rest}"
    try:
        found = query_run.run(_company().office, statement)
    except Refusal:
        return
    assert set(found) <= {entity, "startPosition", "maxResults"}


@pytest.mark.parametrize(
    "body", [{"CustomerRef": "1"}, {"Line": "x"}, {"Line": ["x"]}, {"BillEmail": ["x"]}, {"DocNumber": {}}]
)
def test_the_wrong_shape_names_the_property(body: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        _company().write("Invoice", _plausible("Invoice") | body)
    assert (refused.value.code, refused.value.element) == ("2010", next(iter(body)))
