"""Schedules: on which days, and at which instants, a rhythm falls.

A rhythm gives *nominal* dates. Each is a day on the wall calendar of the partnership; its time of
day becomes an instant by the zone's own rules, and a day on which a partner is closed is left for
the next on which all are open. Nothing here looks at a clock.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import partnerships
from bot.domain.open_days import Workdays, all_open
from bot.domain.rhythm import Frequency, Rhythm

LONGEST_MOVE = timedelta(days=31)
"""A post waits no longer than this for a day when all are open; with none, a check-in is left out,
and a digest keeps its day."""

_LONGEST_WAIT = 92
"""Days looked ahead when hours of open days are counted; after that, every day counts."""

_DAY = timedelta(days=1)
_WEEKS = {Frequency.WEEKLY: 1, Frequency.BIWEEKLY: 2}


class ScheduleKind(StrEnum):
    """What is posted on schedule. Each partnership has one of each."""

    CHECKIN = "checkin"
    DIGEST = "digest"


HEADSTART = {ScheduleKind.CHECKIN: timedelta(days=3), ScheduleKind.DIGEST: timedelta(0)}
"""So long after the start nobody is asked how things go: there is nothing to tell yet."""

GRACE = {ScheduleKind.CHECKIN: timedelta(hours=6), ScheduleKind.DIGEST: timedelta(hours=24)}
"""How late each may be posted; after that it is missed, and told in the next digest."""

DEFAULT = {
    ScheduleKind.CHECKIN: partnerships.CHECKIN,
    ScheduleKind.DIGEST: partnerships.DIGEST,
}
"""Unless the partners say otherwise."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that recurs in a partnership."""

    id: int
    partnership_id: int
    kind: ScheduleKind
    rhythm: Rhythm
    zone: str
    anchor: date
    """Its first nominal date; what "every second" counts from."""
    begun: bool = False
    """Whether every organization has said OK, so that it posts."""
    paused: bool = False
    paused_until: date | None = None
    """With ``paused``: the day from which it posts again; None until somebody resumes it."""
    set_by: int | None = None
    """The member who set it up; None for the default."""

    def paused_on(self, day: date) -> bool:
        """Whether it rests on that day."""
        return self.paused and (self.paused_until is None or day < self.paused_until)


@dataclass(frozen=True, slots=True)
class Office:
    """When an organization is open, and the names of the days when it is not."""

    name: str
    workdays: Workdays = field(default_factory=Workdays)
    labels: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a day was left: who is closed."""

    organization: str
    label: str | None
    """The day's name; None where it is simply not one of their working weekdays."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a nominal date ended up, and why."""

    day: date
    nominal: date
    because: tuple[Closed, ...] = ()
    """Who is closed on the nominal date."""

    @property
    def kept(self) -> bool:
        """Whether it stays although somebody is closed, since no day within reach suits all."""
        return self.day == self.nominal and bool(self.because)


def on_or_after(rhythm: Rhythm, anchor: date, day: date) -> date:
    """The first nominal date from a day on. ``anchor`` is one; none is before it.

    "of each quarter" means the calendar's quarter: its first, second, third, fourth or last such
    weekday.
    """
    day = max(day, anchor)
    if weeks := _WEEKS.get(rhythm.frequency):
        step = 7 * weeks
        return day + timedelta((anchor - day).days % step)
    found = _in_period(rhythm, day.year, day.month)
    if found < day:
        months = 1 if rhythm.frequency is Frequency.MONTHLY else 3
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        found = _in_period(rhythm, year, month + 1)
    return found


def first(rhythm: Rhythm, day: date) -> date:
    """The first day from a given one on that fits a rhythm; it becomes the anchor."""
    if rhythm.frequency in _WEEKS:
        return day + timedelta((rhythm.weekday - day.weekday()) % 7)
    return on_or_after(rhythm, day, day)


def dates(rhythm: Rhythm, anchor: date, day: date) -> Iterator[date]:
    """The nominal dates from a day on, without end."""
    while True:
        day = on_or_after(rhythm, anchor, day)
        yield day
        day += _DAY


