"""Reminders at work: whose turn it is, what they are told, and what became of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain import reminders as days
from bot.domain.commitments import AGREED, Commitment
from bot.domain.errors import Unclear
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.domain.preferences import Notice, Preferences, Times
from bot.domain.reminders import (
    LONG_OVERDUE,
    SNOOZE_LIMIT,
    Candidate,
    Kept,
    Line,
    PutOff,
    Reminder,
    Told,
    Turn,
)
from bot.domain.undo import Undoable, What, built_on
from bot.services import commitments, held, nudges
from bot.services.commitments import Which
from bot.services.preferences import times_of

if TYPE_CHECKING:
    from storage.store import Store

AT_ONCE = 1
"""People in one transaction, which holds up all others for so long: some twenty queries each, and
more for somebody with check-ins in many channels.
"""

LINES = 10
"""Things in one message; each is a paragraph and a row of buttons of Slack's 50 blocks."""

LED = 50
"""Of what is long overdue, so much is looked at for one lead."""

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


def remind(store: "Store", now: datetime, limit: int) -> int:
    """Look at the people whose turn it is, and tell them what there is to tell. A tick."""
    turns = store.reminders.due(now, min(limit, AT_ONCE))
    for turn in turns:
        _look_at(store, turn, now)
    return len(turns)


def _look_at(store: "Store", turn: Turn, now: datetime) -> None:
    """Have somebody's turn."""
    member = store.people.by_id(turn.member_id)
    chosen = store.preferences.of_member(member.id)
    times = times_of(store, member, chosen, now)
    today = times.day(now)
    found = store.reminders.candidates(member)
    _tell_leads(store, found, today, now)
    found += store.reminders.led(member, today - LONG_OVERDUE + _DAY, LED)
    if not found:
        store.reminders.rest(member.id)
        return
    last = turn.day
    told = False
    if times.may_disturb(now) and member.kind in {PersonKind.FULL, PersonKind.GUEST}:
        since = _last_turn(store, turn, today)
        told = _remind(store, member, turn.installation_id, found, chosen, times, since, now)
        last = today
    items = tuple(each.item(times) for each in found)
    at = days.next_look(items, chosen, last or today - _DAY, times, now) or now + _WEEK
    if told:  # looked after on the next day: it may not have reached them
        at = min(at, next((times.begins(day) for day in times.open_days(today + _DAY)), at))
    at = times.good_moment(at) or now + _WEEK
    store.reminders.expect(member.id, at if at > now else now + _DAY, last)


def _last_turn(store: "Store", turn: Turn, today: date) -> date:
    """The day up to which somebody was told everything. What did not reach them counts not."""
    if turn.day is None:
        return today - _DAY
    kept = store.reminders.of_day(turn.member_id, turn.day)
    message = None if kept is None else kept.message_id
    if message is not None and held.in_vain(store, message):
        return turn.day - _DAY
    return turn.day


def _tell_leads(store: "Store", found: Iterable[Candidate], today: date, now: datetime) -> None:
    """Have those looked at who lead the organizations whose things are long overdue."""
    long = [
        each.commitment_id
        for each in found
        if each.notice is Notice.DUE and each.due is not None and today - each.due >= LONG_OVERDUE
    ]
    if long:
        for lead in store.reminders.leads_of(long):
            store.reminders.bring_in(lead, now)


def _remind(
    store: "Store",
    member: Member,
    installation_id: int,
    found: Iterable[Candidate],
    chosen: Preferences,
    times: Times,
    since: date,
    now: datetime,
) -> bool:
    """Tell somebody of what has its day today, if anything has, in one message."""
    today = times.day(now)
    here = days.wanted((each.item(times) for each in found if each.here), chosen, today)
    due = days.reasons(here, since, today, times)
    if not due:
        return False
    had = nudges.told_today(store, member.id, times, now)
    due = tuple(each for each in due if each.commitment_id not in had)
    checkins = nudges.of_today(store, member.id, chosen, times, now) if due else ()
    asked = {line.commitment.id for _, each in checkins for line in each.lines if line.answerable}
    due = tuple(each for each in due if each.commitment_id not in asked)
    if not due:
        return False  # all of it stands in what reminds them of their check-ins
    items = days.in_order(due, today)[:LINES]
    reminder_id = store.reminders.add(
        member.id,
        today,
        [Told(each.commitment_id, each.about(today), each.version) for each in items],
        len(due) - len(items),
    )
    if reminder_id is None:
        return False
    message = store.messages.direct(
        installation_id,
        member.id,
        Kind.REMINDER,
        reminder_id,
        now=now,
        once=f"reminder:{reminder_id}",
    )
    store.reminders.point(reminder_id, message)
    if checkins:
        store.nudges.tell([nudge.id for nudge, _ in checkins], message)
    return True


# What a reminder shows


