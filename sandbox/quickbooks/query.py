"""The query language: from text to a `Query`. Running one is `query_run`'s work.

`SELECT * | fields | COUNT(*) FROM Entity [WHERE … AND …] [ORDERBY …] [STARTPOSITION n] [MAXRESULTS n]`: one entity, no
OR, no brackets but those of IN. Keywords in any case; a quote inside a value is escaped with a backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.quickbooks import answers

_TOKEN = re.compile(
    r"""\s*(?:
      '(?P<text>(?:\\.|[^'\\])*)'
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*|\*)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign><=|>=|<>|!=|[=<>(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
OPERATORS = ("=", "<", ">", "<=", ">=", "IN", "LIKE")
_CLAUSES = ("FROM", "WHERE", "ORDERBY", "ORDER", "STARTPOSITION", "MAXRESULTS")


@dataclass(frozen=True)
class Condition:
    """`field operator values`; only IN has more than one value. All are texts, as they were written."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass
class Query:
    """A statement that is well formed. Whether its names exist is not known yet."""

    entity: str
    fields: tuple[str, ...] = ()
    """Empty is everything."""
    also: tuple[str, ...] = ()
    """Fields named beside `*`: some are there only then."""
    is_count: bool = False
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    """(field, descending) pairs."""
    start: int = 1
    limit: int | None = None


@dataclass(frozen=True)
class Token:
    kind: str
    value: str


def tokens(statement: str) -> list[Token]:
    """Raises 4000 where no token begins."""
    found, position = [], 0
    statement = statement.rstrip().rstrip(";").rstrip()
    while position < len(statement):
        match = _TOKEN.match(statement, position)
        if match is None:
            raise answers.bad_query(f"Encountered {statement[position : position + 20]!r} at column {position + 1}")
        kind = str(match.lastgroup)
        value = match.group(kind)
        found.append(Token(kind, re.sub(r"\\(.)", r"\1", value) if kind == "text" else value))
        position = match.end()
    return found


class Parser:
    """One pass over the tokens, clause by clause. Raises 4000 at the first that does not fit."""

    def __init__(self, statement: str) -> None:
        self._tokens = tokens(statement)
        self._at = 0

    def parse(self) -> Query:
        self._expect("SELECT")
        names, is_count = self._selection()
        self._expect("FROM")
        query = Query(self._name(), is_count=is_count)
        if "*" in names:
            query.also = names
        else:
            query.fields = names
        if self._accept("WHERE"):
            query.conditions.append(self._condition())
            while self._accept("AND"):
                query.conditions.append(self._condition())
        if self._accept("ORDERBY") or (self._accept("ORDER") and self._expect("BY")):
            query.order.append(self._order())
            while self._accept(","):
                query.order.append(self._order())
        if self._accept("STARTPOSITION"):
            query.start = self._integer()
        if self._accept("MAXRESULTS"):
            query.limit = self._integer()
        if self._at < len(self._tokens):
            raise answers.bad_query(f'Encountered " {self._tokens[self._at].value} "')
        return query

    def _selection(self) -> tuple[tuple[str, ...], bool]:
        if self._accept("COUNT"):
            for sign in ("(", "*", ")"):
                self._expect(sign)
            return (), True
        names = [self._name()]
        while self._accept(","):
            names.append(self._name())
        return tuple(names), False

    def _condition(self) -> Condition:
        name, token = self._name(), self._next()
        operator = token.value.upper()
        if operator not in OPERATORS:
            raise answers.bad_query(f'Encountered " {token.value} ": expected one of {", ".join(OPERATORS)}')
        if operator != "IN":
            return Condition(name, operator, (self._value(),))
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return Condition(name, operator, tuple(values))

    def _order(self) -> tuple[str, bool]:
        name = self._name()
        descending = self._accept("DESC")
        if not descending:
            self._accept("ASC")
        return name, descending

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise answers.bad_query("Encountered the end of the statement")
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, word: str) -> bool:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind != "text" and token.value.upper() == word:
                self._at += 1
                return True
        return False

    def _expect(self, word: str) -> bool:
        token = self._next()
        if token.kind == "text" or token.value.upper() != word:
            raise answers.bad_query(f'Encountered " {token.value} ": expected {word}')
        return True

    def _name(self) -> str:
        token = self._next()
        if token.kind != "word" or token.value.upper() in _CLAUSES:
            raise answers.bad_query(f'Encountered " {token.value} ": expected a name')
        return token.value

    def _value(self) -> str:
        """In quotes, a bare number, or true and false."""
        token = self._next()
        if token.kind in ("text", "number") or token.value.lower() in ("true", "false"):
            return token.value
        raise answers.bad_query(f'Encountered " {token.value} ": expected a value')

    def _integer(self) -> int:
        token = self._next()
        if not token.value.isdecimal():
            raise answers.bad_query(f'Encountered " {token.value} ": expected a whole number')
        return int(token.value)


def parse(statement: str) -> Query:
    return Parser(statement).parse()
