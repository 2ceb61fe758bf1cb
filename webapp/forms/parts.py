"""The parts of the settings form, one class per section of the policy, and where each field stands in the document.

Used twice: for everybody, and for the group of customers that is treated otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, DateField, Form, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, TextArea

from engine.policy import Group, Policy
from webapp.forms.choices import BASES, CONSOLIDATED, COUNTRIES, LATE_DISCOUNTS, LAWS, WEEKDAYS, ZONES
from webapp.forms.fields import DaysField, TerseSelect, decimal, stripped, whole

NEVER = "Empty: never."


class CalendarPart(Form):  # type: ignore[misc]  # WTForms carries no types
    time_zone = SelectField("Time zone", choices=ZONES, widget=TerseSelect())
    country = SelectField("Public holidays of", choices=COUNTRIES, widget=TerseSelect())
    region = StringField(
        "State or region",
        [Length(max=10)],
        filters=[lambda typed: stripped(typed).upper()],
        description="Such as AUK, CA or BY, for its own holidays. Empty: those of the whole country.",
    )
    closed_on = DaysField(
        "Other days on which you are closed",
        # A day within a sentence is shown as the reader writes it; this one is to be typed as it stands.
        description="One to a line: year, month and day with hyphens between.",
        render_kw={"placeholder": "2026-12-28"},
    )
    weekdays = SelectMultipleField("Send on", choices=WEEKDAYS, coerce=int, option_widget=CheckboxInput())
    opens = TimeField("From", [InputRequired("Enter a time, such as 09:00.")])
    closes = TimeField("Until", [InputRequired("Enter a time, such as 17:00.")])
    spread_minutes = whole("Spread over (minutes)", 0, 480, "Each customer at a time of their own. 0: all at once.")
    in_customers_time = BooleanField("By the customer's own clock, where their country has only one")

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError("Choose at least one day.")

    def validate_closes(self, field: TimeField) -> None:
        if self.opens.data and field.data and self.opens.data >= field.data:
            raise ValidationError(f"Choose a time after {self.opens.data:%H:%M}, when sending starts.")


class BudgetPart(Form):  # type: ignore[misc]  # WTForms carries no types
    messages = whole("Messages at most", 1, 50)
    per_days = whole("In days", 1, 31)
    minimum_gap_days = whole("Days between two", 0, 60)
    after_person_days = whole("Days after a call of yours", 0, 30)


class ConsolidationPart(Form):  # type: ignore[misc]  # WTForms carries no types
    consolidated_by = SelectField("One message for", choices=CONSOLIDATED)


class ExclusionsPart(Form):  # type: ignore[misc]  # WTForms carries no types
    minimum_balance = decimal("Smallest balance chased", "0", "1000000000")
    review_after_days = whole("Ask you when overdue by (days)", 30, 3650)
    bank_lag_days = whole(
        "Wait for the bank, at most (days)",
        0,
        14,
        "The first reminder waits as long as this customer's payments are usually booked late.",
    )
    autopay_days = whole(
        "Customers charged automatically: from (days overdue)", 1, 60, "Empty: like others.", may_be_empty=True
    )


class DiscountPart(Form):  # type: ignore[misc]  # WTForms carries no types
    discount_is_on = BooleanField("Tell customers about early-payment discounts")
    discount_percent = decimal("Per cent off", "0", "50", "0 offers only what an invoice's own terms give.")
    discount_days = whole("If paid within (days)", 1, 120, "Counted from the invoice date.")
    tell_days_before = whole("Told before it ends (days)", 0, 60)
    only_if_worth = BooleanField("Offer no more than paying early is worth with the customer")
    cost_of_money = decimal("What your money costs (% a year)", "0", "100")
    loss_percent = decimal("Invoices never paid (%)", "0", "99.99")
    credit_taken = BooleanField("Credit a discount that was taken in time")
    tolerance = decimal("Off by at most", "0", "10")
    taken_late = SelectField("A discount taken too late", choices=LATE_DISCOUNTS)
    late_days = whole("Too late by at most (days)", 0, 60)


class FeesPart(Form):  # type: ignore[misc]  # WTForms carries no types
    fees_is_on = BooleanField("Charge late fees and interest")
    basis = SelectField("Charged by", choices=BASES)
    law = SelectField("Law of", choices=LAWS, description="Empty: the country of your calendar.")
    clause = StringField(
        "The words of your contract",
        [Length(max=500)],
        filters=[stripped],
        widget=TextArea(),
        description="Printed on every fee. Without words that allow it, no fee is charged by contract.",
    )
    flat = decimal("Flat fee, once per invoice", "0", "10000", "In your base currency.")
    percent = decimal("Per cent, once per invoice", "0", "25")
    annual_rate = decimal("Interest (% a year)", "0", "100", "By the day over 365, from the day after the due date.")
    is_compound = BooleanField("Interest bears interest")
    grace_days = whole("Days of grace", 0, 90)
    charge_day = whole("Charged on day of the month", 1, 28)
    minimum = decimal("Smallest fee", "0", "1000000", "A smaller sum waits until it has grown.")
    cap_percent = decimal(
        "At most (% of what is late)", "0.01", "100", "Empty: the cap of the law alone.", may_be_empty=True
    )
    due_days = whole("Days to pay a fee", 0, 90)
    as_draft = BooleanField("Each fee waits for your approval")
    issued_from_on = DateField(
        "For invoices issued from", [Optional()], description="Empty: since Dunwell was switched on."
    )


class CreditPart(Form):  # type: ignore[misc]  # WTForms carries no types
    credit_is_on = BooleanField("Put customers on credit hold, and lift it again when they pay")
    hold_days_overdue = whole("Hold when overdue by (days)", 1, 720, "Empty: never for lateness.", may_be_empty=True)
    release_days_overdue = whole("Lift when overdue by less than (days)", 1, 720, "Empty: the same.", may_be_empty=True)
    default_limit = decimal(
        "Credit limit", "0.01", "1000000000000", "In your base currency. Empty: no limit.", may_be_empty=True
    )
    release_percent = whole("Lift when the limit is used by at most (%)", 1, 100)
    hold_broken_promises = whole("Hold after broken promises", 1, 20, f"In a year. {NEVER}", may_be_empty=True)
    hold_returned_payments = whole("Hold after returned payments", 1, 20, f"In a year. {NEVER}", may_be_empty=True)
    review_new_from = decimal("Ask you about new customers who owe", "0.01", "1000000000000", NEVER, may_be_empty=True)
    review_every_days = whole("Look at each limit again after (days)", 30, 1000, NEVER, may_be_empty=True)
    advises_terms = BooleanField("Suggest other terms where a customer's habits call for them")


CALENDAR_FIELDS = (
    *("time_zone", "country", "region", "closed_on", "weekdays", "opens", "closes"),
    *("spread_minutes", "in_customers_time"),
)
STANDS_AT: Mapping[str, Mapping[str, str]] = {
    "calendar": {name: name for name in CALENDAR_FIELDS},
    "budget": {name: name for name in ("messages", "per_days", "minimum_gap_days", "after_person_days")},
    "consolidation": {"by": "consolidated_by"},
    "exclusions": {name: name for name in ("minimum_balance", "review_after_days", "bank_lag_days", "autopay_days")},
    "discount": {
        "is_on": "discount_is_on",
        "percent": "discount_percent",
        "days": "discount_days",
        **{name: name for name in ("tell_days_before", "only_if_worth", "cost_of_money", "loss_percent")},
        **{name: name for name in ("credit_taken", "tolerance", "taken_late", "late_days")},
    },
    "fees": {
        "is_on": "fees_is_on",
        **{name: name for name in ("basis", "law", "clause", "flat", "percent", "annual_rate", "is_compound")},
        **{name: name for name in ("grace_days", "charge_day", "minimum", "cap_percent", "due_days", "as_draft")},
        "issued_from_on": "issued_from_on",
    },
    "credit": {
        "is_on": "credit_is_on",
        **{name: name for name in ("hold_days_overdue", "release_days_overdue", "default_limit", "release_percent")},
        **{name: name for name in ("hold_broken_promises", "hold_returned_payments", "review_new_from")},
        **{name: name for name in ("review_every_days", "advises_terms")},
    },
    "sender": {"name": "sender_name", "reply_to": "reply_to", "colour": "colour", "logo_url": "logo_url"},
    "promises": {
        **{name: name for name in ("grace_days", "longest_days", "most_broken", "steps_up", "show_on_invoice")},
        "plan_broken_after_days": "plan_broken_after_days",
    },
    "brake": {
        "is_on": "brake_is_on",
        **{name: name for name in ("always_allowed", "times_usual", "days_to_compare", "at_first")},
    },
    "rights": {"customers": "customers"},
    "statements": {"is_on": "statements_is_on", "day_of_month": "statements_day"},
    "thanks": {"is_on": "thanks_is_on"},
    "delivery": {"unsent": "unsent"},
    "escalation": {name: name for name in ("handover_after_days", "handover_from", "write_off_days")},
    "notices": {
        "to": "notices_to",
        "stale": "notices_stale",
        "held": "notices_held",
        "unsent": "notices_unsent",
        "language": "notices_language",
    },
}
"""Section of the policy → name there → name of the field."""

FINER = ("promises", "brake", "rights")
"""Sections that have a page of their own; the others are on the one small page."""

SPEAKS_FOR = {"calendar": "region", "fees": "fees_is_on", "credit": "release_days_overdue"}
"""The field beside which a section is refused as a whole."""


def shown(policy: Policy | Group, sections: Iterable[str]) -> dict[str, Any]:
    """The present values of those sections, under the names of the fields; sections that a group leaves out are not."""
    return {
        field: getattr(part, name)
        for section in sections
        if (part := getattr(policy, section)) is not None
        for name, field in STANDS_AT[section].items()
    }


def told(form: Form, sections: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the form says of those sections, under the names of the policy."""
    return {section: {name: form[field].data for name, field in STANDS_AT[section].items()} for section in sections}


def place(form: Form, where: tuple[int | str, ...], message: str) -> bool:
    """Put what the policy refused beside the field that it is about; False where the form has none."""
    section, *inner = (*map(str, where), "")
    if section == "ladder" and inner[0].isdigit():
        message = f"Step {int(inner[0]) + 1}: {message.removeprefix('Value error, ')}"
    field = STANDS_AT.get(section, {}).get(inner[0]) or SPEAKS_FOR.get(section, section)
    if field not in form._fields:
        return False
    form[field].errors = [*form[field].errors, message.removeprefix("Value error, ")]
    return True
