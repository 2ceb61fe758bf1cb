"""Books that are uploaded, from end to end: over HTTP as their owner does it, and mail as their customers get it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from scheduler.owner_mail import owner_mail
from store.alerts import Trouble
from store.tables import Company, FeeCharge, Invoice
from tests.scheduler.booked import charge_fees
from tests.trial import START, Trial

CUSTOMERS = "Customer no.,Name,Email\nC-1,Larkspur Café,ap@larkspur.example\n"
INVOICES = "Invoice no.,Customer,Date,Due date,Total\nINV-1,C-1,2026-01-02,2026-02-01,1200.00\n"
PAID = "Receipt no.,Invoice,Date,Amount\nR-1,INV-1,2026-03-04,1200.00\n"


class Owner:
    """Somebody who uploads, at a browser without scripts."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        trial.connect("xero", trial.open_company("xero", "Books that only let one in"))
        page = self._post("/connect/uploads", "/connect/uploads", name="Pennine Print", country="GB")
        assert page.url.endswith("/uploads")

    @property
    def company(self) -> Company:
        [found] = self.trial.rows(Company, platform="uploads")
        assert isinstance(found, Company)
        return found

    def uploads(self, *, missing: str = "stay", **files: str) -> None:
        sent = {entity: (f"{entity}.csv", content.encode()) for entity, content in files.items()}
        self._post("/uploads", "/uploads", files=sent)
        page = self._post("/uploads/check", "/uploads/check", answer="take", **{"missing-invoice": missing})
        assert "Taken in." in page.text

    def _post(self, path: str, action: str, files: object = None, **said: object):  # type: ignore[no-untyped-def]
        browser, address = self.trial.browser, self.trial.address
        text = browser.get(address + path, timeout=10).text
        start = text.index(f'action="{action}"')
        form = text[start : text.index("</form>", start)]
        fields: dict[str, object] = {}
        for tag in re.findall(r"<input [^>]*>", form):
            at = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
            if at.get("type") in (None, "hidden", "text", "email"):
                fields[at["name"]] = unescape(at.get("value", ""))
        for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.findall(r'<option value="([^"]*)" selected', options)
            fields[name] = unescape(chosen[0]) if chosen else ""
        answer = browser.post(address + action, data=fields | said, files=files, timeout=10)  # type: ignore[arg-type]
        assert answer.ok, answer.text[-2000:]
        return answer


@pytest.fixture
def owner(trial: Trial) -> Owner:
    return Owner(trial)


def test_reminders_go_out_by_mail_until_the_payment_is_uploaded(trial: Trial, owner: Owner) -> None:
    owner.uploads(customer=CUSTOMERS, invoice=INVOICES)
    trial.run(times=2)
    [mail] = trial.mails()
    assert mail.recipients == ("ap@larkspur.example",)
    assert [act.kind for act in trial.acts()] == ["remind"]  # and no note: there is nowhere to write one
    trial.let_pass(days=2)
    owner.uploads(payment=PAID)
    trial.let_pass(days=5)
    trial.run()
    assert len(trial.mails()) == 1
    assert trial.reasons() == {}


def test_nothing_rests_on_an_old_upload_and_the_owner_is_told(trial: Trial, owner: Owner) -> None:
    """An upload holds for seven days. On the eighth nobody knows who has paid."""
    owner.uploads(customer=CUSTOMERS, invoice=INVOICES)
    trial.run()
    trial.let_pass(days=8)
    reports = {report.platform: report for report in trial.run()}
    assert reports["uploads"].status == "reconnect_needed"
    assert reports["uploads"].detail == "The latest upload is 8 days old. Upload your files again."
    assert len(trial.mails()) == 1
    page = trial.browser.get(f"{trial.address}/?company={owner.company.stored_id}", timeout=10).text
    assert "Dunwell waits for your files." in page
    owner.uploads(invoice=INVOICES)
    trial.run()
    assert owner.company.status == "connected"
    assert len(trial.mails()) == 2
    owner.uploads(
        invoice=INVOICES.replace("INV-1", "INV-2"), missing="paid"
    )  # a list of what is open, and INV-1 is not
    trial.run()
    [paid] = trial.rows(Invoice, id="INV-1")
    assert (paid.status, paid.balance, paid.settled_on) == ("paid", 0, trial.today)
    assert set(trial.reasons()) == {"INV-2"}


def test_a_fee_is_made_by_hand_and_counts_once_its_owner_says_so(trial: Trial, owner: Owner) -> None:
    """
    policy   12 % a year, on the first of the month
    invoice  1200.00 due on 1 February: nobody can make a fee in a file, so its owner does, and says so by approving
    """
    owner.uploads(customer=CUSTOMERS, invoice=INVOICES)
    company_id = owner.company.stored_id
    charge_fees(trial, company_id, is_booked=False)
    trial.run(times=2)
    [fee] = trial.acts(kind="fee")
    [task] = [task for task in trial.tasks() if task.kind == "approve"]
    found = re.search(r"Make an invoice of ([0-9.]+) GBP with the number (LF-\w+) in your books, then", task.detail)
    assert found is not None, task.detail
    trial.approve(company_id, fee.key)
    [report] = [one for one in trial.run() if one.platform == "uploads"]
    assert report.performed["fee"] == 1
    made = f"{found[2]},C-1,2026-03-04,2026-03-18,{found[1]}\n"
    owner.uploads(invoice=INVOICES + made)
    trial.run()
    assert trial.reasons()[found[2]] == "own_fee"
    assert [act.state for act in trial.acts(kind="fee")] == ["done"]
    assert {row.invoice_id for row in trial.rows(FeeCharge)} == {"INV-1"}


def test_a_hold_stands_in_dunwell_alone(trial: Trial, owner: Owner) -> None:
    old = INVOICES.replace("2026-01-02", "2025-08-02").replace("2026-02-01", "2025-09-01")
    owner.uploads(customer=CUSTOMERS, invoice=old)
    trial.run(times=2)
    assert [(act.kind, act.state) for act in trial.acts(kind="hold")] == [("hold", "done")]


def test_the_owner_is_asked_for_files_and_not_to_connect_again() -> None:
    company = Company(id=1, platform="uploads", external_id="x", name="Pennine Print", created_at=START)
    trouble = Trouble(1, "reconnect_needed", "The latest upload is 8 days old. Upload your files again.")
    text = owner_mail(company, ["sam@pennine.example"], [trouble], "https://dunwell.example", START).text
    assert "8 days old. Upload your files again. Nothing goes out until then" in text
    assert "connect again" not in text
    spanish = owner_mail(company, ["sam@pennine.example"], [trouble], "https://dunwell.example", START, "es").text
    assert "La última subida tiene 8 días. Suba de nuevo sus archivos. Hasta entonces no sale nada" in spanish
