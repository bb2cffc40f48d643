"""Recording what somebody wrote: which partnership, the private offer, the form, the source."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.people import Member, Person
from bot.domain.recording import Room, Source
from bot.views import commitments, ids
from bot.views.blocks import (
    OPTIONS_LIMIT,
    Block,
    Message,
    Modal,
    actions,
    button,
    message,
    option,
    section,
    select,
)
from bot.views.ids import CommitmentField, RecordingButton, RecordingForm
from bot.views.words import cut, escape

_TYPED = 3000
"""What Slack lets a person type into a field."""


def where(rooms: Sequence[Room], ts: str) -> Message:
    """Which partnership a commitment is for that somebody wrote to me directly."""
    said = "Which channel is it for? Nothing is written down yet."
    if len(rooms) > OPTIONS_LIMIT:
        said += " If it is not in the list, say it in the channel itself."
    choices = [option(f"#{room.name}", ids.value(room.channel, ts)) for room in rooms]
    return message(
        said,
        section(said),
        actions(select(RecordingButton.WHERE, "Choose a channel", choices[:OPTIONS_LIMIT])),
    )


def offer(channel: str, ts: str) -> Message:
    """To somebody who put a memo on a message."""
    said = f"You put a memo on a message in <#{channel}>. Record this as your commitment?"
    about = ids.value(channel, ts)
    return message(
        said,
        section(said),
        actions(
            button("Yes", RecordingButton.YES, about, style="primary", speaks="Yes (record it)"),
            button("Not now", RecordingButton.NOT_NOW, about, speaks="Not now (record nothing)"),
        ),
    )


def not_now() -> Message:
    """After [Not now]."""
    said = "All right. I kept nothing of that message."
    return message(said, section(said))


def form(
    room: Room,
    people: Mapping[str, Sequence[Member]],
    speaker: Person,
    text: str,
    ts: str,
    *,
    owner: str,
) -> Modal:
    """The form of a new commitment with a message's words in it, to be mended. ``owner`` is chosen
    in it at first: a user id.
    """
    empty = commitments.new_form(room.channel, people, replace(speaker, user=owner))
    return {
        **empty,
        "callback_id": RecordingForm.RECORD,
        "private_metadata": ids.value(room.channel, ts),
        "blocks": [_with_words(block, text) for block in empty["blocks"]],
    }


def source(value: Source) -> Message:
    """In the thread of the card: where it comes from."""
    said = f"This was written down from <{escape(value.link or '')}|a message here>."
    return message(said, section(said))


def _with_words(block: Block, text: str) -> Block:
    if block.get("block_id") != CommitmentField.WHAT:
        return block
    element = block["element"]
    if text.strip():
        element = {**element, "initial_value": cut(text, _TYPED)}
    hint = "Say it as something to do, like: ask the library for a room."
    return {**block, "element": element, "hint": {"type": "plain_text", "text": hint}}
