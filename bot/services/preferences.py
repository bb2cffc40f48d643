"""What a person chose for themselves, and when they may be written to unasked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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


def good_moment(
    store: "Store", member_id: int, notice: Notice, partnership_id: int, now: datetime
) -> datetime | None:
    """When somebody may be told something of a partnership unasked: now, or at the next moment
    that suits them. None if they do not want to hear of such things then.
    """
    member = store.people.by_id(member_id)
    chosen = store.preferences.of_member(member_id)
    times = times_of(store, member, chosen, now)
    found = times.good_moment(now)
    if found is None or not chosen.wants(notice, partnership_id, times.day(found)):
        return None
    return found


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
    known = store.preferences.of_member(member.id)
    chosen = replace(
        known,
        zone=known.zone if wish.zone is None else check_zone(wish.zone),
        hours=known.hours if wish.hours is None else wish.hours,
        off=known.off if wish.off is None else wish.off,
    )
    if chosen != known:
        store.preferences.choose(member.id, chosen, now)
    return _anew(store, member, now)


def pause(
    store: "Store",
    installation_id: int,
    person: Person,
    spot: str | None,
    until: date | None,
    now: datetime,
) -> Chosen:
    """No reminders for somebody: of one partnership (its channel or its name) or of any."""
    member = store.people.met(installation_id, person, now)
    known = _chosen(store, member, now)
    if until is not None and not known.today < until <= known.today + LONGEST_PAUSE:
        raise Unclear("Until which day? Name one from tomorrow on, within two years.")
    store.preferences.pause(member.id, Pause(_meant(known, spot), until), now)
    return _anew(store, member, now)


def resume(
    store: "Store", installation_id: int, person: Person, spot: str | None, now: datetime
) -> Chosen:
    """Reminders again: of one partnership, or of all."""
    member = store.people.met(installation_id, person, now)
    store.preferences.resume(member.id, _meant(_chosen(store, member, now), spot))
    return _anew(store, member, now)


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
