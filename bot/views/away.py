"""When somebody is away, as they see and change it themselves."""

from datetime import date

from bot.domain.away import Away, Times
from bot.views.blocks import (
    Block,
    Message,
    Modal,
    actions,
    button,
    context,
    date_input,
    field,
    message,
    modal,
    section,
)
from bot.views.closed_days import from_to
from bot.views.ids import DaysButton, DaysField, DaysForm
from bot.views.words import day

SHOWN = 40
"""Times that fit into one message."""

_WHO_KNOWS = (
    "I send you no reminders on these days. I keep no reason. Others read only “away until …”, and "
    "only where they ask you for something by such a day."
)


def times(value: Times, done: str = "") -> Message:
    """One's days away, with what can be done. ``done`` says first what somebody just did."""
    blocks: list[Block] = [section(done)] if done else []
    told = []
    for each in value.times[:SHOWN]:
        words = in_words(each, value.today)
        spoken = f"Take back ({words})"
        blocks.append(
            section(
                words,
                accessory=button("Take back", DaysButton.AWAY_BACK, str(each.id), speaks=spoken),
            )
        )
        told.append(f"{words}.")
    if not value.times:
        told.append("You have no days away noted. Write, for example: away 22 Dec to 2 Jan.")
        blocks.append(section(told[-1]))
    add = button("Add days", DaysButton.AWAY_ADD, "", speaks="Add days (on which you are away)")
    blocks += [actions(add), context(_WHO_KNOWS)]
    said = [done, *told] if done else told
    return message(" ".join((*said, _WHO_KNOWS)), *blocks)


def in_words(each: Away, today: date) -> str:
    """``Away Tue, Dec 22 to Sat, Jan 2, 2027``."""
    if each.covers(today):
        return f"Away until {day(each.last, today)}"
    return f"Away {from_to(each.first, each.last, today)}"


def noted(value: Times) -> str:
    """After days were noted."""
    if value.changed is None:
        return "Noted."
    words = in_words(value.changed, value.today)
    return f"Noted: {words[0].lower()}{words[1:]}."


def back(value: Times) -> str:
    """After somebody is back, or took days back."""
    if value.changed is not None and value.changed.first <= value.today:
        return "Welcome back. I have noted that you are here again."
    return "Taken back: you are here on these days."


def form(known: Away | None = None) -> Modal:
    """Days away; ``known`` are those that it changes."""
    first = None if known is None else known.first.isoformat()
    last = None if known is None else known.last.isoformat()
    return modal(
        "Away",
        DaysForm.AWAY,
        field("First day", date_input(DaysField.FIRST, initial=first), block=DaysField.FIRST),
        field(
            "Last day",
            date_input(DaysField.LAST, initial=last),
            block=DaysField.LAST,
            hint="Leave it empty for one day alone.",
            optional=True,
        ),
        context(_WHO_KNOWS),
        private="" if known is None else str(known.id),
        submit="Note them",
    )
