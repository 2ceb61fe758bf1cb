"""The mailbox: mails over real SMTP are kept as they came, refused on request, and shown without danger."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.faults import Fault, Faults
from sandbox.mailbox import Mailbox
from sandbox.server import START, Sandbox
from tests.sandbox.conftest import Write


def get(sandbox: Sandbox, path: str) -> requests.Response:
    return requests.get(sandbox.base_url + path, timeout=5)


def test_a_mail_is_kept_as_it_came(sandbox: Sandbox, write: Write) -> None:
    write("Ap@Larkspur.example", "Überfällig", "Guten Tag", "<p>Guten <b>Tag</b></p>")
    [mail] = sandbox.mailbox.to("ap@larkspur.example")
    assert (mail.subject, mail.text.strip(), mail.html.strip()) == (
        "Überfällig",
        "Guten Tag",
        "<p>Guten <b>Tag</b></p>",
    )
    assert mail.received_at >= START


@pytest.mark.parametrize(("fault", "code"), [("smtp_reject", 550), ("smtp_later", 451)])
def test_a_refused_recipient_gets_nothing(sandbox: Sandbox, write: Write, fault: str, code: int) -> None:
    sandbox.faults.add(Fault(fault, path="larkspur"))
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        write("ap@larkspur.example")
    assert refused.value.recipients["ap@larkspur.example"][0] == code
    assert sandbox.mailbox.mails == []


def test_one_refused_recipient_does_not_keep_the_mail_from_the_other(sandbox: Sandbox, write: Write) -> None:
    sandbox.faults.add(Fault("smtp_reject", path="larkspur"))
    refused = write("ap@larkspur.example, owner@heron.example")
    assert list(refused) == ["ap@larkspur.example"]
    assert sandbox.mailbox.mails[0].recipients == ("owner@heron.example",)


@pytest.mark.parametrize(("fault", "kept"), [("smtp_cut_before_data", 0), ("smtp_cut_after_data", 1)])
def test_a_cut_connection_leaves_the_sender_in_doubt(sandbox: Sandbox, write: Write, fault: str, kept: int) -> None:
    sandbox.faults.add(Fault(fault))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        write()
    assert len(sandbox.mailbox.mails) == kept
    write()
    assert len(sandbox.mailbox.mails) == kept + 1


def test_with_a_login_nobody_writes_without_it() -> None:
    mailbox = Mailbox(SandboxClock(START), Faults(), login=("dun well", "p:w@"))
    mailbox.start()
    try:
        url = urlsplit(mailbox.smtp_url)
        assert (url.username, url.password) == ("dun%20well", "p%3Aw%40")
        with smtplib.SMTP("localhost", url.port or 0, timeout=5) as smtp:
            with pytest.raises(smtplib.SMTPSenderRefused):
                smtp.sendmail("a@x.example", ["b@y.example"], "hello")
            with pytest.raises(smtplib.SMTPAuthenticationError):
                smtp.login("dun well", "wrong")
            smtp.login("dun well", "p:w@")
            smtp.sendmail("a@x.example", ["b@y.example"], "hello")
        assert len(mailbox.mails) == 1
    finally:
        mailbox.stop()


def test_the_list_shows_the_newest_first_and_escapes_what_it_shows(sandbox: Sandbox, write: Write) -> None:
    write(subject="First")
    write(subject="<script>alert(1)</script>")
    page = get(sandbox, "/mailbox")
    assert page.text.index("&lt;script&gt;alert(1)") < page.text.index("First")
    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_mail_is_shown_in_a_frame_that_may_do_nothing(sandbox: Sandbox, write: Write) -> None:
    write(html="<p onclick='x()'>Please pay</p><script>steal()</script>")
    page = get(sandbox, "/mailbox/1")
    assert '<iframe class="letter" sandbox=""' in page.text
    assert "steal()" not in page.text
    letter = get(sandbox, "/mailbox/1/body")
    assert "Please pay" in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} >= {"default-src 'none'", "sandbox"}


def test_a_mail_without_html_shows_its_text(sandbox: Sandbox, write: Write) -> None:
    write(text="Only <text> here")
    page = get(sandbox, "/mailbox/1").text
    assert "Only &lt;text&gt; here" in page
    assert "<iframe" not in page


def test_long_lists_are_shown_page_by_page(sandbox: Sandbox, write: Write) -> None:
    for number in range(103):
        sandbox.mailbox.keep_raw("a@x.example", ["b@y.example"], f"Subject: no {number}\r\n\r\n.".encode())
    page = get(sandbox, "/mailbox").text
    assert ("no 102" in page, "no 2<" in page, 'href="/mailbox?before=4"' in page) == (True, False, True)
    assert "no 2<" in get(sandbox, "/mailbox?before=4").text


def test_a_mail_that_makes_no_sense_is_still_shown(sandbox: Sandbox) -> None:
    raw = b"Content-Type: text/plain; charset=klingon\r\nSubject: =?x?q?=\r\n\r\n\xff\xfeqapla"
    sandbox.mailbox.keep_raw("a@x.example", ["b@y.example"], raw)
    assert "qapla" in get(sandbox, "/mailbox/1").text


def test_a_mail_that_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    assert [get(sandbox, f"/mailbox/{path}").status_code for path in ("0", "1", "1/body", "99/raw")] == [404] * 4
