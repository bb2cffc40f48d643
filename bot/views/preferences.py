"""A person's own settings, as they alone see them: in a direct message, in App Home, in forms."""

from collections.abc import Sequence
from datetime import date, time

from bot.domain.away import Away
from bot.domain.preferences import Chosen, Hours, Notice, Pause, Spot
from bot.views.blocks import (
    BUTTON_LIMIT,
    OPTION_LIMIT,
    OPTIONS_LIMIT,
    Block,
    Element,
    Message,
    Modal,
    actions,
    button,
    checkboxes,
    context,
    date_input,
    field,
    message,
    modal,
    option,
    section,
    select,
)
from bot.views.ids import CommitmentButton
from bot.views.ids import PreferenceButton as Button
from bot.views.ids import PreferenceField as Field
from bot.views.ids import PreferenceForm as Form
from bot.views.partnerships import zone_in_words
from bot.views.setup import ZONES
from bot.views.words import count, day, escape, listed, one_line

EVERYWHERE = "all"
"""The choice of all partnerships in a form."""

RESTS = "I will not remind you meanwhile."
AGAIN = "I remind you again."
"""What a pause and its end are answered with."""

_ALL_REST = (
    "All your reminders rest, those of that channel too. To end it, write to me: resume for me."
)

_AWAY_HINT = "Are you going away? Write to me, for example: away 22 Dec to 2 Jan."

_MOST_PAUSES = 4
"""Of them so many are told one by one, with a button each."""

NOTICES: dict[Notice, str] = {
    Notice.LATER: "Once a week: what is due later",
    Notice.DUE: "On its day: what is due",
    Notice.OVERDUE: "The day after, then once a week: what is past its date",
    Notice.ANSWER: "What waits for my answer",
    Notice.CHECKIN: "A check-in that I have not answered yet",
    Notice.LEAD: "As a lead: what is long past its date with my colleagues",
}
"""What each notice is called where it is turned on or off."""

_IN_WORDS: dict[Notice, str] = {
    Notice.LATER: "what is due later",
    Notice.DUE: "what is due on the day",
    Notice.OVERDUE: "what is past its date",
    Notice.ANSWER: "what waits for your answer",
    Notice.CHECKIN: "check-ins",
    Notice.LEAD: "what is long past its date with your colleagues (if you are a lead)",
}


def settings(value: Chosen, done: str = "") -> Message:
    """How it stands. ``done`` says first what the person just did."""
    head = "Your own settings. Only you see them."
    told = lines(value)
    blocks: list[Block] = [section(done)] if done else []
    blocks += [section("\n".join([f"*{head}*", *told])), *rows(value)]
    blocks.append(context(_AWAY_HINT))
    return message(" ".join([done, head, *told, _AWAY_HINT]).strip(), *blocks)


def resumed(value: Chosen) -> Message:
    """How it stands after a pause was ended, which may not have been the only one."""
    rests = any(each.partnership_id is None for each in value.preferences.pauses)
    return settings(value, _ALL_REST if rests else AGAIN)


def beside(mine: Message, waiting: int) -> Message:
    """A list of what is one's own, with the way to what waits for one and to one's settings."""
    row = [button("Settings", Button.SHOW, "", speaks="Settings (of your reminders)")]
    if waiting:
        label = f"What waits for me ({waiting})"
        row.insert(0, button(label, CommitmentButton.WAITING, ""))
    said = f"{count(waiting, 'thing waits', 'things wait')} for your answer." if waiting else ""
    return message(f"{mine['text']} {said}".strip(), *mine["blocks"], actions(*row))


def lines(value: Chosen) -> list[str]:
    """The settings in sentences; escaped."""
    chosen = value.preferences
    made = [f"I write to you unasked {_when(value)}, and not while you are away."]
    if len(chosen.off) == len(Notice):
        made = [
            "You have turned all reminders off.",
            f"What else you should know comes {_when(value)}, and not while you are away.",
        ]
    off = [_IN_WORDS[each] for each in Notice if each in chosen.off]
    on = [_IN_WORDS[each] for each in Notice if each not in chosen.off]
    if on:
        made.append(f"I remind you of {listed(on)}.")
    if on and off:
        made.append(f"You have turned off reminders of {listed(off)}.")
    made += [_paused(each, value) for each in chosen.pauses[:_MOST_PAUSES]]
    more = len(chosen.pauses) - _MOST_PAUSES
    if more > 0:
        made.append(f"And {count(more, 'more pause', 'more pauses')}.")
    made += [_away(each, value.today) for each in value.times.days.away if each.last >= value.today]
    return made


def _when(value: Chosen) -> str:
    times = value.times
    hours = f"{in_hours(times.hours)} ({zone_in_words(times.zone)})"
    organization = None if value.member is None else value.member.organization
    open_days = (
        "on working days"
        if organization is None
        else f"on days when {one_line(organization.name, 80)} is open"
    )
    return f"from {hours}, {open_days}"


def in_hours(hours: Hours) -> str:
    """``18:00 to 21:00``."""
    return f"{hours.start:%H:%M} to {_end(hours.end)}"


def _end(at: time) -> str:
    return "24:00" if at == time() else f"{at:%H:%M}"


