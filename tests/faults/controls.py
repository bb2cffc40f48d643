"""Bots that lack one safeguard each. The checker must find what comes of it: if it did not, its
"no doubles" elsewhere would mean nothing.
"""

import asyncio
import signal
from dataclasses import replace

from tests.faults import town
from tests.faults.checker import Findings
from tests.faults.lab import Lab
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.rows import Result
from tests.faults.safeguards import Control
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

DRAIN = 90.0


async def run(lab: Lab) -> Result:
    result = Result()
    which = lab.pick((Control.BLIND_RETRY, Control.SDK_RETRIES), tuple(Control), tuple(Control))
    for control, found in await asyncio.gather(*(_without(lab, each) for each in which)):
        name = f"{control}: doubles"
        result.trials += found.counted["posts"]
        result.hit[name] = len(found.doubles)
        result.needs[name] = 1
        if not found.doubles:
            result.broken.append(f"{control}: the checker found no doubles")
    return result


async def _without(lab: Lab, control: Control) -> tuple[Control, Findings]:
    """What is found where a safeguard is missing."""
    alone = control is not Control.OWN_CLOCK
    where = town.channels(lab.pick(6, 10, 60) if alone else lab.pick(6, 40, 100))
    url = lab.postgresql()
    async with lab.slack(replace(PLANS[control], seed=lab.seed), where) as slack:
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
            await _freeze(lab, spec, lab.pick(1, 2, 12))
        specs = [spec] if alone else [spec, replace(spec, skew=SKEW)]
        bots = await asyncio.gather(*(lab.bot(each) for each in specs))
        await lab.drained(url, within=DRAIN, calendar_offset=spec.offset)
        for each in bots:
            await each.stop()
        return control, lab.check(slack, url)


async def _freeze(lab: Lab, spec: Spec, times: int) -> None:
    """Processes that stop just before they send, and go on when somebody else has sent."""
    for _ in range(times):
        frozen = await lab.bot(replace(spec, stop_at="begun"), ready=False)
        if not await frozen.stopped():
            continue
        other = await lab.bot(spec)
        await asyncio.sleep(spec.times.lease + 1.0)
        frozen.signal(signal.SIGCONT)
        await asyncio.sleep(0.3)
        await frozen.kill()
        await other.kill()
