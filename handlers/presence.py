"""Whether somebody is in the channel of what they want to see or do: Slack says, at the time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.directory import NotInChannel
from bot.domain.errors import BotError, NotAllowed, Unclear
from bot.services import partnerships
from handlers.visit import Visit


async def in_channel(visit: Visit, channel: str | None = None) -> str:
    """The channel that a visit is about, once Slack has said that the person is in it.

    Raises NotInChannel (a direct message, a channel without us) and NotAllowed.
    """
    where = channel or visit.channel or ""
    if where == "" or where.startswith("D"):
        await visit.house.db.read(partnerships.here, visit.installation.id, None)  # refuses
    try:
        await members_seen(visit, where)
    except NotInChannel:
        await visit.house.db.read(partnerships.here, visit.installation.id, where)  # says it better
        raise
    return where


async def channel_meant(visit: Visit) -> str:
    """As ``in_channel``; in a direct message the one channel that the person shares with us.

    Raises Unclear where there are several.
    """
    if not visit.private:
        return await in_channel(visit)
    shared = await visit.house.db.read(
        partnerships.channels_of, visit.installation.id, visit.person
    )
    found = sorted(await readable_channels(visit, shared))
    if len(found) > 1:
        places = " or ".join(f"<#{each}>" for each in found)
        raise Unclear(f"Which channel do you mean? Mention me in {places} and say it there.")
    return found[0] if found else await in_channel(visit)


async def members_seen(visit: Visit, channel: str) -> frozenset[str]:
    """The user ids of everybody in a channel, for somebody who is one of them.

    Raises NotAllowed for everybody else, NotInChannel and Unreachable.
    """
    directory = visit.house.directory
    members = await directory.members(visit.installation, channel, patience=visit.patience)
    if visit.person.user not in members:  # they may have joined a moment ago
        directory.forget_channel(visit.installation, channel)
        members = await directory.members(visit.installation, channel, patience=visit.patience)
    if visit.person.user not in members:
        raise NotAllowed("Only people who are in the channel can do this. Join it, then try again.")
    return members


async def in_partnership(visit: Visit, partnership_id: int) -> str:
    """As ``in_channel``, for what was opened in a partnership before: a modal, say."""
    partnership = await visit.house.db.read(
        partnerships.live, visit.installation.id, partnership_id
    )
    return await in_channel(visit, partnership.channel)


async def readable_channels(visit: Visit, channels: frozenset[str]) -> frozenset[str]:
    """Those of the channels that the person is in, as Slack says now; none where it does not.

    Slack is asked of all at once, since one after the other takes longer than somebody waits.
    """

    async def is_in(channel: str) -> bool:
        with suppress(BotError):
            await members_seen(visit, channel)
            return True
        return False

    return await those(channels, is_in)


async def those(
    channels: frozenset[str], is_in: Callable[[str], Awaitable[bool]]
) -> frozenset[str]:
    """Those of the channels of which it is so, asked about all at once."""
    asked = sorted(channels)
    answers = await asyncio.gather(*(is_in(channel) for channel in asked))
    return frozenset(each for each, here in zip(asked, answers, strict=True) if here)
