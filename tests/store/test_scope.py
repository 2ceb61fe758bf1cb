"""Two companies whose ids are all the same never see or change each other's rows, whatever is called for one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel

import store
from engine.books import CompanyRecord, ContactPersonRecord, SetAside
from engine.history import FeeCharged
from engine.instalments import Part
from engine.money import Money
from engine.plan import Plan
from engine.policy import Consolidation, Policy
from engine.uploads import UploadedRow
from store import (
    accounts,
    alerts,
    api_keys,
    attention,
    audit,
    audit_rows,
    balances,
    checks,
    claims,
    companies,
    decisions,
    deletions,
    dossier,
    effects,
    endpoints,
    erased,
    erasing,
    explaining,
    export,
    families,
    forecast,
    history,
    home,
    lapsing,
    ledger,
    lending,
    listings,
    logos,
    losses,
    merges,
    money_history,
    outbox,
    pages,
    papers,
    people,
    plans,
    policies,
    promise_outcomes,
    promises,
    remarks,
    returned,
    runs,
    samples,
    set_asides,
    tasks,
    team,
    tokens,
    tonight,
    uploaded_erasing,
    uploads,
    upserts,
    views,
    volume,
    waivers,
    wishes,
    wordings,
)
from store.database import Database
from store.ledger import Offered, PlannedAct
from store.scope import Scope
from store.secrets import SecretBox
from store.tables import Invoice, PaymentPlan, PromiseOutcome, ReturnedPayment, Task, UploadedBooks
from store.wishes import Speaker
from tests.databases import Databases
from tests.store.books import NOW, Shop, applied, credit, customer, invoice, page, payment, reminder

TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
BOX = SecretBox(("a secret key for tests",))
BAD = SetAside(entity="invoice", id="I9", reason="no due date")

Call = Callable[[Session, int], Any]

PACKED = Task(id=1, kind="handover", subject="C1 USD", customer_id="C1", title="", created_at=NOW)
TOGETHER = Policy(consolidation=Consolidation(by="parent"))

CALLS: dict[str, Call] = {
    "export.rows": lambda s, c: [list(export.rows(s, c, table)) for table in export.tables()],
    "accounts.load": lambda s, c: accounts.load(s, c, ["C1", "C2"], TODAY),
    "acts.put_offer": lambda s, c: ledger.put_offer(s, c, "offer", Offered("I1", Decimal(2), TODAY)),
    "alerts.give_back": lambda s, c: alerts.give_back(s, c, ["held"]),
    "alerts.owners": alerts.owners,
    "api_keys.all_of": api_keys.all_of,
    "api_keys.make": lambda s, c: api_keys.make(s, c, "shop", "read", NOW, "user 1"),
    "api_keys.revoke": lambda s, c: api_keys.revoke(s, c, 1, NOW, "user 1"),
    "attention.due_customers": lambda s, c: attention.due_customers(s, c, TODAY),
    "attention.lock": lambda s, c: attention.lock(s, c, ["C1"]),
    "attention.survivors": attention.survivors,
    "attention.touch_all": attention.touch_all,
    "attention.touch": lambda s, c: attention.touch(s, c, ["C1", "C2"]),
    "audit_rows.audit_rows": lambda s, c: list(audit_rows.audit_rows(s, c)),
    "audit.append": lambda s, c: audit.append(s, c, NOW, "user 1", "looked", {}),
    "audit.entries": audit.entries,
    "audit.last_word": audit.last_word,
    "audit.verify": audit.verify,
    "audit.redact": lambda s, c: audit.redact(s, c, customers=["C1"], invoices=["I1"], keys=["done"]),
    "balances.recompute": lambda s, c: balances.recompute(s, c, ["I1"]),
    "balances.write_invoices": lambda s, c: balances.write_invoices(s, c, [invoice(total=7)]),
    "balances.replace_allocations": lambda s, c: balances.replace_allocations(s, c, [("payment", "P1")], {}),
    "checks.latest": checks.latest,
    "checks.record": lambda s, c: checks.record(s, c, "nightly", compared=1, findings=["x"], now=NOW),
    "checks.surprises": lambda s, c: checks.surprises(s, c, page(invoice(total=7), deleted=(("invoice", "I1"),))),
    "checks.unexplained": checks.unexplained,
    "checks.unseen": lambda s, c: checks.unseen(s, c, set()),
    "claims.claim": lambda s, c: claims.claim(s, c, "worker", NOW, timedelta(minutes=10)),
    "claims.heartbeat": lambda s, c: claims.heartbeat(s, c, "old", NOW, timedelta(minutes=10)),
    "claims.release": lambda s, c: claims.release(s, c, "old", LATER),
    "companies.begin_watch": lambda s, c: companies.begin_watch(s, c, TODAY),
    "companies.bring_forward": lambda s, c: companies.bring_forward(s, c, NOW - timedelta(days=1)),
    "companies.disconnect": lambda s, c: companies.disconnect(s, c, "left", NOW),
    "companies.end_pause": lambda s, c: companies.end_pause(s, c, LATER.date() + timedelta(days=9), NOW),
    "companies.get": companies.get,
    "companies.mark_connected": lambda s, c: companies.mark_connected(s, c, NOW),
    "companies.mark_reconnect_needed": lambda s, c: companies.mark_reconnect_needed(s, c, "gone", NOW),
    "companies.set_contact": lambda s, c: companies.set_contact(s, c, time_zone="UTC", email="", now=NOW, by="user 1"),
    "companies.set_mode": lambda s, c: companies.set_mode(s, c, "approve", NOW, "user 1"),
    "companies.set_paused": lambda s, c: companies.set_paused(s, c, True, NOW, "user 1"),
    "companies.update_from_platform": lambda s, c: companies.update_from_platform(
        s, c, CompanyRecord(external_id="x", name="renamed")
    ),
    "decisions.record_decisions": lambda s, c: decisions.record_decisions(s, c, empty_plan(), 1, None),
    "decisions.record_state": lambda s, c: decisions.record_state(s, c, empty_plan()),
    "deletions.delete": lambda s, c: deletions.delete(
        s, c, [("customer", "C1"), ("invoice", "I1"), ("payment", "P1"), ("credit_note", "N1")], NOW
    ),
    "dossier.dossier": lambda s, c: dossier.dossier(s, c, "C1"),
    "families.billed_with": lambda s, c: families.billed_with(s, c, "C1", TOGETHER),
    "families.families": lambda s, c: families.families(s, c, ["C1", "C2"], [TOGETHER]),
    "families.plans": lambda s, c: list(families.plans(s, c, [("C1", "C2")], TOGETHER, TODAY)),
    "effects.call_made": lambda s, c: effects.call_made(s, c, "C1", NOW),
    "endpoints.add": lambda s, c: endpoints.add(s, c, BOX, "https://a.example", ["hold.placed"], NOW, "user 1"),
    "endpoints.all_of": endpoints.all_of,
    "endpoints.live": endpoints.live,
    "endpoints.messages": lambda s, c: endpoints.messages(s, c, 2),
    "endpoints.remove": lambda s, c: endpoints.remove(s, c, 2, NOW, "user 1"),
    "endpoints.switch_off": lambda s, c: endpoints.switch_off(s, c, 2, "gone", NOW),
    "endpoints.switch_on": lambda s, c: endpoints.switch_on(s, c, 2, NOW, "user 1"),
    "effects.person_in_touch": lambda s, c: effects.person_in_touch(s, c, "C1", NOW),
    "erased.ids": erased.ids,
    "erased.is_erased": lambda s, c: erased.is_erased(s, c, "C3"),
    "erased.stripped": lambda s, c: erased.stripped(s, c, page(customer("C3", name="C3"))),
    "erasing.erase": lambda s, c: erasing.erase(s, c, "C2", NOW, "user 1"),
    "erasing.find": lambda s, c: erasing.find(s, c, "C1"),
    "erasing.holdings": lambda s, c: erasing.holdings(s, c, "C1"),
    "explaining.decision_on": lambda s, c: explaining.decision_on(s, c, "I1", TODAY),
    "explaining.invoices_called": lambda s, c: explaining.invoices_called(s, c, "INV-1"),
    "forecast.dso_trend": lambda s, c: forecast.dso_trend(s, c, TODAY),
    "forecast.expected_cash": lambda s, c: forecast.expected_cash(s, c, TODAY),
    "history.customers_with_history": lambda s, c: history.customers_with_history(s, c, date(2020, 1, 1)),
    "history.pasts": lambda s, c: history.pasts(s, c, ["C1", "C2"], TODAY, date(2020, 1, 1)),
    "home.activity": home.activity,
    "home.customer_file": lambda s, c: home.customer_file(s, c, "C1", TODAY),
    "home.customers": lambda s, c: home.customers(s, c, today=TODAY),
    "home.heaviest": lambda s, c: home.heaviest(s, c, 5),
    "home.goes_next": lambda s, c: home.goes_next(s, c, 10),
    "home.new_answers": lambda s, c: home.new_answers(s, c, 10),
    "home.outcomes": home.outcomes,
    "home.owed": lambda s, c: home.owed(s, c, TODAY),
    "home.payment_plans": lambda s, c: home.plans.payment_plans(s, c, ["C1"], TODAY),
    "home.rule_counts": home.rule_counts,
    "home.shared_account": lambda s, c: home.shared_account(s, c, "C1", TODAY),
    "home.statements": lambda s, c: home.statements(s, c, "C1", date(2020, 1, 1), TODAY),
    "home.upcoming": lambda s, c: home.upcoming(s, c, TODAY, 30),
    "home.went_out": lambda s, c: home.went_out(s, c, NOW - timedelta(days=1), 10),
    "lending.receivables": lambda s, c: lending.receivables(s, c, TODAY),
    "losses.fates": lambda s, c: losses.fates(s, c, "USD", TODAY, TODAY),
    "listings.actions": lambda s, c: listings.actions(s, c, limit=50),
    "listings.current_decisions": lambda s, c: listings.current_decisions(s, c, listings.invoices(s, c, limit=50)),
    "listings.customer_wishes": lambda s, c: listings.customer_wishes(s, c, ["C1"]),
    "listings.customers": lambda s, c: listings.customers(s, c, limit=50),
    "listings.decisions": lambda s, c: listings.decisions(s, c, limit=50),
    "listings.invoice_wishes": lambda s, c: listings.invoice_wishes(s, c, ["I1"]),
    "listings.invoices": lambda s, c: listings.invoices(s, c, limit=50),
    "listings.owed_by": lambda s, c: listings.owed_by(s, c, ["C1"], TODAY),
    "merges.move_open_state": lambda s, c: merges.move_open_state(s, c, ["C2"], NOW),
    "money_history.put_charges": lambda s, c: money_history.put_charges(s, c, "fee", ()),
    "outbox.put": lambda s, c: outbox.put(s, c, "hold.placed", {}, NOW),
    "outbox.put_test": lambda s, c: outbox.put_test(s, c, 2, NOW),
    "papers.all_kept": lambda s, c: list(papers.all_kept(s, c)),
    "papers.keep": lambda s, c: papers.keep(s, c, PACKED, "pack.zip", b"zip", NOW),
    "papers.kept": lambda s, c: papers.kept(s, c, 1),
    "pages.load_cursor": pages.load_cursor,
    "pages.read_anew": pages.read_anew,
    "pages.progress": pages.progress,
    "pages.store_page": lambda s, c: pages.store_page(
        s, c, page(customer(name="new"), invoice(total=7), deleted=(("payment", "P1"),), set_aside=(BAD,)), NOW
    ),
    "plans.agree": lambda s, c: plans.agree(s, c, "C1", ["I2"], (Part(LATER.date(), Money(1, "USD")),), NOW, "user 1"),
    "plans.end": lambda s, c: plans.end(s, c, own(s, c, PaymentPlan), "no", NOW, "user 1"),
    "plans.plannable": lambda s, c: plans.plannable(s, c, "C1"),
    "logos.all_kept": logos.all_kept,
    "logos.content_of": lambda s, c: logos.content_of(s, c, "0" * 32),
    "logos.put": lambda s, c: logos.put(s, c, b"picture", NOW, "user 1"),
    "policies.at_version": lambda s, c: policies.at_version(s, c, 1),
    "policies.current": policies.current,
    "policies.history": policies.history,
    "policies.local_day": lambda s, c: policies.local_day(s, c, NOW),
    "policies.save": lambda s, c: policies.save(s, c, Policy(base_currency="EUR"), NOW, "user 1"),
    "policies.since": lambda s, c: policies.since(s, c, 0),
    "remarks.add": lambda s, c: remarks.add(s, c, "C1", "note", "hello", now=NOW, by="user 1"),
    "remarks.of_customer": lambda s, c: remarks.of_customer(s, c, ["C1"], 10),
    "remarks.said_before": lambda s, c: remarks.said_before(s, c, "C1", "", "note"),
    "promises.end": lambda s, c: promises.end(s, c, Invoice(id="I1", customer_id="C1"), TODAY, is_taken_back=True),
    "promise_outcomes.note": lambda s, c: promise_outcomes.note(s, c, ["C1"], LATER.date(), LATER),
    "promises.told": lambda s, c: promises.told(s, c, ["C1", "C2"], TODAY),
    "returned.ask_about_gone": lambda s, c: returned.ask_about_gone(s, c, page(deleted=(("payment", "P1"),)), NOW),
    "returned.note": lambda s, c: returned.note(s, c, "C1", TODAY, "no funds", NOW, "user 1"),
    "returned.take_back": lambda s, c: returned.take_back(s, c, own(s, c, ReturnedPayment), NOW, "user 1"),
    "runs.last": runs.last,
    "runs.latest": lambda s, c: runs.latest(s, c, 10),
    "runs.start": lambda s, c: runs.start(s, c, "worker", NOW),
    "samples.to_try_on": lambda s, c: samples.to_try_on(s, c, date(2030, 1, 1)),
    "set_asides.keep": lambda s, c: set_asides.keep(s, c, [BAD], NOW),
    "set_asides.longest_waiting": lambda s, c: set_asides.longest_waiting(s, c, LATER, 9),
    "set_asides.resolve": lambda s, c: set_asides.resolve(s, c, lambda: {("invoice", "I8")}, NOW),
    "set_asides.unread_invoices": set_asides.unread_invoices,
    "set_asides.unresolved": set_asides.unresolved,
    "lapsing.look": lambda s, c: lapsing.look(s, c, [(*accounts.load(s, c, ["C1"], TODAY), empty_plan())], LATER),
    "tasks.close_about": lambda s, c: tasks.close_about(s, c, "C1", kinds=["ask"], outcome="done", now=NOW),
    "tasks.close_task": lambda s, c: tasks.close_task(s, c, kind="ask", subject="1", outcome="done", now=NOW),
    "tasks.counts": tasks.counts,
    "tasks.lapsed": lambda s, c: tasks.lapsed(s, c, 9),
    "tasks.open_task": lambda s, c: tasks.open_task(
        s, c, kind="new", subject="1", customer_id="C1", title="", detail="", now=NOW
    ),
    "tasks.open_tasks": tasks.open_tasks,
    "volume.brake_off": lambda s, c: volume.brake_off(s, c, NOW),
    "volume.brake_on": lambda s, c: volume.brake_on(s, c, "too many", NOW),
    "volume.held_back": volume.held_back,
    "volume.let_go": lambda s, c: volume.let_go(s, c, NOW, "user 1"),
    "volume.readers": lambda s, c: volume.readers(s, c, ["C1", "C2"]),
    "volume.turn_down": lambda s, c: volume.turn_down(s, c, NOW, "user 1"),
    "volume.usual": lambda s, c: volume.usual(s, c, TODAY),
    "waivers.waive": lambda s, c: waivers.waive(s, c, "fee-made", "a good customer", NOW, "user 1"),
    "wordings.give_back": lambda s, c: wordings.give_back(s, c, "reminder_1", NOW, "user 1"),
    "wordings.history": lambda s, c: wordings.history(s, c, "reminder_1"),
    "wordings.in_force": wordings.in_force,
    "wordings.save": lambda s, c: wordings.save(s, c, "reminder_1", "Subject", "Body", NOW, "user 1"),
    "team.change_role": lambda s, c: team.change_role(s, c, 1, "viewer", NOW, "user 1"),
    "team.has_owner": team.has_owner,
    "team.invite": lambda s, c: team.invite(s, c, "b@example.com", "viewer", 1, NOW),
    "team.join": lambda s, c: team.join(s, c, 1, "viewer", NOW),
    "team.members": team.members,
    "team.open_invitations": lambda s, c: team.open_invitations(s, c, NOW),
    "team.remove": lambda s, c: team.remove(s, c, 1, NOW, "user 1"),
    "team.withdraw": lambda s, c: team.withdraw(s, c, 1, NOW, "user 1"),
    "tonight.customers_in_play": tonight.customers_in_play,
    "tokens.attach": lambda s, c: tokens.attach(s, c, 1, "elsewhere", None, LATER),
    "tokens.are_shared": tokens.are_shared,
    "tokens.connection_of": tokens.connection_of,
    "tokens.ends_at": lambda s, c: tokens.ends_at(s, c, NOW),
    "transitions.approve": lambda s, c: ledger.approve(s, c, "waits", NOW, "user 1"),
    "transitions.cancel": lambda s, c: ledger.cancel(s, c, "ready", "no", NOW),
    "transitions.cancel_open": lambda s, c: ledger.cancel_open(s, c, "C1", "no", NOW),
    "transitions.claim": lambda s, c: ledger.claim(s, c, "ready", "worker", NOW),
    "transitions.done": lambda s, c: ledger.done(s, c, "claimed", "id", NOW),
    "transitions.failed": lambda s, c: ledger.failed(s, c, "claimed", "no", NOW),
    "transitions.hold": lambda s, c: ledger.hold(s, c, "claimed", "no answer", NOW),
    "transitions.next_acts": lambda s, c: ledger.next_acts(s, c, NOW),
    "transitions.next_waiting_at": lambda s, c: ledger.next_waiting_at(s, c, NOW),
    "transitions.put_off": lambda s, c: ledger.put_off(s, c, "ready", LATER),
    "transitions.reject": lambda s, c: ledger.reject(s, c, "waits", NOW, "user 1"),
    "transitions.release_claim": lambda s, c: ledger.release_claim(s, c, "claimed", NOW),
    "transitions.resolve_held": lambda s, c: ledger.resolve_held(s, c, "held", False, NOW, "user 1"),
    "transitions.retry_at": lambda s, c: ledger.retry_at(s, c, "claimed", LATER, "away", NOW),
    "transitions.reword": lambda s, c: ledger.reword(s, c, "waits", "{}", '{"edited":{}}', NOW, "user 1"),
    "transitions.stuck_claims": ledger.stuck_claims,
    "transitions.waiting_messages": lambda s, c: ledger.waiting_messages(s, c, ["waits", "ready"]),
    "upserts.differing": lambda s, c: upserts.differing(s, c, upserts.INVOICES, {("invoice", "I1"): invoice(total=7)}),
    "upserts.write_credits": lambda s, c: upserts.write_credits(s, c, [credit(total=7)], {}),
    "upserts.write_customers": lambda s, c: upserts.write_customers(s, c, [customer(name="new")]),
    "upserts.write_payments": lambda s, c: upserts.write_payments(s, c, [payment(total=7)], {}),
    "uploaded_erasing.strip": lambda s, c: uploaded_erasing.strip(s, c, ("C1",), "ALPHA"),
    "uploaded_erasing.without_erased": lambda s, c: uploaded_erasing.without_erased(s, c, [uploaded("C3")]),
    "uploads.books_of": uploads.books_of,
    "uploads.compare": lambda s, c: uploads.compare(s, c, "customer", [uploaded("C2")]),
    "uploads.discard": uploads.discard,
    "uploads.holds_until": uploads.holds_until,
    "uploads.keep_waiting": lambda s, c: uploads.keep_waiting(s, c, BOX, "customer", "c.csv", b"x", NOW, "user 1"),
    "uploads.kept": lambda s, c: uploads.kept(s, c, "customer"),
    "uploads.latest": lambda s, c: uploads.latest(s, c, 10),
    "uploads.open_books": lambda s, c: uploads.open_books(s, free_of_uploads(s, c)),
    "uploads.save_columns": lambda s, c: uploads.save_columns(s, c, '{"date_order": "month first"}'),
    "uploads.save_fresh_days": lambda s, c: uploads.save_fresh_days(s, c, 3, NOW, "user 1"),
    "uploads.take": lambda s, c: uploads.take(s, c, uploads.waiting(s, c)[0], [uploaded("C2")], "gone", NOW, "user 1"),
    "uploads.waiting": uploads.waiting,
    "views.forget": lambda s, c: views.forget(s, c, 1),
    "views.keep": lambda s, c: views.keep(s, c, "customers", "Another", "search=a"),
    "views.kept": lambda s, c: views.kept(s, c, "customers"),
    "wishes.languages": wishes.languages,
    "wishes.hold": lambda s, c: Speaker(s, c, NOW, "user 1").hold("C1", True, TODAY),
    "wishes.dispute": lambda s, c: Speaker(s, c, NOW, "user 1").dispute("I1", True),
}

# Helpers of one transition, which take an act that was found by its company already.
INSIDE = {
    "effects.ask_person",
    "effects.count_contact",
    "effects.of_done",
    "effects.of_turned_down",
    "effects.uncount_contact",
}


def own(session: Session, company_id: int, model: type[ReturnedPayment] | type[PaymentPlan]) -> int:
    """The id of the company's own first row."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(model))[0].id or 0


