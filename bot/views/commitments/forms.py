"""The forms that buttons of a commitment open."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.commitments import (
    Audience,
    Commitment,
)
from bot.domain.people import Member, Person
from bot.views import ids
from bot.views.blocks import (
    OPTION_LIMIT,
    OPTIONS_LIMIT,
    Element,
    Modal,
    checkboxes,
    date_input,
    field,
    grouped_select,
    modal,
    option,
    radio,
    section,
    text_input,
)
from bot.views.commitments.card import headline
from bot.views.ids import CommitmentField as Field
from bot.views.ids import CommitmentForm as Form
from bot.views.words import plain

_TYPED = 3000
"""What Slack lets a person type into a field."""


LABEL_LIMIT = 500
"""Of a label in a form. A longer one, typed in words, is kept whole."""


NO_DATE = "no_date"


def yes_if_form(commitment: Commitment, today: date) -> Modal:
    """Yes, if …"""
    return modal(
        "Yes, if…",
        Form.YES_IF,
        section(headline(commitment, today)),
        field(
            "If what?",
            text_input(Field.CONDITION, placeholder="travel is paid", longest=_TYPED),
            block=Field.CONDITION,
            hint="Whoever asked agrees to it first. Nothing counts until then.",
        ),
        private=_private(commitment),
        submit="Send",
    )


def change_form(commitment: Commitment, today: date) -> Modal:
    """Another date, other words, another label."""
    terms = commitment.at_issue
    box = option("No date yet", NO_DATE)
    long = len(terms.what) > _TYPED
    return modal(
        "Another date",
        Form.CHANGE,
        section(headline(commitment, today)),
        field(
            "By when?",
            date_input(Field.DUE, initial=None if terms.due is None else terms.due.isoformat()),
            block=Field.DUE,
            optional=True,
        ),
        field(
            "Or",
            checkboxes(Field.NO_DATE, box, chosen=() if terms.due else (box,)),
            block=Field.NO_DATE,
            optional=True,
        ),
        field(
            "What?",
            text_input(
                Field.WHAT, initial="" if long else terms.what, multiline=True, longest=_TYPED
            ),
            block=Field.WHAT,
            hint="Leave it empty to keep the words as they are.",
            optional=True,
        ),
        field(
            "For which program?",
            text_input(Field.LABEL, initial=(terms.label or "")[:LABEL_LIMIT], longest=LABEL_LIMIT),
            block=Field.LABEL,
            optional=True,
        ),
        field(
            "Why?",
            text_input(Field.WHY, longest=_TYPED),
            block=Field.WHY,
            optional=True,
        ),
        private=_private(commitment),
        submit="Send",
    )


def no_form(commitment: Commitment, today: date) -> Modal:
    """No, because …"""
    return _because_form(commitment, today, "No", Form.NO, must=False)


def drop_form(commitment: Commitment, today: date, *, must: bool = False) -> Modal:
    """Dropped, because …; ``must`` is for whoever has to say why: all but the owner."""
    return _because_form(commitment, today, "Drop", Form.DROP, must=must)


def _because_form(
    commitment: Commitment, today: date, title: str, form: Form, *, must: bool
) -> Modal:
    hint = "Everyone here can read it."
    return modal(
        title,
        form,
        section(headline(commitment, today)),
        field(
            "Because",
            text_input(Field.WHY, multiline=True, longest=_TYPED),
            block=Field.WHY,
            hint=hint if must else f"{hint} You may leave it empty.",
            optional=not must,
        ),
        private=_private(commitment),
        submit=title,
    )


def missing_form(commitment: Commitment, today: date, *, must: bool) -> Modal:
    """What is missing, so that it is open again; ``must`` is for the asking side."""
    return modal(
        "Not done yet",
        Form.MISSING,
        section(f"{headline(commitment, today)} It will be open again."),
        field(
            "What is missing?",
            text_input(Field.WHY, multiline=True, longest=_TYPED, placeholder="the list of names"),
            block=Field.WHY,
            hint="Everyone here can read it.",
            optional=not must,
        ),
        private=_private(commitment),
        submit="Open it again",
    )


def hand_over_form(
    commitment: Commitment, today: date, people: Mapping[str, Sequence[Member]]
) -> Modal:
    """Another owner. ``people`` are those in the channel, by their organization's name."""
    others = {
        name: [one for one in several if one.id != commitment.owner.id]
        for name, several in people.items()
    }
    groups = _choices({name: several for name, several in others.items() if several})
    said = f"{headline(commitment, today)} It stays with {commitment.owner.mention} until "
    if not groups:
        return modal(
            "Hand over",
            Form.HAND_OVER,
            section("There is nobody else here whom I know. Invite somebody to the channel first."),
            submit=None,
            close="Close",
        )
    return modal(
        "Hand over",
        Form.HAND_OVER,
        section(f"{said}the next person has said yes."),
        field(
            "To whom?",
            grouped_select(Field.OWNER, "Choose a person", groups),
            block=Field.OWNER,
            hint=_SOMEBODY_MISSING.format("hand over NUMBER to @name")
            if _too_many(people)
            else "They are asked in the thread of the card.",
        ),
        field(
            "Why?",
            text_input(Field.WHY, multiline=True, longest=_TYPED),
            block=Field.WHY,
            hint="Everyone here can read it. You may leave it empty.",
            optional=True,
        ),
        private=_private(commitment),
        submit="Hand over",
    )


