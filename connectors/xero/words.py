"""Xero's fixed words and what they mean here. A word that is not in its list is never guessed at.

A contact is a customer in our vocabulary; AUTHORISED is an open invoice or a posted payment or credit; credit notes,
overpayments and prepayments are all credits. Source: Xero-OpenAPI 16.1.0 and the pages on statuses and types.
"""

from __future__ import annotations

from engine.books import CreditKind, DocumentStatus, InvoiceStatus

INVOICE_TYPES = {"ACCREC": True} | dict.fromkeys(
    ("ACCPAY", "ACCPAYCREDIT", "APOVERPAYMENT", "APPREPAYMENT", "ACCRECCREDIT", "AROVERPAYMENT", "ARPREPAYMENT"), False
)
"""Xero's word → whether it is a sales invoice."""
INVOICE_STATUSES = {
    "DRAFT": InvoiceStatus.DRAFT,
    "SUBMITTED": InvoiceStatus.DRAFT,
    "AUTHORISED": InvoiceStatus.OPEN,
    "PAID": InvoiceStatus.PAID,
    "VOIDED": InvoiceStatus.VOIDED,
    "DELETED": InvoiceStatus.DELETED,
}
PAYMENT_TYPES = {"ACCRECPAYMENT": True} | dict.fromkeys(
    (
        "ACCPAYPAYMENT", "ARCREDITPAYMENT", "APCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT",
        "APPREPAYMENTPAYMENT", "APOVERPAYMENTPAYMENT",
    ),
    False,
)  # fmt: skip
"""Xero's word → whether a customer paid an invoice; the other AR ones are refunds."""
PAYMENT_STATUSES = {"AUTHORISED": DocumentStatus.POSTED, "DELETED": DocumentStatus.DELETED}
CREDIT_TYPES = {
    CreditKind.CREDIT_NOTE: {"ACCRECCREDIT": True, "ACCPAYCREDIT": False},
    CreditKind.OVERPAYMENT: {"RECEIVE-OVERPAYMENT": True, "AROVERPAYMENT": True}
    | {"SPEND-OVERPAYMENT": False, "APOVERPAYMENT": False},
    CreditKind.PREPAYMENT: {"RECEIVE-PREPAYMENT": True, "ARPREPAYMENT": True}
    | {"SPEND-PREPAYMENT": False, "APPREPAYMENT": False},
}
CREDIT_STATUSES = {
    "DRAFT": DocumentStatus.DRAFT,
    "SUBMITTED": DocumentStatus.DRAFT,
    "AUTHORISED": DocumentStatus.POSTED,
    "PAID": DocumentStatus.POSTED,
    "VOIDED": DocumentStatus.VOIDED,
    "DELETED": DocumentStatus.DELETED,
}
CONTACT_STATUSES = {"ACTIVE": True, "ARCHIVED": False, "GDPRREQUEST": False}
