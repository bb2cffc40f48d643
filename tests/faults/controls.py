"""Bots that lack one safeguard each. The checker must find what comes of it: if it did not, its
"no doubles" elsewhere would mean nothing.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from functools import partial

from tests.faults import town
from tests.faults.checker import Findings, rows
from tests.faults.lab import Lab, wait_for
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.rows import Result
from tests.faults.safeguards import Control
from tests.faults.slack import Slack
from tests.faults.town import Work
from tests.faults.worker import Spec, Times

ABOUT = "controls: each safeguard left out in turn, and the checker finds the doubles"

TIMES = Times(lease=3.0, call=1.0, quiet=1.0)
SHORT = Times(lease=1.5, call=0.7, quiet=0.2)
LAG = 5.0

PLANS = {
    Control.BLIND_RETRY: Plan(
        posting=evenly(0.3, Fault.ERROR_AFTER, Fault.FATAL_AFTER, Fault.CLOSED_AFTER)
    ),
    Control.SDK_RETRIES: Plan(posting=evenly(0.3, Fault.CLOSED_AFTER, Fault.RESET_AFTER)),
    Control.OWN_CLOCK: Plan(answer=(0.3, 0.8), lag=(0.3, 0.6)),
    Control.SHORT_LEASE: Plan(
        posting=evenly(0.3, Fault.ERROR_AFTER, Fault.FATAL_AFTER), lag=(LAG, LAG)
    ),
    Control.NO_CHECK: Plan(),
}
SKEW = 6.0

DRAIN = 300.0

PATIENCE, AFTERWARDS = 60.0, 10.0
"""So long (seconds) another may take to send what a frozen process was about to send, and the
frozen one when it goes on."""

_BEGUN = "SELECT key FROM message WHERE state = 'sending'"

ENOUGH = 300
"""So many posts with each safeguard missing, in a full run."""


async def run(lab: Lab) -> Result:
    result = Result()
    which = lab.pick((Control.BLIND_RETRY, Control.SDK_RETRIES), tuple(Control), tuple(Control))
    gate = asyncio.Semaphore(lab.pick(5, 5, 2))  # many at once would only slow each other down
    for control, found in await asyncio.gather(*(_without(lab, each, gate) for each in which)):
        posts, doubles = f"{control}: posts", f"{control}: doubles"
        result.trials += found.counted["posts"]
        result.injected[doubles] = result.hit[posts] = found.counted["posts"]
        result.hit[doubles] = len(found.doubles)
        result.needs |= {posts: lab.pick(0, 0, ENOUGH), doubles: 1}
        if not found.doubles:
            result.broken.append(f"{control}: the checker found no doubles")
    return result


async def _without(lab: Lab, control: Control, gate: asyncio.Semaphore) -> tuple[Control, Findings]:
    """What is found where a safeguard is missing."""
    alone = control is not Control.OWN_CLOCK
    where = town.channels(lab.pick(6, 10, 64) if alone else lab.pick(6, 40, 110))
    url = lab.postgresql()
    async with gate, lab.slack(replace(PLANS[control], seed=lab.seed), where) as slack:
        await town.build(
            url, slack.address, where, Work(promises=lab.pick(0, 1, 1) if alone else 0), rng=lab.rng
        )
        spec = Spec(
            url,
            slack.address,
            lab.log(),
            town.offset(),
            times=SHORT if control is Control.SHORT_LEASE else lab.times(TIMES),
            control=control,
        )
        if control is Control.NO_CHECK:
            await _freeze(lab, slack, spec, lab.pick(1, 2, 12))
        specs = [spec] if alone else [spec, replace(spec, skew=SKEW)]
        bots = await asyncio.gather(*(lab.bot(each) for each in specs))
        await lab.drained(url, within=DRAIN, calendar_offset=spec.offset)
        for each in bots:
            await each.stop()
        return control, lab.check(slack, url)


async def _freeze(lab: Lab, slack: Slack, spec: Spec, times: int) -> None:
    """Processes that stop just before they send, and go on when somebody else has sent."""
    for number in range(times):
        lab.tell(number, times, "processes that did not look before they sent")
        frozen = await lab.bot(replace(spec, stop_at="begun"), ready=False)
        if not await frozen.stopped():
            await frozen.kill()
            continue
        begun = {row["key"] for row in rows(spec.database_url, _BEGUN)}
        other = await lab.bot(spec)
        await wait_for(partial(_has, lab, slack, begun, 1), PATIENCE, every=0.1)
        frozen.signal(signal.SIGCONT)
        await wait_for(partial(_has, lab, slack, begun, 2), AFTERWARDS, every=0.1)
        await frozen.kill()
        await other.kill()


def _has(lab: Lab, slack: Slack, keys: Collection[str], times: int) -> bool:
    """Whether Slack has taken one of these so many times."""
    taken = Counter(entry.key for entry in lab.journal(slack) if entry.what == "accepted")
    return any(taken[key] >= times for key in keys)
