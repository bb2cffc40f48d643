"""What happened to a commitment: notes in the card's thread, receipts, who may know of a risk."""

from collections.abc import Mapping
from datetime import date

from bot.domain.commitments import (
    Audience,
    Away,
    Commitment,
    Event,
    Note,
    State,
)
from bot.views import ids
from bot.views.blocks import (
    Message,
    actions,
    button,
    context,
    message,
    section,
)
from bot.views.commitments.card import (
    LIST_LIMIT,
    button_for,
    headline,
    offer_said,
    quoted,
    terms_said,
)
from bot.views.ids import CommitmentButton as Button
from bot.views.words import named, one_line


def note(shown: Note) -> Message:
    """One change, in the card's thread."""
    said = happened(shown, mention=True)
    return message(said, section(said))


def told(shown: Note) -> Message:
    """Somebody is stuck, privately to their colleagues."""
    entry, commitment = shown.entry, shown.commitment
    who = "Somebody" if entry.by is None else named(entry.by)
    why = f": {quoted(entry.why)}." if entry.why else "."
    what = terms_said(commitment.terms, shown.today, LIST_LIMIT)
    if entry.event is Event.TAKEN_BACK:
        said = f"{who} took back that they are stuck with #{commitment.number} ({what})."
        return message(said, section(said))
    said = (
        f"{who} is stuck with #{commitment.number} ({what}){why} "
        "Only your organization knows this; perhaps you can help."
    )
    return message(said, section(said))


def happened(shown: Note, *, mention: bool = False) -> str:
    """What somebody did, in a sentence or two; escaped.

    With ``mention`` whoever has to answer is named, so that Slack tells them.
    """
    entry, commitment, today = shown.entry, shown.commitment, shown.today
    who = "Somebody" if entry.by is None else named(entry.by)
    terms = entry.terms or commitment.terms
    owner = entry.owner or commitment.owner
    held = terms_said(terms, today, LIST_LIMIT)
    said = {
        Event.ASKED: f"{who} asked {named(owner)}: {held}.",
        Event.PROMISED: f"{who} promised: {held}.",
        Event.ASKED_ANEW: f"{who} asks for something else now: {held}.",
        Event.ACCEPTED: f"{who} said yes: {held}.",
        Event.CONDITION_OFFERED: f"{who} would say yes, if {quoted(terms.condition)}.",
        Event.CHANGE_OFFERED: f"{who} suggests: {held}.",
        Event.CHANGE_ASKED: f"{who} asks for a change: {held}.",
        Event.CHANGED: f"{who} changed it: {held}.",
        Event.CHANGE_AGREED: f"{who} agreed: {held}."
        if entry.by is not None and entry.by.id == owner.id
        else f"{who} agreed. Now it holds for {named(owner)}: {held}.",
        Event.CHANGE_REFUSED: f"{who} would rather keep it as it was.",
        Event.CHANGE_WITHDRAWN: f"{who} took the suggestion back. It stays as it was.",
        Event.DECLINED: f"{who} said no.",
        Event.ASKED_ANOTHER: f"{who} asks {named(owner)} instead: {held}.",
        Event.HAND_OVER_OFFERED: f"{who} asks {named(owner)} to take it over: {held}.",
        Event.TAKEN_OVER: f"{who} took it over: {held}. Thank you!",
        Event.NOT_TAKEN_OVER: f"{who} cannot take it over. It stays with "
        f"{commitment.owner.mention}.",
        Event.HAND_OVER_WITHDRAWN: f"It stays with {named(commitment.owner)}."
        if entry.by is None
        else f"{who} does not hand it over after all. It stays with {commitment.owner.mention}.",
        Event.DONE: f"{who} says it is done. Thank you!",
        Event.MISSING: f"{who} says that something is missing, so it is open again.",
        Event.REOPENED: f"{who} opened it again: it is not done yet.",
        Event.DROPPED: f"{who} dropped it.",
        Event.STUCK: f"{who} is stuck.",
        Event.ON_TRACK: f"{who} is back on track.",
        Event.OWNER_AWAY: f"{commitment.owner.mention} is with another organization now."
        if commitment.away is Away.MOVED
        else f"{commitment.owner.mention} is not in this channel any more.",
        Event.TAKEN_BACK: f"{who} took that back.",
        Event.ENDED: "It ended, since an organization left the partnership.",
    }[entry.event]
    if entry.why:
        said += f" “{quoted(entry.why)}”"
    asked = _answerer(shown) if mention else None
    return f"{said} {asked}" if asked else said


