"""The document of the API, OpenAPI 3.1, made from what the operations declare. Anybody may read it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from flask import Response
from msgspec import Struct

from webapp.api.operation import JSON, OPERATIONS, Operation, pages
from webapp.api.problems import MEDIA_TYPE, TITLES, ProblemOut
from webapp.services import services

REFERENCE = "#/components/schemas/{name}"
PLACES = {
    "customer_id": "The customer, by the platform's own id.",
    "invoice_id": "The invoice, by the platform's own id.",
}


@pages.get("/openapi.json")
def describe() -> Response:
    """The document."""
    return Response(msgspec.json.encode(_document(services().base_url)), content_type=JSON)


@lru_cache(maxsize=4)
def _document(base_url: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for told in OPERATIONS:
        paths.setdefault(told.path, {})[told.method.lower()] = _operation(told)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dunwell",
            "version": "1",
            "description": "What is owed, what was decided and why, and whether a customer may have credit.",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key of one company."}},
        },
    }


def _shapes() -> list[type[Struct]]:
    named = [shape for told in OPERATIONS for shape in (told.query, told.body, told.answer) if shape is not None]
    return [*dict.fromkeys(named), ProblemOut]


def _schemas() -> dict[str, Any]:
    return msgspec.json.schema_components(_shapes(), ref_template=REFERENCE)[1]


def _operation(told: Operation) -> dict[str, Any]:
    places = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": described,
            "schema": {"type": "string", "minLength": 1, "pattern": r"^[^/\x00-\x1f\x7f]+$"},
        }
        for name, described in PLACES.items()
        if f"{{{name}}}" in told.path
    ]
    described: dict[str, Any] = {
        "operationId": told.name,
        "summary": told.summary,
        "description": f"Needs a key that may {told.scope}.",
        "parameters": [*places, *_parameters(told.query)],
        "responses": _answers(told),
    }
    if told.body is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": _reference(told.body)}}}
    return described


def _parameters(query: type[Struct]) -> list[dict[str, Any]]:
    schema = _schemas_of(query)
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": field.get("description", ""),
            "schema": {word: value for word, value in field.items() if word != "description"},
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _schemas_of(shape: type[Struct]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.schema_components([shape], ref_template=REFERENCE)[1][shape.__name__]
    return found


def _answers(told: Operation) -> dict[str, Any]:
    refused = [401, 403, 422, 429, *([404] if "{" in told.path or "cursor" in told.query.__struct_fields__ else [])]
    refused += [400, 415] if told.body is not None else []
    refused += [409] if told.may_conflict else []
    problem = {MEDIA_TYPE: {"schema": _reference(ProblemOut)}}
    found: dict[str, Any] = {str(code): {"description": TITLES[code], "content": problem} for code in sorted(refused)}
    if told.answer is None:
        return {"204": {"description": "Noted. It counts from the next run."}, **found}
    return {"200": {"description": "Found.", "content": {JSON: {"schema": _reference(told.answer)}}}, **found}


def _reference(shape: type[Struct]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=shape.__name__)}
