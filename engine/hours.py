"""Hours: whether a message may go out at one moment, by the policy's window and by the law of the place.

Pure. The day is the company's own; the hours are the customer's wherever that matters and its time zone is known for
sure: where the policy says so, and always where a law protects the customer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from engine.calendar import add_days, is_sending_day
from engine.contact_law import hours_on, law_of
from engine.policy import Policy, Rights
from engine.zones import sure_zone

_CONSUMERS = Rights(customers="consumers")


SLOT = timedelta(minutes=5)
"""Messages that are spread go out so far apart: each slot is a look at the books of its own."""
_LEFT = timedelta(minutes=30)
"""Of the window, after the last slot: whoever is late for it still gets their message today."""


def may_write(
    policy: Policy, now: datetime, country: str = "", *, is_consumer: bool = False, customer: str = ""
) -> bool:
    """Whether a message may go out at `now`, an aware instant, to a customer in `country` (ISO 3166, or empty)."""
    turn = turn_on(policy, now, country, is_consumer=is_consumer, customer=customer)
    return turn is not None and turn <= now


def turn_on(
    policy: Policy, now: datetime, country: str = "", *, is_consumer: bool = False, customer: str = ""
) -> datetime | None:
    """From when on today a message may go out to a customer; None where none may any more.

    `is_consumer` is a private person whom the law protects, whatever the other customers are. `customer` is any text
    that is always the same for one customer: so is their place where the policy spreads messages over some time.
    """
    calendar = policy.calendar
    law = law_of(calendar, _CONSUMERS if is_consumer else policy.rights)
    at_home = now.astimezone(calendar.zone)
    zone = sure_zone(country) if country and (calendar.in_customers_time or law is not None) else None
    there = at_home if zone is None else now.astimezone(ZoneInfo(zone))
    opens, closes = (datetime.combine(there.date(), at, there.tzinfo) for at in hours_on(calendar, law, there.date()))
    if not is_sending_day(calendar, at_home.date()) or now >= closes:
        return None
    spread = min(timedelta(minutes=calendar.spread_minutes), max(timedelta(0), closes - opens - _LEFT))
    return opens + _place(customer) % (spread // SLOT + 1) * SLOT


def _place(customer: str) -> int:
    return int.from_bytes(sha256(customer.encode("utf-8", "surrogatepass")).digest()[:4])


def next_opening(policy: Policy, now: datetime) -> datetime:
    """The next instant, after `now`, at which messages may go out in the company's own time."""
    calendar, law = policy.calendar, law_of(policy.calendar, policy.rights)
    day = calendar.day_of(now)
    while True:
        # A year without a single sending day cannot be saved as a policy, so this ends.
        at = datetime.combine(day, hours_on(calendar, law, day)[0], calendar.zone)
        if is_sending_day(calendar, day) and at > now:
            return at
        day = add_days(day, 1)
