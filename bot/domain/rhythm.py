"""How often something recurs, as people agree on it: "every second Tuesday at 10:00".

Only the agreement stands here. Which instants it means in a zone, across daylight saving and
closed days, is worked out in ``schedules``.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By ``date.weekday()``."""

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
"""Which weekday of a month; a fifth does not exist in every month, so it cannot be agreed on."""


class Frequency(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A recurring moment on the wall clock of a partnership.

    Raises ``ValueError`` where the parts do not fit together.
    """

    frequency: Frequency
    weekday: int
    """0 is Monday, as in ``date.weekday()``."""
    at: time
    """Local wall-clock time, to the minute, without a zone."""
    nth: int | None = None
    """For monthly and quarterly, and only there: 1 to 4, or -1 for the last."""

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"no weekday has the number {self.weekday}")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError("a rhythm has a wall-clock time to the minute, without a zone")
        by_month = self.frequency in {Frequency.MONTHLY, Frequency.QUARTERLY}
        if by_month and self.nth not in ORDINALS:
            raise ValueError("monthly and quarterly need the 1st to 4th or the last weekday")
        if not by_month and self.nth is not None:
            raise ValueError("which weekday of the month says nothing to a weekly rhythm")


def in_words(rhythm: Rhythm) -> str:
    """``every second Tuesday at 10:00``, ``the last Friday of each month at 15:30``."""
    day = WEEKDAYS[rhythm.weekday]
    at = f"{rhythm.at:%H:%M}"
    if rhythm.frequency is Frequency.WEEKLY:
        return f"every {day} at {at}"
    if rhythm.frequency is Frequency.BIWEEKLY:
        return f"every second {day} at {at}"
    period = "month" if rhythm.frequency is Frequency.MONTHLY else "quarter"
    return f"the {ORDINALS[rhythm.nth or 1]} {day} of each {period} at {at}"
