"""What the clocks on the walls show, found by walking through every minute.

Nothing here computes: each minute of UTC is asked what it shows in a zone, and what is asked later
is looked up in what was seen. It is slow and plain, and knows nothing of the bot's rules.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A clock is put forward, or back."""

    zone: str
    at: datetime
    """The first instant that shows the new time."""
    old: timedelta
    """How far it was ahead of UTC."""
    new: timedelta

    @property
    def skips(self) -> bool:
        """Whether times of day are left out; otherwise some are shown twice."""
        return self.new > self.old

    def minutes(self) -> Iterator[datetime]:
        """What the wall never shows, or shows twice: each minute of it, without a zone."""
        naive = self.at.replace(tzinfo=None)
        moment, end = naive + min(self.old, self.new), naive + max(self.old, self.new)
        while moment < end:
            yield moment
            moment += MINUTE


def changes(zone: str, since: datetime, until: datetime) -> Iterator[Change]:
    """Every change of a zone's clock in a time."""
    where = ZoneInfo(zone)

    def ahead(at: datetime) -> timedelta:
        return at.astimezone(where).utcoffset() or timedelta()

    moment = since
    while moment < until:
        following = moment + HOUR
        old, new = ahead(moment), ahead(following)
        if old != new:
            while ahead(moment) == old:
                moment += MINUTE
            yield Change(zone, moment, old, new)
        moment = following


class Wall:
    """What the wall clock of a zone shows in a time, minute by minute."""

    def __init__(self, zone: str, since: datetime, until: datetime) -> None:
        self._where = ZoneInfo(zone)
        self._walk: list[tuple[datetime, datetime]] = []
        self._first: dict[datetime, datetime] = {}
        self._shown: Counter[datetime] = Counter()
        moment = since.astimezone(UTC)
        while moment < until:
            shown = moment.astimezone(self._where).replace(tzinfo=None)
            self._walk.append((moment, shown))
            self._first.setdefault(shown, moment)
            self._shown[shown] += 1
            moment += MINUTE

    def when(self, day: date, at: time) -> datetime:
        """The instant that is agreed by a day and a time of day: the first that shows them.

        If none does, the first that shows something later.
        """
        wanted = datetime.combine(day, at)
        if wanted in self._first:
            return self._first[wanted]
        return next(moment for moment, shown in self._walk if shown > wanted)

    def times_shown(self, day: date, at: time) -> int:
        """How often it shows this day and time of day: mostly once."""
        return self._shown[datetime.combine(day, at)]

    def shows(self, moment: datetime) -> datetime:
        """What it shows at an instant."""
        return moment.astimezone(self._where).replace(tzinfo=None)
