"""Closed days: when an organization is closed, as its own people say.

They come from the public holidays of a country, from own dates with a name, and from a calendar
file; an exception opens a day again. It is never worked out from a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.errors import Unclear
from bot.domain.open_days import WORKWEEK
from bot.domain.schedules import Closed, Office, closed_on

LABEL_LIMIT = 80
"""Letters of a day's name, so that a line of the list stays one line."""

LONGEST = timedelta(days=366)
"""Days at a time: whoever is closed for longer has left rather than closed."""

MOST = 40
"""Entries of one organization, so that all of them fit into one message."""

YEARS_AHEAD = 5
"""So far days are worked out ahead: due dates go no further (``language.dates``)."""

_NEAREST = timedelta(days=45)
"""How far from a due date an open day is still worth suggesting."""


class Source(StrEnum):
    """Where closed days come from. Of two names of one day, the one listed first is told."""

    OWN = "own"
    FILE = "file"
    HOLIDAYS = "holidays"
    OPEN = "open"  # an exception: open although another source says closed


@dataclass(frozen=True, slots=True)
class Closing:
    """One entry of an organization's calendar."""

    id: int
    organization_id: int
    source: Source
    label: str
    """The days' name; of holidays the country, in words."""
    first: date | None
    """Of own dates and exceptions; both days count."""
    last: date | None
    detail: Mapping[str, Any]
    known_until: date
    set_by: int
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which public holidays."""

    country: str
    """ISO 3166 code, ``US``."""
    subdivision: str | None = None
    """As the country's own code has it, ``NY``."""
    categories: tuple[str, ...] = ("public",)


@dataclass(frozen=True, slots=True)
class Named:
    """Days on end with one name."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an organization is closed, for its own people."""

    organization_id: int
    name: str
    weekdays: frozenset[int]
    entries: tuple[Closing, ...]
    """What is in it, without what is over."""
    days: tuple[Named, ...]
    """All closed days of about a year, from today on."""
    today: date


@dataclass(frozen=True, slots=True)
class Clash:
    """A due date on which somebody whom it concerns is not there."""

    day: date
    closed: tuple[Closed, ...]
    """Who is closed on that day."""
    away_until: date | None = None
    """The last day that the owner is away; None if they are there. Never why."""
    before: date | None = None
    """The nearest day before, from today on, when all of them are there."""
    after: date | None = None
    past: bool = False
    """Whether the day is past already, which is all that is to be said about it."""


def checked(first: date, last: date, today: date, label: str) -> str:
    """The name as it is kept; raises ``Unclear`` with what is wrong with the days or the name."""
    if last < first:
        raise Unclear("The last day is before the first. Which days do you mean?")
    if last < today:
        raise Unclear("Those days are past. Which days do you mean?")
    if last - first > LONGEST:
        raise Unclear("That is more than a year. Please name the days, a year at most.")
    label = " ".join(label.split())
    if len(label) > LABEL_LIMIT:
        raise Unclear(f"Please give the days a shorter name, {LABEL_LIMIT} letters at most.")
    return label


def span(first: date, last: date) -> Iterable[date]:
    """Every day from the first to the last."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def horizon(today: date) -> date:
    """The last day that is worked out ahead."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def closed_days(
    parts: Iterable[tuple[Source, Mapping[date, str]]],
) -> dict[date, str]:
    """All entries of an organization together: the closed days with their names."""
    found: dict[date, str] = {}
    opened: set[date] = set()
    order = list(Source)
    for source, days in sorted(parts, key=lambda part: order.index(part[0])):
        if source is Source.OPEN:
            opened |= days.keys()
        else:
            found = dict(days) | found
    return {day: label for day, label in found.items() if day not in opened}


def grouped(days: Mapping[date, str]) -> tuple[Named, ...]:
    """Days in a row with one name, told at once; in their order."""
    found: list[Named] = []
    for day, label in sorted(days.items()):
        if found and found[-1].label == label and found[-1].last == day - timedelta(1):
            found[-1] = Named(found[-1].first, day, label)
        else:
            found.append(Named(day, day, label))
    return tuple(found)


def working_days(chosen: Iterable[str]) -> str:
    """Weekdays as they are kept, ``01234``; raises ``Unclear`` where none is chosen."""
    days = sorted({day for day in chosen if day in set("0123456")})
    if not days:
        raise Unclear("Please choose at least one day of the week.")
    return "".join(days)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a due date concerns, and when they are not there."""

    offices: tuple[Office, ...]
    """The owner's organization, and the one that asks."""
    away: tuple[tuple[date, date], ...] = field(default_factory=tuple)
    """The owner's own days, both ends included."""

    def away_until(self, day: date) -> date | None:
        """The last of the days in a row that the owner is away, if they are on that day."""
        last = None
        for first, end in sorted(self.away):
            reach = last + timedelta(1) if last is not None else day
            if first <= reach <= end:
                last = end
        return last

    def there(self, day: date) -> bool:
        """Whether all are there on that day."""
        return self.away_until(day) is None and not closed_on(day, self.offices)


def clash(due: date, owner: Owner, today: date) -> Clash | None:
    """What is to be pointed out about a due date; None if nothing is.

    Only closed days count, not weekends: who writes "by Saturday" sees that it is one.
    """
    closed = tuple(each for each in closed_on(due, owner.offices) if each.label is not None)
    away_until = owner.away_until(due)
    if not closed and away_until is None:
        return None
    return Clash(
        due,
        closed,
        away_until,
        before=_nearest(due, owner, -1, today),
        after=_nearest(due, owner, 1, today),
    )


def _nearest(due: date, owner: Owner, step: int, today: date) -> date | None:
    day = due + timedelta(step)
    while today <= day and abs(day - due) <= _NEAREST:
        if owner.there(day):
            return day
        day += timedelta(step)
    return None


EVERY_WEEKDAY = "".join(str(each) for each in sorted(WORKWEEK))
"""As it is kept unless an organization says otherwise: Monday to Friday."""
