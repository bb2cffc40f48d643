"""Taking back what one has just done (product: *Undoable*).

An act can be taken back by whoever did it, for ten minutes and until somebody else has built on
it. It is not made never to have been: the history keeps both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.commitments import Act, Commitment
from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate
from bot.domain.people import Member

WINDOW = timedelta(minutes=10)
"""So long an act can be taken back, by the calendar (product: ten minutes)."""


_PART = ":part"
"""Ends the key of what was done in one go with something else."""


def part_of(key: str) -> str:
    """The key of the second thing that one delivery does, which is taken back with the first."""
    return key + _PART


def whole(key: str) -> str:
    """The key of the first."""
    return key.removesuffix(_PART)


class What(StrEnum):
    """What an act was done to; names its way back in ``bot/services/undo.py``."""

    COMMITMENT = "commitment"
    SCHEDULE = "schedule"
    OK = "ok"  # an organization's OK, or its "not now"
    SETUP = "setup"
    CHANGE = "change"  # of a setting, announced: an OK to it, an objection, or its taking back
    ORGANIZATION = "organization"  # what one says of itself
    CLOSED_DAYS = "closed_days"  # of an organization
    AWAY = "away"  # the subject is the member
    PREFERENCES = "preferences"  # the subject is the member
    LATER = "later"  # the subject is the commitment
    PAY = "pay"  # the same
    WITH = "with"  # which organization a guest is with; the subject is the guest
    LASTING = "lasting"  # what cannot be taken back


class Lasting(StrEnum):
    """What somebody does that cannot be taken back: named where they want to."""

    ASKED_NOW = "asked_now"
    UNSKIPPED = "unskipped"
    REPLIED = "replied"
    ON_TRACK = "on_track"
    QUESTION = "question"
    STARTED_WITHOUT = "started_without"
    JOINING = "joining"
    SHARES_ASKED = "shares_asked"
    SHARES_ANSWERED = "shares_answered"
    CHANGE_SETTLED = "change_settled"


_STAYS: Mapping[Lasting, tuple[str, str]] = {
    Lasting.ASKED_NOW: (
        "to ask the check-in now",
        "It stands in the channel. Who replies is read as ever.",
    ),
    Lasting.UNSKIPPED: ("to ask on the skipped date after all", "Skip it again instead."),
    Lasting.REPLIED: (
        "to reply to a check-in",
        "Edit or delete your reply in Slack, and I follow.",
    ),
    Lasting.ON_TRACK: (
        "to say in a check-in that something is on track",
        "Press another button there, or say in the thread how it goes.",
    ),
    Lasting.QUESTION: (
        "to ask a question",
        "It stands in the thread of my first message. Correct it there in words.",
    ),
    Lasting.STARTED_WITHOUT: (
        "to start without those who have not answered",
        "Everybody has read it. Pause what I post instead.",
    ),
    Lasting.JOINING: (
        "to say whether a guest is with your organization",
        "The guest can name an organization again, and I ask again.",
    ),
    Lasting.SHARES_ASKED: (
        "to ask how the work is shared",
        "The leads have it by now; nothing is posted unless each of them says so.",
    ),
    Lasting.SHARES_ANSWERED: (
        "to say whether it is posted how the work is shared",
        "Until it is posted you can press the other button.",
    ),
    Lasting.CHANGE_SETTLED: (
        "to say the last OK to a change",
        "It holds by now. Open the setup to suggest something else.",
    ),
}


def lasts(what: Lasting) -> BotError:
    """Why what somebody did last stays, by its name; what they did before it stays too."""
    did, instead = _STAYS[what]
    return NotPossible(
        f"The last thing you did was {did}. That cannot be taken back, so nothing has changed. "
        f"{instead}"
    )


@dataclass(frozen=True, slots=True)
class Undoable:
    """Something that somebody did and may take back."""

    id: int
    key: str
    """Of the delivery that did it."""
    what: What
    subject: int
    """The id of the thing."""
    by: int
    """The member."""
    partnership: int | None
    """Where it was done; None for what is somebody's own."""
    entry: int
    """The newest row of the thing's history before it; 0 if there was none."""
    before: dict[str, Any] | None
    """How the thing stood; None if it was not there."""
    at: datetime
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What can be done about an act, for the one who did it."""

    deed: Undoable
    commitment: Commitment | None = None
    """If it was done to one: as they may see it now."""
    edit: Act | None = None
    """What *Edit* opens; None where there is nothing to mend."""
    thing: str | None = None
    """Of anything else that has a form: what *Edit* opens it for, as its button says it."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Something was taken back."""

    deed: Undoable
    by: Member
    value: Any
    """How the thing stands now; None if there is nothing to show."""


def check(deed: Undoable, actor: Member, person: int | None, now: datetime, instead: str) -> None:
    """Raise a sentence if ``person`` (a member's id) may not take this back now.

    ``actor`` is who did it; ``instead`` says what to do once it is too late. Whether somebody has
    built on it is for the thing's own rules.
    """
    if person != deed.by:
        raise NotAllowed(f"Only {actor.mention} can take this back. Nothing has changed.")
    if deed.taken_back_at is not None:
        raise NotPossible("You have taken this back already. Nothing more has changed.")
    if now - deed.at > WINDOW:
        raise OutOfDate(f"That is more than ten minutes ago, so it stays. {instead}".strip())


def built_on(by: Member | None, actor: Member, instead: str) -> BotError:
    """Why an act stays on which something was built since, and what to do."""
    if by is not None and by.id == actor.id:
        return OutOfDate("You have done more with it since. Take that back first.")
    who = "Something" if by is None else by.mention
    verb = "has changed it" if by is None else "has done something with it"
    return OutOfDate(f"{who} {verb} since, so it stays. {instead}".strip())
