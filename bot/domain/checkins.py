"""Check-ins: a recurring question in the channel, what was answered, and what it sums up to.

Only the owner's own word about a commitment counts, so "done" and "stuck" in a reply are asked
about before anything changes. Who said nothing is never told, and neither is a number that would
show it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.commitments import AGREED, Commitment
from bot.domain.commitments import State as CommitmentState
from bot.domain.people import Member
from bot.domain.rhythm import Rhythm
from bot.domain.schedules import Closed, Entry, Schedule, ScheduleKind

OPEN_FOR = timedelta(hours=48)
"""How long a check-in is open before it is summed up, in hours of open days (a setting)."""

NEAR = timedelta(days=14)
"""A commitment due within this is near; so is one that is overdue."""

LISTED = 8
"""Commitments listed in a prompt at most, so that it stays readable on a phone."""

SUMMED = 12
"""Lines of each part of a summary at most; the thread above it holds the rest."""

QUESTIONS = ("How is your part going?", "Is there anything you need from the others?")


class State(StrEnum):
    """Where an occurrence stands."""

    OPEN = "open"  # of a check-in, from its posting to its summary
    CLOSED = "closed"
    POSTED = "posted"  # of a digest
    MISSED = "missed"
    SKIPPED = "skipped"


class Word(StrEnum):
    """What a response says of a commitment, where that was understood."""

    DONE = "done"
    STUCK = "stuck"
    ON_TRACK = "on_track"


class Settled(StrEnum):
    """What the owner answered when asked whether it is meant."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One posting of a check-in or digest, or one date that was missed or skipped."""

    id: int
    schedule_id: int
    partnership_id: int
    kind: ScheduleKind
    nominal: date
    slot: int
    at: datetime
    state: State
    closes_at: datetime | None = None
    gone_at: datetime | None = None
    """When its message was deleted in Slack; None while it stands."""
    asked_by: int | None = None
    """The member who asked for it now; None for one on schedule."""
    message_id: int | None = None
    summary_id: int | None = None
    """The message that sums it up; None if nothing was said, or not yet."""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[str, ...]:
        """What it asks."""
        return tuple(self.detail.get("questions") or QUESTIONS)

    @property
    def because(self) -> tuple[Closed, ...]:
        """Who was closed on its own day, so that it moved or had to stay."""
        return tuple(Closed(name, label) for name, label in self.detail.get("because", ()))


@dataclass(frozen=True, slots=True)
class New:
    """An occurrence to be written."""

    schedule_id: int
    partnership_id: int
    kind: ScheduleKind
    nominal: date
    at: datetime
    state: State
    slot: int = 0
    closes_at: datetime | None = None
    half_at: datetime | None = None
    """Of a check-in: the middle of the time in which it is open, for who has not answered."""
    asked_by: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody answered."""

    id: int
    occurrence_id: int
    member: Member
    """With the organization as it was then."""
    text: str
    """As Slack gave it: mentions and links in its own markup."""
    at: datetime
    typed: bool = True
    """Whether it was written, in the thread; else a button was pressed."""
    more: bool = True
    """Whether it says more than what was understood of it."""
    late: bool = False
    """Whether the check-in was closed already."""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """One statement of a reply, as it was read."""

    word: Word
    number: int | None = None
    """The commitment it names (``#12``)."""
    text: str = ""
    """The reason, the remark."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was understood in a response, and what came of it. Edits do not change it."""

    id: int
    response_id: int
    word: Word
    commitment_id: int | None = None
    """None where no commitment was meant, or several could be."""
    text: str = ""
    settled: Settled | None = None
    note_id: int | None = None
    """Our message that answers it in the thread."""


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment in a prompt, as everybody in the channel may see it."""

    commitment: Commitment
    on_track: bool = False
    """Whether its owner said so in this check-in."""

    @property
    def answerable(self) -> bool:
        """Whether its owner can still answer by a button."""
        return self.commitment.state in AGREED

    @property
    def done(self) -> bool:
        """Whether it is done."""
        return self.commitment.state is CommitmentState.DONE


@dataclass(frozen=True, slots=True)
class Prompt:
    """A check-in as the channel sees it."""

    occurrence: Occurrence
    name: str
    """Of the partnership."""
    zone: str
    today: date
    asked_on: date
    """Its day in the partnership's zone."""
    lines: tuple[Line, ...] = ()
    more: int = 0
    """Near commitments that are not listed."""
    set_by: Member | None = None
    """Who set the schedule up; None for the default."""
    asked_by: Member | None = None
    """Who asked for it now; None for one on schedule."""
    rhythm: str = ""
    """The schedule in words."""

    @property
    def open(self) -> bool:
        """Whether it has not been summed up yet."""
        return self.occurrence.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Note:
    """What answers a reply in its thread: a question to its writer, or a word of thanks."""

    statement: Statement
    member: Member
    """Who wrote it."""
    commitment: Commitment | None = None
    choices: tuple[Commitment, ...] = ()
    """Where several could be meant: those to choose from."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Something that was said."""

    member: Member
    text: str
    """Plain words: mentions are names."""
    late: bool = False
    unconfirmed: bool = False
    """Whether it says that something is done which does not count as done."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs help, said for everybody to hear."""

    member: Member
    why: str
    number: int | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A commitment that changed while the check-in was open."""

    number: int
    what: str
    by: Member
    word: str
    """What became of it, in a word: done, agreed, on track, …"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a check-in brought."""

    occurrence: Occurrence
    said: tuple[Quote, ...] = ()
    changed: tuple[Changed, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to sum up; then nothing is posted."""
        return not (self.said or self.changed or self.needs)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a schedule stands, for whoever asks."""

    schedule: Schedule
    name: str
    """Of the partnership."""
    channel: str | None
    moments: tuple[datetime, ...] = ()
    """The next at which it posts; empty while it rests or has not begun."""
    set_by: Member | None = None
    coming: Rhythm | None = None
    """A rhythm that is announced and has not begun."""
    coming_from: date | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """What somebody did to a schedule, for everybody to see."""

    entry: Entry
    kind: ScheduleKind
    partnership_id: int
    by: Member
    """With the organization as it was then."""
    next: datetime | None
    """When it posts next; None while it rests."""
    zone: str


_TOKEN = re.compile(r"<(?P<mark>[@#!]?)(?P<id>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def users_in(text: str) -> frozenset[str]:
    """The user ids that a text mentions."""
    return frozenset(each["id"] for each in _TOKEN.finditer(text) if each["mark"] == "@")


def plain_words(text: str, names: Mapping[str, str]) -> str:
    """What somebody wrote, without Slack's markup: mentions become names, links their words.

    ``names`` are those of the users mentioned, by id.
    """

    def said(token: re.Match[str]) -> str:
        label = token["label"] or ""
        if token["mark"] == "@":
            return "@" + (names.get(token["id"]) or label or "somebody")
        if token["mark"] == "#":
            return "#" + (label or "a channel")
        if token["mark"] == "!":
            return label or "@" + token["id"].partition("^")[0]
        return label or token["id"]

    plain = _TOKEN.sub(said, text)
    for entity, letter in _ENTITIES:
        plain = plain.replace(entity, letter)
    return plain


def meant(mine: Collection[Commitment], today: date) -> tuple[Commitment, ...]:
    """Which of somebody's agreed commitments a bare "done" can mean: the near ones, else all."""
    near = tuple(each for each in mine if is_near(each, today))
    return near or tuple(mine)


def is_near(commitment: Commitment, today: date) -> bool:
    """Whether it is due soon, or overdue."""
    due = commitment.terms.due
    return due is not None and due <= today + NEAR
