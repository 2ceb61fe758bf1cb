"""The platform's own email and PDF of a document."""

from __future__ import annotations

from sandbox.quickbooks import answers
from sandbox.quickbooks.desk import Entity, Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.settings import SentMail
from sandbox.quickbooks.times import server_today, stamp, to_milliseconds


def send(office: Office, outbox: list[SentMail], entity: Entity, id: str, send_to: str) -> Document:
    """Mail the document and return it. `send_to` lastingly replaces its billing address; two calls are two mails.

    Raises 610, 6190, 2020 without an address, and 6000 when the day's mails are used up.
    """
    if office.is_read_only:
        raise answers.read_only_company()
    now = to_milliseconds(office.books.clock.now())
    today = server_today(now).isoformat()
    if sum(1 for mail in outbox if mail.sent_at.startswith(today)) >= office.switches.mails_a_day:
        raise answers.business("The limit of emails for today is reached")
    with office.books.change() as change:
        document = change.find(entity.name, id)
        if document is None:
            raise answers.not_found()
        address = send_to or (document.get("BillEmail") or {}).get("Address", "")
        if "@" not in address:
            raise answers.missing("BillEmail")
        sent = document | {"EmailStatus": "EmailSent", "BillEmail": {"Address": address}}
        sent["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": stamp(now)}
        change.put(entity.name, sent, "Emailed")
    outbox.append(mail_of(office, entity.name, sent))
    return office.books.get(entity.name, id) or sent


def mail_of(office: Office, entity: str, document: Document) -> SentMail:
    """The mail that goes with a sent document: the company's standard text, whatever the occasion."""
    text = office.preference("EmailMessagesPrefs", "InvoiceMessage") or {}
    return SentMail(
        entity=entity,
        id=document["Id"],
        to=document["BillEmail"]["Address"],
        subject=text.get("Subject", ""),
        message=text.get("Message", ""),
        sent_at=document["DeliveryInfo"]["DeliveryTime"],
        cc=(document.get("BillEmailCc") or {}).get("Address", ""),
        bcc=(document.get("BillEmailBcc") or {}).get("Address", ""),
    )


def pdf(office: Office, entity: Entity, id: str) -> bytes:
    """A small but whole PDF of one page, naming the document. Raises 610."""
    document = office.books.get(entity.name, id)
    if document is None:
        raise answers.not_found()
    text = f"{entity.name} {document.get('DocNumber', id)}  {document['TotalAmt']}".encode("ascii", "replace")
    text = text.replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    drawing = b"BT /F1 18 Tf 72 720 Td (" + text + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(drawing)).encode() + b" >>\nstream\n" + drawing + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n" + str(len(body)).encode() + b"\n%%EOF\n"
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + tail
