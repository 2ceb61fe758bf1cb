"""Answers and refusals in the platform's several dialects.

A `Refusal` is raised anywhere below the API; `api` turns it into the service's capital-F `Fault`. The gateway in front
of the service answers for itself: lower-case `fault` with null siblings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from sandbox.quickbooks.encode import Document, encode
from sandbox.quickbooks.times import epoch_milliseconds, server_time

JSON = "application/json;charset=UTF-8"


@dataclass
class Answer:
    """One HTTP answer. `document` is the JSON before it was written, where there is one."""

    body: bytes
    status: int = 200
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    document: Document | None = None

    @classmethod
    def of(cls, document: Document, status: int = 200) -> Answer:
        return cls(encode(document), status, document=document)


class Refusal(Exception):
    """The service said no. `code` and `message` are the platform's; `element` names the field at fault."""

    def __init__(
        self,
        code: str,
        message: str,
        detail: str = "",
        element: str = "",
        *,
        status: int = 400,
        kind: str = "ValidationFault",
    ) -> None:
        super().__init__(f"{code} {message}: {detail}")
        self.code, self.message, self.detail, self.element = code, message, detail or message, element
        self.status, self.kind = status, kind

    def fault(self) -> Document:
        error = {"Message": self.message, "Detail": self.detail, "code": self.code, "element": self.element}
        return {"type": self.kind, "Error": [error]}

    def answer(self, now: datetime) -> Answer:
        return Answer.of({"Fault": self.fault(), "time": server_time(now)}, self.status)


class WithoutCode(Refusal):
    """A fault that forgets its code, on which parsers stumble."""

    def __init__(self) -> None:
        super().__init__("", "An application error has occurred")

    def fault(self) -> Document:
        return {"type": self.kind, "Error": [{"Message": self.message, "Detail": self.detail}]}


def not_found(detail: str = "") -> Refusal:
    return Refusal(
        "610", "Object Not Found", detail or "Object Not Found : Something you're trying to use has been made inactive."
    )


def unknown_property(name: str) -> Refusal:
    detail = f"Property Name:{name} specified is unsupported or invalid"
    return Refusal("2010", "Request has invalid or unsupported property", detail, name)


def missing(name: str) -> Refusal:
    return Refusal(
        "2020",
        "Required param missing, need to supply the required value for the API",
        f"Required parameter {name} is missing in the request",
        name,
    )


def too_long(name: str, longest: int, length: int) -> Refusal:
    return Refusal(
        "2050",
        "String length is either shorter or longer than supported by specification",
        f"Min:0 Max:{longest} supported. Supplied length:{length}",
        name,
    )


def illegal_value(name: str, value: object) -> Refusal:
    return Refusal("2080", "Illegal number", f"{name} : {value!r} is not a value that can be read", name)


def invalid_enumeration(name: str, value: object) -> Refusal:
    return Refusal("2170", "Invalid Enumeration", f"Supplied value:{value} is not supported for {name}", name)


def invalid_reference(name: str, value: str) -> Refusal:
    return Refusal("2500", "Invalid Reference Id", f"Invalid Reference Id : {name} element id {value} not found", name)


def stale(person: str) -> Refusal:
    detail = (
        f"Stale Object Error : You and {person} were working on this at the same time. "
        f"{person} finished before you did, so your work was not saved."
    )
    return Refusal("5010", "Stale Object Error", detail)


def business(detail: str, code: str = "6000") -> Refusal:
    return Refusal(
        code,
        "A business validation error has occurred while processing your request",
        f"Business Validation Error: {detail}",
    )


def duplicate_number(number: str) -> Refusal:
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        f"DocNumber={number} is assigned to TxnType=Invoice"
    )
    return Refusal("6140", "Duplicate Document Number Error", detail)


def read_only_company() -> Refusal:
    detail = "Subscription period has ended or canceled or there was a billing problem"
    return Refusal("6190", "Invalid Company Status", f"Invalid Company Status: {detail}")


def period_closed() -> Refusal:
    detail = (
        "The account period has closed and the account books cannot be updated through the QBO Services API. "
        "Please use the QBO website to make these changes."
    )
    return Refusal("6210", "Account Period Closed, Cannot Update Through Services API", detail)


def duplicate_name(name: str) -> Refusal:
    # The live service leaves its own placeholders unresolved in this one.
    detail = f"The name supplied already exists. : $$customer$$ {name}"
    return Refusal("6240", "Duplicate Name Exists Error", detail)


def in_a_deposit() -> Refusal:
    message = "Deposited Transaction cannot be changed"
    detail = f"{message} : If you need to change or delete it, edit the deposit it appears on and remove it first."
    return Refusal("6540", message, detail)


def unsupported_operation(detail: str) -> Refusal:
    return Refusal("500", "Unsupported Operation", detail)


def bad_query(detail: str) -> Refusal:
    return Refusal("4000", "Error parsing query", f"QueryParserError: {detail}")


def invalid_query(detail: str) -> Refusal:
    return Refusal("4001", "Invalid query", f"QueryValidationError: {detail}")


def system_failure() -> Refusal:
    return Refusal(
        "10000",
        "An application error has occurred while processing your request",
        "System Failure Error: An application error has occurred while processing your request",
        status=500,
        kind="SystemFault",
    )


def throttled() -> Refusal:
    return Refusal(
        "003001",
        "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "The request limit was reached",
        status=429,
        kind="SERVICE",
    )


def gateway_answer(now: datetime, *, status: int, code: str, message: str, detail: str, kind: str) -> Answer:
    """The gateway's own shape: lower-case names, null siblings, time in epoch milliseconds."""
    error = {"message": message, "detail": detail, "code": code, "element": None}
    nothing = dict.fromkeys(("report", "queryResponse", "syncErrorResponse", "requestId", "status"))
    return Answer.of(
        {
            "warnings": None,
            "intuitObject": None,
            "fault": {"type": kind, "error": [error]},
            **nothing,
            "batchItemResponse": [],
            "attachableResponse": [],
            "cdcresponse": [],
            "time": epoch_milliseconds(now),
        },
        status,
    )


def xml_answer(answer: Answer, now: datetime) -> Answer:
    """The same news as XML: what comes to whoever forgets `Accept`. A stub, on which careless parsers break."""
    word = "Fault" if answer.status != 200 else "Answer"
    text = escape(answer.body.decode())
    opening = f'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="{server_time(now)}">'
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{opening}<{word}>{text}</{word}></IntuitResponse>'
    return Answer(body.encode(), answer.status, "application/xml;charset=UTF-8", dict(answer.headers))