def _answerer(shown: Note) -> str | None:
    entry, commitment = shown.entry, shown.commitment
    owner, proposer = commitment.owner.mention, commitment.proposer.mention
    if entry.event in {Event.CONDITION_OFFERED, Event.CHANGE_OFFERED}:
        return f"{proposer}, do you agree?"
    if entry.event in {Event.CHANGE_ASKED, Event.ASKED_ANEW}:
        return f"{owner}, do you agree?"
    if entry.event is Event.ASKED_ANOTHER:
        return f"{owner}, can you do it?"
    if entry.event is Event.HAND_OVER_OFFERED and entry.owner is not None:
        return f"{entry.owner.mention}, will you take it over?"
    if entry.event is Event.MISSING:
        return f"{owner}, can you look at it again?"
    if entry.event is Event.OWNER_AWAY:
        if commitment.own:
            return "The lead of their organization can hand it over or drop it."
        return f"{proposer}, you can hand it over to somebody else or drop it."
    refused = entry.event is Event.CHANGE_REFUSED and commitment.state is State.PROPOSED
    if refused and (entry.by is None or entry.by.id != commitment.owner.id):
        return f"{owner}, can you say yes to it as it was?"
    return None


def receipt(commitment: Commitment, today: date, *, change: bool = False) -> Message:
    """What was written down, or how it stands now.

    With ``change`` (the date was read from words) there is a button to mend it.
    """
    lines = [f"#{commitment.number}: {headline(commitment, today)}"]
    if commitment.state is State.PROPOSED:
        lines[0] += f" Nothing counts until {commitment.owner.mention} agrees."
    if commitment.offer is not None:
        lines.append(offer_said(commitment, today, LIST_LIMIT))
    if commitment.risk is not None:
        lines.append(f"It is at risk, and {KNOWN_TO[commitment.risk.audience]}.")
    label = one_line(commitment.terms.label or "", 100)
    blocks = [section(line) for line in lines]
    if label:
        blocks.append(context(f"for {label}"))
    if change:
        blocks.append(actions(button_for(commitment, Button.CHANGE)))
    return message(" ".join([*lines, *([f"It is for {label}."] if label else [])]), *blocks)


def opened_again(commitment: Commitment, missing: str | None) -> Message:
    """The receipt of opening again what was done: what is new, and not all of it once more."""
    said = f"#{commitment.number} is open again."
    if missing:
        said += f" Missing: “{quoted(missing)}”"
    return message(said, section(said))


def on_track_again(commitment: Commitment) -> Message:
    """The receipt of not being stuck any more."""
    said = f"#{commitment.number} is on track again."
    return message(said, section(said))


def who_may_know(commitment: Commitment, *, alone: bool, others_knew: bool = False) -> Message:
    """Somebody is stuck: who may know is theirs to say. Until they do, nobody else does, which is
    said where others knew of it before (``others_knew``).
    """
    asked = "Thanks for saying so. Who may know?"
    hidden = ". Others knew of it before; now they do not see it" if others_knew else ""
    value = ids.value(commitment.id, commitment.at_issue.version)
    buttons = [
        button("Everyone here", Button.TELL_EVERYONE, value),
        button("Nobody yet", Button.TELL_NOBODY, value),
    ]
    if not alone:
        buttons.insert(0, button("Only my colleague", Button.TELL_COLLEAGUE, value))
    return message(
        f"{asked} (#{commitment.number}{hidden})",
        section(asked),
        context(f"#{commitment.number} · until you say so, only you see it{hidden}"),
        actions(*buttons),
    )


KNOWN_TO: Mapping[Audience, str] = {
    Audience.OWNER: "only you see it. You find it in what is yours",
    Audience.ORGANIZATION: "I tell your colleagues here, each in their own hours, and nobody else",
    Audience.EVERYONE: "everyone here sees it",
}


def risk_noted(commitment: Commitment) -> Message:
    """What became of saying that one is stuck."""
    said = _risk_said(commitment)
    return message(said, section(said))


def _risk_said(commitment: Commitment) -> str:
    if commitment.risk is None:
        return f"#{commitment.number} is back on track."
    known = KNOWN_TO[commitment.risk.audience]
    return f"Thanks for saying so. #{commitment.number} is marked as at risk: {known}."
