"""Processes that are frozen at a step, for longer than their lease, while another goes on.

Not frozen is who has looked at the age of the claim for the last time and is about to send: for
that moment there is no remedy, and it is named as such.
"""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import replace

from bot.courier import Point
from tests.faults import town
from tests.faults.lab import Lab
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.rows import Result
from tests.faults.town import Work
from tests.faults.worker import POINTS, Spec

ABOUT = "processes frozen (SIGSTOP) beyond the lease at each step, with another replica"

STEPS = tuple(each for each in POINTS if each != Point.SENDING)
PATIENCE = 15.0
"""So long (seconds) a process may take to come by its step."""

ATTEMPTS = 3
"""So many processes are sent to a step, one after the other: the other replica may be faster."""

GIVEN = 4
"""In so many channels there is something new to post for each process."""

DRAIN = 120.0


async def run(lab: Lab) -> Result:
    result = Result()
    points = list(lab.pick(("begun", "answered"), STEPS, STEPS * 7))
    lab.rng.shuffle(points)
    at_once = lab.pick(9, 9, 5)
    where = town.channels(GIVEN * (len(points) * 3 // 2))  # not all need all their attempts
    parts = iter(range(0, len(where), GIVEN))
    url = lab.postgresql()
    faults = evenly(0.2, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE)
    async with lab.slack(Plan(lab.seed, posting=faults, answer=(0.0, 0.2)), where) as slack:
        work = Work(promises=lab.pick(0, 1, 1), held=True)
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        spec = Spec(url, slack.address, lab.log(), town.offset(), times=lab.times())
        steady = await lab.bot(replace(spec, times=replace(spec.times, at_once=2)))
        gate = asyncio.Semaphore(at_once)

        async def freeze(point: str) -> None:
            async with gate:
                result.injected.update([point, "frozen"])
                for _ in range(ATTEMPTS):
                    first = next(parts, None)
                    if first is None:
                        break  # nothing is left to post, so nobody would come by
                    await asyncio.to_thread(town.release, url, where[first : first + GIVEN])
                    if await _freeze(lab, spec, point):
                        result.hit.update([point, "frozen"])
                        break
                result.trials += 1
                lab.tell(result.trials, len(points), "processes that were to be frozen")

        await asyncio.gather(*(freeze(point) for point in points))
        await asyncio.to_thread(town.release, url, [where[n] for n in _left(parts)])
        last = await lab.bot(spec)
        if not await lab.drained(url, within=DRAIN, calendar_offset=spec.offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        for each in (steady, last):
            await each.stop()
        found = lab.check(slack, url, len(where), posts=posts)
    result.broken += found.broken()
    result.needs = {"frozen": len(points) * 3 // 4, **dict.fromkeys(points, lab.pick(0, 0, 4))}
    result.figures = {
        "posts": found.counted["posts"],
        "retried": found.counted["retried"],
        "sent again": found.counted["sent again"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
    }
    return result


def _left(parts: Iterator[int]) -> Iterator[int]:
    """The channels in which nothing was given out yet."""
    return (first + more for first in parts for more in range(GIVEN))


async def _freeze(lab: Lab, spec: Spec, point: str) -> bool:
    """Whether it was frozen there. It goes on afterwards, for a while."""
    # One message at a time, so that none of its others is frozen while it is sent.
    alone = replace(spec.times, at_once=1)
    bot = await lab.bot(replace(spec, stop_at=point, times=alone), ready=False)
    if not await bot.stopped(PATIENCE):
        await bot.kill()  # asked to end, it might come by the point then
        return False
    await asyncio.sleep(spec.times.lease + lab.rng.uniform(0.5, 2.0))
    bot.signal(signal.SIGCONT)
    await asyncio.sleep(1.0)
    await bot.stop()
    return True
