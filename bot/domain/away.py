"""Away: the days on which one person is not there, as they say themselves.

Both days count, on the person's own wall calendar. No reason is kept. Others are told only
"away until …", and only where they ask that person for something by such a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import NotPossible, Unclear
from bot.domain.open_days import Workdays

LONGEST = timedelta(days=183)
MOST = 50
"""Times away that one person can have noted."""


@dataclass(frozen=True, slots=True)
class Away:
    """Days on end that somebody is away."""

    id: int
    member_id: int
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DaysOff:
    """When one person is not disturbed: their organization is closed, or they are away."""

    workdays: Workdays
    """Their organization's; Monday to Friday for who has none."""
    away: tuple[Away, ...] = ()

    def off_on(self, day: date) -> bool:
        """Whether the person is off on that day of their own calendar."""
        return not self.workdays.open_on(day) or any(each.covers(day) for each in self.away)


@dataclass(frozen=True, slots=True)
class Times:
    """When somebody is away, as they see it themselves."""

    times: tuple[Away, ...]
    today: date
    changed: Away | None = None
    """What was just noted, or taken back."""


def checked(first: date, last: date, today: date) -> None:
    """Refuse days that make no sense; raises ``Unclear``."""
    if last < first:
        raise Unclear("The last day is before the first. From when to when are you away?")
    if last < today:
        raise Unclear("Those days are past. From when to when are you away?")
    if last - first > LONGEST:
        raise Unclear("That is more than half a year. From when to when are you away?")


def touching(known: Iterable[Away], first: date, last: date) -> tuple[Away, ...]:
    """Those that overlap with new days or follow them at once, so that they become one."""
    reach = timedelta(1)
    return tuple(
        each for each in known if each.first <= last + reach and first - reach <= each.last
    )


def check_room(known: int) -> None:
    """Refuse more than a person could look through; raises ``NotPossible``."""
    if known >= MOST:
        raise NotPossible(f"I keep {MOST} times away at most. Take one back first.")
