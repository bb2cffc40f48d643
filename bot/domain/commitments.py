"""Commitments: what one person will do by a date, and how it comes to count.

Only the owner's own word counts: what anybody else writes down for a person is a proposal until
that person agrees. Another date, other words, a condition: each is a proposal of *terms*, and
what was agreed holds until it is answered. ``LIFE`` is the whole of these rules: what is not in
it cannot be done.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.people import Member, Organization


class State(StrEnum):
    """Where a commitment stands. *At risk* is no state but a flag (``Risk``)."""

    PROPOSED = "proposed"  # the owner has been asked
    COUNTERED = "countered"  # the owner would, on other terms; the asking side answers
    ACCEPTED = "accepted"
    CHANGE_OFFERED = "change_offered"  # accepted; the owner wants other terms
    CHANGE_ASKED = "change_asked"  # accepted; the asking side wants other terms
    DONE = "done"
    DECLINED = "declined"
    DROPPED = "dropped"


AGREED = frozenset({State.ACCEPTED, State.CHANGE_OFFERED, State.CHANGE_ASKED})
"""The owner's word is given, and holds."""

UNANSWERED = frozenset({State.PROPOSED, State.COUNTERED, State.CHANGE_OFFERED, State.CHANGE_ASKED})
"""Somebody's answer is awaited."""

OPEN = AGREED | UNANSWERED

CLOSED = frozenset(State) - OPEN


class Side(StrEnum):
    """What somebody is to a commitment."""

    OWNER = "owner"  # was asked by somebody else
    PROMISER = "promiser"  # owns it and was asked by nobody
    ASKING = "asking"  # the proposer and the colleagues of the proposer's organization
    OTHER = "other"


class Act(StrEnum):
    """What somebody may want to do with it."""

    ACCEPT = "accept"  # yes to the terms that wait for an answer
    CONDITION = "condition"  # yes, if …
    CHANGE = "change"  # another date, other words
    DECLINE = "decline"  # no; for terms proposed after the first: keep it as it was
    DONE = "done"
    DROP = "drop"
    STUCK = "stuck"
    ON_TRACK = "on_track"


class Event(StrEnum):
    """What happened: the kinds of the history's rows."""

    ASKED = "asked"
    ASKED_ANEW = "asked_anew"  # other terms, while the owner had not agreed to any
    PROMISED = "promised"
    ACCEPTED = "accepted"
    CONDITION_OFFERED = "condition_offered"
    CHANGE_OFFERED = "change_offered"  # by the owner
    CHANGE_ASKED = "change_asked"  # by the asking side
    CHANGED = "changed"  # of one's own promise
    CHANGE_AGREED = "change_agreed"
    CHANGE_REFUSED = "change_refused"
    CHANGE_WITHDRAWN = "change_withdrawn"
    DECLINED = "declined"
    DONE = "done"
    DROPPED = "dropped"
    STUCK = "stuck"
    ON_TRACK = "on_track"
    ENDED = "ended"  # its organization left the partnership


class Move(StrEnum):
    """What a step does to the terms."""

    NONE = "none"
    HOLD = "hold"  # new terms, in force (or asked for) at once
    OFFER = "offer"  # new terms, waiting for the other side
    ADOPT = "adopt"  # the waiting terms are in force now
    REJECT = "reject"  # the waiting terms are refused
    WITHDRAW = "withdraw"  # the waiting terms are taken back, or lapse


class TermsState(StrEnum):
    """What became of one version of the terms."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One cell of the table."""

    to: State
    event: Event
    terms: Move = Move.NONE


