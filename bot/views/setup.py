"""How a partnership is set up, and where that is changed."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.changes import LEAST_KEPT, MOST_KEPT
from bot.domain.partnerships import Change
from bot.domain.rhythm import ORDINALS, WEEKDAYS, Frequency, Rhythm, in_words
from bot.domain.welcome import Arranged
from bot.views import ids
from bot.views.blocks import (
    Block,
    Element,
    Message,
    Modal,
    actions,
    button,
    context,
    field,
    message,
    modal,
    number_input,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm
from bot.views.partnerships import change_in_words, zone_in_words
from bot.views.words import count, day, listed, one_line

LONGEST_TEXT = 3000
"""Letters that Slack lets somebody type into a modal."""

_ZONES = {
    "America": "New_York Chicago Denver Phoenix Los_Angeles Anchorage Halifax St_Johns Puerto_Rico "
    "Mexico_City Bogota Lima Santiago Sao_Paulo Argentina/Buenos_Aires",
    "Europe": "London Dublin Lisbon Madrid Paris Amsterdam Berlin Zurich Rome Stockholm Warsaw "
    "Athens Helsinki Kyiv Istanbul",
    "Africa": "Casablanca Lagos Cairo Johannesburg Nairobi",
    "Asia": "Jerusalem Dubai Karachi Kolkata Kathmandu Dhaka Bangkok Singapore Shanghai Manila "
    "Seoul Tokyo",
    "Australia": "Perth Adelaide Sydney",
    "Pacific": "Auckland Honolulu",
}
ZONES = (
    "UTC",
    *(f"{area}/{city}" for area, cities in _ZONES.items() for city in cities.split()),
)
"""Offered besides the partnership's and the organizations' own."""


def often(rhythm: Rhythm) -> str:
    """The choice that a rhythm's frequency is: ``biweekly``, ``monthly:-1``."""
    return rhythm.frequency if rhythm.nth is None else f"{rhythm.frequency}:{rhythm.nth}"


def summary(value: Arranged) -> Message:
    """How it is set up, with the button that changes it."""
    partnership = value.partnership
    purpose = one_line(partnership.purpose, 1500) or "nobody has said yet"
    here = listed(
        one_line(each.organization.name, 80)
        for each in value.participations
        if each.organization.name not in value.expected
    )
    lines = [
        f"*What this channel is for:* {purpose}",
        f"*Organizations:* {here}",
        f"*Check-ins:* {in_words(value.checkin)}",
        f"*Digest:* {in_words(value.digest)}",
        f"*Time zone:* {zone_in_words(partnership.zone)}",
        f"*Texts of replies* are kept for {count(value.keep_days, 'day')}.",
        f"*Recording by a :memo: reaction:* {'on' if value.reaction else 'off'}",
    ]
    if value.expected:
        names = listed(one_line(name, 80) for name in value.expected)
        lines.insert(2, f"*Expected:* {names}")
    if not partnership.started:
        lines.append("Nothing is posted on schedule before each organization has said OK.")
    lines.extend(_announced(value))
    head = "Saved." if value.changed else "This is how I am set up here."
    text = "\n".join((head, *lines))
    return message(
        text,
        section(head),
        section("\n".join(lines)),
        actions(
            button("Change", PartnershipButton.SET_UP, str(partnership.id)),
            button("History", PartnershipButton.HISTORY, ids.value(partnership.id, 0)),
        ),
        *(_pending(change) for change in value.announced),
    )


def saved(value: Arranged, announced: int) -> Message:
    """To the one who sent the form."""
    if not announced:
        return summary(value)
    new = value.announced[-announced:]
    asked = [each for each in new if each.everyone]
    said = "I have announced that in the thread of my first message."
    if len(asked) < len(new):
        said += " It begins after five working days, unless somebody objects."
    if asked:
        what = listed(change_in_words(each) for each in asked)
        said += f" What is kept or shared needs everybody's OK, so I have asked for it: {what}."
    return message(said, section(said))


