"""Taking back what one has just done, whatever it was done to.

A service that changes something for a person calls ``store.undo.remember`` in its transaction and
has its way back in ``WAYS``; the receipt then offers *Undo* by itself (``handlers/undo.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain import commitments as rules
from bot.domain.commitments import Act, Commitment, Event
from bot.domain.errors import NotFound
from bot.domain.people import Member, Person
from bot.domain.undo import WINDOW, Receipt, Undoable, Undone, What, check
from bot.services import away, partnerships
from bot.services import undo_partnerships as others
from bot.services.commitments import undo as commitments

if TYPE_CHECKING:
    from storage.store import Store

KEPT = WINDOW * 6
"""How long it is remembered what can be taken back: longer than it can be, so that whoever is
late reads why.
"""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Somebody wants to take something back."""

    key: str
    installation_id: int
    person: Person
    undoable_id: int


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind of thing is put back."""

    take_back: Callable[["Store", Undoable, Member, datetime], Any]
    """Raises OutOfDate where something was built on it; returns how the thing stands now."""
    instead: Callable[["Store", Undoable], str]
    """What to do once it is too late."""


def receipt_of(store: "Store", key: str, now: datetime) -> Receipt | None:
    """What a delivery did, if it can be taken back: for the receipt of it."""
    deed = store.undo.of_delivery(key)
    if deed is None or deed.taken_back_at is not None or now - deed.at > WINDOW:
        return None
    if deed.what is not What.COMMITMENT:
        return Receipt(deed)
    actor = store.people.by_id(deed.by)
    commitment = store.commitments.find(deed.subject)
    if commitment is None:
        return None
    acts = rules.acts_of(commitment, actor)
    if commitment.risk is not None and _says_stuck(store, deed):
        edit = Act.STUCK if Act.STUCK in acts else None
    else:
        edit = Act.CHANGE if Act.CHANGE in acts else None
    return Receipt(deed, rules.seen_by(commitment, actor), edit)


def _says_stuck(store: "Store", deed: Undoable) -> bool:
    rows = store.undo.of_commitment(deed)
    entry = store.commitments.entry(rows[0].id) if rows else None
    return entry is not None and entry.event is Event.STUCK


def place_of(store: "Store", undoable_id: int) -> str | None:
    """The channel whose members alone may take something back; None for what is one's own."""
    deed = store.undo.by_id(undoable_id)
    if deed.partnership is None:
        return None
    return store.partnerships.by_id(deed.partnership).channel


def take_back(store: "Store", request: TakeBack, now: datetime) -> Undone:
    """Put it back as it was. The caller has checked with Slack that they are in its channel.

    Raises NotAllowed for everybody but who did it, OutOfDate after ten minutes or once something
    was built on it, NotPossible if it was taken back before.
    """
    deed = store.undo.by_id(request.undoable_id)
    actor = store.people.by_id(deed.by)
    way = WAYS[deed.what]
    if store.deliveries.receipt(request.key) is not None:
        return Undone(deed, actor, _as_it_is(store, deed, actor))
    person = store.people.by_key(request.installation_id, request.person.team, request.person.user)
    check(deed, actor, None if person is None else person.id, now, way.instead(store, deed))
    value = way.take_back(store, deed, actor, now)
    store.deliveries.handled(request.key, now, {"undoable": deed.id})
    return Undone(deed, actor, value)


def latest(
    store: "Store",
    installation_id: int,
    person: Person,
    channel: str | None,
    number: int | None,
    now: datetime,
) -> int:
    """What somebody did last, in a channel or (None) anywhere, with anything or with a commitment
    of that number.

    Raises NotFound where there is nothing of the last ten minutes, NotInChannel for a channel
    without a partnership.
    """
    member = store.people.by_key(installation_id, person.team, person.user)
    partnership = None
    if channel is not None:
        partnership = partnerships.here(store, installation_id, channel)
    deed = None
    if member is not None:
        deed = store.undo.latest(
            member.id,
            now - WINDOW,
            partnership_id=None if partnership is None else partnership.id,
            number=number,
        )
    if deed is None:
        about = "" if number is None else f" with #{number}"
        raise NotFound(
            f"You have done nothing{about} in the last ten minutes that can be taken back. "
            "Say “mine” to see your commitments."
        )
    return deed.id


def forget(store: "Store", now: datetime, limit: int) -> int:
    """Drop what can be taken back no more. A tick."""
    return store.undo.forget(now - KEPT, limit)


def _as_it_is(store: "Store", deed: Undoable, actor: Member) -> Any:
    if deed.what is What.COMMITMENT:
        return rules.seen_by(store.commitments.by_id(deed.subject), actor)
    return None


def _take_back_commitment(store: "Store", deed: Undoable, by: Member, now: datetime) -> Commitment:
    return commitments.take_back(store, deed, by, now)


def _instead_of_commitment(store: "Store", deed: Undoable) -> str:
    return commitments.instead(store.commitments.by_id(deed.subject))


WAYS: Mapping[What, _Way] = {
    What.COMMITMENT: _Way(_take_back_commitment, _instead_of_commitment),
    What.SCHEDULE: _Way(others.take_back_schedule, others.instead_of_schedule),
    What.OK: _Way(others.take_back_ok, others.instead_of_ok),
    What.AWAY: _Way(away.take_back, lambda store, deed: "Say “away” to see and change your days."),
    What.SETUP: _Way(others.take_back_setup, others.instead_of_setup),
}
