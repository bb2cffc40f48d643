"""Reminders: private, all of a person's in one message, and only on the days that have a reason.

The rule (product: *Clear responsibilities*). Each thing has its own days, and a message tells of
those things alone that have their day, whatever else somebody has:

- due later than in three days: once a week, on the first open day of the week;
- on the day on which it is due;
- on the next open day after it;
- then once a week, on the first open day of the week, from five days after that on.

What waits for somebody's answer counts in the same way; without a date it has one day a week. Days
on which somebody may not be written to are left out: what is due on one of them is told on the last
open day before. So with due dates of its own a thing is told of at most twice in one week, and what
is late is told of once a week, however many other things fall due meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.commitments import Commitment
from bot.domain.nudges import Asked
from bot.domain.people import Member
from bot.domain.preferences import Notice, Preferences, Times

SOON = timedelta(days=3)
"""What is due within this time is not told of before its day."""

LONG_OVERDUE = timedelta(days=14)
"""So long past its date, and the lead of the owner's organization may hear of it."""

LEAD_FROM = 4
"""People of an organization in the channel, from whom on its lead may hear of what is overdue."""

SNOOZE_LIMIT = timedelta(days=366)

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_APART = timedelta(days=5)
"""At least so long after the day after, the week's reminders tell of it again."""

_BEFORE = 7
"""Days before a closed day on which something is due, on which it may be told instead."""

