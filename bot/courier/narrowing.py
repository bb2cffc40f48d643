"""What speaks of several channels is told of those alone in which its reader is when it is sent."""

from dataclasses import replace

from bot.courier.tools import Due, Tools
from bot.directory import NotInChannel
from bot.domain.people import Installation


async def narrowed(tools: Tools, installation: Installation, due: Due) -> Due:
    """What is due, without what its reader may not see any more.

    Raises BotError where Slack does not say who is where: then nobody can tell.
    """
    renderer = tools.renderers.get(due.message.kind)
    member_id = due.message.member
    if renderer is None or renderer.seen is None or due.value is None or member_id is None:
        return due
    member = await tools.db.read(lambda store: store.people.by_id(member_id))
    readable = set()
    for channel in sorted(renderer.seen.channels(due.value)):
        try:
            here = await tools.directory.members(installation, channel)
        except NotInChannel:
            continue
        if member.user in here:
            readable.add(channel)
    return replace(due, value=renderer.seen.within(due.value, frozenset(readable)))