def _paused(rest: Pause, value: Chosen) -> str:
    until = (
        "until you resume them" if rest.until is None else f"until {day(rest.until, value.today)}"
    )
    if rest.partnership_id is None:
        return f"All reminders rest {until}."
    spot = _spot(rest, value.spots)
    where = "a channel that you have left" if spot is None else _place(spot)
    return f"Reminders of {where} rest {until}."


def _spot(rest: Pause, spots: Sequence[Spot]) -> Spot | None:
    return next((each for each in spots if each.partnership_id == rest.partnership_id), None)


def _place(spot: Spot) -> str:
    return escape(spot.name, 80) if spot.channel is None else f"<#{spot.channel}>"


def _away(each: Away, today: date) -> str:
    if each.first == each.last:
        return f"You are away on {day(each.first, today)}."
    return f"You are away from {day(each.first, today)} to {day(each.last, today)}."


def rows(value: Chosen) -> list[Block]:
    """What can be changed, as rows of buttons; Slack wants each action once in a row."""
    first = [
        button("Change", Button.CHANGE, "", speaks="Change (your settings)"),
        button("Pause for me", Button.PAUSE, "", speaks="Pause for me (reminders)"),
    ]
    pauses = value.preferences.pauses
    if len(pauses) == 1:
        return [actions(*first, _resume(pauses[0], value.spots))]
    if pauses:
        first.append(button("Resume all", Button.RESUME_ALL, "", speaks="Resume all (reminders)"))
    single = [each for each in pauses[:_MOST_PAUSES] if each.partnership_id is not None]
    return [actions(*first), *(actions(_resume(each, value.spots)) for each in single)]


def _resume(rest: Pause, spots: Sequence[Spot]) -> Element:
    if rest.partnership_id is None:
        return button("Resume", Button.RESUME_ALL, "", speaks="Resume (all reminders)")
    spot = _spot(rest, spots)
    name = "a channel that you left" if spot is None else f"#{spot.name}"
    label = f"Resume {name}"[:BUTTON_LIMIT]
    return button(label, Button.RESUME, str(rest.partnership_id))


def change_form(value: Chosen) -> Modal:
    """Zone, hours, and what to hear of."""
    times = value.times
    zones = [option(each.replace("_", " "), each) for each in sorted({times.zone, *ZONES})]
    starts = [_half_hour(each) for each in range(48)]
    ends = [*starts[1:], option("24:00", "00:00")]
    boxes = {each: option(label, each) for each, label in NOTICES.items()}
    on = [box for each, box in boxes.items() if each not in value.preferences.off]
    return modal(
        "Your settings",
        Form.CHANGE,
        field(
            "I may write to you from",
            select(Field.START, "Choose one", starts, initial=_at(starts, times.hours.start)),
            block=Field.START,
        ),
        field(
            "until",
            select(Field.END, "Choose one", ends, initial=_at(ends, times.hours.end)),
            block=Field.END,
            hint="Only for reminders. What you ask me is answered at any time.",
        ),
        field(
            "Your time zone",
            select(Field.ZONE, "Choose one", zones, initial=_named(zones, times.zone)),
            block=Field.ZONE,
            hint="Yours is not here? Write to me, for example: remind me in Europe/Lisbon",
        ),
        field(
            "Remind me of",
            checkboxes(Field.NOTICES, *boxes.values(), chosen=on),
            block=Field.NOTICES,
            optional=True,
        ),
        submit="Save",
    )


def _half_hour(number: int) -> Element:
    at = f"{number // 2:02d}:{number % 2 * 30:02d}"
    return option(at, at)


def _at(choices: list[Element], at: time) -> Element:
    """The choice of a time; one that is not on the half hour is put among them."""
    wanted = f"{at:%H:%M}"
    if _named(choices, wanted) is None:
        choices.append(option(wanted, wanted))
        choices.sort(key=lambda each: "24:00" if each["value"] == "00:00" else each["value"])
    return _named(choices, wanted) or choices[0]


def _named(choices: Sequence[Element], wanted: str) -> Element | None:
    return next((each for each in choices if each["value"] == wanted), None)


def pause_form(value: Chosen, known: Pause | None = None) -> Modal:
    """No reminders for a while: of all partnerships, or of one. ``known`` is the pause that it
    changes.
    """
    everywhere = option("All of them", EVERYWHERE)
    spots = [
        option(f"#{each.name}"[:OPTION_LIMIT], str(each.partnership_id)) for each in value.spots
    ]
    offered = [everywhere, *spots[: OPTIONS_LIMIT - 1]]
    spot = EVERYWHERE if known is None else str(known.partnership_id or EVERYWHERE)
    until = None if known is None or known.until is None else known.until.isoformat()
    return modal(
        "Pause for me",
        Form.PAUSE,
        section(
            "I will not remind you meanwhile. Nobody else is told, and what you ask me is "
            "answered as ever."
        ),
        field(
            "Of which channel?",
            select(
                Field.SPOT,
                "Choose one",
                offered,
                initial=_named(offered, spot) or everywhere,
            ),
            block=Field.SPOT,
        ),
        field(
            "Until when?",
            date_input(Field.UNTIL, initial=until),
            block=Field.UNTIL,
            hint="The first day with reminders again. Empty: until you resume them.",
            optional=True,
        ),
        submit="Pause",
    )
