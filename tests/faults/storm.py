"""Slack refuses one channel again and again (429) while forty-nine others have work, too."""

from dataclasses import replace
from itertools import pairwise

from tests.faults import town
from tests.faults.journal import Entry
from tests.faults.lab import Lab, wait_for
from tests.faults.plan import Fault, Plan
from tests.faults.rows import Result
from tests.faults.town import Work
from tests.faults.worker import Spec

ABOUT = "429 storm on one hot channel among 50: Retry-After kept, pace kept, others not delayed"

ATTEMPTS = 8
"""As many as in the product: a refusal for being too fast is not to count as one."""

STORM = 0.9
DRAIN = 300.0
DELAYED = 6.0
"""A channel with work is delayed if it ever waits so long (seconds) between two of its posts; its
pace is one second."""


async def run(lab: Lab) -> Result:
    result = Result()
    where = town.channels(lab.pick(4, 12, 50))
    hot, others = where[0], where[1:]
    promises = lab.pick(0, 2, 4)
    url = lab.database("postgresql" if lab.size else "sqlite")
    calm = Plan(lab.seed, retry_after=(1, lab.pick(1, 2, 4)))
    storm = replace(calm, channels={hot: {Fault.RATE_LIMITED: STORM}})
    refusals = lab.pick(2, 6, 40)
    async with lab.slack(storm, where) as slack:
        posts = await town.build(url, slack.address, where, Work(promises=promises), rng=lab.rng)
        spec = Spec(
            url,
            slack.address,
            lab.log(),
            town.offset(),
            times=replace(lab.times(), attempts=ATTEMPTS),
        )
        bot = await lab.bot(spec)
        await wait_for(lambda: _refused(lab.journal(slack), hot) >= refusals, DRAIN, every=0.5)
        await slack.behave(calm)
        if not await lab.drained(url, within=DRAIN, calendar_offset=spec.offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        await bot.stop()
        journal = lab.journal(slack)
        found = lab.check(slack, url, len(where), posts=posts)
    slowest, delay = worst_gap(journal, others)
    if delay > DELAYED:
        result.broken.append(f"{slowest} waited {delay:.1f} s between two of its posts")
    result.trials = posts
    result.injected["rate_limited"] = result.hit["rate_limited"] = _refused(journal, hot)
    result.hit["posts to other channels meanwhile"] = _meanwhile(journal, hot)
    result.needs = {"rate_limited": refusals, "posts to other channels meanwhile": refusals}
    result.broken += found.broken()
    result.figures = {
        "posts": found.counted["posts"],
        "sent again": found.counted["sent again"],
        "early": len(found.early),
        "too fast": len(found.fast),
        "doubles": len(found.doubles),
        "lost": len(found.lost),
        "longest wait of another channel in seconds": round(delay, 2),
    }
    return result


def _refused(journal: list[Entry], channel: str) -> int:
    return sum(e.fault is Fault.RATE_LIMITED and e.channel == channel for e in journal)


def _accepted(journal: list[Entry], channel: str) -> list[float]:
    return [
        e.at
        for e in journal
        if e.what == "accepted" and e.method == "chat.postMessage" and e.channel == channel
    ]


def worst_gap(journal: list[Entry], channels: tuple[str, ...]) -> tuple[str, float]:
    """The longest time between one post and the next, in channels that always have more to post,
    and the channel.
    """
    gaps = (
        (later - earlier, channel)
        for channel in channels
        for earlier, later in pairwise(_accepted(journal, channel))
    )
    longest, channel = max(gaps, default=(0.0, ""))
    return channel, longest


def _meanwhile(journal: list[Entry], hot: str) -> int:
    """How many posts went elsewhere between the first and the last refusal."""
    refused = [e.at for e in journal if e.fault is Fault.RATE_LIMITED and e.channel == hot]
    if not refused:
        return 0
    return sum(
        e.what == "accepted" and e.channel != hot and refused[0] < e.at < refused[-1]
        for e in journal
    )
