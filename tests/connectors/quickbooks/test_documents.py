"""Documents in QuickBooks Online: made once whatever is lost on the way, taxed like their invoice, applied to it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connectors.documents import Booking, CreditOrder, DocumentWriter, FeeOrder
from connectors.errors import Refused
from connectors.quickbooks.crediting import credit_lines
from connectors.quickbooks.whole import Invoice, Payment, whole
from sandbox.quickbooks import QuickBooksCompany
from tests.connectors.quickbooks.connected import Connected

TODAY = date(2026, 3, 4)
ISSUED, DUE = date(2026, 2, 2), date(2026, 3, 4)
KEY = "7f3a9c1b" * 4
LATE_FEE, DISCOUNT = "2", "3"


@pytest.fixture
def documents(connected: Connected) -> DocumentWriter:
    found = connected.books().documents
    assert found is not None
    return found


@pytest.fixture
def fee(customer: str) -> FeeOrder:
    return FeeOrder(
        customer_id=customer,
        currency="USD",
        amount=2500,
        description="Late fee, invoice 1069",
        reference="FEE-1-7f3a",
        dated_on=TODAY,
        due_on=TODAY + timedelta(days=14),
        booking=Booking(item=LATE_FEE),
    )


def credit(customer: str, invoice: str, amount: int = 2500, **changed: Any) -> CreditOrder:
    order = CreditOrder(
        customer_id=customer,
        invoice_id=invoice,
        currency="USD",
        amount=amount,
        description="Early-payment discount",
        reference="DISC-1-7f3a",
        dated_on=TODAY,
        booking=Booking(item=DISCOUNT),
    )
    return replace(order, **changed)


def bill(company: QuickBooksCompany, customer: str, amount: int = 100, due_on: date = DUE) -> str:
    return company.add_invoice(customer, [("Beans", Decimal(amount))], issued_on=ISSUED, due_on=due_on)


class TestFees:
    def test_a_fee_is_an_invoice_of_the_chosen_item_marked_as_ours(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        made = company.document("Invoice", documents.make_fee(fee, KEY))
        assert (made["TotalAmt"], made["TxnDate"], made["DueDate"]) == (Decimal("25.00"), "2026-03-04", "2026-03-18")
        assert made["PrivateNote"] == "[ref FEE-1-7f3a]"
        detail = made["Line"][0]["SalesItemLineDetail"]
        assert (detail["ItemRef"]["value"], detail["TaxCodeRef"]["value"]) == (LATE_FEE, "NON")

    def test_it_bears_our_number_only_where_the_company_numbers_itself(
        self, documents: DocumentWriter, connected: Connected, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        assert company.document("Invoice", documents.make_fee(fee, KEY))["DocNumber"] != fee.reference
        company.prefer("SalesFormsPrefs", CustomTxnNumbers=True)
        own = connected.books().documents
        assert own is not None
        made = own.make_fee(replace(fee, reference="FEE-2"), KEY)
        assert company.document("Invoice", made)["DocNumber"] == "FEE-2"
        assert own.find_fee("FEE-2") == made

    @pytest.mark.parametrize(
        ("changed", "why"),
        [({"is_draft": True}, "knows no drafts"), ({"booking": Booking()}, "Choose the item")],
    )
    def test_what_quickbooks_has_no_place_for_is_told(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder, changed: Any, why: str
    ) -> None:
        with pytest.raises(Refused, match=why):
            documents.make_fee(replace(fee, **changed), KEY)
        assert not company.documents("Invoice")

    def test_a_fee_is_dated_after_the_closing_date(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        company.prefer("AccountingInfoPrefs", BookCloseDate="2026-03-04")
        assert company.document("Invoice", documents.make_fee(fee, KEY))["TxnDate"] == "2026-03-05"

    def test_a_closing_date_set_meanwhile_is_told_in_the_platforms_words(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        documents.make_fee(fee, KEY)
        company.prefer("AccountingInfoPrefs", BookCloseDate="2026-03-31")
        with pytest.raises(Refused, match=r"(?i)period"):
            documents.make_fee(replace(fee, reference="FEE-2"), KEY)

    def test_a_fee_that_queries_do_not_show_yet_is_made_once(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        documents.choices()
        company.switches.query_lag = timedelta(minutes=5)
        assert documents.make_fee(fee, KEY) == documents.make_fee(fee, KEY)
        assert len(company.documents("Invoice")) == 1

    def test_a_fee_is_taken_back_while_nothing_is_applied(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        made = documents.make_fee(fee, KEY)
        for _ in range(2):
            documents.void_fee(made, KEY)
        assert company.document("Invoice", made)["TotalAmt"] == 0
        assert documents.make_fee(fee, KEY) == made, "what was taken back is not put back"

    def test_signs_that_a_us_company_does_not_take_cost_no_fee(
        self, documents: DocumentWriter, company: QuickBooksCompany, fee: FeeOrder
    ) -> None:
        company.switches.rejects_beyond_latin1 = True
        made = documents.make_fee(replace(fee, description="Late fee — 40 €"), KEY)
        assert company.document("Invoice", made)["Line"][0]["Description"] == "Late fee ? 40 ?"


class TestCredits:
    def test_a_credit_is_applied_to_its_invoice(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str
    ) -> None:
        invoice = bill(company, customer)
        memo = company.document("CreditMemo", documents.grant_credit(credit(customer, invoice), KEY))
        assert (memo["TotalAmt"], memo["RemainingCredit"]) == (Decimal("25.00"), 0)
        assert company.document("Invoice", invoice)["Balance"] == Decimal("75.00")
        (payment,) = company.documents("Payment")
        assert payment["TotalAmt"] == 0

    @pytest.mark.parametrize("oldest", [10, 100])
    def test_a_credit_that_quickbooks_applied_to_an_older_invoice_by_itself_is_brought_to_its_own(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str, oldest: int
    ) -> None:
        """Also where the older invoice took only a part of it."""
        company.prefer("SalesFormsPrefs", AutoApplyCredit=True)
        older = bill(company, customer, oldest, due_on=DUE - timedelta(days=20))
        invoice = bill(company, customer)
        order = credit(customer, invoice)
        made = documents.grant_credit(order, KEY)
        assert documents.grant_credit(order, KEY) == made
        assert company.document("Invoice", older)["Balance"] == oldest
        assert company.document("Invoice", invoice)["Balance"] == Decimal("75.00")

    def test_a_credit_that_quickbooks_applied_to_the_right_invoice_by_itself_is_left(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str
    ) -> None:
        company.prefer("SalesFormsPrefs", AutoApplyCredit=True)
        invoice = bill(company, customer)
        documents.grant_credit(credit(customer, invoice), KEY)
        assert company.document("Invoice", invoice)["Balance"] == Decimal("75.00")
        assert len(company.documents("Payment")) == 1

    def test_a_yes_that_applied_nothing_is_told(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str
    ) -> None:
        invoice = bill(company, customer)
        order = credit(customer, invoice, dated_on=date(2026, 3, 1))
        documents.choices()  # the company has been read: it still thinks the period open
        company.switches.swallows_payments_in_closed_period = True
        memo = company.write("CreditMemo", _memo(customer, "2026-03-01", order.reference))
        company.prefer("AccountingInfoPrefs", BookCloseDate="2026-03-03")
        with pytest.raises(Refused, match="applied nothing"):
            documents.grant_credit(order, KEY)
        assert company.document("CreditMemo", memo["Id"])["RemainingCredit"] == Decimal("25.00")

    def test_a_taxed_invoice_gets_a_taxed_credit_of_the_very_amount(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str
    ) -> None:
        """100.00 at 8.25 %: no net amount comes to 25.01 with its tax, so an odd cent stands alone."""
        company.switches.tax_percent = Decimal("8.25")
        invoice = bill(company, customer)
        memo = company.document("CreditMemo", documents.grant_credit(credit(customer, invoice, 2501), KEY))
        assert memo["TotalAmt"] == Decimal("25.01")
        assert memo["TxnTaxDetail"]["TotalTax"] == Decimal("1.91")
        assert company.document("Invoice", invoice)["Balance"] == Decimal("83.24")


def _memo(customer: str, on: str, reference: str) -> dict[str, Any]:
    detail = {"ItemRef": {"value": DISCOUNT}, "TaxCodeRef": {"value": "NON"}}
    line = {"Amount": 25, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return {
        "CustomerRef": {"value": customer}, "TxnDate": on, "Line": [line], "PrivateNote": f"[ref {reference}]",
    }  # fmt: skip


class TestDelivery:
    def test_quickbooks_mails_an_invoice_itself_and_its_address_stays(
        self, documents: DocumentWriter, company: QuickBooksCompany, customer: str
    ) -> None:
        invoice = bill(company, customer)
        address = company.document("Invoice", invoice)["BillEmail"]
        company.outbox.clear()
        documents.deliver_invoice(invoice, KEY)
        (mail,) = company.outbox
        assert mail.id == invoice
        assert company.document("Invoice", invoice)["BillEmail"] == address

    def test_there_is_no_place_for_a_promised_day(self, documents: DocumentWriter) -> None:
        assert not documents.expect_payment("1", TODAY, KEY)


def test_the_owner_chooses_from_live_lists(documents: DocumentWriter) -> None:
    found = documents.choices()
    assert ("2", "Late fee") in [(each.id, each.name) for each in found.items]
    assert [each.id for each in found.taxes] == ["NON", "TAX"]


TAXES = st.sampled_from([Decimal(0), Decimal("5"), Decimal("8.25"), Decimal("20"), Decimal("22.5")])


@given(st.integers(1, 10**7), st.integers(0, 10**7), TAXES, st.integers(1, 10**6))
def test_a_us_credit_comes_to_its_amount_to_the_cent(taxed: int, untaxed: int, rate: Decimal, amount: int) -> None:
    lines = credit_lines(credit("58", "412", amount), invoice_of(taxed, untaxed, rate, ("TAX", "NON")))
    assert all(line["Amount"] > 0 for line in lines)
    net = {"TAX": 0, "NON": 0}
    for line in lines:
        net[line["SalesItemLineDetail"]["TaxCodeRef"]["value"]] += int(line["Amount"] * 100)
    assert net["TAX"] + tax_on(net["TAX"], rate) + net["NON"] == amount


@given(st.integers(100, 10**7), st.integers(100, 10**7), TAXES, st.integers(1, 10**6))
def test_elsewhere_a_credit_is_at_most_a_cent_more_per_tax(one: int, other: int, rate: Decimal, amount: int) -> None:
    if one == other:
        other += 1
    lines = credit_lines(credit("58", "412", amount), invoice_of(one, other, rate, ("2", "3")))
    net = {"2": 0, "3": 0}
    for line in lines:
        net[line["SalesItemLineDetail"]["TaxCodeRef"]["value"]] += int(line["Amount"] * 100)
    assert 0 <= net["2"] + tax_on(net["2"], rate) + net["3"] - amount <= 1


def test_taxes_that_cannot_be_told_apart_are_left_to_a_person() -> None:
    invoice = invoice_of(1000, 1000, Decimal(20), ("2", "3"))
    with pytest.raises(Refused, match="by hand"):
        credit_lines(credit("58", "412", 100), invoice)


NAMES = st.sampled_from([
    "Line", "LinkedTxn", "TxnId", "TxnType", "Amount", "DetailType", "SalesItemLineDetail", "GroupLineDetail", "value",
    "TaxCodeRef", "TxnTaxDetail", "TotalTax", "TaxLine", "TaxLineDetail", "TaxPercent", "NetAmountTaxable",
])  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.decimals()
    | st.sampled_from(["SalesItemLineDetail", "DiscountLineDetail", "GroupLineDetail", "1e999", "NaN", "-5"])
)
ODD = st.dictionaries(
    NAMES, st.recursive(LEAVES, lambda x: st.lists(x, max_size=3) | st.dictionaries(NAMES, x, max_size=4))
)


@given(ODD)
def test_no_invoice_however_odd_does_more_than_refuse(document: dict[str, Any]) -> None:
    try:
        lines = credit_lines(credit("58", "412", 100), whole(Invoice, document | {"Id": "412"}))
        list(whole(Payment, document | {"Id": "430"}).links())
    except Refused:
        return
    assert all(line["Amount"] > 0 for line in lines)


def invoice_of(one: int, other: int, rate: Decimal, codes: tuple[str, str]) -> Invoice:
    """An invoice with two lines, the first taxed."""
    tax = tax_on(one, rate)
    lines = [
        {
            "Amount": Decimal(net) / 100,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": code}},
        }
        for net, code in zip((one, other), codes, strict=True)
        if net
    ]
    detail = {"TaxPercent": rate, "NetAmountTaxable": Decimal(one) / 100}
    taxes = {"TotalTax": Decimal(tax) / 100, "TaxLine": [{"TaxLineDetail": detail}]}
    return whole(Invoice, {"Id": "412", "Line": lines, "TxnTaxDetail": taxes})


def tax_on(net: int, rate: Decimal) -> int:
    return int((net * rate / 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))
