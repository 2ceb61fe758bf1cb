"""How the control API hears and answers: typed bodies in, JSON out, and one error for everything asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, request

from sandbox.control.bodies import Body

T = TypeVar("T", bound=Body)

Add = Callable[[str, str, Callable[..., object]], None]
"""(method, rule, what answers): the answer is turned into JSON."""


class AskedWronglyError(Exception):
    """The request makes no sense; the message says what was expected."""


def add_rule(blueprint: Blueprint, method: str, rule: str, answer: Callable[..., object]) -> None:
    """Have `answer` called with the rule's parts, and what it returns sent as JSON."""

    def view(**parts: Any) -> Response:
        return as_json(answer(**parts))

    blueprint.add_url_rule(rule, endpoint=f"{method} {rule}".replace(".", "_"), view_func=view, methods=[method])


def as_json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status=status, mimetype="application/json")


def body(kind: type[T]) -> T:
    """The request's body. Raises AskedWronglyError, naming the field that is wrong."""
    if request.mimetype != "application/json":
        raise AskedWronglyError(f"expected a body of type application/json, got {request.mimetype or 'none'}")
    try:
        return msgspec.json.decode(request.get_data() or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise AskedWronglyError(str(error)) from error


def passed_on(call: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What a platform does with a request. Its refusals are the asker's to hear, whatever their class."""
    try:
        return call(*args, **named)
    except Exception as error:
        raise AskedWronglyError(f"{type(error).__name__}: {error}") from error
