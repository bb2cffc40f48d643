"""An organization's calendar: what its own people put in, and the closed days that follow.

Holidays and calendar files are worked out years ahead, and a tick goes on with that. Each change is
in the history of every partnership that the organization takes part in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain import closed_days as rules
from bot.domain.closed_days import Calendar, Closing, Holidays, Source
from bot.domain.errors import NotAllowed, NotPossible, OutOfDate
from bot.domain.partnerships import Step
from bot.domain.people import Kind, Member, Person
from bot.domain.schedules import local_day
from bot.domain.undo import What
from bot.services import calendar_files, public_holidays, replanning

if TYPE_CHECKING:
    from storage.store import Store

_SHOWN = timedelta(days=400)
"""How far ahead closed days are told."""

_AHEAD = timedelta(days=4 * 366)
"""Less than this worked out ahead, and the tick goes on; due dates may be five years away."""

Ready = Mapping[int, Mapping[date, str]]
"""The days of entries that are kept, by the entry's id: see ``work_out``."""


@dataclass(frozen=True, slots=True)
class Close:
    """Somebody puts something into their organization's calendar."""

    key: str
    installation_id: int
    person: Person
    source: Source
    zone: str
    """The person's own, which says what day it is."""
    first: date | None = None
    last: date | None = None
    label: str = ""
    detail: Mapping[str, Any] | None = None
    days: Mapping[date, str] | None = None
    """Of holidays and files: worked out before, since that takes long."""
    ready: Ready = field(default_factory=dict)
    instead: int | None = None
    """An entry that this takes the place of."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody takes something out of their organization's calendar."""

    key: str
    installation_id: int
    person: Person
    closing_id: int
    zone: str
    ready: Ready = field(default_factory=dict)


def own(
    store: "Store", installation_id: int, person: Person, now: datetime | None = None
) -> Member:
    """Somebody who may speak for their organization's calendar; raises NotAllowed.

    With ``now`` somebody new is met. A guest who has not said where they belong has none.
    """
    if person.kind in {Kind.BOT, Kind.GONE}:
        raise NotAllowed("Only people can do this.")
    if now is None:
        member = store.people.by_key(installation_id, person.team, person.user) or _colleague(
            store, installation_id, person
        )
    else:
        member = store.people.met(installation_id, person, now)
    if member is None or member.organization is None:
        raise NotAllowed(
            "I don't know yet which organization you are with. Say it in a channel that we share: "
            "mention me there and write: with YOUR ORGANIZATION. Then try again."
        )
    return member


def _colleague(store: "Store", installation_id: int, person: Person) -> Member | None:
    """Somebody whom we have not met, of an organization that we have."""
    if person.kind is not Kind.FULL:
        return None
    organization = store.people.organization_of_team(installation_id, person.team)
    return Member(0, person.team, person.user, person.name, person.kind, organization, person.zone)


def shown(
    store: "Store", installation_id: int, person: Person, zone: str, now: datetime
) -> Calendar:
    """The calendar of one's own organization. Only looks."""
    return _calendar(store, own(store, installation_id, person), local_day(now, zone))


def close(store: "Store", request: Close, now: datetime) -> Calendar:
    """Put own dates, holidays, a calendar file or an exception into the calendar."""
    member = own(store, request.installation_id, request.person, now)
    organization = _organization(member)
    today = local_day(now, request.zone)
    if store.deliveries.receipt(request.key) is not None:
        return _calendar(store, member, today)
    known = store.closed_days.entries(organization)
    gone = [entry for entry in known if entry.id == request.instead]
    if request.instead is not None and not gone:
        raise OutOfDate("That is not in your calendar any more. Say “closed” to see what is.")
    if len(known) - len(gone) >= rules.MOST:
        raise NotPossible(
            f"The calendar holds {rules.MOST} entries at most. Take out what is over first."
        )
    label = request.label
    if request.first is not None and request.last is not None:
        label = rules.checked(request.first, request.last, today, label)
    for old in known:
        if _same(old, request, label):
            raise NotPossible("That is in your calendar already. Nothing has changed.")
        if old.source is Source.HOLIDAYS and _same_country(old, request) and old not in gone:
            gone.append(old)  # the same country, chosen anew
    for old in gone:
        store.closed_days.remove(old.id)
    made = store.closed_days.add(
        organization,
        request.source,
        label,
        set_by=member.id,
        now=now,
        known_until=rules.horizon(today),
        first=request.first,
        last=request.last,
        detail=request.detail,
    )
    made_ready = {} if request.days is None else {made.id: request.days}
    _remember(store, member, request.key, added=(made,), removed=gone, now=now)
    store.deliveries.handled(request.key, now, {"closing": made.id})
    out = {each.id for each in gone}  # whose ids may be others' now
    kept = {each: days for each, days in request.ready.items() if each not in out}
    ready = {**kept, **made_ready}
    return changed(store, member, today, ready, (made,), "added", now)


