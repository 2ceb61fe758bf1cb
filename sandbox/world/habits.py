"""How customers pay: when their money comes, in how many parts, and what a reminder does to that.

Days count from the due date. A habit says what is likely; the draw is made per invoice by the book that lives it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Habit:
    """One way of paying. `lateness` is the range of days after the due date in which the money comes by itself."""

    name: str
    lateness: tuple[int, int]
    reaction: float = 0.0
    """Chance that a mail to the customer changes when it pays."""
    reaction_days: tuple[int, int] = (1, 4)
    """Days from such a mail to the money."""
    first_share: int = 100
    """Per cent of the balance that comes first; the rest follows after `rest_days`."""
    rest_days: tuple[int, int] = (0, 0)
    pays_at_month_end: bool = False
    """Pays only in the last run of the month, everything then due in one sum."""
    disputes: float = 0.0
    """Chance that an invoice is contested: not paid until a credit note for part of it settles the matter."""
    matches: bool = True
    """Says which invoices the money is for. Otherwise it comes on account, in a round sum."""
    rounds_up: bool = False
    """Pays the next full ten: something is always left over."""
    takes_discount: bool = False
    """Pays within the early-payment terms and deducts them."""


PROMPT = Habit(name="prompt", lateness=(-6, 0))
EARLY = Habit(name="early", lateness=(-24, -21), takes_discount=True)
NEARLY = Habit(name="a few days late", lateness=(0, 2), reaction=0.5)
LATE = Habit(name="usually late", lateness=(12, 26), reaction=0.6)
REMINDED = Habit(name="pays after a reminder", lateness=(24, 42), reaction=1.0)
PROMISES = Habit(name="promises, then pays", lateness=(25, 40), reaction=1.0, reaction_days=(7, 11))
PARTIAL = Habit(name="pays in parts", lateness=(3, 8), first_share=50, rest_days=(28, 45), reaction=0.5)
GIANT = Habit(name="slow giant", lateness=(28, 40), pays_at_month_end=True)
DISPUTES = Habit(name="disputes", lateness=(2, 10), disputes=0.4, rest_days=(30, 45))
ON_ACCOUNT = Habit(name="pays on account", lateness=(2, 6), matches=False)
ROUNDS_UP = Habit(name="rounds up", lateness=(-3, 1), rounds_up=True)
BUST = Habit(name="gone bust", lateness=(5, 20))

HABITS = {
    habit.name: habit
    for habit in (
        PROMPT,
        EARLY,
        NEARLY,
        LATE,
        REMINDED,
        PROMISES,
        PARTIAL,
        GIANT,
        DISPUTES,
        ON_ACCOUNT,
        ROUNDS_UP,
        BUST,
    )
}
"""By name, for whoever chooses one from outside."""
