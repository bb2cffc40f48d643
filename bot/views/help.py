"""What I understand, made from the table of verbs; and the likeliest next things."""

from enum import StrEnum

from bot.domain.home import Next
from bot.language import VERBS, Verb, Where, Who
from bot.views.blocks import Element, Message, actions, button, context, message, section
from bot.views.ids import CommitmentButton, HelpButton, PartnershipButton
from bot.views.words import one_line


class Voice(StrEnum):
    """How somebody speaks to me, which is how the examples are written."""

    COMMAND = "command"
    MENTION = "mention"
    DIRECT = "direct"


_WHO = {
    Who.ANYONE: "anybody here",
    Who.MEMBER: "people of the organizations here",
    Who.OWNER: "whoever the commitment belongs to",
    Who.OTHER_SIDE: "whoever was asked",
    Who.EITHER_SIDE: "the owner, and the organization that asked",
}


_BY_NUMBER = frozenset(
    {"accept", "counter", "decline", "keep", "hand", "done", "reopen", "stuck", "unstuck", "drop"}
)
_DIRECTLY = _BY_NUMBER | {"commit", "show", "list", "history", "organization"}
"""What is of a channel and can be said to me directly too: its number tells which
channel, or I ask, or there is only one.
"""

_FIRST = (
    ("What is yours", ("mine", "waiting", "show")),
    ("Promise and answer", ("commit", "accept", "counter", "decline", "done", "stuck", "undo")),
    ("What I tell you, and when", ("digest", "settings", "remind", "pause", "away", "closed")),
)
"""What somebody most likely wants of me in a direct message."""


def everything(voice: Voice, command: str) -> Message:
    """All verbs; in a direct message the likeliest, and the others by name. ``command`` is the
    slash command's name, shown only to who came by it.
    """
    if voice is Voice.DIRECT:
        return _directly()
    head = _head(voice, command)
    groups = [("In a channel", Where.CHANNEL), ("Anywhere", Where.ANYWHERE)]
    parts = []
    for title, where in groups:
        rows = "\n".join(
            _row(verb, voice, command) for verb in VERBS.values() if verb.where is where
        )
        parts.append(f"*{title}*\n{rows}")
    tail = (
        "Dates can be words: friday, end of month, in 2 weeks, 30 Nov. "
        "Everything can be done with the buttons on my messages too, and in my threads a reply "
        "like “done” is enough."
    )
    text = "\n".join((head, *parts, tail))
    return message(text, section(head), *(section(part) for part in parts), context(tail))


def _directly() -> Message:
    """What can be said to me directly: an example of each of the likeliest."""
    parts = []
    named: set[str] = set()
    for title, names in _FIRST:
        rows = [f"• `{VERBS[name].example}`: {VERBS[name].about}" for name in names]
        parts.append("\n".join((f"*{title}*", *rows)))
        named.update(names)
    others = [verb for verb in VERBS.values() if verb.name not in named]
    here = [each for each in others if _works_directly(each)]
    there = [each for each in others if not _works_directly(each)]
    parts.append(
        f"*Here too:* {_names(here)}\n"
        f"*In your channel, after a mention of me:* {_names(there)}\n"
        "Write “help” and one of these words, and I say how it is used."
    )
    tail = "The buttons on my messages do all of it too. Dates can be words: friday, in 2 weeks."
    head = "Write to me like this:"
    text = "\n".join((head, *parts, tail))
    return message(text, section(head), *(section(part) for part in parts), context(tail))


def _works_directly(verb: Verb) -> bool:
    return verb.where is Where.ANYWHERE or verb.name in _DIRECTLY


def _names(verbs: list[Verb]) -> str:
    return ", ".join(f"`{verb.name}`" for verb in verbs)


def one(name: str, voice: Voice, command: str) -> Message:
    """One verb. Raises KeyError for a name that stands in no row."""
    verb = VERBS[name]
    said = (
        f"*{verb.name}*: {verb.about}.\n"
        f"Write it like this: {_typed(verb.usage, voice, command)}\n"
        f"For example: {_typed(verb.example, voice, command)}\n"
        f"Who can: {_WHO[verb.who]}."
    )
    if verb.aliases:
        said += f" You can also say: {', '.join(verb.aliases[:6])}."
    if voice is Voice.DIRECT and not _works_directly(verb):
        said += " This needs a channel: go to the one that you share, and mention me there."
    return message(said, section(said))


def likeliest(value: Next) -> Message:
    """To somebody who said nothing but my name: the likeliest next things, as buttons."""
    said = "What would you like to do?"
    if value.partnership is not None and value.partnership.purpose:
        said = f"This channel is for: {one_line(value.partnership.purpose, 300)}\n{said}"
    row = _buttons(value)
    spoken = ", ".join(each["text"]["text"] for each in row)
    return message(f"{said} Buttons: {spoken}.", section(said), actions(*row))


def _buttons(value: Next) -> list[Element]:
    row: list[Element] = []
    if value.partnership is not None:
        which = str(value.partnership.id)
        if value.unknown_guest:
            row.append(button("Say which organization", PartnershipButton.WITH, which))
        if value.may_agree:
            row.append(
                button("OK for our organization", PartnershipButton.OK, which, style="primary")
            )
        if value.no_purpose:
            row.append(button("Set up", PartnershipButton.SET_UP, which))
    if value.waiting:
        label = f"What waits for me ({value.waiting})"
        row.append(button(label, CommitmentButton.WAITING, ""))
    if value.mine:
        row.append(button(f"My commitments ({value.mine})", CommitmentButton.MINE, ""))
    if value.partnership is not None and value.partnership.channel is not None:
        channel = value.partnership.channel
        row.append(button("Record a commitment", CommitmentButton.NEW, channel))
        row.append(button("What is agreed here", CommitmentButton.LIST, channel))
    row.append(button("Help", HelpButton.HELP, ""))
    return row


def _head(voice: Voice, command: str) -> str:
    if voice is Voice.COMMAND:
        return f"Write {command} and then one of these. In a thread, mention me instead."
    return "In the channel, mention me and then write one of these. It works in threads too."


def _row(verb: Verb, voice: Voice, command: str) -> str:
    return f"• {_typed(verb.usage, voice, command)}: {verb.about}"


def _typed(words: str, voice: Voice, command: str) -> str:
    return f"`{command} {words}`" if voice is Voice.COMMAND else f"`{words}`"
