"""What the clock does while somebody's OK is missing.

The one who invited hears once, in private, who has not answered; some days later those who
agreed may start without the others.
"""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.open_days import after
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
from bot.services import beginning, partnerships

if TYPE_CHECKING:
    from storage.store import Store


def ask_who_is_silent(store: "Store", now: datetime, limit: int) -> int:
    """Look at the partnerships whose turn it is; each is looked at once a day. A tick."""
    found = store.partnerships.to_look_at(now, limit)
    for partnership in found:
        tomorrow = local_day(now, partnership.zone) + timedelta(1)
        beginning_still = partnership.state is State.BEGINNING
        store.partnerships.change(
            partnership.id,
            look_at=instant(tomorrow, time(), partnership.zone) if beginning_still else None,
        )
        if beginning_still:
            _tell_of_the_silent(store, partnership, now)
            _offer_to_start(store, partnership, now)
    return len(found)


def _tell_of_the_silent(store: "Store", partnership: Partnership, now: datetime) -> None:
    waiting = missing(store.partnerships.organizations(partnership.id))
    calendars = store.partnerships.workdays(each.organization.id for each in waiting)
    told = {
        entry.detail.get("participation")
        for entry in store.partnerships.history(partnership.id, Step.SILENT)
        if entry.at >= _waits_since(store, partnership)
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
        store.messages.direct(
            partnership.installation_id,
            partnership.invited_by,
            Post.SILENCE,
            entry.id,
            now=now,
            once=f"partnership_history:{entry.id}",
            about=partnership.channel,
        )


def _offer_to_start(store: "Store", partnership: Partnership, now: datetime) -> None:
    offered = store.partnerships.history(partnership.id, Step.MAY_START)
    if offered and offered[-1].at >= _waits_since(store, partnership):
        return
    agreed = [each for each in store.partnerships.organizations(partnership.id) if each.agreed]
    if agreed and beginning.waited_enough(store, partnership, START_WITHOUT_AFTER, now):
        partnerships.note(store, partnership, Step.MAY_START, now)
        partnerships.refresh(store, partnership)


def _waits_since(store: "Store", partnership: Partnership) -> datetime:
    began = store.partnerships.history(partnership.id, Step.BEGAN, Step.RETURNED)
    return began[-1].at if began else partnership.created_at
