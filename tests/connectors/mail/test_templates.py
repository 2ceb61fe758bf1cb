"""Templates: what customers read is right, says the same twice, and cannot be bent by anybody's name."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from connectors.mail.context import DiscountOffered, MessageContext, MissingFactError
from connectors.mail.templates import (
    NAMES,
    BadTemplateError,
    Rendered,
    Source,
    check_template,
    render,
    render_source,
    template,
)
from engine.money import Money
from engine.plan import InPlan, InvoiceDue
from engine.policy import DEFAULT_LADDER

TODAY = date(2026, 3, 13)


def due(number: str, days_overdue: int, minor: int, currency: str = "NZD") -> InvoiceDue:
    return InvoiceDue(
        invoice_id=number,
        number=number,
        due_on=TODAY - timedelta(days=days_overdue),
        balance=Money(minor, currency),
        days_overdue=days_overdue,
        step=2,
    )


def facts(*invoices: InvoiceDue, **others: Any) -> MessageContext:
    known: dict[str, Any] = {
        "customer_name": "Harbour Joinery Ltd",
        "company_name": "Kōwhai & Sons",
        "invoices": invoices or (due("INV-7", 12, 128000),),
        "today": TODAY,
        "country": "NZ",
        "discount": DiscountOffered(
            percent=Decimal("2.50"), saving=Money(3200, "NZD"), last_day_on=TODAY + timedelta(days=4)
        ),
    }
    return MessageContext(**(known | others))


def test_an_instalment_is_called_one_in_subject_text_and_table() -> None:
    part = replace(due("INV-7", 3, 10_000), instalment=InPlan(2, 2, 4))
    mail = render("reminder_1", facts(part))
    assert mail.subject == "A reminder about invoice INV-7, instalment 2 of 4"
    assert "invoice INV-7, instalment 2 of 4 for $100.00 was due on 10 March 2026" in mail.text
    assert "INV-7 – instalment 2 of 4" in mail.text
    assert "INV-7 – instalment 2 of 4" in mail.html
    several = render("reminder_1", facts(replace(part, instalment=InPlan(2, 3, 4)), language="es"))
    assert "INV-7 – plazos 2 a 3 de 4" in several.text


class Reader(HTMLParser):
    """What a mail program shows, and which tags and links it finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shown, self.tags, self.links, self._hidden = "", set[str](), list[str](), 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown += data


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_step_of_the_default_ladder_has_its_template() -> None:
    assert {step.template for step in DEFAULT_LADDER} <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "thank_you"])
@pytest.mark.parametrize("count", [1, 2])
def test_every_message_names_each_invoice_the_total_and_how_to_pay(name: str, count: int) -> None:
    invoices = (due("INV-7", 12, 128000), due("INV-8", 3, 4000))[:count]
    message = render(name, facts(*invoices, pay_url="https://pay.example/INV-7?a=1&b=2"))
    for twin in (message.text, Reader(message.html).shown):
        assert all(invoice.number in twin for invoice in invoices)
        assert ("$1,280.00" if count == 1 else "$1,320.00") in twin
        assert "If you have paid already, thank you" in words(twin)
        assert "reply" in twin.lower()
    assert "https://pay.example/INV-7?a=1&b=2" in message.text
    assert "https://pay.example/INV-7?a=1&b=2" in Reader(message.html).links
    assert check_template(*(template(name).subject, template(name).body)) == []


@pytest.mark.parametrize("count", [1, 2])
def test_thanks_ask_for_nothing(count: int) -> None:
    invoices = (due("INV-7", 12, 128000), due("INV-8", 3, 4000))[:count]
    message = render("thank_you", facts(*invoices, pay_url="https://pay.example/"))
    assert ("$1,280.00" if count == 1 else "$1,320.00") in message.text
    assert "Thank you" in message.subject
    assert "pay.example" not in message.text + message.html


@pytest.mark.parametrize("name", NAMES)
def test_no_message_threatens(name: str) -> None:
    message = render(name, facts()).text.lower()
    assert not [word for word in ("legal action", "court", "lawyer", "debt collector", "or else") if word in message]


def test_the_table_says_how_late_each_invoice_is() -> None:
    text = render("reminder_1", facts(due("A", 1, 100), due("B", 0, 100), due("C", -3, 100), due("D", 40, 100))).text
    table = [words(line) for line in text.splitlines() if line[:2] in ("A ", "B ", "C ", "D ")]
    assert table == [
        "D 1 February 2026 40 days overdue $1.00",
        "A 12 March 2026 1 day overdue $1.00",
        "B 13 March 2026 due today $1.00",
        "C 16 March 2026 due in 3 days $1.00",
    ]


