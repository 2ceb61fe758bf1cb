"""The accounting API over HTTP: who may ask for what of which business, the lists and single objects, and trouble.

Trouble on request, by fault name: `throttle` (`retry_after`), `token_expired`, `forbidden`, `xml`; in a list of
invoices `bad_record` and `unknown_enum`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.freshbooks import listing, render, writing
from sandbox.freshbooks.books import Client, Invoice, Payment
from sandbox.freshbooks.company import FreshBooksCompany

if TYPE_CHECKING:
    from sandbox.freshbooks.sandbox import FreshBooksSandbox

RESOURCES: dict[str, tuple[type, str, str, str]] = {
    "users/clients": (Client, "client", "clients", "user:clients:read"),
    "invoices/invoices": (Invoice, "invoice", "invoices", "user:invoices:read"),
    "payments/payments": (Payment, "payment", "payments", "user:payments:read"),
}
"""Path → kind, the names of one and of many in an answer, the scope that reading needs."""
_A_LOT = {"amount": "a lot", "code": "USD"}
_SPOILED: dict[str, dict[str, Any]] = {
    "bad_record": {"outstanding": _A_LOT, "amount": _A_LOT, "email": ["a lot"], "credit_balance": "a lot"},
    "unknown_enum": {"v3_status": "dreamt"},
}
"""Of an invoice, a payment or a client, whichever of these fields it has."""


def accounting_error(status: int, errno: int, message: str, what: str = "", value: str = "") -> tuple[Response, int]:
    """An error as the accounting endpoints tell it. Source: the SDK's samples, `get_client_response__not_found`."""
    error = {"errno": errno, "field": what, "message": message, "object": what, "value": value}
    return jsonify(response={"errors": [error]}), status


def unauthenticated() -> tuple[Response, int]:
    return jsonify(error="unauthenticated", error_description="This action requires authentication to continue."), 401


class Api:
    """The endpoints, as views of one sandbox."""

    def __init__(self, sandbox: FreshBooksSandbox) -> None:
        self.sandbox = sandbox

    def register(self, blueprint: Blueprint) -> None:
        root = "/accounting/account/<account>/<path:path>"
        blueprint.add_url_rule(root, "accounting", self.answer, methods=["GET", "POST", "PUT", "DELETE"])

    def answer(self, account: str, path: str) -> ResponseReturnValue:
        stopped = self._trouble()
        if stopped is not None:
            return stopped
        resource, _, last = path.rpartition("/")
        key, id = (resource, int(last)) if last.isdecimal() else (path, 0)
        if key not in RESOURCES:
            return accounting_error(404, 1012, "The server could not find the requested resource")
        scope = RESOURCES[key][3] if request.method == "GET" else RESOURCES[key][3].replace(":read", ":write")
        company = self._company(account, scope)
        if company is None:
            return self._refused()
        if request.method != "GET":
            return self._write(company, key, id)
        return self._one(company, key, id) if id else self._many(company, key)

    def _write(self, company: FreshBooksCompany, key: str, id: int) -> ResponseReturnValue:
        """Invoices alone: nothing else is written by anybody yet."""
        if key != "invoices/invoices":
            return accounting_error(405, 0, "The method is not allowed for the requested URL.")
        try:
            row = writing.write(company, request.method, id, request.get_json(silent=True))
        except writing.RefusedError as refusal:
            return accounting_error(refusal.status, refusal.errno, str(refusal), "invoice", str(id))
        return jsonify(response={"result": {"invoice": self._shown(company, row)}})

    def _trouble(self) -> ResponseReturnValue | None:
        """The answer that a fault gives instead of the service."""
        take, method, path = self.sandbox.faults.take, request.method, request.path
        if fault := take(method, path, "throttle"):
            answer = jsonify(message="API rate limit exceeded")
            answer.headers["Retry-After"] = str(fault.args.get("retry_after", 30))
            return answer, 429
        if take(method, path, "token_expired"):
            return unauthenticated()
        if take(method, path, "forbidden"):
            return accounting_error(403, 1003, "The server could not verify that you are authorized to access this.")
        if take(method, path, "xml"):
            return Response('<?xml version="1.0"?><response status="ok"/>', mimetype="application/xml")
        return None

    def _grant(self) -> Any:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.sandbox.tokens.grant_of(token, self.sandbox.clock.now()) if kind == "Bearer" else None

    def _company(self, account: str, scope: str) -> FreshBooksCompany | None:
        grant, company = self._grant(), self.sandbox.companies.get(account)
        return company if grant is not None and company is not None and scope in grant.scopes else None

    def _refused(self) -> ResponseReturnValue:
        if self._grant() is None:
            return unauthenticated()
        return accounting_error(403, 1003, "The server could not verify that you are authorized to access this.")

    def _many(self, company: FreshBooksCompany, key: str) -> ResponseReturnValue:
        kind, one, many, _ = RESOURCES[key]
        query = request.args.to_dict(flat=False)
        newest_first = company.switches.newest_first
        try:
            rows = listing.found(
                company.books, kind, company.rows(kind), listing.search_of(query), newest_first=newest_first
            )
            page = listing.paged(rows, request.args.get("page", "1"), request.args.get("per_page", "15"))
        except ValueError as error:
            return accounting_error(422, 1004, f"Invalid value: {error}")
        documents = self._spoiled(one, [self._shown(company, row) for row in page.rows])
        facts = {"page": page.page, "pages": page.pages, "per_page": page.per_page, "total": page.total}
        return jsonify(response={"result": {many: documents} | facts})

    def _one(self, company: FreshBooksCompany, key: str, id: int) -> ResponseReturnValue:
        kind, one, _, _ = RESOURCES[key]
        for row in company.rows(kind):
            if row.id == id:
                return jsonify(response={"result": {one: self._shown(company, row)}})
        return accounting_error(404, 1012, f"{one.capitalize()} not found.", f"{one}id", str(id))

    def _shown(self, company: FreshBooksCompany, row: Any) -> render.Document:
        if isinstance(row, Client):
            return render.client(company.books, row, set(request.args.getlist("include[]")))
        if isinstance(row, Invoice):
            return render.invoice(company.books, row, company.today)
        return render.payment(row)

    def _spoiled(self, one: str, documents: list[render.Document]) -> list[render.Document]:
        fault = self.sandbox.faults.take(request.method, f"{request.path}#{one}", *_SPOILED) if documents else None
        if fault is None:
            return documents
        spoiled = {field: value for field, value in _SPOILED[fault.name].items() if field in documents[0]}
        return [documents[0] | spoiled, *documents[1:]]
