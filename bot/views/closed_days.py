"""An organization's closed days, as its own people see and change them."""

from collections.abc import Sequence
from datetime import date

from bot.domain.closed_days import LABEL_LIMIT, Calendar, Closing, Holidays, Named, Source
from bot.domain.rhythm import WEEKDAYS
from bot.views.blocks import (
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
    file_input,
    grouped_select,
    message,
    modal,
    option,
    section,
    text_input,
)
from bot.views.errors import waiting
from bot.views.ids import DaysButton, DaysField, DaysForm
from bot.views.words import count, day, escape, listed, one_line

LONGEST_TEXT = 3000
"""Letters that Slack lets somebody type into a modal."""

WHOLE = "whole"
"""The choice of no part of a country in particular."""

_WITH_THE = (
    *("United ", "Bahamas", "Central African", "Comoros", "Cook Islands", "Czech Republic"),
    *("Dominican Republic", "Gambia", "Maldives", "Marshall Islands", "Netherlands"),
    *("Philippines", "Republic ", "Seychelles", "Solomon Islands", "Vatican"),
)
"""How names of countries begin that want "the" within a sentence."""

_KEPT = "Only all-day events count, and of them I keep only the days and names."

_NEXT = 6
"""Closed days told ahead."""

_BOXES = 10
"""Boxes to tick that Slack shows at a time."""

_CATEGORIES = {
    "public": "Public holidays",
    "half_day": "Half days",
    "government": "Closed government offices",
    "bank": "Bank holidays",
    "school": "School holidays",
    "optional": "Optional holidays",
    "optional_women": "Optional holidays for women",
    "unofficial": "Unofficial days",
    "de_facto": "Free by custom",
    "armed_forces": "Armed forces days",
}


def from_to(first: date, last: date, today: date) -> str:
    """``Thu, Dec 24`` or ``Thu, Dec 24 to Sat, Jan 2, 2027``."""
    if first == last:
        return day(first, today)
    return f"{day(first, today if first.year == last.year else first)} to {day(last, today)}"


def weekdays_in_words(weekdays: Sequence[int] | frozenset[int]) -> str:
    """``Monday to Friday``, ``Monday, Tuesday and Thursday``."""
    known = sorted(weekdays)
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return f"{WEEKDAYS[known[0]]} to {WEEKDAYS[known[-1]]}"
    return listed(WEEKDAYS[each] for each in known)


def category_in_words(category: str) -> str:
    """``Public holidays``; of a faith or a people simply its name."""
    return _CATEGORIES.get(category, category.replace("_", " ").capitalize())


def calendar(value: Calendar, done: str = "") -> Message:
    """The whole calendar, with what can be done. ``done`` says first what somebody just did."""
    name = one_line(value.name, 80)
    head = f"*Closed days of {name}.* You work {weekdays_in_words(value.weekdays)}."
    lines = [head, _next(value)]
    blocks: list[Block] = [section(done)] if done else []
    blocks.append(section("\n".join(lines)))
    for entry in value.entries:
        words = _entry(entry, value.today)
        spoken = f"Take out ({words})"
        remove = button("Take out", DaysButton.CLOSED_REMOVE, str(entry.id), speaks=spoken)
        blocks.append(section(words, accessory=remove))
        lines.append(f"{words}.")
    blocks.append(actions(*_buttons()))
    blocks.append(
        context(
            f"Only people of {name} see and change this list. Check-ins leave these days, waits "
            "do not count them, and who sets a date on one of them is told."
        )
    )
    said = [done, *lines] if done else lines
    return message(" ".join(said).replace("*", ""), *blocks)


def upcoming(value: Calendar) -> str:
    """The next closed days, in a sentence."""
    return f"Closed days of {one_line(value.name, 80)}. {_next(value)}"


def _next(value: Calendar) -> str:
    if not value.days:
        return "No closed days are noted."
    told = [f"{_span(each, value.today)} ({_label(each.label)})" for each in value.days[:_NEXT]]
    return f"Next: {listed(told)}."


def _span(each: Named, today: date) -> str:
    return from_to(each.first, each.last, today)


def _label(label: str) -> str:
    return one_line(label, LABEL_LIMIT) or "closed"


def _entry(entry: Closing, today: date) -> str:
    label = _label(entry.label)
    if entry.first is not None and entry.last is not None:
        when = from_to(entry.first, entry.last, today)
        if entry.source is Source.OPEN:
            return f"Open after all: {when}"
        return f"{when}: {label}" if entry.label else when
    if entry.source is Source.HOLIDAYS:
        kinds = [each for each in entry.detail["categories"] if each != "public"]
        more = f", and {listed(category_in_words(each) for each in kinds)}" if kinds else ""
        return f"Public holidays of {country_in_words(label)}{more}"
    return f"From a calendar: {label}"


def country_in_words(label: str) -> str:
    """A country's name within a sentence: "the United States (New York)"."""
    return f"the {label}" if label.startswith(_WITH_THE) else label


def _buttons() -> list[Element]:
    return [
        button("Add days", DaysButton.CLOSED_ADD, "", speaks="Add days (on which you are closed)"),
        button("Public holidays", DaysButton.CLOSED_HOLIDAYS, ""),
        button("Import a calendar", DaysButton.CLOSED_FILE, ""),
    ]


