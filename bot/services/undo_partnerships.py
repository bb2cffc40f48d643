"""Taking back what one has just done to a partnership: a pause, an OK, the setup."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.changes import Waits
from bot.domain.checkins import Standing
from bot.domain.checkins import State as OccurrenceState
from bot.domain.errors import NotPossible
from bot.domain.partnerships import Participation, Partnership, Setting, Step
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.domain.schedules import Event, Schedule, local_day
from bot.domain.undo import Undoable, built_on
from bot.domain.welcome import Arranged
from bot.services import changes, partnerships, schedules, setup, standing

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
        for note in store.undo.pauses_told(schedule.id):
            store.messages.refresh(note)
    organization = None if by.organization is None else by.organization.id
    back = store.schedules.record(schedule.id, Event.TAKEN_BACK, by.id, organization, now, None)
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


def instead_of_ok(store: "Store", deed: Undoable) -> str:
    return (
        "If your organization has changed its mind, say so in the channel, and pause what I post."
    )


def take_back_ok(store: "Store", deed: Undoable, by: Member, now: datetime) -> Participation:
    """The organization has said nothing, as before; whom it made its lead since stays that.

    Raises OutOfDate once a colleague has answered for it.
    """
    before = deed.before or {}
    partnership = _live(store, deed.partnership or 0)
    if partnership.started and not before["started"]:
        raise NotPossible(
            "Everybody has said OK and we have started, so it stays. " + instead_of_ok(store, deed)
        )
    promised = store.commitments.open_with(partnership.id, before["organization"])
    if before["started"] and any(each.created_at >= deed.at for each in promised):
        raise built_on(None, by, instead_of_ok(store, deed))
    part = store.partnerships.participation(partnership.id, before["organization"])
    if part is None or part.id != deed.subject:
        raise NotPossible("Your organization is not in this channel any more.")
    more, was_set = store.undo.did_more(deed), before["set"]
    if more is not None or part.ok_by != was_set["ok_by"]:
        raise built_on(_who(store, more), by, instead_of_ok(store, deed))
    not_now = before["not_now"]
    store.partnerships.change_participation(
        deed.subject,
        ok_at=None,
        ok_by=None,
        lead_id=before["lead"] if part.lead == was_set["lead"] else part.lead,
        not_now_at=None if not_now is None else datetime.fromisoformat(not_now),
    )
    own = deed.entry + 1
    told = store.undo.withdraw({Kind.WELCOME_NOTE}, own, now)
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
    return store.partnerships.participation(partnership.id, before["organization"]) or part


# What was said to an announced change


def instead_of_change(store: "Store", deed: Undoable) -> str:
    return "Anybody can suggest it again: open the setup, or say it here in words."


def take_back_change(store: "Store", deed: Undoable, by: Member, now: datetime) -> Waits:
    """An OK to it is not said, or it is announced again after an objection, as before."""
    change = store.settings.by_id(deed.subject)
    partnership = _live(store, change.partnership_id)
    before = deed.before or {}
    instead = instead_of_change(store, deed)
    if change.ended_as != before["ended"] or change.applied_at is not None:
        raise built_on(_who(store, change.ended_by), by, instead)
    newer = store.settings.announced(partnership.id, change.name)
    if before["ended"] is not None:
        if newer:
            raise built_on(_who(store, newer[-1].set_by), by, instead)
        if change.begins_at <= now:
            raise NotPossible("The day on which it was to begin has come, so it stays. " + instead)
    own = deed.entry + 1
    told = store.undo.withdraw({Kind.WELCOME_NOTE}, own, now)
    if before["ended"] is None:
        store.settings.take_ok_back(change.id, before["organization"])
        changes.say_again(store, partnership, change, now)
    else:
        changes.announce_again(store, partnership, change, now)
    member, organization = by.id, before["organization"]
    detail: dict[str, object] = {"setting": change.id}
    if told:
        back = partnerships.note(
            store,
            partnership,
            Step.TAKEN_BACK,
            now,
            member=member,
            organization=organization,
            detail=detail,
        )
    else:
        back = store.partnerships.record(
            partnership.id,
            Step.TAKEN_BACK,
            now,
            member=member,
            organization=organization,
            detail=detail,
        )
    store.undo.taken_back(deed.id, now, own_entry=own, back_entry=back.id)
    return Waits(store.settings.by_id(change.id), partnership.zone)


# The setup


def instead_of_setup(store: "Store", deed: Undoable) -> str:
    return "Open the setup again to suggest something else."


def take_back_setup(store: "Store", deed: Undoable, by: Member, now: datetime) -> Arranged:
    """What was announced is withdrawn; what held at once is set back; what was announced before
    and gave way is announced again.
    """
    before = deed.before or {}
    partnership = _live(store, deed.subject)
    instead = instead_of_setup(store, deed)
    more = store.undo.did_more(deed)
    if more is not None:
        raise built_on(_who(store, more), by, instead)
    new = store.settings.newer_than(partnership.id, before["version"])
    for each in new:
        if each.set_by != by.id:
            raise built_on(_who(store, each.set_by), by, instead)
    for each in new:
        if each.applied_at is not None and partnership.started:
            raise NotPossible("That holds already, so it stays. " + instead)
    unlisted, listed = tuple(before["unlisted"]), tuple(before["listed"])
    if (unlisted or listed) and partnership.started and not before["started"]:
        raise NotPossible("We have started since, so it stays. " + instead)
    person = Person(by.team, by.user, by.name, by.kind, by.zone)
    for each in new:
        if each.pending:
            request = changes.Answer(
                f"back:{deed.id}:{each.id}",
                partnership.installation_id,
                partnership.channel or "",
                person,
                each.id,
            )
            changes.withdraw(store, request, now, undoable=False)
    if not partnership.started:
        act = partnerships.acting_in(store, partnership, person, now)
        held = {Setting(name): value for name, value in before["held"].items()}
        applied = {each.name for each in new if each.applied_at is not None}
        changes.suggest(store, act, {name: held[name] for name in applied if name in held}, now)
    if unlisted or listed:
        setup.expect_again(
            store, _live(store, partnership.id), by, unlisted=unlisted, listed=listed, now=now
        )
    partnerships.refresh(store, partnership)
    for each in store.settings.replaced(partnership.id, by.id, deed.at, before["version"]):
        changes.announce_again(store, partnership, each, now)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    store.partnerships.record(
        partnership.id,
        Step.TAKEN_BACK,
        now,
        member=by.id,
        organization=None if by.organization is None else by.organization.id,
    )
    return setup.opened(store, partnership.installation_id, partnership.id)


def _live(store: "Store", partnership_id: int) -> Partnership:
    found = store.partnerships.by_id(partnership_id)
    if not found.live:
        raise NotPossible("This partnership has ended here, so nothing in it can change.")
    return found


def _who(store: "Store", member: int | None) -> Member | None:
    return None if member is None else store.people.by_id(member)
