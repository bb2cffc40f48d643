"""What a partnership's people can read of its history. Only looks."""

from datetime import datetime
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
    """A page of it."""
    return _page(store, partnerships.live(store, installation_id, partnership_id), offset)


def _page(store: "Store", partnership: Partnership, offset: int) -> Page:
    happened = [
        Event(entry=entry)
        for entry in store.partnerships.history(partnership.id)
        if entry.step not in _NOT_TOLD
    ]
    happened += [
        Event(schedule=entry, kind=kind) for kind, entry in store.schedules.history(partnership.id)
    ]
    happened.sort(key=_at, reverse=True)
    offset = min(offset, max(0, len(happened) - 1)) // PAGE * PAGE
    shown = happened[offset : offset + PAGE]
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
                change=_change(store, each.entry),
            )
            for each in shown
        ),
        offset=offset,
        total=len(happened),
        people=people,
    )


def _row(event: Event) -> Entry | ScheduleEntry:
    row = event.entry or event.schedule
    if row is None:
        raise NotFound("I don't know this any more.")
    return row


def _at(event: Event) -> tuple[datetime, int]:
    row = _row(event)
    return row.at, row.id


def _members(events: list[Event]) -> set[int]:
    """Everybody whom the rows name."""
    found = {_row(each).member for each in events}
    for each in events:
        if each.entry is not None:
            found |= {each.entry.detail.get("lead"), each.entry.detail.get("by")}
    return {each for each in found if isinstance(each, int)}


def _change(store: "Store", entry: Entry | None) -> Change | None:
    setting = None if entry is None else entry.detail.get("setting")
    return None if setting is None else store.settings.by_id(setting)
