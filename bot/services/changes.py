"""The life of a change of what is set: announced, agreed to or objected to, in effect.

Each change has one note in the thread of the welcome, whose buttons become a line once it is
settled; ``domain.changes`` holds the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.domain import changes as rules
from bot.domain.errors import OutOfDate
from bot.domain.open_days import after
from bot.domain.partnerships import (
    OBJECTION_DAYS,
    Change,
    Ended,
    Entry,
    Partnership,
    Setting,
    State,
    Step,
)
from bot.domain.people import Person
from bot.domain.schedules import instant, local_day
from bot.domain.undo import Lasting, What
from bot.services import lasting, partnerships, schedules
from bot.services.partnerships import Acting

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to an announced change: OK, an objection, or that they take it back."""

    key: str
    installation_id: int
    channel: str
    person: Person
    change_id: int


def suggest(
    store: "Store", act: Acting, wanted: Mapping[Setting, Any], now: datetime
) -> tuple[Partnership, frozenset[Setting]]:
    """Set what is new: at once before the start, else announced, or with everyone's OK.

    Returns the partnership as it is then, and what holds already. Values are checked before.
    """
    partnership = act.partnership
    at_once: set[Setting] = set()
    for name, value in wanted.items():
        pending = store.settings.announced(partnership.id, name)
        if any(each.value == value for each in pending):
            continue  # it is on its way already
        for older in pending:
            store.settings.end(older.id, Ended.REPLACED, act.member.id, now)
            say_again(store, partnership, older, now)
        if name in rules.EVERYONE:
            done = _ask_everyone(store, act, name, value, now)
        elif partnership.state is State.BEGINNING:
            done = _set(store, act, name, value, now)
        else:
            done = None
            _announce(store, act, name, value, now)
        if done is not None:
            partnership = done
            at_once.add(name)
    return partnership, frozenset(at_once)


def held(store: "Store", partnership_id: int, name: Setting) -> Any:
    """What holds of a setting: as set, else its default; None where that is kept elsewhere."""
    return store.settings.of(partnership_id).get(name, rules.DEFAULT.get(name))


def agree_to(store: "Store", request: Answer, now: datetime) -> Change:
    """Somebody says OK for their organization to a change that needs everyone's."""
    partnership, change = _about(store, request)
    if store.deliveries.receipt(request.key) is not None:
        return change
    act = partnerships.acting_in(store, partnership, request.person, now)
    organization = act.participation.organization.id
    said_ok = store.settings.said_ok(change.id)
    rules.check_ok(change, organization, said_ok)
    store.settings.ok(change.id, organization, act.member.id, now)
    said = store.partnerships.record(
        partnership.id,
        Step.CHANGE_OK,
        now,
        member=act.member.id,
        organization=organization,
        detail={"setting": change.id},
    )
    if _settle(store, partnership, change, now):
        lasting.note(
            store,
            Lasting.CHANGE_SETTLED,
            key=request.key,
            member_id=act.member.id,
            partnership_id=partnership.id,
            now=now,
        )
    else:
        _remember(store, act, change, request.key, said, now)
    store.deliveries.handled(request.key, now, {"setting": change.id})
    return store.settings.by_id(change.id)


def object_to(store: "Store", request: Answer, now: datetime) -> Change:
    """Somebody objects to an announced change: it does not take effect."""
    return _end(store, request, Ended.OBJECTED, Step.OBJECTED, now)


def withdraw(store: "Store", request: Answer, now: datetime, *, undoable: bool = True) -> Change:
    """Those who suggested a change take it back; not ``undoable`` where that is an Undo itself."""
    return _end(store, request, Ended.WITHDRAWN, Step.WITHDRAWN, now, undoable=undoable)


def announce_again(store: "Store", partnership: Partnership, change: Change, now: datetime) -> None:
    """What took a change's place was taken back: it is announced as before, with its day, the OKs
    that it had, and its buttons.
    """
    store.settings.announce_again(change.id)
    say_again(store, partnership, change, now)
    partnerships.refresh(store, partnership)


def apply_due(store: "Store", now: datetime, limit: int) -> int:
    """Put announced changes into effect whose time has come, and let those lapse that not
    everybody has said OK to; returns how many. A tick.
    """
    due = store.settings.due(now, limit)
    for change in due:
        partnership = store.partnerships.by_id(change.partnership_id)
        if change.everyone:
            if not _settle(store, partnership, change, now):
                store.settings.end(change.id, Ended.LAPSED, None, now)
                detail = {"setting": change.id}
                store.partnerships.record(partnership.id, Step.LAPSED, now, detail=detail)
                say_again(store, partnership, change, now)
            continue
        _take_effect(store, partnership, change, now)
    return len(due)


def _about(store: "Store", request: Answer) -> tuple[Partnership, Change]:
    partnership = partnerships.here(store, request.installation_id, request.channel)
    change = store.settings.by_id(request.change_id)
    if change.partnership_id != partnership.id:
        raise OutOfDate("This change belongs to another channel. Answer it there.")
    return partnership, change


