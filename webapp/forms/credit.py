"""What a person may say about a customer's credit, and about a payment that the bank took back."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional, StopValidation

from engine.money import Money
from store.wishes import Speaker
from webapp.formatting import local_today

CREDIT_WORDS = ("limit", "override", "end_override", "unbilled", "reviewed", "hold", "lift_hold", "policy_hold")


def _goes_with_a_temporary_limit(form: CreditWordForm, field: DateField | DecimalField) -> None:
    """Before `Optional`, which would let an empty field through."""
    if form.word.data == "override" and not any(field.raw_data or ()):
        raise StopValidation("A temporary limit needs an amount and a last day.")


def _not_over_yet(form: CreditWordForm, field: DateField) -> None:
    if form.word.data == "override" and field.data and field.data < local_today():
        raise StopValidation("Choose today or a later day.")


class CreditWordForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """One word about a customer's credit."""

    word = StringField(validators=[AnyOf(CREDIT_WORDS)])
    amount = DecimalField(
        "Amount",
        [
            _goes_with_a_temporary_limit,
            Optional(),
            NumberRange(Decimal("0.01"), Decimal("1000000000000"), "Enter an amount above 0, or nothing."),
        ],
        places=None,
        render_kw={"inputmode": "decimal", "step": "any", "min": "0.01"},
    )
    until_on = DateField("Last day", [_goes_with_a_temporary_limit, Optional(), _not_over_yet])
    reason = StringField("Reason", [Length(max=200)])

    def say(self, speaker: Speaker, customer_id: str, currency: str) -> None:
        """Pass the word on. Raises LookupError for a customer that the company does not have."""
        word = self.word.data
        amount = None if self.amount.data is None else Money.of(self.amount.data, currency)
        if word == "limit":
            speaker.limit(customer_id, amount)
        elif word in ("override", "end_override"):
            speaker.override_limit(customer_id, amount if word == "override" else None, self.until_on.data)
        elif word == "unbilled":
            speaker.unbilled(customer_id, amount)
        elif word == "reviewed":
            speaker.reviewed(customer_id)
        elif word == "policy_hold":
            speaker.leave_hold_to_policy(customer_id)
        else:
            speaker.hold(customer_id, word == "hold", local_today(), (self.reason.data or "").strip())


def _not_to_come(_form: FlaskForm, field: DateField) -> None:
    if field.data and field.data > local_today():
        raise StopValidation("Choose today or an earlier day.")


class ReturnedForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """A payment that the bank took back."""

    on = DateField("Day it came back", [DataRequired("Choose the day on which it came back."), _not_to_come])
    note = StringField("Note", [Length(max=200)])
