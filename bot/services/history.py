"""What a partnership's people can read of its history. Only looks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound
from bot.domain.history import PAGE, Event, Page
from bot.domain.partnerships import Change, Entry, Partnership, Step
from bot.domain.schedules import Entry as ScheduleEntry
from bot.services import partnerships

if TYPE_CHECKING:
    from storage.store import Store

_NOT_TOLD = frozenset({Step.SILENT})
"""What was told to one person alone, in private."""


def of_channel(store: "Store", installation_id: int, channel: str | None) -> Page:
    """The newest of the partnership of a channel."""
    return _page(store, partnerships.here(store, installation_id, channel), 0)


def of_partnership(store: "Store", installation_id: int, partnership_id: int, offset: int) -> Page:
    """A page of it, in so many queries however long it is."""
    return _page(store, partnerships.live(store, installation_id, partnership_id), offset)


def _page(store: "Store", partnership: Partnership, offset: int) -> Page:
    total = store.history.count(partnership.id, _NOT_TOLD)
    offset = min(offset, max(0, total - 1)) // PAGE * PAGE
    rows = store.history.page(partnership.id, _NOT_TOLD, limit=PAGE, offset=offset)
    own = store.partnerships.entries([number for recurs, number in rows if not recurs])
    recurring = store.schedules.entries([number for recurs, number in rows if recurs])
    shown = [
        Event(kind=recurring[number][0], schedule=recurring[number][1])
        if recurs
        else Event(entry=own[number])
        for recurs, number in rows
    ]
    changes = store.settings.by_ids(
        {number for each in own.values() if (number := each.detail.get("setting")) is not None}
    )
    people = store.people.by_ids(_members(shown))
    organizations = store.people.organizations(
        number for each in shown if (number := _row(each).organization) is not None
    )
    return Page(
        partnership=partnership,
        events=tuple(
            Event(
                entry=each.entry,
                schedule=each.schedule,
                kind=each.kind,
                member=people.get(_row(each).member or 0),
                organization=organizations.get(_row(each).organization or 0),
                change=_change(changes, each.entry),
            )
            for each in shown
        ),
        offset=offset,
        total=total,
        people=people,
    )


def _row(event: Event) -> Entry | ScheduleEntry:
    row = event.entry or event.schedule
    if row is None:
        raise NotFound("I don't know this any more.")
    return row


def _members(events: list[Event]) -> set[int]:
    """Everybody whom the rows name."""
    found = {_row(each).member for each in events}
    for each in events:
        if each.entry is not None:
            found |= {each.entry.detail.get("lead"), each.entry.detail.get("by")}
    return {each for each in found if isinstance(each, int)}


def _change(changes: Mapping[int, Change], entry: Entry | None) -> Change | None:
    setting = None if entry is None else entry.detail.get("setting")
    return None if setting is None else changes.get(setting)
