"""The form that invites somebody, and what the roles mean."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from webapp.forms.fields import ADDRESS

ROLE_MEANS = {
    "owner": "May do everything: settings, people, connecting and disconnecting.",
    "bookkeeper": "Approves messages, works through the tasks, and notes what customers say. Changes no settings.",
    "viewer": "Sees everything and changes nothing.",
}
ROLES = [SelectChoice("bookkeeper", "Bookkeeper"), SelectChoice("viewer", "Viewer"), SelectChoice("owner", "Owner")]


class InvitationForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """Whom to invite, as what."""

    email = EmailField(
        "Email address",
        [
            InputRequired("Enter an address."),
            Length(max=254),
            Regexp(ADDRESS, message="Enter one address, such as sam@example.com."),
        ],
        description="The link in the mail works once. Whoever opens it signs in with their own accounting software.",
        render_kw={"autocomplete": "off"},
    )
    role = RadioField("What they may do", choices=ROLES, default="bookkeeper")
