"""The settings form, and its translation to and from a policy.

The form asks; `engine.policy` has the last word: what it refuses comes back as an error beside the field it is about.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from pydantic import ValidationError as PolicyRefused
from wtforms import BooleanField, DateField, EmailField, Form, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp

from engine.policy import Policy
from engine.telling import LANGUAGES
from store.tables import Company
from webapp.forms.choices import MODES, UNSENT
from webapp.forms.fields import ADDRESS, LinesField, decimal, stripped, whole
from webapp.forms.ladder import LadderPart, shown_steps, steps_of
from webapp.forms.parts import (
    FINER,
    STANDS_AT,
    BudgetPart,
    CalendarPart,
    ConsolidationPart,
    CreditPart,
    DiscountPart,
    ExclusionsPart,
    FeesPart,
    place,
    shown,
    told,
)

ON_THE_PAGE = [section for section in STANDS_AT if section not in FINER]


class OtherMessagesPart(Form):  # type: ignore[misc]  # WTForms carries no types
    unsent = SelectField("Invoices that were approved and never sent", choices=UNSENT)
    statements_is_on = BooleanField("Send a statement of account once a month, to whoever owes something")
    statements_day = whole("From day of the month", 1, 28)
    thanks_is_on = BooleanField("Thank customers who pay after a reminder")
    handover_after_days = whole(
        "Ask you to hand over, days after the last step", 1, 365, "Empty: never.", may_be_empty=True
    )
    handover_from = decimal("Worth handing over from", "0", "1000000000")
    write_off_days = whole("Suggest writing off when overdue by (days)", 90, 3650, "Empty: never.", may_be_empty=True)


class SenderPart(Form):  # type: ignore[misc]  # WTForms carries no types
    sender_name = StringField(
        "Sender name",
        [Length(max=80), Regexp(r"^[^\r\n]*$", message="Enter one line.")],
        filters=[stripped],
        description="Whom customers see the message is from. Empty: the company's own name.",
        render_kw={"autocomplete": "organization"},
    )
    reply_to = EmailField(
        "Replies go to",
        [Optional(), Length(max=254), Regexp(ADDRESS, message="Enter one address, such as accounts@example.com.")],
        filters=[stripped],
        description="Empty: the company's own address.",
    )
    colour = StringField(
        "Your colour",
        [Optional(), Regexp(r"^#[0-9a-fA-F]{6}$", message="Enter a colour such as #24594a.")],
        filters=[stripped],
        description="Of the button in messages, such as #24594a. Empty: Dunwell's own.",
        render_kw={"autocomplete": "off"},
    )
    logo_url = StringField(
        "Your logo",
        [Optional(), Length(max=500), Regexp(r"^https://[!-~]+$", message="Enter an https:// address.")],
        filters=[stripped],
        description="The https:// address of a picture on your own site. Empty: your name.",
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )
    notices_to = LinesField(
        "Write to", description="Addresses, one to a line. Empty: the people who own the company here."
    )
    notices_language = SelectField(
        "In which language",
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        description="These mails, invitations, and the notes in your books.",
    )
    notices_stale = BooleanField("when the books could not be read for a day")
    notices_held = BooleanField("when a message may or may not have gone out")
    notices_unsent = BooleanField("when messages should have gone out days ago")


class SettingsForm(
    FlaskForm,  # type: ignore[misc]  # flask_wtf carries no types
    LadderPart,
    CalendarPart,
    BudgetPart,
    ConsolidationPart,
    ExclusionsPart,
    DiscountPart,
    FeesPart,
    CreditPart,
    OtherMessagesPart,
    SenderPart,
):
    """Every setting of a company, as the one small page shows it."""

    version = HiddenField()
    """Of the settings that the form was shown with."""
    stood = HiddenField()
    """How the company stood when the form was shown: its mode and its pause, in one text."""
    mode = RadioField("What Dunwell may do", choices=MODES)
    is_paused = BooleanField("Pause everything", description="While ticked, nothing goes out, whatever else is set.")
    paused_until_on = DateField(
        "Paused until the end of",
        [Optional()],
        description="Empty: until you untick it.",
        render_kw={"autocomplete": "off"},
    )

    def stands_otherwise(self, company: Company) -> bool:
        """Whether the form asks for another mode or pause than it was shown with.

        Where somebody else has changed these meanwhile, that is told beside the field, and this way stands corrected.
        """
        wanted = standing(str(self.mode.data), is_paused=bool(self.is_paused.data), until=self.paused_until_on.data)
        if wanted == self.stood.data:
            return False
        present = standing(company.mode, is_paused=company.is_paused, until=company.paused_until_on)
        if present not in (self.stood.data, wanted) and self.stood.data:
            self.mode.errors = [
                *self.mode.errors,
                "Somebody else has changed this meanwhile. Save again if you mean it.",
            ]
            self.stood.data = present
        return True

    def policy(self, former: Policy) -> Policy | None:
        """The policy this form describes, or None with the errors put beside their fields.

        What the form does not ask about is kept from `former`.
        """
        kept = former.model_dump()
        kept["ladder"] = steps_of(self, former.ladder, former)
        for name, part in told(self, ON_THE_PAGE).items():
            kept[name] |= part
        try:
            return Policy.model_validate(kept)
        except PolicyRefused as refused:
            for problem in refused.errors():
                if not place(self, tuple(problem["loc"]), str(problem["msg"])):
                    self.mode.errors = [*self.mode.errors, str(problem["msg"]).removeprefix("Value error, ")]
            return None


def present(policy: Policy, company: Company) -> dict[str, Any]:
    """A company's present settings, under the names the form uses."""
    return {
        **shown(policy, ON_THE_PAGE),
        "weekdays": list(policy.calendar.weekdays),
        "ladder": shown_steps(policy.ladder),
        "version": policy.version,
        "stood": standing(company.mode, is_paused=company.is_paused, until=company.paused_until_on),
        "mode": company.mode,
        "is_paused": company.is_paused,
        "paused_until_on": company.paused_until_on,
    }


def standing(mode: str, *, is_paused: bool, until: date | None) -> str:
    """A company's mode and pause in one text, to see whether they are still the same."""
    return f"{mode} {until or 'paused'}" if is_paused else mode
