"""The clock does what is due, in batches, and survives what fails."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from bot.app import Bot
from bot.settings import Settings
from handlers import clock
from handlers.clock import BATCH, KEPT
from storage.store import Store
from tests.fixtures.wire import TestCalendar


def noun(**things: Any) -> ModuleType:
    """A noun with something to do when the clock ticks."""
    module = ModuleType("noun")
    vars(module).update(things)
    return module


async def test_what_is_due_is_done_in_batches(
    bot: Bot, calendar: TestCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, asked = [450], list[tuple[datetime, int]]()

    def work(store: Store, now: datetime, limit: int) -> int:
        asked.append((now, limit))
        done = min(left[0], limit)
        left[0] -= done
        return done

    monkeypatch.setattr(clock, "_NOUNS", (noun(ticks=lambda settings: (work,)),))
    await bot.tick()
    assert left == [0]
    assert asked == [(calendar.now(), BATCH)] * 4


async def test_a_part_that_fails_does_not_keep_the_others_waiting(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fails(store: Store, now: datetime, limit: int) -> int:
        raise ZeroDivisionError

    def works(store: Store, now: datetime, limit: int) -> int:
        done.append("works")
        return 0

    def both(settings: Settings) -> tuple[clock.Tick, ...]:
        return fails, works

    monkeypatch.setattr(clock, "_NOUNS", (noun(ticks=both),))
    await bot.tick()
    assert done == ["works"]
    assert bot.house.counted["tick_failed"] == 1


async def test_a_tick_leaves_a_heartbeat_in_real_time(bot: Bot, calendar: TestCalendar) -> None:
    calendar.move(timedelta(days=400))
    await bot.tick()
    beat = await bot.house.db.read(lambda store: store.health.heartbeat("tick"))
    assert beat is not None
    assert abs(datetime.now(UTC) - beat) < timedelta(minutes=5)


async def test_deliveries_are_remembered_for_a_week(bot: Bot, calendar: TestCalendar) -> None:
    now = calendar.now()
    await bot.house.db.run(lambda store: store.deliveries.handled("old", now, {"commitment": 3}))
    calendar.move(KEPT)
    await bot.tick()
    assert await bot.house.db.read(lambda store: store.deliveries.receipt("old")) == {
        "commitment": 3
    }
    calendar.move(timedelta(seconds=1))
    await bot.tick()
    assert await bot.house.db.read(lambda store: store.deliveries.receipt("old")) is None


async def test_the_next_moment_is_the_earliest_of_all(
    bot: Bot, calendar: TestCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon, late = calendar.now() + timedelta(hours=1), calendar.now() + timedelta(hours=2)
    moments = (lambda store: late, lambda store: None, lambda store: soon)
    monkeypatch.setattr(clock, "_NOUNS", (noun(MOMENTS=moments),))
    assert await bot.next_moment() == soon
    monkeypatch.setattr(clock, "_NOUNS", (noun(),))
    assert await bot.next_moment() is None
