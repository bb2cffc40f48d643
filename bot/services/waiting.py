"""What the clock does while somebody's OK is missing.

The one who invited hears once, in private, who has not answered; some days later those who
agreed may start without the others.
"""

from datetime import datetime, time
from typing import TYPE_CHECKING

from bot.domain.open_days import Workdays, after
from bot.domain.partnerships import (
    SILENT_AFTER,
    START_WITHOUT_AFTER,
    Participation,
    Partnership,
    State,
    Step,
    missing,
)
from bot.domain.posts import Kind as Post
from bot.domain.schedules import instant, local_day
from bot.services import beginning, held, partnerships

if TYPE_CHECKING:
    from storage.store import Store


def ask_who_is_silent(store: "Store", now: datetime, limit: int) -> int:
    """Look at the partnerships whose turn it is, and note when it is their turn again. A tick."""
    found = store.partnerships.to_look_at(now, limit)
    for partnership in found:
        if partnership.state is State.BEGINNING:
            _tell_of_the_silent(store, partnership, now)
            _offer_to_start(store, partnership, now)
        store.partnerships.change(partnership.id, look_at=_next_look(store, partnership, now))
    return len(found)


def _next_look(store: "Store", partnership: Partnership, now: datetime) -> datetime | None:
    """The next day on which one of the waits is over; None if there is none."""
    if partnership.state is not State.BEGINNING:
        return None
    waiting = missing(store.partnerships.organizations(partnership.id))
    calendars = store.partnerships.workdays(each.organization.id for each in waiting)
    waits: list[tuple[datetime, tuple[Workdays, ...]]] = [
        (each.joined_at, (calendars[each.organization.id],)) for each in waiting
    ]
    # And for guests who do not say where they belong:
    waits.append((beginning.waits_since(store, partnership), ()))
    moments = (
        instant(after(local_day(since, partnership.zone), days, calendar), time(), partnership.zone)
        for since, calendar in waits
        for days in (SILENT_AFTER, START_WITHOUT_AFTER)
    )
    return min((moment for moment in moments if moment > now), default=None)


def _tell_of_the_silent(store: "Store", partnership: Partnership, now: datetime) -> None:
    waiting = missing(store.partnerships.organizations(partnership.id))
    calendars = store.partnerships.workdays(each.organization.id for each in waiting)
    told = {
        entry.detail.get("participation")
        for entry in store.partnerships.history(partnership.id, Step.SILENT)
        if entry.at > beginning.waits_since(store, partnership)
    }
    today = local_day(now, partnership.zone)
    for part in waiting:
        since = local_day(part.joined_at, partnership.zone)
        if part.id in told or today < after(
            since, SILENT_AFTER, (calendars[part.organization.id],)
        ):
            continue
        _tell(store, partnership, part, now)


def _tell(store: "Store", partnership: Partnership, part: Participation, now: datetime) -> None:
    entry = store.partnerships.record(
        partnership.id,
        Step.SILENT,
        now,
        organization=part.organization.id,
        detail={"participation": part.id},
    )
    if partnership.invited_by is not None:
        held.tell(
            store,
            partnership.installation_id,
            (partnership.invited_by,),
            Post.SILENCE,
            entry.id,
            now=now,
            once=f"partnership_history:{entry.id}",
            about=partnership.channel,
        )


def _offer_to_start(store: "Store", partnership: Partnership, now: datetime) -> None:
    offered = store.partnerships.history(partnership.id, Step.MAY_START)
    if offered and offered[-1].at > beginning.waits_since(store, partnership):
        return
    agreed = [each for each in store.partnerships.organizations(partnership.id) if each.agreed]
    if agreed and beginning.waited_enough(store, partnership, START_WITHOUT_AFTER, now):
        partnerships.note(store, partnership, Step.MAY_START, now)
        partnerships.refresh(store, partnership)
