"""Taking back what one has just done, whatever it was done to.

A service that changes something for a person calls ``store.undo.remember`` in its transaction and
has its way back in ``WAYS``; the receipt then offers *Undo* by itself (``handlers/undo.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain import commitments as rules
from bot.domain.closed_days import Calendar, Closing
from bot.domain.commitments import Act, Commitment, Event
from bot.domain.errors import NotFound
from bot.domain.people import Member, Person
from bot.domain.schedules import local_day
from bot.domain.undo import WINDOW, Lasting, Receipt, Undoable, Undone, What, check, lasts
from bot.services import (
    away,
    own_organization,
    partnerships,
    preferences,
    reminders,
    shares,
    undo_days,
    undo_organizations,
)
from bot.services import undo_partnerships as others
from bot.services.closed_days import Ready
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
    zone: str = "UTC"
    """Their own, which says what day it is."""
    ready: Ready = field(default_factory=dict)
    """The days of their organization's calendar, where that is changed (see ``undo_days``)."""
    public: bool = False
    """Whether others read the answer, too."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind of thing is put back."""

    take_back: Callable[["Store", Undoable, Member, TakeBack, datetime], Any]
    """Raises OutOfDate where something was built on it; returns how the thing stands now."""
    instead: Callable[["Store", Undoable], str]
    """What to do once it is too late."""
    edited: Callable[["Store", Undoable], str | None] = lambda store, deed: None
    """What its *Edit* opens a form for, as the button says it; None where there is none."""


def receipt_of(store: "Store", key: str, now: datetime, *, public: bool = False) -> Receipt | None:
    """What a delivery did, if it can be taken back: for the receipt of it. ``public``: whether
    others read that, too.
    """
    deed = store.undo.of_delivery(key)
    if deed is None or deed.taken_back_at is not None or now - deed.at > WINDOW:
        return None
    if deed.what is What.LASTING:
        return None
    if deed.what is not What.COMMITMENT:
        return Receipt(deed, thing=WAYS[deed.what].edited(store, deed))
    actor = store.people.by_id(deed.by)
    commitment = store.commitments.find(deed.subject)
    if commitment is None:
        return None
    acts = rules.acts_of(commitment, actor)
    if commitment.risk is not None and _says_stuck(store, deed):
        edit = Act.STUCK if Act.STUCK in acts else None
    else:
        edit = Act.CHANGE if Act.CHANGE in acts else None
    return Receipt(deed, rules.seen_by(commitment, None if public else actor), edit)


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
    viewer = None if request.public else actor
    way = WAYS[deed.what]
    if store.deliveries.receipt(request.key) is not None:
        return Undone(deed, actor, _as_it_is(store, deed, viewer))
    person = store.people.by_key(request.installation_id, request.person.team, request.person.user)
    check(deed, actor, None if person is None else person.id, now, way.instead(store, deed))
    value = way.take_back(store, deed, actor, request, now)
    if isinstance(value, Commitment):
        value = rules.seen_by(value, viewer)
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


def _as_it_is(store: "Store", deed: Undoable, viewer: Member | None) -> Any:
    if deed.what is What.COMMITMENT:
        return rules.seen_by(store.commitments.by_id(deed.subject), viewer)
    return None


def gone_days(store: "Store", undoable_id: int) -> tuple[Closing, ...] | None:
    """Of an act on a calendar: the entries that it took out, whose days have to be worked out
    before it is taken back. None for every other act.
    """
    deed = store.undo.by_id(undoable_id)
    return undo_days.removed(deed) if deed.what is What.CLOSED_DAYS else None


_TakeBack = Callable[["Store", Undoable, Member, datetime], Any]


def _plainly(
    take_back: _TakeBack,
) -> Callable[["Store", Undoable, Member, TakeBack, datetime], Any]:
    """A way back that needs nothing else of the request."""
    return lambda store, deed, by, request, now: take_back(store, deed, by, now)


def _take_back_days(
    store: "Store", deed: Undoable, by: Member, request: TakeBack, now: datetime
) -> Calendar:
    today = local_day(now, request.zone)
    return undo_days.take_back(store, deed, by, request.ready, today, now)


def _lasts(store: "Store", deed: Undoable, by: Member, request: TakeBack, now: datetime) -> None:
    raise lasts(Lasting((deed.before or {})["what"]))


def _instead_of_commitment(store: "Store", deed: Undoable) -> str:
    return commitments.instead(store.commitments.by_id(deed.subject))


def _say(words: str) -> Callable[["Store", Undoable], str]:
    return lambda store, deed: words


WAYS: Mapping[What, _Way] = {
    What.COMMITMENT: _Way(_plainly(commitments.take_back), _instead_of_commitment),
    What.SCHEDULE: _Way(_plainly(others.take_back_schedule), others.instead_of_schedule),
    What.OK: _Way(_plainly(others.take_back_ok), others.instead_of_ok),
    What.SETUP: _Way(
        _plainly(others.take_back_setup),
        others.instead_of_setup,
        lambda store, deed: str(deed.subject),
    ),
    What.CHANGE: _Way(_plainly(others.take_back_change), others.instead_of_change),
    What.ORGANIZATION: _Way(_plainly(own_organization.take_back), _say(own_organization.INSTEAD)),
    What.CLOSED_DAYS: _Way(_take_back_days, _say(undo_days.INSTEAD), undo_days.edited),
    What.AWAY: _Way(
        _plainly(away.take_back), _say("Say “away” to see and change your days."), away.edited
    ),
    What.PREFERENCES: _Way(
        _plainly(preferences.take_back),
        _say("Say “settings” to see and change yours."),
        preferences.edited,
    ),
    What.LATER: _Way(
        _plainly(reminders.take_back),
        _say("Say “remind me of” with its number and another day instead."),
        lambda store, deed: str(deed.subject),
    ),
    What.PAY: _Way(
        _plainly(shares.take_back), _say("Say “paid” or “unpaid” with its number instead.")
    ),
    What.WITH: _Way(
        _plainly(undo_organizations.take_back),
        _say(undo_organizations.INSTEAD),
        lambda store, deed: str(deed.partnership),
    ),
    What.LASTING: _Way(_lasts, _say("")),
}
