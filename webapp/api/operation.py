"""An operation of the API: declared once, in shapes, it reads its requests, answers them and describes itself.

Everything that all operations share is here, in this order: the key, how often, what the key may, what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Literal, NamedTuple, TypeVar, cast

import msgspec
from flask import Blueprint, Response, g, request
from flask_limiter.util import get_remote_address
from msgspec import Struct

from store import api_keys, policies
from store.tables import ApiKey
from store.wishes import Speaker
from webapp.api import problems
from webapp.api.problems import Problem
from webapp.limits import API, API_DOOR, limiter
from webapp.security import csrf
from webapp.services import now, services

pages = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(pages)  # no cookie opens anything here: what a browser sends by itself is worth nothing

Scope = Literal["read", "act"]
Taken = TypeVar("Taken", bound=Struct)
JSON = "application/json"


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


@dataclass(frozen=True)
class Call:
    """One request that was let in: whose key, what was asked, and when that is for the company."""

    key: ApiKey
    query: Any
    body: Any
    now: datetime

    @property
    def company_id(self) -> int:
        return self.key.company_id

    @property
    def actor(self) -> str:
        """As audit entries name it."""
        return f"api key {self.key.id}"

    def today(self) -> date:
        """By the company's own calendar."""
        with services().database.read() as reading:
            return policies.local_day(reading, self.company_id, self.now)

    def say(self, word: Callable[[Speaker], None]) -> None:
        """Pass a word on as a person would; it counts from the next run. A 404 where there is nobody by that id."""
        try:
            with services().database.begin() as writing:
                word(Speaker(writing, self.company_id, self.now, self.actor))
        except LookupError:
            raise Problem(404) from None


class Operation(NamedTuple):
    """What is told of an operation besides its code."""

    method: str
    path: str
    name: str
    scope: Scope
    summary: str
    query: type[Struct]
    body: type[Struct] | None
    answer: type[Struct] | None
    """None answers 204, with nothing in it."""
    may_conflict: bool


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    scope: Scope = "read",
    query: type[Struct] = Nothing,
    body: type[Struct] | None = None,
    answer: type[Struct] | None = None,
    may_conflict: bool = False,
) -> Callable[[Callable[..., Struct | None]], Callable[..., Response]]:
    """Put a function at an address. It is given the `Call`, and what stands in the address by name."""

    def put(work: Callable[..., Struct | None]) -> Callable[..., Response]:
        summary = (work.__doc__ or "").strip().split("\n")[0].rstrip(".")
        told = Operation(method, path, work.__name__, scope, summary, query, body, answer, may_conflict)

        @wraps(work)
        def serve(**places: str) -> Response:
            try:
                return _served(told, work, places)
            except Problem as problem:
                return problems.answer(problem.status, problem.detail)

        serve.needs_scope = scope  # type: ignore[attr-defined]  # read by the test that walks every route
        once_a_door = limiter.shared_limit(API_DOOR, scope="api door")
        once_a_key = limiter.shared_limit(API, scope="api", key_func=_who_knocks)
        limited = once_a_door(once_a_key(serve))
        pages.add_url_rule(
            path.replace("{", "<").replace("}", ">"),
            work.__name__,
            limited,
            methods=[method],
            provide_automatic_options=False,
        )
        OPERATIONS.append(told)
        return cast("Callable[..., Response]", limited)

    return put


def _served(told: Operation, work: Callable[..., Struct | None], places: dict[str, str]) -> Response:
    key = _key()
    if api_keys.SCOPES.index(key.scope) < api_keys.SCOPES.index(told.scope):
        raise Problem(403, "Ask the owner of the company for a key that may act.")
    if any(not value.isprintable() for value in places.values()):
        raise Problem(404)
    call = Call(key, _asked(told.query), _sent(told.body), now())
    found = work(call, **places)
    if found is None:
        return Response(status=204)
    return Response(msgspec.json.encode(found), content_type=JSON)


def _key() -> ApiKey:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Problem(401, "Send a key of the company as `Authorization: Bearer …`.")
    with services().database.read() as reading:
        key = api_keys.holder(reading, secret.strip())
    if key is None:
        raise Problem(401, "This key opens nothing: it was mistyped, or revoked.")
    if not api_keys.is_seen_lately(key, now()):
        with services().database.begin() as writing:
            api_keys.note_use(writing, key, now())
    g.api_key = key
    return key


def _asked(shape: type[Taken]) -> Taken:
    given = request.args.to_dict(flat=False)
    twice = [name for name, values in given.items() if len(values) > 1]
    if twice:
        raise Problem(422, f"`{twice[0]}` is given twice.")
    try:
        return msgspec.convert({name: values[0] for name, values in given.items()}, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(422, str(error)) from None


def _sent(shape: type[Taken] | None) -> Taken | None:
    if shape is None:
        return None
    if request.mimetype != JSON:
        raise Problem(415, f"Send the body as {JSON}.")
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=shape)
    except msgspec.ValidationError as error:
        raise Problem(422, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(400, "The body is no JSON.") from None


def _who_knocks() -> str:
    """One key is one caller, wherever it calls from; without a key the address is."""
    said = request.headers.get("Authorization", "")
    return sha256(said.encode()).hexdigest() if said else str(get_remote_address())
