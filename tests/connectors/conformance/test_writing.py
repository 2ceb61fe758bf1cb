"""What any connector must do when it writes: each thing once, whatever is lost on the way, and shown to people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from connectors.documents import Booking, CreditOrder, DocumentWriter, FeeOrder
from connectors.errors import OutcomeUnknown, Refused
from connectors.ports import NoteTarget
from engine.keys import fee_reference
from sandbox.faults import Fault
from store.tables import Invoice
from tests.connectors.conformance.subject import ONLINE, Subject

ISSUED, DUE, TODAY = date(2026, 2, 2), date(2026, 2, 20), date(2026, 3, 4)
KEY = "7f3a9c1b" * 4
BOOKED = {
    "quickbooks": (Booking(item="2"), Booking(item="3")),
    "xero": (Booking(account="260", tax="NONE"), Booking(account="210")),
    "freshbooks": (Booking(), Booking()),
}
"""What fees and credits are booked to, on each platform."""
PATHS = {
    "quickbooks": {"fee": "/invoice$", "credit": "/creditmemo$", "applied": "/payment$", "mail": "/send$"},
    "xero": {"fee": "/Invoices", "credit": "/CreditNotes$", "applied": "/Allocations$", "mail": "/Email$"},
    "freshbooks": {"fee": "/invoices/invoices", "mail": "/invoices/invoices/"},
}
WRITES = {"quickbooks": ("POST",), "xero": ("PUT", "POST"), "freshbooks": ("POST", "PUT", "DELETE")}
BILLERS = pytest.mark.parametrize("platform", ONLINE, indirect=True)
"""Those that make invoices: all that speak to a platform."""
NOTES = {"quickbooks": "/attachable$", "xero": "/History$"}


def bill(platform: Subject, customer: str, amount: int = 100) -> str:
    made = platform.company.add_invoice(customer, [("Work", Decimal(amount))], issued_on=ISSUED, due_on=DUE)
    return str(made)


@pytest.fixture
def customer(platform: Subject) -> str:
    return str(platform.company.add_customer("Larkspur Ltd", "ap@larkspur.example"))


@pytest.fixture
def documents(platform: Subject) -> DocumentWriter:
    found = platform.books().documents
    assert found is not None
    return found


@pytest.fixture
def fee(platform: Subject, customer: str) -> FeeOrder:
    return FeeOrder(
        customer_id=customer,
        currency=platform.company.currency,
        amount=2500,
        description="Late fee",
        reference=fee_reference(KEY),
        dated_on=TODAY,
        due_on=TODAY + timedelta(days=14),
        booking=BOOKED[platform.name][0],
    )


def credit(platform: Subject, customer: str, invoice: str, amount: int = 2500) -> CreditOrder:
    return CreditOrder(
        customer_id=customer,
        invoice_id=invoice,
        currency=platform.company.currency,
        amount=amount,
        description="Early-payment discount",
        reference="DISC-1-7f3a",
        dated_on=TODAY,
        booking=BOOKED[platform.name][1],
    )


def lose(platform: Subject, fault: str, path: str) -> None:
    """The next write there loses its answer: before it took effect, or after."""
    assert platform.sandbox is not None
    for each in WRITES[platform.name]:
        platform.sandbox.faults.add(Fault(fault, each, path))


def forgive(platform: Subject) -> None:
    assert platform.sandbox is not None
    platform.sandbox.faults.clear()
    platform.clock.advance(timedelta(hours=1))


LOST = pytest.mark.parametrize("fault", ["drop_before", "drop_after"])


class TestNotes:
    @LOST
    @pytest.mark.parametrize("entity", ["invoice", "customer"])
    def test_a_note_whose_answer_is_lost_can_be_looked_up(
        self, platform: Subject, customer: str, fault: str, entity: str
    ) -> None:
        target = NoteTarget(entity, bill(platform, customer) if entity == "invoice" else customer)
        lose(platform, fault, NOTES[platform.name])
        with pytest.raises(OutcomeUnknown):
            platform.books().write_note(target, "Reminder 2 sent.", KEY)
        forgive(platform)
        assert platform.books().has_note(target, KEY) == (fault == "drop_after")
        assert not platform.books().has_note(target, KEY[::-1])

    def test_the_same_note_twice_is_one(self, platform: Subject, customer: str) -> None:
        for _ in range(2):
            platform.books().write_note(NoteTarget("customer", customer), "Called.", KEY)
        (text,) = platform.company.notes_on("customer", customer)
        assert "Called." in text

    def test_a_note_beyond_measure_keeps_its_mark(self, platform: Subject, customer: str) -> None:
        target = NoteTarget("customer", customer)
        platform.books().write_note(target, "long " * 5000, KEY)
        assert platform.books().has_note(target, KEY)


class TestHolds:
    def test_a_hold_is_shown_and_lifted_however_often(self, platform: Subject, customer: str) -> None:
        books = platform.books()
        for _ in range(2):
            books.show_hold(customer, "On credit hold since 4 March.", KEY)
        assert list(platform.company.customers_on_hold()) == [customer]
        for _ in range(2):
            platform.books().lift_hold(customer, "Released on 5 March.", KEY[::-1])
        assert list(platform.company.customers_on_hold()) == []


@BILLERS
class TestFees:
    @LOST
    def test_a_fee_whose_answer_is_lost_is_made_once(
        self, platform: Subject, documents: DocumentWriter, fee: FeeOrder, fault: str
    ) -> None:
        lose(platform, fault, PATHS[platform.name]["fee"])
        with pytest.raises(OutcomeUnknown):
            documents.make_fee(fee, KEY)
        forgive(platform)
        assert (documents.find_fee(fee.reference) is not None) == (fault == "drop_after")
        first = documents.make_fee(fee, KEY)
        assert documents.make_fee(fee, KEY) == first == documents.find_fee(fee.reference)
        platform.sync()
        assert [(row.id, row.balance, row.due_on) for row in platform.rows(Invoice)] == [(first, 2500, fee.due_on)]

    @LOST
    def test_a_fee_is_taken_back_and_not_put_back(
        self, platform: Subject, documents: DocumentWriter, fee: FeeOrder, fault: str
    ) -> None:
        made = documents.make_fee(fee, KEY)
        lose(platform, fault, PATHS[platform.name]["fee"])
        with pytest.raises(OutcomeUnknown):
            documents.void_fee(made, KEY)
        forgive(platform)
        documents.void_fee(made, KEY)
        documents.void_fee(made, KEY)
        assert documents.make_fee(fee, KEY) == made
        platform.sync()
        assert platform.owed() == {}

    def test_only_our_own_unpaid_invoices_are_taken_back(
        self, platform: Subject, documents: DocumentWriter, customer: str, fee: FeeOrder
    ) -> None:
        theirs, ours = bill(platform, customer), documents.make_fee(fee, KEY)
        platform.company.receive_payment(customer, Decimal(5), TODAY, {ours: Decimal(5)})
        with pytest.raises(Refused, match="Dunwell itself made"):
            documents.void_fee(theirs, KEY)
        with pytest.raises(Refused, match="paid or credited"):
            documents.void_fee(ours, KEY)

    def test_a_reference_is_not_found_by_its_beginning(self, documents: DocumentWriter, fee: FeeOrder) -> None:
        documents.make_fee(replace(fee, reference="FEE-11"), KEY)
        assert documents.find_fee("FEE-1") is None

    @pytest.mark.parametrize("reference", ["", 'FEE" OR 1==1', "FEE' OR '1", "x" * 51])
    def test_a_reference_that_is_none_reaches_no_query(self, documents: DocumentWriter, reference: str) -> None:
        with pytest.raises(ValueError, match="no reference"):
            documents.find_fee(reference)


class TestCredits:
    @LOST
    @pytest.mark.parametrize("write", ["credit", "applied"])
    def test_a_credit_goes_on_where_it_stopped(
        self, platform: Subject, documents: DocumentWriter, customer: str, write: str, fault: str
    ) -> None:
        invoice = bill(platform, customer)
        before = platform.company.open_invoices()[0].balance
        lose(platform, fault, PATHS[platform.name][write])
        with pytest.raises(OutcomeUnknown):
            documents.grant_credit(credit(platform, customer, invoice), KEY)
        forgive(platform)
        made = documents.grant_credit(credit(platform, customer, invoice), KEY)
        assert documents.grant_credit(credit(platform, customer, invoice), KEY) == made
        assert platform.company.open_invoices()[0].balance == before - 25
        platform.sync()
        platform.assert_agreement()

    def test_no_credit_is_made_for_an_invoice_that_owes_less(
        self, platform: Subject, documents: DocumentWriter, customer: str
    ) -> None:
        invoice = bill(platform, customer)
        paid = platform.company.open_invoices()[0].balance - 10
        platform.company.receive_payment(customer, paid, TODAY, {invoice: paid})
        with pytest.raises(Refused, match=r"owes 10\.00"):
            documents.grant_credit(credit(platform, customer, invoice), KEY)
        assert platform.company.open_invoices()[0].balance == 10

    def test_a_credit_that_can_no_longer_be_applied_is_told(
        self, platform: Subject, documents: DocumentWriter, customer: str
    ) -> None:
        invoice = bill(platform, customer)
        lose(platform, "drop_before", PATHS[platform.name]["applied"])
        with pytest.raises(OutcomeUnknown):
            documents.grant_credit(credit(platform, customer, invoice), KEY)
        forgive(platform)
        paid = platform.company.open_invoices()[0].balance
        platform.company.receive_payment(customer, paid, TODAY, {invoice: paid})
        with pytest.raises(Refused, match="waits on the customer's account"):
            documents.grant_credit(credit(platform, customer, invoice), KEY)


@BILLERS
class TestDelivery:
    @LOST
    def test_a_delivery_without_an_answer_is_not_guessed_at(
        self, platform: Subject, documents: DocumentWriter, customer: str, fault: str
    ) -> None:
        invoice = bill(platform, customer)
        platform.company.outbox.clear()
        lose(platform, fault, PATHS[platform.name]["mail"])
        with pytest.raises(OutcomeUnknown):
            documents.deliver_invoice(invoice, KEY)
        assert len(platform.company.outbox) == (fault == "drop_after")

    def test_a_customer_without_an_address_is_told(self, platform: Subject, documents: DocumentWriter) -> None:
        with pytest.raises(Refused):
            documents.deliver_invoice(bill(platform, platform.company.add_customer("No Address")), KEY)


def test_what_the_owner_chose_from_is_taken(platform: Subject, documents: DocumentWriter, fee: FeeOrder) -> None:
    """Every account, item and tax that is offered can be booked to."""
    choices = documents.choices()
    assert choices.taxes
    for number, tax in enumerate(choices.taxes):
        assert documents.make_fee(
            replace(fee, reference=f"T-{number}", booking=replace(fee.booking, tax=tax.id)), KEY + str(number)
        )
    for number, place in enumerate((*choices.accounts, *choices.items)):
        booking = Booking(account=place.id) if place in choices.accounts else Booking(item=place.id)
        assert documents.make_fee(replace(fee, reference=f"P-{number}", booking=booking), KEY + str(number))
