"""The calendar: what time it is for people. Passed in everywhere, so that a sandbox can move it.

Leases, back-off and signatures do not use it: the first two go by the database's clock, the
last by real time.
"""

from datetime import UTC, datetime
from typing import Protocol


class Calendar(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class RealCalendar:
    """The calendar of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)