def _life() -> dict[tuple[State, Side, Act], Step]:
    life: dict[tuple[State, Side, Act], Step] = {}

    def may(state: State, side: Side, act: Act, to: State, event: Event, terms: Move) -> None:
        life[state, side, act] = Step(to, event, terms)

    owner, asking, promiser = Side.OWNER, Side.ASKING, Side.PROMISER
    asked, countered, accepted = State.PROPOSED, State.COUNTERED, State.ACCEPTED
    offered, wanted = State.CHANGE_OFFERED, State.CHANGE_ASKED

    # Before the owner has agreed to anything.
    for state in (asked, countered):
        aside = Move.NONE if state is asked else Move.WITHDRAW  # an offer of the owner's lapses
        may(state, owner, Act.ACCEPT, accepted, Event.ACCEPTED, aside)
        may(state, owner, Act.CONDITION, countered, Event.CONDITION_OFFERED, Move.OFFER)
        may(state, owner, Act.CHANGE, countered, Event.CHANGE_OFFERED, Move.OFFER)
        may(state, owner, Act.DECLINE, State.DECLINED, Event.DECLINED, aside)
        may(state, asking, Act.CHANGE, asked, Event.ASKED_ANEW, Move.HOLD)
        may(state, asking, Act.DROP, State.DROPPED, Event.DROPPED, aside)
    may(countered, asking, Act.ACCEPT, accepted, Event.CHANGE_AGREED, Move.ADOPT)
    may(countered, asking, Act.DECLINE, asked, Event.CHANGE_REFUSED, Move.REJECT)

    # Once agreed: other terms change nothing until they are answered.
    for state in (accepted, offered, wanted):
        aside = Move.NONE if state is accepted else Move.WITHDRAW
        may(state, owner, Act.CONDITION, offered, Event.CONDITION_OFFERED, Move.OFFER)
        may(state, owner, Act.CHANGE, offered, Event.CHANGE_OFFERED, Move.OFFER)
        may(state, asking, Act.CHANGE, wanted, Event.CHANGE_ASKED, Move.OFFER)
        may(state, owner, Act.DONE, State.DONE, Event.DONE, aside)
        may(state, owner, Act.DROP, State.DROPPED, Event.DROPPED, aside)
        may(state, asking, Act.DROP, State.DROPPED, Event.DROPPED, aside)
        may(state, owner, Act.STUCK, state, Event.STUCK, Move.NONE)
        may(state, owner, Act.ON_TRACK, state, Event.ON_TRACK, Move.NONE)
    for state, proposes, answers in ((offered, owner, asking), (wanted, asking, owner)):
        may(state, answers, Act.ACCEPT, accepted, Event.CHANGE_AGREED, Move.ADOPT)
        may(state, answers, Act.DECLINE, accepted, Event.CHANGE_REFUSED, Move.REJECT)
        may(state, proposes, Act.DECLINE, accepted, Event.CHANGE_WITHDRAWN, Move.WITHDRAW)

    # One's own promise: nobody else has to agree to a change.
    may(accepted, promiser, Act.CONDITION, accepted, Event.CHANGED, Move.HOLD)
    may(accepted, promiser, Act.CHANGE, accepted, Event.CHANGED, Move.HOLD)
    may(accepted, promiser, Act.DONE, State.DONE, Event.DONE, Move.NONE)
    may(accepted, promiser, Act.DROP, State.DROPPED, Event.DROPPED, Move.NONE)
    may(accepted, promiser, Act.STUCK, accepted, Event.STUCK, Move.NONE)
    may(accepted, promiser, Act.ON_TRACK, accepted, Event.ON_TRACK, Move.NONE)
    return life


LIFE: Mapping[tuple[State, Side, Act], Step] = _life()
"""Who may do what in which state, and what comes of it. Everything else is refused."""


class Audience(StrEnum):
    """Who may know that somebody is stuck."""

    OWNER = "owner"
    ORGANIZATION = "organization"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be done, and when: one version of it."""

    version: int
    what: str
    """As written: never cut, never escaped."""
    due: date | None
    """A day on the owner's calendar; None means no date yet."""
    condition: str | None = None
    """The words after "yes, if"."""
    label: str | None = None
    """What it is for, as typed after "for"."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms that wait for an answer, and who put them forward."""

    terms: Terms
    by: Member


