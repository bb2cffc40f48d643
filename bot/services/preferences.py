"""What a person chose for themselves, and when they may be written to unasked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound, Unclear
from bot.domain.people import Member, Person
from bot.domain.preferences import (
    DAYTIME,
    Chosen,
    Hours,
    Notice,
    Pause,
    Preferences,
    Spot,
    Times,
    check_zone,
    zone_of,
)
from bot.domain.undo import Undoable, What, built_on

if TYPE_CHECKING:
    from storage.store import Store

_BACK = timedelta(days=31)
"""Days off before today that still count: what was due on one of them is told after it."""

LONGEST_PAUSE = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants from now on; what is None stays as it is."""

    installation_id: int
    person: Person
    zone: str | None = None
    hours: Hours | None = None
    off: frozenset[Notice] | None = None
    """All that they do not want to hear of."""
    turn_off: frozenset[Notice] = frozenset()
    turn_on: frozenset[Notice] = frozenset()
    """What to add to that, or take out of it; the rest stays as somebody has it by then."""
    key: str | None = None
    """Of the delivery; None where it need not be possible to take it back."""


def times_of(store: "Store", member: Member, chosen: Preferences, now: datetime) -> Times:
    """When somebody may be written to: what they chose, else 9 to 17 in the zone that Slack
    tells, else their organization's, else that of a partnership of theirs.
    """
    return times_of_each(store, (member,), {member.id: chosen}, now)[member.id]


def times_of_each(
    store: "Store", members: Collection[Member], chosen: Mapping[int, Preferences], now: datetime
) -> dict[int, Times]:
    """``times_of`` by member, in as many queries as for one; whose zone nobody has told takes
    one more.
    """
    zones = {each.id: _zone(store, each, chosen[each.id]) for each in members}
    if not zones:
        return {}
    earliest = min(Times(zone).day(now) for zone in zones.values())
    days = store.aways.days_off(zones, earliest - _BACK)
    return {
        each: Times(zone, chosen[each].hours or DAYTIME, days[each]) for each, zone in zones.items()
    }


def _zone(store: "Store", member: Member, chosen: Preferences) -> str:
    organization = None if member.organization is None else member.organization.zone
    zone = chosen.zone or member.zone or organization
    if zone is None:
        zone = next((each.zone for each in store.partnerships.of_member(member.id)), None)
    return zone_of((zone,))


def shown(store: "Store", installation_id: int, person: Person, now: datetime) -> Chosen:
    """A person's settings, for themselves. Only looks."""
    member = store.people.by_key(installation_id, person.team, person.user)
    if member is None:
        zone = zone_of((person.zone,))
        return Chosen(None, Preferences(), Times(zone), Times(zone).day(now), ())
    return _chosen(store, member, now)


def _chosen(store: "Store", member: Member, now: datetime) -> Chosen:
    chosen = store.preferences.of_member(member.id)
    times = times_of(store, member, chosen, now)
    today = times.day(now)
    held = tuple(each for each in chosen.pauses if each.until is None or today < each.until)
    return Chosen(
        member=member,
        preferences=replace(chosen, pauses=held),
        times=times,
        today=today,
        spots=tuple(
            Spot(each.id, each.name, each.channel)
            for each in store.partnerships.of_member(member.id)
            if each.channel is not None
        ),
    )


def choose(store: "Store", wish: Wish, now: datetime) -> Chosen:
    """Somebody chooses their zone, hours, or what they want to hear of.

    Raises Unclear for a zone that there is not.
    """
    member = store.people.met(wish.installation_id, wish.person, now)
    if _handled(store, wish.key):
        return _chosen(store, member, now)
    known = store.preferences.of_member(member.id)
    chosen = replace(
        known,
        zone=known.zone if wish.zone is None else check_zone(wish.zone),
        hours=known.hours if wish.hours is None else wish.hours,
        off=((known.off if wish.off is None else wish.off) | wish.turn_off) - wish.turn_on,
    )
    if chosen != known:
        _remember(store, member, wish.key, now)
        store.preferences.choose(member.id, chosen, now)
    return _anew(store, member, now)


