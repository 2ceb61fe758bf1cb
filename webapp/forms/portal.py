"""What a customer can answer on their own page: paid, will pay, contested, in parts. Each answer is one small form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from wtforms import DateField, Form, IntegerField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput

from engine.money import Money
from store.answers import Answer
from store.remarks import LONGEST
from store.tables import Invoice
from webapp.formatting import local_today, still_open

LATEST = timedelta(days=365)


def _not_to_come(_form: Form, field: DateField) -> None:
    if not local_today() - LATEST <= field.data <= local_today():
        raise ValidationError("Choose a day up to today.")


def _to_come(_form: Form, field: DateField) -> None:
    if not local_today() <= field.data <= local_today() + LATEST:
        raise ValidationError("Choose a day from today on, within a year.")


class _AnswerForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """About some of the open invoices, in a few words of their own."""

    invoices = SelectMultipleField(
        "Which invoices",
        validators=[InputRequired("Tick at least one invoice.")],
        option_widget=CheckboxInput(),
    )
    text = TextAreaField("Anything we should know", [Length(max=LONGEST)], render_kw={"rows": 2, "maxlength": LONGEST})

    def __init__(self, open_invoices: Sequence[Invoice], formdata: Any = None) -> None:
        self.open = {invoice.id: invoice for invoice in open_invoices}
        super().__init__(formdata, prefix=f"{type(self).__name__.lower()}-")
        if "invoices" in self:
            self.invoices.choices = [SelectChoice(one.id, one.number or one.id) for one in open_invoices]
            if formdata is None:
                late = [one.id for one in open_invoices if one.due_on < local_today()]
                self.invoices.data = late or list(self.open)

    @property
    def about(self) -> list[Invoice]:
        return [self.open[invoice_id] for invoice_id in self.invoices.data]

    @property
    def words(self) -> str:
        return " ".join((self.text.data or "").split())

    def say(self, answer: Answer) -> None:
        raise NotImplementedError


class Paid(_AnswerForm):
    paid_on = DateField("Paid on", [InputRequired("Choose the day."), _not_to_come], default=local_today)

    def say(self, answer: Answer) -> None:
        answer.paid(self.about, self.paid_on.data, self.words)


class WillPay(_AnswerForm):
    pay_on = DateField("You will pay on", [InputRequired("Choose the day."), _to_come])

    def say(self, answer: Answer) -> None:
        answer.promises(self.about, self.pay_on.data, self.words)


class Wrong(_AnswerForm):
    text = TextAreaField(
        "What is wrong",
        [DataRequired("Say what is wrong, in a few words."), Length(max=LONGEST)],
        render_kw={"rows": 3, "maxlength": LONGEST},
    )

    def say(self, answer: Answer) -> None:
        answer.contests(self.about, self.words)


class Parts(_AnswerForm):
    invoices = None
    count = IntegerField(
        "In how many parts",
        [InputRequired("Enter a whole number."), NumberRange(2, 24, "Enter a whole number from 2 to 24.")],
        default=3,
        render_kw={"inputmode": "numeric", "min": 2, "max": 24},
    )
    first_on = DateField("The first on", [InputRequired("Choose the day."), _to_come])

    def say(self, answer: Answer) -> None:
        owed = list(self.open.values())
        answer.asks_for_instalments(owed, _sums(owed), self.count.data, self.first_on.data, self.words)


FORMS: Mapping[str, Callable[..., _AnswerForm]] = {"paid": Paid, "promise": WillPay, "wrong": Wrong, "parts": Parts}
"""By the answer that the button sends."""


def _sums(invoices: Any) -> list[Money]:
    sums: dict[str, Money] = {}
    for one in invoices:
        sums[one.currency] = sums.get(one.currency, Money.zero(one.currency)) + Money(still_open(one), one.currency)
    return list(sums.values())
