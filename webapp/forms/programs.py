"""Forms by which an owner lets other programs in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

SCOPES = [
    SelectChoice("read", "Read: customers, invoices, credit, decisions and actions"),
    SelectChoice("act", "Read, and speak for a person: pause, hold, promise, dispute"),
]


class KeyForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """A new key."""

    name = StringField(
        "Which program is it for",
        [InputRequired("Give it a name by which you know it again."), Length(max=60)],
        filters=[lambda text: text.strip() if text else text],
    )
    scope = RadioField("What may it do", choices=SCOPES, default="read")
