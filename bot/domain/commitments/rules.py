"""Who is what to a commitment, what they may do with it, and what they may know of it."""

import unicodedata
from dataclasses import replace
from datetime import date

from bot.domain.commitments.life import AGREED, CLOSED, LIFE, OPEN, Act, Side, State, Step
from bot.domain.commitments.values import Audience, Commitment
from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.people import Member


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
