"""Reminders as one person sees them: all of theirs in one message, with what can be done."""

from datetime import date, timedelta

from bot.domain import commitments as rules
from bot.domain.commitments import Commitment, State
from bot.domain.people import Member
from bot.domain.preferences import Notice
from bot.domain.reminders import Line, PutOff, Reminder
from bot.views import nudges
from bot.views.blocks import (
    Block,
    Element,
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
from bot.views.commitments.card import (
    LIST_LIMIT,
    button_for,
    described,
    offer_said,
    quoted,
    status,
    terms_said,
)
from bot.views.ids import CommitmentButton, PreferenceButton, ReminderButton, ReminderForm
from bot.views.ids import PreferenceField as Field
from bot.views.words import count, day, named, one_line

_HEADS = {
    Notice.ANSWER: "Waiting for your answer",
    Notice.LEAD: "With your colleagues, long past its date",
}
_YOURS = "Yours"
_FINE = "Things move; that is fine. A new date is one press away."
_HELP = "Perhaps you can help."

_SOON = timedelta(days=1)


def reminder(value: Reminder) -> Message:
    """All that one person is told on one day. What is settled by now is a line of text."""
    today = value.today
    blocks: list[Block] = []
    said: list[str] = [_opening(value)]
    blocks.append(section(said[0]))
    head = None
    for line in value.lines:
        title = _HEADS.get(line.notice, _YOURS)
        if title != head and (head is not None or title != _YOURS):
            blocks.append(section(f"*{title}*"))
            said.append(f"{title}:")
        head = title
        words = _line(line, today, value.member)
        said.append(words)
        blocks.append(section(words))
        if line.waits:
            blocks.append(actions(*_buttons(line)))
    asked, spoken = nudges.beside(value.asked)
    blocks += asked
    said += spoken
    if value.more:
        more = f"And {count(value.more, 'more thing')} that you find in what is yours."
        said.append(more)
        blocks.append(section(more))
    blocks.append(
        actions(
            button("All of mine", CommitmentButton.MINE, ""),
            button("Pause for me", PreferenceButton.PAUSE, "", speaks="Pause for me (reminders)"),
            button("Settings", PreferenceButton.SHOW, "", speaks="Settings (of your reminders)"),
        )
    )
    blocks.append(context("Only you see this."))
    return message(" ".join(said).replace("*", ""), *blocks)


def _opening(value: Reminder) -> str:
    waiting = [each for each in value.lines if each.waits]
    if not waiting:
        if value.asked:
            return "A reminder."
        if any(each.snoozed is not None for each in value.lines):
            return "Nothing of this waits for you now."  # what was put off is not settled
        return "All of this is settled. Thank you."
    answers = sum(each.notice is Notice.ANSWER for each in waiting)
    led = sum(each.notice is Notice.LEAD for each in waiting)
    yours = len(waiting) - answers - led
    parts = []
    if answers:
        parts.append(count(answers, "thing waits", "things wait") + " for your answer.")
    if yours:
        parts.append(f"A reminder of {count(yours, 'commitment')} of yours.")
    if led:
        parts.append(
            f"As the lead of your organization: {count(led, 'thing')} of your colleagues "
            f"long past its date. {_HELP}"
        )
    late = [
        each
        for each in waiting
        if each.notice is Notice.OVERDUE and rules.overdue(each.commitment, value.today)
    ]
    return " ".join([*parts, _FINE] if late else parts)


def _line(line: Line, today: date, reader: Member) -> str:
    commitment = line.commitment
    where = (
        f"in {one_line(commitment.place.name, 60)}"
        if commitment.place.channel is None
        else f"in <#{commitment.place.channel}>"
    )
    head = f"*#{commitment.number}* {_what(line, today)}"
    if line.waits:
        return f"{head} ({where})"
    if line.snoozed is not None:
        return f"{head} ({where}). I come back to it on {day(line.snoozed, today)}."
    now = status(commitment, None, today)
    theirs = line.notice not in {Notice.ANSWER, Notice.LEAD}
    if theirs and commitment.owner.id != reader.id:
        return f"{head} ({where}). It is with {named(commitment.owner)} now: {now}."
    return f"{head} ({where}). How it stands now: {now}."


def _what(line: Line, today: date) -> str:
    commitment = line.commitment
    if line.notice is Notice.ANSWER and line.waits:
        if commitment.offer is not None:
            what = terms_said(commitment.terms, today, LIST_LIMIT)
            return f"{what}. {offer_said(commitment, today, LIST_LIMIT)}"
        held = terms_said(commitment.terms, today, LIST_LIMIT)
        return (
            f"{named(commitment.proposer)} asks: could you {held}? Nothing counts until you agree."
        )
    what = one_line(commitment.terms.what.rstrip(" .!?;,\n") or commitment.terms.what, LIST_LIMIT)
    who = f"{named(commitment.owner)}: " if line.notice is Notice.LEAD else ""
    stuck = ", at risk" if commitment.risk is not None and line.waits else ""
    when = _when(commitment, today) if line.waits else ""
    condition = commitment.terms.condition
    agreed = f", if {quoted(condition)}" if condition else ""
    return f"{who}{what}{when}{agreed}{stuck}"


def _when(commitment: Commitment, today: date) -> str:
    due = commitment.terms.due
    if due is None:
        return ", no date yet"
    if due == today:
        return ", due today"
    if due == today + _SOON:
        return f", due tomorrow, {day(due, today)}"
    if due > today:
        return f", due {day(due, today)}"
    late = (today - due).days
    ago = "yesterday" if late == 1 else f"{late} days ago"
    return f", was due {day(due, today)}, {ago}"


def _buttons(line: Line) -> list[Element]:
    commitment, waits = line.commitment, line.waits
    if not waits:
        return []
    if line.notice is Notice.LEAD:
        return [button_for(commitment, CommitmentButton.SHOW), _later(commitment)]
    if line.notice is not Notice.ANSWER:
        made = [button_for(commitment, CommitmentButton.DONE)]
        made.append(_labeled(commitment, "New date", CommitmentButton.ANOTHER_DATE))
        if commitment.risk is None:
            made.append(button_for(commitment, CommitmentButton.STUCK))
        else:
            made.append(button_for(commitment, CommitmentButton.ON_TRACK))
        made.append(button_for(commitment, CommitmentButton.HAND_OVER))
        return [*made, _later(commitment)]
    if commitment.state is State.PROPOSED:
        asked = (
            CommitmentButton.YES,
            CommitmentButton.YES_IF,
            CommitmentButton.ANOTHER_DATE,
            CommitmentButton.NO,
        )
        return [*(button_for(commitment, each) for each in asked), _later(commitment)]
    yes = CommitmentButton.AGREE
    if commitment.state is State.HANDING_OVER:
        yes = CommitmentButton.TAKE_OVER
    return [
        button_for(commitment, yes),
        button_for(commitment, CommitmentButton.KEEP),
        _later(commitment),
    ]


def _labeled(commitment: Commitment, label: str, which: CommitmentButton) -> Element:
    """A commitment's own button with another label."""
    made = button_for(commitment, which)
    return button(label, which, made["value"], speaks=f"{label} ({described(commitment)})")


def _later(commitment: Commitment) -> Element:
    return button(
        "Later",
        ReminderButton.LATER,
        str(commitment.id),
        speaks=f"Later ({described(commitment)})",
    )


def later_form(commitment: Commitment, today: date, known: date | None = None) -> Modal:
    """Not before a day; ``known`` is the one that was chosen before."""
    monday = today + timedelta(days=7 - today.weekday())
    what = one_line(commitment.terms.what, LIST_LIMIT)
    return modal(
        "Later",
        ReminderForm.LATER,
        section(
            f"*#{commitment.number}* {what}{_when(commitment, today)}. "
            "Its date stays as it is, and nobody else is told."
        ),
        field(
            "Remind me of it again on",
            date_input(Field.UNTIL, initial=(known or monday).isoformat()),
            block=Field.UNTIL,
        ),
        private=str(commitment.id),
        submit="Remind me then",
    )


def as_before(value: PutOff, today: date) -> str:
    """After *Later* was taken back."""
    number = f"#{value.commitment.number}"
    if value.until is None or value.until <= today:
        return f"I remind you of {number} as ever."
    return f"I come back to {number} on {day(value.until, today)}."


def put_off(commitment: Commitment, until: date, today: date) -> Message:
    """After *Later*."""
    said = f"I come back to #{commitment.number} on {day(until, today)}."
    due = commitment.terms.due
    if due is not None and today <= due < until:
        said += f" Note that it is due before that, on {day(due, today)}."
    return message(said, section(said))