_SOMEBODY_MISSING = "Somebody missing? Mention me with: {}."


def _too_many(people: Mapping[str, Sequence[Member]]) -> bool:
    return any(len(several) > OPTIONS_LIMIT for several in people.values())


def _choices(people: Mapping[str, Sequence[Member]]) -> dict[str, list[Element]]:
    return {
        name: [option(plain(one.name, OPTION_LIMIT), one.user) for one in several[:OPTIONS_LIMIT]]
        for name, several in people.items()
    }


def stuck_form(commitment: Commitment, today: date, *, alone: bool) -> Modal:
    """I'm stuck: why, and who may know."""
    choices = [
        option("Everyone here", Audience.EVERYONE),
        option("Nobody yet", Audience.OWNER),
    ]
    if not alone:
        choices.insert(0, option("Only my colleague", Audience.ORGANIZATION))
    return modal(
        "I'm stuck",
        Form.STUCK,
        section(f"{headline(commitment, today)} Nobody knows yet that you are stuck."),
        field(
            "What keeps you from it?",
            text_input(Field.WHY, multiline=True, longest=_TYPED),
            block=Field.WHY,
            hint="Only those whom you choose below read it. You may leave it empty.",
            optional=True,
        ),
        field("Who may know?", radio(Field.AUDIENCE, *choices), block=Field.AUDIENCE),
        private=_private(commitment),
        submit="Send",
    )


def new_form(channel: str, people: Mapping[str, Sequence[Member]], speaker: Person) -> Modal:
    """A new commitment. ``people`` are those in the channel, by their organization's name.

    Slack's own select of people may show the wrong ones in shared channels, so this is ours.
    """
    groups = _choices(people)
    initial = next(
        (
            choice
            for choices in groups.values()
            for choice in choices
            if choice["value"] == speaker.user
        ),
        None,
    )
    hint = "What you write down for somebody else counts once they agree."
    if _too_many(people):
        hint += " " + _SOMEBODY_MISSING.format("commit @name what by when")
    return modal(
        "New commitment",
        Form.NEW,
        field(
            "Who?",
            grouped_select(Field.OWNER, "Choose a person", groups, initial=initial),
            block=Field.OWNER,
            hint=hint,
        ),
        field(
            "What?",
            text_input(Field.WHAT, multiline=True, longest=_TYPED, placeholder="invite 12 mentees"),
            block=Field.WHAT,
        ),
        field("By when?", date_input(Field.DUE), block=Field.DUE, optional=True),
        field(
            "Or",
            checkboxes(Field.NO_DATE, option("No date yet", NO_DATE)),
            block=Field.NO_DATE,
            optional=True,
        ),
        field(
            "For which program?",
            text_input(Field.LABEL, longest=LABEL_LIMIT),
            block=Field.LABEL,
            optional=True,
        ),
        private=ids.value(channel),
        submit="Write down",
    )


def _private(commitment: Commitment) -> str:
    return ids.value(commitment.id, commitment.at_issue.version)
