"""A due date on which somebody is not there, and the days that would suit."""

from datetime import date

from bot.domain.closed_days import Clash
from bot.domain.commitments import Commitment
from bot.domain.people import Member
from bot.views import ids
from bot.views.blocks import (
    Block,
    Message,
    Modal,
    actions,
    button,
    date_input,
    field,
    message,
    modal,
    option,
    radio,
    section,
)
from bot.views.ids import DaysButton, DaysField, DaysForm
from bot.views.words import day, listed, one_line


def in_words(clash: Clash, owner: Member, viewer: int | None, today: date) -> str:
    """Who is not there on that day; of a person only until when, never why.

    Nor is a closed day's name told: its organization's own people alone read that list.
    """
    told = [f"{day(clash.day, today)} is past already."] if clash.past else []
    if clash.closed:
        names = listed(f"{one_line(each.organization, 80)} is closed" for each in clash.closed)
        told.append(f"On {day(clash.day, today)} {names}.")
    if clash.away_until is not None:
        until = day(clash.away_until, today)
        who = "You are" if owner.id == viewer else f"{owner.mention} is"
        told.append(f"{who} away until {until}.")
    return " ".join(told)


def added_to(
    given: Message, commitment: Commitment, clash: Clash, viewer: int | None, today: date
) -> Message:
    """An answer with what is to be said about its date, and the way to another one."""
    words = f"{in_words(clash, _owner(commitment), viewer, today)} {_suits(clash, today)}"
    blocks: list[Block] = list(given["blocks"]) or [section(given["text"])]
    return message(f"{given['text']}\n{words}", *blocks, section(words), _row(commitment))


def alone(commitment: Commitment, clash: Clash, viewer: int | None, today: date) -> Message:
    """The same where there is no other answer."""
    words = f"{in_words(clash, _owner(commitment), viewer, today)} {_suits(clash, today)}"
    said = f"#{commitment.number} is noted. {words}"
    return message(said, section(said), _row(commitment))


def form(
    commitment: Commitment, clash: Clash | None, viewer: int | None, today: date, *, noted: bool
) -> Modal:
    """Where another day is chosen; ``noted``: in place of the form that has just been sent."""
    terms = commitment.at_issue
    said = f"#{commitment.number} {one_line(terms.what, 200)}"
    if terms.due is not None:
        said += f", by {day(terms.due, today)}"
    said += ": noted." if noted else "."
    days = [] if clash is None else [each for each in (clash.before, clash.after) if each]
    blocks = [section(said)]
    if clash is not None:
        blocks.append(section(in_words(clash, _owner(commitment), viewer, today)))
    if days:
        options = [option(day(each, today), each.isoformat()) for each in days]
        blocks.append(
            field(
                "A day that suits",
                radio(DaysField.DAY, *options, initial=options[-1]),
                block=DaysField.DAY,
                optional=True,
            )
        )
    blocks.append(
        field(
            "Another day" if days else "A new date",
            date_input(DaysField.FIRST),
            block=DaysField.FIRST,
            hint="It counts instead of the one above." if days else "",
            optional=bool(days),
        )
    )
    return modal(
        "A new date?",
        DaysForm.SUGGEST,
        *blocks,
        private=ids.value(commitment.id, terms.version),
        submit="Suggest it",
        close="Keep it as it is" if noted else "Cancel",
    )


def _row(commitment: Commitment) -> Block:
    return actions(
        button(
            "Suggest a new date",
            DaysButton.SUGGEST,
            ids.value(commitment.id, commitment.at_issue.version),
            speaks=f"Suggest a new date (for #{commitment.number})",
        )
    )


def _suits(clash: Clash, today: date) -> str:
    if clash.past:
        return "It is agreed all the same; you can suggest a day that is still to come."
    days = [day(each, today) for each in (clash.before, clash.after) if each is not None]
    if not days:
        return "It is noted all the same."
    return f"It is noted all the same; {listed(days, 'or')} would suit."


def _owner(commitment: Commitment) -> Member:
    offer = commitment.offer
    return commitment.owner if offer is None or offer.owner is None else offer.owner