def added(first: date, last: date, today: date) -> str:
    """After own dates."""
    return f"Noted: you are closed {from_to(first, last, today)}."


def imported(found: int, timed: int) -> str:
    """After a calendar file."""
    said = f"Noted: {count(found, 'closed day')} from this calendar."
    if timed:
        said += f" I left out {count(timed, 'event')} with a time of day."
    return said


def opened(days: Sequence[Named], today: date) -> str:
    """After an exception."""
    told = listed(f"{from_to(each.first, each.last, today)}" for each in days[:_NEXT])
    return f"Noted: you are open {told}."


def form(known: Closing | None = None) -> Modal:
    """Own dates; ``known`` is the entry that it changes."""
    first = None if known is None or known.first is None else known.first.isoformat()
    last = None if known is None or known.last is None else known.last.isoformat()
    return modal(
        "Closed days",
        DaysForm.CLOSED,
        field("First day", date_input(DaysField.FIRST, initial=first), block=DaysField.FIRST),
        field(
            "Last day",
            date_input(DaysField.LAST, initial=last),
            block=DaysField.LAST,
            hint="Leave it empty for one day alone.",
            optional=True,
        ),
        field(
            "What are these days called?",
            text_input(
                DaysField.LABEL,
                initial="" if known is None else known.label,
                placeholder="Winter break",
                longest=LABEL_LIMIT,
            ),
            block=DaysField.LABEL,
            hint="Only people of your organization read the name.",
            optional=True,
        ),
        private="" if known is None else str(known.id),
        submit="Add" if known is None else "Save",
    )


def country_form(countries: Sequence[tuple[str, str]]) -> Modal:
    """Public holidays, first of which country."""
    groups: dict[str, list[Element]] = {}
    for code, name in countries:
        groups.setdefault(name[0], []).append(option(name, code))
    return modal(
        "Public holidays",
        DaysForm.COUNTRY,
        field(
            "Holidays of which country?",
            grouped_select(DaysField.COUNTRY, "Choose a country", groups),
            block=DaysField.COUNTRY,
        ),
        submit="Next",
    )


def holidays_form(
    country: str,
    name: str,
    subdivisions: Sequence[tuple[str, str]],
    categories: Sequence[str],
    chosen: Holidays | None = None,
) -> Modal:
    """... then which part of it, and which kinds; ``chosen`` are those that it changes."""
    blocks: list[Block] = []
    if subdivisions:
        whole = option("The whole country", WHOLE)
        groups: dict[str, list[Element]] = {"Everywhere": [whole]}
        parts = [option(each, code) for code, each in subdivisions]
        for begin in range(0, len(parts), OPTIONS_LIMIT):
            groups["Parts of it" if begin == 0 else "More parts"] = parts[
                begin : begin + OPTIONS_LIMIT
            ]
        blocks.append(
            field(
                "Which part of it?",
                grouped_select(
                    DaysField.SUBDIVISION,
                    "Choose one",
                    groups,
                    initial=next(
                        (
                            each
                            for each in parts
                            if chosen is not None and each["value"] == chosen.subdivision
                        ),
                        whole,
                    ),
                ),
                block=DaysField.SUBDIVISION,
                hint="Some days are holidays only there.",
            )
        )
    boxes = [option(category_in_words(each), each) for each in categories[:_BOXES]]
    blocks.append(
        field(
            "Which days are you closed on?",
            checkboxes(
                DaysField.CATEGORIES,
                *boxes,
                chosen=boxes[:1]
                if chosen is None
                else [each for each in boxes if each["value"] in chosen.categories],
            ),
            block=DaysField.CATEGORIES,
        )
    )
    return modal(
        "Public holidays",
        DaysForm.HOLIDAYS,
        section(f"Holidays of *{one_line(name, 80)}*"),
        *blocks,
        private=country,
        submit="Add" if chosen is None else "Save",
    )


def file_form(*, files: bool = True, problem: str = "", text: str = "") -> Modal:
    """A calendar file, or its text; without ``files`` only that. ``problem`` says why what was sent
    could not be taken, and ``text`` is what it held.
    """
    blocks = [section(f"*{escape(problem)}*")] if problem else []
    if not files:
        blocks.append(
            section(
                "Export the days off of your calendar as an .ics file, open it as text, and paste "
                f"what is in it. {_KEPT}"
            )
        )
    else:
        blocks += [
            section(
                "Export the days off of your calendar as an .ics file, and choose it here. Or open "
                f"it as text, and paste what is in it. {_KEPT}"
            ),
            field(
                "Calendar file",
                file_input(DaysField.FILE, "ics"),
                block=DaysField.FILE,
                hint="One .ics file of 1 MB at most.",
                optional=True,
            ),
        ]
    return modal(
        "Import a calendar",
        DaysForm.FILE,
        *blocks,
        field(
            "Or its text" if files else "The calendar's text",
            text_input(DaysField.TEXT, initial=text, multiline=True, longest=LONGEST_TEXT),
            block=DaysField.TEXT,
            hint="Is it longer? Write me a direct message: closed, and then the whole text. You "
            "can also paste it in parts, some events at a time.",
            optional=files,
        ),
        submit="Add",
    )


def reading() -> Modal:
    """In the place of that form, while the file is fetched and looked through."""
    return waiting(
        "I am reading your calendar. What came of it stands here in a moment. If nothing does, "
        "send it again."
    )
