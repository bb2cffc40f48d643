"""What stands between the bot and a channel, and what did not get through."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.partnerships import Step
from bot.domain.posts import Kind

GATHER = timedelta(hours=1)
"""So long what did not get through is gathered, since what stands in one message's way stands in
that of many."""

AGAIN = timedelta(days=1)
"""It is told at most once a day."""

OLDEST = timedelta(days=7)
"""What is older when somebody can be told first is for the doctor's figures alone."""

UNTOLD = frozenset({Kind.CHANNEL_LOST, Kind.NOT_THROUGH})
"""Words about trouble. Nobody is told when they do not get through: that would never end."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A channel in which nothing can be said, for those who can mend it."""

    name: str
    """The channel's, without ``#``."""
    step: Step
    """Archived, removed, or blocked by a policy."""
    problem: str
    """Slack's word; empty where the step says it all."""


class Why(StrEnum):
    """Why something did not get through for good."""

    REFUSED = "refused"  # Slack said no for certain, or we could not put it into words
    TOO_LATE = "too_late"  # older than its grace
    GIVEN_UP = "given_up"  # all attempts were in vain
    OLD_WORDS = "old_words"  # it stands there, and Slack did not take the newest words


@dataclass(frozen=True, slots=True)
class NotThrough:
    """How many messages of one kind did not get through for one reason."""

    kind: Kind
    why: Why
    problem: str
    """Slack's word, or our own for a fault of ours; empty where there is none."""
    number: int


@dataclass(frozen=True, slots=True)
class Report:
    """One telling of what did not get through in one installation."""

    id: int
    installation_id: int
    since: datetime
    """What was settled after this, by the calendar, …"""
    until: datetime
    """… and not after this."""
    at: datetime
