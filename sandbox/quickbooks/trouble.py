"""Faults on request that only the platform itself can have: wrong shapes, wrong codes, records that make no sense.

Instead of the service's answer: `throttle` (args `shape`, `retry_after`), `token_expired` (`shape`), `forbidden`,
`stale`, `system_fault`, `fault_without_code`, `fault_200` (`code`, `message`). After it has done its work:
`system_fault_after`, `xml`. In answers that hold lists of records, one of them spoiled: `unknown_enum`, `bad_record`,
`nulls` (`id` picks the record, `field` and `value` say how).

A fault's path is searched in the request's path; for those in lists the list's `#Entity` is put after it, so that
`path="#Invoice"` hits the next list of invoices.
"""

from __future__ import annotations

from typing import Any

from sandbox.faults import Fault, Faults
from sandbox.quickbooks import answers
from sandbox.quickbooks.answers import Answer, Refusal
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.moment import Moment

BEFORE = ("throttle", "token_expired", "forbidden", "stale", "system_fault", "fault_without_code", "fault_200")
IN_RECORDS = ("unknown_enum", "bad_record", "nulls")
_UNKNOWN = {
    "Invoice": ("EmailStatus", "Pondering"),
    "CreditMemo": ("EmailStatus", "Pondering"),
    "Payment": ("TxnStatus", "Pondering"),
}
_NOT_AN_AMOUNT = {"Invoice": "Balance", "CreditMemo": "RemainingCredit", "Payment": "TotalAmt", "Customer": "Balance"}
_NULLED = ("Line", "LinkedTxn", "CustomerRef", "MetaData", "PrimaryEmailAddr", "BillEmail")


def before(faults: Faults, method: str, path: str, moment: Moment) -> Answer | None:
    """The answer that a fault gives instead of the service; nothing has happened then."""
    fault = faults.take(method, path, *BEFORE)
    return _answer(fault, moment) if fault else None


def _answer(fault: Fault, moment: Moment) -> Answer:
    shape = str(fault.args.get("shape", "gateway"))
    match fault.name:
        case "throttle":
            return throttle(shape, fault.args.get("retry_after"), moment)
        case "token_expired":
            return unauthorised("Token expired: the access token has expired", shape, moment)
        case "forbidden":
            return forbidden(moment)
    return _refusal(fault).answer(moment.shown)


def _refusal(fault: Fault) -> Refusal:
    match fault.name:
        case "stale":
            return answers.stale("Ana Ortiz")
        case "system_fault":
            return answers.system_failure()
        case "fault_without_code":
            return answers.WithoutCode()
    refusal = answers.business(str(fault.args.get("message", "It was not done")), str(fault.args.get("code", "6000")))
    refusal.status = 200
    return refusal


def after(faults: Faults, method: str, path: str, answer: Answer, moment: Moment) -> Answer:
    """The service's answer as a fault spoils it; what was asked for has happened."""
    if faults.take(method, path, "system_fault_after"):
        return answers.system_failure().answer(moment.shown)
    if answer.document is not None:
        for name, records in shelves(answer.document):
            fault = faults.take(method, f"{path}#{name}", *IN_RECORDS)
            if fault is not None:
                answer = Answer.of(_spoiled(answer.document or {}, name, records, fault), answer.status)
    if faults.take(method, path, "xml"):
        return answers.xml_answer(answer, moment.now)
    return answer


def shelves(document: Document) -> list[tuple[str, list[Document]]]:
    """The lists of records in the answer to a query, a batch or change data capture, with their entity's name."""
    blocks = [document.get("QueryResponse") or {}]
    blocks += [item.get("QueryResponse") or {} for item in document.get("BatchItemResponse", [])]
    blocks += [block for part in document.get("CDCResponse", []) for block in part.get("QueryResponse", [])]
    return [
        (name, records) for block in blocks for name, records in block.items() if isinstance(records, list) and records
    ]


def _spoiled(document: Any, name: str, records: list[Document], fault: Fault) -> Any:
    """The answer with one record of one list changed: the middle one, or the one whose Id `args["id"]` names."""
    wanted = fault.args.get("id")
    chosen = next((one for one in records if one.get("Id") == wanted), records[len(records) // 2])
    bad = _spoil(chosen, name, fault)
    return _replaced(document, chosen, bad)


def _replaced(value: Any, old: Document, new: Document) -> Any:
    if value is old:
        return new
    if isinstance(value, dict):
        return {key: _replaced(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, old, new) for inner in value]
    return value


def _spoil(record: Document, name: str, fault: Fault) -> Document:
    match fault.name:
        case "unknown_enum":
            if name in _UNKNOWN and fault.args.get("field", _UNKNOWN[name][0]) == _UNKNOWN[name][0]:
                field, value = _UNKNOWN[name]
                return record | {field: value}
            return record | {str(fault.args.get("field", "PreferredDeliveryMethod")): "Pondering"}
        case "nulls":
            return record | {field: None for field in _NULLED if field in record}
    if "field" in fault.args:
        return record | {str(fault.args["field"]): fault.args.get("value")}
    bad: Document = {_NOT_AN_AMOUNT.get(name, "SyncToken"): "a lot"}
    return record | bad | ({"TxnDate": None} if "TxnDate" in record else {})


def throttle(shape: str, retry_after: int | None, moment: Moment) -> Answer:
    """429 with code 3001: `service` with a capital Fault, `gateway` in lower case. Retry-After only when given."""
    if shape == "service":
        answer = answers.throttled().answer(moment.shown)
    else:
        message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
        answer = answers.gateway_answer(
            moment.now, status=429, code="3001", message=message, detail="The request limit was reached", kind="SERVICE"
        )
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def unauthorised(detail: str, shape: str, moment: Moment) -> Answer:
    """401 with code 3200, as the gateway says it; `service` has a capital Fault, `xml` is XML whatever was asked."""
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    if shape == "service":
        return Refusal("3200", message, detail, status=401, kind="AUTHENTICATION").answer(moment.shown)
    answer = answers.gateway_answer(
        moment.now, status=401, code="3200", message=message, detail=detail, kind="AUTHENTICATION"
    )
    return answers.xml_answer(answer, moment.now) if shape == "xml" else answer


def forbidden(moment: Moment) -> Answer:
    """403 with code 3100: the token is good, but not for this company."""
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    return answers.gateway_answer(
        moment.now,
        status=403,
        code="3100",
        message=message,
        detail="The application is not authorised for this company",
        kind="SERVICE",
    )