def shown(store: "Store", reminder_id: int, now: datetime) -> Reminder | None:
    """A reminder as it stands now.

    None where it has not reached the person and should not any more: its day or their hours are
    over, or nothing in it asks for anything.
    """
    kept = store.reminders.by_id(reminder_id)
    member = store.people.by_id(kept.member_id)
    times = times_of(store, member, store.preferences.of_member(member.id), now)
    today = times.day(now)
    sent = kept.message_id is not None and store.messages.by_id(kept.message_id).ts is not None
    if not sent and (today != kept.day or not times.may_disturb(now)):
        return None
    lines = tuple(_lines(store, kept, member, today))
    asked = () if kept.message_id is None else nudges.asked_in(store, kept.message_id, now)
    if not sent:
        lines = tuple(each for each in lines if each.waits)
        if not lines and not asked:
            return None
    return Reminder(kept.id, member, today, lines, kept.more, sent, asked)


def _lines(store: "Store", kept: Kept, member: Member, today: date) -> Iterable[Line]:
    snoozed = store.reminders.snoozed(member.id, [each.commitment_id for each in kept.items])
    for told in kept.items:
        commitment = store.commitments.find(told.commitment_id)
        if commitment is None:
            continue
        until = snoozed.get(commitment.id)
        until = until if until is not None and until > today else None
        yield Line(
            commitment=rules.seen_by(commitment, member),
            notice=told.notice,
            waits=until is None and _asks(commitment, told, member, today),
            snoozed=until,
        )


def _asks(commitment: Commitment, told: Told, member: Member, today: date) -> bool:
    """Whether it still asks this person for what it asked for when the reminder was made."""
    if not commitment.place.live or commitment.at_issue.version != told.version:
        return False
    if told.notice is Notice.ANSWER:
        return rules.waits_for(commitment) is rules.side_of(commitment, member)
    if commitment.state not in AGREED:
        return False
    if told.notice is Notice.LEAD:
        due = commitment.terms.due
        return due is not None and today - due >= LONG_OVERDUE
    return commitment.owner.id == member.id


def channels(value: Reminder) -> frozenset[str]:
    """Every channel that a reminder speaks of."""
    places = (each.commitment.place.channel for each in value.lines)
    asked = frozenset(each.channel for each in value.asked)
    return asked | frozenset(place for place in places if place is not None)


def within(value: Reminder, readable: frozenset[str]) -> Reminder | None:
    """A reminder of these channels alone: nobody is reminded of what they cannot see any more.

    None where nothing is left to send.
    """
    lines = tuple(each for each in value.lines if each.commitment.place.channel in readable)
    asked = tuple(each for each in value.asked if each.channel in readable)
    if not lines and not asked and not value.sent:
        return None
    return replace(value, lines=lines, asked=asked)


# What people do about it


def put_off_form(store: "Store", which: Which, person: Person) -> Commitment:
    """The commitment that somebody wants to hear of later, as they may see it.

    As for other forms, in one reading: raises NotAllowed for who was not seen in its channel.
    """
    commitment = commitments.find(store, which)
    known = commitments.known_here(store, commitment.place.partnership_id)
    commitments.check_known(known, person)
    member = store.people.by_key(which.installation_id, person.team, person.user)
    return rules.seen_by(commitment, member)


def snooze(
    store: "Store",
    which: Which,
    person: Person,
    until: date,
    now: datetime,
    *,
    key: str | None = None,
) -> tuple[Commitment, date]:
    """Somebody does not want to hear of a commitment before a day. ``key`` is of the delivery;
    None where it need not be possible to take it back.

    Raises NotFound, and Unclear for a day that is not ahead.
    """
    commitment = commitments.find(store, which)
    if key is not None and store.deliveries.receipt(key) is not None:
        return commitment, until  # they may have taken it back since
    member = store.people.met(which.installation_id, person, now)
    times = times_of(store, member, store.preferences.of_member(member.id), now)
    today = times.day(now)
    if not today < until <= today + SNOOZE_LIMIT:
        raise Unclear("Until which day? Name one from tomorrow on, within a year.")
    if key is not None:
        held = store.reminders.snoozed(member.id, [commitment.id]).get(commitment.id)
        store.undo.remember(
            What.LATER,
            commitment.id,
            key=key,
            member_id=member.id,
            partnership_id=commitment.place.partnership_id,
            now=now,
            before={"until": None if held is None else held.isoformat()},
        )
        store.deliveries.handled(key, now)
    store.reminders.snooze(member.id, commitment.id, until)
    store.reminders.bring_forward(member.id)
    return commitment, until


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> PutOff:
    """They hear of it as before."""
    if store.undo.did_more(deed, by=by.id) is not None:
        raise built_on(by, by, "")
    held = (deed.before or {})["until"]
    until = None if held is None else date.fromisoformat(held)
    store.reminders.snooze(by.id, deed.subject, until)
    store.reminders.bring_forward(by.id)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return PutOff(rules.seen_by(store.commitments.by_id(deed.subject), by), until)
