"""The API keeps to its document: schemathesis makes up requests, good and bad, and holds every answer against it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from store import api_keys
from store.database import Database
from store.tables import Company
from tests.webapp import books
from webapp.api.operation import OPERATIONS
from webapp.limits import limiter

THERE = {"customer_id": "c1", "invoice_id": "inv-101"}
MODES = {"good": GenerationMode.POSITIVE, "bad": GenerationMode.NEGATIVE}
TRIES = 6


@pytest.fixture
def unlimited() -> Iterator[None]:
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.mark.parametrize("requests", MODES)
def test_every_answer_is_as_the_document_says(
    app: Flask, database: Database, company: Company, unlimited: None, requests: str
) -> None:
    with database.begin() as session:
        key = api_keys.make(session, company.stored_id, "Fuzzer", "act", books.NOW, "user 1")
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried = set()
    for found in document.get_all_operations():
        operation = found.ok()
        tried.add(operation.definition.raw["operationId"])

        @settings(
            max_examples=TRIES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=MODES[requests]), is_there=st.booleans())
        def ask(case: Case, is_there: bool) -> None:
            if is_there and requests == "good":
                case.path_parameters.update({name: THERE[name] for name in case.path_parameters})
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

        ask()
    assert tried == {one.name for one in OPERATIONS}
