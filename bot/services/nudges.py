"""Nudges at work: who is reminded of a check-in, when, and what they are told.

All of one person's check-ins of a day come in one direct message, whichever partnerships they
belong to; in their reminder of that day if they have one. Nobody else learns of it.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import Line, Occurrence, State
from bot.domain.commitments import AGREED, Commitment
from bot.domain.nudges import APART, MOST, Asked, Nudge, Nudged, moment
from bot.domain.posts import Kind as Post
from bot.domain.preferences import Notice, Preferences, Times
from bot.domain.schedules import instant, local_day
from bot.services import held, preferences
from bot.services.checkins.reading import near_lines

if TYPE_CHECKING:
    from storage.store import Store

_CHECKINS_AT_ONCE = 4
"""Planned in one transaction, since each takes some ten queries."""

_PEOPLE_AT_ONCE = 1
"""Told in one transaction: of somebody in many channels many check-ins are looked at."""

_WITHIN = timedelta(days=1)


def plan_due(store: "Store", now: datetime, limit: int) -> int:
    """Settle who is reminded of the check-ins that were just posted, and when. A tick."""
    found = store.nudges.unplanned(now, min(limit, _CHECKINS_AT_ONCE))
    if not found:
        return 0
    store.nudges.planned([occurrence.id for occurrence, _ in found])
    for occurrence, half in found:
        if occurrence.state is State.OPEN and occurrence.message_id is not None:
            _plan(store, occurrence, half, now)
    return len(found)


def tell_due(store: "Store", now: datetime, limit: int) -> int:
    """Remind those whose moment has come, each in one message. A tick."""
    found = store.nudges.due(now, min(limit, _PEOPLE_AT_ONCE))
    for member_id in found:
        _tell(store, member_id, now)
    return len(found)


def shown(store: "Store", nudge_id: int, now: datetime) -> Nudged | None:
    """What somebody is asked, for their message; None once there is nothing to ask."""
    nudge = store.nudges.by_id(nudge_id)
    if nudge.message_id is None:
        return None
    member = store.people.by_id(nudge.member_id)
    asked = asked_in(store, nudge.message_id, now)
    return Nudged(member, asked) if asked else None


def asked_in(store: "Store", message_id: int, now: datetime) -> tuple[Asked, ...]:
    """The check-ins that a message asks about; as long as it has not left, those that still wait
    for an answer.
    """
    told = store.nudges.together(message_id)
    if not told:
        return ()
    posted = store.messages.ts_of(message_id) is not None
    return tuple(
        found
        for each in told
        if (found := _asked(store, each, now)) is not None and (posted or _waits(found))
    )


def of_today(
    store: "Store", member_id: int, chosen: Preferences, times: Times, now: datetime
) -> tuple[tuple[Nudge, Asked], ...]:
    """What somebody is to be reminded of today and still wants to hear, ``MOST`` at most. What they
    have answered or turned off is settled; what does not suit them now is put off.
    """
    today = times.day(now)
    wanted: list[tuple[Nudge, Asked]] = []
    looked = 0
    for nudge in store.nudges.waiting(member_id, now + _WITHIN):
        if nudge.due_at is None or (nudge.due_at > now and times.day(nudge.due_at) != today):
            continue  # another day's
        if looked == MOST:
            _wait(store, nudge, times, now)
            continue
        looked += 1
        found = _asked(store, nudge, now)
        if (
            found is None
            or not _waits(found)
            or not chosen.wants(Notice.CHECKIN, found.occurrence.partnership_id, today)
        ):
            store.nudges.postpone([nudge.id], None)
        elif not times.may_disturb(now):  # they have chosen other hours or days since
            at = times.good_moment(now)
            closes = found.occurrence.closes_at
            kept = at is not None and closes is not None and at < closes
            store.nudges.postpone([nudge.id], at if kept else None)
        else:
            wanted.append((nudge, found))
    return tuple(wanted)


def _wait(store: "Store", nudge: Nudge, times: Times, now: datetime) -> bool:
    """Remind somebody on their next day instead; False where the check-in is over by then."""
    closes = store.schedules.occurrence(nudge.occurrence_id).closes_at
    following = times.day(now) + timedelta(days=1)
    at = next((times.begins(day) for day in times.open_days(following)), None)
    waits = at is not None and closes is not None and at < closes
    store.nudges.postpone([nudge.id], at if waits else None)
    return waits


def told_today(store: "Store", member_id: int, times: Times, now: datetime) -> frozenset[int]:
    """The commitments that somebody was asked about today in a message of its own."""
    begin = instant(times.day(now), time(), times.zone)
    return frozenset(
        line.commitment.id
        for nudge in store.nudges.told_since(member_id, begin)
        if (asked := _asked(store, nudge, now)) is not None
        for line in asked.lines
    )


def channels(value: Nudged) -> frozenset[str]:
    """Every channel that a nudge speaks of."""
    return frozenset(each.channel for each in value.asked)


def within(value: Nudged, readable: frozenset[str]) -> Nudged | None:
    """A nudge of these channels alone; None where nothing is left to ask."""
    asked = tuple(each for each in value.asked if each.channel in readable)
    return replace(value, asked=asked) if asked else None


def _plan(store: "Store", occurrence: Occurrence, half: datetime, now: datetime) -> None:
    closes = occurrence.closes_at
    if closes is None:
        return
    owners = {
        each.owner.id: each.owner for each in near_lines(store, occurrence) if each.state in AGREED
    }
    answered = store.checkins.answered(occurrence.id)
    answered |= store.nudges.lately(occurrence.partnership_id, occurrence.at - APART, occurrence.at)
    here = {each.id for each in store.partnerships.members(occurrence.partnership_id)}
    asked = [each for each in owners.values() if each.id in here and each.id not in answered]
    chosen = store.preferences.of_members(each.id for each in asked)
    times = preferences.times_of_each(store, asked, chosen, now)
    planned: list[tuple[int, int, datetime]] = []
    for owner in asked:
        own = times[owner.id]
        at = moment(occurrence.at, half, closes, own, now)
        if at is not None and chosen[owner.id].wants(
            Notice.CHECKIN, occurrence.partnership_id, own.day(at)
        ):
            planned.append((occurrence.id, owner.id, at))
    store.nudges.plan(planned)


def _tell(store: "Store", member_id: int, now: datetime) -> None:
    member = store.people.by_id(member_id)
    chosen = store.preferences.of_member(member_id)
    times = preferences.times_of(store, member, chosen, now)
    wanted = of_today(store, member_id, chosen, times, now)
    if not wanted:
        return
    reminder = store.reminders.of_day(member_id, times.day(now))
    if reminder is not None and reminder.message_id is not None:
        had = reminder.message_id
        if not held.in_vain(store, had):
            late = [nudge.id for nudge, _ in wanted if not _wait(store, nudge, times, now)]
            if late:
                store.nudges.tell(late, had)
                store.messages.refresh(had)
            return
    first = wanted[0][0]
    installation = store.partnerships.by_id(wanted[0][1].occurrence.partnership_id).installation_id
    message = store.messages.direct(
        installation,
        member_id,
        Post.NUDGE,
        first.id,
        now=now,
        once=f"nudge:{first.id}",
    )
    store.nudges.tell([nudge.id for nudge, _ in wanted], message)


def _waits(asked: Asked) -> bool:
    """Whether an answer is still missing."""
    open_still = asked.occurrence.state is State.OPEN
    return open_still and not asked.answered and any(each.answerable for each in asked.lines)


def _asked(store: "Store", nudge: Nudge, now: datetime) -> Asked | None:
    """One check-in as its owner is asked about it; None where it is gone, or they are."""
    occurrence = store.schedules.occurrence(nudge.occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or partnership.channel is None or occurrence.gone_at is not None:
        return None
    if occurrence.message_id is None or store.messages.ts_of(occurrence.message_id) is None:
        return None
    if all(each.id != nudge.member_id for each in store.partnerships.members(partnership.id)):
        return None
    member = store.people.by_id(nudge.member_id)
    on_track = store.checkins.on_track(occurrence.id)
    mine = near_lines(store, occurrence, member.id)
    return Asked(
        occurrence=occurrence,
        name=partnership.name,
        channel=partnership.channel,
        zone=partnership.zone,
        today=local_day(now, partnership.zone),
        lines=tuple(Line(rules.seen_by(each, member), each.id in on_track) for each in mine),
        answered=member.id in store.checkins.answered(occurrence.id)
        or any(_stuck_since(each, occurrence.at) for each in mine),
    )


def _stuck_since(commitment: Commitment, posted: datetime) -> bool:
    """Whether its owner said so after the check-in was posted, to whomever."""
    return commitment.risk is not None and commitment.risk.since >= posted
