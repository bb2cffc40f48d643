"""The states of a commitment, who may do what in each, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a commitment stands. *At risk* is no state but a flag (``Risk``)."""

    PROPOSED = "proposed"  # the owner has been asked
    COUNTERED = "countered"  # the owner would, on other terms; the asking side answers
    ACCEPTED = "accepted"
    CHANGE_OFFERED = "change_offered"  # accepted; the owner wants other terms
    CHANGE_ASKED = "change_asked"  # accepted; the asking side wants other terms
    HANDING_OVER = "handing_over"  # accepted; somebody else is asked to take it over
    DONE = "done"
    DECLINED = "declined"
    DROPPED = "dropped"


AGREED = frozenset({State.ACCEPTED, State.CHANGE_OFFERED, State.CHANGE_ASKED, State.HANDING_OVER})
"""The owner's word is given, and holds."""

OFFERED = frozenset({State.COUNTERED, State.CHANGE_OFFERED, State.CHANGE_ASKED, State.HANDING_OVER})
"""Terms wait for an answer beside those in force."""

UNANSWERED = OFFERED | {State.PROPOSED}
"""Somebody's answer is awaited."""

OPEN = AGREED | UNANSWERED

CLOSED = frozenset(State) - OPEN


class Side(StrEnum):
    """What somebody is to a commitment."""

    OWNER = "owner"  # was asked by somebody else
    PROMISER = "promiser"  # owns it and was asked by nobody
    ASKING = "asking"  # the proposer and the colleagues of the proposer's organization
    NEXT = "next"  # is asked to take it over
    LEAD = "lead"  # of the owner's organization, where the owner cannot act any more
    OTHER = "other"


