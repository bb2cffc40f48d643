"""Restarts one after the other, as when a new version is rolled out: the new process serves
before the old one is told to end, with posts under way in both. On PostgreSQL, with the product's
own command ``python -m bot run`` and the settings that an operator has.
"""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process

from tests.bench.children import environment
from tests.faults import town
from tests.faults.journal import Entry
from tests.faults.lab import READY_SECONDS, Lab, wait_for
from tests.faults.plan import Plan
from tests.faults.rows import Result
from tests.faults.slack import Address
from tests.faults.town import Work

ABOUT = "rolling restart with work in flight, old and new side by side"

STOP_SECONDS = 30.0
"""So long who stops a process waits before insisting."""

EACH = 12.0
"""About how long (seconds) one restart takes, for spreading the work over all of them."""

DRAIN = 180.0


async def run(lab: Lab) -> Result:
    result = Result()
    restarts = lab.pick(1, 2, 60)
    where = town.channels(lab.pick(6, 30, 12) * restarts)
    url = lab.postgresql()
    stops: list[tuple[float, float]] = []
    async with lab.slack(Plan(lab.seed, answer=(0.2, 0.8)), where) as slack:
        work = Work(promises=1, checkin=False, spread=lab.pick(4.0, EACH, EACH) * restarts)
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        variables = _variables(url, slack.address)
        running: list[Process] = []
        try:
            running.append(await _start(lab, variables))
            for _ in range(restarts):
                result.injected["restart"] += 1
                running.append(await _start(lab, variables))
                await asyncio.sleep(lab.rng.uniform(0.1, 0.6))
                await wait_for(lambda: _busy(lab.journal(slack)), EACH, every=0.05)
                told = time.time()
                status = await _stop(running[0])
                stops.append((told, time.time()))
                if status != 0:
                    result.broken.append(f"a process told to end did so with {status}")
                del running[0]
                result.trials += 1
            if not await lab.drained(url, within=DRAIN):
                result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        finally:
            for each in running:
                await _stop(each)
        journal = lab.journal(slack)
        found = lab.check(slack, url, posts=posts)
    longest = max(ended - told for told, ended in stops)
    if longest > STOP_SECONDS:
        result.broken.append(f"a process took {longest:.1f} s to end")
    result.hit["restart"] = sum(_under_way(journal, told) for told, _ in stops)
    result.needs = {"restart": lab.pick(0, 1, 50)}
    result.broken += found.broken()
    result.figures = {
        "posts": found.counted["posts"],
        "retried": found.counted["retried"],
        "sent again": found.counted["sent again"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
        "longest stop in seconds": round(longest, 1),
    }
    return result


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


async def _start(lab: Lab, variables: dict[str, str]) -> Process:
    """A process that serves."""
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
        if not said.startswith(b"Common Ground is running"):
            raise RuntimeError(f"the bot did not start: {said!r}")
    except BaseException:
        await _kill(process)
        raise
    return process


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
