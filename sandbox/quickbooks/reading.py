"""Reading one document, and the documents as answers show them."""

from __future__ import annotations

from sandbox.quickbooks import answers
from sandbox.quickbooks.desk import Entity, Office
from sandbox.quickbooks.encode import Document


def read_one(office: Office, entity: Entity, id: str, include: str = "") -> Document:
    """Raises 610 for a document that is gone. CompanyInfo answers to the realm's id, though its own is 1."""
    if entity.name in ("CompanyInfo", "Preferences"):
        id = "1"
    document = office.books.get(entity.name, id)
    if document is None:
        raise answers.not_found()
    return with_invoice_link(office, document) if include == "invoiceLink" else document


def with_invoice_link(office: Office, document: Document) -> Document:
    """The customer's pay link: only with online payment on, on the document too, and an address to bill to."""
    pays_online = document.get("AllowOnlineACHPayment") or document.get("AllowOnlineCreditCardPayment")
    address = (document.get("BillEmail") or {}).get("Address", "")
    if not office.preference("SalesFormsPrefs", "ETransactionPaymentEnabled") or not pays_online or "@" not in address:
        return document
    return document | {"InvoiceLink": f"https://connect.intuit.com/t/scs-v1-{office.external_id}-{document['Id']}"}
