"""The accounting API over HTTP: who may ask, in what form, within which limits; then the right part does the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from sandbox.quickbooks import aged_receivables, answers, batch, cdc, query_run, reading, requestids, sending, trouble
from sandbox.quickbooks.answers import Answer, Refusal
from sandbox.quickbooks.company import QuickBooksCompany
from sandbox.quickbooks.desk import Entity
from sandbox.quickbooks.encode import Document, decode
from sandbox.quickbooks.entities import BY_PATH
from sandbox.quickbooks.moment import Moment
from sandbox.quickbooks.oauth import ACCOUNTING
from sandbox.quickbooks.times import server_time
from sandbox.quickbooks.writing import Operation, write

if TYPE_CHECKING:
    from sandbox.quickbooks.sandbox import QuickBooksSandbox


@dataclass
class Call:
    """One authorised call to one company. `parts` is the address after the realm."""

    company: QuickBooksCompany
    parts: list[str]
    moment: Moment

    @property
    def is_query(self) -> bool:
        return self.parts == ["query"]

    @property
    def is_batch(self) -> bool:
        return self.parts == ["batch"]

    @property
    def is_read(self) -> bool:
        return request.method == "GET" or self.is_query

    def envelope(self, content: Document) -> Answer:
        return Answer.of(content | {"time": server_time(self.moment.shown)})

    def body(self) -> object:
        """The JSON that was sent. Raises 500 for what is not UTF-8, 2010 for what is not JSON."""
        raw = request.get_data()
        try:
            text = raw.decode("utf-8")
            found = decode(text)
        except UnicodeDecodeError as error:
            raise answers.unsupported_operation(f"Malformed byte sequence: {error.reason}") from None
        except msgspec.DecodeError as error:
            raise Refusal("2010", "Request has invalid or unsupported property", f"Unreadable JSON: {error}") from None
        self._check_signs(text)
        return found

    def _check_signs(self, text: str) -> None:
        if self.company.country == "US" and self.company.switches.rejects_beyond_latin1:
            try:
                text.encode("latin-1")
            except UnicodeEncodeError:
                raise answers.unsupported_operation("A character is outside ISO-8859-1") from None


class Api:
    """`/v3/company/{realm}/…` of one sandbox."""

    def __init__(self, sandbox: QuickBooksSandbox) -> None:
        self.sandbox = sandbox

    def register(self, blueprint: Blueprint) -> None:
        rule = "/v3/company/<realm>/<path:rest>"
        blueprint.add_url_rule(rule, "company", self.handle, methods=["GET", "POST"])

    def handle(self, realm: str, rest: str) -> ResponseReturnValue:
        moment = self.sandbox.moment(realm)
        answer = trouble.before(self.sandbox.faults, request.method, request.path, moment)
        if answer is None:
            answer = self._authorised(realm, moment) or self._limited(realm, rest, moment)
            answer = trouble.after(self.sandbox.faults, request.method, request.path, answer, moment)
        if "application/json" not in request.headers.get("Accept", "") and answer.content_type == answers.JSON:
            answer = answers.xml_answer(answer, moment.now)
        return Response(answer.body, answer.status, content_type=answer.content_type, headers=answer.headers)

    def _authorised(self, realm: str, moment: Moment) -> Answer | None:
        """The gateway's refusal; None for a living token of this very company."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return trouble.unauthorised("Missing bearer token", self.sandbox.unauthorised_shape, moment)
        grant = self.sandbox.tokens.grant_of(token, moment.now)
        if grant is None:
            return trouble.unauthorised("Token expired or revoked", self.sandbox.unauthorised_shape, moment)
        if grant.realm != realm or ACCOUNTING not in grant.scopes or realm not in self.sandbox.companies:
            return trouble.forbidden(moment)
        return None

    def _limited(self, realm: str, rest: str, moment: Moment) -> Answer:
        company = self.sandbox.companies[realm]
        call = Call(company, [part for part in rest.split("/") if part], moment)
        try:
            with company.limits.request(moment.now, is_batch=call.is_batch):
                return self._remembered(call)
        except Refusal as refusal:
            if refusal.status == 429:
                return trouble.throttle("gateway", None, moment)
            return refusal.answer(moment.shown)

    def _remembered(self, call: Call) -> Answer:
        """Answer once per requestid, whatever is asked the second time."""
        request_id = request.args.get("requestid") if request.method == "POST" and not call.is_query else None
        if request_id is None:
            return self._answer(call, None)
        requestids.check(request_id, is_batch=call.is_batch)
        ids, now = call.company.request_ids, call.moment.now
        with call.company.books.lock:
            kept = ids.recall(request_id, now, call.company.switches.request_id_life)
            if kept is not None:
                return kept
            try:
                answer = self._answer(call, request_id)
            except Refusal as refusal:
                answer = refusal.answer(call.moment.shown)
                if not call.company.switches.replays_refusals:
                    return answer
            ids.keep(request_id, answer, now)
            return answer

    def _answer(self, call: Call, request_id: str | None) -> Answer:
        if not call.is_read:
            return self._written(call, request_id)
        call.company.limits.check_reads(call.moment.now)
        with call.company.books.lock:
            answer = self._read(call)
        call.company.limits.count_read(call.moment.now)
        return answer

    def _read(self, call: Call) -> Answer:
        office = call.company.office
        match call.parts:
            case ["query"]:
                raw = request.get_data() if request.method == "POST" else request.args.get("query", "").encode()
                return call.envelope({"QueryResponse": query_run.run(office, _text(raw))})
            case ["cdc"]:
                found = cdc.changes(office, request.args.get("entities", ""), request.args.get("changedSince", ""))
                return call.envelope({"CDCResponse": [{"QueryResponse": found}]})
            case ["reports", "AgedReceivables"]:
                asked = (request.args.get(name, "") for name in ("report_date", "customer"))
                return Answer.of(aged_receivables.report(office, *asked))
            case ["preferences"]:
                return call.envelope({"Preferences": reading.read_one(office, BY_PATH["preferences"], "1")})
            case [path, id]:
                entity = _entity(path)
                return call.envelope(
                    {entity.name: reading.read_one(office, entity, id, request.args.get("include", ""))}
                )
            case [path, id, "pdf"] if _entity(path).is_sendable:
                return Answer(sending.pdf(office, _entity(path), id), content_type="application/pdf")
        raise NotFound

    def _written(self, call: Call, request_id: str | None) -> Answer:
        office = call.company.office
        match call.parts:
            case ["batch"]:
                found = batch.run(office, call.body(), request_id, self.sandbox.random)
                return call.envelope({"BatchItemResponse": found})
            case [path, id, "send"] if _entity(path).is_sendable:
                send_to = request.args.get("sendTo", "")
                entity = _entity(path)
                return call.envelope({entity.name: sending.send(office, call.company.outbox, entity, id, send_to)})
            case [path]:
                entity = _entity(path)
                asked = Operation(request.args.get("operation", ""), request.args.get("include", ""))
                return call.envelope({entity.name: write(office, entity, call.body(), asked)})
        raise NotFound


def _entity(path: str) -> Entity:
    """Raises NotFound: a path that names nothing is answered by HTTP itself."""
    entity = BY_PATH.get(path)
    if entity is None:
        raise NotFound
    return entity


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise answers.unsupported_operation(f"Malformed byte sequence: {error.reason}") from None
