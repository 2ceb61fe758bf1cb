"""Books for the pages to show: a joinery in Wellington, decided on by the real engine, recorded by the real store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from connectors.mail.context import MessageContext
from connectors.mail.message import SendMail
from connectors.mail.templates import render_source, template
from connectors.ports import Mail
from engine.account import Account
from engine.books import (
    ContactPersonRecord,
    CreditKind,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    Page,
    PaymentRecord,
    SetAside,
)
from engine.decide import decide
from engine.keys import reminder_key
from engine.money import Money
from engine.plan import Action, InvoiceDue, OfferDiscount, SendReminder
from store import accounts, companies, lapsing, ledger, people, policies, runs
from store.acts import Planning, record_acts
from store.database import Database
from store.pages import store_page
from store.tables import Company
from tests.store.books import WHY

NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
"""Tuesday 3 March 2026, ten in the morning in Wellington."""
TODAY = date(2026, 3, 3)
ASKED = "m" * 32
"""The act that `ask_for_approval` records."""


def invoice(number: str, customer: str, due_in: int, total: str = "1200.00", **more: object) -> InvoiceRecord:
    """An open invoice of 30 days' credit, due in that many days from TODAY; `total` in NZD."""
    minor = int(total.replace(".", ""))
    due = TODAY + timedelta(days=due_in)
    known: dict[str, object] = {
        "id": number.lower(),
        "number": number,
        "customer_id": customer,
        "status": InvoiceStatus.OPEN,
        "issued_on": due - timedelta(days=30),
        "due_on": due,
        "currency": "NZD",
        "total": minor,
        "stated_balance": minor,
    }
    return InvoiceRecord(**known | more)  # type: ignore[arg-type]  # the defaults above, changed by keyword


def joinery() -> Page:
    """Customers in every state that a page can show."""
    customer = CustomerRecord
    return Page(
        cursor="1",
        is_complete=True,
        customers=(
            customer(
                id="c1", name="Aro Valley Cafe", email="accounts@aro.example", currency="NZD", phone="04 555 0101"
            ),
            customer(
                id="c2",
                name="Brooklyn Builders Ltd",
                email="pay@brooklyn.example",
                people=(ContactPersonRecord("Sam", "sam@brooklyn.example"),),
            ),
            customer(id="c3", name="Cuba Street Dental", email=""),
            customer(id="c4", name="<b>Dodgy & Sons</b>", email="hello@dodgy.example"),
            customer(id="c5", name="Evans Bay Yachts", email="office@evansbay.example"),
        ),
        invoices=(
            invoice("INV-101", "c1", -12, "1840.50"),
            invoice("INV-102", "c1", 9, "620.00"),
            invoice("INV-103", "c2", -75, "12400.00"),
            invoice("INV-104", "c2", -40, "3310.25"),
            invoice("INV-105", "c3", -5, "480.00"),
            invoice("INV-106", "c4", -20, "999.99"),
            invoice("INV-107", "c5", -4, "2500.00"),
            invoice("INV-108", "c5", 20, "7200.00"),
            invoice("INV-109", "c1", -60, "300.00", status=InvoiceStatus.PAID, stated_balance=0, settled_on=TODAY),
        ),
        payments=(
            PaymentRecord(
                id="p1",
                customer_id="c5",
                status=DocumentStatus.POSTED,
                paid_on=TODAY - timedelta(days=1),
                currency="NZD",
                total=250000,
                unapplied=250000,
                reference="Bank transfer",
            ),
        ),
        credits=(
            CreditRecord(
                id="cn1",
                kind=CreditKind.CREDIT_NOTE,
                customer_id="c4",
                number="CN-7",
                status=DocumentStatus.POSTED,
                issued_on=TODAY - timedelta(days=3),
                currency="NZD",
                total=5000,
                remaining=5000,
            ),
        ),
        set_aside=(
            SetAside(entity="invoice", id="INV-666", reason="Status is 'GALLOPING': expected one of the known states."),
        ),
    )


