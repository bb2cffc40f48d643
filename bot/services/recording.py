"""Recording what somebody wrote as a commitment: from a message, by a reaction, in private."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound
from bot.domain.partnerships import Partnership, Setting
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.recording import Room, Source
from bot.services import partnerships

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said to somebody who reacted to a message with a memo."""

    installation_id: int
    channel: str
    ts: str
    """Of the message."""
    person: Person
    message: dict[str, object]


def room(store: "Store", installation_id: int, channel: str | None) -> Room:
    """The partnership of a channel, with whom can be asked there. Raises NotInChannel."""
    found = partnerships.here(store, installation_id, channel)
    return Room(
        found.id,
        found.name,
        channel or "",
        tuple(
            member
            for member in store.partnerships.members(found.id)
            if member.kind in {PersonKind.FULL, PersonKind.GUEST}
        ),
    )


def rooms(store: "Store", installation_id: int, person: Person) -> tuple[Room, ...]:
    """The partnerships that somebody shares with us, by name. Raises NotFound without any."""
    member = store.people.by_key(installation_id, person.team, person.user)
    found = () if member is None else store.partnerships.of_member(member.id)
    shared = [Room(each.id, each.name, each.channel) for each in found if each.channel is not None]
    if not shared:
        raise NotFound(
            "You and I share no channel yet, so there is nobody to promise anything to. Ask your "
            "partner to invite you and me to one."
        )
    return tuple(sorted(shared, key=lambda each: (each.name.casefold(), each.channel)))


def listens(store: "Store", installation_id: int, channel: str) -> Partnership | None:
    """The partnership of a channel where a memo offers to record, if it has turned that on."""
    found = store.partnerships.in_channel(installation_id, channel)
    if found is None or not store.settings.of(found.id).get(Setting.REACTION):
        return None
    return found


def offer(store: "Store", request: Offer, now: datetime) -> bool:
    """Ask somebody privately, once for each message, whether they want to record it.

    Of the message only its place is kept, in the button. Returns whether they are asked now.
    """
    partnership = listens(store, request.installation_id, request.channel)
    if partnership is None:
        return False
    member = partnerships.acting_in(store, partnership, request.person, now).member
    once = f"memo:{request.channel}:{request.ts}:{member.id}"
    if store.deliveries.receipt(once) is not None:
        return False
    store.deliveries.handled(once, now)
    store.messages.answer_direct(
        request.installation_id,
        member.id,
        request.message,
        once=once,
        now=now,
        about=request.channel,
    )
    return True


def keep_source(
    store: "Store", key: str, channel: str, ts: str, link: str | None, now: datetime
) -> None:
    """Keep which message a commitment was written down from, and say so in its card's thread.

    ``key`` is of the delivery that wrote it down; nothing follows where that wrote nothing.
    """
    receipt = store.deliveries.receipt(key) or {}
    commitment = store.commitments.find(receipt.get("commitment", 0))
    if commitment is None or store.sources.of(commitment.id) is not None:
        return
    store.sources.add(Source(commitment.id, channel, ts, link))
    if link is not None and commitment.card_id is not None:
        store.messages.note(
            commitment.card_id,
            Kind.SOURCE,
            commitment.id,
            now=now,
            once=f"source:{commitment.id}",
        )


def source_shown(store: "Store", commitment_id: int, now: datetime) -> Source | None:
    """Where a commitment comes from, for its card's thread."""
    found = store.sources.of(commitment_id)
    return found if found is not None and found.link is not None else None
