"""A nudge as the one person who gets it sees it."""

from collections.abc import Sequence

from bot.domain.checkins import State
from bot.domain.nudges import Asked, Nudged
from bot.views.blocks import Block, Message, actions, context, message, section
from bot.views.checkins import answers, line_in_words
from bot.views.words import escape, listed, moment

SHOWN = 15
"""Commitments with buttons; Slack allows 50 blocks in a message."""

SHOWN_BESIDE = 6
"""The same in a message that has other things too."""

_CHECKINS_BESIDE = 3
"""Check-ins told one by one in such a message."""

_PRIVATE = (
    "Only you see this, and I ask only once. To be asked at other hours, or not at all, "
    "write to me here: settings."
)


def nudge(value: Nudged) -> Message:
    """What somebody is asked: their own commitments, by check-in, with quick answers."""
    names = listed(f"<#{each.channel}>" for each in value.asked)
    waiting = [each for each in value.asked if _open(each)]
    head = (
        f"The check-in in {names} asks about what is yours. How is it going?"
        if len(value.asked) == 1
        else f"The check-ins in {names} ask about what is yours. How is it going?"
    )
    if not waiting and all(each.answered for each in value.asked):
        head = f"Thank you. Nothing is left to answer of the check-in in {names}."
    elif not waiting:
        head = f"The check-in in {names} is over. I still read what you reply in its thread."
    blocks, spoken = _asked(value.asked, SHOWN, named=len(value.asked) > 1)
    blocks.append(context(_PRIVATE))
    return message(" ".join([head, *spoken, _PRIVATE]), section(head), *blocks)


def beside(asked: Sequence[Asked]) -> tuple[list[Block], list[str]]:
    """The same within somebody's reminder: its blocks, and how they are read aloud."""
    if not asked:
        return [], []
    names = listed(f"<#{each.channel}>" for each in asked)
    waiting = any(_open(each) and not each.answered for each in asked)
    one = len(asked) == 1
    ask = "asks about these, too. How is it going?" if one else "ask about these, too. How is it?"
    head = f"The check-in{'' if one else 's'} in {names} {ask}"
    if not waiting:
        head = f"Of the check-in{'' if one else 's'} in {names} nothing is left to answer."
    blocks, spoken = _asked(asked[:_CHECKINS_BESIDE], SHOWN_BESIDE, named=not one)
    return [section(head), *blocks], [head, *spoken]


def _asked(asked: Sequence[Asked], left: int, *, named: bool) -> tuple[list[Block], list[str]]:
    """Check-ins with the commitments that they ask about, so many of them at most."""
    blocks: list[Block] = []
    spoken: list[str] = []
    for each in asked:
        until = _until(each)
        if named:
            blocks.append(section(f"*{escape(each.name, 80)}*"))
            spoken.append(f"{escape(each.name, 80)}:")
        for line in each.lines[:left]:
            said = line_in_words(line, each.today)
            blocks.append(section(said))
            spoken.append(f"{said}.")
            if line.answerable and _open(each):
                blocks.append(actions(*answers(line, each.occurrence.id)))
        if len(each.lines) > left:
            more = "More of it stands in the check-in itself."
            blocks.append(section(more))
            spoken.append(more)
        left = max(0, left - len(each.lines))
        if until:
            blocks.append(context(until))
            spoken.append(until)
    return blocks, spoken


def _open(asked: Asked) -> bool:
    return asked.occurrence.state is State.OPEN


def _until(asked: Asked) -> str:
    closes = asked.occurrence.closes_at
    if not _open(asked) or closes is None:
        return ""
    return f"You can also reply in its thread. It is summed up on {moment(closes, asked.zone)}."
