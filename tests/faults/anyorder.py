"""Whatever happens, in whatever order: Hypothesis looks for one that breaks the promise."""

import asyncio
import logging
import traceback

import structlog
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.faults.lab import Lab
from tests.faults.machine import Machine
from tests.faults.rows import Result
from tests.faults.watched import DOUBLE, LOST, MOVED, MOVED_CALLING, STEP

ABOUT = "a machine of rules: schedule, claim, post, crash, tick, archive, uninstall, join, leave"

OFTEN = ("posted", "recorded", "repeated", "crashed")
"""What every run must have met."""

RARELY = (
    "crashed while calling",
    "taken over",
    "lost_after",
    "lost_before",
    "paced",
    "full",
    "missed",
    MOVED,
    MOVED_CALLING,
)
"""What a full run must have met: Hypothesis leaves some rules out of some examples."""


async def run(lab: Lab) -> Result:
    result = Result()
    result.trials = lab.pick(3, 60, 2000)
    longest = lab.pick(20, 50, 100)
    Machine.hit.clear()
    Machine.injected.clear()
    try:
        await asyncio.to_thread(search, lab.seed, result.trials, longest)
    except Exception:
        result.broken.append(traceback.format_exc(limit=-3))
    result.hit = Machine.hit.copy()
    steps, doubles, lost = (result.hit.pop(each, 0) for each in (STEP, DOUBLE, LOST))
    result.injected = Machine.injected.copy()
    result.needs = dict.fromkeys(OFTEN, lab.pick(0, 1, 500))
    result.needs |= dict.fromkeys(RARELY, lab.pick(0, 0, 50))
    result.figures = {"steps": steps, "doubles": doubles, "lost": lost}
    return result


def search(number: int, examples: int, steps: int, *, shrink: bool = True) -> None:
    """Try so many orders of so many steps; raises what is found to be broken, made short."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    settled = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.normal,
        print_blob=False,
        report_multiple_bugs=False,
    )
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        seed(number)(get_state_machine_test(Machine, settings=settled))()
    finally:
        structlog.configure(**before)
