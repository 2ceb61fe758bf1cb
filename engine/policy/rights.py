"""Right of contact: which law's limits on contacting debtors are kept."""

from __future__ import annotations

from typing import Literal

from engine.policy.part import Part


class Rights(Part):
    """Limits that a law or a regulator sets, kept on top of the contact budget and the send window."""

    customers: Literal["businesses", "consumers"] = "businesses"
    """`consumers` keeps the limits for private persons in the calendar's country, and a safe default where Dunwell
    knows of none."""
