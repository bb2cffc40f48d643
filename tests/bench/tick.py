"""What a due schedule costs when the table is small and when it is large."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import func, select, text

from bot.domain.schedules import instant
from bot.settings import Settings
from handlers import clock
from storage.database import Database
from storage.store import Store
from storage.tables import due, message
from tests.bench.figures import Figure, Goal
from tests.bench.world import APP, BOT, BOT_USER, NEW_YORK, TEAM

TUESDAY = date(2026, 11, 24)
NOW = instant(TUESDAY, time(10, 30), NEW_YORK)
"""Half an hour after the check-ins were due."""

_FILL = (
    """
    INSERT INTO organization (id, installation_id, team, name, zone, host)
    VALUES (1, 1, 'TACME', 'Acme', :zone, 1), (2, 1, 'TNORTH', 'Northside Youth', :zone, 0)
    """,
    """
    INSERT INTO partnership (id, installation_id, name, zone, state, created_at, started_at)
    SELECT n, 1, 'mentoring-partners', :zone, 'started', :now, :now FROM number
    """,
    """
    INSERT INTO place (installation_id, partnership_id, channel, since)
    SELECT 1, n, printf('C%09d', n), :now FROM number
    """,
    """
    INSERT INTO participation (partnership_id, organization_id, ok_at, joined_at)
    SELECT n, organization.id, :now, :now FROM number, organization
    """,
    """
    INSERT INTO lane (installation_id, name) SELECT 1, printf('C%09d', n) FROM number
    """,
    """
    INSERT INTO schedule
    (id, partnership_id, kind, frequency, weekday, at, zone, anchor, begun_at, set_at)
    SELECT 2 * n - 1, n, 'checkin', 'biweekly', 1, '10:00', :zone, :tuesday, :now, :now
    FROM number
    """,
    """
    INSERT INTO schedule
    (id, partnership_id, kind, frequency, weekday, at, zone, anchor, begun_at, set_at)
    SELECT 2 * n, n, 'digest', 'weekly', 0, '16:00', :zone, :monday, :now, :now
    FROM number
    """,
    """
    INSERT INTO due (schedule_id, at, nominal)
    SELECT 2 * n - 1, :later, :tuesday FROM number
    """,
    """
    INSERT INTO due (schedule_id, at, nominal)
    SELECT 2 * n, :later, :monday FROM number
    """,
)
"""Partnerships with two organizations each, a check-in and a digest each; nothing is due yet."""

_MAKE_DUE = (
    """
    UPDATE due SET at = :checkin_at
    WHERE schedule_id % 2 = 1 AND (schedule_id + 1) / 2 % :every = :turn
    """,
    """
    UPDATE due SET at = :digest_at
    WHERE schedule_id % 2 = 0 AND schedule_id / 2 % :every = :turn
    """,
)
"""Both schedules of every so-manieth partnership: spread over the whole table."""


async def measure(folder: Path, small: int, large: int, ready: int, rounds: int) -> list[Figure]:
    """The tick with ``ready`` schedules due of a small and of a large table, in turns."""
    big = await _filled(folder / "large.db", large)
    costs: list[tuple[float, float]] = []
    idle: list[float] = []
    try:
        for turn in range(rounds):
            few = await _filled(folder / f"small{turn}.db", small)
            try:
                cost = await _ticked(few, small // ready, 0, ready)
            finally:
                await few.close()
            costs.append((cost, await _ticked(big, large // ready, turn, ready)))
            idle.append(await _tick(big))
    finally:
        await big.close()
    small_cost = median(cost for cost, _ in costs)
    large_cost = median(cost for _, cost in costs)
    return [
        Figure("tick_small", 1e6 * small_cost, "µs", f"each of {ready:,} due of {small:,}"),
        Figure("tick_large", 1e6 * large_cost, "µs", f"each of {ready:,} due of {large:,}"),
        Figure(
            "tick_ratio",
            median(above / below for below, above in costs),
            "ratio",
            "the same",
            Goal(3.6, 1.3),
        ),
        Figure("tick_idle", 1e3 * median(idle), "ms", f"a tick with nothing due of {large:,}"),
    ]


async def _filled(path: Path, schedules: int) -> Database:
    db = await Database.open(f"sqlite:///{path}")
    await db.run(_fill, schedules // 2)
    return db


def _fill(store: Store, partnerships: int) -> None:
    store.installations.remember(
        team=TEAM, enterprise=None, app=APP, bot=BOT, bot_user=BOT_USER, name="Acme", now=NOW
    )
    values = {
        "zone": NEW_YORK,
        "now": _micro(NOW - timedelta(days=30)),
        "later": _micro(NOW + timedelta(days=300)),
        "tuesday": TUESDAY.isoformat(),
        "monday": (TUESDAY - timedelta(days=1)).isoformat(),
    }
    store.connection.execute(
        text(
            "CREATE TEMP TABLE number AS WITH RECURSIVE counted(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :most) SELECT n FROM counted"
        ),
        {"most": partnerships},
    )
    for statement in _FILL:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        store.connection.execute(text(statement), used)
    store.connection.execute(text("DROP TABLE temp.number"))


async def _ticked(db: Database, every: int, turn: int, ready: int) -> float:
    """Seconds for each of the schedules that are due; raises if any was not dealt with."""
    await db.run(_make_due, every, turn)
    before = await db.read(_messages)
    took = await _tick(db)
    posted = await db.read(_messages) - before
    left = await db.read(_left)
    if posted != ready or left:
        raise RuntimeError(f"{ready} schedules were due: {posted} posted, {left} left")
    return took / ready


async def _tick(db: Database) -> float:
    """Every part of the clock until nothing is left, as ``handlers.clock`` does it; seconds."""
    began = perf_counter()
    for part in clock.ticks(Settings.model_validate({})):
        while await db.run(part, NOW, clock.BATCH):
            pass
    return perf_counter() - began


def _make_due(store: Store, every: int, turn: int) -> None:
    values = {
        "every": every,
        "turn": turn % every,
        "checkin_at": _micro(instant(TUESDAY, time(10), NEW_YORK)),
        "digest_at": _micro(instant(TUESDAY - timedelta(days=1), time(16), NEW_YORK)),
    }
    for statement in _MAKE_DUE:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        store.connection.execute(text(statement), used)


def _messages(store: Store) -> int:
    return int(store.connection.execute(select(func.count()).select_from(message)).scalar_one())


def _left(store: Store) -> int:
    late = select(func.count()).select_from(due).where(due.c.at <= NOW)
    return int(store.connection.execute(late).scalar_one())


def _micro(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
