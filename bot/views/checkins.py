"""Check-ins as people see them: the question, what answers a reply, and the summary.

Lists name people without a mention, so that nobody is called to a list; only who is asked
something is mentioned.
"""

from collections.abc import Sequence
from datetime import date

from bot.domain.checkins import SUMMED, Line, Note, Prompt, Quote, Settled, Summary, Word
from bot.domain.commitments import Commitment
from bot.domain.schedules import ScheduleKind
from bot.views import ids
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    message,
    section,
)
from bot.views.commitments import described
from bot.views.ids import CheckinButton as Button
from bot.views.ids import CommitmentButton, ScheduleButton
from bot.views.schedules import moved
from bot.views.words import called, count, due, escape, moment, one_line

_WHAT = 150
_QUOTED = 220
_REPLY = "Reply in this thread, or press a button beside what is yours."


# The prompt


def prompt(value: Prompt) -> Message:
    """A check-in: the questions, the commitments that are near, and who set it up."""
    occurrence = value.occurrence
    head = f"Check-in for {escape(value.name, 80)}"
    questions = " ".join(escape(each, 300) for each in value.occurrence.questions)
    how = _REPLY if value.lines else "Reply in this thread."
    if not value.open:
        how = "This check-in is closed. Late replies in the thread are still read."
    blocks: list[Block] = [section(f"*{head}*\n{questions}\n{how}")]
    for line in value.lines:
        blocks.append(section(line_in_words(line, value.today)))
        if value.open and line.answerable:
            blocks.append(actions(*answers(line, occurrence.id)))
    if value.more:
        blocks.append(
            section(f"And {count(value.more, 'more commitment')} that {_is(value.more)} near.")
        )
        blocks.append(actions(_all(value)))
    notes = _notes(value)
    blocks.append(context(" ".join(notes)))
    if value.open and value.asked_by is None:
        about = ids.value(ScheduleKind.CHECKIN, occurrence.partnership_id)
        blocks.append(
            actions(button("Pause", ScheduleButton.PAUSE, about, speaks="Pause (the check-ins)"))
        )
    near = "; ".join(line_in_words(line, value.today) for line in value.lines)
    said = f"{head}. {questions} {how}"
    if near:
        said += f" Near: {near}."
    return message(f"{said} {' '.join(notes)}", *blocks)


def line_in_words(line: Line, today: date) -> str:
    """A commitment that is asked about: whose, what, by when, and how it stands; escaped."""
    commitment = line.commitment
    said = f"#{commitment.number} {escape(called(commitment.owner), 170)}: {_what(commitment)}"
    if line.done:
        return f"{said}: done, thank you"
    said += f" {due(commitment.terms.due, today)}"
    if commitment.terms.condition:
        said += f", if {one_line(commitment.terms.condition, _WHAT).rstrip(' .')}"
    if commitment.terms.due is not None and commitment.terms.due < today:
        said += ", still open"
    if commitment.risk is not None:
        return f"{said}, at risk"
    return f"{said}, on track" if line.on_track else said


def answers(line: Line, occurrence: int) -> list[Element]:
    """The quick answers to one, as far as they were not given."""
    commitment = line.commitment
    about = ids.value(occurrence, commitment.id)
    what = described(commitment)
    stuck = ids.value(commitment.id, commitment.at_issue.version)
    found = [button("Done", Button.DONE, about, speaks=f"Done ({what})")]
    if not line.on_track or commitment.risk is not None:
        found.append(button("On track", Button.ON_TRACK, about, speaks=f"On track ({what})"))
    if commitment.risk is None:
        found.append(
            button("I'm stuck", CommitmentButton.STUCK, stuck, speaks=f"I'm stuck ({what})")
        )
    return found


def _all(value: Prompt) -> Element:
    channel = value.lines[0].commitment.place.channel if value.lines else None
    return button(
        "Show all", CommitmentButton.LIST, channel or "", speaks="Show all (the commitments)"
    )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _notes(value: Prompt) -> list[str]:
    """The small print: why today, who set it up, when it is summed up."""
    occurrence = value.occurrence
    notes = []
    on = value.asked_on
    if on != occurrence.nominal:
        notes.append(moved(occurrence.because, occurrence.nominal, on))
    if value.asked_by is not None:
        notes.append(f"{escape(called(value.asked_by), 170)} asked for it now.")
    else:
        by = "" if value.set_by is None else f", set up by {escape(called(value.set_by), 170)}"
        notes.append(f"I ask {value.rhythm}{by}.")
    if value.open and occurrence.closes_at is not None:
        notes.append(f"I sum up on {moment(occurrence.closes_at, value.zone)}.")
    return notes


# What answers a reply


