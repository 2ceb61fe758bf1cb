"""Batch: up to 30 writes and queries in one call, each on its own, answered in no particular order."""

from __future__ import annotations

import random
from typing import Any

from sandbox.quickbooks import answers, query_run
from sandbox.quickbooks.desk import Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.writing import Operation, write

MOST_ITEMS = 30


def run(office: Office, body: Any, request_id: str | None, order: random.Random) -> list[Document]:
    """The items' answers; a refusal of one stands in its place. Raises Refusal for a batch that is wrong as a whole."""
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise answers.missing("BatchItemRequest")
    if len(items) > MOST_ITEMS:
        raise answers.business(f"A batch holds at most {MOST_ITEMS} items, this one {len(items)}")
    if request_id is not None and any(len(str(item.get("bId", ""))) > 10 for item in items):
        raise answers.Refusal(
            "2050", "String length is either shorter or longer", "bId: at most 10 beside a requestid", "bId"
        )
    found = [_item(office, item) for item in items]
    if office.switches.shuffles_batches:
        order.shuffle(found)
    return found


def _item(office: Office, item: Document) -> Document:
    try:
        content = _carry_out(office, item)
    except answers.Refusal as refusal:
        content = {"Fault": refusal.fault()}
    return content | {"bId": item.get("bId", "")}


def _carry_out(office: Office, item: Document) -> Document:
    if "Query" in item:
        return {"QueryResponse": query_run.run(office, str(item["Query"]))}
    entity = next((ENTITIES[name] for name in item if name in ENTITIES), None)
    operation = item.get("operation")
    if entity is None or operation not in ("create", "update", "delete"):
        raise answers.unsupported_operation(f"Operation {operation} is not supported")
    asked = Operation("" if operation == "create" else str(operation), str(item.get("optionsData", "")))
    body = item[entity.name]
    if operation == "create" and isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "Id"}
    return {entity.name: write(office, entity, body, asked)}
