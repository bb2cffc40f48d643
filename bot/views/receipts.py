"""Receipts: what can be done about an act, and that it was taken back; buttons that were used."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from bot.domain.away import Times
from bot.domain.changes import Waits
from bot.domain.checkins import Standing
from bot.domain.closed_days import Calendar
from bot.domain.commitments import Act, Commitment, State
from bot.domain.own_organization import Own
from bot.domain.partnerships import Participation, Setting
from bot.domain.people import Member, Person
from bot.domain.preferences import Chosen
from bot.domain.reminders import PutOff
from bot.domain.shares import Marked
from bot.domain.undo import Receipt, Undoable, Undone, What
from bot.domain.welcome import Arranged
from bot.views import (
    away,
    closed_days,
    commitments,
    ids,
    own_organization,
    partnerships,
    preferences,
    reminders,
    schedules,
    shares,
)
from bot.views.blocks import (
    Block,
    Element,
    Message,
    Modal,
    actions,
    button,
    context,
    message,
    section,
)
from bot.views.commitments.card import LIST_LIMIT, terms_said
from bot.views.ids import (
    CommitmentButton,
    CommitmentField,
    DaysButton,
    PartnershipButton,
    PreferenceButton,
    ReminderButton,
    ScheduleButton,
    UndoButton,
    UndoForm,
)
from bot.views.words import escape, one_line

_EDITS: Mapping[What, tuple[StrEnum, str]] = {
    What.AWAY: (DaysButton.AWAY_EDIT, "the days on which you are away"),
    What.CLOSED_DAYS: (DaysButton.CLOSED_EDIT, "what you put into the calendar"),
    What.PREFERENCES: (PreferenceButton.PAUSE_EDIT, "your pause"),
    What.LATER: (ReminderButton.LATER_EDIT, "when I come back to it"),
    What.WITH: (PartnershipButton.WITH, "which organization you are with"),
    What.SETUP: (PartnershipButton.SET_UP, "the setup"),
}
"""What *Edit* opens, of what is no commitment."""

_CHANGING = frozenset({CommitmentButton.CHANGE, CommitmentButton.ANOTHER_DATE})


def completed(receipt: Receipt, said: Message | None, today: date) -> Message | None:
    """A receipt with *Undo* and *Edit*; where nothing was said, how the thing stands now."""
    if said is None:
        if receipt.commitment is None:
            return None
        said = commitments.receipt(receipt.commitment, today)
    row = [] if _has_undo(said) else [_undo(receipt)]
    blocks = [
        {**block, "elements": [_mending(each) for each in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in said["blocks"]
    ]
    mends = any(
        each.get("action_id") == UndoButton.EDIT
        for block in blocks
        if block["type"] == "actions"
        for each in block["elements"]
    )
    if receipt.edit is not None and receipt.commitment is not None and not mends:
        row.append(_edit(receipt.commitment, receipt.edit))
    if receipt.thing is not None and receipt.deed.what in _EDITS:
        which, what = _edits(receipt.deed)
        if not _has(said, which):
            row.append(button("Edit", which, receipt.thing, speaks=f"Edit ({what})"))
    if not row:
        return {**said, "blocks": blocks}
    last = blocks[-1] if blocks else None
    if last is not None and last["type"] == "actions" and len(last["elements"]) < 4:
        blocks[-1] = {**last, "elements": [*last["elements"], *row]}
    else:
        blocks.append(actions(*row))
    return {**said, "blocks": blocks}


def taken_back(undone: Undone, today: date, *, public: bool) -> Message:
    """A line in place of the receipt. ``public``: whether others read it too."""
    who = f"{undone.by.mention} took" if public else "You took"
    lines = [f"{who} that back."]
    lines.append(_stands(undone.value, today))
    said = " ".join(lines)
    return message(said, section(said))


def edit_form(
    commitment: Commitment,
    today: date,
    people: Mapping[str, Sequence[Member]] | None,
) -> Modal:
    """Words, date, label and, with ``people`` (by their organization's name), the owner."""
    form = commitments.change_form(commitment, today)
    blocks = list(form["blocks"])
    if people:
        owner = commitment.owner
        chosen = Person(owner.team, owner.user, owner.name)
        empty = commitments.new_form(commitment.place.channel or "", people, chosen)
        hint = "Somebody else is asked first; it stays as it is until they say yes."
        blocks[1:1] = [
            {**block, "hint": {"type": "plain_text", "text": hint}}
            for block in empty["blocks"]
            if block.get("block_id") == CommitmentField.OWNER
        ]
    title = {"type": "plain_text", "text": "Edit"}
    return {**form, "callback_id": UndoForm.EDIT, "title": title, "blocks": blocks}


def used(text: str, blocks: Sequence[Block], block: str, label: str, *, by: str | None) -> Message:
    """A message of ours in which the row of a button that was used is a line instead.

    ``by`` is the mention of who pressed it, where others read the message too.
    """
    said = f"You pressed “{escape(label, 75)}”." if by is None else f"{by}: {escape(label, 75)}"
    kept: list[Block] = []
    for each in blocks:
        if each.get("block_id") != block:
            kept.append(each)
            continue
        if each["type"] != "actions":
            kept.append({name: part for name, part in each.items() if name != "accessory"})
        kept.append(context(said))
    return {"text": text, "blocks": kept}


def _stands(value: object, today: date) -> str:
    """How the thing stands now."""
    if isinstance(value, Commitment) and value.state is State.DROPPED:
        # It was new. Nobody dropped it: the card says "Taken back", too.
        held = terms_said(value.terms, today, LIST_LIMIT)
        return f"#{value.number} does not count any more: {held}."
    if isinstance(value, Commitment):
        made = commitments.receipt(value, today)
        lines = [each["text"]["text"] for each in made["blocks"] if each["type"] == "section"]
        return " ".join(lines)
    if isinstance(value, Times):
        return away.times(value)["text"]
    if isinstance(value, Standing):
        return schedules.standing(value, today)["text"]
    if isinstance(value, Chosen):
        return " ".join(preferences.lines(value))
    if isinstance(value, PutOff):
        return reminders.as_before(value, today)
    if isinstance(value, Marked):
        return shares.marked_as(value)
    if isinstance(value, Calendar):
        return closed_days.upcoming(value)
    if isinstance(value, Own):
        return own_organization.sentence(value)
    if isinstance(value, Waits):
        return partnerships.waits_again(value.change, value.zone, today)
    if isinstance(value, Member):
        if value.organization is None:
            return "I don't know which organization you are with; please say it again."
        return f"You are with {one_line(value.organization.name, 80)}."
    if isinstance(value, Arranged):
        return "It is set up as before."
    if isinstance(value, Participation):
        name = one_line(value.organization.name, 80)
        return f"{name} has not said OK for now. You can press OK at any time."
    return "It is as before."


def _undo(receipt: Receipt) -> Element:
    what = "what you just did"
    if receipt.commitment is not None:
        what = commitments.described(receipt.commitment)
    return button("Undo", UndoButton.TAKE_BACK, ids.value(receipt.deed.id), speaks=f"Undo ({what})")


def _edit(commitment: Commitment, act: Act) -> Element:
    opens = UndoButton.EDIT_STUCK if act is Act.STUCK else UndoButton.EDIT
    return button(
        "Edit",
        opens,
        ids.value(commitment.id, commitment.at_issue.version),
        speaks=f"Edit ({commitments.described(commitment)})",
    )


def _edits(deed: Undoable) -> tuple[StrEnum, str]:
    """The button of what *Edit* opens, and what it is called aloud."""
    if deed.what is What.SETUP and set((deed.before or {})["held"]) == {Setting.QUESTIONS}:
        return ScheduleButton.QUESTIONS, "the questions"
    return _EDITS[deed.what]


def _has_undo(said: Message) -> bool:
    """Whether it has a way back of its own, as a skipped date does until its day comes."""
    return _has(said, ScheduleButton.UNSKIP)


def _has(said: Message, which: StrEnum) -> bool:
    """Whether a button stands in it."""
    return any(
        each.get("action_id") == which
        for block in said["blocks"]
        if block["type"] == "actions"
        for each in block["elements"]
    )


def _mending(element: Element) -> Element:
    """A button that opens the form for changes, as one of a receipt: its answer takes the place of
    the receipt.
    """
    if element.get("action_id") in _CHANGING:
        return {**element, "action_id": UndoButton.EDIT}
    return element
