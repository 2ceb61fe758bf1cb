"""Objects of several QuickBooks Online companies in one: deleted, part paid, in another currency, doubly numbered.

The rows do not join up, so this is for shapes and edge cases, never for statistics. Added: the customers that documents
name and the files lack; and for an invoice that is part paid, the payment that explains it. Left out: payment lines, as
the only one that leads to an invoice here leads to another customer's, which no QuickBooks company can hold; and what
the sandbox has no books for (receipts, deposits, estimates).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.ledgers.files import Row, amount, instant, is_true, present, rows
from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox

Document = dict[str, Any]


def load_quickbooks_ledger(platform: QuickBooksSandbox, folder: Path) -> QuickBooksCompany:
    """Make a company of the files in `folder`. Raises FileNotFoundError when one is missing."""
    company = platform.create_company(
        "Golden Gate Contractors", "US", "USD", "America/Los_Angeles", multi_currency=True
    )
    invoices, payments, memos = (rows(folder, f"{name}_data") for name in ("invoice", "payment", "credit_memo"))
    customers = [_customer(row) for row in rows(folder, "customer_data")]
    known = {customer["Id"] for customer in customers}
    named = {row["customer_id"] for row in (*invoices, *payments, *memos)} - known - {""}
    company.load("Customer", [*customers, *(_stranger(id) for id in sorted(named))])
    lines = _by_invoice(folder)
    company.load("Invoice", [_invoice(row, lines[row["id"]]) for row in invoices])
    company.load("CreditMemo", [_credit_memo(row) for row in memos])
    company.load("Payment", [_payment(row) for row in payments])
    company.load("Payment", _explaining(invoices))
    return company


def _by_invoice(folder: Path) -> dict[str, list[Document]]:
    lines: dict[str, list[Document]] = defaultdict(list)
    for row in sorted(rows(folder, "invoice_line_data"), key=lambda row: int(row["index"] or 0)):
        lines[row["invoice_id"]].append(_line(row))
    return lines


def _head(row: Row) -> Document:
    """What every document carries. One that was deleted carries little else."""
    head: Document = {
        "Id": row["id"],
        "SyncToken": row.get("sync_token") or "0",
        "MetaData": {
            "CreateTime": instant(row["created_at"]).isoformat(),
            "LastUpdatedTime": instant(row["updated_at"]).isoformat(),
        },
    }
    return head | ({"status": "Deleted"} if is_true(row["_fivetran_deleted"]) else {})


def _customer(row: Row) -> Document:
    """Customers are never deleted in QuickBooks: one that the extract says is gone was made inactive."""
    deleted = is_true(row["_fivetran_deleted"])
    head = {name: value for name, value in _head(row).items() if name != "status"}
    texts = {
        "DisplayName": row["display_name"],
        "FullyQualifiedName": row["fully_qualified_name"],
        "PrintOnCheckName": row["print_on_check_name"],
        "CompanyName": row["company_name"],
        "GivenName": row["given_name"],
        "FamilyName": row["family_name"],
        "PreferredDeliveryMethod": row["preferred_delivery_method"],
    }
    return (
        head
        | present(texts)
        | _email("PrimaryEmailAddr", row["email"])
        | {
            "Active": is_true(row["active"]) and not deleted,
            "Taxable": is_true(row["taxable"]),
            "Job": is_true(row["job"]),
            "BillWithParent": is_true(row["bill_with_parent"]),
            "Balance": amount(row["balance"]),
            "BalanceWithJobs": amount(row["balance_with_jobs"]),
            "CurrencyRef": {"value": row["currency_id"]},
        }
    )


def _stranger(id: str) -> Document:
    name = f"Customer {id}"
    names = {"DisplayName": name, "FullyQualifiedName": name, "PrintOnCheckName": name}
    zero = Decimal(0)
    return (
        {"Id": id, "Active": True, "Job": False, "CurrencyRef": {"value": "USD"}}
        | names
        | {
            "Balance": zero,
            "BalanceWithJobs": zero,
        }
    )


def _sale(row: Row) -> Document:
    """What invoices and credit memos share. `ExchangeRate` only where the currency is not the company's own."""
    foreign = row["currency_id"] != "USD"
    texts = {
        "DocNumber": row["doc_number"],
        "TxnDate": row["transaction_date"],
        "EmailStatus": row["email_status"] or "NotSet",
        "PrintStatus": row["print_status"] or "NotSet",
        "PrivateNote": row["private_note"],
    }
    return (
        present(texts)
        | _email("BillEmail", row["bill_email"] if "bill_email" in row else row["billing_email"])
        | {
            "CustomerRef": {"value": row["customer_id"]},
            "CurrencyRef": {"value": row["currency_id"]},
            "ExchangeRate": amount(row["exchange_rate"]) if foreign else Decimal(1),
            "TotalAmt": amount(row["total_amount"]),
            "Balance": amount(row["balance"]),
            "TxnTaxDetail": {"TotalTax": amount(row["total_tax"])},
        }
    )