def remove(store: "Store", request: Remove, now: datetime) -> Calendar:
    """Take an entry out; the days that are past stay in what was worked out from them."""
    member = own(store, request.installation_id, request.person, now)
    today = local_day(now, request.zone)
    if store.deliveries.receipt(request.key) is not None:
        return _calendar(store, member, today)
    entry = store.closed_days.by_id(request.closing_id)
    if entry.organization_id != _organization(member):
        raise NotAllowed("Only people of that organization can change its calendar.")
    store.closed_days.remove(entry.id)
    _remember(store, member, request.key, added=(), removed=(entry,), now=now)
    store.deliveries.handled(request.key, now, {"closing": entry.id})
    return changed(store, member, today, request.ready, (entry,), "removed", now)


def changed(
    store: "Store",
    member: Member,
    today: date,
    ready: Ready,
    entries: Iterable[Closing],
    what: str,
    now: datetime,
) -> Calendar:
    """The calendar after these entries were ``added`` or ``removed``: its days worked out anew,
    and the change written down.
    """
    _write(store, _organization(member), today, ready)
    for entry in entries:
        _record(store, member, entry, what, now)
    return _calendar(store, member, today)


def reopen(
    store: "Store", request: Close, now: datetime
) -> tuple[Calendar, tuple[rules.Named, ...]]:
    """Open on these days after all: own dates that lie within go, others get an exception.

    Returns the days that are open now and were not. Raises OutOfDate where all were open.
    """
    member = own(store, request.installation_id, request.person, now)
    organization = _organization(member)
    today = local_day(now, request.zone)
    if request.first is None or request.last is None:
        raise OutOfDate("Which days do you mean?")
    if store.deliveries.receipt(request.key) is not None:
        return _calendar(store, member, today), ()
    rules.checked(request.first, request.last, today, "")
    closed = store.closed_days.days(organization, max(request.first, today), request.last)
    if not closed:
        raise OutOfDate("You are not closed then, as far as I know. Nothing has changed.")
    gone, added = [], []
    for entry in store.closed_days.entries(organization):
        first, last = entry.first, entry.last
        if (
            entry.source is Source.OWN
            and first is not None
            and last is not None
            and request.first <= first
            and last <= request.last
        ):
            store.closed_days.remove(entry.id)
            _record(store, member, entry, "removed", now)
            gone.append(entry)
    _write(store, organization, today, request.ready)
    if store.closed_days.days(organization, max(request.first, today), request.last):
        made = store.closed_days.add(
            organization,
            Source.OPEN,
            "",
            set_by=member.id,
            now=now,
            known_until=rules.horizon(today),
            first=request.first,
            last=request.last,
        )
        _write(store, organization, today, request.ready)
        _record(store, member, made, "added", now)
        added.append(made)
    _remember(store, member, request.key, added=added, removed=gone, now=now)
    store.deliveries.handled(request.key, now, {"organization": organization})
    return _calendar(store, member, today), rules.grouped(closed)


def kept(store: "Store", installation_id: int, person: Person) -> tuple[Closing, ...]:
    """What is in the calendar of somebody's organization; nothing where they have none."""
    member = store.people.by_key(installation_id, person.team, person.user) or _colleague(
        store, installation_id, person
    )
    if member is None or member.organization is None:
        return ()
    return store.closed_days.entries(member.organization.id)


def work_out(entries: Iterable[Closing], today: date) -> Ready:
    """The days of these from a day on. It may take seconds: nothing may wait for it."""
    return {entry.id: _days(entry, today, rules.horizon(today)) for entry in entries}


def coming(store: "Store", organization: int, today: date) -> tuple[rules.Named, ...]:
    """The closed days of about a year, from today on."""
    return rules.grouped(store.closed_days.days(organization, today, today + _SHOWN))


def ending(store: "Store", now: datetime) -> tuple[int, tuple[Closing, ...]] | None:
    """An organization whose calendar ends too soon, with what is in it; None if there is none."""
    found = store.closed_days.ending(local_day(now, "UTC") + _AHEAD, 1)
    return (found[0], store.closed_days.entries(found[0])) if found else None