def _in_period(rhythm: Rhythm, year: int, month: int) -> date:
    """The nominal date in the month, or in the quarter, that a month belongs to."""
    nth = rhythm.nth or 1
    if rhythm.frequency is Frequency.QUARTERLY:
        month = (month - 1) // 3 * 3 + (3 if nth < 0 else 1)
    if nth > 0:
        start = date(year, month, 1)
        return start + timedelta((rhythm.weekday - start.weekday()) % 7 + 7 * (nth - 1))
    end = date(year + month // 12, month % 12 + 1, 1) - _DAY
    return end - timedelta((end.weekday() - rhythm.weekday) % 7)


def instant(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, when the wall clock of a zone shows a time on a day.

    A time that the clock skips becomes the instant at which it goes on; a time that it shows
    twice means the first.
    """
    where = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=where).astimezone(UTC)
    if found.astimezone(where).replace(tzinfo=None) == wall:
        return found
    # Skipped: read with the offset from after the change it is before the change, and vice versa.
    before = int(wall.replace(tzinfo=where, fold=1).timestamp())
    after = int(found.timestamp())
    old = datetime.fromtimestamp(before, where).utcoffset()
    seconds = range(before, after + 1)
    change = bisect_left(
        seconds, True, key=lambda second: datetime.fromtimestamp(second, where).utcoffset() != old
    )
    return datetime.fromtimestamp(seconds[change], UTC)


def local_day(at: datetime, zone: str) -> date:
    """The day on the wall calendar of a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def closed_on(day: date, offices: Collection[Office]) -> tuple[Closed, ...]:
    """Who is closed on a day. With no organization, every day is open."""
    return tuple(
        Closed(office.name, office.labels.get(day))
        for office in offices
        if not office.workdays.open_on(day)
    )


def open_from(day: date, offices: Collection[Office], until: date | None = None) -> date | None:
    """The first day from a given one on when all are open; None if none is within reach."""
    last = day + LONGEST_MOVE if until is None else until
    while day <= last:
        if not closed_on(day, offices):
            return day
        day += _DAY
    return None


def moved(nominal: date, offices: Collection[Office]) -> Moved:
    """Where a nominal date goes: the next day when all are open, within reach."""
    because = closed_on(nominal, offices)
    return Moved(open_from(nominal, offices) or nominal, nominal, because)


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule whose time has come."""

    schedule: Schedule
    nominal: date
    at: datetime
    installation_id: int
    channel: str | None
    """None while the bot is in no channel of the partnership."""
    started: bool
    """Whether its partnership has started and not ended."""
    installed: bool
    """Whether the app is still installed there."""


class Event(StrEnum):
    """What somebody did to a schedule at once: the kind of a row of its history."""

    PAUSED = "paused"
    RESUMED = "resumed"
    SKIPPED = "skipped"
    KEPT = "kept"  # a skip was taken back
    TAKEN_BACK = "taken_back"  # what the same person did just before


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a schedule's history."""

    id: int
    schedule_id: int
    event: Event
    member: int
    organization: int | None
    at: datetime
    day: date | None
    """Paused until then; the day that was skipped, or is not skipped after all."""


class Fate(StrEnum):
    """What becomes of a nominal date whose time has come."""

    POSTED = "posted"
    MISSED = "missed"  # too late for its grace, or a newer one is due as well
    SKIPPED = "skipped"  # every day up to the next one is closed or taken
    CLOSED = "closed"  # no day within reach suits everybody


@dataclass(frozen=True, slots=True)
class Passed:
    """A nominal date that is dealt with."""

    nominal: date
    at: datetime
    fate: Fate


@dataclass(frozen=True, slots=True)
class Plan:
    """What a look at one schedule brings: what is dealt with, and when to look again."""

    passed: tuple[Passed, ...]
    nominal: date
    at: datetime


def plan(
    schedule: Schedule,
    nominal: date,
    at: datetime,
    now: datetime,
    offices: Collection[Office] = (),
    taken: Collection[date] = (),
    *,
    at_most: int = 60,
) -> Plan:
    """Deal with what is due by now of one schedule.

    ``nominal`` and ``at`` are the date and the instant (moved already, perhaps) that are next;
    ``taken`` are the days that another post has. A moved date is looked at again on its new day,
    since the calendars may have changed. Of several that are due only the newest is posted.
    ``at_most`` dates are dealt with at a time; what is left is still due in the plan.
    """
    rhythm, zone = schedule.rhythm, schedule.zone
    passed: list[Passed] = []
    while at <= now and len(passed) < at_most:
        following = on_or_after(rhythm, schedule.anchor, nominal + _DAY)
        follows = instant(following, rhythm.at, zone)
        day = local_day(at, zone)
        if follows <= now:
            passed.append(Passed(nominal, at, Fate.MISSED))
        else:
            free = _free_day(schedule.kind, day, nominal, following, offices, taken)
            if free is None and open_from(day, offices, nominal + LONGEST_MOVE) is None:
                passed.append(Passed(nominal, at, Fate.CLOSED))
            elif free is None or (free != day and free >= following):
                passed.append(Passed(nominal, at, Fate.SKIPPED))
            elif free != day:
                at = instant(free, rhythm.at, zone)
                continue
            else:
                late = now - at > GRACE[schedule.kind]
                passed.append(Passed(nominal, at, Fate.MISSED if late else Fate.POSTED))
        nominal, at = following, follows
    return Plan(tuple(passed), nominal, at)


def upcoming(
    schedule: Schedule,
    nominal: date,
    at: datetime,
    offices: Collection[Office],
    taken: Collection[date],
    count: int,
) -> tuple[datetime, ...]:
    """The next moments at which it posts, as far as the calendars are known now."""
    found: list[datetime] = []
    for _ in range(60):
        if len(found) == count:
            break
        made = plan(schedule, nominal, at, at, offices, taken, at_most=1)
        found.extend(each.at for each in made.passed if each.fate is Fate.POSTED)
        nominal, at = made.nominal, made.at
    return tuple(found)


def _free_day(
    kind: ScheduleKind,
    day: date,
    nominal: date,
    following: date,
    offices: Collection[Office],
    taken: Collection[date],
) -> date | None:
    """The day on which to post, from a day on: the next when all are open and nothing else is
    posted; None if there is none within reach.

    A check-in asks something of everybody, so it needs such a day. A digest asks nothing: with
    none before the next one it keeps its day even if somebody is closed.
    """
    last = nominal + LONGEST_MOVE
    if kind is ScheduleKind.DIGEST:
        last = min(last, following - _DAY)
    first_free: date | None = None
    while day <= last:
        if day not in taken:
            if not closed_on(day, offices):
                return day
            first_free = first_free or day
        day += _DAY
    return first_free if kind is ScheduleKind.DIGEST else None


SUMS_UP = (time(9), time(20))
"""Between these a check-in is summed up, on the wall clock of its partnership: nobody is to find it
posted in the night.
"""


def summed_up_at(
    since: datetime, length: timedelta, zone: str, offices: Collection[Office]
) -> datetime:
    """When a check-in that was posted then is summed up: once the wait is over, at a decent hour
    of a day when all are open.
    """
    over = waited(since, length, zone, offices)
    wall = over.astimezone(ZoneInfo(zone))
    first, last = SUMS_UP
    day = wall.date() + _DAY if wall.time() > last else wall.date()
    there = open_from(day, offices) or day
    if there == wall.date() and wall.time() >= first:
        return over
    return instant(there, first, zone)


def waited(since: datetime, length: timedelta, zone: str, offices: Collection[Office]) -> datetime:
    """The instant at which a wait that counts only the hours of open days is over.

    The wall clock of ``zone`` counts, so 48 hours from 10:00 end at 10:00 two open days later.
    """
    where = ZoneInfo(zone)
    wall = since.astimezone(where).replace(tzinfo=None)
    workdays = [office.workdays for office in offices]
    last = wall.date() + timedelta(_LONGEST_WAIT)
    while True:
        midnight = datetime.combine(wall.date() + _DAY, time())
        if not workdays or all_open(wall.date(), workdays) or wall.date() > last:
            if length <= midnight - wall:
                wall += length
                return instant(wall.date(), wall.time(), zone)
            length -= midnight - wall
        wall = midnight
