"""Daylight saving: every minute that a clock skips or shows twice, and the days around it.

The rules are asked about all of them; the clock and the storage get a sample, and what they wrote
is read with this module's own SQL. What is right is found by walking (``walls``).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import text

from bot.domain.open_days import Workdays
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.schedules import Fate, Office, Schedule, ScheduleKind, instant, plan, waited
from bot.settings import Settings
from handlers import clock
from storage.database import Database
from storage.store import Store
from storage.tables import due, partnership, place, schedule
from tests.faults.lab import Lab
from tests.faults.rows import Result, Size
from tests.faults.walls import DAY, MINUTE, Change, Wall, changes

ABOUT = "daylight saving: every minute that a clock skips or shows twice, and the days around it"

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",  # back for Ramadan, forward after it
    "America/Havana",  # at midnight
    "America/New_York",
    "America/Santiago",  # at midnight
    "America/St_Johns",
    "Asia/Beirut",  # at midnight
    "Asia/Jerusalem",
    "Australia/Lord_Howe",  # by half an hour
    "Europe/Berlin",
    "Europe/Dublin",  # its winter is the exception, in its own law
    "Pacific/Auckland",
)
YEARS = (2025, 2026, 2027)
APIA = ("Pacific/Apia", 2011)
"""It left out the whole of December 30."""

AROUND = 2
"""So many days before and after each change are looked at."""

Rule = Callable[[date, time, str], datetime]

SKIPPED, TWICE = "skipped", "shown twice"
"""Minutes about which the rules were asked, and which a wall never shows, or shows twice."""

WRITTEN = "written: {}"
"""The same, as found in the storage after the clock had passed by."""

_ALWAYS_OPEN = frozenset(range(7))


@dataclass(slots=True)
class Found:
    """What came of asking: how many occurrences, those in a gap or a fold, and what was wrong."""

    asked: int = 0
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def meet(self, name: str | None) -> None:
        if name is not None:
            self.met[name] += 1


async def run(lab: Lab) -> Result:
    result = Result()
    every = all_changes(years=lab.pick(YEARS[:1], YEARS[:1], YEARS))
    asked = every
    if lab.size is Size.SMALLEST:
        asked = [each for each in every if each.zone == "Australia/Lord_Howe"]
    for number, change in enumerate(asked):
        found = await asyncio.to_thread(check_rules, change)
        result.trials += found.asked
        result.injected[_kind(change)] += len(list(change.minutes()))
        result.hit += found.met
        result.broken += found.wrong
        lab.tell(number, len(asked), "changes of a clock about which the rules were asked")
    ticked = lab.rng.sample(every, lab.pick(1, 12, len(every)))
    step = lab.pick(60, 30, 5)
    written = Found()
    db = await Database.open(f"sqlite:///{lab.folder}/daylight.db")
    try:
        for number, change in enumerate(ticked):
            result.injected[WRITTEN.format(_kind(change))] += len(list(change.minutes())[::step])
            await check_ticks(db, change, step, lab.rng, written)
            lab.tell(number, len(ticked), "changes of a clock that were lived through")
    finally:
        await db.close()
    result.hit += written.met
    result.broken += written.wrong
    a_year = 11 * 60 + 30
    years = lab.pick(0, 1, len(YEARS))
    result.needs = {SKIPPED: years * a_year + 24 * 60, TWICE: years * a_year}
    for name, count in result.injected.items():  # nothing here is left to chance
        result.needs[name] = max(count, result.needs.get(name, 0))
    result.figures = {
        "changes": len(asked),
        "changes_ticked": len(ticked),
        "occurrences": result.trials,
        "occurrences_ticked": written.asked,
    }
    result.trials += written.asked
    return result


def _kind(change: Change) -> str:
    return SKIPPED if change.skips else TWICE


def all_changes(zones: Sequence[str] = ZONES, years: Sequence[int] = YEARS) -> list[Change]:
    """Every change of these zones in these years, and Apia's day that never was."""
    found: list[Change] = []
    for zone, year in [*((zone, year) for zone in zones for year in years), APIA]:
        since = datetime(year, 1, 1, tzinfo=UTC)
        found += changes(zone, since, since.replace(year=year + 1))
    return found