def connect(
    database: Database, name: str = "Harbour Joinery Ltd", mode: str = "automatic", external_id: str = "1"
) -> Company:
    """A connected company with a policy of its own, whose books have not been read yet."""
    with database.begin() as session:
        company = companies.connect(
            session, platform="xero", external_id=external_id, name=name, mode=mode, now=NOW - timedelta(days=30)
        )
        company.country, company.base_currency, company.time_zone = "NZ", "NZD", "Pacific/Auckland"
        company.email, company.watched_since_on = "accounts@harbour.example", TODAY - timedelta(days=30)
        session.add(company)
    with database.begin() as session:
        policies.save(session, company.id or 0, policies.current(session, company.id or 0), NOW, "user 1")
    return company


def read_and_decide(database: Database, company: Company, page: Page | None = None) -> None:
    """One run without its last step: nothing is sent."""
    with database.begin() as session:
        store_page(session, company.id or 0, page or joinery(), NOW)
        company = companies.get(session, company.id or 0)
        run_id = runs.start(session, company.id or 0, "test", NOW)
        policy = policies.current(session, company.id or 0)
        due = accounts.due_customers(session, company.id or 0, TODAY)
        decided = [
            (account, decide(account, policy, TODAY)) for account in accounts.load(session, company.id or 0, due, TODAY)
        ]
        for _, plan in decided:
            ledger.record_plan(session, company, plan, policy.version, run_id, NOW, TODAY, _bodies)
        lapsing.look(session, company.id or 0, decided, NOW)
        runs.finish(session, run_id, "ok", "", {}, NOW)


def _bodies(action: Action) -> list[ledger.PlannedAct]:
    if isinstance(action, SendReminder):
        steps = tuple((one.invoice_id, one.step) for one in action.invoices)
        key = reminder_key("1", action.customer_id, steps)
        taken = tuple(pair for pair in steps if pair[1])
        return [ledger.PlannedAct(kind="remind", key=key, step=action.step, invoices=taken, body="{}")]
    if isinstance(action, OfferDiscount):
        return []
    kind = type(action).__struct_config__.tag
    return [ledger.PlannedAct(kind=str(kind), key=f"{kind}-{action.customer_id}".ljust(32, "0"), body="{}")]


def ask_for_approval(database: Database, company: Company) -> None:
    """A reminder to Aro Valley Cafe about INV-101 that somebody has to approve."""
    owed = Money(184050, "NZD")
    due = InvoiceDue(invoice_id="inv-101", number="INV-101", due_on=TODAY, balance=owed, days_overdue=12, step=3)
    facts = MessageContext(customer_name="Aro Valley Cafe", company_name=company.name, invoices=(due,), today=TODAY)
    words, to = template("reminder_2"), ("accounts@aro.example",)
    text = render_source(words, facts)
    mail = Mail(key=ASKED, to=to, subject=text.subject, text=text.text, html=text.html, sender_name="Harbour")
    body = msgspec.json.encode(SendMail(mail, ("inv-101",), facts, words)).decode()
    act = ledger.PlannedAct(kind="remind", key=ASKED, step=9, needs_approval=True, body=body)
    with database.begin() as session:
        company = companies.get(session, company.stored_id)
        planning = Planning(company=company, customer_id="c1", run_id=None, now=NOW, today=TODAY)
        record_acts(session, planning, WHY, [act])


def member(database: Database, company: Company, role: str = "owner", subject: str = "mia") -> int:
    """A person with that role; returns the user's id."""
    with database.begin() as session:
        user = people.sign_in(session, "xero", subject, f"{subject}@harbour.example", subject.title(), NOW)
        people.grant_role(session, user.id or 0, company.id or 0, role)
    return user.id or 0


def account_of(database: Database, company: Company, customer_id: str) -> Account:
    """The customer as the engine sees it today."""
    with database.read() as session:
        return accounts.load(session, company.id or 0, [customer_id], TODAY)[0]
