"""The scope: every read of a company's rows goes through it, so that no query can forget its company."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, select
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
        table = table_of(model)
        wanted = self.select(model).where(*(table.c[name] == value for name, value in key.items()))
        # What Core statements have written in this session must show, whatever was read before them.
        return self.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()

    def all(self, statement: Select[Model]) -> list[Model]:
        """The rows of a query made by `select`, as they are now."""
        return list(self.session.scalars(statement.execution_options(populate_existing=True)))
