"""A rule that can speak in a plan: its code, its name on screen, and how it tells what it found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, cast

from engine.plan import Reason, Told

__all__ = ["RULES", "Told", "rule"]

RULES: dict[str, str] = {}
"""Rule code to its name on screen, filled in by every module of `engine.reasons`."""

P = ParamSpec("P")


def rule(label: str) -> Callable[[Callable[P, Told]], Callable[P, Reason]]:
    """Make the function below a rule: its name is the code, `label` the name on screen, what it returns the telling.

    Calling it only notes the facts; the sentence and the figures are made from them when somebody reads them. Of the
    invoices looked at on a night most change nothing, and nobody reads why twice.
    """

    def register(tell: Callable[P, Told]) -> Callable[P, Reason]:
        code = tell.__name__
        RULES[code] = label

        # The facts are given in order, without names, since that is how they are told.
        def found(*facts: Any) -> Reason:
            return Reason(code, tell, facts)

        found.__doc__ = tell.__doc__
        return cast("Callable[P, Reason]", found)

    return register
