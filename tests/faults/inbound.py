"""Deliveries to a bot that is killed again and again: what it acknowledged must be stored, once.

Replies to check-ins, their edits and their deletions come twice, in any order, and are repeated as
Slack repeats them (https://docs.slack.dev/apis/events-api), in a shorter time. The control lets
Bolt acknowledge first, as it does by default, and must lose some.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from random import Random

import aiohttp

from tests.faults import town
from tests.faults.checker import rows
from tests.faults.lab import Child, Lab, wait_for
from tests.faults.mail import Event, Mail, stories
from tests.faults.plan import Plan
from tests.faults.rows import Result
from tests.faults.slack import Slack
from tests.faults.town import Work
from tests.faults.worker import Spec

ABOUT = "kill -9 with Slack's retries, duplicates, reordering, edits and deletions of replies"

RETRIES = (0.3, 1.0, 4.0)
"""Seconds: at once, after a minute, after five."""

PATIENCE = 3.0
"""So long Slack waits for an acknowledgement."""

KILLED = "killed with deliveries under way"
FOUND = "control: found what was lost"

AT_ONCE = 12
CHANNELS = 8


async def run(lab: Lab) -> Result:
    result = Result()
    for backend in ("sqlite", "postgresql"):
        part = await _on(lab, backend, lab.pick(30, 150, 1200), lab.pick(1, 6, 60))
        result.add(part)
    control = await _on(lab, "sqlite", lab.pick(30, 300, 1000), lab.pick(1, 12, 50), control=True)
    result.needs = {KILLED: lab.pick(0, 8, 100), FOUND: lab.pick(0, 1, 1)}
    lost = control.figures["lost"]
    result.figures["control_acknowledged"] = control.figures["acknowledged"]
    result.figures["control_lost"] = lost
    result.hit[FOUND] = lost
    result.injected[FOUND] = control.injected[KILLED]
    return result


@dataclass(slots=True)
class Office:
    """The post office: delivers events to wherever bots are, and notes what came back."""

    mail: Mail
    session: aiohttp.ClientSession
    rng: Random
    serving: list[str] = field(default_factory=list)
    """The addresses of those who take deliveries; one of them gets each attempt, by chance."""
    acknowledged: set[str] = field(default_factory=set)
    """By event id."""
    busy: Counter[str] = field(default_factory=Counter)
    """How many deliveries are under way, by address."""
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def under_way(self) -> int:
        """How many deliveries are under way now."""
        return self.busy.total()

    async def deliver(self, event: Event) -> None:
        """Once, and again until it is acknowledged or Slack gives it up."""
        for retry, wait in enumerate((0.0, *RETRIES)):
            await asyncio.sleep(wait)
            if retry:
                self.counted["repeated"] += 1
            if await self.attempt(event, retry):
                self.acknowledged.add(event.id)
                return
        self.counted["given up"] += 1

    async def attempt(self, event: Event, retry: int) -> bool:
        """Whether it was acknowledged."""
        body, headers = self.mail.signed(event, retry)
        address = self.rng.choice(self.serving)
        self.busy[address] += 1
        try:
            async with self.session.post(address, data=body, headers=headers) as said:
                return said.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
        finally:
            self.busy[address] -= 1


def door(address: str) -> str:
    """Where a bot takes deliveries."""
    return f"{address}/slack/events"


async def _on(lab: Lab, backend: str, count: int, kills: int, *, control: bool = False) -> Result:
    result = Result()
    url, rng = lab.database(backend), lab.rng
    where = town.channels(CHANNELS)
    async with AsyncExitStack() as stack:
        slack: Slack = await stack.enter_async_context(lab.slack(Plan(lab.seed), where))
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        await town.build(url, slack.address, where, Work(promises=0, checkin=False), rng=rng)
        prompts = await town.ask_now(url, slack.address, where)
        mail = Mail(slack.address)
        office = Office(mail, session, rng)
        spec = Spec(url, slack.address, lab.log(), town.offset(), ack_first=control)
        events = stories(mail, prompts, count, rng)
        bot = await _open(lab, office, spec)
        gate = asyncio.Semaphore(AT_ONCE)

        async def carry(event: Event) -> None:
            async with gate:
                await office.deliver(event)
                await asyncio.sleep(rng.uniform(0, 0.05))

        carrying = [asyncio.ensure_future(carry(each)) for each in _shuffled(events, rng)]
        everything = asyncio.gather(*carrying)
        for number in range(kills):
            lab.tell(number, kills, f"kills, on {backend}{' without safeguard' if control else ''}")
            result.injected[KILLED] += 1
            await _until_busy(office, everything, rng)
            if office.under_way and not everything.done():
                result.hit[KILLED] += 1
            await bot.kill()
            bot = await _open(lab, office, spec)
        await everything
        await bot.stop()
    result.trials = len(events)
    result.injected += Counter(each.kind for each in events)
    result.hit += Counter(each.kind for each in events if each.id in office.acknowledged)
    result.hit += office.counted
    lost, double, wrong = compare(url, events, office.acknowledged)
    result.figures = {
        "acknowledged": len(office.acknowledged),
        "lost": len(lost),
        "doubles": len(double),
    }
    if not control:
        result.broken = [f"{backend}: {each}" for each in (*lost, *double, *wrong)]
    return result


async def _open(lab: Lab, office: Office, spec: Spec) -> Child:
    bot = await lab.bot(spec)
    office.serving = [door(bot.address)]
    return bot


async def _until_busy(
    office: Office, everything: "asyncio.Future[list[None]]", rng: Random
) -> None:
    """A moment, by chance, at which the bot has something in its hands."""
    await asyncio.sleep(rng.uniform(0.05, 0.5))
    await wait_for(lambda: bool(office.under_way) or everything.done(), 5, every=0.001)


def _shuffled(events: Sequence[Event], rng: Random) -> list[Event]:
    """In another order than they happened, here and there, and some twice."""
    keyed = []
    for number, event in enumerate(events):
        late = rng.uniform(0, 15) if rng.random() < 0.3 else 0.0
        keyed.append((number + late, event))
        if rng.random() < 0.2:
            keyed.append((number + rng.uniform(0, 15), replace(event, again=True)))
    return [event for _, event in sorted(keyed, key=lambda each: each[0])]


def compare(
    url: str, events: Sequence[Event], acknowledged: set[str]
) -> tuple[list[str], list[str], list[str]]:
    """What was acknowledged against what is stored: (lost, double, wrong), in sentences.

    With SQL of its own.
    """
    stored: dict[str, list[tuple[str, bool]]] = {}
    for row in rows(url, "SELECT key, text, deleted_at FROM response ORDER BY id"):
        stored.setdefault(row["key"], []).append((row["text"], row["deleted_at"] is not None))
    tombstones = {row["key"].rpartition(":")[2] for row in rows(url, "SELECT key FROM delivery")}
    deletions = {event.ts for event in events if event.kind == "deleted"}
    told: dict[str, dict[str, Event]] = {}
    for event in events:
        if event.id in acknowledged:
            told.setdefault(event.ts, {})[event.kind] = event
    lost, double, wrong = [], [], []
    for ts, kinds in told.items():
        found = stored.get(ts, [])
        if len(found) > 1:
            double.append(f"{ts} is stored {len(found)} times")
        live = [text for text, deleted in found if not deleted]
        if found and not live and ts not in deletions:
            lost.append(f"{ts} is marked as deleted, which nobody did")
        elif "deleted" in kinds:
            if live:
                lost.append(f"{ts} was deleted, and is still there")
        elif ts in deletions and not live and (found or ts in tombstones):
            continue  # deleted, and the acknowledgment of that was lost
        elif not found:
            lost.append(f"{ts} is not there, of which came {sorted(kinds)}")
        elif "edited" in kinds and live != [kinds["edited"].text]:
            lost.append(f"{ts} was edited, and reads {live}")
        elif "edited" not in kinds and live and live[0] not in _texts(events, ts):
            wrong.append(f"{ts} reads {live}")
    return lost, double, wrong


def _texts(events: Sequence[Event], ts: str) -> set[str]:
    return {each.text for each in events if each.ts == ts}
