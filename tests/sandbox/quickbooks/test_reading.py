"""Reading in bulk: the query language, the change feed, and batches."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.quickbooks import QuickBooksCompany
from sandbox.quickbooks.answers import Refusal
from sandbox.quickbooks.query import parse
from sandbox.quickbooks.times import stamp
from sandbox.server import Sandbox
from tests.sandbox.quickbooks.client import Client, paid, sale


@pytest.fixture
def book(client: Client, company: QuickBooksCompany) -> list[str]:
    """Three customers; invoices of 10, 20, … 50, the first paid. Returns the invoices' Ids."""
    customers = [company.add_customer(name) for name in ("Aster", "Birch's Bar", "Cedar\\")]
    ids = [
        client.post("invoice", sale(customers[n % 3], str(10 * (n + 1)), TxnDate=f"2026-02-0{n + 1}"))["Invoice"]["Id"]
        for n in range(5)
    ]
    client.post("payment", paid(customers[0], "10", ("Invoice", ids[0], "10")))
    return ids


def _ids(rows: dict[str, Any], entity: str = "Invoice") -> list[str]:
    return [row["Id"] for row in rows.get(entity, [])]


def test_conditions_are_all_to_hold(client: Client, book: list[str]) -> None:
    for condition, expected in (
        ("Balance > '0'", book[1:]),
        ("Balance > 0 AND TxnDate <= '2026-02-03'", book[1:3]),
        (f"Id IN ('{book[4]}', '{book[1]}')", [book[1], book[4]]),
        ("CustomerRef = '2'", [book[1], book[4]]),
        ("docnumber LIKE '%003'", [book[2]]),
        ("TotalAmt >= '20' and TotalAmt < '40'", book[1:3]),
    ):
        assert _ids(client.query(f"SELECT * FROM Invoice WHERE {condition}")) == expected, condition


def test_keywords_and_entities_come_in_any_case_and_either_way_to_order(client: Client, book: list[str]) -> None:
    for statement in (
        "select * from invoice orderby TotalAmt desc maxresults 2",
        "SELECT * FROM Invoice ORDER BY TotalAmt DESC STARTPOSITION 1 MAXRESULTS 2",
    ):
        assert _ids(client.query(statement)) == [book[4], book[3]]
    changed_last = client.query("SELECT * FROM Invoice ORDERBY MetaData.LastUpdatedTime DESC MAXRESULTS 1")
    assert _ids(changed_last) == [book[0]]


def test_a_post_carries_the_statement_as_its_body(client: Client, book: list[str]) -> None:
    text, kind = b"SELECT * FROM Invoice MAXRESULTS 1", {"Content-Type": "application/text"}
    answer = client.send("POST", "query", data=text, headers=kind)
    assert answer.json()["QueryResponse"]["maxResults"] == 1


def test_quotes_and_backslashes_in_values_are_escaped(client: Client, book: list[str]) -> None:
    assert _ids(client.query(r"SELECT * FROM Customer WHERE DisplayName = 'Birch\'s Bar'"), "Customer") == ["2"]
    assert _ids(client.query(r"SELECT * FROM Customer WHERE DisplayName = 'Cedar\\'"), "Customer") == ["3"]
    assert client.query_refused(r"SELECT * FROM Customer WHERE DisplayName = 'Cedar\'") == "4000"


def test_pages_start_at_1_and_hold_100_unless_told(client: Client, company: QuickBooksCompany) -> None:
    company.load("Customer", [{"DisplayName": f"C{n}", "Active": True} for n in range(1205)])
    assert client.query("SELECT * FROM Customer")["maxResults"] == 100
    whole = client.query("SELECT Id FROM Customer MAXRESULTS 5000")
    assert (whole["startPosition"], whole["maxResults"]) == (1, 1000)
    rest = client.query("SELECT Id FROM Customer STARTPOSITION 1001 MAXRESULTS 1000")
    assert (rest["startPosition"], rest["maxResults"]) == (1001, 205)
    assert len({row["Id"] for row in whole["Customer"] + rest["Customer"]}) == 1205
    assert client.query_refused("SELECT * FROM Customer STARTPOSITION 0") == "4001"
    company.switches.refuses_large_pages = True
    assert client.query_refused("SELECT * FROM Customer MAXRESULTS 1001") == "4001"


def test_nothing_found_is_an_empty_answer_and_a_count_is_only_a_count(client: Client, book: list[str]) -> None:
    assert client.query("SELECT * FROM Invoice WHERE Balance > '999'") == {}
    assert client.query("SELECT COUNT(*) FROM Invoice WHERE Balance > '0'") == {"totalCount": 4}


def test_a_field_list_brings_sparse_rows(client: Client, book: list[str]) -> None:
    row = client.query(f"SELECT DocNumber, MetaData.LastUpdatedTime FROM Invoice WHERE Id = '{book[0]}'")["Invoice"][0]
    assert set(row) == {"Id", "DocNumber", "MetaData", "domain", "sparse"}
    assert row["sparse"] is True


