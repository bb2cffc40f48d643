"""A guest says which organization they are with."""

from collections.abc import Sequence

from bot.domain.partnerships import NAME_LIMIT
from bot.domain.people import Organization
from bot.views.blocks import (
    Message,
    Modal,
    actions,
    button,
    field,
    message,
    modal,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm, value
from bot.views.words import listed, one_line

NEW = "new"
"""The choice of an organization that is not here yet."""


def with_form(
    partnership_id: int, here: Sequence[Organization], known: Organization | None = None
) -> Modal:
    """Where a guest says it: those that are here, or a new name. ``known`` is what they said."""
    blocks = []
    if here:
        choices = [option(each.name, str(each.id)) for each in here[:99]]
        blocks.append(
            field(
                "Organizations that are here",
                select(
                    PartnershipField.ORGANIZATION,
                    "Choose yours",
                    choices,
                    initial=next(
                        (
                            each
                            for each in choices
                            if known is not None and each["value"] == str(known.id)
                        ),
                        None,
                    ),
                ),
                block=PartnershipField.ORGANIZATION,
                hint="Somebody of it is asked whether you are with them.",
                optional=True,
            )
        )
    blocks.append(
        field(
            "Another organization: its name" if here else "Its name",
            text_input(
                PartnershipField.NAME,
                placeholder="Harbor Women in Media",
                longest=NAME_LIMIT,
            ),
            block=PartnershipField.NAME,
            optional=bool(here),
        )
    )
    return modal(
        "Your organization",
        PartnershipForm.WITH,
        section("Which organization are you with? It stands after your name for everybody here."),
        *blocks,
        private=str(partnership_id),
        submit="That is mine",
    )


def which_form(partnership_id: int, name: str, similar: Sequence[Organization]) -> Modal:
    """Whether a similar name that is here already is meant."""
    choices = [option(each.name, str(each.id)) for each in similar[:9]]
    choices.append(option("No, this is another organization", NEW))
    return modal(
        "Is it this one?",
        PartnershipForm.WITH_WHICH,
        section(f"You wrote “{one_line(name, 80)}”. An organization with a similar name is here."),
        field(
            "Which one do you mean?",
            radio(PartnershipField.ORGANIZATION, *choices, initial=choices[0]),
            block=PartnershipField.ORGANIZATION,
        ),
        private=value(partnership_id, name),
        submit="That is mine",
    )


def which(partnership_id: int, name: str, similar: Sequence[Organization]) -> Message:
    """The same question, where there is no modal."""
    typed = one_line(name, 80)
    names = listed((f"“{one_line(each.name, 80)}”" for each in similar), "or")
    said = f"Do you mean {names}? You wrote “{typed}”. Nothing is noted yet."
    rows = [
        actions(
            button(
                f"I am with {each.name}",
                PartnershipButton.WITH_THIS,
                value(partnership_id, each.id),
            )
        )
        for each in similar[:4]
    ]
    new = button("No, another one", PartnershipButton.WITH_NEW, value(partnership_id, name))
    return message(said, section(said), *rows, actions(new))


def ask_which(partnership_id: int, sentence: str) -> Message:
    """To a guest who does something before it is known which organization they are with."""
    return message(
        sentence,
        section(sentence),
        actions(button("Say which organization", PartnershipButton.WITH, str(partnership_id))),
    )


def joined(organization: Organization) -> Message:
    """It is settled."""
    name = one_line(organization.name, 80)
    said = (
        f"Thank you. You are with {name}; that stands after your name from now on. "
        f"If {name} has not said OK yet, you can do that on my first message in the channel."
    )
    return message(said, section(said))


def waits(organization: Organization) -> Message:
    """Somebody of that organization is asked."""
    name = one_line(organization.name, 80)
    said = (
        f"Thank you. I have asked the people of {name} here whether you are with them; "
        "it holds as soon as one of them says yes."
    )
    return message(said, section(said))


def confirmed(organization: Organization, yes: bool) -> Message:
    """To the one who answered for the organization."""
    name = one_line(organization.name, 80)
    said = f"Thank you, noted: {'they are' if yes else 'they are not'} with {name}."
    return message(said, section(said))
