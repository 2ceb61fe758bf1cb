"""Reasons: every rule that can speak in a plan, with the sentence it says and the figures it used.

Pure. One module per family of rules. Pages list and filter by `RULES`; plans carry what the functions in these modules
make. A sentence is plain text that a person can check by hand; where it waits it names days rather than "today", so
that it stays true while the decision stands. What it quotes from the books is the platform's text: whoever shows it
must escape it.
"""

# Loaded for their rules: the list is complete once this package is imported.
from engine.reasons import advice, credit, discounts, fees, guards, messages
from engine.reasons.rule import RULES

__all__ = ["RULES", "advice", "credit", "discounts", "fees", "guards", "messages"]
