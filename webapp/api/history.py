"""Decisions and actions over the API: everything that was decided and done, newest first, each with its reason."""

from __future__ import annotations

from datetime import date

import msgspec

from store import listings
from store.tables import Action, Decision
from webapp.api.operation import Call, operation
from webapp.api.problems import Problem
from webapp.api.shapes import ActionOut, ActionQuery, ActionsOut, DecisionOut, DecisionQuery, DecisionsOut, FigureOut
from webapp.services import services


@operation("GET", "/decisions", query=DecisionQuery, answer=DecisionsOut)
def list_decisions(call: Call) -> DecisionsOut:
    """What was decided, and why: every invoice left alone is among it."""
    asked: DecisionQuery = call.query
    with services().database.read() as reading:
        rows = listings.decisions(
            reading,
            call.company_id,
            before=_place(asked.cursor),
            customer_id=asked.customer_id,
            invoice_id=asked.invoice_id,
            rule=asked.rule,
            is_current=None if asked.with_former else True,
            limit=asked.limit + 1,
        )
    shown = rows[: asked.limit]
    following = _cursor(shown[-1].first_on, shown[-1].id) if len(rows) > asked.limit else None
    return DecisionsOut(decisions=tuple(map(_decision, shown)), next_cursor=following)


@operation("GET", "/actions", query=ActionQuery, answer=ActionsOut)
def list_actions(call: Call) -> ActionsOut:
    """What was done or is to be done, and what became of it."""
    asked: ActionQuery = call.query
    with services().database.read() as reading:
        rows = listings.actions(
            reading,
            call.company_id,
            before=_place(asked.cursor),
            customer_id=asked.customer_id,
            kind=asked.kind,
            state=asked.state,
            limit=asked.limit + 1,
        )
    shown = rows[: asked.limit]
    following = _cursor(shown[-1].planned_on, shown[-1].id) if len(rows) > asked.limit else None
    return ActionsOut(actions=tuple(map(_action, shown)), next_cursor=following)


def _cursor(on: date, row_id: int | None) -> str:
    return f"{on.isoformat()}.{row_id}"


def _place(cursor: str) -> tuple[date, int] | None:
    """Where the page before ended. Raises Problem for a cursor that was never given out."""
    if not cursor:
        return None
    on, _, row_id = cursor.partition(".")
    try:
        place = date.fromisoformat(on), int(row_id)
    except ValueError:
        raise Problem(404, "There is no such page: take `next_cursor` as it came.") from None
    if not 0 <= place[1] < 2**63:
        raise Problem(404, "There is no such page: take `next_cursor` as it came.")
    return place


def _decision(row: Decision) -> DecisionOut:
    return DecisionOut(
        id=row.id or 0,
        customer_id=row.customer_id,
        invoice_id=row.invoice_id or None,
        outcome=row.outcome,
        rule=row.rule,
        reason=row.sentence,
        figures=msgspec.json.decode(row.figures, type=dict[str, FigureOut]),
        policy_version=row.policy_version,
        first_on=row.first_on,
        last_on=row.last_on,
        is_current=row.is_current,
    )


def _action(row: Action) -> ActionOut:
    return ActionOut(**{name: getattr(row, name) for name in ActionOut.__struct_fields__})