def pause(
    store: "Store",
    installation_id: int,
    person: Person,
    spot: str | None,
    until: date | None,
    now: datetime,
    *,
    key: str | None = None,
    instead: str | None = None,
) -> Chosen:
    """No reminders for somebody: of one partnership (its channel or its name) or of any.

    ``key`` is as in ``Wish``; ``instead`` is a pause that this takes the place of: the id of its
    partnership, or empty for that of all.
    """
    member = store.people.met(installation_id, person, now)
    known = _chosen(store, member, now)
    if _handled(store, key):
        return known
    if until is not None and not known.today < until <= known.today + LONGEST_PAUSE:
        raise Unclear("Until which day? Name one from tomorrow on, within two years.")
    rest = Pause(_meant(known, spot), until)
    _remember(store, member, key, now)
    kept = known.preferences.pauses
    if instead is not None and (spot or "") != instead:
        kept = tuple(each for each in kept if str(each.partnership_id or "") != instead)
        _put_pauses(store, member, kept, now)
    store.preferences.pause(member.id, rest, now)
    return _anew(store, member, now)


def resume(
    store: "Store",
    installation_id: int,
    person: Person,
    spot: str | None,
    now: datetime,
    *,
    key: str | None = None,
) -> Chosen:
    """Reminders again: of one partnership, or of all. ``key`` is as in ``Wish``."""
    member = store.people.met(installation_id, person, now)
    known = _chosen(store, member, now)
    if _handled(store, key):
        return known
    meant = _meant(known, spot)
    if any(meant in {None, each.partnership_id} for each in known.preferences.pauses):
        _remember(store, member, key, now)
    store.preferences.resume(member.id, meant)
    return _anew(store, member, now)


def _handled(store: "Store", key: str | None) -> bool:
    return key is not None and store.deliveries.receipt(key) is not None


def _remember(store: "Store", member: Member, key: str | None, now: datetime) -> None:
    """Note somebody's settings as they are, so that what comes next can be taken back."""
    if key is None:
        return
    held = store.preferences.of_member(member.id)
    hours = held.hours
    store.undo.remember(
        What.PREFERENCES,
        member.id,
        key=key,
        member_id=member.id,
        partnership_id=None,
        now=now,
        before={
            "zone": held.zone,
            "hours": None if hours is None else [f"{hours.start:%H:%M}", f"{hours.end:%H:%M}"],
            "off": sorted(held.off),
            "pauses": [
                [each.partnership_id, None if each.until is None else each.until.isoformat()]
                for each in held.pauses
            ],
        },
    )
    store.deliveries.handled(key, now)


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Chosen:
    """One's settings are as they were before."""
    if store.undo.did_more(deed) is not None:
        raise built_on(by, by, "")
    before = deed.before or {}
    hours = None
    if before["hours"] is not None:
        hours = Hours(*(time.fromisoformat(each) for each in before["hours"]))
    off = frozenset(Notice(each) for each in before["off"])
    store.preferences.choose(by.id, Preferences(before["zone"], hours, off), now)
    pauses = [
        Pause(spot, None if until is None else date.fromisoformat(until))
        for spot, until in before["pauses"]
    ]
    _put_pauses(store, by, pauses, now)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return _anew(store, by, now)


def edited(store: "Store", deed: Undoable) -> str | None:
    """The pause that an act began, as the button of its *Edit* names it; None for other acts."""
    before = deed.before or {}
    known = {tuple(each) for each in before["pauses"]}
    for each in store.preferences.of_member(deed.by).pauses:
        until = None if each.until is None else each.until.isoformat()
        if (each.partnership_id, until) not in known:
            return str(each.partnership_id or "")
    return None


def _put_pauses(store: "Store", member: Member, pauses: Collection[Pause], now: datetime) -> None:
    """These pauses in the place of all that somebody has."""
    store.preferences.resume(member.id, None)
    for each in pauses:
        store.preferences.pause(member.id, each, now)


def _meant(known: Chosen, spot: str | None) -> int | None:
    """The partnership that somebody named: by its id, its channel or its name."""
    if spot is None:
        return None
    name = spot.removeprefix("#").casefold()
    found: Mapping[int, Spot] = {
        each.partnership_id: each
        for each in known.spots
        if spot in {str(each.partnership_id), each.channel} or each.name.casefold() == name
    }
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise Unclear("Several channels have that name. Choose it from Slack's suggestions.")
    raise NotFound("You share no channel of that name with me.")


def _anew(store: "Store", member: Member, now: datetime) -> Chosen:
    """How it stands after a choice; nothing of today is told anew because of it."""
    found = _chosen(store, member, now)
    store.reminders.begin_afresh(member.id, found.today)
    store.held.look_again([member.id], now)
    return found
