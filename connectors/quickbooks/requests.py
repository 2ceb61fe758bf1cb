"""Request ids: what makes a repeated write harmless for hours. At most 50 characters, unique within a company."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

LONGEST_KEY = 32
BATCH_KEY = 32
"""Characters. The id of a batch may have 36 at most."""


def request_id(key: str, content: Any) -> str:
    """One id for one request: under the same id, another body would be answered with the old result, and lost."""
    return f"{key[:LONGEST_KEY]}-{_hash(content)[:16]}"


def batch_id(content: Any) -> str:
    """One id for a batch: by its content, since another composition is another batch."""
    return _hash(content)[:BATCH_KEY]


def _hash(content: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
