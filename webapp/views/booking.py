"""Booking: where fees and discount credits are booked, chosen from the platform's own live lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from connectors.documents import Booking, Choice, Choices
from engine.policy import Place, Policy
from store import companies, policies, tokens
from store.tables import Company
from webapp import access, confirming, meanwhile
from webapp.jobs import Job, jobs
from webapp.services import now, services
from webapp.views.settings import in_force

pages = Blueprint("booking", __name__)

FRESH = timedelta(minutes=2)
"""Lists are read anew after so long: an account made over there a moment ago is here when the owner looks again."""
PLACES = {"fees": "Late fees and interest", "discounts": "Credits for discounts"}
WORDS = {"account": "Account", "item": "Product or service", "tax": "Tax"}


class Select(Struct, frozen=True):
    """One list to choose from. A choice that the platform does not list any more is kept, and marked."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    is_missing: bool
    """A fee cannot be booked before this is chosen."""


@pages.get("/settings/booking")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """What is chosen, and the lists to choose from; they are asked of the platform and may take a moment."""
    return _page(in_force(), _lists())


@pages.post("/settings/booking")
@meanwhile.retried
@access.for_company("owner")
def save() -> ResponseReturnValue:
    """Save what was chosen. An id that is on no list is refused, unless it is what was chosen before."""
    former, job = in_force(), _lists()
    if job.result is None:
        return _page(former, job), 409
    shown = meanwhile.base(former)
    chosen = {
        place: Place(**{one.name.partition("-")[2]: _pick(one) for one in _selects(shown, place, job.result)})
        for place in PLACES
    }
    mine = shown.model_copy(update={"booking": shown.booking.model_copy(update=chosen)})
    policy = meanwhile.merged(shown, mine, former)
    if shown.booking != former.booking and not confirming.is_confirmed(policy, former):
        return confirming.page(policy, former, shown, may_edit=False)
    with services().database.begin() as writing:
        policies.save(writing, access.company_id(), policy, now(), access.actor(), on=former.version)
        companies.bring_forward(writing, access.company_id(), now())
    flash("Saved. What is due is booked there from the next run.", "good")
    return redirect(url_for("booking.show"))


def _page(policy: Policy, job: Job) -> str:
    lists: Choices | None = job.result
    return render_template(
        "booking.html",
        job=job,
        version=policy.version,
        places=[(PLACES[place], _selects(policy, place, lists)) for place in PLACES] if lists else [],
        is_offered=lists is not None and bool(lists.accounts or lists.items or lists.taxes),
    )


def _lists() -> Job:
    """A job whose result is the platform's `Choices`: empty where it keeps no documents of ours."""
    company, parts = access.current_company(), services()
    platform = parts.platforms.get(company.platform)
    turn = int(now().timestamp() // FRESH.total_seconds())

    def ask(_tell: object) -> Choices:
        if platform is None or company.status != "connected":
            return Choices()
        vault = tokens.Vault(parts.database, parts.box, company.stored_id, parts.clock, "web")
        documents = platform.books(company.external_id, vault, parts.clock).documents
        return documents.choices() if documents is not None else Choices()

    return jobs().ask(("choices", company.id, company.status, turn), ask)


def _selects(policy: Policy, place: str, lists: Choices) -> list[Select]:
    held: Place = getattr(policy.booking, place)
    found = {"account": lists.accounts, "item": lists.items, "tax": lists.taxes}
    missing = _missing(access.current_company(), held) if place == "fees" and policy.fees.is_on else ()
    return [
        Select(
            name=f"{place}-{name}",
            label=WORDS[name],
            options=tuple(_options(choices, getattr(held, name))),
            chosen=getattr(held, name),
            is_missing=name in missing,
        )
        for name, choices in found.items()
        if choices or getattr(held, name)
    ]


def _missing(company: Company, held: Place) -> Sequence[str]:
    platform = services().platforms.get(company.platform)
    booking = Booking(account=held.account, tax=held.tax, item=held.item)
    return platform.missing_for_fees(booking, company.country) if platform else ()


def _options(choices: Sequence[Choice], held: str) -> list[tuple[str, str]]:
    listed = [(one.id, f"{one.name} · {one.detail}" if one.detail else one.name) for one in choices]
    if held and held not in {one.id for one in choices}:
        listed.insert(0, (held, f"{held} (no longer on the list)"))
    return [("", "Not chosen"), *sorted(listed, key=lambda option: option[1].casefold())]


def _pick(one: Select) -> str:
    sent = request.form.get(one.name, one.chosen)
    return sent if sent in {value for value, _ in one.options} else one.chosen
