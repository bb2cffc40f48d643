"""Replies in the thread of a card."""

from collections.abc import Mapping
from datetime import date

from bot.domain import commitments as rules
from bot.domain.commitments import Act, Audience, Commitment, Side, State
from bot.domain.errors import NotPossible
from bot.domain.people import Member
from bot.language import Meaning, Reply, read, read_card_reply, read_date
from bot.services import commitments as services
from bot.services.commitments import Which, Wish
from bot.views import commitments as views
from handlers.answer import Answer
from handlers.answer import Audience as Shown
from handlers.commitments.acting import Service, carry_out
from handlers.commitments.due_days import with_days_off
from handlers.commitments.finding import members_of, owner_meant, today_of
from handlers.visit import Visit
from handlers.wording import readable


async def reply(visit: Visit, message_id: int, subject: int) -> Answer:
    """What the owner or the asking side says there counts; everything else is a conversation.

    What begins like an answer and may be something else is asked about, with buttons. Free text
    is neither understood nor stored.
    """
    statements = [
        one
        for one in read_card_reply(visit.text, now=visit.now, zone=visit.zone)
        if one.kind in _REPLIES or one.kind is Meaning.UNSURE
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
    if [one.kind for one in statements] == [Meaning.UNSURE]:
        return _asked_about(about, member, statements[0], today_of(visit))
    dated: Commitment | None = None
    for place, statement in enumerate(statements):
        which = Which(visit.installation.id, commitment_id=subject)
        if statement.number not in {None, about.number}:
            which = Which(visit.installation.id, channel=visit.channel, number=statement.number)
        bare = statement.kind is Meaning.NO and not statement.text
        if bare and _is_their_own_wish(about, member, which):
            # it may be meant of the wish that waits, or of all: neither ends by a guess
            return _which_of_these(about, member, today_of(visit))
        if statement.kind is Meaning.YES_IF and _may_only_say_yes(about, member, which):
            return _which_of_these(about, member, today_of(visit))
        changed = await _replied(visit, which, member, statement, f"{visit.key}:{place}")
        dated = changed or dated
    return Answer() if dated is None else await with_days_off(visit, dated, Answer())


def _asked_about(about: Commitment, member: Member, said: Reply, today: date) -> Answer:
    """The question what they mean; nothing where it could not be an answer of theirs."""
    act = None if said.like is None else _REPLIES[said.like]
    # who cannot make it declines what is asked, and is stuck with what is agreed
    meant = {Act.DECLINE, Act.STUCK} if act is Act.DROP else {act}
    if said.number not in {None, about.number} or not meant & rules.acts_of(about, member, today):
        return Answer()
    return _which_of_these(about, member, today)


def _which_of_these(about: Commitment, member: Member, today: date) -> Answer:
    return Answer(views.which_of_these(about, member, today), to=Shown.THREAD)


def _is_their_own_wish(about: Commitment, member: Member, which: Which) -> bool:
    """Whether what waits for an answer is what they themselves asked for."""
    return (
        which.commitment_id == about.id
        and about.offer is not None
        and about.offer.by.id == member.id
    )


def _may_only_say_yes(about: Commitment, member: Member, which: Which) -> bool:
    """Whether they are asked something to which no condition can be put: to take it over."""
    acts = rules.acts_of(about, member)
    return which.commitment_id == about.id and Act.ACCEPT in acts and Act.CONDITION not in acts


async def _replied(
    visit: Visit, which: Which, member: Member, statement: Reply, key: str
) -> Commitment | None:
    """Do what one statement says; returns the commitment if its date may be another one now."""
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
        return None
    text = await readable(visit, statement.text)
    why = text or None
    if statement.kind is Meaning.HAND_OVER:
        here = await members_of(visit, commitment.place.channel)
        to = await owner_meant(visit, statement.owner or "", here)
        await carry_out(visit, which, services.hand_over, to, why=why, key=key)
    elif statement.kind is Meaning.YES_IF:
        await carry_out(visit, which, services.accept_if, text, key=key)
    elif statement.kind is Meaning.STUCK:
        await carry_out(visit, which, services.report_stuck, Audience.EVERYONE, why=why, key=key)
    elif statement.kind is Meaning.ANOTHER_DATE:
        due = statement.due or read_date(statement.text, now=visit.now, zone=visit.zone)
        return await carry_out(visit, which, services.change, Wish(due=due), key=key)
    elif statement.kind is Meaning.CHANGE:
        line = f"change #{commitment.number} {statement.text}"
        said = read(line, now=visit.now, zone=visit.zone)
        what = await readable(visit, said.what) or None
        wish = Wish(what=what, due=said.due, no_date=said.no_date, label=said.label)
        return await carry_out(visit, which, services.change, wish, key=key)
    else:
        done = await carry_out(visit, which, _SERVICES[statement.kind], why=why, key=key)
        return done if statement.kind is Meaning.YES else None
    return None


_SERVICES: Mapping[Meaning, Service] = {
    Meaning.YES: services.accept,
    Meaning.NO: services.decline,
    Meaning.KEEP: services.keep,
    Meaning.DONE: services.report_done,
    Meaning.REOPEN: services.reopen,
    Meaning.DROP: services.drop,
    Meaning.ON_TRACK: services.report_on_track,
}
"""What needs nothing but its reason."""

_REPLIES: Mapping[Meaning, Act] = {
    Meaning.YES: Act.ACCEPT,
    Meaning.YES_IF: Act.CONDITION,
    Meaning.NO: Act.DECLINE,
    Meaning.DONE: Act.DONE,
    Meaning.STUCK: Act.STUCK,
    Meaning.ANOTHER_DATE: Act.CHANGE,
    Meaning.CHANGE: Act.CHANGE,
    Meaning.KEEP: Act.KEEP,
    Meaning.HAND_OVER: Act.HAND_OVER,
    Meaning.REOPEN: Act.REOPEN,
    Meaning.DROP: Act.DROP,
    Meaning.ON_TRACK: Act.ON_TRACK,
}
