"""Client: what each of Xero's refusals costs, and that nothing is ever sent twice behind our back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from connectors.errors import OutcomeUnknown, ReconnectNeeded, Refused, RetryLater
from connectors.pace import pace_for
from connectors.ports import NoteTarget
from connectors.xero.answers import explanation, refusal, too_many
from sandbox.faults import Fault
from tests.connectors.xero.connected import CLIENT_ID, Connected
from tests.patience import Seconds

KEY = "0123456789abcdef0123456789abcdef"


def customer_of(connected: Connected) -> NoteTarget:
    return NoteTarget("customer", connected.company.add_customer("Harbour Joinery"))


def test_a_short_pause_is_sat_out_and_the_call_made_again(connected: Connected, platform_time: Seconds) -> None:
    connected.sandbox.faults.add(Fault("throttle", args={"problem": "minute", "retry_after": 1}))
    before = platform_time.waited
    assert connected.sync()[-1].is_complete
    assert 0.9 <= platform_time.waited - before <= 1.0


@pytest.mark.parametrize(("problem", "wait"), [("minute", 45), ("day", 20_000)])
def test_a_long_pause_is_handed_to_the_scheduler(connected: Connected, problem: str, wait: int) -> None:
    connected.sandbox.faults.add(Fault("throttle", args={"problem": problem, "retry_after": wait}))
    with pytest.raises(RetryLater) as asked:
        connected.sync()
    assert abs(asked.value.wait - timedelta(seconds=wait)) < timedelta(seconds=2)
    connected.forget_seen()
    with pytest.raises(RetryLater):
        connected.sync()
    assert connected.calls == []


def test_too_many_at_once_says_nothing_of_waiting_and_passes_soon(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    pace = pace_for("xero", connected.company.external_id)
    monkeypatch.setattr(pace, "rest", lambda seconds, *_, **__: rested.append(seconds))
    connected.sandbox.faults.add(Fault("throttle", args={"problem": "concurrent", "retry_after": None}))
    assert connected.sync()[-1].is_complete
    assert rested == [5.0]


def test_a_used_up_day_is_told_in_plain_words(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("throttle", args={"problem": "day", "retry_after": 20_000}))
    with pytest.raises(RetryLater, match="pause of 6 hours: the calls that it allows this organisation in a day are"):
        connected.sync()


def test_the_last_calls_of_a_day_are_kept_for_what_has_to_be_written(connected: Connected) -> None:
    """
    limit  55 calls a day   kept for writing: 50
    """
    target = customer_of(connected)
    connected.sandbox.xero.apps[CLIENT_ID].switches.day_limit = 55
    books = connected.books()
    with pytest.raises(RetryLater, match="the last 50 are kept"):
        list(books.changes(""))
    books.write_note(target, "Called them.", KEY)


@pytest.mark.parametrize(
    ("problem", "wait"),
    [
        ("Minute", timedelta(minutes=1)),
        ("DayLimit", timedelta(hours=6)),
        ("Daily", timedelta(hours=6)),
        ("app-minute", timedelta(minutes=1)),
        ("Concurrent", timedelta(seconds=5)),
        ("", timedelta(minutes=1)),
    ],
)
def test_without_a_retry_after_the_kind_of_limit_decides(problem: str, wait: timedelta) -> None:
    assert too_many({"X-Rate-Limit-Problem": problem}).wait == wait


def test_a_dropped_read_is_made_again_at_once(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("drop_before", "GET", "/Invoices$"))
    assert connected.sync()[-1].is_complete
    connected.sandbox.faults.add(Fault("drop_before", "GET", "/Invoices$", times=99))
    with pytest.raises(RetryLater):
        connected.sync()


def test_a_write_whose_answer_never_came_is_sent_once_and_can_be_looked_up(connected: Connected) -> None:
    target = customer_of(connected)
    connected.sandbox.faults.add(Fault("drop_after", "PUT", "/History$"))
    books = connected.books()
    with pytest.raises(OutcomeUnknown):
        books.write_note(target, "Reminder 1 sent", KEY)
    assert sum("History" in path for path in connected.calls) == 1
    assert books.has_note(target, KEY)
    assert len(connected.company.notes_on("customer", target.id)) == 1


def test_a_token_that_xero_calls_expired_is_refreshed_once_and_the_call_made_again(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("token_expired"))
    assert connected.sync()[-1].is_complete
    assert connected.seen("/connect/token") == 1


def test_many_at_work_refresh_once(connected: Connected) -> None:
    connected.sandbox.clock.advance(timedelta(hours=1))
    failed: list[BaseException] = []

    def work(worker: str) -> None:
        try:
            connected.books(worker).company()
        except BaseException as error:  # told by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert connected.seen("/connect/token") == 1


def test_an_organisation_disconnected_in_xero_is_noticed(connected: Connected) -> None:
    """Refreshing still works then; only the list of connections tells it from a lack of permission."""
    connected.sandbox.xero.disconnect(connected.company.external_id)
    with pytest.raises(ReconnectNeeded, match="disconnected in Xero"):
        connected.sync()


def test_a_lack_of_permission_is_not_taken_for_a_disconnect(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("forbidden", times=9))
    with pytest.raises(Refused, match="does not permit"):
        connected.sync()


def test_a_consent_that_died_asks_for_a_new_one(connected: Connected) -> None:
    connected.sandbox.clock.advance(timedelta(days=61))
    with pytest.raises(ReconnectNeeded):
        connected.sync()


def test_maintenance_is_waited_for_even_by_writes(connected: Connected) -> None:
    target = customer_of(connected)
    connected.sandbox.faults.add(Fault("status", args={"code": 503, "status": 503}, times=9))
    with pytest.raises(RetryLater):
        connected.books().write_note(target, "Reminder 1 sent", KEY)
    connected.sandbox.faults.clear()
    assert connected.company.notes_on("customer", target.id) == []


@pytest.mark.parametrize(
    ("status", "is_write", "error"),
    [
        (500, False, RetryLater),
        (500, True, OutcomeUnknown),
        (503, True, RetryLater),
        (400, True, Refused),
        (404, False, Refused),
    ],
)
def test_a_failure_means_more_for_a_write(status: int, is_write: bool, error: type[Exception]) -> None:
    assert isinstance(refusal(status, {}, b"", is_write=is_write), error)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            b'{"Message":"A validation exception","Elements":[{"ValidationErrors":[{"Message":"Too long."}]}]}',
            "Too long.",
        ),
        (b'{"Message":"x","Elements":[{"ValidationErrors":[{"Description":"Locked."}]}]}', "Locked."),
        (b'{"Title":"Forbidden","Detail":"AuthenticationUnsuccessful","Status":403}', "AuthenticationUnsuccessful"),
        (b"The Organisation is offline", "The Organisation is offline"),
        (b"<html><body>502</body></html>", ""),
        (b'{"Message": 7}', ""),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        (b"", ""),
    ],
)
def test_all_four_dialects_are_understood(body: bytes, text: str) -> None:
    assert explanation(body) == text


def test_nothing_secret_is_in_an_error(connected: Connected) -> None:
    token = connected.access_token()
    connected.sandbox.faults.add(Fault("forbidden", times=9))
    with pytest.raises(Refused) as told:
        connected.sync()
    seen: BaseException | None = told.value
    while seen is not None:
        assert token not in f"{seen!r}{seen}"
        seen = seen.__cause__
