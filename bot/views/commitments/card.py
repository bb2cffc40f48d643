"""The card of a commitment, always up to date, and the words that all views of it share."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    CLOSED,
    OPEN,
    Audience,
    Away,
    Card,
    Commitment,
    Side,
    State,
    Terms,
)
from bot.domain.people import Member
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
from bot.views.ids import CommitmentButton as Button
from bot.views.words import day, due, escape, listed, named, one_line, plain

WHAT_LIMIT = 1500
CARD_LIMIT = 300
"""Letters of somebody's words on a card in the channel; *Show all* has the rest."""

LIST_LIMIT = 150
SAID_LIMIT = 500


def card(shown: Card) -> Message:
    """The one card of a commitment, for everybody in the channel."""
    commitment, today = shown.commitment, shown.today
    lines = _lines_of(shown)
    blocks: list[Block] = [section(line) for line in lines]
    blocks.append(context(_small(shown)))
    buttons = _card_buttons(commitment, today) if commitment.place.live else []
    if _is_folded(commitment):
        about = ids.value(commitment.id, commitment.at_issue.version)
        buttons.append(button("Show all", Button.SHOW, about, speaks=_speaks(commitment)))
    if buttons:
        blocks.append(actions(*buttons))
    return message(f"{' '.join(lines)} ({_known_as(commitment)})", *blocks)


def _lines_of(shown: Card) -> list[str]:
    lines = in_lines(shown.commitment, shown.today, CARD_LIMIT)
    if shown.withdrawn:
        lines[0] = _withdrawn(shown.commitment, shown.today, CARD_LIMIT)
    if shown.missing is not None:
        lines.insert(1, missing_said(shown.missing))
    return lines


def missing_said(missing: str) -> str:
    """That it was done already, and what of it is missing."""
    return f"Open again. Missing: {one_line(missing, CARD_LIMIT).rstrip(' .')}."


def _withdrawn(commitment: Commitment, today: date, limit: int) -> str:
    """It was taken back before it counted."""
    held = terms_said(commitment.terms, today, limit)
    if commitment.own:
        return f"Taken back: {held}, written down by {named(commitment.owner)}."
    return f"Taken back by those who asked: {held}, asked of {named(commitment.owner)}."


def _is_folded(commitment: Commitment) -> bool:
    """Whether some of the words are not on the card."""
    told = (commitment.terms, commitment.at_issue)
    return any(len(each.what) > CARD_LIMIT for each in told)


def _speaks(commitment: Commitment) -> str:
    return f"Show all ({described(commitment)})"


def _known_as(commitment: Commitment) -> str:
    label = commitment.terms.label
    return f"#{commitment.number}" + (f", for {one_line(label, 100)}" if label else "")


def headline(commitment: Commitment, today: date, limit: int = WHAT_LIMIT) -> str:
    """What it is and how it stands, in a sentence; escaped."""
    owner, proposer = named(commitment.owner), named(commitment.proposer)
    held = terms_said(commitment.terms, today, limit)
    own = "promised" if commitment.own else "agreed"
    by = "promised by" if commitment.own else "asked of"
    return {
        State.PROPOSED: f"{proposer} asks {owner}: could you {held}?",
        State.COUNTERED: f"{proposer} asked {owner}: could you {held}?",
        State.DONE: f"Done: {owner}, {held}.",
        State.DECLINED: f"Declined: {owner}, {held}.",
        State.DROPPED: f"Dropped: {held}, {by} {owner}.",
    }.get(commitment.state, f"{owner} {own}: {held}.")


def in_lines(commitment: Commitment, today: date, limit: int) -> list[str]:
    lines = [headline(commitment, today, limit)]
    if commitment.state is State.PROPOSED:
        lines[0] += " Nothing counts until you agree."
    if commitment.offer is not None:
        lines.append(offer_said(commitment, today, limit))
    if commitment.risk is not None and commitment.state in AGREED:
        lines.append(_at_risk(commitment))
    if commitment.away is not None and commitment.state in OPEN:
        lines.append(_away(commitment, commitment.away))
    return lines


