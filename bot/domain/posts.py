"""The kinds of durable outgoing messages, and how each is sent.

A service records *that* something is to be said (kind and subject) in the same transaction as
the change itself; the courier renders it from what is stored at the moment of sending.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """The way a message leaves; each has its own rules for repeats (see ``bot/courier``)."""

    POST = "post"  # top level in a channel
    NOTE = "note"  # in a thread
    DIRECT = "direct"  # a direct message


class Kind(StrEnum):
    """What a message is about; names its row in ``bot/rendering.py``. The subject is an id."""

    WELCOME = "welcome"  # partnership
    WELCOME_NOTE = "welcome_note"  # row of the partnership's history
    SILENCE = "silence"  # the same, privately to the one who invited
    NO_COMMON_DAY = "no_common_day"  # the same, privately to those who lead
    CHANNEL_LOST = "channel_lost"  # the same, privately to those who can mend it
    NOT_THROUGH = "not_through"  # report, privately to those who can mend it
    CARD = "card"  # commitment
    SOURCE = "source"  # commitment: the message that it was written down from
    COMMITMENT_NOTE = "commitment_note"  # row of the commitment's history
    COMMITMENT_TOLD = "commitment_told"  # the same, privately to the owner's colleagues
    REMINDER = "reminder"  # reminder of one person
    PROMPT = "prompt"  # occurrence
    CHECKIN_NOTE = "checkin_note"  # statement of a reply: a question, or thanks
    SCHEDULE_NOTE = "schedule_note"  # row of a schedule's history
    SUMMARY = "summary"  # occurrence
    NUDGE = "nudge"  # the first of those that one message tells of
    DIGEST = "digest"  # occurrence
    SHARES_TOLD = "shares_told"  # how the work is shared, privately to a lead
    SHARES = "shares"  # the same in the channel
    ANSWER = "answer"  # rendered when it was recorded: the answer to a mention or a reply


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"  # asked, no answer: looked up before it is sent again
    SENT = "sent"
    REFUSED = "refused"  # Slack said no for certain
    MISSED = "missed"  # older than its grace, or given up after many attempts
    WITHDRAWN = "withdrawn"  # when its turn came there was nothing to say, or nobody to say it to


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one lane (a channel, or a member) for the time of a lease."""

    lane: int
    installation: int
    token: str
    last_ts: str | None
    """The last ``ts`` that Slack gave in this lane; None before its first message."""
    problem: str | None = None
    """Why the lane rested until now, in Slack's word; None where all was well."""


@dataclass(frozen=True, slots=True)
class Post:
    """Something to be said top level in a channel, for those who say many things at once."""

    installation_id: int
    channel: str
    kind: Kind
    subject: int
    grace_until: datetime | None = None
    """After this it is not sent any more but counts as missed."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A durable message, as far as whoever delivers it or looks for it needs to know it."""

    id: int
    installation: int
    form: Form
    kind: Kind
    subject: int
    state: State
    channel: str | None
    """Where it goes; None for a direct message whose channel is not open yet."""
    member: int | None
    """Who gets it, if it is a direct message."""
    about: str | None
    """Of a direct message: the channel whose members alone may read it."""
    parent: int | None
    """Of a note: our message that the thread belongs to, however that fared."""
    thread: str | None
    """Of a note: the ``ts`` of the thread's first message; None goes top level."""
    key: str
    """Opaque; the message carries it in its metadata, so that it can be looked up."""
    ts: str | None
    wanted: int
    """The version that people should see; raised by each refresh."""
    sent: int
    """The version that Slack has; 0 before the first."""
    attempts: int
    grace_until: datetime | None
    body: dict[str, Any] | None
    """Only of what was rendered when it was recorded."""
    problem: str | None
    """Slack's word for what stood in the way last."""
    settled: bool
    """Whether it was once done with: sent, or given up."""

    @property
    def unresolved(self) -> bool:
        """Whether Slack may have it although it did not say so."""
        return self.state in {State.SENDING, State.UNKNOWN}

    @property
    def given_up(self) -> bool:
        """Whether it is unresolved again after nothing more was to be done about it."""
        return self.unresolved and self.settled
