"""What check-ins ask, as people see and change it."""

from collections.abc import Sequence

from bot.domain.checkins import QUESTIONS
from bot.domain.questions import LONGEST, MOST
from bot.views.blocks import (
    Message,
    Modal,
    actions,
    button,
    context,
    field,
    message,
    modal,
    section,
    text_input,
)
from bot.views.ids import ScheduleButton, ScheduleField, ScheduleForm
from bot.views.words import listed, one_line

_TYPED = 3000
"""What Slack lets a person type into a field."""


def in_words(questions: Sequence[str]) -> str:
    """``check-ins ask “…” and “…”, in turn``; escaped."""
    if not questions:
        return "check-ins ask the usual questions"
    asked = listed(f"“{one_line(each, LONGEST)}”" for each in questions)
    return f"check-ins ask {asked}" + (", in turn" if len(questions) > 1 else "")


def shown(partnership_id: int, questions: Sequence[str], next_one: str | None) -> Message:
    """What is asked now, what comes next, and the button that changes it."""
    if questions:
        lines = [f"{place}. {one_line(each, LONGEST)}" for place, each in enumerate(questions, 1)]
        head = "Each check-in asks one of these, in turn:"
        if next_one is not None and len(questions) > 1:
            lines.append(f"Next: {one_line(next_one, LONGEST)}")
    else:
        lines = [one_line(" ".join(QUESTIONS), LONGEST)]
        head = "Each check-in asks the usual questions:"
    text = "\n".join((head, *lines))
    change = button(
        "Change",
        ScheduleButton.QUESTIONS,
        str(partnership_id),
        speaks="Change (the questions of the check-ins)",
    )
    return message(text, section(text), actions(change))


def announced(begins: str) -> Message:
    """To the one who changed them, after the start."""
    said = (
        "I have announced the new questions in the thread of my first message. "
        f"They are asked from {begins} on, unless somebody objects."
    )
    return message(said, section(said))


def form(partnership_id: int, version: int, questions: Sequence[str], started: bool) -> Modal:
    """Where they are changed: one on each line."""
    told = (
        "We have started, so a change is announced in the channel and begins after five working "
        "days, unless somebody objects."
        if started
        else "It begins at once."
    )
    return modal(
        "Check-in questions",
        ScheduleForm.QUESTIONS,
        context(told),
        field(
            "What shall I ask?",
            text_input(
                ScheduleField.QUESTIONS,
                initial="\n".join(questions or QUESTIONS),
                multiline=True,
                longest=_TYPED,
            ),
            block=ScheduleField.QUESTIONS,
            hint=(
                f"One question on each line, {MOST} at most. Each check-in asks one of them, in "
                "turn. Leave it empty for the usual questions."
            ),
            optional=True,
        ),
        private=f"{partnership_id}:{version}",
        submit="Save",
    )
