"""What recurs, as people see it: how it stands, and what somebody did to it."""

from collections.abc import Sequence
from datetime import date

from bot.domain.checkins import Announced, Standing
from bot.domain.rhythm import in_words
from bot.domain.schedules import Closed, Event, ScheduleKind
from bot.views import ids
from bot.views.blocks import Block, Element, Message, actions, button, message, section
from bot.views.ids import DigestButton, PartnershipButton
from bot.views.ids import ScheduleButton as Button
from bot.views.partnerships import zone_in_words
from bot.views.words import called, day, escape, listed, moment, named

NAME = {ScheduleKind.CHECKIN: "check-in", ScheduleKind.DIGEST: "digest"}
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
PAUSES = {2: Button.PAUSE_TWO, 4: Button.PAUSE_FOUR, 8: Button.PAUSE_EIGHT}
"""Weeks offered; another day can be named in words."""


def standing(value: Standing, today: date, done: str = "") -> Message:
    """How it stands, with what can be done. ``done`` says first what somebody just did."""
    schedule = value.schedule
    name = NAME[schedule.kind]
    head = f"{name.capitalize()} for {escape(value.name, 80)}"
    lines = [f"*{head}:* {in_words(schedule.rhythm)} ({zone_in_words(schedule.zone)})"]
    if value.set_by is not None:
        lines[0] += f", set up by {escape(called(value.set_by), 170)}"
    lines[0] += "."
    lines.append(_next(value, today))
    if value.coming is not None and value.coming_from is not None:
        lines.append(
            f"From {day(value.coming_from, today)} on: {in_words(value.coming)}, "
            "unless somebody objects."
        )
    blocks: list[Block] = [section(done)] if done else []
    blocks += [section("\n".join(lines)), actions(*_buttons(value, today))]
    said = [done, *lines] if done else lines
    return message(" ".join(said).replace("*", ""), *blocks)


def _next(value: Standing, today: date) -> str:
    schedule = value.schedule
    if schedule.paused_on(today):
        until = schedule.paused_until
        first = (
            f" It begins again with {moment(value.moments[0], schedule.zone)}."
            if (value.moments)
            else ""
        )
        return f"Paused until {day(until, today)}.{first}" if until else "Paused."
    if not value.moments:
        return "Nothing is posted on schedule before each organization has said OK."
    first, *rest = (moment(each, schedule.zone) for each in value.moments)
    return f"Next: {first}, then {listed(rest)}." if rest else f"Next: {first}."


def _buttons(value: Standing, today: date) -> list[Element]:
    schedule, kind = value.schedule, value.schedule.kind
    about = ids.value(kind, schedule.partnership_id)
    name = NAME[kind]
    found: list[Element] = []
    if kind is ScheduleKind.CHECKIN:
        found.append(button("Ask now", Button.ASK_NOW, about, speaks="Ask now (post a check-in)"))
    else:
        preview = str(schedule.partnership_id)
        found.append(
            button("Preview", DigestButton.PREVIEW, preview, speaks="Preview (the digest)")
        )
    if schedule.paused_on(today):
        found.append(button("Resume", Button.RESUME, about, speaks=f"Resume (the {name})"))
    else:
        if value.moments:
            spoken = f"Skip the next (of the {name})"
            found.append(button("Skip the next", Button.SKIP, about, speaks=spoken))
        found.append(button("Pause", Button.PAUSE, about, speaks=f"Pause (the {name})"))
    change = str(schedule.partnership_id)
    if kind is ScheduleKind.CHECKIN:
        spoken = "Questions (what the check-ins ask)"
        found.append(button("Questions", Button.QUESTIONS, change, speaks=spoken))
    found.append(button("Change", PartnershipButton.SET_UP, change, speaks=f"Change (the {name})"))
    return found


def paused(value: Standing, today: date) -> Message:
    """After a pause, to the one who paused."""
    return standing(value, today, "Paused, for everybody here.")


def resumed(value: Standing, today: date) -> Message:
    """After resuming."""
    return standing(value, today, "It goes on, for everybody here.")


def skipped(value: Standing, today: date) -> Message:
    """After a skip, with the way back."""
    made = standing(value, today, "The next one is skipped, for everybody here.")
    about = ids.value(value.schedule.kind, value.schedule.partnership_id)
    undo = button("Undo", Button.UNSKIP, about, speaks="Undo (do not skip it)")
    made["blocks"].insert(1, actions(undo))
    return made


def kept(value: Standing, today: date) -> Message:
    """After a skip was taken back."""
    return standing(value, today, "It is not skipped any more.")


def choices(kind: ScheduleKind, partnership_id: int) -> Message:
    """How long to pause, asked privately, so that nobody stops it for all by a slip."""
    about = ids.value(kind, partnership_id)
    question = (
        f"How long shall the {NAME[kind]} rest? It acts at once, for everybody here, "
        "and anybody can resume it."
    )
    skip = button("Skip the next", Button.SKIP, about)
    offered = [
        button(f"{weeks} weeks", action, ids.value(about, weeks))
        for weeks, action in PAUSES.items()
    ]
    until = button("Until somebody resumes", Button.PAUSE_OPEN, about)
    return message(question, section(question), actions(skip, *offered, until))


def asked() -> Message:
    """After [Ask now]."""
    said = "I am posting the check-in in the channel."
    return message(said, section(said))


def told(value: Announced) -> Message:
    """What somebody did, for everybody, in a thread."""
    who, name = named(value.by), NAME[value.kind]
    on = value.entry.day
    of_day = "" if on is None else f" of {day(on)}"
    goes_on = f" Next: {moment(value.next, value.zone)}." if value.next is not None else ""
    about = ids.value(value.kind, value.partnership_id)
    said = {
        Event.PAUSED: f"{who} paused the {name}{'' if on is None else f' until {day(on)}'}."
        + (goes_on if on is not None else " Anybody can resume it."),
        Event.RESUMED: f"{who} resumed the {name}.{goes_on}",
        Event.SKIPPED: f"{who} skipped the {name}{of_day}.{goes_on}",
        Event.TAKEN_BACK: f"{who} took that back.{goes_on}",
        Event.KEPT: f"{who} does not skip the {name} after all.{goes_on}",
    }[value.entry.event]
    blocks: list[Block] = [section(said)]
    if value.entry.event is Event.PAUSED and value.next is None:
        blocks.append(
            actions(button("Resume", Button.RESUME, about, speaks=f"Resume (the {name})"))
        )
    return message(said, *blocks)


def moved(because: Sequence[Closed], nominal: date, today: date) -> str:
    """Why a post is not on its own day; escaped."""
    reasons = listed(_reason(each, nominal) for each in because)
    since = f": {reasons}" if because else ", since another post had that day"
    return f"Moved from {day(nominal, today)}{since}."


def _reason(closed: Closed, nominal: date) -> str:
    name = escape(closed.organization, 80)
    if closed.label is not None:
        return f"{name} is closed"  # the day's name is for its own people alone
    return f"{name} does not work on {WEEKDAYS[nominal.weekday()]}"