@dataclass(frozen=True, slots=True)
class Risk:
    """The owner is stuck."""

    since: datetime
    audience: Audience
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commitment belongs."""

    installation_id: int
    partnership_id: int
    name: str
    """Of the partnership, which is its channel's."""
    zone: str
    channel: str | None
    """None once the partnership has no channel any more."""
    live: bool = True
    """Whether the partnership goes on."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one person will do by a date. Organizations are those of the time it was written."""

    id: int
    place: Place
    number: int
    """``#12``: counted within its partnership."""
    state: State
    owner: Member
    proposer: Member
    terms: Terms
    """Those in force: the agreed ones or, before that, those the owner was asked for."""
    created_at: datetime
    offer: Offer | None = None
    """Terms that wait for an answer, in the states that have any besides those asked first."""
    risk: Risk | None = None
    closed_at: datetime | None = None
    card_id: int | None = None
    """The message that shows it."""
    last_version: int = 1
    """Of the terms that were ever put forward."""

    @property
    def own(self) -> bool:
        """Whether it is the owner's own promise, which nobody asked for."""
        return self.owner.id == self.proposer.id

    @property
    def asking(self) -> Organization | None:
        """The organization that asked; None for one's own promise."""
        return None if self.own else self.proposer.organization

    @property
    def at_issue(self) -> Terms:
        """The terms that wait for an answer, else those in force. Buttons carry their version."""
        return self.terms if self.offer is None else self.offer.terms


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the history."""

    id: int
    commitment_id: int
    event: Event
    by: Member | None
    """With the organization as it was then; None if nobody did it."""
    at: datetime
    terms: Terms | None
    """The version that it is about."""
    why: str | None
    audience: Audience


@dataclass(frozen=True, slots=True)
class Card:
    """A commitment as everybody in the channel sees it."""

    commitment: Commitment
    today: date
    """In the partnership's zone."""


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the history, with what it is about."""

    entry: Entry
    commitment: Commitment
    today: date


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, as its viewer may see it."""

    commitments: tuple[Commitment, ...]
    offset: int
    total: int
    viewer: Member | None
    """None: somebody whom we have not met yet, who can own nothing."""
    label: str | None = None
    """If it holds only what is for that."""
    hidden: int = 0
    """How many are in channels that I could not look at just now."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a digest says of commitments, as everybody may see it; each the soonest first."""

    needs_decision: tuple[Commitment, ...]
    needs_help: tuple[Commitment, ...]
    """At risk, for everybody to see."""
    overdue: tuple[Commitment, ...]
    due_soon: tuple[Commitment, ...]
    done: tuple[Commitment, ...]


def side_of(commitment: Commitment, member: Member) -> Side:
    """What this member is to this commitment.

    An owner is the owner even where a colleague asked: nobody answers their own offer.
    """
    if member.id == commitment.owner.id:
        return Side.PROMISER if commitment.own else Side.OWNER
    if commitment.own:
        return Side.OTHER
    if member.id == commitment.proposer.id:
        return Side.ASKING
    asking = commitment.asking
    if asking is not None and member.organization is not None:
        return Side.ASKING if member.organization.id == asking.id else Side.OTHER
    return Side.OTHER


def acts_of(commitment: Commitment, member: Member) -> frozenset[Act]:
    """What this member may do with it now."""
    side = side_of(commitment, member)
    may = {act for act in Act if (commitment.state, side, act) in LIFE}
    if commitment.risk is None:
        may.discard(Act.ON_TRACK)
    return frozenset(may)


def step(commitment: Commitment, member: Member, act: Act, *, version: int | None = None) -> Step:
    """What comes of it when this member does this.

    ``version`` is of the terms that the member saw (None if they named only the number). Raises
    ``NotAllowed`` if somebody else may do it, ``OutOfDate`` if the terms have changed since, and
    ``NotPossible`` if nobody can.
    """
    if not commitment.place.live:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    side = side_of(commitment, member)
    found = LIFE.get((commitment.state, side, act))
    if found is None:
        raise _refusal(commitment, side, act)
    about_risk = act in {Act.STUCK, Act.ON_TRACK}
    if not about_risk and version is not None and version != commitment.at_issue.version:
        raise OutOfDate(f"This has changed since that message. {standing(commitment)}")
    if act is Act.ON_TRACK and commitment.risk is None:
        raise NotPossible(f"#{commitment.number} is not marked as stuck, so all is well.")
    return found


