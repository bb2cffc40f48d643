"""Many partnerships, each in a channel of its own, that have something to post."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import NullPool, create_engine, func, select, update

from bot.domain.people import Person
from bot.domain.posts import Kind, State
from bot.domain.schedules import ScheduleKind
from bot.services import beginning, commitments, standing
from bot.services.commitments import Propose, Turn, Which
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.store import Store
from storage.tables import commitment, due, lane, message, place, schedule
from storage.urls import read_url
from tests.faults.plan import chance
from tests.faults.slack import Address

TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""Ten o'clock in New York: when check-ins are due, and nobody is closed."""

_ZONE = "America/New_York"
BO = Person("T0NORTHSID", "U0BO000000", "Bo", zone=_ZONE, team_name="Northside Youth")
_LONG = timedelta(days=2)
_AT_ONCE = 25  # partnerships in one transaction


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to post, in each channel."""

    promises: int = 1
    """Each is a card and, in its thread, a note; beside the welcome and its note."""
    checkin: bool = True
    """Becomes due by the calendar: the tick writes it."""
    letters: int = 0
    """Direct messages to one person, all together."""
    spread: float = 0.0
    """Over so many seconds, by chance, all of it becomes due; 0: at once."""
    held: bool = False
    """None of it is due before it is released."""


def channels(count: int) -> tuple[str, ...]:
    """The ids of so many channels."""
    return tuple(f"C0TOWN{number:05}" for number in range(count))


def offset(now: datetime | None = None) -> float:
    """Seconds from the machine's clock to the morning: it is ten o'clock now."""
    return (MORNING - (now or datetime.now(UTC))).total_seconds()


async def build(
    database_url: str,
    slack: Address,
    where: Sequence[str],
    work: Work | None = None,
    *,
    rng: random.Random | None = None,
) -> int:
    """Fill a database, before any bot runs on it; returns how many messages are to be posted.

    The calendar of the bots has to begin with the morning (``offset()``).
    """
    work, rng = work or Work(), rng or chance(0)
    db = await Database.open(database_url)
    try:
        for first in range(0, len(where), _AT_ONCE):
            await db.run(_found, slack, where[first : first + _AT_ONCE], work)
        await db.run(_write_letters, slack, work.letters)
        return await db.run(_make_due, work, rng)
    finally:
        await db.close()


def _dana(slack: Address) -> Person:
    return Person(slack.team, "U0DANA0000", "Dana", zone=_ZONE, team_name="Acme")


async def ask_now(database_url: str, slack: Address, where: Sequence[str]) -> dict[str, str]:
    """Open a check-in in each channel, as if all that waits were posted already.

    Returns the ``ts`` of each.
    """
    db = await Database.open(database_url)
    try:
        return await db.run(_ask_now, slack, where)
    finally:
        await db.close()


def _ask_now(store: Store, slack: Address, where: Sequence[str]) -> dict[str, str]:
    _ask(store, slack, where, MORNING)
    prompts: dict[str, str] = {}
    for number, row in enumerate(store.connection.execute(message.select()).all()):
        ts = f"{int(MORNING.timestamp())}.{number:06}"
        store.connection.execute(
            update(message)
            .where(message.c.id == row.id)
            .values(state=State.SENT, ts=ts, sent=row.wanted, pending=False, settled_at=MORNING)
        )
        if row.kind == Kind.PROMPT:
            prompts[row.channel] = ts
    store.connection.execute(update(lane).values(due_at=None))
    return prompts


async def ask(database_url: str, slack: Address, where: Sequence[str], now: datetime) -> int:
    """Let a check-in be asked for in each channel; returns how many messages that is to be."""
    db = await Database.open(database_url)
    try:
        await db.run(_ask, slack, where, now)
    finally:
        await db.close()
    return len(where)


def _ask(store: Store, slack: Address, where: Sequence[str], now: datetime) -> None:
    (installation,) = store.installations.all()
    for channel in where:
        key, kind = f"ask:{channel}", ScheduleKind.CHECKIN
        asks = standing.Steer(key, installation.id, channel, _dana(slack), kind)
        standing.ask_now(store, asks, now)


async def change_words(database_url: str, number: int) -> None:
    """Let each card that was posted say something else from now on; bots may be at work.

    ``number`` tells one change from the next. On PostgreSQL only.
    """
    db = await Database.open(database_url)
    try:
        for card, subject in await db.read(_cards):
            for tries in count(1):
                try:
                    await db.run(_change_words, card, subject, number)
                    break
                except StorageUnavailable:  # the bots were in the way each time: ask again
                    if tries == _MOST_TRIES:
                        raise
    finally:
        await db.close()


_MOST_TRIES = 20


def _cards(store: Store) -> list[tuple[int, int]]:
    """The cards that were posted, and what they show."""
    cards = select(message.c.id, message.c.subject).where(
        message.c.kind == Kind.CARD, message.c.state == State.SENT
    )
    return [(row.id, row.subject) for row in store.connection.execute(cards)]


def _change_words(store: Store, card: int, subject: int, number: int) -> None:
    store.connection.execute(
        update(commitment)
        .where(commitment.c.id == subject)
        .values(what=f"bring list {subject}, changed {number} times")
    )
    store.messages.refresh(card)


def release(database_url: str, where: Sequence[str]) -> None:
    """Let what was held in these channels be due now. On SQLite no bot may be at work meanwhile."""
    theirs = (
        select(schedule.c.id)
        .join(place, place.c.partnership_id == schedule.c.partnership_id)
        .where(place.c.channel.in_(where))
    )
    engine = create_engine(read_url(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            update(lane).where(lane.c.name.in_(where)).values(due_at=datetime.now(UTC))
        )
        connection.execute(update(due).where(due.c.schedule_id.in_(theirs)).values(at=MORNING))


def _found(store: Store, slack: Address, where: Sequence[str], work: Work) -> None:
    now = MORNING - timedelta(days=7)
    dana = _dana(slack)
    bo = BO
    installation = store.installations.remember(
        team=slack.team,
        enterprise=None,
        app=slack.app,
        bot=slack.bot,
        bot_user=slack.bot_user,
        name="Acme",
        now=now,
    )
    for channel in where:
        begin = beginning.Begin(
            f"begin:{channel}", installation.id, channel, channel.lower(), _ZONE, dana, (dana, bo)
        )
        beginning.begin(store, begin, now)
        for person in (dana, bo):
            press = beginning.Press(f"ok:{channel}:{person.user}", installation.id, channel, person)
            beginning.agree(store, press, now)
        for number in range(work.promises):
            key = f"{channel}:{number}"
            what = f"bring list {number}"
            promise = Propose(key, installation.id, channel, dana, dana, what, TUESDAY)
            made = commitments.propose(store, promise, now)
            which = Which(installation.id, commitment_id=made.id)
            commitments.report_done(store, Turn(f"done:{key}", dana, which), now)


def _write_letters(store: Store, slack: Address, count: int) -> None:
    now = MORNING - timedelta(days=7)
    (found,) = store.installations.all()
    member = store.people.met(found.id, _dana(slack), now)
    for number in range(count):
        store.messages.answer_direct(
            found.id, member.id, {"text": f"letter {number}"}, once=f"letter {number}", now=now
        )


def _make_due(store: Store, work: Work, rng: random.Random) -> int:
    run = store.connection.execute
    posts = int(run(select(func.count()).select_from(message)).scalar_one())
    for row in run(schedule.select().order_by(schedule.c.id)).all():
        if row.kind != ScheduleKind.CHECKIN or not work.checkin:
            run(due.delete().where(due.c.schedule_id == row.id))
            continue
        posts += 1
        later = timedelta(seconds=rng.uniform(0, work.spread))
        run(
            update(due)
            .where(due.c.schedule_id == row.id)
            .values(at=MORNING + later, nominal=TUESDAY)
        )
        run(update(schedule).where(schedule.c.id == row.id).values(anchor=TUESDAY))
    if work.held:
        run(update(lane).values(due_at=datetime.now(UTC) + _LONG))
        run(update(due).values(at=MORNING + _LONG))
    elif work.spread:
        for row in run(lane.select().where(lane.c.due_at.is_not(None)).order_by(lane.c.id)).all():
            at = datetime.now(UTC) + timedelta(seconds=rng.uniform(0, work.spread))
            run(update(lane).where(lane.c.id == row.id).values(due_at=at, not_before=at))
    return posts
