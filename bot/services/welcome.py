"""What the welcome, the notes in its thread and the word on silence are rendered from."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.partnerships import (
    START_WITHOUT_AFTER,
    Change,
    Entry,
    Participation,
    Partnership,
    State,
    Step,
    missing,
)
from bot.domain.people import Member
from bot.domain.schedules import local_day
from bot.domain.welcome import Line, Noted, Welcome
from bot.services import beginning, setup

if TYPE_CHECKING:
    from storage.store import Store


def welcomed(store: "Store", partnership_id: int, now: datetime) -> Welcome | None:
    """The welcome as it stands; None once the partnership has ended."""
    partnership = store.partnerships.by_id(partnership_id)
    if not partnership.live:
        return None
    arranged = setup.arranged(store, partnership)
    parts = arranged.participations
    people = store.people.by_ids(
        each for part in parts for each in (part.ok_by, part.lead) if each is not None
    )
    return Welcome(
        partnership=partnership,
        host=_host(store, partnership),
        lines=tuple(_line(part, people, arranged.expected) for part in parts),
        guests=beginning.guests_without(store, partnership),
        checkin=arranged.checkin,
        digest=arranged.digest,
        may_start_without=(
            partnership.state is State.BEGINNING
            and any(part.agreed for part in parts)
            and beginning.waited_enough(store, partnership, START_WITHOUT_AFTER, now)
        ),
        keep_days=arranged.keep_days,
    )


def noted(store: "Store", entry_id: int, now: datetime) -> Noted | None:
    """One row of the history, for the note in the thread; None once the partnership has ended."""
    entry = store.partnerships.entry(entry_id)
    partnership = store.partnerships.by_id(entry.partnership_id)
    if not partnership.live:
        return None
    arranged = setup.arranged(store, partnership)
    change = _change(store, entry)
    joining = (
        store.partnerships.joining(entry.detail["joining"])
        if entry.step is Step.WITH_ASKED
        else None
    )
    return Noted(
        entry=entry,
        partnership=partnership,
        today=local_day(now, partnership.zone),
        host=_host(store, partnership),
        checkin=arranged.checkin,
        digest=arranged.digest,
        waiting=tuple(each.organization for each in missing(arranged.participations)),
        member=_member(store, entry.member),
        organization=(
            None if entry.organization is None else store.people.organization(entry.organization)
        ),
        by=_member(store, joining.answered_by if joining else entry.detail.get("by")),
        answers=_who_answers(store, partnership, arranged.participations),
        joining=joining,
        change=change,
        consent=None if change is None else setup.consent(store, partnership, change),
        ended_by=None if change is None else _member(store, change.ended_by),
    )


def silence(store: "Store", entry_id: int, now: datetime) -> Noted | None:
    """For the one who invited: who has not answered; None if they have meanwhile."""
    value = noted(store, entry_id, now)
    if value is None or value.partnership.state is not State.BEGINNING:
        return None
    still = {each.id for each in value.waiting}
    return value if value.entry.organization in still else None


def _line(part: Participation, people: dict[int, Member], expected: tuple[str, ...]) -> Line:
    return Line(
        organization=part.organization,
        agreed=part.agreed,
        ok_by=None if part.ok_by is None else people.get(part.ok_by),
        lead=None if part.lead is None else people.get(part.lead),
        not_now=part.not_now_at is not None,
        expected=part.organization.name in expected,
        sponsor=part.sponsor,
    )


def _host(store: "Store", partnership: Partnership) -> str:
    host = store.people.host(partnership.installation_id)
    if host is not None:
        return host.name
    return next(
        (each.name for each in store.installations.all() if each.id == partnership.installation_id),
        "The organization that invited me",
    )


def _member(store: "Store", member_id: int | None) -> Member | None:
    return None if member_id is None else store.people.by_id(member_id)


def _change(store: "Store", entry: Entry) -> Change | None:
    setting = entry.detail.get("setting")
    return None if setting is None else store.settings.by_id(setting)


def _who_answers(
    store: "Store", partnership: Partnership, parts: tuple[Participation, ...]
) -> Member | None:
    lead = next((part.lead for part in parts if part.organization.host), None)
    return _member(store, lead or partnership.invited_by)