class Act(StrEnum):
    """What somebody may want to do with it."""

    ACCEPT = "accept"  # yes to the terms that wait for an answer
    CONDITION = "condition"  # yes, if …
    CHANGE = "change"  # another date, other words
    DECLINE = "decline"  # no; for terms proposed after the first: keep it as it was
    KEEP = "keep"  # no to the terms that wait beside those in force, or one's own taken back
    HAND_OVER = "hand_over"  # another owner, who has to agree
    DONE = "done"
    REOPEN = "reopen"  # something is missing, or it was not done after all
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
    ASKED_ANOTHER = "asked_another"  # somebody else, while the owner had not agreed
    HAND_OVER_OFFERED = "hand_over_offered"
    TAKEN_OVER = "taken_over"
    NOT_TAKEN_OVER = "not_taken_over"
    HAND_OVER_WITHDRAWN = "hand_over_withdrawn"
    DONE = "done"
    MISSING = "missing"  # the asking side says what; it is open again
    REOPENED = "reopened"  # by its owner
    DROPPED = "dropped"
    STUCK = "stuck"
    ON_TRACK = "on_track"
    ENDED = "ended"  # its organization left the partnership
    OWNER_AWAY = "owner_away"  # see ``Away``
    TAKEN_BACK = "taken_back"  # somebody undid their own last step


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
    following, lead = Side.NEXT, Side.LEAD
    asked, countered, accepted = State.PROPOSED, State.COUNTERED, State.ACCEPTED
    offered, wanted = State.CHANGE_OFFERED, State.CHANGE_ASKED
    handing, done = State.HANDING_OVER, State.DONE

    # Before the owner has agreed to anything.
    for state in (asked, countered):
        aside = Move.NONE if state is asked else Move.WITHDRAW  # an offer of the owner's lapses
        may(state, owner, Act.ACCEPT, accepted, Event.ACCEPTED, aside)
        may(state, owner, Act.CONDITION, countered, Event.CONDITION_OFFERED, Move.OFFER)
        may(state, owner, Act.CHANGE, countered, Event.CHANGE_OFFERED, Move.OFFER)
        may(state, owner, Act.DECLINE, State.DECLINED, Event.DECLINED, aside)
        may(state, asking, Act.CHANGE, asked, Event.ASKED_ANEW, Move.HOLD)
        may(state, asking, Act.HAND_OVER, asked, Event.ASKED_ANOTHER, Move.HOLD)
        may(state, asking, Act.DROP, State.DROPPED, Event.DROPPED, aside)
        may(state, lead, Act.HAND_OVER, asked, Event.ASKED_ANOTHER, Move.HOLD)
        may(state, lead, Act.DECLINE, State.DECLINED, Event.DECLINED, aside)
    may(countered, owner, Act.KEEP, asked, Event.CHANGE_WITHDRAWN, Move.WITHDRAW)
    may(countered, asking, Act.ACCEPT, accepted, Event.CHANGE_AGREED, Move.ADOPT)
    for act in (Act.DECLINE, Act.KEEP):
        may(countered, asking, act, asked, Event.CHANGE_REFUSED, Move.REJECT)

    # Once agreed: other terms change nothing until they are answered.
    for state in (accepted, offered, wanted, handing):
        aside = Move.NONE if state is accepted else Move.WITHDRAW
        may(state, owner, Act.CONDITION, offered, Event.CONDITION_OFFERED, Move.OFFER)
        may(state, owner, Act.CHANGE, offered, Event.CHANGE_OFFERED, Move.OFFER)
        may(state, asking, Act.CHANGE, wanted, Event.CHANGE_ASKED, Move.OFFER)
        for side in (owner, asking, lead):  # the last two only where the owner is away
            may(state, side, Act.HAND_OVER, handing, Event.HAND_OVER_OFFERED, Move.OFFER)
            may(state, side, Act.DROP, State.DROPPED, Event.DROPPED, aside)
        may(state, owner, Act.DONE, done, Event.DONE, aside)
        may(state, owner, Act.STUCK, state, Event.STUCK, Move.NONE)
        may(state, owner, Act.ON_TRACK, state, Event.ON_TRACK, Move.NONE)
    for state, proposes, answers in ((offered, owner, asking), (wanted, asking, owner)):
        may(state, answers, Act.ACCEPT, accepted, Event.CHANGE_AGREED, Move.ADOPT)
        for act in (Act.DECLINE, Act.KEEP):
            may(state, answers, act, accepted, Event.CHANGE_REFUSED, Move.REJECT)
            may(state, proposes, act, accepted, Event.CHANGE_WITHDRAWN, Move.WITHDRAW)

    # One's own promise: nobody else has to agree to a change.
    for state in (accepted, handing):
        aside = Move.NONE if state is accepted else Move.WITHDRAW
        may(state, promiser, Act.CONDITION, accepted, Event.CHANGED, Move.HOLD)
        may(state, promiser, Act.CHANGE, accepted, Event.CHANGED, Move.HOLD)
        may(state, promiser, Act.HAND_OVER, handing, Event.HAND_OVER_OFFERED, Move.OFFER)
        may(state, promiser, Act.DONE, done, Event.DONE, aside)
        may(state, promiser, Act.DROP, State.DROPPED, Event.DROPPED, aside)
        may(state, promiser, Act.STUCK, state, Event.STUCK, Move.NONE)
        may(state, promiser, Act.ON_TRACK, state, Event.ON_TRACK, Move.NONE)

    # Handing over: it stays with its owner until the next person has said yes.
    may(handing, following, Act.ACCEPT, accepted, Event.TAKEN_OVER, Move.ADOPT)
    for act in (Act.DECLINE, Act.KEEP):
        may(handing, following, act, accepted, Event.NOT_TAKEN_OVER, Move.REJECT)
        for side in (owner, promiser, asking, lead):
            may(handing, side, act, accepted, Event.HAND_OVER_WITHDRAWN, Move.WITHDRAW)

    # Done is done when the owner says so; the asking side may say what is missing.
    may(done, asking, Act.REOPEN, accepted, Event.MISSING, Move.NONE)
    may(done, owner, Act.REOPEN, accepted, Event.REOPENED, Move.NONE)
    may(done, promiser, Act.REOPEN, accepted, Event.REOPENED, Move.NONE)
    return life


LIFE: Mapping[tuple[State, Side, Act], Step] = _life()
"""Who may do what in which state, and what comes of it. Everything else is refused."""

STANDING_IN = frozenset(
    {(state, Act.HAND_OVER) for state in AGREED}
    | {(State.HANDING_OVER, Act.DECLINE), (State.HANDING_OVER, Act.KEEP)}
)
"""What the asking side may do only where the owner cannot act any more (``Away``)."""
