"""The calls that Dunwell makes to one QuickBooks Online company, decoded as far as the list of records.

Reading costs one call each: a query, a batch of queries, change data capture. Every write carries its request id, so
that the platform does it once however often it hears it. What a record means is `translate`'s job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from connectors.calls import AWAY_FOR, Through
from connectors.errors import DunwellError, OutcomeUnknown, Refused, RetryLater, StopRun
from connectors.oauth import Access
from connectors.pace import Pace
from connectors.quickbooks import shapes
from connectors.quickbooks.faults import TITLE, classify
from connectors.quickbooks.listing import Listing, listing
from connectors.quickbooks.requests import batch_id
from connectors.quickbooks.transport import Transport

MAX_BATCH = 30
"""Items in one batch call."""
T = TypeVar("T")
_QUERY = msgspec.json.Decoder(shapes.QueryAnswer)
_BATCH = msgspec.json.Decoder(shapes.BatchAnswer)
_CHANGES = msgspec.json.Decoder(shapes.ChangesAnswer)
_WRITTEN = msgspec.json.Decoder(shapes.WrittenBatch, float_hook=Decimal)
_OBJECT = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


class Client(Through):
    """One company, one thread.

    Every call may raise RetryLater, ReconnectNeeded, and StopRun where a query is refused; a write OutcomeUnknown and
    Refused as well.
    """

    def __init__(self, api_url: str, client_id: str, realm: str, access: Access, pace: Pace, batches: Pace) -> None:
        self._sdk = self._caller = Transport.to(api_url, client_id, realm, access, pace)
        self._batches = batches

    def query(self, statement: str) -> shapes.Rows:
        with _refusal_is_a_fault_of_ours():
            return _checked(_decoded(_QUERY, self._sdk.query(statement)).query_response)

    def page_of(self, entity: str, statement: str) -> Listing:
        """The answer of a query about one kind of document, in our word for it."""
        with _refusal_is_a_fault_of_ours():
            try:
                found = listing(entity, self._sdk.query(statement))
            except (ValueError, RecursionError):
                raise _unreadable() from None
            if found.fault is not None:
                raise _refusal(found.fault)
            return found

    def queries(self, statements: Sequence[str]) -> list[shapes.Rows]:
        """The answers of up to thirty queries in their order, for one call. Raises for the first that failed."""
        asked = [{"bId": str(number), "Query": statement} for number, statement in enumerate(statements)]
        with _refusal_is_a_fault_of_ours(), self._batches.slot():
            body = self._sdk.batch_operation(_encoder.encode({"BatchItemRequest": asked}))
            # Results come in any order, and one that is missing must not read as one without rows.
            found = {item.bid: item for item in _decoded(_BATCH, body).items}
            return [_rows_of(found.get(item["bId"])) for item in asked]

    def changes(self, entities: Sequence[str], since: datetime) -> list[shapes.Rows]:
        """Change data capture: at most 1,000 records in all, and no word where there were more. Refused if too old."""
        body = self._sdk.change_data_capture(",".join(entities), since.isoformat(timespec="seconds"))
        parts = _decoded(_CHANGES, body).parts
        for part in parts:
            if part.fault is not None:
                raise _refusal(part.fault)
        return [_checked(rows) for part in parts for rows in part.query_response]

    def get(self, entity: str, id: str) -> dict[str, Any]:
        """The whole object, as it stands. Raises Refused for one that is gone."""
        return self._object(entity, self._sdk.get_single_object(entity, id))

    def write(self, entity: str, content: dict[str, Any], request_id: str) -> dict[str, Any]:
        """Create it, or update it where it carries an Id. Raises Stale when somebody else was faster."""
        return self._written(entity, self._sdk.create_object(entity, _encoder.encode(content), request_id=request_id))

    def create_all(self, entity: str, contents: Sequence[dict[str, Any]]) -> list[dict[str, Any] | DunwellError]:
        """Up to thirty creations in one call: what each became, in their order, or why it did not.

        One id guards the whole batch; none guards an item, so look before one is tried again.
        """
        asked = [
            {"bId": str(number), "operation": "create", entity: content} for number, content in enumerate(contents)
        ]
        with self._batches.slot():
            body = self._sdk.batch_write(_encoder.encode({"BatchItemRequest": asked}), batch_id(asked))
        found = _decoded_items(body)
        return [_created(found.get(str(number)), entity) for number in range(len(asked))]

    def void(self, entity: str, content: dict[str, Any], request_id: str) -> dict[str, Any]:
        """Raises what `write` raises. Some answers still show the old totals: read again what matters."""
        return self._written(entity, self._sdk.operate(entity.lower(), _encoder.encode(content), "void", request_id))

    def send(self, entity: str, id: str, request_id: str) -> None:
        """Have the platform mail the document. Two calls are two mails: the request id is not known to prevent that."""
        self._written(entity, self._sdk.send_document(entity.lower(), id, request_id))

    def _written(self, entity: str, body: bytes) -> dict[str, Any]:
        try:
            return self._object(entity, body)
        except RetryLater:
            raise OutcomeUnknown(f"{TITLE} answered a write with something that cannot be read") from None

    @staticmethod
    def _object(entity: str, body: bytes) -> dict[str, Any]:
        found = _decoded(_OBJECT, body).get(entity)
        if not isinstance(found, dict):
            raise _unreadable()
        return found


@contextmanager
def _refusal_is_a_fault_of_ours() -> Iterator[None]:
    """A query that is refused would be refused for ever: somebody has to look, and nothing may go out before."""
    try:
        yield
    except Refused as error:
        raise StopRun(f"{TITLE} refuses to be read: {error}") from None


def _decoded_items(body: bytes) -> dict[str, dict[str, Any]]:
    """By their `bId`: results come in any order. An answer that cannot be read tells nothing of any of them."""
    try:
        items = _WRITTEN.decode(body).items
    except (ValueError, RecursionError):
        return {}
    return {str(item.get("bId")): item for item in items}


def _created(item: dict[str, Any] | None, entity: str) -> dict[str, Any] | DunwellError:
    if item is not None and item.get("Fault") is not None:
        return classify(400, {}, msgspec.json.encode({"Fault": item["Fault"]}), changes_something=True)
    made = item.get(entity) if item is not None else None
    return made if isinstance(made, dict) else OutcomeUnknown(f"{TITLE} does not say what became of it")


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def _unreadable() -> RetryLater:
    return RetryLater(TITLE, AWAY_FOR, "its answer was cut short or is not what was asked for")


def _rows_of(item: shapes.BatchItem | None) -> shapes.Rows:
    if item is not None and item.fault is not None:
        raise _refusal(item.fault)
    if item is None or item.query_response is None:
        raise _unreadable()
    return _checked(item.query_response)


def _checked(rows: shapes.Rows) -> shapes.Rows:
    if rows.fault is not None:
        raise _refusal(rows.fault)
    return rows


def _refusal(fault: dict[str, Any]) -> DunwellError:
    return classify(400, {}, _encoder.encode({"Fault": fault}), changes_something=False)
