"""The control API: what a test may do from outside, and that it is told what it did wrong."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.server import Sandbox
from tests.sandbox.conftest import Listener, Write


class Control:
    """Speaks JSON to `/control`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._root = f"{sandbox.base_url}/control"

    def ask(self, method: str, path: str, /, **body: Any) -> tuple[int, Any]:
        answer = requests.request(method, self._root + path, json=body if method == "POST" else None, timeout=10)
        return answer.status_code, answer.json()

    def get(self, path: str) -> Any:
        return self._done(self.ask("GET", path))

    def post(self, path: str, /, **body: Any) -> Any:
        return self._done(self.ask("POST", path, **body))

    def delete(self, path: str) -> Any:
        return self._done(self.ask("DELETE", path))

    def refused(self, path: str, /, **body: Any) -> str:
        status, answer = self.ask("POST", path, **body)
        assert status == 400, answer
        return str(answer["error"])

    @staticmethod
    def _done(answer: tuple[int, Any]) -> Any:
        assert answer[0] == 200, answer
        return answer[1]


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return Control(sandbox)


@pytest.fixture(params=["quickbooks", "xero"])
def book(request: pytest.FixtureRequest, control: Control) -> str:
    """The path of a new company's books, on each platform in turn."""
    company = control.post(
        f"/{request.param}/companies",
        name="Harbor Lane",
        country="US",
        currency="USD",
        time_zone="America/Los_Angeles",
    )
    return f"/{request.param}/companies/{company['external_id']}"


def test_the_clock_is_moved_to_an_instant_and_by_days(control: Control) -> None:
    control.post("/clock", at="2026-05-01T12:00:00Z")
    moved = control.post("/clock", weeks=1, days=2, hours=1)
    assert moved["now"].startswith("2026-05-10T13:0")
    assert control.get("/clock")["now"].startswith("2026-05-10T13:0")


def test_a_bookkeeper_works_in_the_books_from_outside(control: Control, book: str) -> None:
    customer = control.post(f"{book}/do/add_customer", name="Larkspur", email="ap@larkspur.example")["result"]
    invoice = control.post(
        f"{book}/do/add_invoice",
        customer_id=customer,
        lines=[["Beans", "100.00"], ["Cups", 20]],
        issued_on="2026-02-01",
        due_on="2026-03-03",
    )["result"]
    [listed] = control.get(f"{book}/invoices")
    assert (listed["id"], listed["due_on"], listed["balance"]) == (invoice, "2026-03-03", listed["total"])
    control.post(
        f"{book}/do/receive_payment",
        customer_id=customer,
        amount=listed["balance"],
        paid_on="2026-03-04",
        applied={invoice: listed["balance"]},
    )
    assert control.get(f"{book}/invoices") == []
    assert control.get(book)["open_invoices"] == 0


def test_a_platforms_refusal_is_heard(control: Control, book: str) -> None:
    wrong = {"customer_id": "nobody", "lines": [["x", "1.00"]], "issued_on": "2026-02-01", "due_on": "2026-03-03"}
    assert control.refused(f"{book}/do/add_invoice", **wrong)


def test_what_is_wrong_with_a_body_is_told_where_it_is_wrong(control: Control, book: str) -> None:
    assert "`issued_on`" in control.refused(f"{book}/do/add_invoice", customer_id="1", lines=[])
    assert "$.due_on" in control.refused(f"{book}/do/change_due_date", invoice_id="1", due_on="tomorrow")
    assert "`tims`" in control.refused("/faults", name="html", tims=3)
    assert "$.times" in control.refused("/faults", name="html", times=0)
    assert "expected one of add_customer" in control.refused(f"{book}/do/embezzle")
    assert "with a zone" in control.refused("/clock", at="2026-05-01T12:00:00")


