"""Which commitment, which person and which channel are meant, and who may see what."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.commitments import Commitment, Page
from bot.domain.errors import NotAllowed, NotFound, OutOfDate, Unclear
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.language import Said
from bot.services import commitments as services
from bot.services.commitments import Which
from bot.views import ids
from handlers.presence import members_seen, readable_channels
from handlers.visit import Door, Visit
from storage.store import Store


async def meant_by(visit: Visit, said: Said) -> Which:
    """Which commitment a number means: here, or in a direct message among the person's own."""
    if visit.door is not Door.DIRECT:
        await members_here(visit)
        return Which(visit.installation.id, channel=visit.channel, number=said.number)
    known = await visit.house.db.read(
        services.numbered, visit.installation.id, visit.person, said.number or 0
    )
    readable = await readable_channels(visit, _channels(known))
    found = [one for one in known if one.place.channel in readable]
    if not found:
        raise NotFound(f"There is no #{said.number} that concerns you. Say “mine” to see yours.")
    if len(found) > 1:
        places = " and in ".join(f"<#{one.place.channel}>" for one in found)
        raise Unclear(
            f"There is a #{said.number} in {places}. Say it in the channel that you mean, or say "
            "“mine” and press a button."
        )
    return Which(visit.installation.id, commitment_id=found[0].id)


def which_of(visit: Visit) -> Which:
    """What a button or a form is about, and the version of the terms that it showed."""
    commitment, *version = ids.parts(visit.value)
    return Which(
        visit.installation.id,
        commitment_id=whole_number(commitment),
        version=whole_number(version[0]) if version else None,
    )


def whole_number(digits: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", digits):
        raise OutOfDate("This button is from an older version of me. Say “list” for new ones.")
    return int(digits)


async def owner_meant(
    visit: Visit, typed: str, here: frozenset[str], channel: str | None = None
) -> Person:
    """Who is meant by ``<@U012|bo>`` or ``@bo``: somebody in a channel, else in this one."""
    mention = re.fullmatch(r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>", typed)
    if mention is not None:
        return await person_here(visit, mention["user"], here)
    present = await visit.house.db.read(
        services.present, visit.installation.id, channel or visit.channel or "", here
    )
    name = typed.removeprefix("@").casefold()
    same = [one for one in present if one.name.casefold() == name]
    found = same or [one for one in present if name in one.name.casefold().split()]
    if len(found) == 1:
        return await person_here(visit, found[0].user, here)
    if found:
        who = " or ".join(one.mention for one in found)
        raise Unclear(f"Do you mean {who}? Please choose the name from Slack's suggestions.")
    raise Unclear(
        "I do not know this person here. Write @ and choose the name from Slack's suggestions; "
        "whoever is not in this channel yet has to be invited to it first."
    )


async def person_here(visit: Visit, user: str, here: frozenset[str]) -> Person:
    if user == visit.installation.bot_user:
        raise NotAllowed("I cannot promise anything myself. Please name a person.")
    if user not in here:
        raise NotAllowed(
            f"<@{user}> is not in this channel. Invite them here first, or name somebody who is."
        )
    directory = visit.house.directory
    return await directory.person(visit.installation, user, patience=visit.patience)


async def members_here(visit: Visit) -> frozenset[str]:
    """The users of the channel where it happened. In a direct message the service refuses."""
    if visit.channel is None or is_direct(visit.channel):
        return frozenset()
    return await members_of(visit, visit.channel)


async def members_of(visit: Visit, channel: str | None) -> frozenset[str]:
    """The users of a channel; refuses whoever is not one of them, as Slack says now."""
    if channel is None:
        raise NotFound("The channel of this commitment is gone.")
    return await members_seen(visit, channel)


async def readable_page(visit: Visit, page: Page) -> Page:
    """Only what belongs to channels that the person is in, as Slack says now."""
    readable = await readable_channels(visit, _channels(page.commitments))
    kept = tuple(one for one in page.commitments if one.place.channel in readable)
    hidden = len(page.commitments) - len(kept)
    return replace(page, commitments=kept, total=len(kept), hidden=hidden)


def _channels(of: Iterable[Commitment]) -> frozenset[str]:
    return frozenset(one.place.channel for one in of if one.place.channel is not None)


async def is_alone(visit: Visit, commitment: Commitment) -> bool:
    """Whether nobody else of the owner's organization is in the channel."""
    here = await members_of(visit, commitment.place.channel)
    others = await visit.house.db.read(services.colleagues, commitment.owner, here)
    return not others


async def in_its_thread(visit: Visit, commitment: Commitment) -> bool:
    """Whether it was said in the thread of the commitment's own card."""
    if visit.door is not Door.MENTION or visit.thread is None or visit.channel is None:
        return False
    found = await visit.house.db.read(_thread, visit.installation.id, visit.channel, visit.thread)
    return found is not None and found[1:] == (Kind.CARD, commitment.id)


def _thread(
    store: Store, installation_id: int, channel: str, thread: str
) -> tuple[int, Kind, int] | None:
    return store.messages.thread_of(installation_id, channel, thread)


def by_organization(present: tuple[Member, ...]) -> dict[str, list[Member]]:
    groups: dict[str, list[Member]] = {}
    for member in sorted(present, key=lambda one: one.name.casefold()):
        if member.organization is not None:
            groups.setdefault(member.organization.name, []).append(member)
    return dict(sorted(groups.items(), key=lambda group: group[0].casefold()))


def is_direct(channel: str) -> bool:
    return not channel or channel.startswith("D")


def today_of(visit: Visit) -> date:
    return visit.now.astimezone(ZoneInfo(visit.zone)).date()
