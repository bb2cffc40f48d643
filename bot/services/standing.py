"""How a schedule stands, and what people do to it at once: pause, resume, skip, ask now.

Pause and skip act at once and are told in the channel; a new rhythm is a setting
(``services.setup``), announced first.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import questions as asked
from bot.domain.checkins import OPEN_FOR, Announced, New, Occurrence, Standing, State
from bot.domain.errors import NotFound, NotPossible, Unclear
from bot.domain.partnerships import Partnership, Setting, from_json
from bot.domain.people import Person
from bot.domain.posts import Kind as Post
from bot.domain.posts import State as Sending
from bot.domain.schedules import (
    GRACE,
    Event,
    Schedule,
    ScheduleKind,
    dates,
    instant,
    local_day,
    summed_up_at,
    waited,
)
from bot.domain.undo import Lasting, What
from bot.services import lasting, partnerships, schedules
from bot.services.partnerships import Acting

if TYPE_CHECKING:
    from storage.store import Store

NAME = {ScheduleKind.CHECKIN: "check-ins", ScheduleKind.DIGEST: "digests"}

AGAIN_AFTER = timedelta(hours=12)
"""Nobody is asked twice within this: a check-in that is younger is the one to reply to."""

_SETTING = {ScheduleKind.CHECKIN: Setting.CHECKIN, ScheduleKind.DIGEST: Setting.DIGEST}


@dataclass(frozen=True, slots=True)
class Steer:
    """What somebody wants of a schedule."""

    key: str
    installation_id: int
    channel: str | None
    person: Person
    kind: ScheduleKind
    until: date | None = None
    """Of a pause: the day from which it posts again; None until somebody resumes it."""
    tell: bool = True
    """Whether the channel is told by a note; False where the answer itself is public."""


def standing(
    store: "Store", installation_id: int, channel: str | None, kind: ScheduleKind, now: datetime
) -> Standing:
    """How the schedule of that kind stands in the partnership of a channel."""
    return _standing(store, partnerships.here(store, installation_id, channel), kind, now)


def questions(
    store: "Store", partnership_id: int, now: datetime
) -> tuple[tuple[str, ...], str | None]:
    """What check-ins ask, where the partners have said so, and which of it is next."""
    held = asked.from_json(store.settings.of(partnership_id).get(Setting.QUESTIONS))
    schedule = store.schedules.of(partnership_id, ScheduleKind.CHECKIN)
    kept = {} if schedule is None else schedules.next_question(store, schedule)
    following = kept.get("questions") or list(held[:1])
    return held, following[0] if following else None


def pause(store: "Store", request: Steer, now: datetime) -> Standing:
    """Rest from now on, until a day or until somebody resumes."""
    acting = _acting(store, request, now)
    partnership = acting.partnership
    if store.deliveries.receipt(request.key) is not None:
        return _standing(store, partnership, request.kind, now)
    schedule = schedules.ensure(store, partnership, request.kind, now)
    today = local_day(now, schedule.zone)
    if request.until is not None and request.until <= today:
        raise Unclear("That day is not in the future. Until which day shall I pause?")
    if schedule.paused_on(today) and schedule.paused_until == request.until:
        raise NotPossible(f"The {NAME[request.kind]} are paused already. Nothing has changed.")
    changed = store.schedules.change(schedule.id, paused=True, paused_until=request.until)
    schedules.expect(store, changed, now)
    _tell(store, request, acting, schedule, Event.PAUSED, now, request.until)
    return _standing(store, partnership, request.kind, now)


def resume(store: "Store", request: Steer, now: datetime) -> Standing:
    """Post again, from the next date on."""
    acting = _acting(store, request, now)
    partnership = acting.partnership
    if store.deliveries.receipt(request.key) is not None:
        return _standing(store, partnership, request.kind, now)
    schedule = schedules.ensure(store, partnership, request.kind, now)
    if not schedule.paused_on(local_day(now, schedule.zone)):
        raise NotPossible(f"The {NAME[request.kind]} are not paused. Nothing has changed.")
    changed = store.schedules.change(schedule.id, paused=False, paused_until=None)
    schedules.expect(store, changed, now)
    _tell(store, request, acting, schedule, Event.RESUMED, now)
    return _standing(store, partnership, request.kind, now)


def skip(store: "Store", request: Steer, now: datetime) -> Standing:
    """Leave the next one out."""
    acting = _acting(store, request, now)
    partnership = acting.partnership
    if store.deliveries.receipt(request.key) is not None:
        return _standing(store, partnership, request.kind, now)
    schedule = schedules.ensure(store, partnership, request.kind, now)
    known = _expected(store, schedule, now)
    at, nominal = known
    moments = schedules.next_moments(store, partnership, request.kind, 1)
    day = local_day(moments[0], schedule.zone) if moments else nominal
    store.schedules.write(
        [
            New(
                schedule_id=schedule.id,
                partnership_id=partnership.id,
                kind=request.kind,
                nominal=nominal,
                at=at,
                state=State.SKIPPED,
            )
        ]
    )
    _advance(store, schedule, nominal)
    _tell(store, request, acting, schedule, Event.SKIPPED, now, day)
    return _standing(store, partnership, request.kind, now)


def unskip(store: "Store", request: Steer, now: datetime) -> Standing:
    """Take the last skip back, as long as its day has not come."""
    acting = _acting(store, request, now)
    partnership = acting.partnership
    if store.deliveries.receipt(request.key) is not None:
        return _standing(store, partnership, request.kind, now)
    schedule = schedules.ensure(store, partnership, request.kind, now)
    skipped = store.schedules.latest(partnership.id, request.kind, State.SKIPPED)
    resting = schedule.paused_on(local_day(now, schedule.zone))
    if skipped is None or skipped.at <= now or resting:
        raise NotPossible("There is no skipped date left to take back. Nothing has changed.")
    store.schedules.forget(skipped.id)
    store.schedules.expect(schedule.id, skipped.at, skipped.nominal)
    day = local_day(skipped.at, schedule.zone)
    _tell(store, request, acting, schedule, Event.KEPT, now, day)
    return _standing(store, partnership, request.kind, now)


def ask_now(
    store: "Store", request: Steer, now: datetime, *, open_for: timedelta = OPEN_FOR
) -> Occurrence:
    """Post a check-in now. Works before the start too, since somebody asked for it."""
    acting = _acting(store, request, now)
    partnership = acting.partnership
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return store.schedules.occurrence(receipt["occurrence"])
    channel = partnership.channel
    if channel is None:
        raise NotFound("I am in no channel of this partnership any more. Invite me again first.")
    schedule = schedules.ensure(store, partnership, ScheduleKind.CHECKIN, now)
    if _is_open(store, partnership, now):
        raise NotPossible(
            "A check-in is open already. Reply in its thread, and I keep what you say."
        )
    today = local_day(now, schedule.zone)
    nominal, slot = _slot(store, schedule, today)
    open_days = store.schedules.offices({partnership.id}, today, today + schedules.AHEAD)
    offices = open_days.get(partnership.id, ())
    written = store.schedules.write(
        [
            New(
                schedule_id=schedule.id,
                partnership_id=partnership.id,
                kind=ScheduleKind.CHECKIN,
                nominal=nominal,
                slot=slot,
                at=now,
                state=State.OPEN,
                closes_at=summed_up_at(now, open_for, schedule.zone, offices),
                half_at=waited(now, open_for / 2, schedule.zone, offices),
                asked_by=acting.member.id,
                detail=schedules.next_question(store, schedule),
            )
        ]
    )
    occurrence = written[schedule.id, nominal]
    message = store.messages.post(
        request.installation_id,
        channel,
        Post.PROMPT,
        occurrence,
        now=now,
        grace=GRACE[ScheduleKind.CHECKIN],
    )
    store.schedules.point({occurrence: message})
    lasting.note(
        store,
        Lasting.ASKED_NOW,
        key=request.key,
        member_id=acting.member.id,
        partnership_id=partnership.id,
        now=now,
    )
    store.deliveries.handled(request.key, now, {"occurrence": occurrence})
    return store.schedules.occurrence(occurrence)


def told(store: "Store", entry_id: int, now: datetime) -> Announced:
    """What somebody did to a schedule, for the note that tells the channel."""
    entry = store.schedules.entry(entry_id)
    schedule = store.schedules.by_id(entry.schedule_id)
    partnership = store.partnerships.by_id(schedule.partnership_id)
    member = store.people.by_id(entry.member)
    if entry.organization is not None:
        member = replace(member, organization=store.people.organization(entry.organization))
    moments = schedules.next_moments(store, partnership, schedule.kind, 1)
    return Announced(
        entry=entry,
        kind=schedule.kind,
        partnership_id=partnership.id,
        by=member,
        next=moments[0] if moments else None,
        zone=schedule.zone,
    )


def _acting(store: "Store", request: Steer, now: datetime) -> Acting:
    return partnerships.acting(store, request.installation_id, request.person, request.channel, now)


def _standing(
    store: "Store", partnership: Partnership, kind: ScheduleKind, now: datetime
) -> Standing:
    schedule = store.schedules.of(partnership.id, kind)
    if schedule is None:
        schedule = schedules.to_come(store, partnership, kind, now)
    changes = store.settings.announced(partnership.id, _SETTING[kind])
    coming = changes[-1] if changes else None
    return Standing(
        schedule=schedule,
        name=partnership.name,
        channel=partnership.channel,
        moments=schedules.next_moments(store, partnership, kind, 3),
        set_by=None
        if schedule.set_by is None
        else store.people.by_ids([schedule.set_by]).get(schedule.set_by),
        coming=None if coming is None else from_json(coming.value),
        coming_from=None if coming is None else local_day(coming.begins_at, schedule.zone),
    )


def _expected(store: "Store", schedule: Schedule, now: datetime) -> tuple[datetime, date]:
    known = store.schedules.next(schedule.id)
    if not schedule.begun:
        raise NotPossible(
            "Nothing is posted on schedule before each organization has said OK, "
            "so there is nothing to skip."
        )
    if known is None:
        raise NotPossible(
            f"The {NAME[schedule.kind]} are paused, so there is nothing to skip. Resume them first."
        )
    return known


def _is_open(store: "Store", partnership: Partnership, now: datetime) -> bool:
    """Whether a check-in was posted a short while ago and can be replied to."""
    last = store.schedules.latest(partnership.id, ScheduleKind.CHECKIN, State.OPEN)
    if last is None or last.gone_at is not None or now - last.at >= AGAIN_AFTER:
        return False
    sent = None if last.message_id is None else store.messages.by_id(last.message_id).state
    return sent not in {None, Sending.MISSED, Sending.REFUSED, Sending.WITHDRAWN}


def _slot(store: "Store", schedule: Schedule, today: date) -> tuple[date, int]:
    """The date and slot of a check-in that is asked for now.

    On the day of one on schedule it takes that one's place, so that nobody is asked twice.
    """
    known = store.schedules.next(schedule.id)
    if known is not None and local_day(known[0], schedule.zone) == today:
        _advance(store, schedule, known[1])
        return known[1], 0
    last = store.schedules.last_slot(schedule.id, today)
    return today, 1 if last is None else last + 1


def _advance(store: "Store", schedule: Schedule, nominal: date) -> None:
    following = next(dates(schedule.rhythm, schedule.anchor, nominal + timedelta(1)))
    store.schedules.expect(
        schedule.id, instant(following, schedule.rhythm.at, schedule.zone), following
    )


def _tell(
    store: "Store",
    request: Steer,
    acting: Acting,
    schedule: Schedule,
    event: Event,
    now: datetime,
    day: date | None = None,
) -> None:
    organization = acting.member.organization
    entry = store.schedules.record(
        schedule.id,
        event,
        acting.member.id,
        None if organization is None else organization.id,
        now,
        day,
    )
    if event is not Event.KEPT:  # which takes something back itself
        until = schedule.paused_until
        store.undo.remember(
            What.SCHEDULE,
            schedule.id,
            key=request.key,
            member_id=acting.member.id,
            partnership_id=acting.partnership.id,
            now=now,
            entry=entry - 1,
            before={
                "event": event.value,
                "paused": schedule.paused,
                "until": None if until is None else until.isoformat(),
            },
        )
    else:
        lasting.note(
            store,
            Lasting.UNSKIPPED,
            key=request.key,
            member_id=acting.member.id,
            partnership_id=acting.partnership.id,
            now=now,
        )
    if event is Event.RESUMED:  # the note of the pause offers that no more
        for note in store.undo.pauses_told(schedule.id):
            store.messages.refresh(note)
    parent = _place(store, acting.partnership, request.kind)
    if request.tell and parent is not None:
        store.messages.note(parent, Post.SCHEDULE_NOTE, entry, now=now)
    store.deliveries.handled(request.key, now, {"schedule": schedule.id})


def _place(store: "Store", partnership: Partnership, kind: ScheduleKind) -> int | None:
    """Where a change is told: under the last post of that kind, else under the welcome."""
    state = (State.OPEN, State.CLOSED) if kind is ScheduleKind.CHECKIN else (State.POSTED,)
    last = store.schedules.latest(partnership.id, kind, *state)
    message = None if last is None or last.gone_at is not None else last.message_id
    if message is not None and store.messages.ts_of(message) is not None:
        return message
    return partnership.welcome_id
