"""What a person may say about a customer or one of its invoices, as two small forms."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, NumberRange, Optional, StopValidation

from engine.money import Money
from store.wishes import Speaker

CUSTOMER_WORDS = (
    "pause",
    "resume",
    "do_not_chase",
    "chase",
    "opt_in",
    "exempt",
    "not_exempt",
    "private",
    "business",
)


class CustomerWordForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """One word about a customer."""

    word = StringField(validators=[AnyOf(CUSTOMER_WORDS)])
    until_on = DateField("Pause up to and including (empty: until you end it)", [Optional()])

    def say(self, speaker: Speaker, customer_id: str) -> None:
        """Pass the word on. Raises LookupError for a customer that the company does not have."""
        word = self.word.data
        if word in ("pause", "resume"):
            speaker.pause_customer(customer_id, word == "pause", self.until_on.data)
        elif word in ("do_not_chase", "chase"):
            speaker.do_not_chase(customer_id, word == "do_not_chase")
        elif word in ("exempt", "not_exempt"):
            speaker.exempt_from_fees(customer_id, word == "exempt")
        elif word in ("private", "business"):
            speaker.consumer(customer_id, word == "private")
        else:
            speaker.opt_out(customer_id, is_out=False)


class BulkForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """One word about many customers."""

    word = SelectField(
        "What",
        choices=[
            SelectChoice("pause", "Pause"),
            SelectChoice("resume", "End the pause"),
            SelectChoice("do_not_chase", "Never chase"),
            SelectChoice("chase", "Chase again"),
        ],
    )
    until_on = DateField("Up to and including", [Optional()])

    def say(self, speaker: Speaker, customer_id: str) -> None:
        """Pass the word on. Raises LookupError for a customer that the company does not have."""
        if self.word.data in ("pause", "resume"):
            speaker.pause_customer(customer_id, self.word.data == "pause", self.until_on.data)
        else:
            speaker.do_not_chase(customer_id, self.word.data == "do_not_chase")


def _day_of_promise(form: InvoiceWordForm, field: DateField) -> None:
    """Before `Optional`, which would let an empty field through."""
    if form.word.data == "promise" and not any(field.raw_data or ()):
        raise StopValidation("Choose the day they said they would pay by.")


class InvoiceWordForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """One word about an invoice."""

    word = SelectField(
        "What about it",
        choices=[
            SelectChoice("promise", "They will pay by this day"),
            SelectChoice("take_back", "No such promise any more"),
            SelectChoice("dispute", "It is disputed"),
            SelectChoice("settle", "The dispute is settled"),
            SelectChoice("pause", "Do not chase it, up to this day"),
            SelectChoice("resume", "Chase it again"),
        ],
    )
    on = DateField("Day", [_day_of_promise, Optional()])
    amount = DecimalField(
        "Amount",
        [Optional(), NumberRange(Decimal("0.01"), Decimal("1000000000000"), "Enter an amount above 0, or nothing.")],
        places=None,
        render_kw={"inputmode": "decimal", "step": "any", "min": "0.01"},
    )
    reason = StringField("Reason", [Length(max=300)])

    def say(self, speaker: Speaker, invoice_id: str, currency: str) -> None:
        """Pass the word on. Raises LookupError for an invoice that the company does not have."""
        word = self.word.data
        if word in ("dispute", "settle"):
            speaker.dispute(invoice_id, word == "dispute", (self.reason.data or "").strip())
        elif word in ("promise", "take_back"):
            amount = None if self.amount.data is None else Money.of(self.amount.data, currency)
            speaker.promise(invoice_id, self.on.data if word == "promise" else None, amount)
        else:
            speaker.pause_invoice(invoice_id, word == "pause", self.on.data)
