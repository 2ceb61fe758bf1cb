"""An answer beside Xero's own OpenAPI document: names, types, enumerations and formats.

Only as much of OpenAPI as that document uses. Its MS dates (`/Date(ms+0000)/`) are strings marked `x-is-msdate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FILES = Path(__file__).resolve().parents[3].parent / "shared" / "platforms" / "xero-openapi"
ENVELOPE = frozenset({"Id", "Status", "ProviderName", "DateTimeUTC"})
"""On every answer of the platform, and in none of the document's schemas."""
UNWRITTEN = frozenset(
    {
        "DateString",
        "DueDateString",
        "DateUTCString",
        "HasErrors",
        "HasValidationErrors",
        "ID",
        "Type",
        "ValidationErrors",
    }
)
"""Members that live answers have and the schemas of some documents leave out."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MS_DATE = re.compile(r"/Date\(-?\d+([+-]\d{4})?\)/")
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, Decimal),
    "array": (list,),
    "object": (dict,),
}
Schema = dict[str, Any]


class Contract:
    """The document, read once."""

    @cached_property
    def document(self) -> Schema:
        text = (FILES / "xero_accounting.yaml").read_bytes()
        found: Schema = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return found

    def problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What in this answer the document does not know. Raises LookupError for a call that it does not describe."""
        answers = self._operation(method, path)["responses"]
        answer = answers.get(str(status)) or answers.get(status)
        if answer is None:
            raise LookupError(f"{method} {path} is not known to answer {status}")
        content = self._resolved(answer).get("content", {}).get("application/json")
        if content is None:
            return [] if body is None else [f"{path}: a body where there is none"]
        return list(self._unknown(content["schema"], body, path, is_whole=True))

    def _operation(self, method: str, path: str) -> Schema:
        words = path.strip("/").split("/")
        templates = sorted(self.document["paths"], key=lambda template: template.count("{"))
        for template in templates:
            parts = template.strip("/").split("/")
            fits = len(parts) == len(words) and all(
                part.startswith("{") or part.lower() == word.lower() for part, word in zip(parts, words, strict=True)
            )
            if fits and method.lower() in self.document["paths"][template]:
                found: Schema = self.document["paths"][template][method.lower()]
                return found
        raise LookupError(f"{method} {path} is not in the document")

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self.document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            schema = found
        if "allOf" not in schema:
            return schema
        parts = [self._resolved(part) for part in schema["allOf"]]
        return {"type": "object", "properties": {k: v for part in parts for k, v in part.get("properties", {}).items()}}

    def _unknown(self, schema: Schema, value: Any, where: str, *, is_whole: bool = False) -> Iterator[str]:
        schema = self._resolved(schema)
        kind = schema.get("type", "object" if "properties" in schema else "")
        if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
            yield f"{where}: {value!r} is no {kind}"
        elif kind == "object":
            yield from self._members(schema, value, where, ENVELOPE if is_whole else frozenset())
        elif kind == "array":
            for place, each in enumerate(value):
                yield from self._unknown(schema["items"], each, f"{where}[{place}]")
        elif kind == "string":
            yield from _text(schema, value, where)

    def _members(self, schema: Schema, value: Schema, where: str, also: frozenset[str]) -> Iterator[str]:
        known = schema.get("properties", {})
        for name, member in value.items():
            if name in known:
                yield from self._unknown(known[name], member, f"{where}.{name}")
            elif name not in also | UNWRITTEN and known:
                yield f"{where}.{name}: not in the document"


def _text(schema: Schema, value: str, where: str) -> Iterator[str]:
    if "enum" in schema and value not in [_word(each) for each in schema["enum"]]:
        yield f"{where}: {value!r} is none of {len(schema['enum'])} words"
    if schema.get("format") == "uuid" and not UUID.fullmatch(value):
        yield f"{where}: {value!r} is no UUID"
    is_ms = schema.get("x-is-msdate") or schema.get("x-is-msdate-time")
    if is_ms and not MS_DATE.fullmatch(value):
        yield f"{where}: {value!r} is no MS date"


def _word(each: object) -> object:
    # YAML takes some words of an enumeration for what they are not.
    return {True: "YES", False: "NO"}.get(each, each) if isinstance(each, bool | date) else each
