"""Taking back what one has just done to a partnership: a pause, an OK, the setup."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain import partnerships as rules
from bot.domain.checkins import Standing
from bot.domain.checkins import State as OccurrenceState
from bot.domain.errors import NotPossible
from bot.domain.partnerships import Participation, Partnership, Setting, Step
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.domain.schedules import Event, Schedule, local_day
from bot.domain.undo import Undoable, What, built_on
from bot.domain.welcome import Arranged
from bot.services import changes, partnerships, schedules, setup, standing
from bot.services.partnerships import Acting
from bot.services.setup import SetUp

if TYPE_CHECKING:
    from storage.store import Store


# A schedule: paused, resumed, skipped


def instead_of_schedule(store: "Store", deed: Undoable) -> str:
    return "Pause, resume or skip it again instead."


def take_back_schedule(store: "Store", deed: Undoable, by: Member, now: datetime) -> Standing:
    """Have it run or rest as before."""
    schedule = store.schedules.by_id(deed.subject)
    partnership = _live(store, schedule.partnership_id)
    before = deed.before or {}
    own, *later = store.undo.of_schedule(deed)
    if later:
        raise built_on(_who(store, later[0].member), by, instead_of_schedule(store, deed))
    if before["event"] == Event.SKIPPED:
        _unskip(store, schedule, partnership, now)
    else:
        until = before["until"]
        changed = store.schedules.change(
            schedule.id,
            paused=before["paused"],
            paused_until=None if until is None else date.fromisoformat(until),
        )
        schedules.expect(store, changed, now)
    organization = None if by.organization is None else by.organization.id
    back = store.schedules.record(
        schedule.id, Event.TAKEN_BACK, by.id, organization, now, None
    )
    store.undo.taken_back(deed.id, now, own_entry=own.id, back_entry=back)
    for told in store.undo.withdraw({Kind.SCHEDULE_NOTE}, own.id, now):
        if told.parent is not None:
            store.messages.note(told.parent, Kind.SCHEDULE_NOTE, back, now=now)
    return standing.standing(
        store, partnership.installation_id, partnership.channel, schedule.kind, now
    )


def _unskip(store: "Store", schedule: Schedule, partnership: Partnership, now: datetime) -> None:
    skipped = store.schedules.latest(partnership.id, schedule.kind, OccurrenceState.SKIPPED)
    resting = schedule.paused_on(local_day(now, schedule.zone))
    if skipped is None or skipped.at <= now or resting:
        raise NotPossible("The date that was skipped has come, so it stays. Ask now instead.")
    store.schedules.forget(skipped.id)
    store.schedules.expect(schedule.id, skipped.at, skipped.nominal)


# An organization's OK, or its "not now"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an organization says now, after somebody took their word for it back."""

    participation: Participation


def remember_ok(
    store: "Store",
    partnership: Partnership,
    part: Participation,
    member: Member,
    key: str,
    entry: int,
    now: datetime,
) -> None:
    """Note an OK, or a "not now". ``part`` as it was before, ``entry`` the row that tells it."""
    store.undo.remember(
        What.OK,
        part.id,
        key=key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
        entry=entry - 1,
        before={
            "organization": part.organization.id,
            "lead": part.lead,
            "not_now": None if part.not_now_at is None else part.not_now_at.isoformat(),
            "started": partnership.started,
        },
    )


def instead_of_ok(store: "Store", deed: Undoable) -> str:
    return "If your organization has changed its mind, say so in the channel, and pause what I post."


def take_back_ok(store: "Store", deed: Undoable, by: Member, now: datetime) -> Agreement:
    """The organization has said nothing, as before."""
    before = deed.before or {}
    partnership = _live(store, deed.partnership or 0)
    if partnership.started and not before["started"]:
        raise NotPossible(
            "Everybody has said OK and we have started, so it stays. "
            + instead_of_ok(store, deed)
        )
    promised = store.commitments.open_with(partnership.id, before["organization"])
    if before["started"] and any(each.created_at >= deed.at for each in promised):
        raise built_on(None, by, instead_of_ok(store, deed))
    not_now = before["not_now"]
    store.partnerships.change_participation(
        deed.subject,
        ok_at=None,
        ok_by=None,
        lead_id=before["lead"],
        not_now_at=None if not_now is None else datetime.fromisoformat(not_now),
    )
    own = deed.entry + 1
    told = store.undo.withdraw({Kind.WELCOME_NOTE}, own, now)
    record = partnerships.note if told else store.partnerships.record
    if told:
        back = partnerships.note(
            store,
            partnership,
            Step.TAKEN_BACK,
            now,
            member=by.id,
            organization=before["organization"],
        )
    else:
        back = store.partnerships.record(
            partnership.id,
            Step.TAKEN_BACK,
            now,
            member=by.id,
            organization=before["organization"],
        )
    store.undo.taken_back(deed.id, now, own_entry=own, back_entry=back.id)
    partnerships.look_again(store, partnership, now)
    partnerships.refresh(store, partnership)
    part = store.partnerships.participation(partnership.id, before["organization"])
    if part is None:
        raise NotPossible("Your organization is not in this channel any more.")
    return Agreement(part)
