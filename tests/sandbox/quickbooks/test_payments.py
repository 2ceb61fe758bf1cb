"""Payments and credit memos: every balance is what its documents say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.quickbooks import QuickBooksCompany
from tests.sandbox.quickbooks.client import Client, paid, sale


@pytest.fixture
def invoice(client: Client, customer: str) -> str:
    """Of 291.60."""
    return str(client.post("invoice", sale(customer, "291.60"))["Invoice"]["Id"])


def test_a_payment_lowers_the_balance_and_moves_the_invoice(client: Client, customer: str, invoice: str) -> None:
    payment = client.post("payment", paid(customer, "150", ("Invoice", invoice, "100")))["Payment"]
    assert (payment["SyncToken"], payment["TotalAmt"], payment["UnappliedAmt"]) == ("0", 150, 50)
    assert payment["DepositToAccountRef"]["value"]
    changed = client.get(f"invoice/{invoice}")["Invoice"]
    assert (changed["Balance"], changed["SyncToken"]) == (Decimal("191.60"), "1")
    assert changed["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert changed["MetaData"]["LastUpdatedTime"] == payment["MetaData"]["CreateTime"]
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == Decimal("141.60")


def test_a_line_tells_the_open_balance_before_the_payment(client: Client, customer: str, invoice: str) -> None:
    line = client.post("payment", paid(customer, "100", ("Invoice", invoice, "100")))["Payment"]["Line"][0]
    told = {one["value"]["Name"]: one["value"]["Value"] for one in line["LineEx"]["any"]}
    assert told == {"txnId": invoice, "txnOpenBalance": "291.60", "txnReferenceNumber": "1001"}


def test_money_on_account_is_wholly_unapplied(client: Client, customer: str, invoice: str) -> None:
    payment = client.post("payment", paid(customer, "500"))["Payment"]
    assert (payment["Line"], payment["UnappliedAmt"]) == ([], 500)
    assert client.get(f"invoice/{invoice}")["Invoice"]["Balance"] == Decimal("291.60")


def test_more_than_is_open_or_received_and_other_customers_invoices_are_refused(
    client: Client, company: QuickBooksCompany, customer: str, invoice: str
) -> None:
    other = company.add_customer("Other")
    for body in (
        paid(customer, "500", ("Invoice", invoice, "291.61")),
        paid(customer, "50", ("Invoice", invoice, "60")),
        paid(other, "50", ("Invoice", invoice, "50")),
        paid(customer, "0", ("Invoice", invoice, "-5")),
    ):
        assert client.refused("payment", body)["code"] == "6000"
    assert client.refused("payment", paid(customer, "5", ("Invoice", "404", "5")))["code"] == "2500"
    assert client.refused("payment", paid(customer, "5", ("Unicorn", invoice, "5")))["code"] == "2170"
    assert client.refused("payment", {"CustomerRef": {"value": customer}})["element"] == "TotalAmt"
    untouched = client.get(f"invoice/{invoice}")["Invoice"]
    assert (untouched["Balance"], untouched["SyncToken"]) == (Decimal("291.60"), "0")


def test_a_refused_second_line_undoes_the_first(client: Client, customer: str, invoice: str) -> None:
    body = paid(customer, "500", ("Invoice", invoice, "100"), ("Invoice", "404", "1"))
    assert client.refused("payment", body)["code"] == "2500"
    assert client.get(f"invoice/{invoice}")["Invoice"]["Balance"] == Decimal("291.60")


def test_a_zero_payment_applies_a_credit_memo(client: Client, customer: str, invoice: str) -> None:
    credit = client.post("creditmemo", sale(customer, "25"))["CreditMemo"]
    assert (credit["TotalAmt"], credit["Balance"], credit["RemainingCredit"], credit["DocNumber"]) == (
        25,
        25,
        25,
        "1002",
    )
    payment = client.post(
        "payment", paid(customer, "0", ("Invoice", invoice, "20"), ("CreditMemo", credit["Id"], "20"))
    )["Payment"]
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (0, 0)
    used = client.get(f"creditmemo/{credit['Id']}")["CreditMemo"]
    assert (used["RemainingCredit"], used["Balance"]) == (5, 5)
    assert client.get(f"invoice/{invoice}")["Invoice"]["Balance"] == Decimal("271.60")
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == Decimal("266.60")


def test_with_auto_apply_a_new_credit_is_used_up_on_the_oldest_invoice(
    client: Client, company: QuickBooksCompany, customer: str, invoice: str
) -> None:
    company.prefer("SalesFormsPrefs", AutoApplyCredit=True)
    older = client.post("invoice", sale(customer, "10", DueDate="2026-01-01"))["Invoice"]["Id"]
    credit = client.post("creditmemo", sale(customer, "25"))["CreditMemo"]
    assert credit["RemainingCredit"] == 0
    assert client.get(f"invoice/{older}")["Invoice"]["Balance"] == 0
    assert client.get(f"invoice/{invoice}")["Invoice"]["Balance"] == Decimal("276.60")
    late = paid(customer, "0", ("Invoice", invoice, "25"), ("CreditMemo", credit["Id"], "25"))
    assert client.refused("payment", late)["code"] == "6000"


def test_an_update_of_a_payment_replaces_its_lines(client: Client, customer: str, invoice: str) -> None:
    payment = client.post("payment", paid(customer, "100", ("Invoice", invoice, "100")))["Payment"]
    body = paid(customer, "100", ("Invoice", invoice, "30"), Id=payment["Id"], SyncToken="0")
    assert client.post("payment", body)["Payment"]["UnappliedAmt"] == 70
    assert client.get(f"invoice/{invoice}")["Invoice"]["Balance"] == Decimal("261.60")


@pytest.mark.parametrize("way", [{"operation": "update", "include": "void"}, {"operation": "delete"}])
def test_voiding_or_deleting_a_payment_reopens_its_invoices(
    client: Client, customer: str, invoice: str, way: dict[str, str]
) -> None:
    payment = client.post("payment", paid(customer, "100", ("Invoice", invoice, "100")))["Payment"]
    done = client.post("payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, **way)["Payment"]
    if way["operation"] == "delete":
        assert done["status"] == "Deleted"
    else:
        assert (done["TotalAmt"], done["UnappliedAmt"], done["Line"], done["PrivateNote"]) == (0, 0, [], "Voided")
    reopened = client.get(f"invoice/{invoice}")["Invoice"]
    assert (reopened["Balance"], reopened["LinkedTxn"]) == (Decimal("291.60"), [])


def test_a_deposited_payment_stays(client: Client, company: QuickBooksCompany, customer: str) -> None:
    payment = client.post("payment", paid(customer, "100"))["Payment"]
    company.load("Payment", [payment | {"LinkedTxn": [{"TxnId": "900", "TxnType": "Deposit"}]}])
    body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    assert client.refused("payment", body, operation="update", include="void")["code"] == "6540"
    assert client.refused("payment", body, operation="delete")["code"] == "6540"


def test_a_zero_payment_in_a_closed_period_may_answer_200_and_do_nothing(
    client: Client, company: QuickBooksCompany, customer: str, invoice: str
) -> None:
    credit = client.post("creditmemo", sale(customer, "25"))["CreditMemo"]["Id"]
    company.prefer("AccountingInfoPrefs", BookCloseDate="2025-12-31")
    body = paid(customer, "0", ("Invoice", invoice, "25"), ("CreditMemo", credit, "25"), TxnDate="2025-12-01")
    assert client.refused("payment", body)["code"] == "6210"
    company.switches.swallows_payments_in_closed_period = True
    assert client.post("payment", body)["Payment"]["TotalAmt"] == 0
    assert client.get(f"creditmemo/{credit}")["CreditMemo"]["RemainingCredit"] == 25
    assert client.query("select * from Payment") == {}


def test_an_applied_credit_memo_cannot_be_deleted_nor_any_voided(client: Client, customer: str, invoice: str) -> None:
    credit = client.post("creditmemo", sale(customer, "25"))["CreditMemo"]["Id"]
    assert client.refused("creditmemo", {"Id": credit, "SyncToken": "0"}, operation="void")["code"] == "500"
    payment = client.post("payment", paid(customer, "0", ("Invoice", invoice, "25"), ("CreditMemo", credit, "25")))[
        "Payment"
    ]
    assert client.refused("creditmemo", {"Id": credit, "SyncToken": "1"}, operation="delete")["code"] == "6000"
    client.post("payment", {"Id": payment["Id"], "SyncToken": "0"}, operation="delete")
    assert (
        client.post("creditmemo", {"Id": credit, "SyncToken": "2"}, operation="delete")["CreditMemo"]["status"]
        == "Deleted"
    )
