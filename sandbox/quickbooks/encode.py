"""JSON as the platform writes it, without a float anywhere: amounts come in as `Decimal` and go out as JSON numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)

Document = dict[str, Any]
"""One of the platform's JSON objects. Amounts are `Decimal` or `int`, never `float`."""


def encode(content: Any) -> bytes:
    return _encoder.encode(content)


def decode(content: bytes | str) -> Any:
    """Raises msgspec.DecodeError for what is not JSON, UnicodeDecodeError for what is not UTF-8."""
    return _decoder.decode(content)