def _invoice(row: Row, lines: list[Document]) -> Document:
    if is_true(row["_fivetran_deleted"]):
        return _head(row)
    copies = _email("BillEmailCc", row["billing_cc_email"]) | _email("BillEmailBcc", row["billing_bcc_email"])
    return (
        _head(row)
        | _sale(row)
        | copies
        | present({"DueDate": row["due_date"]})
        | {
            "AllowOnlineACHPayment": is_true(row["allow_online_achpayment"]),
            "AllowOnlineCreditCardPayment": is_true(row["allow_online_credit_card_payment"]),
            "Deposit": amount(row["deposit"]),
            "Line": lines,
            "LinkedTxn": [_link("Payment", _explaining_id(row))] if _is_part_paid(row) else [],
        }
    )


def _line(row: Row) -> Document:
    kind = row["detail_type"] or "SalesItemLineDetail"
    detail = {
        "ItemRef": {"value": row["sales_item_item_id"]} if row["sales_item_item_id"] else None,
        "Qty": amount(row["sales_item_quantity"]) if row["sales_item_quantity"] else None,
        "UnitPrice": amount(row["sales_item_unit_price"]) if row["sales_item_unit_price"] else None,
    }
    return present({"Description": row["description"]}) | {
        "Id": str(int(row["index"] or 0) + 1),
        "Amount": amount(row["amount"]),
        "DetailType": kind,
        kind: present(detail) if kind == "SalesItemLineDetail" else {},
    }


def _credit_memo(row: Row) -> Document:
    if is_true(row["_fivetran_deleted"]):
        return _head(row)
    return _head(row) | _sale(row) | {"RemainingCredit": amount(row["remaining_credit"] or row["balance"]), "Line": []}


def _payment(row: Row) -> Document:
    if is_true(row["_fivetran_deleted"]):
        return _head(row)
    texts = {"PaymentRefNum": row["reference_number"], "PrivateNote": row["private_note"]}
    return (
        _head(row)
        | present(texts)
        | {
            "TxnDate": row["transaction_date"],
            "CustomerRef": {"value": row["customer_id"]},
            "CurrencyRef": {"value": row["currency_id"]},
            "TotalAmt": amount(row["total_amount"]),
            "UnappliedAmt": amount(row["unapplied_amount"]),
            "Line": [],
        }
    )


def _is_part_paid(row: Row) -> bool:
    return not is_true(row["_fivetran_deleted"]) and amount(row["balance"]) != amount(row["total_amount"])


def _explaining_id(row: Row) -> str:
    """An id beside those of the files."""
    return f"9{row['id']}"


def _explaining(invoices: Iterable[Row]) -> list[Document]:
    """The payments without which part-paid invoices would be nobody's doing."""
    return [_explanation(row) for row in invoices if _is_part_paid(row)]


def _explanation(row: Row) -> Document:
    paid = amount(row["total_amount"]) - amount(row["balance"])
    return {
        "Id": _explaining_id(row),
        "MetaData": _head(row)["MetaData"],
        "TxnDate": instant(row["updated_at"]).date().isoformat(),
        "CustomerRef": {"value": row["customer_id"]},
        "CurrencyRef": {"value": row["currency_id"]},
        "TotalAmt": paid,
        "UnappliedAmt": Decimal(0),
        "Line": [{"Amount": paid, "LinkedTxn": [_link("Invoice", row["id"])]}],
    }


def _link(kind: str, id: str) -> Document:
    return {"TxnId": id, "TxnType": kind}


def _email(name: str, address: str) -> Document:
    return {name: {"Address": address}} if address else {}
