"""A plan to pay in parts: proposed from a count and a rhythm, then edited part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, NumberRange, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from engine.instalments import Every, Part, equal_parts
from engine.money import Money
from store.plans import owed
from store.tables import Invoice
from webapp.formatting import local_today

MOST = 36
MOST_MONEY = Decimal("1000000000000")
EVERY: dict[Every, str] = {"month": "Every month", "fortnight": "Every two weeks", "week": "Every week"}


def _to_come(_form: FlaskForm, field: DateField) -> None:
    if field.data and field.data < local_today():
        raise StopValidation("Choose today or a later day.")


class PlanForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """Which invoices, in how many parts, from when on, how often."""

    invoices = SelectMultipleField(
        "Invoices",
        [DataRequired("Choose at least one invoice.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    count = IntegerField("Number of parts", [DataRequired("Enter a number."), NumberRange(2, MOST)], default=3)
    every = SelectField("How often", choices=[SelectChoice(every, words) for every, words in EVERY.items()])
    first_on = DateField("First part due", [DataRequired("Choose a day."), _to_come])

    def offer(self, invoices: Sequence[Invoice]) -> None:
        """The invoices that may be chosen."""
        self.invoices.choices = [SelectChoice(invoice.id, invoice.number or invoice.id) for invoice in invoices]

    def chosen(self, invoices: Sequence[Invoice]) -> list[Invoice]:
        return [invoice for invoice in invoices if invoice.id in (self.invoices.data or ())]

    def parts(self, invoices: Sequence[Invoice]) -> tuple[Part, ...]:
        """Equal parts of what these owe. Raises ValueError where there can be none."""
        return equal_parts(total(invoices), self.count.data, self.first_on.data, self.every.data)


def total(invoices: Sequence[Invoice]) -> Money:
    """What these owe together. Raises ValueError for several currencies, or for none at all."""
    if len({invoice.currency for invoice in invoices}) != 1:
        raise ValueError("Choose invoices in one currency: a plan is in one.")
    return Money(sum(owed(invoice).minor for invoice in invoices), invoices[0].currency)


def edited(sent: MultiDict[str, str], currency: str) -> tuple[Part, ...]:
    """The parts as a person left them; a row without day and amount is left out. Raises ValueError, saying why."""
    rows = zip(sent.getlist("due_on"), sent.getlist("amount"), strict=False)
    parts = tuple(_part(day.strip(), amount.strip(), currency) for day, amount in rows if day.strip() or amount.strip())
    if not parts:
        raise ValueError("A plan has at least one part.")
    if parts[0].due_on < local_today():
        raise ValueError("The first part is due today or later.")
    return parts


def _part(day: str, amount: str, currency: str) -> Part:
    try:
        due_on, number = date.fromisoformat(day), Decimal(amount)
    except (ValueError, InvalidOperation):
        raise ValueError(f"“{day} {amount}” is not a day and an amount.") from None
    if not 0 < number < MOST_MONEY:
        raise ValueError("Each part is above zero.")
    return Part(due_on, Money.of(number, currency))
