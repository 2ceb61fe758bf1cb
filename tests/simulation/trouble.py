"""Trouble: what goes wrong at one tick, drawn from the seed. Most ticks go well, as most do."""

from __future__ import annotations

from random import Random

from sandbox.faults import Fault, Faults
from tests.simulation.turns import Turns

KINDS = (
    Fault("drop_before"),
    Fault("drop_after"),
    Fault("truncate"),
    Fault("empty"),
    Fault("html"),
    Fault("status", args={"code": 500}),
    Fault("status", args={"code": 500, "after": True}),
    Fault("status", args={"code": 503, "headers": {"Retry-After": "20"}}),
    Fault("status", args={"code": 401}),
    Fault("throttle"),
    Fault("token_expired"),
    Fault("unknown_enum"),
    Fault("bad_record"),
    Fault("smtp_reject"),
    Fault("smtp_later"),
    Fault("smtp_cut_before_data"),
    Fault("smtp_cut_after_data"),
)
DEATH = 0.003
"""A step's chance to be a worker's last, in a troubled hour: a few hundred steps make a small town's tick."""
SMALL = 4
"""Companies. A bigger town has more trouble at a time, and as many deaths: these stop whoever is left to be run."""


def stir(rng: Random, faults: Faults, turns: Turns, town_size: int) -> None:
    """Forget yesterday's trouble and make up today's."""
    size = max(town_size, SMALL)
    faults.clear()
    is_troubled = rng.random() < 0.4
    turns.death = DEATH * SMALL / size if is_troubled and rng.random() < 0.5 else 0.0
    if is_troubled:
        for _ in range(rng.randint(1, size)):
            kind = rng.choice(KINDS)
            skip = rng.randint(0, 3) if kind.name.startswith("smtp") else rng.randint(0, 10 * size)
            faults.add(Fault(kind.name, skip=skip, args=kind.args))
