"""Conditions: `when` on a step or a group, as an expression over a documented, typed list of names.

Pure. The language is CEL (cel.dev): typed when a policy is saved, bounded when it runs. Names are flat, so that a
misspelt one is found at its column. An expression that fails while it runs is never taken for true: CEL answers with an
error value, whose text is truthy, so only the boolean `True` itself counts here. Nothing else may call the library.
Where the values come from is `engine.facts`' job. Amounts are given to conditions as floating-point display amounts;
nothing is ever computed from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from engine.comparisons import plain

FactType: TypeAlias = Literal["int", "double", "string", "bool"]
FactValue: TypeAlias = int | float | str | bool
LONGEST = 500
_NAME = re.compile(r"\b(?:invoice|customer)\.[a-z_]+")
_STRING = re.compile(r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*'")
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")


class Name(NamedTuple):
    """A name that a condition may use."""

    type: FactType
    means: str
    moves_by_itself: bool = False
    """Its value may change although nothing new was read: by the passing of time, or by an act of ours."""


CUSTOMER_NAMES: dict[str, Name] = {
    "customer.id": Name("string", "The customer's id on the platform."),
    "customer.name": Name("string", "The customer's name."),
    "customer.country": Name("string", 'ISO 3166 code, such as "NZ"; "" where the platform does not tell.'),
    "customer.open_invoices": Name("int", "How many invoices are open."),
    "customer.balance": Name("double", "Owed on open invoices in the company's base currency."),
    "customer.typical_days_late": Name(
        "int", "Median days after the due date, of invoices settled within two years; 0 if none."
    ),
}
"""Names for groups and steps. None of them moves by itself: nobody changes groups overnight."""

INVOICE_NAMES: dict[str, Name] = {
    "invoice.days_overdue": Name("int", "Calendar days after the due date; negative before it.", True),
    "invoice.days_old": Name("int", "Calendar days after the invoice date.", True),
    "invoice.balance": Name("double", "Owed on this invoice, in its own currency."),
    "invoice.total": Name("double", "Billed on this invoice, in its own currency."),
    "invoice.currency": Name("string", 'ISO 4217 code, such as "USD".'),
    "invoice.is_part_paid": Name("bool", "Something, but not all, has been paid or credited."),
    "invoice.number": Name("string", "The invoice number."),
    "invoice.reference": Name("string", "The customer's reference on the invoice."),
    "invoice.last_step": Name("int", "The highest ladder step sent; 0 for none.", True),
    "customer.is_on_hold": Name("bool", "On credit hold.", True),
    "customer.risk": Name("int", "Risk score, 0 (pays in time) to 100; its parts stand under Credit.", True),
}
"""Names for steps only."""

STEP_NAMES = CUSTOMER_NAMES | INVOICE_NAMES


class BadConditionError(ValueError):
    """The text is not a condition. The message says where, what was found, and what to write instead."""


class ConditionFailed(NamedTuple):
    """An answer that is neither yes nor no, and why."""

    why: str


class Condition:
    """A compiled condition. `names` are those it uses; bind only them."""

    def __init__(self, text: str, names: frozenset[str], expression: Any) -> None:
        self.text, self.names = text, names
        self._expression = expression
        self._plain = plain(text)
        self.moves_by_itself = any(STEP_NAMES[name].moves_by_itself for name in names)

    def holds(self, facts: Mapping[str, FactValue]) -> bool | ConditionFailed:
        """Whether it holds for these facts, which must give every one of `names`."""
        if self._plain is not None:
            return self._plain(facts)
        answer = self._expression.eval(data=facts).value()
        if answer is True or answer is False:
            return answer
        return ConditionFailed(str(answer))


@lru_cache(maxsize=512)
def compiled(text: str, about_customers: bool = False) -> Condition:
    """The condition in `text`, over customer names alone where it is about customers. Raises BadConditionError."""
    if len(text) > LONGEST:
        raise BadConditionError(f"a condition has at most {LONGEST} characters; this one has {len(text)}")
    known = CUSTOMER_NAMES if about_customers else STEP_NAMES
    environment, types = _environment(about_customers)
    try:
        expression = environment.compile(text)
    except RuntimeError as error:
        raise BadConditionError(_explained(str(error), known)) from None
    if expression.return_type() != types["bool"]:
        raise BadConditionError(
            f"a condition answers yes or no, but this gives {expression.return_type().name().lower()}: compare it, "
            'as in "invoice.days_overdue >= 7"'
        )
    used = frozenset(name for name in _NAME.findall(_STRING.sub("", text)) if name in known)
    return Condition(text, used, expression)


def check(about_customers: bool = False) -> Callable[[str], str]:
    """For policy fields: "" or a condition that compiles, with the error at its place."""

    def checked(text: str) -> str:
        if text.strip():
            compiled(text.strip(), about_customers)
        return text.strip()

    return checked


@lru_cache(maxsize=2)
def _environment(about_customers: bool) -> tuple[Any, dict[str, Any]]:
    from cel_expr_python import cel  # only policies with conditions need it

    types = {"int": cel.Type.INT, "double": cel.Type.DOUBLE, "string": cel.Type.STRING, "bool": cel.Type.BOOL}
    known = CUSTOMER_NAMES if about_customers else STEP_NAMES
    return cel.NewEnv(variables={name: types[each.type] for name, each in known.items()}), types


def _explained(error: str, known: Mapping[str, Name]) -> str:
    """CEL's first complaint with its place, and a hint where we have one."""
    found = _PLACE.search(error)
    if found is None:
        return "this condition cannot be read"
    line, column, what = int(found[1]), int(found[2]), found[3].strip()
    hint = ""
    if "(double, int)" in what or "(int, double)" in what:
        hint = ": an amount is compared with an amount, so write 500.0 instead of 500, and a day count without a point"
    elif "undeclared reference" in what:
        hint = f": the names are {', '.join(known)}"
    elif "Syntax error" in what:
        what, hint = (
            "this cannot be read",
            ': write for instance "invoice.balance > 500.0 && invoice.days_overdue >= 7"',
        )
    return f"line {line}, column {column}: {what.split(' (in container')[0]}{hint}"