def test_name_lists_show_active_rows_unless_asked(client: Client, company: QuickBooksCompany, book: list[str]) -> None:
    company.archive_customer("2")
    assert _ids(client.query("SELECT * FROM Customer"), "Customer") == ["1", "3"]
    assert _ids(client.query("SELECT * FROM Customer WHERE Active IN (true, false)"), "Customer") == ["1", "2", "3"]
    assert _ids(client.query("SELECT * FROM Customer WHERE Active = false"), "Customer") == ["2"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT * FROM Invoice WHERE Id = '1' OR Id = '2'", "4000"),
        ("SELECT * FROM Invoice WHERE (Id = '1')", "4000"),
        ("SELECT * FROM Invoice WHERE Id <> '1'", "4000"),
        ("SELECT * FROM Invoice WHERE", "4000"),
        ("DROP TABLE Invoice", "4000"),
        ("", "4000"),
        ("SELECT * FROM Unicorn", "4001"),
        ("SELECT * FROM Invoice WHERE Colour = 'red'", "4001"),
        ("SELECT * FROM Invoice WHERE PrivateNote = 'x'", "4001"),
        ("SELECT Colour FROM Invoice", "4001"),
        ("SELECT * FROM Invoice WHERE TxnDate > 'soon'", "4001"),
        ("SELECT * FROM Invoice WHERE Balance > 'much'", "4001"),
    ],
)
def test_what_the_language_does_not_know_is_refused(client: Client, book: list[str], statement: str, code: str) -> None:
    assert client.query_refused(statement) == code


@given(st.text())
def test_any_text_is_either_a_query_or_refused_as_one(statement: str) -> None:
    for text in (statement, f"SELECT * FROM Invoice WHERE DocNumber = {statement}"):
        try:
            parse(text)
        except Refusal as refusal:
            assert refusal.code == "4000"  # noqa: PT017 - either outcome is right, but a refusal must be this one


