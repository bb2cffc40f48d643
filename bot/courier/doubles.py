"""Messages that stand in Slack twice: looked for, counted, and never hidden.

It happens where Slack shows a post later than the quiet time: the look-up does not see it, and it
is posted again. So what was posted again is looked for twice more, once the first had ample time.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import lookup
from bot.courier.outcomes import Fate, judge
from bot.courier.tools import Tools
from bot.directory import NotInstalled, held_back
from bot.domain.people import Installation
from bot.domain.posts import Outgoing
from storage.doubles import Recheck
from storage.store import Store

log = structlog.get_logger(__name__)

LOOKS = (timedelta(minutes=10), timedelta(hours=6))
"""When a message that was posted again is looked for, each after the one before."""

LOOK_UP = "conversations.history"
"""What is held where Slack has a look-up wait: replies as well, they are asked in turn."""

_AT_ONCE = 8
_LEASE = timedelta(minutes=10)


async def places(
    client: AsyncWebClient,
    installation: Installation,
    message: Outgoing,
    since: str | None,
    looks: lookup.Looks,
) -> tuple[str, ...]:
    """Where a message stands, wherever it may have gone: its thread, else the channel.

    ``looks``: how far that has come. Raises what the calls raise.
    """
    if message.channel is None:
        return ()  # the channel is noted before anything is sent
    if message.thread is not None:
        try:
            found = await lookup.find(
                client,
                installation,
                message.channel,
                message.key,
                thread=message.thread,
                since=since,
                look=looks.setdefault(message.thread, lookup.Look()),
            )
        except Exception as error:
            if judge(error).fate is not Fate.THREAD:
                raise
            found = ()
        if found:
            return found  # else it may have had to go top level
    return await lookup.find(
        client,
        installation,
        message.channel,
        message.key,
        thread=None,
        since=since,
        look=looks.setdefault(None, lookup.Look()),
    )


async def find(
    tools: Tools, installation: Installation, message: Outgoing, since: str | None
) -> tuple[str, ...]:
    """As ``places``, but for no lane before Slack's time if it has any of them wait.

    Cut short by that, it goes on next time where it was: a long history takes more pages than
    Slack gives in a minute. Raises Unreachable then, and what the calls raise.
    """
    directory = tools.directory
    key = (message.key, message.channel, message.attempts, since)
    with directory.paced(installation, LOOK_UP):
        looks = tools.cut_short.take(key)
        try:
            return await places(directory.client(installation), installation, message, since, looks)
        except SlackApiError as error:
            if held_back(error) is not None:
                tools.cut_short.keep(key, looks)
            raise


async def note(tools: Tools, message: Outgoing, others: Sequence[str]) -> None:
    """Count where else a message stands."""
    now = tools.calendar.now()

    def count(store: Store) -> int:
        return sum(store.doubles.add(message.id, ts, now) for ts in others)

    if others and (news := await tools.db.run(count)):
        tools.counted["double"] += news
        log.warning("posted_twice", message=message.id, kind=message.kind)


async def look_again(tools: Tools) -> None:
    """Look for what was posted again, where its time has come."""
    taken = await tools.db.run(lambda store: store.doubles.take(_AT_ONCE, _LEASE))
    for each in taken:
        try:
            await _look(tools, each)
        except Exception as error:
            outcome = judge(error)
            log.warning("double_not_looked_for", problem=outcome.problem)
            if outcome.fate is Fate.PACED:
                await _wait(tools, each, tools.patience.paced(outcome.wait))
            else:
                await _next(tools, each)


async def _wait(tools: Tools, again: Recheck, rest: timedelta) -> None:
    await tools.db.run(lambda store: store.doubles.wait(again.message_id, rest))


async def _look(tools: Tools, again: Recheck) -> None:
    message = await tools.db.read(lambda store: store.messages.by_id(again.message_id))
    try:
        installation = tools.directory.by_id(message.installation)
    except NotInstalled:
        await _next(tools, again)
        return
    found = await find(tools, installation, message, again.since)
    await note(tools, message, [ts for ts in found if ts != message.ts])
    await _next(tools, again)


async def _next(tools: Tools, again: Recheck) -> None:
    done = again.looks + 1
    if done >= len(LOOKS):
        await tools.db.run(lambda store: store.doubles.enough(again.message_id))
    else:
        await tools.db.run(lambda store: store.doubles.rest(again.message_id, LOOKS[done]))
