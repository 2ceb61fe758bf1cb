"""Writing invoices: creation, the status table, what may be edited when, totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, Api

BANK = {"Account": {"Code": "090"}}


def body(customer: str, **changes: Any) -> dict[str, Any]:
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": customer},
        "Date": "2026-03-05",
        "DueDate": "2026-04-04",
        "Status": "AUTHORISED",
        "LineItems": [{"Description": "Table", "Quantity": 2, "UnitAmount": 100, "AccountCode": "200"}],
        **changes,
    }


def test_put_creates_with_tax_number_and_today(api: Api, customer: str) -> None:
    posted = body(customer)
    del posted["Date"]
    (made,) = api.ok("PUT", "Invoices", posted)["Invoices"]
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (
        Decimal("200.00"),
        Decimal("30.00"),
        Decimal("230.00"),
    )
    assert made["AmountDue"] == Decimal("230.00")
    assert made["InvoiceNumber"] == "INV-0001"
    assert made["DateString"] == "2026-03-05T00:00:00", "today in Auckland, not in UTC"


def test_put_of_a_taken_number_is_refused_and_post_updates(api: Api, customer: str, invoice: str) -> None:
    posted = {"Invoices": [body(customer, InvoiceNumber="INV-7")]}
    assert api.messages("PUT", "Invoices", posted) == ["Invoice # must be unique."]
    (updated,) = api.ok("POST", "Invoices", {"InvoiceNumber": "INV-7", "Reference": "PO 9"})["Invoices"]
    assert (updated["InvoiceID"], updated["Reference"], updated["Total"]) == (invoice, "PO 9", Decimal("1150.00"))


def test_omitted_fields_stay(api: Api, invoice: str) -> None:
    before = api.get(f"Invoices/{invoice}")["Invoices"][0]
    (after,) = api.ok("POST", f"Invoices/{invoice}", {"Reference": "PO 9"})["Invoices"]
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"Reference", "UpdatedDateUTC"}


@pytest.mark.parametrize(
    ("start", "move", "is_allowed"),
    [
        ("DRAFT", "SUBMITTED", True),
        ("DRAFT", "AUTHORISED", True),
        ("DRAFT", "DELETED", True),
        ("DRAFT", "VOIDED", False),
        ("DRAFT", "PAID", False),
        ("SUBMITTED", "DRAFT", True),
        ("SUBMITTED", "DELETED", True),
        ("AUTHORISED", "VOIDED", True),
        ("AUTHORISED", "DELETED", False),
        ("AUTHORISED", "DRAFT", False),
        ("AUTHORISED", "PAID", False),
    ],
)
def test_the_status_table(api: Api, customer: str, start: str, move: str, is_allowed: bool) -> None:
    (made,) = api.ok("PUT", "Invoices", body(customer, Status=start))["Invoices"]
    answer = api.call("POST", f"Invoices/{made['InvoiceID']}", {"Status": move})
    assert (answer.status_code == 200) is is_allowed, answer.text


@pytest.mark.parametrize("final", ["DELETED", "VOIDED"])
def test_final_is_final(api: Api, customer: str, final: str) -> None:
    start = "DRAFT" if final == "DELETED" else "AUTHORISED"
    (made,) = api.ok("PUT", "Invoices", body(customer, Status=start))["Invoices"]
    api.ok("POST", f"Invoices/{made['InvoiceID']}", {"Status": final})
    refused = api.messages("POST", f"Invoices/{made['InvoiceID']}", {"Reference": "late"})
    assert refused == ["Invoice not of valid status for modification"]


def test_paid_comes_and_goes_by_itself(api: Api, invoice: str) -> None:
    (payment,) = api.ok("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, **BANK, "Amount": 1150})["Payments"]
    (paid,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert (paid["Status"], paid["AmountDue"], paid["FullyPaidOnDate"]) == ("PAID", 0, payment["Date"])
    api.ok("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    (reopened,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert (reopened["Status"], reopened["AmountPaid"], reopened["Payments"]) == ("AUTHORISED", 0, [])


def test_voiding_is_refused_while_anything_is_applied(api: Api, invoice: str) -> None:
    api.ok("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, **BANK, "Amount": 1})
    assert api.messages("POST", f"Invoices/{invoice}", {"Status": "VOIDED"})


def test_a_locked_period_takes_no_writes(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    company.books.switches.lock_on = date(2026, 2, 28)
    locked = "The document date cannot be before the period lock date, currently set at 28 February 2026"
    assert api.messages("PUT", "Invoices", body(customer, Date="2026-02-28")) == [locked]
    assert api.messages("POST", f"Invoices/{invoice}", {"Reference": "x"}) == [locked]
    assert api.ok("PUT", "Invoices", body(customer, Date="2026-03-01"))
    assert api.get("Organisation")["Organisations"][0]["PeriodLockDate"] == "/Date(1772236800000+0000)/"


@pytest.mark.parametrize(
    "change",
    [
        {"Date": "2026-01-21"},
        {"LineItems": [{"Description": "Fee", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}]},
        {"CurrencyCode": "USD"},
        {"ExpectedPaymentDate": "2026-03-20"},
    ],
)
def test_a_part_paid_invoice_refuses_most_edits(api: Api, invoice: str, change: dict[str, Any]) -> None:
    api.ok("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, **BANK, "Amount": 1})
    assert api.messages("POST", f"Invoices/{invoice}", change)


def test_a_part_paid_invoice_takes_the_listed_fields(api: Api, company: XeroCompany, invoice: str) -> None:
    (paid,) = api.get(f"Invoices/{invoice}")["Invoices"]
    api.ok("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, **BANK, "Amount": 1})
    lines = [{"LineItemID": line["LineItemID"], "Description": "Renamed"} for line in paid["LineItems"]]
    change = {"Reference": "PO 9", "DueDate": "2026-04-01", "InvoiceNumber": "INV-70", "LineItems": lines}
    (after,) = api.ok("POST", f"Invoices/{invoice}", change)["Invoices"]
    assert (after["InvoiceNumber"], after["Reference"], after["Total"]) == ("INV-70", "PO 9", Decimal("1150.00"))
    assert {line["Description"] for line in after["LineItems"]} == {"Renamed"}
    company.books.switches.expected_date_on_part_paid = True
    (promised,) = api.ok("POST", f"Invoices/{invoice}", {"ExpectedPaymentDate": "2026-03-20"})["Invoices"]
    assert promised["ExpectedPaymentDate"] == "/Date(1773964800000+0000)/"


def test_lines_with_an_id_are_updated_without_one_created_and_the_rest_deleted(api: Api, invoice: str) -> None:
    (before,) = api.get(f"Invoices/{invoice}")["Invoices"]
    kept = before["LineItems"][0]["LineItemID"]
    lines = [
        {"LineItemID": kept, "UnitAmount": 900},
        {"Description": "Delivery", "Quantity": 1, "UnitAmount": 50, "AccountCode": "200"},
    ]
    (after,) = api.ok("POST", f"Invoices/{invoice}", {"LineItems": lines})["Invoices"]
    assert [(line["Description"], line["LineAmount"]) for line in after["LineItems"]] == [
        ("Kitchen", Decimal("900.00")),
        ("Delivery", Decimal("50.00")),
    ]
    assert after["LineItems"][0]["LineItemID"] == kept
    assert after["Total"] == Decimal("1092.50")


def test_tax_is_rounded_per_line_and_then_summed(api: Api, customer: str) -> None:
    line = {"Description": "Screws", "Quantity": 1, "UnitAmount": 0.10, "AccountCode": "200"}
    (made,) = api.ok("PUT", "Invoices", body(customer, LineItems=[line, line, line]))["Invoices"]
    assert [shown["TaxAmount"] for shown in made["LineItems"]] == [Decimal("0.02")] * 3
    assert (made["TotalTax"], made["Total"]) == (Decimal("0.06"), Decimal("0.36"))


def test_inclusive_amounts_hold_their_tax(api: Api, customer: str) -> None:
    line = {"Description": "Table", "Quantity": 1, "UnitAmount": 115, "AccountCode": "200"}
    (made,) = api.ok("PUT", "Invoices", body(customer, LineAmountTypes="Inclusive", LineItems=[line]))["Invoices"]
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (Decimal(100), Decimal(15), Decimal(115))


@pytest.mark.parametrize(("places", "unit"), [("2", "0.12"), ("4", "0.1235")])
def test_unit_amounts_have_two_decimals_unless_four_are_asked_for(
    api: Api, customer: str, places: str, unit: str
) -> None:
    line = {"Description": "Nail", "Quantity": 100, "UnitAmount": "0.12345", "AccountCode": "200"}
    (made,) = api.ok("PUT", "Invoices", body(customer, LineItems=[line]), unitdp=places)["Invoices"]
    (read,) = api.get(f"Invoices/{made['InvoiceID']}", unitdp=places)["Invoices"]
    assert str(read["LineItems"][0]["UnitAmount"]) == unit
    assert read["SubTotal"] == Decimal(unit) * 100


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Contact": {}}, "Contact"),
        ({"Type": "SALE"}, "Type"),
        ({"LineItems": []}, "line item"),
        ({"LineItems": [{"Description": "x", "UnitAmount": 1}]}, "Account code"),
        ({"LineItems": [{"Description": "x", "UnitAmount": 1, "AccountCode": "999"}]}, "999"),
        ({"LineItems": [{"Description": "x", "UnitAmount": 1, "AccountCode": "200", "TaxType": "NOPE"}]}, "NOPE"),
        ({"LineItems": [{"Description": "x" * 4001, "UnitAmount": 1, "AccountCode": "200"}]}, "4000"),
        ({"LineItems": [{"Description": "x", "UnitAmount": "lots", "AccountCode": "200"}]}, "amount"),
        ({"LineItems": "none"}, "LineItems"),
        ({"DueDate": None}, "Due Date"),
        ({"Date": "yesterday"}, "Invalid"),
        ({"Reference": "x" * 256}, "255"),
        ({"Reference": 7}, "Reference"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(api: Api, customer: str, change: dict[str, Any], says: str) -> None:
    (message, *_) = api.messages("PUT", "Invoices", body(customer, **change))
    assert says in message


def test_drafts_may_be_incomplete(api: Api, customer: str) -> None:
    (made,) = api.ok("PUT", "Invoices", {"Type": "ACCREC", "Contact": {"ContactID": customer}})["Invoices"]
    assert (made["Status"], made["Total"]) == ("DRAFT", 0)


def test_sent_to_contact_before_approval_is_a_warning(api: Api, customer: str) -> None:
    (made,) = api.ok("PUT", "Invoices", body(customer, Status="DRAFT", SentToContact=True))["Invoices"]
    assert made["Warnings"] == [{"Message": "Only AUTHORISED invoices may have SentToContact updated."}]
    assert made["SentToContact"] is False


def test_without_summarize_errors_one_bad_element_stores_none(api: Api, customer: str) -> None:
    posted = {"Invoices": [body(customer, InvoiceNumber="A"), body(customer, InvoiceNumber="A")]}
    answer = api.call("PUT", "Invoices", posted)
    assert answer.status_code == 400
    assert answer.json()["Type"] == "ValidationException"
    assert [element["InvoiceNumber"] for element in answer.json()["Elements"]] == ["A"]
    assert api.get("Invoices")["Invoices"] == []


def test_summarize_errors_false_stores_the_good_ones(api: Api, customer: str) -> None:
    posted = {
        "Invoices": [
            body(customer, InvoiceNumber="A"),
            body(customer, InvoiceNumber="A"),
            body(customer, InvoiceNumber="B", Status="DRAFT", SentToContact=True),
        ]
    }
    answer = api.ok("PUT", "Invoices", posted, summarizeErrors="false")
    assert [element["StatusAttributeString"] for element in answer["Invoices"]] == ["OK", "ERROR", "WARNING"]
    assert answer["Invoices"][1]["InvoiceID"] == "00000000-0000-0000-0000-000000000000"
    assert [doc["InvoiceNumber"] for doc in api.get("Invoices")["Invoices"]] == ["A", "B"]


def test_read_only_and_unknown_fields_are_ignored(api: Api, customer: str) -> None:
    dragged = {"HasErrors": True, "HasAttachments": True, "Total": 1, "AmountDue": 1, "AmountPaid": 9, "Nope": {}}
    (made,) = api.ok("PUT", "Invoices", body(customer, **dragged))["Invoices"]
    assert (made["Total"], made["AmountPaid"], made["HasErrors"]) == (Decimal("230.00"), 0, False)


def test_both_date_forms_are_taken(api: Api, customer: str) -> None:
    posted = body(customer, Date="/Date(1772668800000)/", DueDate="2026-04-04T00:00:00")
    (made,) = api.ok("PUT", "Invoices", posted)["Invoices"]
    assert (made["DateString"], made["DueDateString"]) == ("2026-03-05T00:00:00", "2026-04-04T00:00:00")


def test_created_by_my_app(api: Api, customer: str, invoice: str) -> None:
    (made,) = api.ok("PUT", "Invoices", body(customer))["Invoices"]
    (mine,) = api.get("Invoices", createdByMyApp="true")["Invoices"]
    assert (mine["InvoiceID"], CLIENT) == (made["InvoiceID"], "app-1")


def test_a_body_that_is_no_json_is_its_own_kind_of_error(api: Api) -> None:
    for raw in (b"{", b"[]", b"7", b'{"Invoices":[1]}', b"<Invoice/>"):
        answer = api.call("PUT", "Invoices", raw)
        assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException")


def test_more_than_an_id_in_the_contact_edits_the_contact(api: Api, company: XeroCompany) -> None:
    contact = company.add_customer("Rimu", "a@rimu.example", people=[("Ana Ruiz", "ana@rimu.example")])
    api.ok("PUT", "Invoices", body(contact))
    (kept,) = api.get(f"Contacts/{contact}")["Contacts"]
    assert len(kept["ContactPersons"]) == 1
    api.ok("PUT", "Invoices", body(contact, Contact={"ContactID": contact, "EmailAddress": "b@rimu.example"}))
    (edited,) = api.get(f"Contacts/{contact}")["Contacts"]
    assert (edited["EmailAddress"], edited["ContactPersons"]) == ("b@rimu.example", [])
