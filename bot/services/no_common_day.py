"""Check-ins that are left out since no day suits everybody: told once, to all and to who leads."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.checkins import State
from bot.domain.partnerships import Step
from bot.domain.posts import Kind as Post
from bot.domain.schedules import ScheduleKind
from bot.services import held, partnerships

if TYPE_CHECKING:
    from storage.store import Store


def tell(store: "Store", partnership_id: int, nominal: date, now: datetime) -> None:
    """Say it in the thread of the welcome, and privately to the leads and to who invited; not
    again before a check-in was posted since.
    """
    partnership = store.partnerships.by_id(partnership_id)
    told = store.partnerships.history(partnership_id, Step.NO_COMMON_DAY)
    last = store.schedules.latest(partnership_id, ScheduleKind.CHECKIN, State.OPEN, State.CLOSED)
    detail = {"nominal": nominal.isoformat()}
    if told and (last is None or last.at < told[-1].at):
        store.partnerships.record(partnership_id, Step.NO_COMMON_DAY, now, detail=detail)
        return
    entry = partnerships.note(store, partnership, Step.NO_COMMON_DAY, now, detail={**detail})
    parts = store.partnerships.organizations(partnership_id)
    leads = [each.lead for each in parts if each.agreed]
    held.tell(
        store,
        partnership.installation_id,
        [each for each in (*leads, partnership.invited_by) if each is not None],
        Post.NO_COMMON_DAY,
        entry.id,
        now=now,
        once=f"no_common_day:{entry.id}",
        about=partnership.channel,
    )
