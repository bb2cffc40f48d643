"""A disk that is full for a while, under a bot on SQLite that takes deliveries and posts.

The database lies on it, and the log of the bot too. How it is filled, ``room`` says.
"""

import asyncio
import sqlite3
import time
from contextlib import AsyncExitStack

import aiohttp

from tests.faults import town
from tests.faults.checker import check, rows
from tests.faults.inbound import PATIENCE, Office, compare, door
from tests.faults.lab import Lab
from tests.faults.mail import Event, Mail
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.room import room
from tests.faults.rows import Result
from tests.faults.slack import Slack
from tests.faults.town import Work
from tests.faults.worker import Spec

ABOUT = "a full disk under SQLite: what was acknowledged is kept, it resumes by itself"

FULL = "full"
AT_MOST = 400
"""So many replies are written until the disk is found full; else it is not counted."""

MORE = 6
"""Up to so many more are refused before there is room again."""

RESUMES = 15.0
DRAIN = 120.0

_PROMPTS = "SELECT channel, ts FROM message WHERE kind = 'prompt' AND state = 'sent'"


async def run(lab: Lab) -> Result:
    result = Result()
    times = lab.pick(1, 4, 30)
    where = town.channels(4 + 4 * times)
    faults = evenly(0.05, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE)
    slowest = 0.0
    async with AsyncExitStack() as stack:
        disk = stack.enter_context(room(lab.folder / "disk"))
        url = lab.sqlite(disk.folder)
        plan = Plan(lab.seed, posting=faults)
        slack: Slack = await stack.enter_async_context(lab.slack(plan, where))
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        await town.build(url, slack.address, where, Work(spread=2.0 * times), rng=lab.rng)
        offset = town.offset()
        bot = await lab.bot(Spec(url, slack.address, lab.log(disk.folder), offset))
        office = Office(Mail(slack.address), session, lab.rng, [door(bot.address)])
        writer = _Writer(lab, url, office)
        for number in range(times):
            lab.tell(number, times, "times full")
            result.trials += 1
            result.injected[FULL] += 1
            await writer.until(acknowledged=True, within=RESUMES)
            disk.fill(bot.pid, lab.rng)
            refused = await writer.until(acknowledged=False, within=RESUMES)
            result.hit[FULL] += refused and disk.is_full()
            for _ in range(lab.rng.randrange(MORE)):
                await writer.until(acknowledged=False, within=RESUMES)
            disk.free(bot.pid)
            began = time.monotonic()
            if not await writer.until(acknowledged=True, within=RESUMES):
                result.broken.append(f"nothing was acknowledged {RESUMES:g} s after there was room")
            slowest = max(slowest, time.monotonic() - began)
        if not await lab.drained(url, within=DRAIN, calendar_offset=offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        if bot.status is not None:
            result.broken.append(f"the bot ended with {bot.status}")
        await bot.stop()
        found = check(lab.journal(slack), url, occurrences=len(where))
        lost, double, wrong = compare(url, writer.events, office.acknowledged)
        result.broken += [*found.broken(), *lost, *double, *wrong, *_harmed(url)]
    result.needs = {FULL: lab.pick(0, 3, 25)}
    result.figures = {
        "full by": disk.name,
        "posts": found.counted["posts"],
        "acknowledged": len(office.acknowledged),
        "refused": len(writer.events) - len(office.acknowledged),
        "lost": len(found.lost) + len(lost),
        "doubles": len(found.doubles) + len(double),
        "resumes_slowest_s": round(slowest, 1),
    }
    return result


class _Writer:
    """Writes one reply after the other, wherever a check-in is open."""

    def __init__(self, lab: Lab, url: str, office: Office) -> None:
        self._lab = lab
        self._url = url
        self._office = office
        self.events: list[Event] = []

    async def until(self, *, acknowledged: bool, within: float) -> bool:
        """Go on until one is acknowledged, or is not; False if that takes too long."""
        end = time.monotonic() + within
        for _ in range(AT_MOST):
            prompts = {row["channel"]: row["ts"] for row in rows(self._url, _PROMPTS)}
            if prompts and await self._write(prompts) is acknowledged:
                return True
            if time.monotonic() > end:
                break
            await asyncio.sleep(0.1 if acknowledged else 0.0)
        return False

    async def _write(self, prompts: dict[str, str]) -> bool:
        channel = self._lab.rng.choice(sorted(prompts))
        number = len(self.events)
        ts = f"{int(time.time()) + number}.{number:06}"
        words = f"We met the school, {number}." + 40 * " They were glad."
        made = self._office.mail.event("written", channel, prompts[channel], ts, words)
        self.events.append(made)
        if not await self._office.attempt(made, 0):
            return False
        self._office.acknowledged.add(made.id)
        return True


def _harmed(url: str) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as opened:
        said = [word for (word,) in opened.execute("PRAGMA integrity_check").fetchall()]
    opened.close()
    return [] if said == ["ok"] else said
