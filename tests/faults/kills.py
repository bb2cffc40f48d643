"""Two replicas on PostgreSQL that are killed at random, with a Slack that does its worst."""

import asyncio
import time
from dataclasses import replace

from tests.faults import town
from tests.faults.lab import Child, Lab
from tests.faults.plan import HOSTILE, Fault, Plan, evenly
from tests.faults.rows import Result, Size
from tests.faults.town import Work
from tests.faults.worker import Spec, Times

ABOUT = "kill -9 at random, two replicas on PostgreSQL, a hostile Slack"

TIMES = Times(lease=5.0, call=1.0, quiet=3.0)
PLAN = Plan(
    posting=HOSTILE,
    reading=evenly(0.1, Fault.ERROR_BEFORE, Fault.HTML_BEFORE, Fault.RESET_BEFORE),
    lag=(0.0, 0.8),
    slow=1.3,
    answer=(0.0, 0.1),
)
"""Slack accepts what is slow, and shows it, well before a lease has run out, on a busy machine
too: later than that is the window that nobody can close."""

PAUSE = (0.3, 0.9)
DRAIN = 180.0


async def run(lab: Lab) -> Result:
    result = Result()
    kills = lab.pick(2, 30, 600)
    count = lab.pick(4, 50, 600)
    where = town.channels(count)
    url = lab.postgresql()
    async with lab.slack(_plan(lab), where) as slack:
        work = Work(
            promises=lab.pick(0, 1, 1),
            letters=lab.pick(1, 5, 40),
            spread=kills * sum(PAUSE) / 2,
        )
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        spec = Spec(url, slack.address, lab.log(), town.offset(), times=lab.times(TIMES))
        pair = [await lab.bot(spec), await lab.bot(spec)]
        began = time.monotonic()
        for _ in range(kills):
            await asyncio.sleep(lab.rng.uniform(*PAUSE))
            which = lab.rng.randrange(2)
            result.injected["kill"] += 1
            await pair[which].kill()
            result.hit["kill"] += pair[which].status == -9
            await pair[which].close()
            pair[which] = await lab.bot(spec, ready=False)
        killing = time.monotonic() - began
        if not await lab.drained(url, within=DRAIN, calendar_offset=spec.offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        await _stop(pair)
        journal = lab.journal(slack)
        found = lab.check(slack, url, count)
    result.trials = posts
    faults = [e.fault for e in journal if e.what == "received" and e.fault is not None]
    result.injected.update(faults)
    result.hit.update(faults)
    result.hit["retried"] = found.counted["retried"]
    result.needs = {
        "kill": kills,
        "retried": lab.pick(1, 20, 500),
        **dict.fromkeys(HOSTILE, lab.pick(0, 1, 10)),
    }
    result.broken += found.broken()
    if found.counted["posts"] < posts:
        result.broken.append(f"{found.counted['posts']} of {posts} messages are in Slack")
    result.figures = {
        "posts": found.counted["posts"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
        "seconds of killing": round(killing),
    }
    return result


def _plan(lab: Lab) -> Plan:
    if lab.size is Size.SMALLEST:  # its times are too short for what is slow or late
        return Plan(lab.seed, posting=evenly(0.2, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE))
    return replace(PLAN, seed=lab.seed)


async def _stop(pair: list[Child]) -> None:
    for child in pair:
        await child.stop()
