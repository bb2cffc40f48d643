"""Bots that are killed at random, two on PostgreSQL and one on SQLite, with a Slack that does its
worst.
"""

import asyncio
import signal
from dataclasses import replace

from tests.faults import town
from tests.faults.lab import Lab
from tests.faults.plan import HOSTILE, Fault, Plan, evenly
from tests.faults.rows import Result, Size
from tests.faults.town import Work
from tests.faults.worker import Spec, Times

ABOUT = "kill -9 at random, two replicas on PostgreSQL and one bot on SQLite, a hostile Slack"

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

CHANGE_EACH = 5
"""After so many kills the cards that were posted say something else (on PostgreSQL)."""


async def run(lab: Lab) -> Result:
    result = Result()
    kills, fewer = lab.pick(2, 20, 600), lab.pick(2, 8, 150)
    parts = await asyncio.gather(
        _killed(lab, lab.postgresql(), 2, kills, lab.pick(4, 30, 600)),
        _killed(lab, lab.sqlite(), 1, fewer, lab.pick(4, 10, 150)),
    )
    for part in parts:
        result.add(part)
    result.needs = {
        "kill": kills + fewer,
        "retried": lab.pick(0, 10, 500),
        "updates": lab.pick(0, 5, 100),
        "hostile": lab.pick(0, 10, 500),
        **dict.fromkeys(HOSTILE, lab.pick(0, 0, 10)),
    }
    return result


async def _killed(lab: Lab, url: str, replicas: int, kills: int, count: int) -> Result:
    """So many kills, while so many channels have something to post."""
    result = Result()
    where = town.channels(count)
    async with lab.slack(_plan(lab), where) as slack:
        work = Work(
            promises=lab.pick(0, 1, 1),
            letters=lab.pick(1, 3, 40),
            spread=kills * sum(PAUSE) / 2,
        )
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        spec = Spec(url, slack.address, lab.log(), town.offset(), times=lab.times(TIMES))
        running = [await lab.bot(spec) for _ in range(replicas)]
        for number in range(1, kills + 1):
            await asyncio.sleep(lab.rng.uniform(*PAUSE))
            which = lab.rng.randrange(replicas)
            result.injected["kill"] += 1
            lab.tell(number, kills, f"kills of {replicas}")
            await running[which].kill()
            if replicas > 1 and not number % CHANGE_EACH:
                await town.change_words(url, number)
            result.hit["kill"] += running[which].status == -signal.SIGKILL
            await running[which].close()
            running[which] = await lab.bot(spec, ready=False)
        if not await lab.drained(url, within=DRAIN, calendar_offset=spec.offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        for each in running:
            await each.stop()
        journal = lab.journal(slack)
        found = lab.check(slack, url, count, posts=posts)
    result.trials = posts
    faults = [e.fault for e in journal if e.what == "received" and e.fault is not None]
    result.injected.update(faults)
    result.hit.update(faults)
    result.hit["hostile"] = len(faults)
    result.hit["updates"] = found.counted["updates"]
    result.hit["retried"] = found.counted["retried"]
    result.broken += found.broken()
    result.figures = {
        "posts": found.counted["posts"],
        "sent again": found.counted["sent again"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
    }
    return result


def _plan(lab: Lab) -> Plan:
    if lab.size is Size.SMALLEST:  # its times are too short for what is slow or late
        return Plan(lab.seed, posting=evenly(0.2, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE))
    return replace(PLAN, seed=lab.seed)