def test_what_is_called_overdue_leaves_out_what_is_not_due_yet() -> None:
    message = render("reminder_4", facts(due("INV-7", 40, 10000), due("INV-9", -2, 5000)))
    assert message.subject == "Overdue: invoice INV-7, $100.00"
    assert "INV-9" in message.text


def test_currencies_are_never_added_up() -> None:
    text = render("reminder_1", facts(due("INV-7", 12, 128000), due("INV-8", 3, 4000, "USD"))).text
    assert "$1,280.00 and US$40.00 together" in text


@pytest.mark.parametrize(
    ("country", "day", "amount"),
    [
        ("NZ", "1 March 2026", "$1,280.00"),
        ("US", "March 1, 2026", "NZ$1,280.00"),
        ("GB", "1 March 2026", "NZ$1,280.00"),
        ("", "1 March 2026", "NZ$1,280.00"),
        ("??", "1 March 2026", "NZ$1,280.00"),
    ],
)
def test_dates_and_amounts_are_written_as_the_customer_writes_them(country: str, day: str, amount: str) -> None:
    text = render("reminder_1", facts(country=country)).text
    assert f"for {amount} was due on {day}," in text


def test_yen_and_dinars_keep_their_own_places() -> None:
    text = render("reminder_1", facts(due("A", 1, 1235, "JPY"), due("B", 1, 1235, "KWD"), discount=None)).text
    assert "JP¥1,235 and KWD1.235 together" in text


def test_without_a_pay_link_the_invoice_says_where_to_pay() -> None:
    for url in ("", "javascript:alert(1)", "https://x.example/\n<b>", 'https://x.example/"onload="'):
        message = render("reminder_1", facts(pay_url=url))
        assert "payment details shown on the invoice" in message.text
        assert Reader(message.html).links == []


def test_a_page_that_only_shows_the_account_is_not_called_a_way_to_pay() -> None:
    message = render("reminder_1", facts(statement_url="https://kowhai.example/portal/abc"))
    assert "payment details shown on the invoice" in message.text
    assert "Pay online" not in message.html
    assert Reader(message.html).links == ["https://kowhai.example/portal/abc"]


def test_the_way_to_stop_is_in_both_twins() -> None:
    message = render("reminder_1", facts(unsubscribe_url="https://kowhai.example/stop/abc"))
    assert "https://kowhai.example/stop/abc" in message.text
    assert Reader(message.html).links == ["https://kowhai.example/stop/abc"]


def test_a_person_signs_for_the_company_and_a_company_for_itself_once() -> None:
    assert render("reminder_1", facts(sender_name="Mia Cole")).text.endswith("Kind regards,\nMia Cole\nKōwhai & Sons\n")
    assert render("reminder_1", facts()).text.endswith("Kind regards,\nKōwhai & Sons\n")


def test_a_discount_is_spelled_out_with_its_last_day() -> None:
    message = render("discount_offer", facts())
    assert message.subject == "Save $32.00 on invoice INV-7 until 17 March 2026"
    assert "you save 2.5 per cent, which is $32.00. You would pay $1,248.00 instead of $1,280.00." in message.text


def test_a_discount_that_is_not_there_is_never_spoken_of() -> None:
    with pytest.raises(MissingFactError):
        render("discount_offer", facts(discount=None))


def test_styles_stand_in_the_elements_and_the_dark_ones_in_a_media_query() -> None:
    html = render("reminder_1", facts()).html
    assert 'class="button"' not in html or "style=" in html
    assert "prefers-color-scheme: dark" in html
    assert re.search(r'<table[^>]*class="invoices"[^>]*style="', html)


