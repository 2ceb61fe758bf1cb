"""What came of a telephone call: one small form, and what each outcome means for the customer's overdue invoices."""

from __future__ import annotations

from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from store.answers import Answer
from store.home import customer_file
from webapp.formatting import local_today, still_open
from webapp.services import now


def _day_of_promise(form: CallForm, field: DateField) -> None:
    """Before `Optional`, which would let an empty field through."""
    if form.outcome.data == "promise" and not any(field.raw_data or ()):
        raise StopValidation("Choose the day they said they would pay by.")


class CallForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """The outcome of one call. A promise or a dispute is about everything overdue: single invoices have their own."""

    task = IntegerField(validators=[InputRequired()])
    outcome = SelectField(
        "What came of it",
        choices=[
            SelectChoice("promise", "They will pay by this day"),
            SelectChoice("paid", "They say it is paid, on this day"),
            SelectChoice("wrong", "They say something is wrong"),
            SelectChoice("talked", "Talked, nothing agreed"),
            SelectChoice("message", "Left a message"),
            SelectChoice("nobody", "Nobody answered"),
        ],
    )
    on = DateField("Day", [_day_of_promise, Optional()])
    text = StringField("In their words", [Length(max=300)])

    def say(self, session: Session, customer_id: str, company_id: int, by: str) -> None:
        """Write down what was said, and let it count."""
        today, words = local_today(), (self.text.data or "").strip()
        file = customer_file(session, company_id, customer_id, today)
        if file is None:
            return
        late = [one for one in file.invoices if still_open(one) and one.due_on < today]
        answer, outcome = Answer(session, company_id, file.customer, today, now(), by), self.outcome.data
        if outcome == "promise":
            answer.promises(late, self.on.data, words)
        elif outcome == "paid":
            answer.paid(late, self.on.data or today, words)
        elif outcome == "wrong":
            answer.contests(late, words)
        answer.says(f"call: {CALLED[outcome]}", words)


CALLED = {
    "promise": "promised to pay",
    "paid": "says it is paid",
    "wrong": "says something is wrong",
    "talked": "talked, nothing agreed",
    "message": "left a message",
    "nobody": "nobody answered",
}
"""How the outcome stands in the customer's timeline."""
