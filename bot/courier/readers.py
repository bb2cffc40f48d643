"""Who may still read a direct message, asked of Slack just before it is sent."""

from dataclasses import dataclass

from bot.directory import Directory, NotInChannel
from bot.domain.people import Installation, Member
from bot.domain.posts import Outgoing
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a direct message is for."""

    member: Member
    channel: str | None
    """Of the conversation with them; None if it was never opened."""
    shared: tuple[str, ...]
    """The channels in which they could be with us."""


def read(store: Store, member_id: int) -> Reader:
    """What is known of somebody. A read."""
    return Reader(
        store.people.by_id(member_id),
        store.people.direct_channel(member_id),
        store.messages.channels_shared_by(member_id),
    )


async def may_read(
    directory: Directory, installation: Installation, message: Outgoing, reader: Reader
) -> bool:
    """Whether somebody is still where the message comes from.

    Raises BotError where nobody can tell.
    """
    member = reader.member
    if message.about is not None:
        return await _is_in(directory, installation, message.about, member)
    if member.team in {installation.team, installation.enterprise}:
        return True
    for channel in reader.shared:
        if await _is_in(directory, installation, channel, member):
            return True
    return False


async def _is_in(
    directory: Directory, installation: Installation, channel: str, member: Member
) -> bool:
    try:
        return member.user in await directory.members(installation, channel)
    except NotInChannel:
        return False
