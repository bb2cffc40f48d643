"""What a partnership is for, who is expected, and its rhythm.

Before the start anybody who takes part sets it at once. Afterwards a change is announced and
begins after five open days, unless somebody objects.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain import partnerships as rules
from bot.domain.errors import BotError, NotPossible, OutOfDate
from bot.domain.open_days import after
from bot.domain.partnerships import (
    OBJECTION_DAYS,
    Change,
    Participation,
    Partnership,
    Setting,
    State,
    Step,
)
from bot.domain.people import Person
from bot.domain.rhythm import Rhythm
from bot.domain.schedules import instant, local_day
from bot.domain.welcome import Arranged
from bot.services import beginning, partnerships, schedules

if TYPE_CHECKING:
    from storage.store import Store

LONGEST_PURPOSE = 3000
"""Letters, so that a modal can show it again whole (a limit of Slack's text inputs)."""

MOST_EXPECTED = 20
"""Organizations that can be listed as expected at a time."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What somebody wants to set. None leaves a thing as it is."""

    key: str
    installation_id: int
    partnership_id: int
    person: Person
    purpose: str | None = None
    expected: tuple[str, ...] | None = None
    """Names of organizations that are to come: all of them, so one left out is not expected."""
    checkin: Rhythm | None = None
    digest: Rhythm | None = None
    zone: str | None = None
    version: int | None = None
    """Of the setup that the person saw; None where they saw none."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody does not want an announced change."""

    key: str
    installation_id: int
    channel: str
    person: Person
    change_id: int


def rhythms(store: "Store", partnership_id: int) -> tuple[Rhythm, Rhythm]:
    """The rhythms of check-in and digest that hold: as set, else the defaults."""
    held = store.settings.of(partnership_id)
    return _rhythm(held, Setting.CHECKIN, rules.CHECKIN), _rhythm(
        held, Setting.DIGEST, rules.DIGEST
    )


def arranged(
    store: "Store", partnership: Partnership, changed: frozenset[Setting] = frozenset()
) -> Arranged:
    """How a partnership is set up."""
    checkin, digest = rhythms(store, partnership.id)
    participations = store.partnerships.organizations(partnership.id)
    return Arranged(
        partnership=partnership,
        checkin=checkin,
        digest=digest,
        participations=participations,
        expected=tuple(each.organization.name for each in _empty(store, participations)),
        announced=store.settings.announced(partnership.id),
        version=store.settings.version(partnership.id),
        changed=changed,
    )


def shown(store: "Store", installation_id: int, channel: str | None) -> Arranged:
    """How the partnership of a channel is set up."""
    return arranged(store, partnerships.here(store, installation_id, channel))


def opened(store: "Store", installation_id: int, partnership_id: int) -> Arranged:
    """How a partnership is set up, for a form that a button opens."""
    return arranged(store, partnerships.live(store, installation_id, partnership_id))


def set_up(store: "Store", request: SetUp, now: datetime) -> Arranged:
    """Set what is new; after the start, announce it."""
    partnership = partnerships.live(store, request.installation_id, request.partnership_id)
    if store.deliveries.receipt(request.key) is not None:
        return arranged(store, partnership)
    act = partnerships.acting_in(store, partnership, request.person, now)
    if request.version not in {None, store.settings.version(partnership.id)}:
        raise OutOfDate(
            "Somebody has changed the setup since you opened this. Copy what you wrote, close "
            "this and open it again."
        )
    checkin, digest = rhythms(store, partnership.id)
    wanted: dict[Setting, Any] = {}
    if (
        request.purpose is not None
        and (purpose := _purpose(request.purpose)) != partnership.purpose
    ):
        wanted[Setting.PURPOSE] = purpose
    if request.zone is not None and request.zone != partnership.zone:
        wanted[Setting.ZONE] = _zone(request.zone)
    if request.checkin is not None and request.checkin != checkin:
        wanted[Setting.CHECKIN] = rules.to_json(request.checkin)
    if request.digest is not None and request.digest != digest:
        wanted[Setting.DIGEST] = rules.to_json(request.digest)
    if partnership.state is State.BEGINNING:
        partnership = _set_now(store, partnership, act.member.id, wanted, now)
    else:
        _announce(store, partnership, act.member.id, wanted, now)
    if request.expected is not None:
        partnership = _expect(store, partnership, act.member.id, request.expected, now)
    partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    at_once = frozenset(wanted) if partnership.state is State.BEGINNING else frozenset[Setting]()
    return arranged(store, partnership, at_once)


def object_to(store: "Store", request: Objection, now: datetime) -> Change:
    """Somebody objects to an announced change: it does not take effect."""
    partnership = partnerships.here(store, request.installation_id, request.channel)
    change = store.settings.by_id(request.change_id)
    if store.deliveries.receipt(request.key) is not None:
        return change
    act = partnerships.acting_in(store, partnership, request.person, now)
    if change.partnership_id != partnership.id:
        raise OutOfDate("This change belongs to another channel. Object to it there.")
    if change.objected_by is not None:
        raise OutOfDate("Somebody objected to this already, so it does not take effect.")
    if change.applied_at is not None:
        raise NotPossible(
            "This has taken effect already. Open the setup again to suggest something else."
        )
    store.settings.objected(change.id, act.member.id)
    say_again(store, partnership, change, now)
    partnerships.note(
        store,
        partnership,
        Step.OBJECTED,
        now,
        member=act.member.id,
        organization=act.participation.organization.id,
        detail={"setting": change.id},
    )
    store.deliveries.handled(request.key, now, {"setting": change.id})
    return store.settings.by_id(change.id)


def apply_due(store: "Store", now: datetime, limit: int) -> int:
    """Put announced changes into effect whose time has come; returns how many. A tick."""
    due = store.settings.due(now, limit)
    for change in due:
        store.settings.applied(change.id, now)
        partnership = store.partnerships.by_id(change.partnership_id)
        partnership = _in_effect(store, partnership, change, now)
        say_again(store, partnership, change, now)
        partnerships.refresh(store, partnership)
    return len(due)


def say_again(store: "Store", partnership: Partnership, change: Change, now: datetime) -> None:
    """Bring a change's announcement up to date: its button becomes a line."""
    for entry in store.partnerships.history(partnership.id, Step.ANNOUNCED):
        if entry.detail.get("setting") == change.id:
            partnerships.say_again(store, partnership, entry, now)


def _set_now(
    store: "Store",
    partnership: Partnership,
    member: int,
    wanted: dict[Setting, Any],
    now: datetime,
) -> Partnership:
    for name, value in wanted.items():
        change = store.settings.set(
            partnership.id, name, value, set_by=member, begins_at=now, now=now
        )
        store.partnerships.record(
            partnership.id, Step.SET, now, member=member, detail={"setting": change.id}
        )
        partnership = _in_effect(store, partnership, change, now)
    return partnership


def _announce(
    store: "Store",
    partnership: Partnership,
    member: int,
    wanted: dict[Setting, Any],
    now: datetime,
) -> None:
    begins = _begins(store, partnership, now)
    for name, value in wanted.items():
        for older in store.settings.announced(partnership.id, name):
            store.settings.objected(older.id, member)  # the new one takes its place
            say_again(store, partnership, older, now)
        change = store.settings.set(
            partnership.id,
            name,
            value,
            set_by=member,
            begins_at=instant(begins, time(), partnership.zone),
            now=now,
        )
        partnerships.note(
            store,
            partnership,
            Step.ANNOUNCED,
            now,
            member=member,
            detail={"setting": change.id},
        )


def _begins(store: "Store", partnership: Partnership, now: datetime) -> date:
    """The day on which a change announced now takes effect."""
    agreed = [
        each.organization.id
        for each in store.partnerships.organizations(partnership.id)
        if each.agreed
    ]
    calendars = tuple(store.partnerships.workdays(agreed).values())
    return after(local_day(now, partnership.zone), OBJECTION_DAYS, calendars)


def _in_effect(
    store: "Store", partnership: Partnership, change: Change, now: datetime
) -> Partnership:
    """Do what a setting says, now."""
    if change.name is Setting.PURPOSE:
        return store.partnerships.change(partnership.id, purpose=change.value)
    if change.name is Setting.ZONE:
        partnership = store.partnerships.change(partnership.id, zone=change.value)
    schedules.follow(store, partnership, now, set_by=change.set_by)
    return partnership


def _expect(
    store: "Store",
    partnership: Partnership,
    member: int,
    names: tuple[str, ...],
    now: datetime,
) -> Partnership:
    """Bring the list of organizations that are to come up to date."""
    cleaned = tuple(rules.organization_name(name) for name in names if name.strip())
    if len(cleaned) > MOST_EXPECTED:
        raise BotError(f"Please list {MOST_EXPECTED} organizations at most.")
    present = store.partnerships.organizations(partnership.id)
    empty = _empty(store, present)
    for part in empty:
        if not any(rules.same_name(part.organization.name, name) for name in cleaned):
            store.partnerships.change_participation(part.id, left_at=now)
            store.partnerships.record(
                partnership.id, Step.LEFT, now, member=member, organization=part.organization.id
            )
    known = [each.organization.name for each in present]
    for name in cleaned:
        if any(rules.same_name(name, other) for other in known):
            continue
        known.append(name)
        made = store.people.create_organization(partnership.installation_id, name)
        partnerships.participate(store, partnership, made, now)
        store.partnerships.record(
            partnership.id, Step.EXPECTED, now, member=member, organization=made.id
        )
    return beginning.start_if_ready(store, partnership, now)


def _empty(store: "Store", participations: tuple[Participation, ...]) -> tuple[Participation, ...]:
    """Those of which we have met nobody, anywhere."""
    return tuple(
        each
        for each in participations
        if each.organization.team is None
        and not each.agreed
        and not store.people.of_organization(each.organization.id)
    )


def _purpose(typed: str) -> str:
    purpose = typed.strip()
    if purpose and not rules.readable(purpose):
        raise BotError("Please write the purpose in words, or leave it empty.")
    if len(purpose) > LONGEST_PURPOSE:
        raise BotError(
            f"Please say the purpose in {LONGEST_PURPOSE:,} letters at most.", suggestion=purpose
        )
    return purpose


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BotError(
            "I don't know this time zone. Use a name like America/New_York or Europe/Berlin."
        ) from None
    return name


def _rhythm(held: dict[Setting, Any], name: Setting, default: Rhythm) -> Rhythm:
    value = held.get(name)
    return default if value is None else rules.from_json(value)
