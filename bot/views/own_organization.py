"""One's own organization in a partnership: how it stands, and where that is changed."""

from bot.domain.closed_days import LABEL_LIMIT
from bot.domain.own_organization import SPONSOR_LIMIT, Own
from bot.domain.rhythm import WEEKDAYS
from bot.views import ids
from bot.views.blocks import (
    OPTIONS_LIMIT,
    Element,
    Message,
    Modal,
    actions,
    button,
    checkboxes,
    context,
    field,
    grouped_select,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.views.closed_days import from_to, weekdays_in_words
from bot.views.ids import (
    DaysButton,
    OrganizationButton,
    OrganizationField,
    OrganizationForm,
    PartnershipButton,
)
from bot.views.partnerships import zone_in_words
from bot.views.words import called, listed, one_line

_NEXT = 4
_HEAD = 20
"""Letters of each of two names in a heading."""


def sentence(value: Own) -> str:
    """What can be set, in one sentence."""
    lead = "nobody yet" if value.lead is None else value.lead.mention
    zone = "not known yet" if value.zone is None else zone_in_words(value.zone)
    sponsor = one_line(value.sponsor, SPONSOR_LIMIT) or "not said"
    return (
        f"{one_line(value.organization.name, 80)}: lead {lead}, sponsor {sponsor}, time zone "
        f"{zone}, working days {weekdays_in_words(value.weekdays)}."
    )


def shown(value: Own) -> Message:
    """How it stands, with the buttons that change it."""
    name = one_line(value.organization.name, 80)
    where = one_line(value.partnership.name, 80)
    lead = "nobody yet" if value.lead is None else value.lead.mention
    zone = "not known yet" if value.zone is None else zone_in_words(value.zone)
    days = listed(
        f"{from_to(each.first, each.last, value.today)} ({one_line(each.label, LABEL_LIMIT)})"
        if each.label
        else from_to(each.first, each.last, value.today)
        for each in value.days[:_NEXT]
    )
    lines = [
        f"*{name}* in {where}",
        f"*Lead:* {lead}",
        f"*Sponsor, who inside backs this:* {one_line(value.sponsor, SPONSOR_LIMIT) or 'not said'}",
        f"*Time zone:* {zone}",
        f"*Working days:* {weekdays_in_words(value.weekdays)}",
        f"*Next closed days:* {days or 'none noted'}",
    ]
    if value.changed:
        lines.insert(0, "Saved.")
    which = str(value.partnership.id)
    row = actions(
        button(
            "Change",
            OrganizationButton.CHANGE,
            which,
            speaks=f"Change (of {value.organization.name})",
        ),
        button("Closed days", DaysButton.CLOSED, ""),
        button(
            "History",
            PartnershipButton.HISTORY,
            ids.value(value.partnership.id, 0),
            speaks="History (of this partnership)",
        ),
    )
    only = context(
        f"Only people of {name} change this. Everybody here can see the lead and sponsor."
    )
    text = "\n".join(lines)
    return message(text.replace("*", ""), section(text), row, only)


def form(value: Own, zones: tuple[str, ...]) -> Modal:
    """Where it is changed, with what holds now filled in."""
    people = _in_parts([option(called(each), str(each.id)) for each in value.people])
    lead = None if value.lead is None else str(value.lead.id)
    offered = [option(each.replace("_", " "), each) for each in zones]
    week = [option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    blocks = []
    if people:
        blocks.append(
            field(
                "Lead",
                _one_of(people, lead),
                block=OrganizationField.LEAD,
                hint="I ask the lead where somebody has to speak for you.",
                optional=True,
            )
        )
    blocks.append(
        field(
            "Sponsor: who inside backs this?",
            text_input(
                OrganizationField.SPONSOR,
                initial=value.sponsor,
                placeholder="Rosa Lind, head of people",
                longest=SPONSOR_LIMIT,
            ),
            block=OrganizationField.SPONSOR,
            optional=True,
        )
    )
    blocks.append(
        field(
            "Time zone",
            select(
                OrganizationField.ZONE,
                "Choose one",
                offered,
                initial=next((each for each in offered if each["value"] == value.zone), None),
            ),
            block=OrganizationField.ZONE,
            optional=True,
        )
    )
    blocks.append(
        field(
            "Working days",
            checkboxes(
                OrganizationField.WEEKDAYS,
                *week,
                chosen=[each for each in week if int(each["value"]) in value.weekdays],
            ),
            block=OrganizationField.WEEKDAYS,
            hint="Check-ins and waits leave the other days out.",
        )
    )
    return modal(
        "Your organization",
        OrganizationForm.CHANGE,
        *blocks,
        private=str(value.partnership.id),
        submit="Save",
    )


def _in_parts(people: list[Element]) -> dict[str, list[Element]]:
    """People by name, as many together as Slack shows under one heading."""
    ordered = sorted(people, key=lambda each: str(each["text"]["text"]).casefold())
    parts = (
        ordered[first : first + OPTIONS_LIMIT] for first in range(0, len(ordered), OPTIONS_LIMIT)
    )
    return {
        f"{number}. {part[0]['text']['text'][:_HEAD]} to {part[-1]['text']['text'][:_HEAD]}": part
        for number, part in enumerate(parts, 1)
    }


def _one_of(people: dict[str, list[Element]], lead: str | None) -> Element:
    """A choice of one of them, under headings only where they are too many without."""
    initial = next(
        (each for part in people.values() for each in part if each["value"] == lead), None
    )
    if len(people) == 1:
        (part,) = people.values()
        return select(OrganizationField.LEAD, "Choose somebody", part, initial=initial)
    return grouped_select(OrganizationField.LEAD, "Choose somebody", people, initial=initial)
