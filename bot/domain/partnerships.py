"""Partnerships: what one shared channel is about, who takes part, and when it starts.

The rules of the beginning: nothing is posted on schedule before each organization has said OK,
guests who have not said which organization they are with hold the start back, and after ten open
days those who have agreed may start without the others, who are then neither asked nor recorded.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from bot.domain.errors import BotError, NotAllowed, NotPossible
from bot.domain.people import Organization
from bot.domain.rhythm import Frequency, Rhythm

SILENT_AFTER = 5
"""Open days without an OK after which the one who invited is told, once."""

START_WITHOUT_AFTER = 10
"""Open days without an OK after which the others may start (product: *How it behaves*)."""

OBJECTION_DAYS = 5
"""Open days between the announcement of a change and its beginning."""

NAME_LIMIT = 80
"""Letters of an organization's name, so that it fits beside a person's in each message."""

ALIKE = 0.85
"""From this likeness on, a new name is asked about: it may be one that is here already."""

CHECKIN = Rhythm(Frequency.BIWEEKLY, weekday=1, at=time(10))
DIGEST = Rhythm(Frequency.WEEKLY, weekday=4, at=time(15))
"""The rhythms that hold unless the partners say otherwise."""


class State(StrEnum):
    """Where a partnership stands."""

    BEGINNING = "beginning"  # what people ask for works; nothing is posted on schedule
    STARTED = "started"
    ENDED = "ended"  # the bot is not in the channel any more; inviting it again goes on from here


class Step(StrEnum):
    """What happened to a partnership: the kind of a row of its history."""

    BEGAN = "began"
    RETURNED = "returned"  # invited again
    JOINED = "joined"  # an organization
    LEFT = "left"  # an organization
    OK = "ok"
    NOT_NOW = "not_now"
    QUESTION = "question"
    WITH = "with"  # a guest said which organization they are with, and it is settled
    WITH_ASKED = "with_asked"  # ... and somebody of that organization has to say so too
    WITH_REFUSED = "with_refused"
    EXPECTED = "expected"  # organizations that are to come
    SET = "set"  # a setting, at once
    ANNOUNCED = "announced"  # a setting, from a later day on
    OBJECTED = "objected"
    CHANGE_OK = "change_ok"  # an organization's OK to a change that needs everyone's
    WITHDRAWN = "withdrawn"  # a change, by those who suggested it
    LAPSED = "lapsed"  # a change that not everybody said OK to in time
    APPLIED = "applied"  # a change that was announced
    ORGANIZATION = "organization"  # something of one organization's own: its lead, its week, …
    CLOSED_DAYS = "closed_days"  # something in an organization's calendar
    NO_COMMON_DAY = "no_common_day"  # a check-in left out, since no day suits everybody
    NOBODY_LEFT = "nobody_left"  # the last person of an organization left the channel
    SILENT = "silent"  # an organization has not answered for some days
    MAY_START = "may_start"  # the others may start without it
    STARTED = "started"
    STARTED_WITHOUT = "started_without"
    ARCHIVED = "archived"
    REMOVED = "removed"  # the bot, from the channel
    MOVED = "moved"  # the channel has a new id
    BLOCKED = "blocked"  # Slack does not let the bot post in the channel
    TAKEN_BACK = "taken_back"  # what the same person did just before
    MENDED = "mended"  # ... and does again
    SHARES_ASKED = "shares_asked"  # how the work is shared, of the leads
    SHARES_POSTED = "shares_posted"  # ... and in the channel, by the yes of each


class Setting(StrEnum):
    """What can be set for a partnership: the name of a dated row."""

    PURPOSE = "purpose"
    ZONE = "zone"
    CHECKIN = "checkin"
    DIGEST = "digest"
    QUESTIONS = "questions"  # of the check-ins
    KEEP = "keep"  # for how many days texts of replies are kept
    REACTION = "reaction"  # whether a reaction on a message offers to record it


class Ended(StrEnum):
    """Why a change never takes effect."""

    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # by a newer change of the same
    LAPSED = "lapsed"  # not everybody said OK in time


class Joining(StrEnum):
    """Where a guest's word about their organization stands."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Partnership:
    """What one shared channel is about."""

    id: int
    installation_id: int
    name: str
    """The channel's name; a renamed channel renames it."""
    purpose: str
    zone: str
    """IANA name; the host organization's unless changed. Its schedules go by it."""
    state: State
    channel: str | None
    """Where it lives now; None while the bot is in no channel of it."""
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    invited_by: int | None = None
    """Member."""
    welcome_id: int | None = None
    """The message that is brought up to date, and whose thread holds the history."""

    @property
    def live(self) -> bool:
        """Whether anything can be done in it."""
        return self.state is not State.ENDED

    @property
    def started(self) -> bool:
        """Whether scheduled posts go out."""
        return self.state is State.STARTED