def note(value: Note) -> Message:
    """The answer to a reply, in its thread: a question, or thanks."""
    statement, who = value.statement, value.member.mention
    if statement.settled is Settled.NO:
        said = "All right. Nothing has changed."
        return message(said, section(said))
    if statement.settled is Settled.YES:
        said = _thanks(value)
        return message(said, section(said))
    none = button("Not yet", Button.NOT_YET, str(statement.id))
    if value.commitment is not None and statement.word is Word.STUCK:
        return _is_it_stuck(value, value.commitment)
    if value.commitment is not None:
        asked = (
            f"{who}, shall I mark #{value.commitment.number} as done: {_what(value.commitment)}?"
        )
        yes = button(
            "Yes, it is done",
            Button.YES,
            ids.value(statement.id, value.commitment.id),
            style="primary",
        )
        return message(asked, section(asked), actions(yes, none))
    if not value.choices:
        said = f"Thank you, {who}."
        return message(said, section(said))
    asked = f"{who}, which one is done?"
    if statement.word is Word.STUCK:
        asked = f"{who}, which one is stuck? I mark it for everyone here to see."
    lines = [
        section(
            f"#{each.number} {_what(each)} {due(each.terms.due)}",
            accessory=button(
                "This one",
                Button.YES,
                ids.value(statement.id, each.id),
                speaks=f"This one ({described(each)})",
            ),
        )
        for each in value.choices
    ]
    listed = "; ".join(f"#{each.number} {_what(each)}" for each in value.choices)
    none = button("None of these", Button.NOT_YET, str(statement.id))
    return message(f"{asked} {listed}", section(asked), *lines, actions(none))


def _is_it_stuck(value: Note, commitment: Commitment) -> Message:
    """Whether it is meant, and may stand on the card for all; for fewer people, the card asks."""
    asked = (
        f"{value.member.mention}, do you mean #{commitment.number}: {_what(commitment)}? "
        "Shall I mark it as at risk, for everyone here to see? "
        "To choose who may know, press I'm stuck on its card instead."
    )
    yes = button(
        "Yes, everyone may know",
        Button.YES,
        ids.value(value.statement.id, commitment.id),
        style="primary",
    )
    no = button("No, change nothing", Button.NOT_YET, str(value.statement.id))
    return message(asked, section(asked), actions(yes, no))


def _thanks(value: Note) -> str:
    who, commitment = value.member.mention, value.commitment
    if value.statement.word is Word.STUCK:
        if commitment is None:
            return f"Thanks for saying so, {who}. I list it under what needs help."
        return (
            f"Thanks for saying so, {who}. #{commitment.number} is marked as at risk, "
            "for everyone here to see. Who can help?"
        )
    if commitment is None:
        return f"Thank you, {who}."
    return f"Done: #{commitment.number} {_what(commitment)}. Thank you, {who}!"


def kept(sentences: Sequence[str]) -> Message:
    """What a reply's writer should know, for them alone."""
    said = " ".join(sentences)
    return message(said, section(said))


# The summary


def summary(value: Summary) -> Message:
    """What a check-in brought. It never says who was silent, nor how many answered."""
    changed = [
        f"#{each.number} {one_line(each.what, _WHAT)}: {each.word}, {escape(called(each.by), 170)}"
        for each in value.changed
    ]
    needs = []
    for need in value.needs:
        what = "" if need.number is None else f"#{need.number} {one_line(need.what or '', _WHAT)}"
        why = one_line(need.why, _QUOTED)
        who = escape(called(need.member), 170)
        needs.append(f"{who}: {': '.join(part for part in (what, why) if part)}".rstrip(": "))
    parts = [
        ("What was said", [quoted(each) for each in value.said]),
        ("What changed", changed),
        ("What needs help", needs),
    ]
    blocks: list[Block] = []
    spoken = ["What this check-in brought."]
    for title, lines in parts:
        if not lines:
            continue
        shown = lines[:SUMMED]
        if len(lines) > SUMMED:
            shown.append("More of it is in this thread.")
        bullets = "\n".join(f"• {line}" for line in shown)
        blocks.append(section(f"*{title}*\n{bullets}"))
        spoken.append(f"{title}: {'; '.join(shown)}.")
    if value.empty:  # it stood here, and was changed or taken back
        nothing = "Nothing of what was said is left to sum up."
        blocks.append(section(nothing))
        spoken = [nothing]
    blocks.append(context("Late replies here are still read."))
    return message(" ".join(spoken), *blocks)


def quoted(quote: Quote, limit: int = _QUOTED) -> str:
    """Somebody's words in a list; escaped."""
    said = f"{escape(called(quote.member), 170)}: “{one_line(quote.text, limit)}”"
    return f"{said} (not marked as done yet)" if quote.unconfirmed else said


def _what(commitment: Commitment) -> str:
    return one_line(commitment.terms.what, _WHAT)
