"""Schedules at work: begin, change, pause, skip; and what the clock does with what is due.

The tick parts take ``(store, now, limit)`` and return how many schedules or occurrences they
dealt with. Ticks may overlap and repeat: what was written once is not written again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain import questions
from bot.domain.checkins import OPEN_FOR, New, State
from bot.domain.partnerships import Partnership, Setting, from_json
from bot.domain.posts import Kind as Post
from bot.domain.posts import Post as Outgoing
from bot.domain.rhythm import Rhythm
from bot.domain.schedules import (
    DEFAULT,
    GRACE,
    HEADSTART,
    LONGEST_MOVE,
    Due,
    Fate,
    Office,
    Passed,
    Plan,
    Schedule,
    ScheduleKind,
    closed_on,
    dates,
    first,
    instant,
    local_day,
    moved,
    plan,
    summed_up_at,
    upcoming,
    waited,
)
from bot.services import no_common_day

if TYPE_CHECKING:
    from storage.store import Store

_POST = {ScheduleKind.CHECKIN: Post.PROMPT, ScheduleKind.DIGEST: Post.DIGEST}
_STATE = {ScheduleKind.CHECKIN: State.OPEN, ScheduleKind.DIGEST: State.POSTED}
_SETTING = {ScheduleKind.CHECKIN: Setting.CHECKIN, ScheduleKind.DIGEST: Setting.DIGEST}
_AT_MOST = 5
"""Dates of one schedule dealt with at a time after a standstill, so that a batch stays short."""

AHEAD = timedelta(days=400)
"""How far closed days are read for the next dates: a quarterly schedule is moved at most twice."""


# Begin, change, end


def begin(store: "Store", partnership: Partnership, now: datetime) -> tuple[Schedule, ...]:
    """Every organization has said OK: from now on check-in and digest are posted on schedule."""
    begun = []
    for kind in ScheduleKind:
        schedule = ensure(store, partnership, kind, now)
        if not schedule.begun:
            anchor = first(schedule.rhythm, local_day(now, schedule.zone) + HEADSTART[kind])
            schedule = store.schedules.change(schedule.id, begun_at=now, anchor=anchor)
            expect(store, schedule, now)
        begun.append(schedule)
    return tuple(begun)


def end(store: "Store", partnership: Partnership) -> None:
    """Nothing is posted on schedule any more, until it begins again."""
    for kind in ScheduleKind:
        if (schedule := store.schedules.of(partnership.id, kind)) is not None:
            store.schedules.rest(schedule.id)
            store.schedules.change(schedule.id, begun_at=None)


def follow(
    store: "Store", partnership: Partnership, now: datetime, *, set_by: int | None = None
) -> None:
    """Bring the schedules in line with what is set for the partnership: rhythms and zone.

    ``set_by`` is the member who set what is new. Dates that are known already stay where only
    the time of day or the zone changes.
    """
    held = store.settings.of(partnership.id)
    for kind in ScheduleKind:
        schedule = ensure(store, partnership, kind, now)
        value = held.get(_SETTING[kind])
        rhythm = DEFAULT[kind] if value is None else from_json(value)
        if rhythm != schedule.rhythm:
            _change(store, schedule, rhythm, now, set_by)
        elif partnership.zone != schedule.zone:
            _move_zone(store, schedule, partnership.zone)


def ensure(store: "Store", partnership: Partnership, kind: ScheduleKind, now: datetime) -> Schedule:
    """The schedule of that kind; made from the settings, or the defaults, where there is none."""
    known = store.schedules.of(partnership.id, kind)
    if known is not None:
        return known
    made = to_come(store, partnership, kind, now)
    return store.schedules.add(
        partnership.id, kind, made.rhythm, made.zone, made.anchor, made.set_by, now
    )


def to_come(
    store: "Store", partnership: Partnership, kind: ScheduleKind, now: datetime
) -> Schedule:
    """The schedule as the settings, or the defaults, would have it. It is not stored: id 0."""
    value = store.settings.of(partnership.id).get(_SETTING[kind])
    rhythm = DEFAULT[kind] if value is None else from_json(value)
    anchor = first(rhythm, local_day(now, partnership.zone))
    return Schedule(
        id=0,
        partnership_id=partnership.id,
        kind=kind,
        rhythm=rhythm,
        zone=partnership.zone,
        anchor=anchor,
        set_by=partnership.invited_by,
    )


def expect(store: "Store", schedule: Schedule, now: datetime, since: date | None = None) -> None:
    """Note when a schedule is due next: its first moment from now, or from a later day, on.

    What somebody skipped stays skipped.
    """
    if not schedule.begun:
        return
    if schedule.paused and schedule.paused_until is None:
        store.schedules.rest(schedule.id)
        return
    today = local_day(now, schedule.zone)
    day = max(today, since or today, schedule.paused_until or today if schedule.paused else today)
    skipped = store.schedules.skipped(schedule.id, day)
    for nominal in dates(schedule.rhythm, schedule.anchor, day):
        at = instant(nominal, schedule.rhythm.at, schedule.zone)
        if at > now and nominal not in skipped:
            store.schedules.expect(schedule.id, at, nominal)
            return


def next_moments(
    store: "Store", partnership: Partnership, kind: ScheduleKind, count: int = 2
) -> tuple[datetime, ...]:
    """When it posts next, moved off closed days and other posts; none while it rests."""
    schedule = store.schedules.of(partnership.id, kind)
    known = None if schedule is None else store.schedules.next(schedule.id)
    if schedule is None or known is None:
        return ()
    at, nominal = known
    offices = store.schedules.offices({partnership.id}, nominal, nominal + AHEAD)
    taken = store.schedules.taken({partnership.id}, nominal).get(partnership.id, set())
    if kind is ScheduleKind.DIGEST:
        checkins = next_moments(store, partnership, ScheduleKind.CHECKIN, count + 1)
        taken |= {local_day(each, schedule.zone) for each in checkins}
    return upcoming(schedule, nominal, at, offices.get(partnership.id, ()), taken, count)


def _change(
    store: "Store", schedule: Schedule, rhythm: Rhythm, now: datetime, set_by: int | None
) -> None:
    old = schedule.rhythm
    anchor = schedule.anchor
    if (rhythm.frequency, rhythm.weekday, rhythm.nth) != (old.frequency, old.weekday, old.nth):
        anchor = first(rhythm, local_day(now, schedule.zone))
    changed = store.schedules.change(
        schedule.id, rhythm=rhythm, anchor=anchor, set_by=set_by, set_at=now
    )
    expect(store, changed, now)


def _move_zone(store: "Store", schedule: Schedule, zone: str) -> None:
    store.schedules.change(schedule.id, zone=zone)
    if (known := store.schedules.next(schedule.id)) is not None:
        at, nominal = known
        day = local_day(at, schedule.zone)
        store.schedules.expect(schedule.id, instant(day, schedule.rhythm.at, zone), nominal)


# What the clock does


def post_due(store: "Store", now: datetime, limit: int, *, open_for: timedelta = OPEN_FOR) -> int:
    """Write the occurrences that are due, with their messages, and when each is due next.

    ``open_for`` is how long a check-in is open, in hours of open days.
    """
    found = store.schedules.due(now, limit)
    if not found:
        return 0
    live = [each for each in found if each.started]
    store.schedules.rest(*(each.schedule.id for each in found if not each.started))
    around = _Around.of(store, live, now)
    plans: list[tuple[Due, Plan]] = []
    for each in _checkins_first(live):
        planned = plan(
            each.schedule,
            each.nominal,
            each.at,
            now,
            around.offices_of(each),
            around.taken_for(each),
            at_most=_AT_MOST,
        )
        around.note(each, planned)
        plans.append((each, planned))
    again = _carry_out(store, plans, around, now, open_for)
    store.schedules.advance(
        (due.schedule.id, made.at, made.nominal)
        for due, made in plans
        if due.schedule.id not in again
    )
    return len(found)


def _checkins_first(found: list[Due]) -> list[Due]:
    return sorted(found, key=lambda each: each.schedule.kind is not ScheduleKind.CHECKIN)


@dataclass(slots=True)
class _Around:
    """What a batch of schedules depends on, read at once."""

    offices: dict[int, tuple[Office, ...]]
    taken: dict[int, set[date]]
    checkins: dict[int, date]
    """By partnership: the day of its next check-in, to which a digest yields."""
    asked: dict[int, dict[str, Any]]
    """By schedule: what the next check-in keeps of its question."""

    @classmethod
    def of(cls, store: "Store", found: list[Due], now: datetime) -> "_Around":
        if not found:
            return cls({}, {}, {}, {})
        ids = {each.schedule.partnership_id for each in found}
        since = min(each.nominal for each in found)
        until = local_day(now, "UTC") + 2 * LONGEST_MOVE
        offices = store.schedules.offices(ids, since, until)
        digests = {
            each.schedule.partnership_id
            for each in found
            if each.schedule.kind is ScheduleKind.DIGEST
        }
        checkins = {}
        if digests:
            expected = store.schedules.expected(digests, ScheduleKind.CHECKIN)
            checkins = {
                partnership: moved(local_day(at, zone), offices.get(partnership, ())).day
                for partnership, (at, zone) in expected.items()
            }
        asking = [each.schedule for each in found if each.schedule.kind is ScheduleKind.CHECKIN]
        return cls(offices, store.schedules.taken(ids, since), checkins, _asked(store, asking))

    def offices_of(self, due: Due) -> tuple[Office, ...]:
        return self.offices.get(due.schedule.partnership_id, ())

    def taken_for(self, due: Due) -> set[date]:
        partnership = due.schedule.partnership_id
        taken = self.taken.get(partnership, set())
        if due.schedule.kind is ScheduleKind.DIGEST and partnership in self.checkins:
            return taken | {self.checkins[partnership]}
        return taken

    def note(self, due: Due, made: Plan) -> None:
        """Remember the day that a post takes for those that are planned after it."""
        for each in made.passed:
            if each.fate is Fate.POSTED:
                day = local_day(each.at, due.schedule.zone)
                self.taken.setdefault(due.schedule.partnership_id, set()).add(day)


def _carry_out(
    store: "Store",
    plans: list[tuple[Due, Plan]],
    around: _Around,
    now: datetime,
    open_for: timedelta,
) -> set[int]:
    """Write what is planned; returns the schedules that have to be planned again, since somebody
    else took the day of their post after it was found free.
    """
    new: list[New] = []
    posts: list[tuple[Due, Passed]] = []
    for due, made in plans:
        for passed in made.passed:
            posted = passed.fate is Fate.POSTED and due.channel is not None and due.installed
            new.append(_new(due, passed, posted, around, open_for))
            if posted:
                posts.append((due, passed))
    written = store.schedules.write(new)
    for due, made in plans:
        for passed in made.passed:
            left_out = passed.fate is Fate.CLOSED and due.schedule.kind is ScheduleKind.CHECKIN
            if left_out and (due.schedule.id, passed.nominal) in written:
                no_common_day.tell(store, due.schedule.partnership_id, passed.nominal, now)
    posts = [(due, each) for due, each in posts if (due.schedule.id, each.nominal) in written]
    days = {
        due.schedule.id: (due.schedule.partnership_id, local_day(each.at, due.schedule.zone))
        for due, each in posts
    }  # a plan has one post at most
    free = store.schedules.take([(*days[due.schedule.id], due.schedule.kind) for due, _ in posts])
    again = {schedule for schedule, day in days.items() if day not in free}
    store.schedules.erase(
        [written[due.schedule.id, each.nominal] for due, each in posts if due.schedule.id in again]
    )
    posts = [(due, each) for due, each in posts if due.schedule.id not in again]
    recorded = store.messages.post_many(
        [
            Outgoing(
                due.installation_id,
                due.channel or "",
                _POST[due.schedule.kind],
                written[due.schedule.id, each.nominal],
                each.at + GRACE[due.schedule.kind],
            )
            for due, each in posts
        ],
        now,
    )
    store.schedules.point({subject: message for (_, subject), message in recorded.items()})
    return again


def _asked(store: "Store", found: Collection[Schedule]) -> dict[int, dict[str, Any]]:
    """By schedule of check-ins: the question whose turn it is; nothing for the usual ones."""
    if not found:
        return {}
    held = store.settings.held({each.partnership_id for each in found}, Setting.QUESTIONS)
    asking = [each for each in found if held.get(each.partnership_id)]
    if not asking:
        return {}
    last = store.schedules.last_details({each.id for each in asking})
    return {
        each.id: questions.turn(questions.from_json(held[each.partnership_id]), last.get(each.id))
        for each in asking
    }


def next_question(store: "Store", schedule: Schedule) -> dict[str, Any]:
    """What the next posting of a check-in keeps of its question."""
    return _asked(store, [schedule]).get(schedule.id, {})


def _new(due: Due, passed: Passed, posted: bool, around: _Around, open_for: timedelta) -> New:
    schedule, offices = due.schedule, around.offices_of(due)
    state = State.SKIPPED if passed.fate in {Fate.SKIPPED, Fate.CLOSED} else State.MISSED
    closes: datetime | None = None
    half: datetime | None = None
    detail: dict[str, Any] = {}
    if posted:
        state = _STATE[schedule.kind]
    if posted and schedule.kind is ScheduleKind.CHECKIN:
        closes = summed_up_at(passed.at, open_for, schedule.zone, offices)
        half = waited(passed.at, open_for / 2, schedule.zone, offices)
        detail |= around.asked.get(schedule.id, {})
        if because := closed_on(passed.nominal, offices):
            detail["because"] = [[each.organization, each.label] for each in because]
    return New(
        schedule_id=schedule.id,
        partnership_id=schedule.partnership_id,
        kind=schedule.kind,
        nominal=passed.nominal,
        at=passed.at,
        state=state,
        closes_at=closes,
        half_at=half,
        detail=detail,
    )
