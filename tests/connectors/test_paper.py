"""Paper: what is written is what was given, whoever wrote it; and every country's letter can be made."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest

from connectors.mail.context import LetterFacts, MessageContext, MissingFactError
from connectors.mail.templates import check_template
from connectors.paper.letters import LETTERS, house_text, letter_for, written
from connectors.paper.pdf import Document, Section, Table, pdf
from connectors.paper.sheet import bundle, sheet
from engine.money import Money
from engine.plan import InvoiceDue

TODAY = date(2026, 6, 9)


def context(charges: tuple[Money, ...] = (Money(1_200, "USD"),), *, with_claim: bool = True) -> MessageContext:
    debt = Money(36_500, "USD")
    due = InvoiceDue(invoice_id="1", number="INV-7", due_on=date(2026, 3, 1), balance=debt, days_overdue=100, step=0)
    facts = LetterFacts(
        debt=(debt,),
        charges=charges,
        claim=(sum(charges, debt),),
        daily=(Money(12, "USD"),),
        reply_by=date(2026, 6, 23),
    )
    return MessageContext(
        customer_name="<b>Ōtāhuhu</b> & Söhne",
        company_name="Harbour Joinery",
        invoices=(due,),
        today=TODAY,
        country="US",
        letter=facts if with_claim else None,
    )


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_every_letter_says_what_is_owed_and_until_when(letter: object) -> None:
    source = house_text(letter)  # type: ignore[arg-type]  # the values of LETTERS
    assert check_template(source.subject, source.body) == []
    _, paragraphs = written(source, context())
    said = " ".join(paragraphs)
    assert "$365.00" in said
    assert "$12.00" in said
    assert "June 23, 2026" in said
    assert "<b>Ōtāhuhu</b> & Söhne" in said


def test_without_interest_a_letter_says_nothing_of_any() -> None:
    _, paragraphs = written(house_text(LETTERS["US"]), context(()))
    assert "accrued" not in " ".join(paragraphs)


def test_a_letter_without_a_claim_is_not_made() -> None:
    with pytest.raises(MissingFactError):
        written(house_text(LETTERS["GB"]), context(with_claim=False))


@pytest.mark.parametrize(
    ("country", "name"), [("GB", "GB"), ("DE", "DE"), ("FR", "EU"), ("JP", "general"), ("", "general")]
)
def test_each_country_has_its_letter(country: str, name: str) -> None:
    assert letter_for(country).name == name


def test_a_document_of_many_pages_with_hostile_words_is_made_the_same_each_time() -> None:
    hostile = "<para><b>&amp; </i> <img src='file:///etc/passwd'/> \x00\x1b[2J Łódź Ωμέγα Київ 日本"
    rows = [(f"{hostile} {number}", "1.00") for number in range(200)]
    table = Table(
        headings=("What", "Amount"), rows=rows, widths=(80, 20), right=frozenset({1}), totals=[("Sum", "200")]
    )
    document = Document(title=hostile, sections=[Section(heading=hostile, text=[hostile], table=table)], foot=hostile)
    made = pdf(document)
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") > 3
    assert pdf(document) == made


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    [_, [cell, amount]] = csv.reader(StringIO(sheet(("A", "B"), [(text, "-12.50")]).decode("utf-8-sig"), newline=""))
    assert cell.startswith("'")
    assert amount == "-12.50"


def test_a_bundle_is_the_same_each_time() -> None:
    assert bundle([("a.txt", b"one")]) == bundle([("a.txt", b"one")])
