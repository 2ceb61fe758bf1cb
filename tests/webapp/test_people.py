"""People: invited by mail, in by their own sign-in, and never more than their role allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from connectors.errors import Refused
from connectors.ports import Mail
from engine.policy import Notices
from sandbox.server import Sandbox
from store import companies, policies, team
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from tests.webapp.stage import Stage, platforms_at, register

PAGE = "/settings/people"


class Box:
    """A mail server that keeps what it is given, or turns it down."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.is_away = False

    def send(self, mail: Mail) -> str:
        if self.is_away:
            raise Refused("The mail server turned the message down: 550")
        self.mails.append(mail)
        return "id"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def stage(make_app: Callable[..., Flask], box: Box) -> Iterator[Stage]:
    with Sandbox() as sandbox:
        register(sandbox, "http://localhost")
        yield Stage(sandbox, make_app(platforms=platforms_at(sandbox), clock=sandbox.clock.now, mailer=box))


@pytest.fixture
def host(stage: Stage) -> Browser:
    """The owner of a company on QuickBooks Online."""
    browser = Browser(stage.app.test_client())
    stage.connect(browser, "quickbooks")
    return browser


def invite(host: Browser, role: str = "bookkeeper") -> str:
    return host.press(
        host.form(PAGE, f"{PAGE}/invite"), "Send the invitation", email="sam@books.example", role=role
    ).text


def path_in(text: str) -> str:
    found = re.search(r"http://localhost(/invitation/[\w-]+)", text)
    assert found is not None
    return found[1]


def roles(database: Database) -> dict[str, str]:
    with database.read() as session:
        [company] = companies.all_companies(session)
        return {one.platform: one.role for one in team.members(session, company.id or 0)}


def test_somebody_invited_signs_in_with_their_own_platform_and_is_in(
    stage: Stage, host: Browser, box: Box, database: Database
) -> None:
    """the owner is on QuickBooks, the bookkeeper signs in with Xero, and their own books stay closed"""
    assert "on its way to sam@books.example" in invite(host)
    [mail] = box.mails
    assert mail.to == ("sam@books.example",)
    assert "Prairie Supply Co" in mail.subject
    sam, link = Browser(stage.app.test_client()), path_in(mail.text)
    offered = sam.open(link)
    assert "as <strong>bookkeeper</strong>" in offered.text
    back = sam.open(stage.consent(sam, "xero", door="sign-in"))
    assert back.request.path == link, "after signing in, the invitation is there again"
    assert roles(database) == {"quickbooks": "owner"}, "nothing is taken up by signing in"
    home = sam.press(sam.form_in(back, link), follow=True)
    assert "Prairie Supply Co" in home.text
    assert roles(database) == {"quickbooks": "owner", "xero": "bookkeeper"}
    assert Browser(stage.app.test_client()).open(link).status_code == 404, "the link is used up"


def test_without_a_mail_server_the_link_is_shown_once(stage: Stage, host: Browser, box: Box) -> None:
    box.is_away = True
    link = path_in(invite(host, "viewer"))
    assert "/invitation/" not in host.open(PAGE).text
    assert "as <strong>viewer</strong>" in Browser(stage.app.test_client()).open(link).text


def test_an_invitation_speaks_the_companys_language(host: Browser, box: Box, database: Database) -> None:
    with database.begin() as session:
        [company] = companies.all_companies(session)
        policy = policies.current(session, company.stored_id)
        policy = policy.model_copy(update={"notices": Notices(language="es")})
        policies.save(session, company.stored_id, policy, company.created_at, "user 1")
    invite(host)
    [mail] = box.mails
    assert mail.subject == "Llevar Prairie Supply Co en Dunwell"
    assert "como contable." in mail.text
    assert "Funciona una vez." in mail.text


def test_a_withdrawn_invitation_opens_nothing(stage: Stage, host: Browser, box: Box) -> None:
    invite(host)
    page = host.press(host.form(PAGE, f"{PAGE}/invitations"), "Withdraw")
    assert "Withdrawn." in page.text
    assert Browser(stage.app.test_client()).open(path_in(box.mails[0].text)).status_code == 404


def test_an_invitation_cannot_be_taken_up_without_signing_in(stage: Stage, host: Browser, box: Box) -> None:
    invite(host)
    link, visitor = path_in(box.mails[0].text), Browser(stage.app.test_client())
    stage.app.config["WTF_CSRF_ENABLED"] = False  # so that it is the sign-in that is tried, not the forgery check
    assert visitor.client.post(link).headers["Location"] == "/"
    assert visitor.open(link).status_code == 200, "it is still good"


@pytest.mark.parametrize(("email", "says"), [("nobody", "one address"), ("", "Enter an address")])
def test_a_wrong_address_is_told_beside_its_field(owner: Browser, email: str, says: str) -> None:
    page = owner.press(owner.form(PAGE, f"{PAGE}/invite"), "Send the invitation", email=email)
    assert page.status_code == 422
    assert says in page.text


def test_a_role_is_changed_and_taken_away_at_once(
    owner: Browser, browser_of: Callable[..., Browser], company: Company
) -> None:
    sam = browser_of(company, "viewer", "sam")
    form = next(one for one in owner.forms_in(owner.open(PAGE)) if ("role", "viewer") in one.fields)
    owner.press(form, "Change", role="bookkeeper")
    assert sam.client.post("/settings", data={"company": company.id}).status_code == 400
    assert "Bookkeeper" in sam.open(PAGE).text
    owner.press(form, "Remove")
    assert sam.open("/activity").request.path == "/connect"


def test_the_last_owner_stays(owner: Browser) -> None:
    form = owner.form(PAGE, f"{PAGE}/1")
    for button in ("Change", "Remove"):
        page = owner.press(form, button, role="viewer")
        assert "Somebody has to own the company" in page.text


def test_a_bookkeeper_sees_the_team_and_changes_nothing(browser_of: Callable[..., Browser], company: Company) -> None:
    page = browser_of(company, "bookkeeper").open(PAGE).text
    assert "Mia" in page
    assert "Send the invitation" not in page
    assert 'name="role"' not in page


def test_one_owner_cannot_touch_the_people_of_another_company(
    database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    browser_of(company)
    stranger = browser_of(other, subject="noa")
    form = stranger.form(PAGE, PAGE)
    form.action = f"{PAGE}/1"
    assert stranger.press(form, "Remove").status_code == 404
    with database.read() as session:
        assert companies.role_of(session, 1, company.id or 0) == "owner"
