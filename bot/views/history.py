"""The history of a partnership in words, for its people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.history import PAGE, Event, Page
from bot.domain.partnerships import Step
from bot.domain.people import Member, Organization
from bot.domain.schedules import Entry as ScheduleEntry
from bot.domain.schedules import Event as ScheduleEvent
from bot.domain.schedules import ScheduleKind
from bot.views import ids
from bot.views.blocks import Block, Element, Message, actions, button, message, section
from bot.views.closed_days import weekdays_in_words
from bot.views.ids import PartnershipButton
from bot.views.partnerships import change_in_words, zone_in_words
from bot.views.words import day, listed, moment, named, one_line

_LINES = 3
_NAME = {ScheduleKind.CHECKIN: "the check-in", ScheduleKind.DIGEST: "the digest"}


def page(value: Page) -> Message:
    """A page of it, the newest first."""
    head = (
        f"*History of {one_line(value.partnership.name, 80)}*, the newest first "
        f"({zone_in_words(value.partnership.zone)})"
    )
    lines = [
        f"• {moment(_at(each), value.partnership.zone)}: {_told(each, value)}"
        for each in value.events
    ]
    row: list[Element] = []
    partnership = value.partnership.id
    if value.offset:
        newer = ids.value(partnership, value.offset - PAGE)
        row.append(button("Newer", PartnershipButton.HISTORY_NEWER, newer))
    if value.offset + PAGE < value.total:
        older = ids.value(partnership, value.offset + PAGE)
        row.append(button("Older", PartnershipButton.HISTORY, older))
    text = "\n".join((head, *(lines or ["Nothing has happened yet."])))
    return message(
        text.replace("*", ""), *_sections(head, lines), *([actions(*row)] if row else [])
    )


def _sections(head: str, lines: list[str]) -> list[Block]:
    """A few lines in each section, since one holds 3,000 letters."""
    if not lines:
        return [section(f"{head}\nNothing has happened yet.")]
    pieces = ["\n".join(lines[begin : begin + _LINES]) for begin in range(0, len(lines), _LINES)]
    return [section(head), *(section(piece) for piece in pieces)]


def _at(event: Event) -> datetime:
    row = event.entry or event.schedule
    return datetime.now(UTC) if row is None else row.at


def _told(event: Event, page: Page) -> str:
    today = _at(event).astimezone(ZoneInfo(page.partnership.zone)).date()
    who = _who(event.member, event.organization)
    if event.schedule is not None and event.kind is not None:
        return _of_schedule(who, event.schedule, event.kind, today)
    entry = event.entry
    if entry is None:
        return "Something changed."
    if entry.step is Step.ORGANIZATION:
        return _own(who, entry.detail, page.people)
    if entry.step in _CHANGES:
        what = "a setting" if event.change is None else change_in_words(event.change)
        return _CHANGES[entry.step].format(who=who, what=what)
    name = "an organization"
    if event.organization is not None:
        name = one_line(event.organization.name, 80)
    if entry.step in _UNSETTLED and event.member is not None:
        who = event.member.mention
    return _PLAIN.get(entry.step, "Something about this partnership changed.").format(
        who=who, name=name
    )


_CHANGES = {
    Step.SET: "{who} set {what}.",
    Step.ANNOUNCED: "{who} suggested a change: {what}.",
    Step.OBJECTED: "{who} objected to {what}. It stayed as it was.",
    Step.CHANGE_OK: "{who} said OK for their organization to {what}.",
    Step.WITHDRAWN: "{who} took back the suggestion: {what}.",
    Step.LAPSED: "Not everybody said OK in time to {what}. It stayed as it was.",
    Step.APPLIED: "From then on: {what}.",
}
"""Of settings."""

_PLAIN = {
    Step.BEGAN: "{who} invited me.",
    Step.RETURNED: "{who} invited me again.",
    Step.JOINED: "{name} came into the channel.",
    Step.LEFT: "{name} left.",
    Step.OK: "{who} said OK for {name}.",
    Step.NOT_NOW: "{who} said not now for {name}.",
    Step.QUESTION: "{who} asked a question.",
    Step.WITH: "{who} is with {name}.",
    Step.WITH_ASKED: "{who} said they are with {name}.",
    Step.WITH_REFUSED: "{name} said that {who} is not with them.",
    Step.EXPECTED: "{name} is expected.",
    Step.NOBODY_LEFT: "The last person of {name} left the channel.",
    Step.MAY_START: "Those who had said OK could start without the others.",
    Step.STARTED: "Everybody had said OK, so it started.",
    Step.STARTED_WITHOUT: "{who} started without those who had not said OK.",
    Step.ARCHIVED: "The channel was archived.",
    Step.REMOVED: "I was taken out of the channel.",
    Step.MOVED: "The channel got another id in Slack.",
    Step.BLOCKED: "Slack did not let me post in the channel.",
    Step.MENDED: "Slack let me post in the channel again.",
    Step.CLOSED_DAYS: "{who} changed the closed days of {name}.",  # which, only its people read
    Step.TAKEN_BACK: "{who} took back their own last step.",
    Step.SHARES_ASKED: "{who} asked how the work is shared. The leads were shown it.",
    Step.SHARES_POSTED: "A lead of each organization had me post how the work is shared.",
    Step.NO_COMMON_DAY: "A check-in was left out, since no day suited everybody.",
}


_UNSETTLED = frozenset({Step.WITH_ASKED, Step.WITH_REFUSED})
"""Here it is not known yet, or denied, which organization somebody is with: they have none."""


def _of_schedule(who: str, entry: ScheduleEntry, kind: ScheduleKind, today: date) -> str:
    on = "" if entry.day is None else f" of {day(entry.day, today)}"
    until = "" if entry.day is None else f" until {day(entry.day, today)}"
    return {
        ScheduleEvent.PAUSED: f"{who} paused {_NAME[kind]}{until}.",
        ScheduleEvent.RESUMED: f"{who} resumed {_NAME[kind]}.",
        ScheduleEvent.SKIPPED: f"{who} skipped {_NAME[kind]}{on}.",
        ScheduleEvent.KEPT: f"{who} took back the skipping of {_NAME[kind]}{on}.",
        ScheduleEvent.TAKEN_BACK: f"{who} took back their own last step with {_NAME[kind]}.",
    }[entry.event]


def _own(who: str, detail: Mapping[str, Any], people: Mapping[int, Member]) -> str:
    """What an organization changed of its own."""
    told = []
    if "lead" in detail:
        lead = people.get(detail["lead"])
        nobody = "nobody" if detail["lead"] is None else "somebody"
        told.append(f"the lead: {lead.mention if lead else nobody}")
    if "sponsor" in detail:
        told.append(f"the sponsor: {one_line(str(detail['sponsor']), 120) or 'nobody named'}")
    if "zone" in detail:
        zone = detail["zone"]
        told.append(f"the time zone: {'none' if zone is None else zone_in_words(str(zone))}")
    if "weekdays" in detail:
        week = [int(each) for each in str(detail["weekdays"])]
        told.append(f"the working days: {weekdays_in_words(week)}")
    return f"{who} set for their organization {listed(told)}."


def _who(member: Member | None, organization: Organization | None) -> str:
    if member is None:
        return "Somebody"
    return named(replace(member, organization=organization or member.organization))
