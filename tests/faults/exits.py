"""Processes that exit at every step of the courier and of the tick, one after the other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from tests.faults import town
from tests.faults.lab import Lab
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.rows import Result
from tests.faults.town import Work
from tests.faults.worker import EXITED, POINTS, Spec

ABOUT = "exit at each step of the courier and of the tick, on SQLite and PostgreSQL"

PATIENCE = 15.0
"""So long (seconds) a process may take to come by its point: a look-up waits for a lease."""

ENOUGH = 4
"""In so many channels there is something new to post for each process."""

ATTEMPTS = 5
"""So many processes are sent to a point, one after the other, until one comes by it."""

DRAIN = 120.0


async def run(lab: Lab) -> Result:
    result = Result()
    each = lab.pick(1, 1, 20)
    points = lab.pick(("written", "answered"), POINTS, POINTS)
    databases = ("sqlite", "postgresql")
    parts = await asyncio.gather(*(_on(lab, backend, points * each) for backend in databases))
    for part in parts:
        result.add(part)
    most = each * len(databases)
    result.needs = {
        **dict.fromkeys(points, lab.pick(0, 1, most)),
        **dict.fromkeys(databases, len(points) * each * lab.pick(3, 3, 4) // 4),
    }
    return result


async def _on(lab: Lab, backend: str, all_points: Sequence[str]) -> Result:
    result = Result()
    points = lab.rng.sample(all_points, len(all_points))
    where = town.channels(ENOUGH * (len(points) + max(ATTEMPTS, len(points) // 10)))
    released = 0
    url = lab.database(backend)
    faults = evenly(0.1, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE)
    async with lab.slack(Plan(lab.seed, posting=faults), where) as slack:
        work = Work(promises=lab.pick(0, 1, 1), held=True)
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        offset = town.offset()
        usual = Spec(url, slack.address, lab.log(), offset, times=lab.times())
        for point in points:
            lab.tell(result.trials, len(points), f"exits, on {backend}")
            result.trials += 1
            result.injected.update([point, backend])
            leaves = replace(usual, exit_at=point, hits=lab.rng.choice([1, 1, 2]))
            for _ in range(ATTEMPTS):
                if released >= len(where):
                    break  # nothing is left to post, so nobody would come by
                town.release(url, where[released : released + ENOUGH])
                released += ENOUGH
                if await _exits(lab, leaves):
                    result.hit.update([point, backend])
                    break
        town.release(url, where[released:])
        last = await lab.bot(usual)
        if not await lab.drained(url, within=DRAIN, calendar_offset=offset):
            result.broken.append(f"{backend}: not everything was delivered in {DRAIN:g} s")
        await last.stop()
        found = lab.check(slack, url, len(where), posts=posts)
    result.broken += [f"{backend}: {sentence}" for sentence in found.broken()]
    result.figures = {
        "posts": found.counted["posts"],
        "retried": found.counted["retried"],
        "sent again": found.counted["sent again"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
    }
    return result


async def _exits(lab: Lab, spec: Spec) -> bool:
    """Whether a process came by its point."""
    bot = await lab.bot(spec, ready=False)
    try:
        return await bot.ended(PATIENCE) == EXITED
    except TimeoutError:
        return False
    finally:
        await bot.close()
