"""People: what owners, customers and bookkeepers do between two runs, drawn from the seed.

Customers' words reach Dunwell through the same door as the web app's; bookkeepers work in the platform's own pages.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from store import ledger
from store.tables import Company, Invoice
from store.tasks import open_tasks
from store.wishes import Speaker
from tests.joining import join
from tests.simulation.town import House, Town

PATIENCE = timedelta(days=2)
"""How long a question lies on the owner's desk."""


def live_a_day(town: Town, rng: Random) -> None:
    """One morning of everybody's words."""
    for house in town.houses:
        _answer_questions(town, house)
        if rng.random() < 0.35:
            _somebody_speaks(town, house, rng)
        if rng.random() < 0.15:
            _the_bookkeeper_corrects(town, house, rng)


def _answer_questions(town: Town, house: House) -> None:
    """The owner approves, connects again, and says of a held mail whether the customer has it."""
    parts, now = town.trial.house.parts, town.now
    with parts.database.begin() as session:
        company = session.get(Company, house.company_id)
        is_cut_off = company is not None and company.status == "reconnect_needed"
        for task in open_tasks(session, house.company_id):
            if task.kind == "approve":
                ledger.approve(session, house.company_id, task.subject, now, "owner")
            elif task.kind == "held_action" and task.created_at <= now - PATIENCE:
                ledger.resolve_held(session, house.company_id, task.subject, task.subject in town.arrived, now, "owner")
    if is_cut_off:
        join(town.trial.sandbox, parts.database, parts.box, house.platform, house.company, house.mode)


def _somebody_speaks(town: Town, house: House, rng: Random) -> None:
    """About an invoice that Dunwell knows; whoever disputed settles it one day."""
    database, today = town.trial.house.database, house.today(town.now)
    known = {row.id for row in town.trial.rows(Invoice, company_id=house.company_id)}
    there = [one for one in house.company.open_invoices() if one.id in known]
    if not there:
        return
    invoice = rng.choice(sorted(there, key=lambda one: one.number))
    what = rng.choice(("dispute", "dispute", "promise", "promise", "pause", "opt out"))
    with database.begin() as session:
        speaker = Speaker(session, house.company_id, town.now, "customer")
        if what == "dispute":
            is_disputed = invoice.id not in house.disputed
            speaker.dispute(invoice.id, is_disputed, "The goods were damaged." if is_disputed else "")
            (house.disputed.add if is_disputed else house.disputed.discard)(invoice.id)
        elif what == "promise":
            # By the default policy a customer who broke three words is not believed any more: nobody gives a fourth.
            house.words_given[invoice.customer_id] += 1
            if house.words_given[invoice.customer_id] > 3:
                return
            house.promised[invoice.id] = today + timedelta(days=rng.randint(1, 12))
            speaker.promise(invoice.id, house.promised[invoice.id])
        elif what == "pause":
            is_silent = invoice.customer_id not in house.silenced
            speaker.pause_customer(invoice.customer_id, is_silent)
            (house.silenced.add if is_silent else house.silenced.discard)(invoice.customer_id)
        elif rng.random() < 0.1:
            speaker.opt_out(invoice.customer_id)
            house.opted_out.add(invoice.customer_id)
    house.spoken_of[invoice.id] = house.spoken_of[invoice.customer_id] = today


def _the_bookkeeper_corrects(town: Town, house: House, rng: Random) -> None:
    """Voids a bill that nobody paid, moves a due date, or takes goods back."""
    untouched = [one for one in house.company.open_invoices() if one.balance == one.total]
    if not untouched:
        return
    invoice = rng.choice(sorted(untouched, key=lambda one: one.number))
    today = house.today(town.now)
    house.spoken_of[invoice.id] = today
    match rng.choice(("void", "due date", "credit")):
        case "void":
            house.company.void_invoice(invoice.id)
        case "due date":
            house.company.change_due_date(invoice.id, max(invoice.due_on, today) + timedelta(days=rng.randint(1, 20)))
        case _:
            half = (invoice.balance / 2).quantize(invoice.balance)
            house.company.add_credit_note(invoice.customer_id, half, today, {invoice.id: half}, "Goodwill")
