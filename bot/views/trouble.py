"""Words on trouble, to those who can mend it: a lost channel, messages that did not get through."""

from collections.abc import Mapping, Sequence

from bot.domain.partnerships import Step
from bot.domain.posts import Kind
from bot.domain.trouble import Lost, NotThrough, Why
from bot.views.blocks import Message, message, section
from bot.views.words import count, one_line

_KEPT = "What you agreed there is kept."

_CALLED: Mapping[Kind, tuple[str, str | None]] = {
    Kind.WELCOME: ("welcome card", None),
    Kind.CARD: ("commitment card", None),
    Kind.COMMITMENT_NOTE: ("note on a commitment", "notes on commitments"),
    Kind.COMMITMENT_TOLD: ("private word about a commitment", "private words about commitments"),
    Kind.REMINDER: ("reminder", None),
    Kind.PROMPT: ("check-in", None),
    Kind.CHECKIN_NOTE: ("note on a reply", "notes on replies"),
    Kind.SUMMARY: ("summary of a check-in", "summaries of check-ins"),
    Kind.NUDGE: ("check-in reminder", None),
    Kind.DIGEST: ("weekly digest", None),
    Kind.ANSWER: ("answer", None),
}
_OTHER = ("message", None)

_MOST = 12
"""More reasons than this at once say nothing more to anybody."""


def lost(value: Lost) -> Message:
    """What happened, what that means, and what to do."""
    name = f"#{one_line(value.name, 80)}"
    if value.step is Step.ARCHIVED:
        said = (
            f"The channel {name} was archived, so I rest there: no check-ins and no digest. {_KEPT}"
        )
        todo = (
            "To go on, unarchive the channel and invite me again. "
            "If it was meant to end, there is nothing to do."
        )
    elif value.step is Step.REMOVED:
        said = (
            f"I am not in the channel {name} any more, so I rest there: no check-ins and no "
            f"digest. {_KEPT}"
        )
        todo = "To go on, invite me again. If that was meant, there is nothing to do."
    else:
        said = (
            f"Slack does not let me post in {name} (it says: {value.problem}). "
            "What I have to say there waits."
        )
        todo = (
            "Somebody who manages the channel can allow me to post, in the channel's settings "
            "under posting permissions. I try again once a day, and when I am invited anew."
        )
    return message(f"{said}\n{todo}", section(said), section(todo))


def not_through(value: Sequence[NotThrough]) -> Message:
    """How many of what did not get through, why, and what to do."""
    said = "Some of what I had to say did not get through."
    lines = [_line(each) for each in value[:_MOST]]
    if left := sum(each.number for each in value[_MOST:]):
        lines.append(f"And {count(left, 'more message')}.")
    todo = (
        "What was written down is kept: write “mine” to me to see what is yours. "
        "If this goes on, please tell whoever runs me. Their command “doctor” says more."
    )
    listed = "\n".join(lines)
    return message(f"{said}\n{listed}\n{todo}", section(said), section(listed), section(todo))


def _line(told: NotThrough) -> str:
    one, many = _CALLED.get(told.kind, _OTHER)
    what = count(told.number, one, many)
    them = "it" if told.number == 1 else "them"
    says = f" (it says: {one_line(told.problem, 80)})" if told.problem else ""
    if told.why is Why.TOO_LATE:
        return f"{what}: too late to be of use, so I left {them} out."
    if told.why is Why.GIVEN_UP:
        last = f" (the last was: {one_line(told.problem, 80)})" if told.problem else ""
        return f"{what}: I tried for six hours without success{last}."
    if told.why is Why.OLD_WORDS:
        return f"{what}: the old words still stand, since Slack does not take the new ones{says}."
    return f"{what}: Slack refused {them}{says}."
