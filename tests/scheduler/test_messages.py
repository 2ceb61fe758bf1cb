"""What else customers read: statements and thanks, and who gets a copy of a reminder."""

from __future__ import annotations

from decimal import Decimal

from engine.policy import Sender, Statements, Step, Thanks
from store.tables import ContactEvent
from tests.trial import Trial, overdue_invoice


def test_a_statement_goes_out_once_a_month_to_whoever_owes_something(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=5)
    company = trial.connect(platform, books)
    trial.save_policy(company, ladder=(), statements=Statements(is_on=True, day_of_month=2))
    [report] = trial.run()
    assert report.performed == {"statement": 1, "note": 1}
    trial.let_pass(days=1)
    trial.run(times=2)
    [mail] = trial.mails()
    assert mail.subject == "Your statement of account with Quayside Joinery"
    [note] = books.notes_on("customer", customer)
    assert "Statement of account sent to ap@larkspur.example" in note
    trial.let_pass(days=34)
    trial.run(times=2)
    assert len(trial.mails()) == 2


def test_a_statement_is_a_contact_and_waits_for_the_budget(trial: Trial, platform: str) -> None:
    """a reminder goes out on 4 March: the statement for the 2nd waits until the customer may be written to again"""
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.save_policy(company, statements=Statements(is_on=True, day_of_month=2, for_days=20))
    sent = []
    for _ in range(8):
        trial.run()
        sent.append([event.kind for event in trial.rows(ContactEvent)])
        trial.let_pass(days=1)
    assert sent[0] == sent[1] == ["remind"]
    assert sent[-1] == ["remind", "statement"]


def test_who_paid_after_a_reminder_is_thanked_once(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.save_policy(company, thanks=Thanks(is_on=True, within_days=14))
    trial.run()
    owed = books.open_invoices()[0].balance
    trial.let_pass(days=5)
    books.receive_payment(customer, owed, trial.today, {invoice: owed})
    for _ in range(6):
        trial.run()
        trial.let_pass(days=1)
    assert [event.kind for event in trial.rows(ContactEvent)] == ["remind", "thank_you"]
    assert "is paid" in trial.mails()[-1].subject


def test_a_credit_is_no_payment_to_thank_for(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.save_policy(company, thanks=Thanks(is_on=True, within_days=14))
    trial.run()
    owed = books.open_invoices()[0].balance
    trial.let_pass(days=5)
    books.add_credit_note(customer, owed, trial.today, {invoice: owed})
    trial.run(times=2)
    assert [event.kind for event in trial.rows(ContactEvent)] == ["remind"]


def test_observe_and_approve_modes_hold_for_statements_too(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=5)
    company = trial.connect(platform, books)
    trial.save_policy(company, ladder=(), statements=Statements(is_on=True, day_of_month=2))
    trial.set_mode(company, "observe")
    trial.run()
    assert (trial.acts(), trial.mails()) == ([], [])
    trial.set_mode(company, "approve")
    trial.save_policy(company, statements=Statements(is_on=True, day_of_month=3))
    trial.run()
    [act] = trial.acts(kind="statement")
    assert (act.state, trial.mails()) == ("planned", [])
    trial.approve(company, act.key)
    trial.run()
    assert len(trial.mails()) == 1


def test_a_step_may_wait_for_a_person_in_automatic_mode(trial: Trial) -> None:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    trial.save_policy(company, ladder=(Step(number=1, days=3, template="final_notice", needs_approval=True),))
    trial.run()
    assert trial.mails() == []
    [act] = trial.acts(kind="remind")
    trial.approve(company, act.key)
    [report] = trial.run()
    assert report.performed == {"remind": 1, "note": 1}


def test_a_step_has_its_own_sender_and_copies(trial: Trial) -> None:
    """the last step comes from the director, whom the customer sees in copy; the bookkeeper gets a blind one; the logo
    is the company's own, whoever writes"""
    books = trial.open_company("xero")
    customer = books.add_customer("Larkspur Café", "ap@larkspur.example", people=[("Ann", "ann@larkspur.example")])
    due_on = trial.today.replace(day=1)
    books.add_invoice(customer, [("Beans", Decimal(99))], issued_on=due_on, due_on=due_on)
    company = trial.connect("xero", books)
    last = Step(
        number=1,
        days=2,
        template="final_notice",
        recipients="billing",
        cc=("jo@quayside.example", "AP@larkspur.example"),
        bcc=("books@quayside.example", "jo@quayside.example"),
        sender=Sender(name="Jo Quay", reply_to="jo@quayside.example"),
    )
    trial.save_policy(company, ladder=(last,), sender=Sender(logo="a" * 32, logo_url="https://quayside.example/l.png"))
    trial.run()
    [mail] = trial.mails()
    html = str(mail.message.get_body(("html",)).get_content())
    assert f'src="{trial.address}/logos/{company}/{"a" * 32}.png"' in html
    assert mail.recipients == ("ap@larkspur.example", "jo@quayside.example", "books@quayside.example")
    assert "books@" not in mail.message["Cc"]
    assert ("Jo Quay" in mail.from_, mail.message["Reply-To"]) == (True, "jo@quayside.example")