def form(value: Arranged) -> Modal:
    """Where it is set, with what holds now filled in."""
    partnership = value.partnership
    blocks: list[Block] = []
    if partnership.started:
        blocks.append(
            context(
                "We have started, so a change is announced in the channel and begins after five "
                "working days, unless somebody objects."
            )
        )
    blocks.append(
        field(
            "What is this channel for?",
            text_input(
                PartnershipField.PURPOSE,
                initial=partnership.purpose,
                placeholder="Mentoring for women and minorities in creative roles",
                multiline=True,
                longest=LONGEST_TEXT,
            ),
            block=PartnershipField.PURPOSE,
            optional=True,
        )
    )
    blocks.append(
        field(
            "Organizations that are still to come",
            text_input(
                PartnershipField.EXPECTED,
                initial="\n".join(value.expected),
                multiline=True,
                longest=LONGEST_TEXT,
            ),
            block=PartnershipField.EXPECTED,
            hint="One name on each line. I wait for their OK too. Who is here already is known.",
            optional=True,
        )
    )
    blocks.extend(
        _rhythm(
            "Check-in",
            value.checkin,
            PartnershipField.CHECKIN_OFTEN,
            PartnershipField.CHECKIN_DAY,
            PartnershipField.CHECKIN_AT,
        )
    )
    blocks.extend(
        _rhythm(
            "Digest",
            value.digest,
            PartnershipField.DIGEST_OFTEN,
            PartnershipField.DIGEST_DAY,
            PartnershipField.DIGEST_AT,
        )
    )
    zones = _zones(value)
    blocks.append(
        field(
            "Time zone",
            select(
                PartnershipField.ZONE,
                "Choose one",
                zones,
                initial=_chosen(zones, partnership.zone),
            ),
            block=PartnershipField.ZONE,
        )
    )
    blocks.append(
        field(
            "Keep the texts of replies for how many days?",
            number_input(
                PartnershipField.KEEP,
                initial=value.keep_days,
                least=LEAST_KEPT,
                most=MOST_KEPT,
            ),
            block=PartnershipField.KEEP,
            hint="What is agreed is kept as long as the partnership. A change needs the OK of "
            "every organization.",
        )
    )
    on_off = [option("Off", "off"), option("On", "on")]
    blocks.append(
        field(
            "Recording by a :memo: reaction on a message",
            radio(PartnershipField.REACTION, *on_off, initial=on_off[value.reaction]),
            block=PartnershipField.REACTION,
            hint="It asks only the person who reacted. A change needs the OK of every "
            "organization.",
        )
    )
    return modal(
        "Set up",
        PartnershipForm.SET_UP,
        *blocks,
        private=ids.value(partnership.id, value.version),
        submit="Save",
    )


def _rhythm(
    name: str,
    rhythm: Rhythm,
    often_field: PartnershipField,
    day_field: PartnershipField,
    at_field: PartnershipField,
) -> list[Block]:
    frequencies = _frequencies()
    days = [option(each, str(number)) for number, each in enumerate(WEEKDAYS)]
    times = _times(rhythm)
    return [
        field(
            f"{name}: how often",
            select(
                often_field,
                "Choose one",
                frequencies,
                initial=_chosen(frequencies, often(rhythm)),
            ),
            block=often_field,
        ),
        field(
            f"{name}: weekday",
            select(day_field, "Choose one", days, initial=_chosen(days, str(rhythm.weekday))),
            block=day_field,
        ),
        field(
            f"{name}: time",
            select(at_field, "Choose one", times, initial=_chosen(times, f"{rhythm.at:%H:%M}")),
            block=at_field,
        ),
    ]


def _frequencies() -> list[Element]:
    made = [
        option("Every week", Frequency.WEEKLY),
        option("Every two weeks", Frequency.BIWEEKLY),
    ]
    for frequency, period in ((Frequency.MONTHLY, "month"), (Frequency.QUARTERLY, "quarter")):
        made.extend(
            option(f"Every {period}, on the {which} such weekday", f"{frequency}:{nth}")
            for nth, which in ORDINALS.items()
        )
    return made


def _times(rhythm: Rhythm) -> list[Element]:
    offered = {f"{hour:02}:{minute:02}" for hour in range(6, 22) for minute in (0, 30)}
    offered.add(f"{rhythm.at:%H:%M}")
    return [option(each, each) for each in sorted(offered)]


def _zones(value: Arranged) -> list[Element]:
    first = [value.partnership.zone]
    first.extend(each.organization.zone or "" for each in value.participations)
    names = list(dict.fromkeys(zone for zone in (*first, *ZONES) if zone))[:100]
    return [option(name.replace("_", " "), name) for name in names]


def _chosen(options: Sequence[Element], wanted: str) -> Element:
    return next((each for each in options if each["value"] == wanted), options[0])


def _announced(value: Arranged) -> list[str]:
    zone = ZoneInfo(value.partnership.zone)
    lines = []
    for change in value.announced:
        consent = value.consents.get(change.id)
        if consent is None:
            begins = day(change.begins_at.astimezone(zone).date())
            when = f"From {begins} on*, unless somebody objects"
        else:
            names = listed(one_line(each.name, 80) for each in consent.waiting)
            when = f"As soon as everybody has said OK* (waiting for {names})"
        lines.append(f"*{when}: {change_in_words(change)}")
    return lines


def _pending(change: Change) -> Block:
    """A suggestion with the way to take it back."""
    what = change_in_words(change)
    return section(
        f"Suggested: {what}",
        accessory=button(
            "Take back",
            PartnershipButton.WITHDRAW,
            str(change.id),
            speaks="Take back (what your organization suggested)",
        ),
    )