def _away(commitment: Commitment, away: Away) -> str:
    """That the owner cannot act any more, and who can instead."""
    owner, theirs = commitment.owner.mention, commitment.owner.organization
    who = owner if theirs is None else escape(theirs.name, 80)
    why = {
        Away.LEFT: f"{owner} is not in this channel any more.",
        Away.OFF: f"The account of {owner} is switched off.",
        Away.MOVED: f"{owner} is not with {who} any more.",
    }[away]
    led = commitment.lead_id not in {None, commitment.owner.id}
    lead = f"the lead of {who}" if led else f"anybody of {who} who is here"
    able = [
        *([] if commitment.own else [_asking(commitment)]),
        *([] if theirs is None else [lead]),
    ]
    if not able:
        return why
    said = f"{listed(able, 'or')} can hand it over or drop it."
    return f"{why} {said[0].upper() + said[1:] if commitment.own else said}"


def offer_said(commitment: Commitment, today: date, limit: int) -> str:
    offer = commitment.offer
    if offer is None:
        return ""
    if offer.owner is not None:
        return (
            f"{named(offer.by)} asks {named(offer.owner)} to take it over. "
            f"Until they say yes, it stays with {commitment.owner.mention}."
        )
    said = f"{named(offer.by)} {_wish(commitment.terms, offer.terms, today, limit)}."
    if commitment.state in AGREED:
        return f"{said} Until that is answered, what was agreed holds."
    return f"{said} Nothing counts until {_asking(commitment)} agrees."


def _wish(old: Terms, new: Terms, today: date, limit: int) -> str:
    """What somebody asks for instead, as the end of a sentence that begins with their name."""
    same_words, same_date = new.what == old.what, new.due == old.due
    condition = f"if {quoted(new.condition)}" if new.condition else ""
    if same_words and same_date and new.condition != old.condition:
        return f"would say yes {condition}" if condition else "would leave the condition out"
    if same_words and not same_date:
        asked = f"asks for another date: {due(new.due, today)}"
        same_condition = new.condition == old.condition
        return asked if same_condition or not condition else f"{asked}, {condition}"
    return f"suggests instead: {terms_said(new, today, limit)}"


def _asking(commitment: Commitment) -> str:
    asking = commitment.asking
    return commitment.proposer.mention if asking is None else escape(asking.name, 80)


def _at_risk(commitment: Commitment) -> str:
    risk = commitment.risk
    if risk is None:
        return ""
    return f"At risk: {quoted(risk.why)}." if risk.why else "At risk: help is welcome."


def _small(shown: Card) -> str:
    """The small line of a card: number, label, who asked, how it stands."""
    commitment, today = shown.commitment, shown.today
    parts = [f"#{commitment.number}"]
    if commitment.terms.label:
        parts.append(f"for {one_line(commitment.terms.label, 100)}")
    if not commitment.own and commitment.state not in {State.PROPOSED, State.COUNTERED}:
        parts.append(f"asked by {named(commitment.proposer)}")
    stands = status(commitment, None, today)
    parts.append(stands.replace(State.DROPPED.value, "taken back") if shown.withdrawn else stands)
    return " · ".join(parts)


def status(commitment: Commitment, viewer: Member | None, today: date) -> str:
    """How it stands, in a few words; escaped."""
    waits = rules.waits_for(commitment)
    if waits is not None and viewer is not None and rules.side_of(commitment, viewer) is waits:
        waiting = "waits for your answer"
    elif waits is Side.OWNER:
        waiting = f"waits for the answer of {commitment.owner.mention}"
    elif waits is Side.ASKING:
        waiting = f"waits for the answer of {_asking(commitment)}"
    elif waits is Side.NEXT:
        following = None if commitment.offer is None else commitment.offer.owner
        waiting = "waits for an answer"
        if following is not None:
            waiting = f"waits for the answer of {following.mention}"
    else:
        waiting = ""
    if commitment.state in {State.PROPOSED, State.COUNTERED}:
        return f"not agreed yet, {waiting}"
    if commitment.state in CLOSED:
        ended = "" if commitment.closed_at is None else _closed_on(commitment, today)
        return f"{commitment.state.value}{ended}"
    parts = ["promised" if commitment.own else "agreed"]
    if waiting:
        change = "taking it over" if waits is Side.NEXT else "a change"
        parts.append(f"{change} {waiting}")
    if commitment.risk is not None:
        parts.append("at risk" + _known_to(commitment))
    if rules.overdue(commitment, today):
        parts.append("overdue")
    return ", ".join(parts)


def _closed_on(commitment: Commitment, today: date) -> str:
    if commitment.closed_at is None:
        return ""
    return f" on {day(local_day(commitment.closed_at, commitment), today)}"


def local_day(at: datetime, commitment: Commitment) -> date:
    return at.astimezone(ZoneInfo(commitment.place.zone)).date()


