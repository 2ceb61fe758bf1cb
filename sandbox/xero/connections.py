"""`/connections`: which organisations the holder of a token has connected, and cutting one off."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from sandbox.xero.api import Estate, holder
from sandbox.xero.apps import Connection
from sandbox.xero.errors import XeroError, json_response, not_found
from sandbox.xero.values import Doc


def add_routes(blueprint: Blueprint, estate: Estate) -> None:
    """Answer `/connections` and `/Connections` on this blueprint."""

    def show() -> Response:
        try:
            return _show(estate)
        except XeroError as error:
            return error.response()

    def delete(connection_id: str) -> Response:
        try:
            return _delete(estate, connection_id)
        except XeroError as error:
            return error.response()

    for spelling in ("connections", "Connections"):
        blueprint.add_url_rule(f"/{spelling}", f"show-{spelling}", show, methods=["GET"])
        blueprint.add_url_rule(f"/{spelling}/<connection_id>", f"delete-{spelling}", delete, methods=["DELETE"])


def _show(estate: Estate) -> Response:
    consent = holder(estate)
    query = {name.lower(): value for name, value in request.args.items()}
    wanted = query.get("autheventid", "")
    found = estate.grants.of(consent.app.client_id, consent.user.id)
    return json_response([_shown(estate, c) for c in found if wanted in ("", c.auth_event_id)])


def _shown(estate: Estate, connection: Connection) -> Doc:
    books = estate.books_of(connection.tenant_id)
    return {
        "id": connection.id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": books.name if books else "",
        "createdDateUtc": _seven_digits(connection.created_at),
        "updatedDateUtc": _seven_digits(connection.updated_at),
    }


def _seven_digits(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def _delete(estate: Estate, connection_id: str) -> Response:
    consent = holder(estate)
    if not estate.grants.cut(consent, connection_id):
        raise not_found()
    return Response(b"", 204)
