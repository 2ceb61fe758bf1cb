"""Refusals in Xero's dialects, named by what happened. `api` and `oauth` turn them into answers.

XeroError
├── Problem          401, 403: the PascalCase problem object
├── ApiException     400, 404: ErrorNumber, Type, Message
│   └── Invalid      400 ValidationException, one list of messages per element
├── Throttled        429 without a body; the header says which limit
└── Plain            text only: 404, 501, 503
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from sandbox.xero.values import Doc, new_id, to_json


class XeroError(Exception):
    """Refused. `response` says it in Xero's words."""

    def response(self) -> Response:
        raise NotImplementedError


def json_response(value: object, status: int = 200) -> Response:
    return Response(to_json(value), status, content_type="application/json; charset=utf-8")


class Problem(XeroError):
    """Who asks, not what is asked. Source: captured 401 and 403 answers of the Accounting API."""

    def __init__(self, status: int, detail: str, challenge: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.challenge = status, detail, challenge

    def response(self) -> Response:
        title = "Unauthorized" if self.status == 401 else "Forbidden"
        answer = json_response(
            {
                "Type": None,
                "Title": title,
                "Status": self.status,
                "Detail": self.detail,
                "Instance": new_id(),
                "Extensions": {},
            },
            self.status,
        )
        if self.challenge:
            answer.headers["WWW-Authenticate"] = self.challenge
        return answer


class ApiException(XeroError):
    """A request that cannot be worked: unparsable body, bad filter, unknown endpoint."""

    def __init__(self, number: int, type_: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.number, self.type, self.message, self.status = number, type_, message, status

    def response(self) -> Response:
        return json_response({"ErrorNumber": self.number, "Type": self.type, "Message": self.message}, self.status)


class Invalid(ApiException):
    """Documents that break a rule. `elements` are the posted ones with their `ValidationErrors`."""

    def __init__(self, messages: Sequence[str] = (), elements: Sequence[Doc] = ()) -> None:
        super().__init__(10, "ValidationException", "A validation exception occurred")
        self.messages, self.elements = list(messages), list(elements)

    def __str__(self) -> str:
        return "; ".join(self.messages) or self.message

    def response(self) -> Response:
        elements = self.elements or [{"ValidationErrors": [{"Message": message} for message in self.messages]}]
        return json_response(
            {"ErrorNumber": self.number, "Type": self.type, "Message": self.message, "Elements": elements}, self.status
        )


def invalid(message: str) -> Invalid:
    return Invalid([message])


def bad_body(message: str) -> ApiException:
    return ApiException(14, "PostDataInvalidException", message)


def bad_query(message: str) -> ApiException:
    return ApiException(16, "QueryParseException", message)


class Throttled(XeroError):
    """Over a limit. `retry_after` is in seconds; None for limits that do not tell."""

    def __init__(self, problem: str, retry_after: int | None) -> None:
        super().__init__(f"over the {problem} limit")
        self.problem, self.retry_after = problem, retry_after

    def response(self) -> Response:
        answer = Response(b"", 429)
        answer.headers["X-Rate-Limit-Problem"] = self.problem
        if self.retry_after is not None:
            answer.headers["Retry-After"] = str(self.retry_after)
        return answer


class Plain(XeroError):
    """Text, as Xero answers for what is not there or not awake."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text

    def response(self) -> Response:
        return Response(self.text, self.status, content_type="text/plain; charset=utf-8")


NOT_FOUND = "The resource you're looking for cannot be found"


def not_found() -> Plain:
    return Plain(404, NOT_FOUND)