@dataclass(frozen=True, slots=True)
class Participation:
    """One organization in one partnership."""

    id: int
    partnership_id: int
    organization: Organization
    joined_at: datetime
    ok_at: datetime | None = None
    ok_by: int | None = None
    """Member."""
    lead: int | None = None
    """Member: who pressed OK first."""
    sponsor: str | None = None
    not_now_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def agreed(self) -> bool:
        """Whether it has said OK."""
        return self.ok_at is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a partnership's history."""

    id: int
    partnership_id: int
    step: Step
    at: datetime
    member: int | None
    organization: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A setting as somebody set it: the newest that has taken effect holds (``domain.changes``)."""

    id: int
    partnership_id: int
    name: Setting
    value: Any
    """Text, or of a rhythm what ``to_json`` makes of it."""
    begins_at: datetime
    """Of a change that needs everyone's OK: when it lapses without."""
    set_by: int | None
    set_at: datetime
    applied_at: datetime | None = None
    everyone: bool = False
    """Whether it takes effect once every organization has said OK, and only then."""
    ended_as: Ended | None = None
    ended_by: int | None = None
    """Member."""

    @property
    def pending(self) -> bool:
        """Whether it may still take effect."""
        return self.applied_at is None and self.ended_as is None


@dataclass(frozen=True, slots=True)
class Asked:
    """A guest's word that they are with an organization, for one of its members to confirm."""

    id: int
    partnership_id: int
    member: int
    organization: Organization
    state: Joining
    answered_by: int | None = None


class NotInChannel(BotError):
    """There is no live partnership where something was asked for."""


class NotInvited(NotInChannel):
    """There never was a partnership: nobody has invited the bot, as far as it knows."""

    def __init__(self) -> None:
        super().__init__(
            "Invite me to this channel first: mention me here, and Slack offers to add me. "
            "Then say it again."
        )


class WithoutOrganization(NotAllowed):
    """A guest acts before saying which organization they are with; the view adds the button."""

    def __init__(self, partnership_id: int) -> None:
        super().__init__(
            "First tell me which organization you are with: press “Say which organization” on my "
            "first message in the channel, or mention me and write: with YOUR ORGANIZATION. "
            "Then try again."
        )
        self.partnership_id = partnership_id


def takes_part(partnership: Partnership, participation: Participation | None) -> bool:
    """Whether people of this organization may be asked and recorded.

    Before the start everybody's requests work; afterwards only those of who has agreed.
    """
    if participation is None or participation.left_at is not None:
        return False
    return participation.agreed or partnership.state is State.BEGINNING


def missing(participations: Iterable[Participation]) -> tuple[Participation, ...]:
    """Those whose OK is waited for."""
    return tuple(each for each in participations if not each.agreed)


def ready(participations: Sequence[Participation], guests_without: int) -> bool:
    """Whether nothing holds the start back any more."""
    return bool(participations) and not missing(participations) and not guests_without


def check_start_without(participations: Sequence[Participation], waited: bool) -> None:
    """Whether those who agreed may start without the others; raises ``NotPossible``."""
    if not any(each.agreed for each in participations):
        raise NotPossible(
            "Nobody has said OK yet, so there is nobody to start with. Press OK first."
        )
    if not waited:
        raise NotPossible(
            f"The others have {START_WITHOUT_AFTER} working days to say OK. "
            "After that a button to start without them appears on my first message."
        )


def normal(name: str) -> str:
    """A name for comparison only: no case, accents, spaces or punctuation."""
    split = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in split if letter.isalnum())


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing that people would notice."""
    return bool(normal(one)) and normal(one) == normal(other)


def alike(name: str, others: Iterable[Organization]) -> tuple[Organization, ...]:
    """Those whose names are so similar that the same organization may be meant, likest first."""
    wanted = normal(name)
    scored = sorted(
        ((SequenceMatcher(None, wanted, normal(each.name)).ratio(), each) for each in others),
        key=lambda pair: -pair[0],
    )
    return tuple(each for likeness, each in scored if likeness >= ALIKE)


def readable(text: str) -> bool:
    """Whether a person could read anything in it: not only spaces, marks or direction signs."""
    return any(unicodedata.category(letter)[0] in "LNSP" for letter in text)


def organization_name(typed: str) -> str:
    """A name as it is kept, on one line; raises ``BotError`` with what is wrong with it."""
    name = " ".join(typed.split())
    if not readable(name) or not normal(name):
        raise BotError("Please write the organization's name, for example: Harbor Women in Media.")
    if len(name) > NAME_LIMIT:
        raise BotError(
            f"Please write a shorter name, {NAME_LIMIT} letters at most, "
            "so that it fits beside your people's names."
        )
    return name


def to_json(rhythm: Rhythm) -> dict[str, Any]:
    """A rhythm as a setting keeps it."""
    return {
        "frequency": rhythm.frequency.value,
        "weekday": rhythm.weekday,
        "at": f"{rhythm.at:%H:%M}",
        "nth": rhythm.nth,
    }


def from_json(value: Mapping[str, Any]) -> Rhythm:
    """A rhythm out of a setting."""
    return Rhythm(
        Frequency(value["frequency"]),
        weekday=value["weekday"],
        at=time.fromisoformat(value["at"]),
        nth=value["nth"],
    )


def chosen_rhythm(often: str, weekday: str, at: str) -> Rhythm:
    """A rhythm out of three choices: ``biweekly`` or ``monthly:-1``, ``1``, ``10:00``.

    Raises ``BotError`` where they are none, which only a mended form can send.
    """
    frequency, _, nth = often.partition(":")
    try:
        return Rhythm(
            Frequency(frequency),
            weekday=int(weekday),
            at=time.fromisoformat(at),
            nth=int(nth) if nth else None,
        )
    except ValueError:
        raise BotError("Please choose how often, on which weekday, and at what time.") from None
