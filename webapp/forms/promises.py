"""What a customer promised about everything that is due, as one small form."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField
from wtforms.validators import DataRequired, NumberRange, Optional, StopValidation

from engine.money import Money
from store.wishes import Speaker
from webapp.formatting import local_today


def _to_come(_form: FlaskForm, field: DateField) -> None:
    if field.data and field.data < local_today():
        raise StopValidation("Choose today or a later day.")


class PromiseForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """They will pay what is due by that day, or some of it."""

    pay_on = DateField("They will pay by", [DataRequired("Choose the day they said they would pay by."), _to_come])
    amount = DecimalField(
        "Amount promised",
        [Optional(), NumberRange(Decimal("0.01"), Decimal("1000000000000"), "Enter an amount above 0, or nothing.")],
        places=None,
        render_kw={"inputmode": "decimal", "step": "any", "min": "0.01"},
    )

    def say(self, speaker: Speaker, customer_id: str, currency: str) -> int:
        """Pass the word on; returns how many invoices it is about."""
        amount = None if self.amount.data is None else Money.of(self.amount.data, currency)
        return speaker.promise_account(customer_id, self.pay_on.data, amount)
