"""`dunwell doctor --audit`: every company's copy beside the platform's books, for people and for programs."""

from __future__ import annotations

import json
import time
from typing import Any

from dunwell.wiring import House
from engine.audit import Audit
from engine.money import Money
from scheduler.auditing import audit_company
from scheduler.report import Report
from store import companies

SHOWN = 20
"""Differences of one company told to a person; a program gets all of them."""


def run_audit(house: House, company: int | None, *, mend: bool, as_json: bool) -> tuple[bool, str]:
    """Audit, and return whether every company's copy agrees, and the text to print.

    Raises LookupError for a company that is not there.
    """
    with house.database.read() as session:
        wanted = [companies.get(session, company)] if company is not None else companies.wanted(session)
    started = time.perf_counter()
    found = [audit_company(house.parts, each.stored_id, mend=mend) for each in wanted]
    agrees = all(audit is not None and audit.agrees for _, audit in found)
    if not as_json:
        return agrees, "\n\n".join(_in_words(*each) for each in found) or "No company is connected yet."
    seconds = round(time.perf_counter() - started, 3)
    told = {"companies": [_as_dict(*each) for each in found], "agrees": agrees, "seconds": seconds}
    return agrees, json.dumps(told, ensure_ascii=False)


def _as_dict(report: Report, audit: Audit | None) -> dict[str, Any]:
    about = {name: getattr(report, name) for name in ("company", "company_id", "platform", "external_id")}
    about |= {"status": report.status, "detail": report.detail, "api_calls": report.api_calls}
    if audit is None:
        return about | {"agrees": False}
    return about | {
        "agrees": audit.agrees,
        "compared": audit.compared,
        "differences": [{name: getattr(each, name) for name in each.__struct_fields__} for each in audit.differences],
        "unread": [{"entity": each.entity, "id": each.id, "reason": each.reason} for each in audit.unread],
        "left": [
            {
                "entity": entity,
                "currency": currency,
                "ours": _amount(ours, currency),
                "theirs": _amount(theirs, currency),
            }
            for (entity, currency), (ours, theirs) in audit.left.items()
        ],
    }


def _in_words(report: Report, audit: Audit | None) -> str:
    name = f"{report.company} ({report.platform}, company {report.company_id})"
    if audit is None:
        return f"{name}: could not be audited: {report.detail}"
    count = len(audit.differences)
    verdict = "agrees to the cent" if audit.agrees else f"{count} {'difference' if count == 1 else 'differences'}"
    lines = [f"{name}: {verdict}; {audit.compared} documents compared, {report.api_calls} calls"]
    lines += [f"  {each.sentence}" for each in audit.differences[:SHOWN]]
    lines += [f"  … and {count - SHOWN} more: --json tells all of them"] if count > SHOWN else []
    lines += [f"  not readable: {each.entity} {each.id}: {each.reason}" for each in audit.unread[:SHOWN]]
    for (entity, currency), (ours, theirs) in audit.left.items():
        same = "" if ours == theirs else f"; on the platform {Money(theirs, currency)}"
        lines.append(f"  open in {entity.replace('_', ' ')}s: {Money(ours, currency)}{same}")
    if not audit.agrees:
        lines.append(f"  To have the books read anew: dunwell doctor --audit --mend --company {report.company_id}")
    return "\n".join(lines)


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount:f}"
