"""Forms by which an owner lets other programs in."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from connectors.outgoing import LONGEST, BadAddress, Courier
from store.outbox import KINDS
from webapp.services import services

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


class EndpointForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """A new address that is told what happens."""

    url = StringField(
        "Address",
        [InputRequired("Give the address of your program."), Length(max=LONGEST)],
        description="It begins with https:// and can be reached from the internet.",
        filters=[lambda text: text.strip() if text else text],
    )
    kinds = SelectMultipleField(
        "What is it told",
        [InputRequired("Choose at least one.")],
        choices=[SelectChoice(kind, f"{means} ({kind})") for kind, means in KINDS.items()],
        default=list(KINDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_url(self, field: Any) -> None:
        """Refuse what would never be sent to, with the reason, while its owner is looking."""
        try:
            Courier(allow_local=services().is_sandbox).check(field.data)
        except BadAddress as error:
            raise ValidationError(str(error)) from None