def _known_to(commitment: Commitment) -> str:
    risk = commitment.risk
    if risk is None or risk.audience is Audience.EVERYONE:
        return ""
    if risk.audience is Audience.OWNER:
        return " (only you see this)"
    return " (only your organization sees this)"


def terms_said(terms: Terms, today: date, limit: int) -> str:
    what = one_line(terms.what.rstrip(" .!?;,\n") or terms.what, limit)
    said = f"{what} {due(terms.due, today)}" if terms.due else f"{what} (no date yet)"
    return f"{said}, if {quoted(terms.condition)}" if terms.condition else said


def quoted(text: str | None) -> str:
    return one_line(text or "", SAID_LIMIT).rstrip(" .")


def _card_buttons(commitment: Commitment, today: date) -> list[Element]:
    """What can be done now, by whomever: who may not is told so."""
    state = commitment.state
    if state is State.DONE:
        over = today - rules.closed_on(commitment) > rules.MISSING_FOR
        # what nobody asked for is opened again by who promised it, with a word in its thread
        return [] if over or commitment.own else buttons_for(commitment, (Button.MISSING,))
    if state in CLOSED:
        return []
    if state is State.HANDING_OVER:
        last = Button.DROP if commitment.away in {Away.LEFT, Away.OFF} else Button.DONE
        return buttons_for(commitment, (Button.TAKE_OVER, Button.KEEP, last))
    if commitment.away in {Away.LEFT, Away.OFF}:
        waits = _ANSWERS if commitment.offer is not None else ()
        return buttons_for(commitment, (*waits, Button.HAND_OVER, Button.DROP))
    if state is State.PROPOSED:
        return buttons_for(commitment, _ASKED)
    if state is State.COUNTERED:
        return buttons_for(commitment, (*_ANSWERS, Button.ANOTHER_DATE))
    if state is State.ACCEPTED:
        return buttons_for(commitment, _AT_WORK)
    return buttons_for(commitment, (*_ANSWERS, Button.ANOTHER_DATE, Button.DONE))


_ASKED = (Button.YES, Button.YES_IF, Button.ANOTHER_DATE, Button.NO)

_ANSWERS = (Button.AGREE, Button.KEEP)

_AT_WORK = (Button.DONE, Button.STUCK, Button.ANOTHER_DATE, Button.HAND_OVER, Button.DROP)


_LABELS: Mapping[Button, str] = {
    Button.YES: "Yes",
    Button.YES_IF: "Yes, if…",
    Button.ANOTHER_DATE: "Another date",
    Button.NO: "No",
    Button.AGREE: "Agree",
    Button.KEEP: "Keep what was agreed",
    Button.TAKE_BACK: "Take it back",
    Button.TAKE_OVER: "Take it over",
    Button.HAND_OVER: "Hand over",
    Button.DONE: "Done",
    Button.MISSING: "Something is missing",
    Button.STUCK: "I'm stuck",
    Button.ON_TRACK: "On track again",
    Button.DROP: "Drop",
    Button.CHANGE: "Change",
    Button.SHOW: "History",
}


_GLAD = frozenset({Button.YES, Button.AGREE, Button.TAKE_OVER})


def buttons_for(commitment: Commitment, which: Iterable[Button]) -> list[Element]:
    """Buttons that say to a screen reader what they are about."""
    stuck = commitment.risk is not None
    return [
        button_for(commitment, Button.ON_TRACK if one is Button.STUCK and stuck else one)
        for one in which
    ]


def button_for(commitment: Commitment, which: Button) -> Element:
    label = _keep(commitment) if which is Button.KEEP else _LABELS[which]
    return button(
        label,
        which,
        ids.value(commitment.id, commitment.at_issue.version),
        style="primary" if which in _GLAD else None,
        speaks=f"{label} ({described(commitment)})",
    )


def _keep(commitment: Commitment) -> str:
    """What stays if what waits for an answer is refused."""
    if commitment.state is State.COUNTERED:
        return "Keep what was asked"
    if commitment.state is State.HANDING_OVER:
        return f"Leave it with {plain(commitment.owner.name, 30)}"
    return _LABELS[Button.KEEP]


def described(commitment: Commitment) -> str:
    """What a button is about, for a screen reader; it follows the button's own label, as those
    need who speak to their computer (WCAG 2.5.3, *Label in Name*).
    """
    return f"#{commitment.number}, {plain(commitment.at_issue.what, 40)}"
