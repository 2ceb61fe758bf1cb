"""Problems: what a program is told when it does not get what it asked for (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

from flask import Response
from msgspec import Struct, json
from werkzeug.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "The request makes no sense",
    401: "A key is needed",
    403: "This key may only read",
    404: "There is no such thing",
    405: "This address does not take that method",
    409: "That does not go together",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "Something in the request is wrong",
    429: "Too many requests",
    500: "Something of ours failed",
}
SECONDS_TO_WAIT = "60"
"""What a program that asks too often is told: limits are by the minute."""


class ProblemOut(Struct, frozen=True, kw_only=True):
    """Why there is no answer. `title` goes with the status; `detail` says what to mend."""

    status: int
    title: str
    detail: str = ""


class Problem(Exception):
    """Raised anywhere below an operation; becomes the answer."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def answer(status: int, detail: str = "") -> Response:
    """The problem as an answer."""
    told = ProblemOut(status=status, title=TITLES.get(status, TITLES[400]), detail=detail)
    response = Response(json.encode(told), status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="dunwell"'
    if status == 429:
        response.headers["Retry-After"] = SECONDS_TO_WAIT
    return response


def of_http(error: HTTPException) -> Response:
    """For what never reached an operation: an address that is none, a method it does not take."""
    response = answer(error.code or 500)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response
