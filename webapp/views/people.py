"""People: who looks after the company with the owner, what each of them may do, and who is invited."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store import team
from webapp import access, invitation_mail
from webapp.forms.people import ROLE_MEANS, ROLES, InvitationForm
from webapp.limits import TEST_MAILS, limiter
from webapp.services import now, services
from webapp.views.connect import titles

pages = Blueprint("people", __name__)

LAST_OWNER = "Somebody has to own the company. Make another person its owner first."


@pages.get("/settings/people")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """Everybody with a role, and the invitations that are open."""
    return _page(InvitationForm(formdata=None))


@pages.post("/settings/people/invite")
@access.for_company("owner")
@limiter.limit(TEST_MAILS)
def invite() -> ResponseReturnValue:
    """Invite somebody by email. Where no mail can be sent, the link is shown once, to be passed on by hand."""
    form = InvitationForm()
    if not form.validate():
        return _page(form), 422
    email, role = str(form.email.data), str(form.role.data)
    try:
        with services().database.begin() as writing:
            token = team.invite(writing, access.company_id(), email, role, g.user.id, now())
    except team.TooManyInvitations:
        form.email.errors = [f"{team.MOST_OPEN} invitations are open. Withdraw some first."]
        return _page(form), 422
    link = f"{services().base_url}{url_for('invitations.show', token=token)}"
    if invitation_mail.send(link, email, role):
        flash(f"An invitation is on its way to {email}. It holds for {team.INVITATION_LIFE.days} days.", "good")
        return redirect(url_for("people.show"))
    return _page(InvitationForm(formdata=None), link=link, email=email)


@pages.post("/settings/people/<int:user_id>")
@access.for_company("owner")
def change(user_id: int) -> ResponseReturnValue:
    """Give a person another role, or take it away, as the pressed button says. It counts from their next click."""
    company_id, at, by = access.company_id(), now(), access.actor()
    role = request.form.get("role", "")
    is_removal = "remove" in request.form
    if not is_removal and role not in ROLE_MEANS:
        abort(400)
    try:
        with services().database.begin() as writing:
            if is_removal:
                was_there = team.remove(writing, company_id, user_id, at, by)
            else:
                was_there = team.change_role(writing, company_id, user_id, role, at, by)
    except team.LastOwner:
        flash(LAST_OWNER, "warn")
        return redirect(url_for("people.show"))
    if not was_there:
        abort(404)
    flash("Removed." if is_removal else "Changed.", "good")
    return redirect(url_for("home.show") if user_id == g.user.id else url_for("people.show"))


@pages.post("/settings/people/invitations/<int:invitation_id>/withdraw")
@access.for_company("owner")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Make an open invitation void: its link opens nothing any more."""
    with services().database.begin() as writing:
        team.withdraw(writing, access.company_id(), invitation_id, now(), access.actor()) or abort(404)
    flash("Withdrawn. Its link opens nothing any more.", "good")
    return redirect(url_for("people.show"))


def _page(form: InvitationForm, *, link: str = "", email: str = "") -> str:
    with services().database.read() as reading:
        members = team.members(reading, access.company_id())
        invited = team.open_invitations(reading, access.company_id(), now())
    return render_template(
        "people.html",
        form=form,
        members=members,
        invited=invited,
        roles=ROLES,
        role_means=ROLE_MEANS,
        titles=titles(),
        link=link,
        email=email,
    )
