"""What can be chosen from: modes, wordings, days, time zones, and countries whose public holidays are known."""

from __future__ import annotations

from zoneinfo import available_timezones

import holidays
from babel import Locale
from wtforms.fields.choices import SelectChoice

from engine.policy import DEFAULT_LADDER, Policy, Tone
from engine.statutory import LAWS as KNOWN_LAWS

MODES = [SelectChoice("observe", "Observe"), SelectChoice("approve", "Approve"), SelectChoice("automatic", "Automatic")]
UNITS = [SelectChoice("calendar", "calendar days"), SelectChoice("business", "business days")]
ANCHORS = [
    SelectChoice("due", "the due date"),
    SelectChoice("invoice", "the invoice date"),
    SelectChoice("month_end", "the end of the invoice's month"),
]
BASES = [SelectChoice("contract", "our contract"), SelectChoice("statutory", "the law on late payment")]
LAWS = [
    SelectChoice("", "The country of the calendar"),
    *(SelectChoice(law.country, law.name) for law in sorted(KNOWN_LAWS.values(), key=lambda law: law.name)),
]
LATE_DISCOUNTS = [
    SelectChoice("chase", "the rest is chased"),
    SelectChoice("accept", "is credited all the same"),
    SelectChoice("ask", "is yours to say, case by case"),
]
CONSOLIDATED = [
    SelectChoice("customer", "each customer"),
    SelectChoice("parent", "each parent, with the sub-customers billed with it"),
]
UNSENT = [
    SelectChoice("ask", "Ask me the same day"),
    SelectChoice("send", "Have the platform send its own email"),
    SelectChoice("ignore", "Leave them alone"),
]
MODE_MEANS = {
    "observe": "Decides every day and shows what it would do. Nothing is sent and nothing is written to your books.",
    "approve": "Prepares each message. It goes out once you have approved it.",
    "automatic": "Acts by itself within the limits below. You are asked only when a person is needed.",
}
PRESET_MEANS = {
    "gentle": (
        "Gentle",
        "Three reminders, a week or more apart, then a call. On credit hold at 90 days overdue.",
    ),
    "standard": (
        "Standard",
        "A note before the due date and five reminders that grow firmer. On credit hold at 60 days overdue.",
    ),
    "firm": (
        "Firm",
        "A note before the due date of large invoices, then a reminder about every week. On credit hold at 30 days.",
    ),
}
"""Title and meaning of each of `engine.policy.presets`."""
WEEKDAYS = [
    SelectChoice(str(number), name) for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
]
WORDINGS = [
    SelectChoice("pre_due", "Before it is due – friendly"),
    SelectChoice("reminder_1", "First reminder – friendly"),
    SelectChoice("reminder_2", "Second reminder – friendly"),
    SelectChoice("reminder_3", "Third reminder – firm"),
    SelectChoice("reminder_4", "Fourth reminder – firm"),
    SelectChoice("final_notice", "Final notice"),
]


MESSAGES = {choice.value: choice.label for choice in WORDINGS} | {
    "discount_offer": "Early-payment offer",
    "statement": "Statement of account",
    "thank_you": "Thanks for a payment",
}
"""Title of every message, as `connectors.mail.templates.NAMES` has them."""


def tone_of(template: str, policy: Policy) -> Tone:
    """The tone that goes with a wording: as the policy has it, else as it ships."""
    steps = (*policy.ladder, *DEFAULT_LADDER)
    return next((step.tone for step in steps if step.template == template), Tone.FRIENDLY)


def _zones() -> list[SelectChoice]:
    """Places a person would look for; the zone files also hold old aliases and half the alphabet of ship's clocks."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(name for name in available_timezones() if name.startswith(regions))
    return [SelectChoice("UTC"), *(SelectChoice(name) for name in names)]


def _countries() -> list[SelectChoice]:
    """ISO 3166 codes with their English names, for every country whose holidays can be told."""
    names = Locale("en").territories
    known = sorted((names.get(code, code), code) for code in holidays.list_supported_countries(include_aliases=False))
    listed = (SelectChoice(code, name) for name, code in known if len(code) == 2)
    return [SelectChoice("", "No country: every weekday counts"), *listed]


ZONES = _zones()
COUNTRIES = _countries()
