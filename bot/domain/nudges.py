"""Nudges: who owns something that a check-in asks about, and has not answered, is reminded once.

It is private, and nobody else ever hears of it. It comes in the middle of the time in which the
check-in is open, at the beginning of the hours that the person chose, so that all of a person's
check-ins of one day come in one message. On a day with a reminder it stands in that; where the
reminder has gone out before, it waits for the next day. Who was reminded of a partnership's
check-in is not reminded of one that follows within ``APART``: "now" was asked before the usual one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.checkins import Line, Occurrence
from bot.domain.people import Member
from bot.domain.preferences import Times

APART = timedelta(days=5)
"""Less than this between two check-ins of a partnership, and the second reminds nobody again."""

MOST = 7
"""Check-ins in one message; the rest have their turn on the next day, while they are open."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One person's reminder of one check-in."""

    id: int
    occurrence_id: int
    member_id: int
    due_at: datetime | None = None
    """None once it is told, or not wanted any more."""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One check-in in a message of nudges."""

    occurrence: Occurrence
    name: str
    """Of the partnership."""
    channel: str
    zone: str
    today: date
    """In the partnership's zone."""
    lines: tuple[Line, ...]
    """What is theirs of what it asks about, as they may see it."""
    answered: bool = False
    """Whether they said something in its thread, or that they are stuck."""


@dataclass(frozen=True, slots=True)
class Nudged:
    """What one person is asked in one message."""

    member: Member
    asked: tuple[Asked, ...]


def moment(
    posted: datetime, half: datetime, closes: datetime, times: Times, now: datetime
) -> datetime | None:
    """When to remind one person of a check-in; None if there is no good moment before it closes.

    ``half`` is the middle of the time in which it is open.
    """
    begins = times.begins(times.day(half))
    wanted = max(begins if begins > posted else half, now)
    found = times.good_moment(wanted)
    return found if found is not None and found < closes else None
