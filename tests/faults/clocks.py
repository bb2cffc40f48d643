"""Clocks that jump by an hour, go backwards, or differ: what is due appears once all the same."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import update

from storage.database import Database
from storage.store import Store
from storage.tables import due
from tests.faults import town
from tests.faults.checker import check, rows
from tests.faults.lab import Lab, wait_for
from tests.faults.plan import Plan
from tests.faults.rows import Result
from tests.faults.town import MORNING, Work
from tests.faults.worker import READ, Spec

ABOUT = "clocks that jump an hour, go backwards, or are five seconds apart"

JUMPED = "jumped"
"""The bot has looked at a clock since it was moved."""
BACK, AHEAD = "back over what was posted", "ahead over what is not due"

HOUR = 3600.0
STEP = 720.0
"""By so much the right time goes on at once; during each, something becomes due."""

WRONG = (HOUR, -HOUR, HOUR, -HOUR, 5.0, -5.0, -3 * HOUR, 0.0)
"""How far a clock may be ahead of the right time after a step."""

DRAIN = 120.0
READ_WITHIN = 30.0
"""So long (seconds) a bot may take to look at its clock: it ticks once a second."""

_POSTED = "SELECT count(*) AS n FROM occurrence WHERE at > {first} AND at <= {last}"
_MISSED = "SELECT count(*) AS n FROM occurrence WHERE state <> 'open'"
_DUE = "SELECT count(*) AS n FROM due WHERE at > {first} AND at <= {last}"
_OVERDUE = "SELECT count(*) AS n FROM due WHERE at <= {at}"
_UNSENT = (
    "SELECT count(*) AS n FROM occurrence JOIN message ON message.id = message_id "
    "WHERE at <= {at} AND pending"
)


async def run(lab: Lab) -> Result:
    result = Result()
    for backend, bots, steps in (
        ("sqlite", 1, lab.pick(3, 8, 50)),
        ("postgresql", 2, lab.pick(3, 8, 50)),
    ):
        result.add(await _on(lab, backend, bots, steps))
    result.needs = {
        JUMPED: lab.pick(0, 16, 100),
        BACK: lab.pick(0, 1, 20),
        AHEAD: lab.pick(0, 1, 20),
    }
    return result


async def _on(lab: Lab, backend: str, bots: int, steps: int) -> Result:
    result = Result()
    url = lab.database(backend)
    where = town.channels(6 * steps)
    async with lab.slack(Plan(lab.seed), where) as slack:
        posts = await town.build(url, slack.address, where, Work(promises=0), rng=lab.rng)
        await _spread(url, steps * STEP, lab.rng)
        right = town.offset()
        clocks = [_Clock(lab.folder / f"{backend}-{number}", right) for number in range(bots)]
        running = [
            await lab.bot(Spec(url, slack.address, lab.log(), clock=clock.file)) for clock in clocks
        ]
        for _ in range(steps):
            right += STEP
            moved = [(clock, _move(clock, right, url, lab.rng, result)) for clock in clocks]
            await asyncio.sleep(lab.rng.uniform(0.8, 1.6))  # a tick or two
            for clock, meant in moved:
                if await wait_for(clock.was_read, READ_WITHIN):
                    result.hit.update(meant)
            # A busy machine must not make anything late that the clocks do not.
            await wait_for(partial(_kept_up, url, right), DRAIN, every=0.1)
            lab.tell(result.trials, steps * bots, f"jumps of clocks, on {backend}")
        right += HOUR
        for clock in clocks:
            clock.move(right)
        if not await lab.drained(url, within=DRAIN, calendar_offset=right):
            result.broken.append(f"{backend}: not everything was delivered in {DRAIN:g} s")
        for bot in running:
            await bot.stop()
        found = check(lab.journal(slack), url, occurrences=len(where), posts=posts)
    result.broken += [f"{backend}: {sentence}" for sentence in found.broken()]
    if missed := rows(url, _MISSED)[0]["n"] + found.counted["missed"]:
        result.broken.append(f"{backend}: {missed} were missed, although none was too late")
    result.figures = {
        "posts": found.counted["posts"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
    }
    return result


def _move(clock: "_Clock", right: float, url: str, rng: Random, result: Result) -> tuple[str, ...]:
    """Set a clock wrong, or right again; returns what is met once its bot has looked at it."""
    wrong = rng.choice(WRONG)
    old, new = clock.move(right + wrong)
    by = f"{wrong:+g} s"
    result.trials += 1
    result.injected.update([JUMPED, by, BACK if new < old else AHEAD])
    met = [JUMPED, by]
    met += [BACK] if _between(url, _POSTED, new, old) else []
    met += [AHEAD] if _between(url, _DUE, old, new) else []
    return tuple(met)


def _kept_up(url: str, right: float) -> bool:
    """Whether nothing waits that was due two steps ago or earlier, by the right time."""
    then = datetime.now(UTC) + timedelta(seconds=right - 2 * STEP)
    at = int(then.timestamp() * 1_000_000)
    return not any(rows(url, query.format(at=at))[0]["n"] for query in (_OVERDUE, _UNSENT))


class _Clock:
    """The calendar of one bot, which it reads from a file."""

    def __init__(self, file: Path, offset: float) -> None:
        self.file = file
        self._offset = offset
        self.move(offset)

    def move(self, offset: float) -> tuple[datetime, datetime]:
        """Set it; returns what it said before and what it says now."""
        old, self._offset = self._offset, offset
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset}", "utf-8")
        os.replace(fresh, self.file)
        now = datetime.now(UTC)
        return now + timedelta(seconds=old), now + timedelta(seconds=offset)

    def was_read(self) -> bool:
        """Whether its bot has looked at it since it was moved."""
        noted = self.file.with_suffix(READ)
        return noted.exists() and noted.read_text("utf-8") == f"{self._offset}"


def _between(url: str, query: str, since: datetime, until: datetime) -> bool:
    """Whether something lies in a time."""
    first, last = (int(each.timestamp() * 1_000_000) for each in (since, until))
    return first < last and rows(url, query.format(first=first, last=last))[0]["n"] > 0


async def _spread(url: str, over: float, rng: Random) -> None:
    """Let the check-ins become due over so many seconds."""
    db = await Database.open(url)

    def write(store: Store) -> None:
        for row in store.connection.execute(due.select().order_by(due.c.schedule_id)).all():
            at = MORNING + timedelta(seconds=rng.uniform(0, over))
            store.connection.execute(
                update(due).where(due.c.schedule_id == row.schedule_id).values(at=at)
            )

    try:
        await db.run(write)
    finally:
        await db.close()
