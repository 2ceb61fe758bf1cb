"""Desks: whom a step of the ladder is from, and who reads it. Of every step by email, in the order of the ladder."""

from __future__ import annotations

import re
from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp

from engine.policy import Policy, Step
from webapp.forms.fields import ADDRESS, stripped

READERS = [SelectChoice("everyone", "the customer and its people"), SelectChoice("billing", "the first address alone")]
MOST_COPIES = 10


class AddressesField(StringField):  # type: ignore[misc]  # WTForms carries no types
    """Email addresses, with commas between them."""

    def _value(self) -> str:
        return ", ".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [one for typed in valuelist for one in re.split(r"[,;\s]+", typed) if one]

    def pre_validate(self, _form: Form) -> None:
        wrong = [one for one in self.data or () if len(one) > 254 or not re.match(ADDRESS, one)]
        if wrong:
            raise ValidationError(f"{wrong[0][:40]!r} is not an email address.")
        if len(self.data or ()) > MOST_COPIES:
            raise ValidationError("Ten addresses at most.")


class DeskForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """One step's sender and readers."""

    number = HiddenField()
    recipients = SelectField("Goes to", choices=READERS)
    cc = AddressesField("Copy to")
    bcc = AddressesField("Blind copy to")
    sender_name = StringField("Sent by", [Length(max=80)], filters=[stripped])
    reply_to = StringField(
        "Replies go to", [Optional(), Length(max=254), Regexp(ADDRESS, message="Enter an email address.")]
    )


class DesksPart(Form):  # type: ignore[misc]  # WTForms carries no types
    desks = FieldList(FormField(DeskForm), max_entries=20)


def shown_desks(policy: Policy) -> list[dict[str, Any]]:
    """Steps under the names of the form."""
    return [_shown(step) for step in policy.ladder if step.channel == "email"]


def with_desks(form: DesksPart, ladder: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a policy as a document, each with what the form says of the step of its number."""
    said = {str(desk.form.number.data): desk.form for desk in form.desks}
    return [step | _told(said[str(step["number"])], step) if str(step["number"]) in said else step for step in ladder]


def _shown(step: Step) -> dict[str, Any]:
    sender = step.sender
    return {
        "number": str(step.number),
        "recipients": step.recipients,
        "cc": list(step.cc),
        "bcc": list(step.bcc),
        "sender_name": sender.name if sender else "",
        "reply_to": sender.reply_to if sender else "",
    }


def _told(desk: DeskForm, step: dict[str, Any]) -> dict[str, Any]:
    named = {"name": desk.sender_name.data or "", "reply_to": (desk.reply_to.data or "").strip()}
    sender = (step.get("sender") or {}) | named
    return {
        "recipients": desk.recipients.data,
        "cc": tuple(desk.cc.data or ()),
        "bcc": tuple(desk.bcc.data or ()),
        "sender": sender if any(sender.values()) else None,
    }
