"""Request ids: what makes a repeated write harmless for hours. At most 50 characters, unique within a company."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

LONGEST_KEY = 32


def request_id(key: str, content: Any) -> str:
    """One id for one request: under the same id, another body would be answered with the old result, and lost."""
    said = msgspec.json.encode(content, order="deterministic")
    return f"{key[:LONGEST_KEY]}-{hashlib.sha256(said).hexdigest()[:16]}"
