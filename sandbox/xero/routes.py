"""Which path and method is worked where. Paths are matched without regard to case, `*` is one word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response

from sandbox.xero import reads, writes
from sandbox.xero.calls import Call
from sandbox.xero.errors import Plain, not_found

Handler = Callable[[Call], Response]

_ROUTES: dict[str, dict[str, Handler]] = {
    "organisation": {"GET": reads.organisation},
    "organisation/actions": {"GET": reads.actions},
    "invoices": {"GET": reads.invoices, "PUT": writes.save_invoices, "POST": writes.save_invoices},
    "invoices/*": {"GET": reads.invoice, "POST": writes.save_invoices},
    "invoices/*/email": {"POST": writes.send_email},
    "invoices/*/onlineinvoice": {"GET": reads.online_invoice},
    "contacts": {"GET": reads.contacts, "PUT": writes.save_contacts, "POST": writes.save_contacts},
    "contacts/*": {"GET": reads.contact, "POST": writes.save_contacts},
    "contactgroups": {"GET": reads.groups, "PUT": writes.create_groups},
    "contactgroups/*": {"GET": reads.group, "POST": writes.update_group},
    "contactgroups/*/contacts": {"PUT": writes.add_members, "DELETE": writes.remove_members},
    "contactgroups/*/contacts/*": {"DELETE": writes.remove_member},
    "payments": {"GET": reads.payments, "PUT": writes.create_payments, "POST": writes.create_payments},
    "payments/*": {"GET": reads.payment, "POST": writes.delete_payment},
    "creditnotes": {"GET": reads.credits_of, "PUT": writes.save_credit_notes, "POST": writes.save_credit_notes},
    "creditnotes/*": {"GET": reads.credit, "POST": writes.save_credit_notes},
    "overpayments": {"GET": reads.credits_of},
    "overpayments/*": {"GET": reads.credit},
    "prepayments": {"GET": reads.credits_of},
    "prepayments/*": {"GET": reads.credit},
    "banktransactions": {"PUT": writes.save_bank_transactions},
    "brandingthemes": {"GET": reads.branding_themes},
    "currencies": {"GET": reads.currencies},
    "accounts": {"GET": reads.accounts},
    "taxrates": {"GET": reads.tax_rates},
    "users": {"GET": reads.users},
    "repeatinginvoices": {"GET": reads.repeating_invoices},
    "invoicereminders/settings": {"GET": reads.reminder_settings},
    "reports/agedreceivablesbycontact": {"GET": reads.aged_receivables},
}
for _credits in ("creditnotes", "overpayments", "prepayments"):
    _ROUTES[f"{_credits}/*/allocations"] = {"PUT": writes.allocate}
    _ROUTES[f"{_credits}/*/allocations/*"] = {"DELETE": writes.take_back}
for _noted in ("invoices", "contacts", "payments", "creditnotes", "overpayments", "prepayments"):
    _ROUTES[f"{_noted}/*/history"] = {"GET": reads.history, "PUT": writes.add_history, "POST": writes.add_history}

_PATTERNS = [(pattern.split("/"), methods) for pattern, methods in _ROUTES.items()]


def find_handler(method: str, segments: Sequence[str]) -> Handler:
    """Raises Plain: 404 for a path that is not there, 501 for a method that is not."""
    words = [segment.lower() for segment in segments]
    for pattern, methods in _PATTERNS:
        if len(pattern) == len(words) and all(part in ("*", word) for part, word in zip(pattern, words, strict=True)):
            handler = methods.get(method)
            if handler is None:
                raise Plain(501, "The method is not implemented")
            return handler
    raise not_found()
