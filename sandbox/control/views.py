"""The sandbox's things as the control API shows them."""

from __future__ import annotations

from typing import Any

from sandbox.company import SandboxCompany
from sandbox.mailbox import Mail
from sandbox.webhooks import Delivery


def company_as_json(company: SandboxCompany) -> dict[str, Any]:
    open_invoices = company.open_invoices()
    return {
        "external_id": company.external_id,
        "name": company.name,
        "country": company.country,
        "currency": company.currency,
        "time_zone": company.time_zone,
        "open_invoices": len(open_invoices),
    }


def mail_as_json(mail: Mail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "from": mail.sender,
        "to": mail.recipients,
        "subject": mail.subject,
        "received_at": mail.received_at.isoformat(),
        "headers": mail.headers,
        "text": mail.text,
        "html": mail.html,
    }


def delivery_as_json(delivery: Delivery) -> dict[str, Any]:
    """`body` as text: bodies are JSON. Headers are left out, as they hold the signature."""
    return {
        "number": delivery.number,
        "url": delivery.url,
        "body": delivery.body.decode("utf-8", "replace"),
        "queued_at": delivery.queued_at.isoformat(),
        "next_at": delivery.next_at.isoformat(),
        "attempts": delivery.attempts,
        "status": delivery.status,
    }
