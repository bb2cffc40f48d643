"""Taking back what one has just done to one's organization's calendar."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.closed_days import Calendar, Closing, Source
from bot.domain.errors import NotPossible
from bot.domain.people import Member
from bot.domain.undo import Undoable, built_on
from bot.services import closed_days
from bot.services.closed_days import Ready

if TYPE_CHECKING:
    from storage.store import Store

INSTEAD = "Say “closed” to see your calendar and change it there."
"""What to do where it is too late."""


def removed(deed: Undoable) -> tuple[Closing, ...]:
    """The entries that an act took out. Their ids may be others' by now."""
    return tuple(_entry(deed, kept) for kept in (deed.before or {})["removed"])


def edited(store: "Store", deed: Undoable) -> str | None:
    """The entry that an act put in, if there is a form for it and it stands."""
    for made in _added(store, deed) or ():
        if made.source in {Source.OWN, Source.HOLIDAYS}:
            return str(made.id)
    return None


def take_back(
    store: "Store", deed: Undoable, by: Member, ready: Ready, today: date, now: datetime
) -> Calendar:
    """What was put in is taken out, what was taken out is put in again.

    ``ready`` are the days of what is kept, and of what was taken out by its place in ``removed``
    (-1 is the first): worked out before, since that takes long. Raises OutOfDate where a colleague
    has taken out what was put in, NotPossible for whoever is with another organization by now.
    """
    if by.organization is None or by.organization.id != deed.subject:
        raise NotPossible("You are with another organization by now, so it stays.")
    added = _added(store, deed)
    if added is None:
        raise built_on(None, by, INSTEAD)
    for entry in added:
        store.closed_days.remove(entry.id)
    out = {entry.id for entry in added}  # whose ids may be others' now
    known = {each: days for each, days in ready.items() if each not in out}
    for place, gone in enumerate(removed(deed), 1):
        back = store.closed_days.add(
            gone.organization_id,
            gone.source,
            gone.label,
            set_by=gone.set_by,
            now=gone.set_at,
            known_until=gone.known_until,
            first=gone.first,
            last=gone.last,
            detail=gone.detail,
        )
        if -place in ready:
            known[back.id] = ready[-place]
    calendar = closed_days.changed(store, by, today, known, added, "removed", now)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return calendar


def _added(store: "Store", deed: Undoable) -> tuple[Closing, ...] | None:
    """The entries that an act put in; None if one of them is gone, or is another by now."""
    wanted: Collection[int] = (deed.before or {})["added"]
    found = tuple(
        entry
        for entry in store.closed_days.entries(deed.subject)
        if entry.id in wanted and entry.set_by == deed.by and entry.set_at == deed.at
    )
    return found if len(found) == len(wanted) else None


def _entry(deed: Undoable, kept: dict[str, Any]) -> Closing:
    first, last = kept["first"], kept["last"]
    return Closing(
        id=0,
        organization_id=deed.subject,
        source=Source(kept["source"]),
        label=kept["label"],
        first=None if first is None else date.fromisoformat(first),
        last=None if last is None else date.fromisoformat(last),
        detail=kept["detail"],
        known_until=date.fromisoformat(kept["known_until"]),
        set_by=kept["set_by"],
        set_at=datetime.fromisoformat(kept["set_at"]),
    )