def go_on(store: "Store", organization: int, ready: Ready, now: datetime) -> None:
    """Keep another year of a calendar; ``ready`` are the days of its entries, worked out before
    from the same day on, since that takes long. What was added meanwhile is worked out here.
    """
    today = local_day(now, "UTC")
    _write(store, organization, today, ready)
    for entry in store.closed_days.entries(organization):
        store.closed_days.worked_out(entry.id, rules.horizon(today))


def next_end(store: "Store") -> datetime | None:
    """When the tick has to go on; None where nobody has a calendar."""
    soonest = store.closed_days.soonest_end()
    if soonest is None:
        return None
    return datetime.fromisoformat(f"{soonest - _AHEAD + timedelta(days=1)}T00:00:00+00:00")


def _write(
    store: "Store",
    organization: int,
    today: date,
    ready: Ready | None = None,
) -> None:
    """Work the closed days out anew, from today on; ``ready`` are those of an entry by its id."""
    since, until = today, rules.horizon(today)
    known = ready or {}
    parts = [
        (entry.source, known[entry.id] if entry.id in known else _days(entry, since, until))
        for entry in store.closed_days.entries(organization)
    ]
    store.closed_days.write(organization, since, rules.closed_days(parts))
    replanning.of_organization(store, organization)


def _days(entry: Closing, since: date, until: date) -> Mapping[date, str]:
    """The days of one entry."""
    if entry.source is Source.HOLIDAYS:
        return public_holidays.days(holidays_of(entry), since, until)
    if entry.source is Source.FILE:
        return calendar_files.days_of(entry.detail["text"], since, until)
    if entry.first is None or entry.last is None:
        return {}
    return dict.fromkeys(rules.span(entry.first, entry.last), entry.label)


def holidays_of(entry: Closing) -> Holidays:
    """Which holidays an entry means."""
    return Holidays(
        entry.detail["country"], entry.detail["subdivision"], tuple(entry.detail["categories"])
    )


def detail_of(which: Holidays) -> dict[str, Any]:
    """The same as an entry keeps it."""
    return {
        "country": which.country,
        "subdivision": which.subdivision,
        "categories": list(which.categories),
    }


def _same(old: Closing, request: Close, label: str) -> bool:
    return (
        old.source is request.source
        and (old.first, old.last) == (request.first, request.last)
        and (request.source is Source.OPEN or old.label == label)
        and dict(old.detail) == dict(request.detail or {})
    )


def _same_country(old: Closing, request: Close) -> bool:
    return request.source is Source.HOLIDAYS and old.detail["country"] == (
        request.detail or {}
    ).get("country")


def _calendar(store: "Store", member: Member, today: date) -> Calendar:
    organization = _organization(member)
    return Calendar(
        organization_id=organization,
        name="" if member.organization is None else member.organization.name,
        weekdays=store.closed_days.weekdays(organization),
        entries=tuple(
            entry
            for entry in store.closed_days.entries(organization)
            if entry.last is None or entry.last >= today
        ),
        days=coming(store, organization, today),
        today=today,
    )


def _organization(member: Member) -> int:
    if member.organization is None:
        raise NotAllowed("I don't know yet which organization you are with.")
    return member.organization.id


def _remember(
    store: "Store",
    member: Member,
    key: str,
    *,
    added: Iterable[Closing],
    removed: Iterable[Closing],
    now: datetime,
) -> None:
    """Note what was put in and taken out, so that it can be taken back (``undo_days``)."""
    store.undo.remember(
        What.CLOSED_DAYS,
        _organization(member),
        key=key,
        member_id=member.id,
        partnership_id=None,
        now=now,
        before={
            "added": [each.id for each in added],
            "removed": [_plain(each) for each in removed],
        },
    )


def _plain(entry: Closing) -> dict[str, Any]:
    return {
        "source": entry.source.value,
        "label": entry.label,
        "first": None if entry.first is None else entry.first.isoformat(),
        "last": None if entry.last is None else entry.last.isoformat(),
        "detail": dict(entry.detail),
        "known_until": entry.known_until.isoformat(),
        "set_by": entry.set_by,
        "set_at": entry.set_at.isoformat(),
    }


def _record(store: "Store", member: Member, entry: Closing, what: str, now: datetime) -> None:
    """Write down, wherever the organization takes part, that something changed; not which days."""
    organization = _organization(member)
    for partnership in store.partnerships.of_organization(organization):
        store.partnerships.record(
            partnership.id,
            Step.CLOSED_DAYS,
            now,
            member=member.id,
            organization=organization,
            detail={"what": what, "source": entry.source.value},
        )