@given(st.text())
def test_an_escaped_value_comes_through_whole(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    assert parse(f"SELECT * FROM Customer WHERE DisplayName = '{quoted}'").conditions[0].values == (value,)


def test_rows_that_change_while_a_client_pages_by_position_are_skipped(
    client: Client, company: QuickBooksCompany, book: list[str]
) -> None:
    page = "SELECT * FROM Invoice WHERE Balance > '0' ORDERBY MetaData.LastUpdatedTime STARTPOSITION {} MAXRESULTS 2"
    first = _ids(client.query(page.format(1)))
    company.void_invoice(first[0])
    second = _ids(client.query(page.format(3)))
    assert book[3] not in first + second


def test_a_new_document_may_stay_unseen_by_queries_for_a_while(
    sandbox: Sandbox, client: Client, company: QuickBooksCompany, book: list[str]
) -> None:
    sandbox.clock.advance(timedelta(minutes=1))
    company.switches.query_lag = timedelta(seconds=30)
    new = client.post("invoice", sale("1"))["Invoice"]["Id"]
    assert new not in _ids(client.query("SELECT * FROM Invoice"))
    assert client.get(f"invoice/{new}")["Invoice"]["Id"] == new
    sandbox.clock.advance(timedelta(seconds=31))
    assert new in _ids(client.query("SELECT * FROM Invoice"))


def _changes(client: Client, entities: str, since: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = client.get("cdc", entities=entities, changedSince=since)["CDCResponse"][0][
        "QueryResponse"
    ]
    return blocks


def test_the_change_feed_shows_what_changed_deleted_ones_last(
    sandbox: Sandbox, client: Client, company: QuickBooksCompany, book: list[str]
) -> None:
    sandbox.clock.advance(timedelta(minutes=30))
    since = stamp(sandbox.clock.now())
    company.delete_invoice(book[4])
    company.change_due_date(book[1], company.open_invoices()[0].due_on)
    invoices, payments = _changes(client, "Invoice,Payment", since)
    assert [row["Id"] for row in invoices["Invoice"]] == [book[1], book[4]]
    assert set(invoices["Invoice"][1]) == {"domain", "status", "Id", "MetaData"}
    assert invoices["Invoice"][1]["status"] == "Deleted"
    assert payments == {}


def test_the_change_feed_looks_back_30_days_and_minds_offsets(
    sandbox: Sandbox, client: Client, book: list[str]
) -> None:
    now = sandbox.clock.now()
    assert (
        client.send(
            "GET", "cdc?entities=Invoice&changedSince=" + (now - timedelta(days=31)).strftime("%Y-%m-%d")
        ).status_code
        == 400
    )
    assert len(_changes(client, "Invoice", (now - timedelta(days=29)).isoformat())[0]["Invoice"]) == 5
    pacific_noon = (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    assert _changes(client, "Invoice", pacific_noon + "+00:00") == [{}]
    assert len(_changes(client, "Invoice", pacific_noon + "+12:00")[0]["Invoice"]) == 5


def test_the_change_feed_is_cut_at_1000_objects_over_all_types_without_a_word(
    client: Client, company: QuickBooksCompany, sandbox: Sandbox
) -> None:
    company.load("Customer", [{"DisplayName": f"C{n}", "Active": True} for n in range(990)])
    for _ in range(20):
        client.post("invoice", sale("1"))
    customers, invoices = _changes(client, "Customer,Invoice", stamp(sandbox.clock.now() - timedelta(days=1)))
    assert (len(customers["Customer"]), len(invoices["Invoice"])) == (990, 10)


def test_the_change_feed_wants_known_types_and_a_time(client: Client) -> None:
    for path in ("cdc?entities=Unicorn&changedSince=2026-03-01", "cdc?entities=Invoice", "cdc?changedSince=2026-03-01"):
        assert client.send("GET", path).status_code == 400
    assert client.send("GET", "cdc?entities=Invoice&changedSince=soon").status_code == 400


def test_a_batch_is_answered_item_by_item_whatever_fails(
    client: Client, company: QuickBooksCompany, book: list[str]
) -> None:
    note = {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": book[1]}}]}
    items = [
        {"bId": "a1", "operation": "create", "Attachable": note},
        {"bId": "a2", "operation": "update", "Invoice": {"Id": book[1], "SyncToken": "9", "sparse": True}},
        {"bId": "a3", "operation": "delete", "Invoice": {"Id": book[4], "SyncToken": "0"}},
        {"bId": "a4", "operation": "update", "optionsData": "void", "Payment": _payment(client)},
        {"bId": "a5", "Query": "SELECT * FROM Term"},
        {"bId": "a6", "operation": "fly", "Term": {}},
    ]
    answers = client.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    by_id = {one["bId"]: one for one in answers}
    assert by_id["a1"]["Attachable"]["Note"] == "n"
    assert by_id["a2"]["Fault"]["Error"][0]["code"] == "5010"
    assert by_id["a3"]["Invoice"]["status"] == "Deleted"
    assert by_id["a4"]["Payment"]["PrivateNote"] == "Voided"
    assert by_id["a5"]["QueryResponse"]["maxResults"] == len(company.documents("Term"))
    assert by_id["a6"]["Fault"]["Error"][0]["code"] == "500"
    assert client.get(f"invoice/{book[0]}")["Invoice"]["Balance"] == 10


def _payment(client: Client) -> dict[str, Any]:
    row = client.query("SELECT * FROM Payment")["Payment"][0]
    return {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}


def test_a_batch_holds_30_items_and_its_ids_are_short_beside_a_requestid(client: Client) -> None:
    items = [{"bId": f"a{n}", "Query": "SELECT * FROM Term"} for n in range(31)]
    assert client.refused("batch", {"BatchItemRequest": items})["code"] == "6000"
    answers = client.post("batch", {"BatchItemRequest": items[:30]})["BatchItemResponse"]
    assert sorted(one["bId"] for one in answers) == sorted(item["bId"] for item in items[:30])
    assert [one["bId"] for one in answers] != [item["bId"] for item in items[:30]]
    long = {"BatchItemRequest": [{"bId": "x" * 11, "Query": "SELECT * FROM Term"}]}
    assert client.refused("batch", long, requestid="r")["code"] == "2050"
    assert client.refused("batch", {"BatchItemRequest": items[:1]}, requestid="x" * 37)["code"] == "2050"
    assert client.post("batch", long)["BatchItemResponse"]


def test_a_batch_with_a_requestid_is_done_once(client: Client) -> None:
    body = {"BatchItemRequest": [{"bId": "a", "operation": "create", "Customer": {"DisplayName": "Aster"}}]}
    first = client.post("batch", body, requestid="r")
    assert client.post("batch", body, requestid="r") == first
    assert client.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 1}


def test_aged_receivables_match_the_books_with_cells_as_text(
    client: Client, company: QuickBooksCompany, book: list[str]
) -> None:
    """an unapplied 7.50 of Aster's is netted"""
    ids = client.query("SELECT * FROM Invoice")["Invoice"]
    aster = ids[0]["CustomerRef"]["value"]
    client.post("payment", paid(aster, "7.50", TxnDate="2026-02-20"))
    found = client.get("reports/AgedReceivables", report_date="2026-05-01", aging_method="Report_Date")
    titles = [column["ColTitle"] for column in found["Columns"]["Column"]]
    assert titles == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    *rows, total = found["Rows"]["Row"]
    cells = {row["ColData"][0]["value"]: [cell["value"] for cell in row["ColData"][1:]] for row in rows}
    assert all(isinstance(cell, str) for row in cells.values() for cell in row)
    owed = {name: Decimal(0) for name in cells}
    for invoice in ids:
        owed[invoice["CustomerRef"]["name"]] += Decimal(str(invoice["Balance"]))
    owed["Aster"] -= Decimal("7.50")
    assert {name: Decimal(row[-1]) for name, row in cells.items()} == owed
    assert total["Summary"]["ColData"][-1]["value"] == f"{sum(owed.values()):.2f}"
    only = client.get("reports/AgedReceivables", report_date="2026-05-01", customer=aster)
    assert len(only["Rows"]["Row"]) == 2