def test_an_owners_own_words_may_use_fields_bold_and_conditions() -> None:
    source = Source(
        "{{ company.name|upper }}: {{ count }} open",
        "Kia ora **{{ customer.name }}**,\n\n{% if count > 1 and not count == 9 %}\nall of these:\n"
        "{% else %}\nthis one:\n{% endif %}\n{{ invoice_table }}\nNgā mihi\n{{ sender.name }}",
    )
    message = render_source(source, facts())
    assert message.subject == "KŌWHAI & SONS: 1 open"
    assert message.text.startswith("Kia ora Harbour Joinery Ltd,\n\nthis one:\n\nInvoice ")
    assert "<strong>Harbour Joinery Ltd</strong>" in message.html


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("Hello\n{% for i in invoices %}{% endfor %}", 2, "loops are not allowed"),
        ("{{ 'a' * 1000000000 }}", 1, "sums are not allowed"),
        ("{{ customer.__class__ }}", 1, "'customer.__class__' is not a field: write customer.name"),
        ("{{ customer.name.__class__ }}", 1, "there is no field"),
        ("{{ customer['name'] }}", 1, "getitem is not allowed"),
        ("\n\n{{ custommer.name }}", 3, "there is no field 'custommer.name'"),
        ("{{ customer }}", 1, "'customer' is not a field: write customer.name"),
        ("{{ total.currency }}", 1, "'total' has no parts"),
        ("{{ range(9) }}", 1, "calls are not allowed"),
        ("{{ total|pprint }}", 1, "there is no filter 'pprint'"),
        ("{{ total|upper }}", 1, "filters are for customer.name"),
        ("{{ customer.name|upper(1) }}", 1, "without brackets"),
        ("{% if total > 3 %}x{% endif %}", 1, "only count and overdue_count can be compared by size"),
        ("{% if 'a' in count %}x{% endif %}", 1, "only count and overdue_count"),
        ("{% if count == total.x %}x{% endif %}", 1, "'total' has no parts"),
        ("{{ " + "9" * 9000 + " }}", 1, "a number that is too long"),
        ("{% if count " + "and count " * 600 + "%}x{% endif %}", 1, "nested too deeply"),
        ("{% include 'x' %}", 1, "include is not allowed"),
        ("{% set a = 1 %}", 1, "assign is not allowed"),
        ("{% macro a() %}{% endmacro %}", 1, "macro is not allowed"),
        ("{{ ' slots' }}{{ self }}", 1, "there is no field 'self'"),
        ("{{ total", 1, "unexpected end of template"),
        ("{% if count %}", 1, "Unexpected end of template"),
        ("x" * 10001, 1, "longer than 10000"),
        ("{% if " + "not " * 2400 + "count %}{% endif %}", 1, "nested too deeply"),
    ],
)
def test_everything_else_in_a_template_is_refused_where_it_stands(body: str, line: int, message: str) -> None:
    problems = check_template("Subject", body)
    assert problems
    assert (problems[0].part, problems[0].line) == ("body", line)
    assert message in problems[0].message
    with pytest.raises(BadTemplateError):
        render_source(Source("Subject", body), facts())


def test_a_subject_is_a_single_line() -> None:
    assert [problem.message for problem in check_template("Hello\nBcc: all@example", "x")] == [
        "a subject is a single line"
    ]


hostile = st.text(max_size=40) | st.sampled_from(
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "**bold**",
        "a\r\nBcc: victim@example.com",
        "\ue0000\ue001",
        "\u202egnp.exe",
        "\ud800",
        "x\n\ny",
    ]
)


@given(name=st.sampled_from(NAMES), customer=hostile, company=hostile, number=hostile, url=hostile)
@example("reminder_1", "\ue0003\ue001", "\ue0000\ue001", "\ue0001\ue001", "https://x.example")
def test_no_name_whatever_it_is_gets_out_of_its_place(
    name: str, customer: str, company: str, number: str, url: str
) -> None:
    plain = Reader(render(name, facts()).html)
    message = render(name, facts(due(number, 12, 100), customer_name=customer, company_name=company, pay_url=url))
    page = Reader(message.html)
    assert page.tags <= plain.tags | {"a"}
    assert "\n" not in message.subject
    assert "\r" not in message.subject + message.text
    assert not {letter for twin in (message.text, message.html) for letter in twin} & set(
        "\ue000\ue001\u202e\ud800\x00"
    )
    assert "49" not in message.text or "49" in customer + company + number + url


@given(st.text(alphabet=st.sampled_from("{}%#|. \nabcountifel'\"0123456789*-+()[]_~=<>"), max_size=60))
def test_any_template_is_either_refused_or_renders(body: str) -> None:
    source = Source("Subject", body)
    if check_template(source.subject, source.body):
        with pytest.raises(BadTemplateError):
            render_source(source, facts())
    else:
        assert isinstance(render_source(source, facts()), Rendered)
