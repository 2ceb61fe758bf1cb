"""A parent and its sub-customer in QuickBooks Online: one mail for both, and the newest word of either counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.policy import Consolidation
from store.tables import ActionInvoice, ContactEvent
from tests.trial import Trial, overdue_invoice


class Larkspur:
    """A café, and its kiosk at the pier that is billed with it; each owes one invoice."""

    def __init__(self, trial: Trial) -> None:
        self.books = trial.open_company("quickbooks")
        self.cafe, self.own = overdue_invoice(self.books, trial.today, days=12)
        body = {"DisplayName": "Larkspur Kiosk", "Job": True, "ParentRef": {"value": self.cafe}, "BillWithParent": True}
        self.kiosk = str(self.books.write("Customer", body)["Id"])
        due_on = trial.today - timedelta(days=4)
        self.theirs = self.books.add_invoice(
            self.kiosk, [("Cups", Decimal(30))], issued_on=due_on - timedelta(days=30), due_on=due_on
        )
        self.company = trial.connect("quickbooks", self.books)
        trial.save_policy(self.company, consolidation=Consolidation(by="parent"))


@pytest.fixture
def larkspur(trial: Trial) -> Larkspur:
    return Larkspur(trial)


def test_one_mail_speaks_for_both_and_each_ladder_goes_on(trial: Trial, larkspur: Larkspur) -> None:
    [report] = trial.run(times=2)
    assert report.status == "ok"
    [mail] = trial.mails()
    assert "Larkspur Kiosk" in mail.text
    assert "150.00" in mail.text
    assert {row.invoice_id for row in trial.rows(ActionInvoice, kind="remind")} == {larkspur.own, larkspur.theirs}
    assert {row.customer_id for row in trial.rows(ContactEvent)} == {larkspur.cafe, larkspur.kiosk}
    token = mail.text.split("/portal/")[1].split()[0]
    page = trial.browser.get(f"{trial.address}/portal/{token}").text
    assert ("Larkspur Kiosk" in page, "£150.00" in page) == (True, True)


def test_what_the_sub_customer_paid_just_now_is_not_asked_for(trial: Trial, larkspur: Larkspur) -> None:
    trial.set_mode(larkspur.company, "approve")
    trial.run()
    [waiting] = trial.acts(kind="remind")
    larkspur.books.receive_payment(larkspur.kiosk, Decimal(30), trial.today, {larkspur.theirs: Decimal(30)})
    trial.approve(larkspur.company, waiting.key)
    trial.set_mode(larkspur.company, "automatic")
    trial.run()
    assert ["Larkspur Kiosk" in mail.text for mail in trial.mails()] == [False]
