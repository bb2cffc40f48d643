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
