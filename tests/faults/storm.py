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
DELAYED = 3.0
"""A channel with work is delayed if it waits so long (seconds) between its posts, on average;
its pace is one second."""


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
        found = lab.check(slack, url, len(where))
    gaps = _gaps(journal, others)
    delay = sum(gaps) / max(len(gaps), 1)
    if delay > DELAYED:
        result.broken.append(f"the other channels waited {delay:.1f} s between their posts")
    result.trials = posts
    result.injected["rate_limited"] = result.hit["rate_limited"] = _refused(journal, hot)
    result.hit["posts to other channels meanwhile"] = _meanwhile(journal, hot)
    result.needs = {"rate_limited": refusals, "posts to other channels meanwhile": refusals}
    result.broken += found.broken()
    if found.counted["posts"] < posts:
        result.broken.append(f"{found.counted['posts']} of {posts} messages are in Slack")
    result.figures = {
        "posts": found.counted["posts"],
        "sent again": found.counted["sent again"],
        "early": len(found.early),
        "too fast": len(found.fast),
        "doubles": len(found.doubles),
        "lost": len(found.lost),
        "seconds between posts of other channels": round(delay, 2),
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


def _gaps(journal: list[Entry], channels: tuple[str, ...]) -> list[float]:
    """Between one post and the next, in channels that always have more to post."""
    return [
        later - earlier
        for channel in channels
        for earlier, later in pairwise(_accepted(journal, channel))
    ]


def _meanwhile(journal: list[Entry], hot: str) -> int:
    """How many posts went elsewhere between the first and the last refusal."""
    refused = [e.at for e in journal if e.fault is Fault.RATE_LIMITED and e.channel == hot]
    if not refused:
        return 0
    return sum(
        e.what == "accepted" and e.channel != hot and refused[0] < e.at < refused[-1]
        for e in journal
    )
