"""For whom one message speaks."""

from __future__ import annotations

from typing import Literal

from engine.policy.part import Part


class Consolidation(Part):
    """Whose invoices go into one message."""

    by: Literal["customer", "parent"] = "customer"
    """`parent`: one message to a parent for its own invoices and for those of the sub-customers billed with it."""