@dataclass(frozen=True, slots=True)
class Moment:
    """Something agreed for a day and a time of day, and when that is."""

    zone: str
    day: date
    at: time
    right: datetime
    times: int
    """How often the wall shows that on this day."""

    @property
    def odd(self) -> str | None:
        """What is odd about it, if anything."""
        return {0: SKIPPED, 1: None}.get(self.times, TWICE)


def moments(change: Change, wall: Wall, step: int = 1) -> Iterator[Moment]:
    """Each day around a change at each time of day that it skips or repeats.

    ``step``: every so-manieth of these minutes only.
    """
    for shown in list(change.minutes())[::step]:
        for days in range(-AROUND, AROUND + 1):
            day = shown.date() + timedelta(days)
            at = shown.time()
            yield Moment(change.zone, day, at, wall.when(day, at), wall.times_shown(day, at))


def wall_around(change: Change) -> Wall:
    """The wall for all that is asked about a change: a week after the last day, too."""
    return Wall(change.zone, change.at - 5 * DAY, change.at + 13 * DAY)


def check_rules(change: Change, rule: Rule = instant) -> Found:
    """What the rules say of everything around a change, and where they are wrong."""
    wall, found = wall_around(change), Found()
    for each in moments(change, wall):
        found.asked += 1
        found.meet(each.odd)
        if (said := rule(each.day, each.at, each.zone)) != each.right:
            found.wrong.append(f"{each}: {said}")
            continue
        found.wrong += _check_plan(each, wall)
    return found


def _check_plan(each: Moment, wall: Wall) -> Iterator[str]:
    """Posted once, the next a week later; moved off a closed day; closed by the wall clock."""
    week = each.day + 7 * DAY
    weekly = _weekly(each)
    seen = [
        (passed.nominal, passed.at, passed.fate)
        for late in (-MINUTE, timedelta(), MINUTE, timedelta(hours=5))
        for passed in plan(weekly, each.day, each.right, each.right + late).passed
    ]
    if seen != [(each.day, each.right, Fate.POSTED)] * 3:
        yield f"{each}: planned {seen}"
    made = plan(weekly, each.day, each.right, each.right)
    if (made.nominal, made.at) != (week, wall.when(week, each.at)):
        yield f"{each}: then {made.nominal} at {made.at}"
    closed = Office("Acme", Workdays(_ALWAYS_OPEN, frozenset({each.day})))
    moved = plan(weekly, each.day, each.right, each.right, [closed])
    tomorrow = wall.when(_shown_next(each, wall), each.at)
    if moved.passed or (moved.nominal, moved.at) != (each.day, tomorrow):
        # The day after may have been reached already, where a day was left out.
        landed = [(passed.at, passed.fate) for passed in moved.passed]
        if landed != [(each.right, Fate.POSTED)] or wall.shows(each.right).date() == each.day:
            yield f"{each}: closed, and moved to {moved}"
    over = waited(each.right, timedelta(hours=48), each.zone, ())
    two_days_on = wall.shows(each.right) + 2 * DAY
    if over != wall.when(two_days_on.date(), two_days_on.time()):
        yield f"{each}: over at {over}"


def _shown_next(each: Moment, wall: Wall) -> date:
    return wall.shows(each.right).date() + DAY


def _weekly(each: Moment) -> Schedule:
    return Schedule(
        id=1,
        partnership_id=1,
        kind=ScheduleKind.CHECKIN,
        rhythm=Rhythm(Frequency.WEEKLY, each.day.weekday(), each.at),
        zone=each.zone,
        anchor=each.day,
        begun=True,
    )


# Through the clock and the storage


