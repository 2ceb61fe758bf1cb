"""Reading a request's fields as the service does: numbers may be strings, and SDK defaults count as nothing said.

Raises the platform's own refusals, naming the field.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision

from sandbox.quickbooks import answers
from sandbox.quickbooks.encode import Document

ZERO = Decimal(0)


def cleaned(value: Any) -> Any:
    """`value` without what says nothing: nulls, empty texts and objects, and references that name nobody.

    SDKs send such defaults in bulk; the service takes them as absent. Lists stay, for an empty list is an answer.
    """
    if isinstance(value, dict):
        kept = {name: inner for name, raw in value.items() if not _is_nothing(inner := cleaned(raw))}
        return {} if set(kept) <= {"name", "type"} and kept else kept
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    return value


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", {})


def amount(body: Document, name: str) -> Decimal | None:
    """A number, or a string that holds one. Raises 2080 for anything else."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise answers.illegal_value(name, value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise answers.illegal_value(name, value) from None
    if not number.is_finite():
        raise answers.illegal_value(name, value)
    return number


def day(body: Document, name: str) -> date | None:
    """`YYYY-MM-DD`. Raises 2080 for anything else."""
    value = body.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise answers.illegal_value(name, value) from None


def flag(body: Document, name: str, default: bool = False) -> bool:
    """true, false, or either as a string."""
    value = body.get(name)
    return default if value is None else str(value).lower() == "true"


def ref(body: Document, name: str) -> str | None:
    """The id that a reference names; on write only `value` counts."""
    value = body.get(name)
    if isinstance(value, dict) and value.get("value") is not None:
        return str(value["value"])
    return None


def check_length(body: Document, name: str, longest: int) -> None:
    value = body.get(name)
    if isinstance(value, str) and len(value) > longest:
        raise answers.too_long(name, longest, len(value))


def rounded(number: Decimal, currency: str) -> Decimal:
    """Half up to the currency's own decimals. Source: ISO 4217, by Babel."""
    step = Decimal(1).scaleb(-get_currency_precision(currency))
    return number.quantize(step, rounding=ROUND_HALF_UP)
