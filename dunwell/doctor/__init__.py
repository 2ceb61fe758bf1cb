"""The doctor: is everything there that Dunwell needs, and if not, what to mend.

Looks and changes nothing; no mail goes out. `house` looks at what is ours, `mail` and `senders` at the way to the
customers, `platforms` at the way to the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dunwell.doctor.finding import Finding, State
from dunwell.doctor.house import address, clock_of, database, disk, keeping_up, secret
from dunwell.doctor.mail import mail_server
from dunwell.doctor.platforms import platforms
from dunwell.doctor.senders import Resolve, look_up, sender_records
from dunwell.settings import Settings

__all__ = ["Finding", "State", "examine"]


def examine(settings: Settings, resolve: Resolve = look_up) -> list[Finding]:
    """Look at everything; one thing that is wrong does not stop the rest."""
    found: list[Finding] = []
    for look in _looks(settings, resolve):
        try:
            found += look()
        except Exception as error:
            # Whatever it is, the other findings matter all the more.
            name = getattr(look, "__name__", "check").strip("_")
            found.append(
                Finding(name, State.UNKNOWN, f"could not check ({type(error).__name__})", "Please report this")
            )
    return found


def _looks(settings: Settings, resolve: Resolve) -> Iterable[Callable[[], Iterable[Finding]]]:
    now = clock_of(settings)
    return (
        lambda: [secret(settings)],
        lambda: [database(settings)],
        lambda: disk(settings),
        lambda: keeping_up(settings, now),
        lambda: [mail_server(settings)],
        lambda: sender_records(settings, resolve),
        lambda: platforms(settings, now),
        lambda: [address(settings)],
    )