def _end(
    store: "Store",
    request: Answer,
    ended: Ended,
    step: Step,
    now: datetime,
    *,
    undoable: bool = True,
) -> Change:
    partnership, change = _about(store, request)
    if store.deliveries.receipt(request.key) is not None:
        return change
    act = partnerships.acting_in(store, partnership, request.person, now)
    organization = act.participation.organization.id
    if ended is Ended.WITHDRAWN:
        rules.check_withdraw(change, organization, _suggested_by(store, change))
    else:
        rules.check_pending(change)
    store.settings.end(change.id, ended, act.member.id, now)
    say_again(store, partnership, change, now)
    said = partnerships.note(
        store,
        partnership,
        step,
        now,
        member=act.member.id,
        organization=organization,
        detail={"setting": change.id},
    )
    if undoable:
        _remember(store, act, change, request.key, said, now, ended)
    partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"setting": change.id})
    return store.settings.by_id(change.id)


def _remember(
    store: "Store",
    act: Acting,
    change: Change,
    key: str,
    said: Entry,
    now: datetime,
    ended: Ended | None = None,
) -> None:
    """Note what somebody said to a change, so that it can be taken back."""
    store.undo.remember(
        What.CHANGE,
        change.id,
        key=key,
        member_id=act.member.id,
        partnership_id=act.partnership.id,
        now=now,
        entry=said.id - 1,
        before={"organization": act.participation.organization.id, "ended": ended},
    )


def _suggested_by(store: "Store", change: Change) -> int | None:
    """The organization that suggested a change, as it was then."""
    for entry in store.partnerships.history(change.partnership_id, Step.ANNOUNCED):
        if entry.detail.get("setting") == change.id:
            return entry.organization
    return None


def _set(store: "Store", act: Acting, name: Setting, value: Any, now: datetime) -> Partnership:
    """At once: nothing is posted on schedule yet."""
    change = store.settings.set(
        act.partnership.id, name, value, set_by=act.member.id, begins_at=now, now=now
    )
    store.partnerships.record(
        act.partnership.id,
        Step.SET,
        now,
        member=act.member.id,
        organization=act.participation.organization.id,
        detail={"setting": change.id},
    )
    return _in_effect(store, store.partnerships.by_id(act.partnership.id), change, now)


def _announce(
    store: "Store",
    act: Acting,
    name: Setting,
    value: Any,
    now: datetime,
    *,
    everyone: bool = False,
) -> Change:
    days = rules.CONSENT_DAYS if everyone else OBJECTION_DAYS
    change = store.settings.set(
        act.partnership.id,
        name,
        value,
        set_by=act.member.id,
        begins_at=instant(
            _after_open_days(store, act.partnership, days, now), time(), act.partnership.zone
        ),
        now=now,
        everyone=everyone,
    )
    partnerships.note(
        store,
        act.partnership,
        Step.ANNOUNCED,
        now,
        member=act.member.id,
        organization=act.participation.organization.id,
        detail={"setting": change.id},
    )
    return change


def _ask_everyone(
    store: "Store", act: Acting, name: Setting, value: Any, now: datetime
) -> Partnership | None:
    """Ask each organization for its OK; who suggests it has said so. At once if nobody is left."""
    own = act.participation.organization.id
    if not rules.missing({own}, store.partnerships.organizations(act.partnership.id)):
        return _set(store, act, name, value, now)
    change = _announce(store, act, name, value, now, everyone=True)
    store.settings.ok(change.id, own, act.member.id, now)
    return None


def _settle(store: "Store", partnership: Partnership, change: Change, now: datetime) -> bool:
    """Whether everybody has said OK by now: it then takes effect, and the thread hears of it."""
    said_ok = store.settings.said_ok(change.id)
    if rules.missing(said_ok, store.partnerships.organizations(partnership.id)):
        say_again(store, partnership, change, now)
        return False
    _take_effect(store, partnership, change, now, tell=True)
    return True


def _take_effect(
    store: "Store", partnership: Partnership, change: Change, now: datetime, *, tell: bool = False
) -> None:
    store.settings.applied(change.id, now)
    partnership = _in_effect(store, partnership, change, now)
    say_again(store, partnership, change, now)
    detail: dict[str, object] = {"setting": change.id}
    if tell:
        partnerships.note(store, partnership, Step.APPLIED, now, detail=detail)
    else:
        store.partnerships.record(partnership.id, Step.APPLIED, now, detail=detail)
    partnerships.refresh(store, partnership)


def _in_effect(
    store: "Store", partnership: Partnership, change: Change, now: datetime
) -> Partnership:
    """Do what a setting says, now. What is read where it is needed is in effect by itself."""
    if change.name is Setting.PURPOSE:
        return store.partnerships.change(partnership.id, purpose=change.value)
    if change.name is Setting.ZONE:
        partnership = store.partnerships.change(partnership.id, zone=change.value)
    if change.name in {Setting.ZONE, Setting.CHECKIN, Setting.DIGEST}:
        schedules.follow(store, partnership, now, set_by=change.set_by)
    return partnership


def _after_open_days(store: "Store", partnership: Partnership, days: int, now: datetime) -> date:
    """The day after so many days on which all who have agreed are open."""
    agreed = [
        each.organization.id
        for each in store.partnerships.organizations(partnership.id)
        if each.agreed
    ]
    calendars = tuple(store.partnerships.workdays(agreed).values())
    return after(local_day(now, partnership.zone), days, calendars)


def say_again(store: "Store", partnership: Partnership, change: Change, now: datetime) -> None:
    """Bring a change's announcement up to date: its buttons become a line."""
    for entry in store.partnerships.history(partnership.id, Step.ANNOUNCED):
        if entry.detail.get("setting") == change.id:
            partnerships.say_again(store, partnership, entry, now)
