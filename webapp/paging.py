"""Pages of a long list: which one is asked for, and where its neighbours are."""

from __future__ import annotations

from typing import Any

from flask import request, url_for


def page_number() -> int:
    """The page asked for, from 1; anything odd is the first."""
    return min(max(request.args.get("page", 1, int), 1), 100_000)


def pager_for(endpoint: str, number: int, has_more: bool, **filters: str) -> dict[str, Any]:
    """What the pager macro needs. The filters stay on while somebody turns pages."""
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return {
        "page": number,
        "has_more": has_more,
        "address": lambda other: url_for(endpoint, page=other, **kept),
    }
