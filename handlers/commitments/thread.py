"""Replies in the thread of a card."""

from collections.abc import Mapping

from bot.domain import commitments as rules
from bot.domain.commitments import Act, Audience, Side, State
from bot.domain.errors import NotPossible
from bot.domain.people import Member
from bot.language import Meaning, Reply, read_date, read_reply
from bot.services import commitments as services
from bot.services.commitments import Which, Wish
from handlers.answer import Answer
from handlers.commitments.acting import carry_out
from handlers.visit import Visit
from handlers.wording import readable


async def reply(visit: Visit, message_id: int, subject: int) -> Answer:
    """What the owner or the asking side says there counts; everything else is a conversation.

    Free text is neither understood nor stored.
    """
    statements = [
        one
        for one in read_reply(visit.text, now=visit.now, zone=visit.zone)
        if one.kind in _REPLIES
    ]
    if not statements:
        return Answer()
    about, member = await visit.house.db.read(
        services.looked_at,
        Which(visit.installation.id, commitment_id=subject),
        visit.person,
    )
    if member is None:
        return Answer()
    for place, statement in enumerate(statements):
        which = Which(visit.installation.id, commitment_id=subject)
        if statement.number not in {None, about.number}:
            which = Which(visit.installation.id, channel=visit.channel, number=statement.number)
        await _replied(visit, which, member, statement, f"{visit.key}:{place}")
    return Answer()


async def _replied(visit: Visit, which: Which, member: Member, statement: Reply, key: str) -> None:
    act = _REPLIES[statement.kind]
    commitment, _ = await visit.house.db.read(services.looked_at, which, visit.person)
    if act not in rules.acts_of(commitment, member):
        owns = rules.side_of(commitment, member) is Side.OWNER
        waits = commitment.state in {State.PROPOSED, State.COUNTERED}
        if owns and waits and act in {Act.DONE, Act.STUCK}:
            raise NotPossible(
                f"{rules.standing(commitment)} It counts once it is agreed: press Yes on its "
                "card, or reply yes."
            )
        return
    text = await readable(visit, statement.text)
    why = text or None
    if act is Act.ACCEPT:
        await carry_out(visit, which, services.accept, key=key)
    elif act is Act.CONDITION:
        await carry_out(visit, which, services.accept_if, text, key=key)
    elif act is Act.DECLINE:
        await carry_out(visit, which, services.decline, why=why, key=key)
    elif act is Act.DONE:
        await carry_out(visit, which, services.report_done, why=why, key=key)
    elif act is Act.STUCK:
        await carry_out(visit, which, services.report_stuck, Audience.EVERYONE, why=why, key=key)
    else:
        due = statement.due or read_date(statement.text, now=visit.now, zone=visit.zone)
        await carry_out(visit, which, services.change, Wish(due=due), key=key)


_REPLIES: Mapping[Meaning, Act] = {
    Meaning.YES: Act.ACCEPT,
    Meaning.YES_IF: Act.CONDITION,
    Meaning.NO: Act.DECLINE,
    Meaning.DONE: Act.DONE,
    Meaning.STUCK: Act.STUCK,
    Meaning.ANOTHER_DATE: Act.CHANGE,
}
