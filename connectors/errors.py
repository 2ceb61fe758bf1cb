"""What went wrong, named by what the caller does about it.

DunwellError
├── RetryLater       the platform is busy or away: the same call again, after `wait`
├── ReconnectNeeded  consent is gone: pause this company, ask its owner to connect again
├── Refused          the platform said no to this one act: show why, do not repeat it as it is
├── OutcomeUnknown   the act may or may not have happened: verify it, or hold it for a person
├── SkipRecord       one record makes no sense: set it aside, go on with the rest
└── StopRun          something we rely on is untrue: halt before anything goes out
"""

from __future__ import annotations

from datetime import timedelta


class DunwellError(Exception):
    """Anything that Dunwell itself raises on purpose."""


class RetryLater(DunwellError):
    """The platform asked us to wait, or could not be reached. Nothing was changed over there."""

    def __init__(self, platform: str, wait: timedelta, why: str = "") -> None:
        """`why` is the rest of the sentence, fit to show the owner."""
        super().__init__(f"{platform} asks for a pause of {_in_words(wait)}" + (f": {why}" if why else ""))
        self.wait, self.why = wait, why


def _in_words(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 7200 else f"{round(seconds / 3600)} hours"


class ReconnectNeeded(DunwellError):
    """The platform no longer accepts our tokens for this company. Only its owner can mend that."""


class Refused(DunwellError):
    """The platform understood and said no. `str(error)` is its own message, fit to show the owner."""


class OutcomeUnknown(DunwellError):
    """No answer came back to something that changes the other side."""


class SkipRecord(DunwellError):
    """One record cannot be understood: the message names the field, its value and what was expected."""

    def __init__(self, entity: str, record_id: str, reason: str) -> None:
        super().__init__(f"{entity} {record_id}: {reason}")
        self.entity, self.record_id, self.reason = entity, record_id, reason


class StopRun(DunwellError):
    """The books or the answers contradict themselves. Nothing may go out for this company until a person looks."""
