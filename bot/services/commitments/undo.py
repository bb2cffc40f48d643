"""Taking back what one has just done to a commitment.

It stands as it stood before; the history tells both. What was to be told of the act and has not
left is not sent; where it has, the same people hear that it was taken back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain.commitments import Audience, Commitment, Event, State
from bot.domain.errors import NotPossible
from bot.domain.people import Member
from bot.domain.posts import Kind
from bot.domain.undo import Undoable, What, built_on
from bot.services import held

if TYPE_CHECKING:
    from storage.store import Store

Before = tuple[dict[str, Any], int]
"""How a commitment stood, and the newest row of its history."""


def remember(
    store: "Store",
    commitment: Commitment,
    by: Member,
    key: str,
    now: datetime,
    before: Before | None,
) -> Undoable:
    """Note that this was done and can be taken back. ``before`` is None for one that is new."""
    stood, entry = before if before is not None else (None, 0)
    return store.undo.remember(
        What.COMMITMENT,
        commitment.id,
        key=key,
        member_id=by.id,
        partnership_id=commitment.place.partnership_id,
        now=now,
        entry=entry,
        before=stood,
    )


def instead(commitment: Commitment) -> str:
    """What to do where it is too late to take something back."""
    return f"Use the buttons on the card of #{commitment.number} instead."


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Commitment:
    """Have the commitment stand as before. Raises OutOfDate if something was built on it."""
    commitment = store.commitments.by_id(deed.subject)
    if not commitment.place.live:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    parts = store.undo.parts(deed)
    deed = parts[0]
    rows = store.undo.of_commitment(deed)
    own, later = rows[: len(parts)], rows[len(parts) :]
    if later:
        other = next((each.member for each in later if each.member != by.id), by.id)
        who = None if other is None else store.people.by_id(other)
        raise built_on(who, by, instead(commitment))
    if deed.before is None:
        store.commitments.save(
            replace(commitment, state=State.DROPPED, offer=None, risk=None, closed_at=now)
        )
    else:
        store.undo.put_back(commitment.id, deed.before, by.id, now)
    entry = store.commitments.entry(own[0].id)
    audience = Audience.EVERYONE if entry is None else entry.audience
    stands = store.commitments.by_id(commitment.id)
    store.reminders.changed(stands)  # it may have to be reminded of again
    back = store.commitments.add_entry(
        commitment.id,
        Event.TAKEN_BACK,
        by,
        now,
        version=stands.terms.version,
        audience=audience,
    )
    for part, row in zip(parts, own, strict=True):
        store.undo.taken_back(part.id, now, own_entry=row.id, back_entry=back)
    _tell(store, stands, deed, [row.id for row in own], back, now)
    _tell_again(store, commitment.place.partnership_id, deed.at)
    return store.commitments.by_id(commitment.id)


def _tell_again(store: "Store", partnership_id: int, done_at: datetime) -> None:
    """Bring up to date what told of an act among other things: the check-ins that are open, the
    summary of the one in whose time it was, and the digest.
    """
    digest = store.digests.that_told(partnership_id, done_at)
    for message in (
        *store.checkins.open_messages(partnership_id),
        *store.checkins.summaries_of(partnership_id, done_at),
        *(() if digest is None else (digest,)),
    ):
        store.messages.refresh(message)


def _tell(
    store: "Store",
    commitment: Commitment,
    deed: Undoable,
    own: Sequence[int],
    back: int,
    now: datetime,
) -> None:
    """Those who were told of the act hear that it was taken back, and nobody else."""
    card = commitment.card_id
    if deed.before is None and card is not None:
        if not store.undo.withdraw({Kind.CARD}, commitment.id, now):
            store.commitments.set_card(commitment.id, None)  # nobody has seen it
            return
        store.messages.note(card, Kind.COMMITMENT_NOTE, back, now=now)
    kinds = {Kind.COMMITMENT_NOTE, Kind.COMMITMENT_TOLD}
    heard = [told for entry in own for told in store.undo.withdraw(kinds, entry, now)]
    for entry in own:
        store.held.withdraw(kinds, entry)
    for told in {(each.kind, each.member): each for each in heard}.values():
        if told.kind is Kind.COMMITMENT_NOTE and card is not None:
            store.messages.note(card, Kind.COMMITMENT_NOTE, back, now=now)
        elif told.member is not None:
            held.tell(
                store,
                commitment.place.installation_id,
                (told.member,),
                told.kind,
                back,
                now=now,
                about=commitment.place.channel,
            )
    if card is not None:
        store.messages.refresh(card)