def uploaded(id: str, name: str = "new") -> UploadedRow:
    record = msgspec.json.encode(customer(id, name=name)).decode()
    return UploadedRow(entity="customer", id=id, customer_id=id, record=record)


def free_of_uploads(session: Session, company_id: int) -> int:
    """The company as it was before its uploads had room."""
    session.execute(delete(UploadedBooks).where(UploadedBooks.company_id == company_id))  # type: ignore[arg-type]  # a clause
    return company_id


def empty_plan() -> Plan:
    return Plan(customer_id="C1", on=TODAY)


def fill(shop: Shop, box: SecretBox, mark: str) -> None:
    """Every table gets rows under the same ids; only names and texts tell the companies apart."""
    shop.reads(
        customer("C1", name=mark, people=(ContactPersonRecord(mark, "p@example.com"),)),
        customer("C2", name=mark, merged_into_id="C1"),
        customer("C3", name="gone"),
        invoice("I1", reference=mark),
        invoice("I2", total=1, reference=mark),
        payment("P1", reference=mark, unapplied=1),
        credit("N1", reference=mark, remaining=1),
        applied("P1", "I1", 100),
        cursor=mark,
        is_complete=True,
        set_aside=(SetAside(entity="invoice", id="I8", reason=mark),),
    )
    with shop.database.begin() as session:
        for step, state in enumerate(("ready", "claimed", "held", "done"), start=1):
            plan_act(session, shop, PlannedAct(kind="remind", key=state, invoices=(("I1", step),), body=f'"{mark}"'))
        plan_act(session, shop, PlannedAct(kind="fee", key="fee-made", body=f'"{mark}"'))
        for key in ("claimed", "held", "done", "fee-made"):
            ledger.claim(session, shop.id, key, "worker", NOW)
        ledger.hold(session, shop.id, "held", mark, NOW)
        ledger.done(session, shop.id, "done", mark, NOW)
        ledger.done(session, shop.id, "fee-made", mark, NOW)
        waivers.waive(session, shop.id, "fee-made", mark, NOW, mark)
        alerts.note(session, alerts.troubles(session, NOW), NOW)
        volume.brake_on(session, shop.id, mark, NOW)
        companies.set_paused(session, shop.id, True, NOW, mark, TODAY)
        companies.set_mode(session, shop.id, "approve", NOW, mark)
        plan_act(session, shop, PlannedAct(kind="remind", key="waits", invoices=(("I1", 5),), body=f'"{mark}"'))
        tasks.open_task(session, shop.id, kind="ask", subject="1", customer_id="C1", title=mark, detail=mark, now=NOW)
        tasks.open_task(session, shop.id, kind="call", subject="C1", customer_id="C1", title=mark, detail="", now=NOW)
        charge = FeeCharged(invoice_id="I1", through_on=TODAY, fixed=Money(1, "USD"), interest=Money(0, "USD"))
        plan_act(session, shop, PlannedAct(kind="fee", key="fee", charges=(charge,), body=f'"{mark}"'))
        plan_act(
            session,
            shop,
            PlannedAct(kind="discount_offer", key="offer", offered=Offered("I1", Decimal(1), TODAY), body=f'"{mark}"'),
        )
        policies.save(session, shop.id, Policy(base_currency="USD"), NOW, mark)
        checks.record(session, shop.id, "nightly", compared=1, findings=[mark], now=NOW)
        wordings.save(session, shop.id, "reminder_1", mark, mark, NOW, mark)
        runs.start(session, shop.id, mark, NOW)
        host = people.sign_in(session, "xero", mark, "", mark, NOW)
        team.invite(session, shop.id, f"{mark}@example.com", "viewer", host.id or 0, NOW)
        api_keys.make(session, shop.id, mark, "read", NOW, mark)
        endpoints.add(session, shop.id, box, f"https://{mark}.example", ["hold.placed"], NOW, mark)
        outbox.put(session, shop.id, "hold.placed", {"says": mark}, NOW)
        remarks.add(session, shop.id, "C1", "note", mark, now=NOW, by="user 1")
        logos.put(session, shop.id, mark.encode(), NOW, mark)
        views.keep(session, shop.id, "customers", mark, "search=a")
        Speaker(session, shop.id, NOW, mark).limit("C1", Money.of(Decimal(1), "USD"))
        Speaker(session, shop.id, NOW, mark).promise("I1", date(2026, 3, 9))
        erasing.erase(session, shop.id, "C3", NOW, mark)
        plans.agree(session, shop.id, "C1", ["I1"], (Part(TODAY, Money(9_900, "USD")),), NOW, mark)
        returned.note(session, shop.id, "C1", TODAY, mark, NOW, mark)
        papers.keep(session, shop.id, PACKED, mark, mark.encode(), NOW)
        became = {"invoice_id": "I2", "customer_id": "C1", "pay_on": TODAY, "state": "broken", "on": TODAY, "at": NOW}
        session.add(PromiseOutcome(company_id=shop.id, sentence=mark, **became))
        uploads.open_books(session, shop.id)
        for _ in range(2):
            uploads.keep_waiting(session, shop.id, box, "customer", mark, mark.encode(), NOW, mark)
            (waiting,) = uploads.waiting(session, shop.id)
            uploads.take(session, shop.id, waiting, [uploaded("C1", mark)], "stay", NOW, mark)
        uploads.keep_waiting(session, shop.id, box, "customer", mark, mark.encode(), NOW, mark)
        for day in (8, 9):
            Speaker(session, shop.id, NOW, mark).promise("I1", date(2026, 3, day))
        tokens_id = tokens.put_tokens(
            session, box, platform="xero", owner=mark, content=b"t", expires_at=NOW, refresh_expires_at=None,
            hard_expires_at=None, now=NOW,
        )  # fmt: skip
        tokens.attach(session, shop.id, tokens_id, mark, None, NOW)


