"""The XML that Xero answers with unless JSON is asked for: enough to be true XML, and to be told from JSON."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from sandbox.xero.values import iso_second, parse_instant

_IRREGULAR = {"Addresses": "Address", "Currencies": "Currency"}


def to_xml(envelope: dict[str, Any]) -> bytes:
    """A JSON envelope as a `<Response>` document."""
    root = ElementTree.Element("Response")
    for key, value in envelope.items():
        _add(root, key, value)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, key: str, value: Any) -> None:
    if value is None:
        return
    element = ElementTree.SubElement(parent, key)
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            _add(element, inner_key, inner)
    elif isinstance(value, list):
        for inner in value:
            _add(element, _IRREGULAR.get(key, key.removesuffix("s")), inner)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif isinstance(value, str) and value.startswith("/Date("):
        element.text = iso_second(parse_instant(value))
    else:
        # Control characters have no place in XML, whatever somebody typed into an invoice.
        element.text = "".join(letter for letter in str(value) if letter >= " " or letter in "\t\n\r")
