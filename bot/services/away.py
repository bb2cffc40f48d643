"""The days on which somebody is away: noted, listed and taken back by that person alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import away as rules
from bot.domain.away import Away, Times
from bot.domain.errors import NotAllowed, NotPossible, Unclear
from bot.domain.people import Kind, Member, Person
from bot.domain.schedules import local_day
from bot.domain.undo import Undoable, What, built_on
from bot.services import replanning

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away on these days, both included."""

    key: str
    installation_id: int
    person: Person
    zone: str
    """The person's own, which says what day it is."""
    first: date
    last: date
    instead: int | None = None
    """A time away that this takes the place of."""


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody is back: today, on a day, or from one noted time that they take back."""

    key: str
    installation_id: int
    person: Person
    zone: str
    on: date | None = None
    away_id: int | None = None


def shown(store: "Store", installation_id: int, person: Person, zone: str, now: datetime) -> Times:
    """One's own times away, from today on. Only looks."""
    member = store.people.by_key(installation_id, person.team, person.user)
    today = local_day(now, zone)
    return Times(() if member is None else store.aways.of_member(member.id, today), today)


def leave(store: "Store", request: Leave, now: datetime) -> Times:
    """Note days; those that overlap or follow at once become one time away."""
    member = _member(store, request.installation_id, request.person, now)
    today = local_day(now, request.zone)
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return _times(store, member, today, _one(store, member, today, receipt["away"]))
    rules.checked(request.first, request.last, today)
    known = store.aways.of_member(member.id, today - timedelta(days=1))
    old = [each for each in known if each.id == request.instead]
    if request.instead is not None and not old:
        raise NotPossible("These days have changed since. Say “away” to see yours.")
    known = tuple(each for each in known if each not in old)
    joined = rules.touching(known, request.first, request.last)
    rules.check_room(len(known) - len(joined))
    first = min((request.first, *(each.first for each in joined)))
    last = max((request.last, *(each.last for each in joined)))
    if last - first > rules.LONGEST:
        raise Unclear("Together that is more than half a year. Please name fewer days.")
    _remember(store, member, today, request.key, now)
    store.aways.forget([each.id for each in (*old, *joined)])
    made = store.aways.add(member.id, first, last, now)
    replanning.of_person(store, member.id)
    store.deliveries.handled(request.key, now, {"away": made.id})
    return _times(store, member, today, made)


def back(store: "Store", request: Back, now: datetime) -> Times:
    """Take a time away back, or end it: with a day, that is the first day back.

    Raises NotPossible for who is not away, and is not going to be.
    """
    member = _member(store, request.installation_id, request.person, now)
    today = local_day(now, request.zone)
    if store.deliveries.receipt(request.key) is not None:
        return _times(store, member, today)
    known = store.aways.of_member(member.id, today)
    kept = None
    if request.away_id is not None:
        ended = _one(store, member, today, request.away_id)
        if ended is None:
            raise NotPossible("You have taken that back already, or it is over.")
        _remember(store, member, today, request.key, now)
        store.aways.forget([ended.id])
    else:
        day = request.on or today
        ended = next((each for each in known if each.covers(day)), None)
        if ended is None:
            raise NotPossible(
                "You are not away then, as far as I know."
                if request.on or not known
                else "You are not away today. Say “away” to see your days, and take one back there."
            )
        _remember(store, member, today, request.key, now)
        store.aways.forget([ended.id])
        if ended.first < day:
            kept = store.aways.add(member.id, ended.first, day - timedelta(days=1), now)
    replanning.of_person(store, member.id)
    store.deliveries.handled(request.key, now, {"away": None if kept is None else kept.id})
    return _times(store, member, today, ended)


def _member(store: "Store", installation_id: int, person: Person, now: datetime) -> Member:
    if person.kind in {Kind.BOT, Kind.GONE}:
        raise NotAllowed("Only people can do this.")
    return store.people.met(installation_id, person, now)


def _remember(store: "Store", member: Member, today: date, key: str, now: datetime) -> None:
    """Note one's days as they are, so that what comes next can be taken back."""
    since = today - timedelta(days=1)
    times = store.aways.of_member(member.id, since)
    store.undo.remember(
        What.AWAY,
        member.id,
        key=key,
        member_id=member.id,
        partnership_id=None,
        now=now,
        before={
            "since": since.isoformat(),
            "times": [[each.first.isoformat(), each.last.isoformat()] for each in times],
        },
    )


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Times:
    """One's days are as they were before."""
    if store.undo.did_more(deed) is not None:
        raise built_on(by, by, "")
    before = deed.before or {}
    since = date.fromisoformat(before["since"])
    store.aways.forget([each.id for each in store.aways.of_member(by.id, since)])
    for first, last in before["times"]:
        store.aways.add(by.id, date.fromisoformat(first), date.fromisoformat(last), now)
    replanning.of_person(store, by.id)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return _times(store, by, since + timedelta(days=1))


def edited(store: "Store", deed: Undoable) -> str | None:
    """The time away that an act noted, if it stands."""
    receipt = store.deliveries.receipt(deed.key) or {}
    times = store.aways.of_member(deed.by, date.fromisoformat((deed.before or {})["since"]))
    found = next((each.id for each in times if each.id == receipt.get("away")), None)
    return None if found is None else str(found)


def _one(store: "Store", member: Member, today: date, away_id: int) -> Away | None:
    known = store.aways.of_member(member.id, today)
    return next((each for each in known if each.id == away_id), None)


def _times(store: "Store", member: Member, today: date, changed: Away | None = None) -> Times:
    return Times(store.aways.of_member(member.id, today), today, changed)
