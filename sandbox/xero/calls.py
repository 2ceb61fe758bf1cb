"""One Accounting API call on its way through: what was asked, and the envelope it is answered with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from sandbox.faults import Faults
from sandbox.xero.apps import App
from sandbox.xero.books import Books
from sandbox.xero.data_faults import NAMES, spoil
from sandbox.xero.errors import Invalid, bad_body, json_response
from sandbox.xero.listing import Asked
from sandbox.xero.shape import checked
from sandbox.xero.values import NO_ID, Doc, from_json, ms_instant, new_id
from sandbox.xero.xml import to_xml

Saved = tuple[Doc, list[str]]
"""A stored document and the warnings about it."""
_ECHOED = ("Type", "InvoiceNumber", "CreditNoteNumber", "Reference", "Name", "ContactNumber")


@dataclass(frozen=True)
class Call:
    """An authorised call. `segments` are the path's words after `/api.xro/2.0/`, as written."""

    app: App
    books: Books
    method: str
    path: str
    segments: Sequence[str]
    asked: Asked
    body: bytes
    wants_json: bool
    faults: Faults

    @property
    def unit_places(self) -> int:
        return 4 if self.asked.query.get("unitdp") == "4" else 2

    def answer(self, collection: str, records: Sequence[Any], pagination: Doc | None = None) -> Response:
        """200 with the envelope, as JSON or XML, spoilt where a fault asks for it."""
        shown = list(records)
        fault = self.faults.take(self.method, self.path, *NAMES)
        if fault is not None:
            shown = spoil(collection, shown, fault)
        envelope: Doc = {
            "Id": new_id(),
            "Status": "OK",
            "ProviderName": self.app.name,
            "DateTimeUTC": ms_instant(self.books.now()).replace("+0000", ""),
        }
        if pagination is not None:
            envelope["pagination"] = pagination
        envelope[collection] = shown
        if not self.wants_json or self.faults.take(self.method, self.path, "xml"):
            return Response(to_xml(envelope), content_type="text/xml; charset=utf-8")
        return json_response(envelope)

    def elements(self, plural: str) -> list[Doc]:
        """The posted documents: one object, `{plural: [...]}`, or a bare list. Raises ApiException."""
        try:
            posted = from_json(self.body)
        except ValueError:
            raise bad_body("The post body is not valid JSON") from None
        if isinstance(posted, dict):
            posted = posted.get(plural, [posted])
        if not isinstance(posted, list) or not posted or not all(isinstance(element, dict) for element in posted):
            raise bad_body(f"The post body holds no {plural}")
        return posted

    def write(self, plural: str, save: Callable[[Doc], Saved], show: Callable[[Doc], Doc], key: str) -> Response:
        """Store the posted elements. All or none, unless `summarizeErrors=false`: then each for itself, always 200.

        Raises Invalid with every bad element's messages.
        """
        if self.asked.query.get("summarizeerrors", "true").lower() == "false":
            return self.answer(plural, [self._one(element, save, show, key) for element in self.elements(plural)])
        stored: list[Saved] = []
        refused: list[Doc] = []
        with self.books.change():
            for element in self.elements(plural):
                try:
                    stored.append(save(checked(element)))
                except (Invalid, ValueError) as error:
                    refused.append(_refused(element, error, key))
            if refused:
                raise Invalid(elements=refused)
        return self.answer(plural, [_with_warnings(show(doc), warnings) for doc, warnings in stored])

    def _one(self, element: Doc, save: Callable[[Doc], Saved], show: Callable[[Doc], Doc], key: str) -> Doc:
        try:
            with self.books.change():
                doc, warnings = save(checked(element))
        except (Invalid, ValueError) as error:
            return {**_refused(element, error, key), "StatusAttributeString": "ERROR", "HasErrors": True}
        status = "WARNING" if warnings else "OK"
        return {**_with_warnings(show(doc), warnings), "StatusAttributeString": status}


def _with_warnings(shown: Doc, warnings: list[str]) -> Doc:
    return {**shown, "Warnings": [{"Message": text} for text in warnings]} if warnings else shown


def _refused(element: Doc, error: Exception, key: str) -> Doc:
    """A refused element as Xero repeats it: without an id, with what is wrong."""
    messages = error.messages if isinstance(error, Invalid) and error.messages else [str(error)]
    echoed = {name: element[name] for name in _ECHOED if isinstance(element.get(name), str)}
    given = element.get(key)
    return {
        key: given if isinstance(given, str) and given else NO_ID,
        **echoed,
        "ValidationErrors": [{"Message": message} for message in messages],
    }
