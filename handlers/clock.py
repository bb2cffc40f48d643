"""The clock as a way in: what is due is done, in batches, and the courier is woken.

Any process may tick at any time: what may happen once only is held by the rows themselves, so two
ticks at once do no harm and a missed one is made up for by the next.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType

import structlog

from bot.settings import Settings
from handlers import (
    checkins,
    commitments,
    days,
    digest,
    partnerships,
    reminders,
    sweep,
    trouble,
    undo,
)
from handlers.house import House
from storage.errors import DatabaseClosed
from storage.store import Store

Tick = Callable[[Store, datetime, int], int]
"""Does what is due, at most so many of it, in one transaction; returns how many it did."""

Moment = Callable[[Store], datetime | None]
"""When it has something to do next, by the calendar; None if there is nothing ahead."""

BATCH = 200
"""So much at once, since no write transaction may hold the others up for long."""

TICK_SECONDS = 60.0
"""So long a tick may take; what is left is for the next."""

KEPT = timedelta(days=7)
"""How long deliveries are remembered: Slack repeats one for a day at the longest
(https://docs.slack.dev/apis/events-api)."""

HEARTBEAT = "tick"

_NOUNS: tuple[ModuleType, ...] = (
    partnerships,
    checkins,
    digest,
    commitments,
    undo,
    reminders,
    days,
    trouble,
)
"""In the order in which they have their turn: a check-in goes before a digest."""

log = structlog.get_logger(__name__)


def ticks(settings: Settings) -> tuple[Tick, ...]:
    """What every noun does when the clock ticks: its module's ``ticks(settings)``."""
    return tuple(tick for noun in _NOUNS if hasattr(noun, "ticks") for tick in noun.ticks(settings))


def moments() -> tuple[Moment, ...]:
    """When every noun has something to do next: its module's ``MOMENTS``."""
    return tuple(moment for noun in _NOUNS for moment in getattr(noun, "MOMENTS", ()))


async def tick(house: House) -> None:
    """Do what is due by the calendar. One part that fails does not keep the others waiting."""
    now = house.calendar.now()
    try:
        async with asyncio.timeout(TICK_SECONDS):
            for part in (sweep.hold, *ticks(house.settings), _forget):
                await _work_off(house, part, now)
            await house.db.run(_beat)
            await _go_on_with_days(house, now)
            await _ask_slack(house, now)
    except TimeoutError:
        house.counted["tick_cut_short"] += 1
        log.warning("tick_cut_short", seconds=TICK_SECONDS)


async def _go_on_with_days(house: House, now: datetime) -> None:
    """What takes seconds to work out, and so is no part in a transaction."""
    try:
        await days.go_on(house, now)
    except (TimeoutError, DatabaseClosed):
        raise
    except Exception:
        house.counted["tick_failed"] += 1
        log.exception("tick_failed", part="closed_days")


async def _ask_slack(house: House, now: datetime) -> None:
    """What a tick has to ask Slack, after everything that does not depend on it."""
    try:
        if await sweep.sweep(house, now):
            for part in checkins.ticks(house.settings):  # those that waited for it can be closed
                await _work_off(house, part, now)
        await house.courier.look_again()
    except (TimeoutError, DatabaseClosed):
        raise
    except Exception:
        house.counted["tick_failed"] += 1
        log.exception("tick_failed", part="ask_slack")


async def next_moment(house: House) -> datetime | None:
    """The calendar's next moment at which something is due; it may lie in the past."""
    return await house.db.read(_earliest, moments())


async def _work_off(house: House, part: Tick, now: datetime) -> None:
    try:
        while await house.db.run(part, now, BATCH):
            house.courier.wake()
    except (TimeoutError, DatabaseClosed):
        raise
    except Exception:
        house.counted["tick_failed"] += 1
        log.exception("tick_failed", part=getattr(part, "__qualname__", repr(part)))


def _forget(store: Store, now: datetime, limit: int) -> int:
    return store.deliveries.forget(now - KEPT, limit)


def _beat(store: Store) -> None:
    store.health.beat(HEARTBEAT)


def _earliest(store: Store, asked: tuple[Moment, ...]) -> datetime | None:
    found = [at for at in (moment(store) for moment in asked) if at is not None]
    return min(found, default=None)
