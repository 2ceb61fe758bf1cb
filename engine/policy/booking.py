"""Where documents of ours are booked, as the owner chose from the platform's own lists."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.part import Part

PlatformId = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class Place(Part):
    """One place to book to. Ids are the platform's own; what a platform has no use for stays empty."""

    account: PlatformId = ""
    """Code of the revenue account. Xero needs one; on QuickBooks Online the item brings its own."""
    tax: PlatformId = ""
    """Tax rate or tax code. Empty takes the account's own on Xero, and no tax on QuickBooks Online in the US; elsewhere
    QuickBooks Online needs one."""
    item: PlatformId = ""
    """Product or service. QuickBooks Online needs one for fees; Xero none."""


class Booking(Part):
    """Where fees and discounts are booked. No fee is charged before its place is chosen; a discount without one follows
    the lines of its invoice."""

    fees: Place = Place()
    discounts: Place = Place()
