"""Who is what to a commitment, what they may do with it, and what they may know of it."""

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.commitments.life import (
    AGREED,
    CLOSED,
    LIFE,
    OPEN,
    STANDING_IN,
    Act,
    Side,
    State,
    Step,
)
from bot.domain.commitments.values import Audience, Away, Commitment, Entry
from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.people import Member

MISSING_FOR = timedelta(days=7)
"""So long after it is done the asking side may say what is missing (product: *Clear
responsibilities*)."""


def side_of(commitment: Commitment, member: Member) -> Side:
    """What this member is to this commitment.

    An owner is the owner even where a colleague asked: nobody answers their own offer.
    """
    if member.id == commitment.owner.id:
        return Side.PROMISER if commitment.own else Side.OWNER
    offer = commitment.offer
    if offer is not None and offer.owner is not None and member.id == offer.owner.id:
        return Side.NEXT
    if not commitment.own and _is_asking(commitment, member):
        return Side.ASKING
    return Side.LEAD if stands_in(commitment, member) else Side.OTHER


def _is_asking(commitment: Commitment, member: Member) -> bool:
    if member.id == commitment.proposer.id:
        return True
    asking = commitment.asking
    return (
        asking is not None
        and member.organization is not None
        and member.organization.id == asking.id
    )


def stands_in(commitment: Commitment, member: Member) -> bool:
    """Whether this member leads the organization of an owner who cannot act any more.

    Where nobody leads it, or the owner did, each colleague may.
    """
    ours = commitment.owner.organization
    if commitment.away is None or ours is None or member.organization is None:
        return False
    if member.organization.id != ours.id:
        return False
    return commitment.lead_id in {None, commitment.owner.id, member.id}


def cell(state: State, side: Side, act: Act, away: Away | None) -> Step | None:
    """What the table says, where some of it is for absent owners only; None: it cannot be done."""
    if side is Side.ASKING and away is None and (state, act) in STANDING_IN:
        return None
    return LIFE.get((state, side, act))


def acts_of(commitment: Commitment, member: Member, today: date | None = None) -> frozenset[Act]:
    """What this member may do with it now; without ``today`` (in the partnership's zone) it is
    left open whether there is still time for it.
    """
    side = side_of(commitment, member)
    may = {act for act in Act if cell(commitment.state, side, act, commitment.away) is not None}
    if commitment.risk is None:
        may.discard(Act.ON_TRACK)
    if side is Side.ASKING and not _in_time(commitment, today):
        may.discard(Act.REOPEN)
    return frozenset(may)


def may(commitment: Commitment, member: Member, act: Act) -> bool:
    """Whether this member may do this with an open commitment that is not at risk now."""
    return cell(commitment.state, side_of(commitment, member), act, commitment.away) is not None


def _in_time(commitment: Commitment, today: date | None) -> bool:
    if commitment.closed_at is None or today is None:
        return True
    return today - closed_on(commitment) <= MISSING_FOR


def closed_on(commitment: Commitment) -> date:
    """The day on which it was closed, in the partnership's zone; raises ``ValueError`` if open."""
    if commitment.closed_at is None:
        raise ValueError("it is open")
    return commitment.closed_at.astimezone(ZoneInfo(commitment.place.zone)).date()


def step(
    commitment: Commitment,
    member: Member,
    act: Act,
    *,
    version: int | None = None,
    today: date | None = None,
) -> Step:
    """What comes of it when this member does this.

    ``version`` is of the terms that the member saw (None if they named only the number), ``today``
    as for ``acts_of``. Raises ``NotAllowed`` if somebody else may do it, ``OutOfDate`` if the terms
    have changed since, and ``NotPossible`` if nobody can.
    """
    if not commitment.place.live:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    side = side_of(commitment, member)
    found = cell(commitment.state, side, act, commitment.away)
    if found is None:
        raise _refusal(commitment, side, act)
    if act is Act.REOPEN and side is Side.ASKING and not _in_time(commitment, today):
        raise NotPossible(
            f"#{commitment.number} was done more than {MISSING_FOR.days} days ago. "
            f"{commitment.owner.mention} can open it again, or you write down a new commitment."
        )
    about_risk = act in {Act.STUCK, Act.ON_TRACK}
    if not about_risk and version is not None and version != commitment.at_issue.version:
        raise OutOfDate(f"This has changed since that message. {standing(commitment)}")
    if act is Act.ON_TRACK and commitment.risk is None:
        raise NotPossible(f"#{commitment.number} is not marked as stuck, so all is well.")
    return found