_WEEKS = 12
"""Weeks looked ahead."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is to be looked at."""

    member_id: int
    installation_id: int
    day: date | None
    """Of their last turn, on their calendar; None before the first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What somebody may have to be reminded of, before it is known where they are."""

    commitment_id: int
    partnership_id: int
    notice: Notice
    due: date | None
    version: int
    """Of the terms at issue."""
    touched: datetime | None
    """When it came up, or they last did something with it."""
    snoozed: date | None
    here: bool
    """Whether the partnership has started, and they are in its channel."""

    def item(self, times: Times) -> "Item":
        """The same on the person's calendar."""
        return Item(
            commitment_id=self.commitment_id,
            partnership_id=self.partnership_id,
            version=self.version,
            notice=self.notice,
            due=self.due,
            touched=None if self.touched is None else times.day(self.touched),
            snoozed=self.snoozed,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in a reminder, as it was when that was made."""

    commitment_id: int
    notice: Notice
    version: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A reminder as it was made."""

    id: int
    member_id: int
    day: date
    more: int
    message_id: int | None
    items: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody may be reminded of; as narrow as the rule needs it."""

    commitment_id: int
    partnership_id: int
    version: int
    notice: Notice
    """``ANSWER``: it waits for this person's answer; ``LEAD``: it is a colleague's; else theirs."""
    due: date | None
    touched: date | None
    """The person's day on which it came up or they last did something with it."""
    snoozed: date | None = None
    """Not before this day."""

    def about(self, today: date) -> Notice:
        """Which of the notices it is today, as people turn them off one by one."""
        if self.notice in {Notice.ANSWER, Notice.LEAD} or self.due is None:
            return self.notice
        if self.due < today:
            return Notice.OVERDUE
        return Notice.DUE if self.due - today <= SOON else Notice.LATER


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a reminder, as it stands now."""

    commitment: Commitment
    """As the reader may see it."""
    notice: Notice
    waits: bool
    """Whether it still asks for what it asked for when the reminder was made."""
    snoozed: date | None = None


@dataclass(frozen=True, slots=True)
class PutOff:
    """One person does not want to hear of one commitment before a day."""

    commitment: Commitment
    until: date | None
    """None: they do, as ever."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """All that one person is told on one day."""

    id: int
    member: Member
    today: date
    """On their calendar."""
    lines: tuple[Line, ...]
    more: int
    """Things that are not in it, since a message holds only so many."""
    sent: bool
    """Whether the person has it; then it is only brought up to date."""
    asked: tuple[Asked, ...] = ()
    """Check-ins that they have not answered yet, and are reminded of with all the rest."""


def weekly_day(times: Times, day: date) -> date | None:
    """The day of the week's reminder, in the calendar's week of ``day``: the first open one."""
    monday = day - _DAY * day.weekday()
    week = (monday + _DAY * number for number in range(7))
    return next((each for each in week if times.open_on(each)), None)


def next_day(item: Item, after: date, times: Times) -> date | None:
    """The next day after ``after`` on which this is a reason to write; None if there is none."""
    after = max(after, item.touched or after)
    again = None
    if item.snoozed is not None:
        after = max(after, item.snoozed - _DAY)
        again = _first_open(times, item.snoozed)
    found = [again, *_days_of_its_own(item, times), _weekly(item, after, times)]
    return min((each for each in found if each is not None and each > after), default=None)


def _days_of_its_own(item: Item, times: Times) -> Iterator[date]:
    """The day on which it is due and the next open one, which may be long after it."""
    if item.due is None or item.notice is Notice.LEAD:
        return
    on = _last_open(times, item.due)
    if on is not None:
        yield on
    next_open = _first_open(times, item.due + _DAY)
    if next_open is not None:
        yield next_open


def _weekly(item: Item, after: date, times: Times) -> date | None:
    """The next day of a week's reminder that speaks of it."""
    if item.notice is Notice.LEAD and item.due is not None:
        after = max(after, item.due + LONG_OVERDUE - _DAY)
    weeks = (weekly_day(times, after + _WEEK * number) for number in range(_WEEKS))
    return next(
        (day for day in weeks if day and day > after and _is_weekly(item, day, times)), None
    )


def _is_weekly(item: Item, day: date, times: Times) -> bool:
    if item.notice is Notice.LEAD:
        return item.due is not None and day - item.due >= LONG_OVERDUE
    if item.due is None:
        return item.notice is Notice.ANSWER
    if item.due - day > SOON:
        return True
    if item.due >= day:
        return False
    told = _first_open(times, item.due + _DAY)  # the day after it was due
    return told is not None and day - told >= _APART


def _first_open(times: Times, day: date) -> date | None:
    return next(times.open_days(day), None)


def _last_open(times: Times, day: date) -> date | None:
    days = (day - _DAY * number for number in range(_BEFORE + 1))
    return next((each for each in days if times.open_on(each)), None)


def wanted(items: Iterable[Item], chosen: Preferences, day: date) -> tuple[Item, ...]:
    """Those of which somebody wants to hear on a day: neither turned off, paused nor put off."""
    return tuple(
        each
        for each in items
        if chosen.wants(each.about(day), each.partnership_id, day)
        and (each.snoozed is None or each.snoozed <= day)
    )


def reasons(items: Iterable[Item], last: date, today: date, times: Times) -> tuple[Item, ...]:
    """Those for which a message is due today, where the last turn was on ``last``."""
    known: dict[Item, bool] = {}  # somebody with many things has many on the same days
    due = []
    for each in items:
        like = replace(each, commitment_id=0, partnership_id=0, version=0)
        if like not in known:
            found = next_day(like, last, times)
            known[like] = found is not None and found <= today
        if known[like]:
            due.append(each)
    return tuple(due)


def next_look(
    items: Iterable[Item], chosen: Preferences, after: date, times: Times, now: datetime
) -> datetime | None:
    """When to look again at somebody who has had their turn of the day ``after``.

    A week later at the latest while there is anything, since their days can change meanwhile;
    None where there is nothing.
    """
    held = {replace(each, commitment_id=0, version=0) for each in items}
    if not chosen.pauses:
        held = {replace(each, partnership_id=0) for each in held}
    if not held:
        return None
    days = [
        found for each in held if (found := _next_wanted(each, chosen, after, times)) is not None
    ]
    latest = now + _WEEK
    soonest = min((times.begins(day) for day in days), default=latest)
    return max(min(soonest, latest), now)


def _next_wanted(item: Item, chosen: Preferences, after: date, times: Times) -> date | None:
    """As ``next_day``, but for the days on which they do not want to hear of it."""
    day: date | None = after
    for _ in range(3):
        day = next_day(item, day, times) if day is not None else None
        if day is None or chosen.wants(item.about(day), item.partnership_id, day):
            return day
    return day


def in_order(items: Iterable[Item], today: date) -> tuple[Item, ...]:
    """As people read them: what waits for an answer, then by date, then colleagues' things."""
    rank = {Notice.ANSWER: 0, Notice.LEAD: 2}
    return tuple(
        sorted(
            items,
            key=lambda each: (
                rank.get(each.notice, 1),
                each.due or today + SNOOZE_LIMIT,
                each.commitment_id,
            ),
        )
    )
