"""What a person has chosen for themselves: when, where and about what they may be written to.

Whoever writes to somebody unasked goes by ``Times``: only at the hours that the person chose, on
the wall clock of their zone, and never on a day on which their organization is closed or they are
away. What they asked for themselves is answered at any time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.away import DaysOff
from bot.domain.errors import Unclear
from bot.domain.open_days import Workdays
from bot.domain.people import Member
from bot.domain.schedules import instant, local_day

_DAY = timedelta(days=1)
_HORIZON = 366
"""Days looked ahead for one on which somebody may be written to."""

_SHORTEST = timedelta(hours=1)
"""Of the hours: in less than that a message may not get through."""


class Notice(StrEnum):
    """What somebody may be written to about unasked. Each can be turned off."""

    LATER = "later"  # once a week: what is due later than in three days
    DUE = "due"  # on the day
    OVERDUE = "overdue"  # the day after, then once a week
    ANSWER = "answer"  # what waits for one's answer
    CHECKIN = "checkin"  # a check-in that one has not answered yet
    LEAD = "lead"  # what is long overdue in the organization that one leads


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when, on the wall clock; an end at 0:00 is the end of the day.

    Raises ``Unclear`` for less than an hour, and for hours that go past midnight.
    """

    start: time = time(9)
    end: time = time(17)

    def __post_init__(self) -> None:
        if self._minutes(self.end) - self._minutes(self.start, first=True) < 60:
            raise Unclear(
                "I need at least an hour, within one day: from 18:00 to 21:00, for example."
            )

    @staticmethod
    def _minutes(at: time, *, first: bool = False) -> int:
        minutes = at.hour * 60 + at.minute
        return minutes if minutes or first else 24 * 60


DAYTIME = Hours()
"""Unless somebody chooses other hours (product: *Check-ins*, 9 to 17)."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody wants no reminders for a while."""

    partnership_id: int | None
    """None: of any partnership."""
    until: date | None
    """The first day with reminders again; None: until they say so."""

    def holds(self, partnership_id: int | None, day: date) -> bool:
        """Whether it keeps what belongs to a partnership quiet on that day."""
        if self.partnership_id is not None and self.partnership_id != partnership_id:
            return False
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody chose; what they did not choose is None or empty."""

    zone: str | None = None
    hours: Hours | None = None
    off: frozenset[Notice] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def wants(self, notice: Notice, partnership_id: int | None, day: date) -> bool:
        """Whether they want to hear of this, from that partnership, on that day of theirs."""
        return notice not in self.off and not any(
            each.holds(partnership_id, day) for each in self.pauses
        )


@dataclass(frozen=True, slots=True)
class Times:
    """When one person may be written to unasked."""

    zone: str
    hours: Hours = DAYTIME
    days: DaysOff = field(default_factory=lambda: DaysOff(Workdays()))
    """Their organization's and their own."""
    _known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)
    """What was found out: the same days are asked about for each of their commitments."""

    def day(self, at: datetime) -> date:
        """The day on their wall calendar."""
        return local_day(at, self.zone)

    def open_on(self, day: date) -> bool:
        """Whether that is a day on which they may be written to at all."""
        if day not in self._known:
            begins, ends = self._bounds(day)  # nothing is left where the clock skips these hours
            self._known[day] = not self.days.off_on(day) and ends - begins >= _SHORTEST / 2
        return self._known[day]

    def begins(self, day: date) -> datetime:
        """The instant at which the hours of a day begin."""
        return self._bounds(day)[0]

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        end, last = self.hours.end, day
        if end == time():
            last = day + _DAY
        return instant(day, self.hours.start, self.zone), instant(last, end, self.zone)

    def may_disturb(self, at: datetime) -> bool:
        """Whether they may be written to at that instant."""
        day = self.day(at)
        if not self.open_on(day):
            return False
        begins, ends = self._bounds(day)
        return begins <= at < ends

    def good_moment(self, at: datetime) -> datetime | None:
        """The first instant from ``at`` on at which they may be written to.

        None where their calendar leaves no day within a year.
        """
        if self.may_disturb(at):
            return at
        today = self.day(at)
        for day in self.open_days(today):
            begins = self.begins(day)
            if begins >= at:
                return begins
        return None

    def open_days(self, day: date) -> Iterator[date]:
        """The days from ``day`` on when they may be written to, within a year."""
        return (
            each
            for each in (day + _DAY * number for number in range(_HORIZON))
            if self.open_on(each)
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """One of the partnerships in whose channel somebody is."""

    partnership_id: int
    name: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person's settings, as they see them."""

    member: Member | None
    """None: somebody whom we have not met yet, who chose nothing."""
    preferences: Preferences
    """Without the pauses that are over."""
    times: Times
    """What holds: chosen or not."""
    today: date
    """On their calendar."""
    spots: tuple[Spot, ...]


def check_zone(name: str) -> str:
    """The IANA name of a time zone, however it was written; raises ``Unclear``."""
    wanted = "_".join(name.split()).casefold()
    known = {each.casefold(): each for each in available_timezones()}
    cities = {each.rpartition("/")[2]: name for each, name in sorted(known.items(), reverse=True)}
    if found := known.get(wanted) or cities.get(wanted):
        return found
    raise Unclear("I do not know that time zone. Write it like Europe/Lisbon or America/New_York.")


def zone_of(chosen: Iterable[str | None]) -> str:
    """The first zone that is one, in the order of what counts more; UTC where there is none."""
    for name in chosen:
        if name:
            try:
                return ZoneInfo(name).key
            except (KeyError, ValueError, OSError):  # as ZoneInfo refuses names
                continue
    return "UTC"