def _refusal(commitment: Commitment, side: Side, act: Act) -> BotError:
    able = {sid for (state, sid, an_act) in LIFE if state is commitment.state and an_act is act}
    able &= {Side.PROMISER, Side.OTHER} if commitment.own else {Side.OWNER, Side.ASKING}
    if able:
        return NotAllowed(f"That is for {_who(commitment, able)} to say. Nothing has changed.")
    if side is Side.OTHER and commitment.state in OPEN:
        return NotAllowed(
            f"#{commitment.number} is between {commitment.owner.mention} and those who asked. "
            "Nothing has changed."
            if not commitment.own
            else f"#{commitment.number} is {commitment.owner.mention}'s own promise. "
            "Nothing has changed."
        )
    return NotPossible(f"{standing(commitment)} {_instead(commitment, act)}".strip())


def _who(commitment: Commitment, sides: set[Side]) -> str:
    asking = f"{commitment.proposer.mention} and their colleagues"
    if sides == {Side.ASKING}:
        return asking
    if Side.ASKING in sides:
        return f"{commitment.owner.mention}, or {asking},"
    return commitment.owner.mention


def standing(commitment: Commitment) -> str:
    """How it stands, in a sentence without anybody's words in it."""
    number, owner = f"#{commitment.number}", commitment.owner.mention
    asking = f"{commitment.proposer.mention} or a colleague"
    return {
        State.PROPOSED: f"{number} waits for the answer of {owner}.",
        State.COUNTERED: f"{number} has new terms from {owner}; {asking} answers them.",
        State.ACCEPTED: f"{number} is agreed.",
        State.CHANGE_OFFERED: f"{number} is agreed; {owner} asked for a change, "
        f"which {asking} answers.",
        State.CHANGE_ASKED: f"{number} is agreed; a change was asked for, which {owner} answers.",
        State.DONE: f"{number} is done.",
        State.DECLINED: f"{number} was declined.",
        State.DROPPED: f"{number} was dropped.",
    }[commitment.state]


def _instead(commitment: Commitment, act: Act) -> str:
    if commitment.state in CLOSED:
        return "If it is needed after all, make it a new commitment."
    if commitment.state not in AGREED and act in {Act.DONE, Act.STUCK, Act.ON_TRACK}:
        return "It counts once it is agreed."
    if commitment.state not in AGREED and act is Act.DROP:
        return "You have not agreed to it: say no instead."
    if act is Act.DECLINE:
        return "You can drop it, or ask for another date."
    return "Nothing has changed."


def seen_by(commitment: Commitment, viewer: Member | None) -> Commitment:
    """The commitment as this viewer may see it; None stands for everybody in the channel."""
    if commitment.risk is None or may_know(commitment, commitment.risk.audience, viewer):
        return commitment
    return replace(commitment, risk=None)


def may_know(commitment: Commitment, audience: Audience, viewer: Member | None) -> bool:
    """Whether what is for ``audience`` is for this viewer; None stands for everybody."""
    if audience is Audience.EVERYONE:
        return True
    if viewer is None:
        return False
    if viewer.id == commitment.owner.id:
        return True
    return (
        audience is Audience.ORGANIZATION
        and viewer.organization is not None
        and commitment.owner.organization is not None
        and viewer.organization.id == commitment.owner.organization.id
    )


def waits_for(commitment: Commitment) -> Side | None:
    """Whose answer is awaited."""
    if commitment.state in {State.PROPOSED, State.CHANGE_ASKED}:
        return Side.OWNER
    if commitment.state in {State.COUNTERED, State.CHANGE_OFFERED}:
        return Side.ASKING
    return None


def overdue(commitment: Commitment, today: date) -> bool:
    """Whether it should have been done before today."""
    due = commitment.terms.due
    return commitment.state in AGREED and due is not None and due < today


def check_words(what: str) -> str:
    """The words of a commitment; raises ``Unclear`` if there is nothing in them to read."""
    if not any(unicodedata.category(letter)[0] in "LNSP" for letter in what):
        raise Unclear("Please say what is to be done, in a few words.")
    return what.strip()


def check_due(due: date | None, today: date) -> date | None:
    """The date; raises ``Unclear`` if it is past. ``today`` is the person's own."""
    if due is not None and due < today:
        raise Unclear("That day is past. Please choose today or a later day.")
    return due