def _refusal(commitment: Commitment, side: Side, act: Act) -> BotError:
    state = commitment.state
    able = {one for one in Side if cell(state, one, act, commitment.away) is not None}
    able &= {Side.PROMISER, Side.OTHER} if commitment.own else {Side.OWNER, Side.ASKING}
    if cell(state, Side.NEXT, act, commitment.away) is not None:
        able = {Side.NEXT}
    if act is Act.REOPEN and commitment.own and able:
        return NotAllowed(
            f"{commitment.owner.mention} promised #{commitment.number} unasked, and alone can open "
            "it again. Is something missing? Ask them for it with a new commitment."
        )
    if able:
        return NotAllowed(f"That is for {_who(commitment, able)} to say. Nothing has changed.")
    if side in {Side.OTHER, Side.LEAD, Side.NEXT} and state in OPEN:
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
    if sides == {Side.NEXT} and commitment.offer is not None and commitment.offer.owner is not None:
        return commitment.offer.owner.mention
    if sides == {Side.ASKING}:
        return asking
    if Side.ASKING in sides:
        return f"{commitment.owner.mention}, or {asking},"
    return commitment.owner.mention


def standing(commitment: Commitment) -> str:
    """How it stands, in a sentence without anybody's words in it."""
    number, owner = f"#{commitment.number}", commitment.owner.mention
    asking = f"{commitment.proposer.mention} or a colleague"
    offer = commitment.offer
    following = owner if offer is None or offer.owner is None else offer.owner.mention
    return {
        State.PROPOSED: f"{number} waits for the answer of {owner}.",
        State.COUNTERED: f"{number} has new terms from {owner}; {asking} answers them.",
        State.ACCEPTED: f"{number} is agreed.",
        State.CHANGE_OFFERED: f"{number} is agreed; {owner} asked for a change, "
        f"which {asking} answers.",
        State.CHANGE_ASKED: f"{number} is agreed; a change was asked for, which {owner} answers.",
        State.HANDING_OVER: f"{number} is agreed and stays with {owner} until {following} has "
        "said yes to taking it over.",
        State.DONE: f"{number} is done.",
        State.DECLINED: f"{number} was declined.",
        State.DROPPED: f"{number} was dropped.",
    }[commitment.state]


def _instead(commitment: Commitment, act: Act) -> str:
    state = commitment.state
    if state is State.DONE and act is not Act.REOPEN:
        return "Is something missing, or was it too early? Then open it again: say “reopen” first."
    if state in CLOSED:
        return "If it is needed after all, make it a new commitment."
    if act is Act.REOPEN:
        return "It is open, so there is nothing to open again."
    if state not in AGREED and act in {Act.DONE, Act.STUCK, Act.ON_TRACK}:
        return "It counts once it is agreed."
    if state not in AGREED and act is Act.DROP:
        return "You have not agreed to it: say no instead."
    if state not in AGREED and act is Act.HAND_OVER:
        return "You have not agreed to it: say no, and who could do it instead."
    if act is Act.CONDITION:
        return "Yes or no is enough here; once it is yours, you can ask for a change."
    if act is Act.KEEP:
        return "No change waits for an answer, so it stays as it is."
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
    return _is_or_beside(viewer, commitment.owner, audience)


def may_read(entry: Entry, viewer: Member | None) -> bool:
    """Whether a row of the history is for this viewer: whoever wrote it said who may know, and who
    owns the commitment by now does not change that.
    """
    if entry.audience is Audience.EVERYONE:
        return True
    if viewer is None or entry.by is None:
        return False
    return _is_or_beside(viewer, entry.by, entry.audience)


def _is_or_beside(viewer: Member, writer: Member, audience: Audience) -> bool:
    """Whether this is the writer, or a colleague of theirs where colleagues may know."""
    if viewer.id == writer.id:
        return True
    return (
        audience is Audience.ORGANIZATION
        and viewer.organization is not None
        and writer.organization is not None
        and viewer.organization.id == writer.organization.id
    )


_WIDTH = (Audience.OWNER, Audience.ORGANIZATION, Audience.EVERYONE)


def widens(before: Audience, after: Audience) -> bool:
    """Whether more people may know than before."""
    return _WIDTH.index(after) > _WIDTH.index(before)


def waits_for(commitment: Commitment) -> Side | None:
    """Whose answer is awaited."""
    if commitment.state in {State.PROPOSED, State.CHANGE_ASKED}:
        return Side.OWNER
    if commitment.state in {State.COUNTERED, State.CHANGE_OFFERED}:
        return Side.ASKING
    if commitment.state is State.HANDING_OVER:
        return Side.NEXT
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