def test_an_unknown_platform_or_company_is_named(control: Control) -> None:
    assert control.ask("GET", "/sage/companies/1") == (
        400,
        {"error": "'sage' is no platform here: expected quickbooks, xero or freshbooks"},
    )
    assert control.ask("GET", "/xero/companies/nobody") == (400, {"error": "xero has no company 'nobody'"})
    assert control.ask("GET", "/nowhere")[0] == 404


def test_only_json_is_heard_so_that_no_web_page_can_post_a_form(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.base_url}/control/clock", data='{"days": 1}', timeout=5)
    assert (answer.status_code, "application/json" in answer.json()["error"]) == (400, True)


def test_faults_are_put_shown_and_cleared(sandbox: Sandbox, control: Control) -> None:
    control.post("/faults", name="status", method="GET", path="^/echo", times=2, args={"code": 503, "body": "busy"})
    assert requests.get(f"{sandbox.base_url}/echo", timeout=5).status_code == 503
    told = control.get("/faults")
    assert (told["waiting"][0]["times"], told["struck"]) == (1, [["status", "GET", "/echo"]])
    control.delete("/faults")
    assert requests.get(f"{sandbox.base_url}/echo", timeout=5).status_code == 200


def test_webhooks_are_held_back_and_sent_again(sandbox: Sandbox, control: Control, listener: Listener) -> None:
    control.post("/webhooks/pause")
    number = sandbox.webhooks.queue(listener.url, b"{}", {})
    assert [delivery["number"] for delivery in control.get("/webhooks")["waiting"]] == [number]
    control.post("/webhooks/resume")
    assert sandbox.webhooks.settle()
    control.post(f"/webhooks/{number}/redeliver")
    assert sandbox.webhooks.settle()
    assert listener.bodies == [b"{}", b"{}"]
    assert "no delivery" in control.refused("/webhooks/99/redeliver")


def test_mails_are_shown_by_recipient(control: Control, write: Write) -> None:
    write("ap@larkspur.example", "Yours")
    write("ap@heron.example", "Theirs")
    assert [mail["subject"] for mail in control.get("/mailbox")] == ["Yours", "Theirs"]
    assert [mail["subject"] for mail in control.get("/mailbox?to=ap@heron.example")] == ["Theirs"]


def test_requests_are_counted_per_platform(sandbox: Sandbox, control: Control) -> None:
    requests.get(f"{sandbox.base_url}/xero/connections", timeout=5)
    seen = control.get("/requests")
    assert (len(seen["xero"]), len(seen["quickbooks"])) == (1, 0)
    assert control.delete("/requests")["xero"] == []


def test_documents_are_loaded_in_the_platforms_own_shape(control: Control) -> None:
    made = {"name": "Kauri", "country": "NZ", "currency": "NZD", "time_zone": "Pacific/Auckland"}
    company = control.post("/xero/companies", **made)
    path = f"/xero/companies/{company['external_id']}"
    document = {"ContactID": "0c0ffee0-0000-4000-8000-000000000001", "Name": "Tūī Homes", "ContactStatus": "ACTIVE"}
    assert control.post(f"{path}/load", entity="Contact", documents=[document]) == {"loaded": 1}
    assert control.refused(f"{path}/load", entity="Spaceship", documents=[{}])
    assert [shown["name"] for shown in control.get("/companies")["xero"]] == ["Kauri"]


def test_the_state_shows_everything_at_a_glance(control: Control, book: str, write: Write) -> None:
    write()
    control.post("/faults", name="html", path="^/nowhere")
    state = control.get("/state")
    assert (state["mails"], state["faults_waiting"], state["faults_struck"], state["world"]) == (1, 1, 0, False)
    platform, external_id = book.split("/")[1], book.split("/")[3]
    assert [company["external_id"] for company in state["companies"][platform]] == [external_id]


def test_without_a_world_its_settings_cannot_be_asked_for(control: Control) -> None:
    assert control.ask("GET", "/world") == (400, {"error": "no world lives in this sandbox"})
