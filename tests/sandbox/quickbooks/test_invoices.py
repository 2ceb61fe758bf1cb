"""Invoices: how they are completed, changed, voided, deleted and sent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from tests.sandbox.quickbooks.client import Client, paid, sale


def test_the_smallest_invoice_is_completed(client: Client, company: QuickBooksCompany, customer: str) -> None:
    made = client.post("invoice", sale(customer, "100"))["Invoice"]
    assert (made["DocNumber"], made["TxnDate"], made["DueDate"]) == ("1001", "2026-03-04", "2026-04-03")
    assert made["CustomerRef"] == {"value": customer, "name": "Larkspur Café"}
    assert made["SalesTermRef"]["name"] == "Net 30"
    assert made["BillAddr"]["City"] == "Astoria"
    assert made["BillEmail"] == {"Address": "ap@larkspur.example"}
    assert (made["PrintStatus"], made["EmailStatus"], made["LinkedTxn"], made["Deposit"]) == (
        "NeedToPrint",
        "NotSet",
        [],
        0,
    )
    assert (made["TotalAmt"], made["Balance"], made["TxnTaxDetail"]["TotalTax"]) == (100, 100, 0)
    assert [line["DetailType"] for line in made["Line"]] == ["SalesItemLineDetail", "SubTotalLineDetail"]
    assert (made["Line"][0]["Id"], made["Line"][0]["LineNum"]) == ("1", 1)
    assert "CurrencyRef" not in made


@pytest.mark.parametrize(
    ("term", "issued", "due"),
    [
        ({"DueDays": 15}, "2026-01-20", "2026-02-04"),
        ({"DayOfMonthDue": 31}, "2026-02-10", "2026-02-28"),
        ({"DayOfMonthDue": 15, "DueNextMonthDays": 5}, "2026-03-12", "2026-04-15"),
        ({"DayOfMonthDue": 15, "DueNextMonthDays": 5}, "2026-03-10", "2026-03-15"),
        ({"DayOfMonthDue": 10}, "2026-12-20", "2027-01-10"),
    ],
)
def test_the_term_sets_the_due_date(client: Client, customer: str, term: dict[str, int], issued: str, due: str) -> None:
    id = client.post("term", {"Name": "Agreed"} | term)["Term"]["Id"]
    assert (
        client.post("invoice", sale(customer, TxnDate=issued, SalesTermRef={"value": id}))["Invoice"]["DueDate"] == due
    )


def test_totals_tax_and_discount_are_computed_and_sent_totals_ignored(
    platform: QuickBooksSandbox, client: Client
) -> None:
    company = platform.create_company("Taxed", "US", "USD", "America/New_York", tax_percent=Decimal(8))
    there = Client(client.root, company.external_id).connect()
    body = sale(company.add_customer("Aster"), TotalAmt=1, Balance=1)
    body["Line"] = [
        {
            "Amount": "300.00",
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": "1"},
                "Qty": 3,
                "UnitPrice": "100",
                "TaxCodeRef": {"value": "TAX"},
            },
        },
        {"DetailType": "DescriptionOnly", "Description": "Thank you!"},
        {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}},
    ]
    made = there.post("invoice", body)["Invoice"]
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("21.60")
    assert made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"] == Decimal("270.00")
    assert (made["TotalAmt"], made["Balance"]) == (Decimal("291.60"), Decimal("291.60"))
    assert made["Line"][-1]["Amount"] == Decimal("30.00")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}, "2020"),
        ({"Amount": 1, "DetailType": "Nonsense"}, "2170"),
        ({"Amount": 1}, "2020"),
        (
            {
                "Amount": "a lot",
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
            },
            "2080",
        ),
        (
            {"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "77"}}},
            "2500",
        ),
        (
            {
                "Amount": 5,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "Qty": 2, "UnitPrice": 3},
            },
            "6070",
        ),
    ],
)
def test_lines_that_make_no_sense_are_refused(client: Client, customer: str, line: dict[str, Any], code: str) -> None:
    assert client.refused("invoice", sale(customer) | {"Line": [line]})["code"] == code


def test_a_sales_line_without_an_item_is_text(client: Client, customer: str) -> None:
    text = {"Amount": 50, "Description": "Delivered", "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    body = sale(customer, "10")
    body["Line"].append(text)
    assert client.post("invoice", body)["Invoice"]["TotalAmt"] == 10


def test_an_invoice_needs_a_customer_and_a_line(client: Client, customer: str) -> None:
    assert client.refused("invoice", sale("404"))["code"] == "2500"
    assert client.refused("invoice", {"Line": sale(customer)["Line"]})["element"] == "CustomerRef"
    assert client.refused("invoice", {"CustomerRef": {"value": customer}, "Line": []})["element"] == "Line"


def test_own_numbers_may_be_absent_but_not_repeated(client: Client, company: QuickBooksCompany, customer: str) -> None:
    company.prefer("SalesFormsPrefs", CustomTxnNumbers=True)
    assert "DocNumber" not in client.post("invoice", sale(customer))["Invoice"]
    assert client.post("invoice", sale(customer, DocNumber="A-1"))["Invoice"]["DocNumber"] == "A-1"
    assert client.refused("invoice", sale(customer, DocNumber="A-1"))["code"] == "6140"
    twice = client.post("invoice", sale(customer, DocNumber="A-1"), include="allowduplicatedocnum")["Invoice"]
    assert twice["DocNumber"] == "A-1"
    assert client.refused("invoice", sale(customer, DocNumber="x" * 22))["code"] == "2050"


def test_lines_in_an_update_replace_the_list_and_known_ones_keep_their_id(client: Client, customer: str) -> None:
    body = sale(customer, "10")
    body["Line"] += sale(customer, "20")["Line"]
    made = client.post("invoice", body)["Invoice"]
    kept, new = made["Line"][1], sale(customer, "5")["Line"][0]
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": [kept, new]}
    changed = client.post("invoice", change)["Invoice"]
    assert [line.get("Id") for line in changed["Line"]] == ["2", "3", None]
    assert (changed["TotalAmt"], changed["DocNumber"], changed["DueDate"]) == (25, made["DocNumber"], made["DueDate"])


def test_an_update_keeps_what_was_paid_and_may_not_fall_below_it(client: Client, customer: str) -> None:
    made = client.post("invoice", sale(customer, "100"))["Invoice"]
    client.post("payment", paid(customer, "60", ("Invoice", made["Id"], "60")))
    change = {"Id": made["Id"], "SyncToken": "1", "sparse": True}
    assert client.refused("invoice", change | {"Line": sale(customer, "50")["Line"]})["code"] == "6000"
    changed = client.post("invoice", change | {"Line": sale(customer, "70")["Line"]})["Invoice"]
    assert (changed["Balance"], len(changed["LinkedTxn"])) == (10, 1)


def test_a_deposit_lowers_the_balance(client: Client, customer: str) -> None:
    assert client.post("invoice", sale(customer, "100", Deposit="30"))["Invoice"]["Balance"] == 70


def test_a_voided_invoice_is_zero_and_frees_its_payments(client: Client, customer: str) -> None:
    made = client.post("invoice", sale(customer, "100", PrivateNote="Rush"))["Invoice"]
    payment = client.post("payment", paid(customer, "100", ("Invoice", made["Id"], "100")))["Payment"]
    assert client.refused("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")["code"] == "5010"
    voided = client.post("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")["Invoice"]
    assert (voided["TotalAmt"], voided["Balance"], voided["LinkedTxn"]) == (0, 0, [])
    assert voided["PrivateNote"] == "Voided Rush"
    freed = client.get(f"payment/{payment['Id']}")["Payment"]
    assert (freed["TotalAmt"], freed["UnappliedAmt"], freed["Line"]) == (100, 100, [])
    assert client.query(f"select * from Invoice where Id = '{made['Id']}'")["Invoice"] == [voided]
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == -100


def test_voiding_an_invoice_gives_a_credit_back(client: Client, customer: str) -> None:
    invoice = client.post("invoice", sale(customer, "100"))["Invoice"]["Id"]
    credit = client.post("creditmemo", sale(customer, "40"))["CreditMemo"]["Id"]
    client.post("payment", paid(customer, "10", ("Invoice", invoice, "50"), ("CreditMemo", credit, "40")))
    client.post("invoice", {"Id": invoice, "SyncToken": "1"}, operation="void")
    assert client.get(f"creditmemo/{credit}")["CreditMemo"]["RemainingCredit"] == 40
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == -50


def test_a_deleted_invoice_is_gone_but_for_the_change_feed(client: Client, customer: str) -> None:
    made = client.post("invoice", sale(customer))["Invoice"]
    gone = client.post("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")["Invoice"]
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    answer = client.send("GET", f"invoice/{made['Id']}")
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "610")
    assert client.query("select * from Invoice") == {}
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == 0


def test_a_paid_invoice_is_not_deleted_through_the_api_but_the_bookkeeper_can(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    made = client.post("invoice", sale(customer, "100"))["Invoice"]
    payment = client.post("payment", paid(customer, "100", ("Invoice", made["Id"], "100")))["Payment"]
    assert client.refused("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")["code"] == "6000"
    company.delete_invoice(made["Id"])
    assert client.get(f"payment/{payment['Id']}")["Payment"]["UnappliedAmt"] == 100


def test_nothing_dated_in_a_closed_period_can_be_made_or_changed(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    made = client.post("invoice", sale(customer, TxnDate="2025-12-31"))["Invoice"]
    company.prefer("AccountingInfoPrefs", BookCloseDate="2025-12-31")
    assert client.refused("invoice", sale(customer, TxnDate="2025-12-31"))["code"] == "6210"
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "DueDate": "2026-05-01"}
    assert client.refused("invoice", change)["code"] == "6210"
    assert client.post("invoice", sale(customer, TxnDate="2026-01-01"))["Invoice"]["Id"]


def test_sending_mails_the_standard_text_and_keeps_the_address(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    id = client.post("invoice", sale(customer))["Invoice"]["Id"]
    address, kind = {"sendTo": "new@larkspur.example"}, {"Content-Type": "application/octet-stream"}
    for _ in range(2):
        assert client.send("POST", f"invoice/{id}/send", params=address, headers=kind).status_code == 200
    sent = client.get(f"invoice/{id}")["Invoice"]
    assert (sent["EmailStatus"], sent["BillEmail"]["Address"]) == ("EmailSent", "new@larkspur.example")
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    assert [mail.to for mail in company.outbox] == ["new@larkspur.example"] * 2
    assert company.outbox[0].subject == "Invoice from Harbor Lane Provisions"


def test_sending_needs_an_address_and_ends_at_the_days_limit(client: Client, company: QuickBooksCompany) -> None:
    silent = client.post("invoice", sale(company.add_customer("No Mail")))["Invoice"]["Id"]
    assert client.refused(f"invoice/{silent}/send", None)["code"] == "2020"
    company.switches.mails_a_day = 2
    for _ in range(2):
        client.post(f"invoice/{silent}/send", None, sendTo="a@b.example")
    assert client.refused(f"invoice/{silent}/send", None, sendTo="a@b.example")["code"] == "6000"


def test_the_pay_link_comes_only_under_its_three_conditions(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    offline = client.post("invoice", sale(customer))["Invoice"]["Id"]
    online = client.post("invoice", sale(customer, AllowOnlineACHPayment=True))["Invoice"]["Id"]
    silent = client.post("invoice", sale(company.add_customer("No Mail"), AllowOnlineACHPayment=True))["Invoice"]["Id"]
    shown = {id: client.get(f"invoice/{id}", include="invoiceLink")["Invoice"] for id in (offline, online, silent)}
    assert [id for id, invoice in shown.items() if "InvoiceLink" in invoice] == [online]
    assert "InvoiceLink" not in client.get(f"invoice/{online}")["Invoice"]
    company.prefer("SalesFormsPrefs", ETransactionPaymentEnabled=False)
    assert "InvoiceLink" not in client.get(f"invoice/{online}", include="invoiceLink")["Invoice"]


def test_a_company_with_several_currencies_wants_one_named(platform: QuickBooksSandbox, client: Client) -> None:
    company = platform.create_company("World", "US", "USD", "America/New_York", multi_currency=True)
    there = Client(client.root, company.external_id).connect()
    foreign = company.add_customer("Zürcher AG", currency="CHF")
    assert there.refused("invoice", sale(foreign))["element"] == "CurrencyRef"
    made = there.post("invoice", sale(foreign, CurrencyRef={"value": "CHF"}, ExchangeRate="1.25"))["Invoice"]
    assert (made["HomeTotalAmt"], made["HomeBalance"]) == (125, 125)
    assert there.refused("invoice", sale(foreign, CurrencyRef={"value": "USD"}))["code"] == "6000"
    customer = there.get(f"customer/{foreign}")["Customer"]
    changed = {"Id": foreign, "SyncToken": customer["SyncToken"], "sparse": True, "CurrencyRef": {"value": "EUR"}}
    assert there.post("customer", changed)["Customer"]["CurrencyRef"] == {"value": "CHF"}


def test_outside_the_us_every_line_names_its_tax_code(platform: QuickBooksSandbox, client: Client) -> None:
    company = platform.create_company("Leeds Ltd", "GB", "GBP", "Europe/London", tax_percent=Decimal(20))
    there = Client(client.root, company.external_id).connect()
    customer = company.add_customer("Aster")
    assert there.refused("invoice", sale(customer))["code"] == "6000"
    issued = date(2026, 3, 2)
    id = company.add_invoice(customer, [("Oak", Decimal(100))], issued_on=issued, due_on=issued)
    assert there.get(f"invoice/{id}")["Invoice"]["TotalAmt"] == Decimal("120.00")


def test_a_pdf_is_a_pdf(client: Client, customer: str) -> None:
    id = client.post("invoice", sale(customer))["Invoice"]["Id"]
    answer = client.send("GET", f"invoice/{id}/pdf", headers={"Accept": "application/pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")
