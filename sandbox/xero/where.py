"""The `where` and `order` of Xero's lists: parsed into a predicate and a sort key.

Takes paths in any case, `==` and `=`, AND/&&, OR/||, `guid("")`, `DateTime(y,m,d)` and the text methods. A field's
value comes from a `Look`, so that `Contact.Name` means what it means in each list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sandbox.xero.errors import bad_query
from sandbox.xero.values import Doc

Read = Callable[[Doc], Any]
Look = Callable[[str], Read | None]
"""From a lower-cased path to how to read it; None where there is no such field."""
Predicate = Callable[[Doc], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?[mM]?)
      | (?P<op>==|!=|<>|>=|<=|&&|\|\||[=<>!(),])
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    )""",
    re.VERBOSE,
)
_LONGEST, _DEEPEST = 8000, 50
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}
_WORDS = {"true": True, "false": False, "null": None}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda value, part: part in value,
    "startswith": lambda value, part: value.startswith(part),
    "endswith": lambda value, part: value.endswith(part),
}


@dataclass(frozen=True)
class Filter:
    """A parsed filter: which documents pass, and which fields (lower case) it looked at."""

    passes: Predicate
    fields: frozenset[str]


def parse_where(expression: str, look: Look, *, is_blind: bool = False) -> Filter:
    """`is_blind` compares text without regard to case and accents, as Xero does for contacts.

    Raises ApiException (QueryParseException) for anything malformed.
    """
    if len(expression) > _LONGEST:
        raise bad_query("The filter is too long")
    parser = _Parser(_tokens(expression), look, _folded if is_blind else _as_it_is)
    predicate = parser.either(0)
    parser.end()
    return Filter(predicate, frozenset(parser.fields))


def _tokens(expression: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    expression = expression.rstrip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None or found.lastgroup is None:
            raise bad_query(f"Syntax error at position {at}")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent, shallow by rule."""

    def __init__(self, tokens: list[tuple[str, str]], look: Look, fold: Callable[[Any], Any]) -> None:
        self._tokens, self._at, self._look, self._fold = tokens, 0, look, fold
        self.fields: set[str] = set()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, *expected: str) -> str:
        kind, text = self._peek()
        if expected and text not in expected:
            raise bad_query(f"{' or '.join(expected)} expected")
        if not kind:
            raise bad_query("Expression expected")
        self._at += 1
        return text

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise bad_query(f"Syntax error at '{self._peek()[1]:.20}'")

    def either(self, depth: int) -> Predicate:
        if depth > _DEEPEST:
            raise bad_query("The filter is nested too deeply")
        parts = [self._both(depth)]
        while self._peek()[1].upper() in ("OR", "||"):
            self._take()
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else lambda doc: any(part(doc) for part in parts)

    def _both(self, depth: int) -> Predicate:
        parts = [self._one(depth)]
        while self._peek()[1].upper() in ("AND", "&&"):
            self._take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else lambda doc: all(part(doc) for part in parts)

    def _one(self, depth: int) -> Predicate:
        if self._peek() == ("op", "("):
            self._take()
            inner = self.either(depth + 1)
            self._take(")")
            return inner
        if self._peek() == ("op", "!"):
            self._take()
            negated = self._one(depth + 1)
            return lambda doc: not negated(doc)
        return self._comparison()

    def _comparison(self) -> Predicate:
        read, text = self._path()
        if self._peek() == ("op", "("):
            return self._method(read, text)
        operator = self._peek()[1]
        if operator not in ("==", "=", "!=", "<>", *_COMPARE):
            return lambda doc: read(doc) is True
        self._take()
        literal = self._literal()
        if operator in ("==", "="):
            return lambda doc: _equal(read(doc), literal)
        if operator in ("!=", "<>"):
            return lambda doc: not _equal(read(doc), literal)
        compare = _COMPARE[operator]
        return lambda doc: _ordered(compare, read(doc), literal)

    def _path(self) -> tuple[Read, str]:
        kind, text = self._peek()
        if kind != "word":
            raise bad_query("A field name was expected")
        self._take()
        path = text.lower()
        method = path.rpartition(".")[2] if path.rpartition(".")[2] in _METHODS else ""
        name = path.rpartition(".")[0] if method else path
        read = self._look(name)
        if read is None:
            raise bad_query(f"No property or field '{text:.60}' exists")
        self.fields.add(name)
        fold, field = self._fold, read
        return (lambda doc: fold(field(doc))), method

    def _method(self, read: Read, method: str) -> Predicate:
        if not method:
            raise bad_query("Unknown method")
        self._take("(")
        part = self._literal()
        self._take(")")
        if not isinstance(part, str):
            raise bad_query(f"{method} needs text")
        self.fields.add(f"{method}()")
        test = _METHODS[method]
        return lambda doc: isinstance(value := read(doc), str) and test(value, part)

    def _literal(self) -> Any:
        kind, text = self._peek()
        self._take()
        if kind == "text":
            return self._fold(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "number":
            return Decimal(text.rstrip("mM"))
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        match text.lower():
            case "guid":
                return str(self._arguments()[0]).lower()
            case "datetime":
                return _day(self._arguments())
        raise bad_query(f"Unexpected '{text:.20}'")

    def _arguments(self) -> list[Any]:
        self._take("(")
        found = [self._literal()]
        while self._peek() == ("op", ","):
            self._take()
            found.append(self._literal())
        self._take(")")
        return found


def _day(arguments: list[Any]) -> datetime:
    try:
        year, month, day, *clock = (int(argument) for argument in arguments)
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise bad_query("DateTime needs year, month and day") from None


def _as_it_is(value: Any) -> Any:
    return value


def _folded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKD", value)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _comparable(value: Any, literal: Any) -> Any:
    """The value in the literal's kind, where dates and instants meet."""
    if isinstance(literal, datetime) and isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _equal(value: Any, literal: Any) -> bool:
    return bool(_comparable(value, literal) == literal)


def _ordered(compare: Callable[[Any, Any], bool], value: Any, literal: Any) -> bool:
    value = _comparable(value, literal)
    if value is None:
        return False
    try:
        return compare(value, literal)
    except TypeError:
        raise bad_query("The operator is incompatible with these operand types") from None


def parse_order(text: str, look: Look) -> list[tuple[str, Read, bool]]:
    """`Date DESC, InvoiceID` as (path, reader, is_descending) triples. Raises ApiException."""
    keys = []
    for part in text.split(","):
        words = part.split()
        read = look(words[0].lower()) if words else None
        if read is None or len(words) > 2 or (len(words) == 2 and words[1].upper() not in ("ASC", "DESC")):
            raise bad_query(f"No property or field '{part.strip():.60}' exists to order by")
        keys.append((words[0].lower(), read, len(words) == 2 and words[1].upper() == "DESC"))
    return keys
