"""The scope: every read of a company's rows goes through it, so that no query can forget its company."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, Select, bindparam, select
from sqlmodel import Session, SQLModel

from store.sql import table_of

Model = TypeVar("Model", bound=SQLModel)


class Scope:
    """One company's part of the database, within one session."""

    def __init__(self, session: Session, company_id: int) -> None:
        self.session, self.company_id = session, company_id

    def select(self, model: type[Model]) -> Select[Model]:
        """A query over this company's rows only; add to it what else is wanted."""
        return select(model).where(table_of(model).c.company_id == self.company_id)

    def get(self, model: type[Model], **key: Any) -> Model | None:
        """The one row with these column values, or None. Raises MultipleResultsFound when they name several."""
        return self.session.scalars(_one(model, tuple(key)), {"company_id": self.company_id, **key}).one_or_none()

    def all(self, statement: Select[Model]) -> list[Model]:
        """The rows of a query made by `select`, as they are now."""
        return list(self.session.scalars(statement.execution_options(populate_existing=True)))

    def ask(self, statement: Select[Model], **given: Any) -> list[Model]:
        """The rows of a query that is made once, from `of_company`; `given` is what it binds besides the company."""
        return list(self.session.scalars(statement, {"company_id": self.company_id, **given}))

    def rows(self, statement: Executable, **given: Any) -> Iterable[Any]:
        """The same for a query of columns, whose company is `bindparam("company_id")`."""
        return self.session.connection().execute(statement, {"company_id": self.company_id, **given})


def of_company(model: type[Model]) -> Select[Model]:
    """A query over one company's rows, whichever that is, to be made once: what every run asks costs more to build anew
    than to execute. `Scope.ask` asks it."""
    mine = table_of(model).c.company_id == bindparam("company_id")
    # What Core statements have written in this session must show, whatever was read before them.
    return select(model).where(mine).execution_options(populate_existing=True)


def any_of(column: ColumnElement[str]) -> ColumnElement[bool]:
    """`column` is one of `names`, for a query that is made once: some thousand at the most."""
    return column.in_(bindparam("names", expanding=True))


@cache
def _one(model: type[Model], names: tuple[str, ...]) -> Select[Model]:
    table = table_of(model)
    return of_company(model).where(*(table.c[name] == bindparam(name) for name in names))
