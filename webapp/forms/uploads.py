"""The forms for books that live elsewhere: the company itself, and how its files are read."""

from __future__ import annotations

from babel import Locale
from babel.numbers import get_decimal_symbol, get_territory_currencies, list_currencies
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from connectors.uploads.columns import Columns
from engine.uploads import GONE, PAID, STAY
from engine.zones import usual_zone
from webapp.forms.choices import COUNTRIES, ZONES
from webapp.forms.fields import ADDRESS, TerseSelect, whole

FILES = {
    "customer": ("Customers", "Name and email address of each customer."),
    "invoice": ("Invoices", "Number, customer, date, due date and total; a balance too, if you have it."),
    "payment": ("Payments", "Date, amount, and the invoice or the customer. Not needed where invoices show a balance."),
    "credit_note": ("Credit notes", "Number, date, amount, and the invoice or the customer."),
}
"""Title and meaning of each file, by entity, in the order in which they are taken."""
LABELS = {
    "id": "Its own number or id",
    "name": "Name",
    "email": "Email address",
    "phone": "Telephone",
    "currency": "Currency",
    "country": "Country",
    "number": "Number",
    "customer": "Customer",
    "invoice": "Invoice",
    "issued_on": "Date",
    "due_on": "Due date",
    "total": "Total",
    "balance": "Still owed",
    "status": "Status",
    "reference": "Reference",
    "paid_on": "Date",
    "amount": "Amount",
}
"""What we look for in a column, by field."""
DATE_ORDERS = {"day first": "28/02/2026: the day first", "month first": "02/28/2026: the month first"}
DECIMAL_MARKS = {".": "1,234.50: a point", ",": "1.234,50: a comma"}
MISSING = {
    STAY: "stays as it was",
    PAID: "was paid: this file holds only what is open",
    GONE: "is gone: this file is everything",
}
"""What becomes of what a file no longer has."""
CURRENCIES = [SelectChoice("", "The country's own"), *(SelectChoice(code) for code in sorted(list_currencies()))]


def usual_columns(country: str) -> Columns:
    """How days and amounts are written in an ISO 3166 country, until the owner says otherwise."""
    locale = Locale.parse(f"und_{country}")
    month_first = locale.date_formats["short"].pattern.startswith("M")
    has_comma = get_decimal_symbol(locale) == ","
    return Columns(date_order="month first" if month_first else "day first", decimal_mark="," if has_comma else ".")


class BooksForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """A company whose books are uploaded. What is left open follows the country."""

    name = StringField(
        "Company name", [InputRequired("Enter a name."), Length(max=200)], description="As your customers know it."
    )
    country = SelectField(
        "Country",
        [InputRequired("Choose a country.")],
        choices=[SelectChoice("", "Choose…"), *COUNTRIES[1:]],
        description="Its public holidays and its law on late payment are taken from here.",
    )
    currency = SelectField(
        "Currency",
        [Optional()],
        choices=CURRENCIES,
        widget=TerseSelect(),
        description="Of amounts that name none.",
    )
    time_zone = SelectField(
        "Time zone",
        [Optional()],
        choices=[SelectChoice("", "The country's own"), *ZONES],
        widget=TerseSelect(),
        description="Messages go out in its working hours.",
    )
    email = EmailField(
        "Address for replies",
        [
            InputRequired("Enter an address."),
            Length(max=254),
            Regexp(ADDRESS, message="Enter one address, such as sam@example.com."),
        ],
        description="Customers' answers go there.",
    )

    def validate_currency(self, field: SelectField) -> None:
        """Raises ValidationError where neither the form nor the country says one."""
        if not (field.data or self._usual_currency()):
            raise ValidationError("Choose a currency.")

    @property
    def chosen_currency(self) -> str:
        return str(self.currency.data or self._usual_currency())

    @property
    def chosen_zone(self) -> str:
        return str(self.time_zone.data or usual_zone(self.country.data))

    def _usual_currency(self) -> str:
        found: list[str] = get_territory_currencies(self.country.data or "")
        return found[0] if found else ""


class FreshForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """For how long an upload holds."""

    fresh_days = whole(
        "Days after an upload on which messages may go out",
        1,
        31,
        "After that nothing goes out until you upload again: who has paid meanwhile must not be reminded.",
    )
