"""What a webhook that never came was about is read with the next one: an event only says that there is something."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sandbox.faults import Fault
from store import companies
from store.tables import Invoice
from tests.trial import Trial


def test_a_gap_in_the_deliveries_and_two_out_of_order_lose_nothing(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    company = trial.connect(platform, books)
    trial.run()
    trial.let_pass(minutes=30)
    for trouble in ("webhook_drop", "webhook_swap", "webhook_duplicate"):
        trial.sandbox.faults.add(Fault(trouble, "POST", f"/webhooks/{platform}"))
    customer = books.add_customer("Larkspur Café", "ap@larkspur.example")
    for number in range(4):
        line = [("Beans", Decimal(10 + number))]
        books.add_invoice(customer, line, issued_on=trial.today, due_on=trial.today + timedelta(days=30))
    trial.let_pass(minutes=30)
    assert trial.sandbox.webhooks.settle()
    with trial.house.database.read() as session:
        due_at = companies.get(session, company).next_run_at
    assert due_at is not None
    assert due_at <= trial.sandbox.clock.now()
    trial.run()
    assert len(trial.rows(Invoice)) == 4
