"""A message that waits: its draft reads like the message, and a person's words hold for the figures they know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from connectors.mail.message import SendMail, as_worded, draft_of, edited, holds_for, unedited
from connectors.mail.templates import NAMES, BadTemplateError, Source, render_source, template
from connectors.ports import Mail
from engine.money import Money
from tests.connectors.mail.test_templates import TODAY, due, facts


def waiting(name: str = "final_notice", **others: Any) -> SendMail:
    known = facts(due("INV-7", 12, 128000), due("INV-9", 3, 5000), **others)
    words = template(name, known.language)
    text = render_source(words, known)
    mail = Mail(key="k", to=("a@b.example",), subject=text.subject, text=text.text, html=text.html, sender_name="K")
    return SendMail(mail, ("INV-7", "INV-9"), known, words)


def changed(message: SendMail, old: str, new: str) -> SendMail:
    draft = draft_of(message)
    assert draft is not None
    assert old in draft.body
    return edited(message, Source(draft.subject, draft.body.replace(old, new)), "user 1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_draft_that_nobody_changes_reads_like_the_message(name: str, language: str) -> None:
    message = waiting(name, language=language)
    draft = draft_of(message)
    assert draft is not None
    assert "{% if" not in draft.body
    assert edited(message, draft, "user 1").mail == message.mail


def test_a_customers_name_is_no_field_of_the_draft() -> None:
    message = waiting(customer_name="{{ total }} {% if count %} {# Ltd")
    draft = draft_of(message)
    assert draft is not None
    assert "Hello { { total }} { % if count %} { # Ltd," in draft.body
    assert "Hello { { total }} { % if count %} { # Ltd," in edited(message, draft, "user 1").mail.text


def test_hostile_words_are_text_or_refused() -> None:
    written = changed(waiting(), "We would much rather", "<script>alert(1)</script> We would much rather")
    assert "<script>" not in written.mail.html
    with pytest.raises(BadTemplateError):
        changed(waiting(), "We would much rather", "{{ customer.__class__ }}")


def test_words_go_out_while_their_figures_are_true() -> None:
    """the next morning it is 13 days overdue, and says so; with another balance the words no longer hold"""
    message = changed(waiting(), "We would much rather", "Anna, we would much rather")
    known = message.facts
    assert known is not None
    later = tuple(replace(one, days_overdue=one.days_overdue + 1) for one in known.invoices)
    tomorrow = replace(waiting(), facts=replace(known, invoices=later, today=TODAY + timedelta(days=1)))
    assert holds_for(message, tomorrow)
    sent = as_worded(message, tomorrow).mail.text
    assert "Anna, we would" in sent
    assert "13 days ago" in sent
    paid = (replace(known.invoices[0], balance=Money(1000, "NZD")), known.invoices[1])
    assert not holds_for(message, replace(tomorrow, facts=replace(known, invoices=paid)))


def test_a_message_can_be_as_it_was_written_again() -> None:
    message = waiting()
    assert unedited(changed(message, "We would much rather", "Anna")) == message