async def check_ticks(db: Database, change: Change, step: int, random: Random, to: Found) -> None:
    """As ``check_rules``, through real ticks on SQLite, every so-manieth minute of the change.

    What came of it is added to what was found so far.
    """
    wanted = list(moments(change, wall_around(change), step))
    first = await db.run(_agree, wanted)
    await _pass_time(db, wanted, random)
    await db.read(_compare, first, wanted, to)
    await db.run(_end)


async def _pass_time(db: Database, wanted: Sequence[Moment], random: Random) -> None:
    """Tick a minute before each moment, at it and after it, sometimes twice at once."""
    parts = clock.ticks(Settings.model_validate({}))
    nows = {each.right + late for each in wanted for late in (-MINUTE, timedelta(), MINUTE)}

    async def tick(now: datetime) -> None:
        for part in parts:
            while await db.run(part, now, clock.BATCH):
                pass

    for now in sorted(nows):
        await asyncio.gather(*(tick(now) for _ in range(random.randint(1, 2))))


def _agree(store: Store, wanted: Sequence[Moment]) -> int:
    """A partnership with a weekly check-in for each moment; returns the first schedule's id."""
    before = min(each.right for each in wanted) - DAY
    installation = store.installations.remember(
        team="T0", enterprise=None, app="A0", bot="B0", bot_user="U0", name="Acme", now=before
    )
    first = _count(store, "schedule") + 1
    numbered = list(enumerate(wanted, first))
    write = store.connection.execute
    write(
        partnership.insert(),
        [
            {
                "id": number,
                "installation_id": installation.id,
                "name": "mentoring-partners",
                "zone": each.zone,
                "state": "started",
                "created_at": before,
                "started_at": before,
            }
            for number, each in numbered
        ],
    )
    write(
        place.insert(),
        [
            {
                "installation_id": installation.id,
                "partnership_id": number,
                "channel": f"C{number:08}",
                "since": before,
            }
            for number, _ in numbered
        ],
    )
    write(
        schedule.insert(),
        [
            {
                "id": number,
                "partnership_id": number,
                "kind": ScheduleKind.CHECKIN,
                "frequency": Frequency.WEEKLY,
                "weekday": each.day.weekday(),
                "at": f"{each.at:%H:%M}",
                "zone": each.zone,
                "anchor": each.day,
                "begun_at": before,
                "set_at": before,
            }
            for number, each in numbered
        ],
    )
    write(
        due.insert(),  # the week before, so that the bot itself computes the moment
        [
            {
                "schedule_id": number,
                "at": instant(each.day - 7 * DAY, each.at, each.zone),
                "nominal": each.day - 7 * DAY,
            }
            for number, each in numbered
        ],
    )
    return first


def _compare(store: Store, first: int, wanted: Sequence[Moment], to: Found) -> None:
    """What was written of each, with SQL of this module's own."""
    rows = store.connection.execute(
        text(
            "SELECT schedule_id, nominal, slot, occurrence.at, message.id "
            "FROM occurrence LEFT JOIN message ON message.subject = occurrence.id "
            "AND message.kind = 'prompt' WHERE schedule_id >= :first "
            "AND occurrence.state <> 'missed'"
        ),
        {"first": first},
    ).all()
    found: dict[int, list[tuple[object, ...]]] = {}
    for number, nominal, slot, at, message in rows:
        found.setdefault(number, []).append((nominal, slot, at, message is not None))
    for number, each in enumerate(wanted, first):
        to.asked += 1
        micro = int((each.right - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
        right = [(each.day.isoformat(), 0, micro, True)]
        if found.get(number) != right:
            to.wrong.append(f"{each}: written {found.get(number)}")
        elif each.odd is not None:
            to.met[WRITTEN.format(each.odd)] += 1


def _end(store: Store) -> None:
    store.connection.execute(due.delete())


def _count(store: Store, table: str) -> int:
    count = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
    return int(store.connection.execute(count).scalar_one())
