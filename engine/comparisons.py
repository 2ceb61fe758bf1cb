"""Comparisons: the plain conditions that nearly everybody writes, judged without a call into the CEL library.

Pure. `invoice.balance >= 500.0 && invoice.days_overdue < 30`: names beside literals, joined by "and". Whatever is not
of that form is left to CEL, which has compiled and type-checked every text before it comes here: both sides of a
comparison are of one type, and a comparison has an answer. A call into the library costs as much as deciding.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Value: TypeAlias = int | float | str | bool
Judge: TypeAlias = Callable[[Mapping[str, Value]], bool]

_OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARISON = re.compile(
    r"\s*(?P<name>(?:invoice|customer)\.[a-z_]+)\s*"
    r"(?:(?P<equal>==|!=)\s*\"(?P<text>[^\"\\\n]*)\"|"
    r"(?P<order>==|!=|<=|>=|<|>)\s*(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,6})?))\s*"
)


def plain(text: str) -> Judge | None:
    """What judges the condition; None where it is not plain comparisons joined by `&&`."""
    found = [_COMPARISON.fullmatch(part) for part in text.split("&&")]
    tests = tuple(_test(each) for each in found if each is not None)
    if len(tests) < len(found):
        return None

    def holds(facts: Mapping[str, Value]) -> bool:
        for name, compare, literal in tests:  # noqa: SIM110 -- a generator here costs as much as the comparisons
            if not compare(facts[name], literal):
                return False
        return True

    return holds


def _test(found: re.Match[str]) -> tuple[str, Callable[[Value, Value], bool], Value]:
    if found["equal"]:
        return found["name"], _OPERATORS[found["equal"]], found["text"]
    number = found["number"]
    return found["name"], _OPERATORS[found["order"]], float(number) if "." in number else int(number)