def plan_act(session: Session, shop: Shop, act: PlannedAct) -> None:
    company = companies.get(session, shop.id)
    ledger.record_plan(session, company, reminder(TODAY), 1, None, NOW, TODAY, lambda _action: [act])


@pytest.fixture(scope="module")
def both(databases: Databases) -> Iterator[tuple[Shop, Shop]]:
    """Filled once: no test of this module leaves anything behind."""
    box = SecretBox(("a secret key for tests",))
    with databases.migrated_database() as url:
        database = Database(url)
        shop, neighbour = (Shop.open(database, name, NOW) for name in ("tenant-1", "tenant-2"))
        fill(shop, box, "ALPHA")
        fill(neighbour, box, "OMEGA")
        yield shop, neighbour
        database.dispose()


@contextmanager
def rolled_back(database: Database) -> Iterator[Session]:
    with database.begin() as session:
        yield session
        session.rollback()


def rows_of(session: Session, company_id: int) -> dict[str, list[str]]:
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        column = table.c.id if table.name == "company" else table.c.get("company_id")
        if column is not None:
            found[table.name] = sorted(map(repr, session.execute(select(table).where(column == company_id))))
    return found


@pytest.mark.parametrize("name", CALLS)
def test_what_is_done_for_one_company_neither_shows_nor_changes_the_other(both: tuple[Shop, Shop], name: str) -> None:
    mine, other = both
    with rolled_back(mine.database) as session:
        before = rows_of(session, other.id)
        answer = CALLS[name](session, mine.id)
        assert "OMEGA" not in repr(answer)
        assert rows_of(session, other.id) == before


def test_both_companies_have_rows_in_every_table_of_a_company(both: tuple[Shop, Shop]) -> None:
    """Else the test above would pass for want of anything to see."""
    for shop in both:
        with shop.database.read() as session:
            empty = [name for name, rows in rows_of(session, shop.id).items() if not rows]
        assert empty == ["membership"]


def test_every_public_function_that_takes_a_company_is_tried() -> None:
    found = set()
    for module in pkgutil.walk_packages(store.__path__, "store."):
        if ".migrations" in module.name or ".tables" in module.name:
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            takes = list(inspect.signature(function).parameters)[:2] == ["session", "company_id"]
            if takes and not name.startswith("_") and function.__module__ == module.name:
                found.add(f"{module.name.removeprefix('store.').split('.')[0]}.{name}")
    tried = CALLS.keys() - {"wishes.hold", "wishes.dispute"}
    assert found - INSIDE == tried
