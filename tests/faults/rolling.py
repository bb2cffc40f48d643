"""Restarts one after the other, as when a new version is rolled out: of two processes side by side
the older is told to end once a new one serves, with posts and deliveries under way. On PostgreSQL,
with the product's own command ``python -m bot run`` and the settings that an operator has.

Deliveries go to any process that serves, as through a balancer of loads that notices late who has
gone: to the old one until it has ended.
"""

import asyncio
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import aiohttp

from tests.bench.children import environment
from tests.faults import town
from tests.faults.checker import rows
from tests.faults.inbound import PATIENCE, Office, compare, door
from tests.faults.journal import Entry
from tests.faults.lab import READY_SECONDS, Lab, wait_for
from tests.faults.mail import Event, Mail, stories
from tests.faults.plan import Plan
from tests.faults.rows import Result
from tests.faults.slack import Address, Slack
from tests.faults.town import Work

ABOUT = "rolling restart of two replicas with posts and deliveries under way"

RESTARTED, CUT = "restarted with posts under way", "restarted with deliveries under way"

STOP_SECONDS = 30.0
"""So long who stops a process waits before insisting."""

PARTS = 3
"""What there is to post during a restart is given out in so many parts, until all are busy."""

BUSY_WITHIN = 6.0
"""So long (seconds) a part keeps bots busy: in each channel they post one thing a second."""

DRAIN = 180.0

ASKED = 6
"""In so many channels a check-in is open, for the replies that are delivered."""

AT_ONCE = 3
"""So many people write at the same time."""

_PROMPTS = "SELECT channel, ts FROM message WHERE kind = 'prompt' AND state = 'sent'"


@dataclass(slots=True)
class Replica:
    """A process of the product."""

    process: Process
    door: str


async def run(lab: Lab) -> Result:
    result = Result()
    restarts = lab.pick(1, 3, 55)
    each = lab.pick(6, 12, 9)
    where = town.channels(ASKED + each * restarts)
    url = lab.postgresql()
    stops: list[tuple[float, float]] = []
    async with AsyncExitStack() as stack:
        plan = Plan(lab.seed, answer=(0.2, 0.8))
        slack: Slack = await stack.enter_async_context(lab.slack(plan, where))
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        work = Work(promises=1, checkin=False, held=True)
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        posts += await town.ask(url, slack.address, where[:ASKED], datetime.now(UTC))
        town.release(url, where[:ASKED])
        variables = _variables(url, slack.address)
        office = Office(Mail(slack.address), session, lab.rng)
        events: list[Event] = []
        running: list[Replica] = []
        writing = asyncio.create_task(_write(url, office, events))
        try:
            for _ in range(2):
                await _start(lab, variables, running, office)
            await wait_for(lambda: bool(office.acknowledged), DRAIN)
            for number in range(restarts):
                result.trials += 1
                result.injected.update([RESTARTED, CUT])
                await _start(lab, variables, running, office)
                oldest = running[0]
                first = ASKED + each * number
                left = await _make_busy(
                    url,
                    where[first : first + each],
                    partial(_both_busy, lab, slack, office, oldest),
                )
                result.hit[CUT] += office.busy[oldest.door] > 0
                told = time.time()
                status = await _stop(oldest.process)
                stops.append((told, time.time()))
                if status != 0:
                    result.broken.append(f"a process told to end did so with {status}")
                town.release(url, left)
                office.serving.remove(oldest.door)
                del running[0]
                lab.tell(result.trials, restarts, "restarts")
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            if not await lab.drained(url, within=DRAIN):
                result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        finally:
            writing.cancel()
            for replica in running:
                await _stop(replica.process)
        journal = lab.journal(slack)
        found = lab.check(slack, url, posts=posts)
    longest = max(ended - told for told, ended in stops)
    if longest > STOP_SECONDS:
        result.broken.append(f"a process took {longest:.1f} s to end")
    result.hit[RESTARTED] = sum(_under_way(journal, told) for told, _ in stops)
    result.hit += office.counted
    result.needs = {RESTARTED: lab.pick(0, 1, 50), CUT: lab.pick(0, 1, 50)}
    lost, double, wrong = compare(url, events, office.acknowledged)
    result.broken += [*found.broken(), *lost, *double, *wrong]
    result.figures = {
        "posts": found.counted["posts"],
        "retried": found.counted["retried"],
        "sent again": found.counted["sent again"],
        "deliveries": len(events),
        "acknowledged": len(office.acknowledged),
        "doubles": len(found.doubles) + len(double),
        "lost": len(found.lost) + len(lost),
        "longest stop in seconds": round(longest, 1),
    }
    return result


async def _write(url: str, office: Office, events: list[Event]) -> None:
    """People reply, change and delete what they said, wherever a check-in is open."""

    async def go_on() -> None:
        while True:
            prompts = await asyncio.to_thread(_prompts, url)
            if prompts and office.serving:
                for each in stories(office.mail, prompts, 3, office.rng):
                    events.append(each)
                    await office.deliver(each)
                    await asyncio.sleep(office.rng.uniform(0.0, 0.1))
            else:
                await asyncio.sleep(0.1)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))


def _prompts(url: str) -> Mapping[str, str]:
    return {row["channel"]: row["ts"] for row in rows(url, _PROMPTS)}


async def _make_busy(url: str, where: Sequence[str], busy: Callable[[], bool]) -> Sequence[str]:
    """Give out what is to be posted in these channels, part by part, until bots are at it.

    Returns where nothing was given out yet.
    """
    for part in range(PARTS):
        await asyncio.to_thread(town.release, url, where[part::PARTS])
        if await wait_for(busy, BUSY_WITHIN):
            return [each for later in range(part + 1, PARTS) for each in where[later::PARTS]]
    return []


def _both_busy(lab: Lab, slack: Slack, office: Office, oldest: Replica) -> bool:
    """Whether Slack is working on posts, and that process on a delivery."""
    return office.busy[oldest.door] > 0 and _busy(lab.journal(slack))


def _variables(url: str, slack: Address) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "PORT": "0",
        "CG_LEASE_SECONDS": "15",
        "CG_TICK_SECONDS": "1",
        "CG_LOG_LEVEL": "WARNING",
    }


async def _start(
    lab: Lab, variables: dict[str, str], running: list[Replica], office: Office
) -> None:
    """One process more that serves, and gets deliveries."""
    with lab.log().open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=lab.folder,
            env=environment(variables),
            stdout=PIPE,
            stderr=log,
        )
    try:
        if process.stdout is None:
            raise RuntimeError("it has no standard output")
        async with asyncio.timeout(READY_SECONDS):
            said = await process.stdout.readline()
        listens = re.search(r"is running: (http://[\w.:]*\d)", said.decode())
        if listens is None:
            raise RuntimeError(f"the bot did not start: {said!r}")
    except BaseException:
        await _kill(process)
        raise
    running.append(Replica(process, door(listens[1])))
    office.serving.append(door(listens[1]))


async def _stop(process: Process) -> int | None:
    """Tell it to end; returns its exit status, None if it had to be killed."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS + 5):
            return await process.wait()
    except TimeoutError:
        await _kill(process)
        return None


async def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def _busy(journal: list[Entry]) -> bool:
    """Whether Slack is working on posts now."""
    posts = [e for e in journal if e.method == "chat.postMessage"]
    return len(posts) > 1 and posts[-1].what == posts[-2].what == "received"


def _under_way(journal: list[Entry], at: float) -> bool:
    """Whether Slack was working on a post at that moment."""
    began = {e.call: e.at for e in journal if e.what == "received"}
    return any(e.what == "accepted" and began[e.call] < at < e.at for e in journal)
