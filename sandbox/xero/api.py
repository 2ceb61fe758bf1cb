"""The Accounting API's front: who asks, for which organisation, within which limits; then the route, once per key.

The order matters and is Xero's as far as known: token, tenant, limits, scope, idempotency, route. Trouble by name:
`throttle` (args `problem`, `retry_after`), `token_expired`, `forbidden`; what spoils data is in `data_faults`.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import unquote

from flask import Blueprint, Response, request

from sandbox.faults import Faults
from sandbox.xero.apps import App
from sandbox.xero.books import Books
from sandbox.xero.calls import Call
from sandbox.xero.errors import Problem, Throttled, XeroError
from sandbox.xero.grants import Consent, Grants
from sandbox.xero.idempotency import Replays
from sandbox.xero.jwt_keys import JwtKeys
from sandbox.xero.limits import Limits
from sandbox.xero.listing import Asked
from sandbox.xero.routes import find_handler
from sandbox.xero.scopes import opens
from sandbox.xero.values import new_id

_PREFIX = "/api.xro/2.0/"
_METHODS = ["GET", "PUT", "POST", "DELETE"]
_CHALLENGE = 'Bearer error="insufficent_scope"'  # Xero's spelling, as its FAQ prints it


class Estate(Protocol):
    """What the API answers for: consents, and every organisation's books."""

    grants: Grants
    keys: JwtKeys
    faults: Faults
    limits: Limits
    replays: Replays

    def books_of(self, tenant_id: str) -> Books | None: ...


def holder(estate: Estate) -> Consent:
    """Whose access token the request carries. Raises Problem 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    access_id = estate.keys.token_id(token) if scheme.lower() == "bearer" else ""
    if not access_id:
        raise Problem(401, "AuthenticationUnsuccessful")
    consent = estate.grants.holder(access_id)
    if consent is None or estate.faults.take(request.method, request.path, "token_expired"):
        raise Problem(401, "TokenExpired: token expired")
    return consent


def add_routes(blueprint: Blueprint, estate: Estate) -> None:
    """Answer `/api.xro/2.0/…` on this blueprint, in any case."""

    def accounting(rest: str) -> Response:  # noqa: ARG001  # the raw path is split instead: numbers may hold %2F
        try:
            response = _answer(estate)
        except XeroError as error:
            response = error.response()
        response.headers["Xero-Correlation-Id"] = new_id()
        return response

    for spelling in ("api.xro", "API.XRO", "Api.Xro"):
        blueprint.add_url_rule(
            f"/{spelling}/2.0/<path:rest>", f"accounting-{spelling.replace('.', '-')}", accounting, methods=_METHODS
        )


def _answer(estate: Estate) -> Response:
    consent = holder(estate)
    books = _books(estate, consent)
    _throttle_on_request(estate)
    with estate.limits.in_flight(consent.app, books.tenant_id):
        headers = estate.limits.count(consent.app, books.tenant_id)
        try:
            response = _work(estate, consent, books)
        except XeroError as error:
            response = error.response()
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _books(estate: Estate, consent: Consent) -> Books:
    """The books that the tenant header names. Raises Problem 403 for any that this user has not connected."""
    tenant_id = request.headers.get("xero-tenant-id", "").lower()
    books = estate.books_of(tenant_id)
    if books is None:
        raise Problem(403, "AuthenticationUnsuccessful")
    if not estate.grants.is_connected(consent, tenant_id):
        raise Problem(books.switches.disconnected_status, "AuthenticationUnsuccessful")
    if estate.faults.take(request.method, request.path, "forbidden"):
        raise Problem(403, "AuthorizationUnsuccessful")
    return books


def _throttle_on_request(estate: Estate) -> None:
    fault = estate.faults.take(request.method, request.path, "throttle")
    if fault is not None:
        problem = str(fault.args.get("problem", "minute"))
        wait = fault.args.get("retry_after", None if problem == "concurrent" else 20)
        raise Throttled(problem, None if wait is None else int(wait))


def _work(estate: Estate, consent: Consent, books: Books) -> Response:
    call = _call(estate, consent.app, books)
    is_write = call.method != "GET"
    if not opens(consent.scopes, call.segments[0].lower(), is_write=is_write):
        raise Problem(consent.app.switches.missing_scope_status, "AuthorizationUnsuccessful", _CHALLENGE)
    key = request.headers.get("Idempotency-Key", "")
    if not key or call.method not in ("PUT", "POST"):
        return _perform(call)
    url = f"{request.path}?{request.query_string.decode('latin-1')}"
    return estate.replays.once(consent.app, key, (call.method, url, call.body), lambda: _perform(call))


def _perform(call: Call) -> Response:
    try:
        handler = find_handler(call.method, call.segments)
        with call.books.lock:
            return handler(call)
    except XeroError as error:
        return error.response()


def _call(estate: Estate, app: App, books: Books) -> Call:
    raw = request.environ.get("RAW_URI", request.path).partition("?")[0]
    rest = raw[raw.lower().index(_PREFIX) + len(_PREFIX) :] if _PREFIX in raw.lower() else raw
    asked = Asked(
        query={name.lower(): value for name, value in request.args.items()},
        modified_since=request.headers.get("If-Modified-Since", ""),
        app_id=app.client_id,
    )
    return Call(
        app=app,
        books=books,
        method=request.method,
        path=request.path,
        segments=[unquote(word) for word in rest.strip("/").split("/")],
        asked=asked,
        body=request.get_data(),
        wants_json="application/json" in request.headers.get("Accept", "").lower(),
        faults=estate.faults,
    )
