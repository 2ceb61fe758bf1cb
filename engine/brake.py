"""The volume brake: a day that would see far more messages than usual stops and asks.

Pure. What the usual runs sent is the store's to tell; stopping is the scheduler's.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from engine.plan import Reason
from engine.policy.brake import Brake
from engine.reasons import messages as why


def brake(planned: int, usual: Sequence[int], settings: Brake) -> Reason | None:
    """Why a day with `planned` messages must not go ahead by itself; None where it may.

    `usual` are the messages of earlier days on which any went out, in any order. Without enough of them the brake looks
    only at the plain number: a first day is never usual.
    """
    if not settings.is_on:
        return None
    if len(usual) < settings.days_to_compare:
        limit = max(settings.always_allowed, settings.at_first)
        return why.too_many_at_first(planned, limit) if planned > limit else None
    typical = median(usual)
    limit = max(settings.always_allowed, int(typical * settings.times_usual))
    return why.too_many(planned, limit, int(typical)) if planned > limit else None
