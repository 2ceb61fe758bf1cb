"""Keys: one name for each act, derived from what is done and never from when it was tried.

Pure. The same act has the same key after a crash, a retry, a restart or on another machine, so that it can be recorded,
and asked of a platform, once only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

_FEE_REFERENCE = re.compile(r"LF-[0-9a-f]{17}")


def action_key(*parts: str) -> str:
    """32 hex characters for these parts, in this order.

    QuickBooks Online takes up to 50 (`requestid`), Xero 128 (`Idempotency-Key`). Each part is written with its length,
    so that no two lists of parts can run together into the same text, whatever ids a platform gives.
    Source: Intuit developer blog, 2015-04-06; Xero-OpenAPI, xero_accounting.yaml, idempotencyKey.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def reminder_key(company: str, customer: str, steps: Iterable[tuple[str, int]]) -> str:
    """The message that takes these invoices, as (id, step), to these steps. Order does not matter.

    Invoices only mentioned (step 0) are no part of it: one more overdue bill in the list is not another reminder.
    """
    taken = sorted({(invoice, step) for invoice, step in steps if step > 0})
    return action_key("remind", company, customer, *(part for invoice, step in taken for part in (invoice, str(step))))


def offer_key(company: str, customer: str, invoice: str) -> str:
    """The one early-payment offer on an invoice."""
    return action_key("discount_offer", company, customer, invoice)


def hold_key(company: str, customer: str, times_shown: int) -> str:
    """The credit hold after so many holds and releases were shown: the same act however many nights it waits, and
    another one once the customer was released."""
    return action_key("hold", company, customer, str(times_shown))


def release_key(company: str, customer: str, times_shown: int) -> str:
    """The release after so many holds and releases were shown."""
    return action_key("release", company, customer, str(times_shown))


def fee_key(company: str, customer: str, currency: str, through_on: date) -> str:
    """The one fee of a customer in a currency for the charge day `through_on`."""
    return action_key("fee", company, customer, currency, through_on.isoformat())


def fee_reversal_key(company: str, fee_key: str) -> str:
    """The one taking back of the fee that was charged under that key."""
    return action_key("fee_reversal", company, fee_key)


def fee_reference(key: str) -> str:
    """The permanent mark of a fee document on the platform: 20 characters of its key, told apart by `LF-`.

    QuickBooks Online takes a `DocNumber` of up to 21 characters.
    """
    return f"LF-{key[:17]}"


def is_fee_reference(text: str) -> bool:
    """Whether a document that carries this mark is a fee of ours, made by this installation or by an earlier one."""
    return _FEE_REFERENCE.fullmatch(text) is not None


def discount_credit_key(company: str, customer: str, invoice: str) -> str:
    """The one credit for the discount taken on an invoice."""
    return action_key("discount_credit", company, customer, invoice)


def discount_reference(key: str) -> str:
    """The permanent mark of a discount's credit on the platform, told apart by `DC-`; as `fee_reference`."""
    return f"DC-{key[:17]}"


def expect_key(company: str, invoice: str, pay_on: date) -> str:
    """Showing that day on the invoice: once for each day, so that what a person changes over there stays."""
    return action_key("expect", company, invoice, pay_on.isoformat())


def note_key(act_key: str, entity: str, entity_id: str) -> str:
    """The note on one document that tells of another act."""
    return action_key("note", act_key, entity, entity_id)


def statement_key(company: str, customer: str, on: date) -> str:
    """The statement of account for that day."""
    return action_key("statement", company, customer, on.isoformat())


def thanks_key(company: str, customer: str, invoices: Iterable[str]) -> str:
    """The thanks for these invoices."""
    return action_key("thank_you", company, customer, *sorted(invoices))


def delivery_key(company: str, invoice: str) -> str:
    """The first delivery of an invoice."""
    return action_key("deliver", company, invoice)
