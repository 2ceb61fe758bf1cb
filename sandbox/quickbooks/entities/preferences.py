"""Preferences: one document, Id 1, that switches how the other rules behave."""

from __future__ import annotations

from sandbox.quickbooks.desk import Desk, Entity, Office
from sandbox.quickbooks.encode import Document

GROUPS = ("AccountingInfoPrefs", "SalesFormsPrefs", "EmailMessagesPrefs", "CurrencyPrefs", "TaxPrefs", "ReportPrefs")


def first(office: Office) -> Document:
    """As a company starts with it, from its switches."""
    switches = office.switches
    sales: Document = {
        "CustomTxnNumbers": switches.custom_txn_numbers,
        "AllowDiscount": switches.allow_discount,
        "AllowDeposit": False,
        "AutoApplyCredit": switches.auto_apply_credit,
        "AutoApplyPayments": False,
        "EmailCopyToCompany": False,
        "ETransactionPaymentEnabled": switches.online_payments,
    }
    for name, address in (("SalesEmailCc", switches.sales_email_cc), ("SalesEmailBcc", switches.sales_email_bcc)):
        if address:
            sales[name] = {"Address": address}
    accounting: Document = {"FirstMonthOfFiscalYear": "January", "CustomerTerminology": "Customers"}
    if switches.book_close_date:
        accounting["BookCloseDate"] = switches.book_close_date
    message = {"Subject": switches.invoice_subject.format(company=office.name), "Message": switches.invoice_message}
    return {
        "Id": "1",
        "AccountingInfoPrefs": accounting,
        "SalesFormsPrefs": sales,
        "EmailMessagesPrefs": {"InvoiceMessage": message},
        "CurrencyPrefs": {"MultiCurrencyEnabled": switches.multi_currency, "HomeCurrency": {"value": office.currency}},
        "TaxPrefs": {"UsingSalesTax": switches.tax_percent > 0, "PartnerTaxEnabled": False},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "OtherPrefs": {"NameValue": [{"Name": "DateFormatMnemonic", "Value": "MMDDYYYY_SEP_SLASH"}]},
    }


def update(desk: Desk, current: Document, body: Document) -> Document:
    merged = {group: (current.get(group) or {}) | body[group] for group in GROUPS if isinstance(body.get(group), dict)}
    document = current | merged
    desk.change.put("Preferences", document)
    return document


PREFERENCES = Entity(
    name="Preferences",
    writable=frozenset(GROUPS)
    | {"OtherPrefs", "ProductAndServicesPrefs", "VendorAndPurchasesPrefs", "TimeTrackingPrefs"},
    update=update,
)
