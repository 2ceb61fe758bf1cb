"""The control API's books: companies and apps, what a bookkeeper does, the world's customers, and what was seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import request

from sandbox.company import SandboxCompany, SandboxPlatform
from sandbox.control import bodies
from sandbox.control.asking import Add, AskedWronglyError, body, passed_on
from sandbox.control.views import company_as_json, mail_as_json
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.server import Sandbox


def platforms(sandbox: Sandbox, add: Add) -> None:
    def create(platform: str) -> object:
        asked = body(bodies.NewCompany)
        make = _platform(sandbox, platform).create_company
        company = passed_on(make, asked.name, asked.country, asked.currency, asked.time_zone, **asked.switches)
        return company_as_json(company)

    def register(platform: str) -> object:
        asked = msgspec.structs.asdict(body(bodies.NewApp))
        passed_on(_platform(sandbox, platform).register_app, **asked.pop("switches"), **asked)
        return {"client_id": asked["client_id"]}

    add("GET", "/companies", lambda: _companies(sandbox))
    add("POST", "/<platform>/companies", create)
    add("POST", "/<platform>/apps", register)


def books(sandbox: Sandbox, add: Add) -> None:
    find = partial(_company, sandbox)

    def act(platform: str, id: str, name: str) -> object:
        if name not in bodies.ACTS:
            raise AskedWronglyError(
                f"{name!r} is not something a bookkeeper does: expected one of {', '.join(bodies.ACTS)}"
            )
        company = find(platform, id)
        asked = msgspec.structs.asdict(body(bodies.ACTS[name]))
        return {"result": passed_on(getattr(company, name), **asked)}

    def load(platform: str, id: str) -> object:
        company: Any = find(platform, id)
        asked = body(bodies.Load)
        passed_on(company.load, asked.entity, asked.documents)
        return {"loaded": len(asked.documents)}

    def disconnect(platform: str, id: str) -> object:
        find(platform, id)
        passed_on(_platform(sandbox, platform).disconnect, id)
        return {"disconnected": id}

    def notes(platform: str, id: str, entity: str, entity_id: str) -> object:
        return passed_on(find(platform, id).notes_on, entity, entity_id)

    book = "/<platform>/companies/<id>"
    add("GET", book, lambda platform, id: company_as_json(find(platform, id)))
    add("GET", f"{book}/invoices", lambda platform, id: find(platform, id).open_invoices())
    add("GET", f"{book}/on-hold", lambda platform, id: find(platform, id).customers_on_hold())
    add("GET", f"{book}/outbox", lambda platform, id: getattr(find(platform, id), "outbox", []))
    add("GET", f"{book}/notes/<entity>/<entity_id>", notes)
    add("POST", f"{book}/load", load)
    add("POST", f"{book}/disconnect", disconnect)
    add("POST", f"{book}/do/<name>", act)


def world_rules(sandbox: Sandbox, add: Add) -> None:
    def world() -> World:
        if sandbox.world is None:
            raise AskedWronglyError("no world lives in this sandbox")
        return sandbox.world

    def tell() -> object:
        return {"seed": world().seed, "books": [book.as_json() for book in world().books]}

    def change(external_id: str, customer_id: str) -> object:
        try:
            world().change_habit(external_id, customer_id, body(bodies.Habit).habit)
        except LookupError as error:
            raise AskedWronglyError(str(error.args[0])) from error
        return tell()

    add("GET", "/world", tell)
    add("POST", "/world/<external_id>/customers/<customer_id>", change)


def seen(sandbox: Sandbox, add: Add) -> None:
    def mails() -> object:
        to = request.args.get("to")
        chosen = sandbox.mailbox.mails if to is None else sandbox.mailbox.to(to)
        return [mail_as_json(mail) for mail in chosen]

    def requests() -> object:
        return {name: platform.requests_seen for name, platform in sandbox.platforms.items()}

    def forget() -> object:
        for platform in sandbox.platforms.values():
            platform.requests_seen.clear()
        return requests()

    def state() -> object:
        return {
            "now": sandbox.clock.now().isoformat(),
            "companies": _companies(sandbox),
            "requests": {name: len(platform.requests_seen) for name, platform in sandbox.platforms.items()},
            "faults_waiting": len(sandbox.faults.waiting),
            "faults_struck": len(sandbox.faults.struck),
            "webhooks_waiting": len(sandbox.webhooks.waiting),
            "webhooks_sent": len(sandbox.webhooks.sent),
            "mails": len(sandbox.mailbox.mails),
            "world": sandbox.world is not None,
        }

    add("GET", "/state", state)
    add("GET", "/mailbox", mails)
    add("GET", "/requests", requests)
    add("DELETE", "/requests", forget)


def _companies(sandbox: Sandbox) -> object:
    return {
        name: [company_as_json(company) for company in platform.companies.values()]
        for name, platform in sandbox.platforms.items()
    }


def _platform(sandbox: Sandbox, name: str) -> SandboxPlatform:
    try:
        return sandbox.platforms[name]
    except KeyError:
        *others, last = sandbox.platforms
        raise AskedWronglyError(f"{name!r} is no platform here: expected {', '.join(others)} or {last}") from None


def _company(sandbox: Sandbox, platform: str, id: str) -> SandboxCompany:
    try:
        return _platform(sandbox, platform).companies[id]
    except KeyError:
        raise AskedWronglyError(f"{platform} has no company {id!r}") from None
