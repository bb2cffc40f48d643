"""Open days: the days on which everybody concerned is at work.

Waits ("after five open days") count these only, so that nobody is late because of a weekend, a
holiday or a closed office. Organizations are open on their working weekdays, except on their own
closed days; it is never worked out from a person.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WORKWEEK = frozenset(range(5))
"""Monday to Friday, by ``date.weekday()``."""

_HORIZON = 366
"""Days looked ahead at most. Whoever is closed for a year is not waited for."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """When one organization is open."""

    weekdays: frozenset[int] = WORKWEEK
    """By ``date.weekday()``."""
    closed: frozenset[date] = frozenset()

    def open_on(self, day: date) -> bool:
        """Whether it is open on that day."""
        return day.weekday() in self.weekdays and day not in self.closed


def all_open(day: date, organizations: Iterable[Workdays]) -> bool:
    """Whether each of them is open on that day; with none, it is a plain working day."""
    return all(each.open_on(day) for each in tuple(organizations) or (Workdays(),))


def passed(since: date, until: date, organizations: Collection[Workdays] = ()) -> int:
    """How many open days came after ``since``, up to and with ``until``.

    The day itself on which the waiting began does not count: nobody had a whole day.
    """
    days = (until - since).days
    return sum(all_open(since + timedelta(n), organizations) for n in range(1, days + 1))


def after(since: date, count: int, organizations: Collection[Workdays] = ()) -> date:
    """The day that follows ``count`` open days after ``since``: what waits for them begins then.

    At most a year later, when the calendars leave too few days.
    """
    day, left = since, count
    for _ in range(_HORIZON):
        day += timedelta(1)
        if all_open(day, organizations):
            left -= 1
        if left < 0:
            break
    return day
