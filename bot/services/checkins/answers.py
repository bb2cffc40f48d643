"""Quick answers by a button, and what a reply's writer says when asked what was meant."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import Note, Occurrence, Settled, State, Statement, Understood, Word
from bot.domain.commitments import AGREED, Commitment, Side
from bot.domain.errors import NotAllowed, OutOfDate
from bot.domain.partnerships import Partnership
from bot.domain.people import Member
from bot.domain.undo import Lasting
from bot.services import commitments, lasting, partnerships
from bot.services.checkins.reading import note_of
from bot.services.checkins.requests import Press, Settle
from bot.services.checkins.shared import commitment_of, refresh, report_stuck
from bot.services.commitments import Turn, Which

if TYPE_CHECKING:
    from storage.store import Store


def press(store: "Store", request: Press, now: datetime) -> Commitment:
    """The owner's quick answer, which is their own word and counts at once.

    Raises ``NotAllowed`` for everybody else, and what the commitment's own rules raise.
    """
    if store.deliveries.receipt(request.key) is not None:
        return store.commitments.by_id(request.commitment_id)
    occurrence = store.schedules.occurrence(request.occurrence_id)
    partnership = partnerships.live(store, request.installation_id, occurrence.partnership_id)
    member = partnerships.acting_in(store, partnership, request.person, now).member
    commitment = commitment_of(store, partnership, request.commitment_id)
    if rules.side_of(commitment, member) not in {Side.OWNER, Side.PROMISER}:
        raise NotAllowed(
            f"Only {commitment.owner.mention} can say how #{commitment.number} is going. "
            "Reply in the thread if you know something about it."
        )
    which = Which(request.installation_id, commitment_id=commitment.id)
    turn = Turn(f"{request.key}:turn", request.person, which)
    if request.word is Word.DONE:
        commitment = commitments.report_done(store, turn, now)
    elif commitment.state not in AGREED:
        raise OutOfDate(rules.standing(commitment))
    elif commitment.risk is not None:
        commitment = commitments.report_on_track(store, turn, now)
    else:
        lasting.note(
            store,
            Lasting.ON_TRACK,
            key=request.key,
            member_id=member.id,
            partnership_id=partnership.id,
            now=now,
        )
    _note_answer(store, occurrence, member, commitment, request.word, now)
    refresh(store, occurrence, member.id)
    store.deliveries.handled(request.key, now, {"commitment": commitment.id})
    return commitment


def settle(store: "Store", request: Settle, now: datetime) -> Note:
    """The writer of a reply says whether it was meant, and which commitment.

    Raises ``NotAllowed`` for everybody else, ``OutOfDate`` if it was answered otherwise before.
    """
    statement = store.checkins.statement(request.statement_id)
    if store.deliveries.receipt(request.key) is not None:
        return note_of(store, statement, now)
    response = store.checkins.by_id(statement.response_id)
    occurrence = store.schedules.occurrence(response.occurrence_id)
    partnership = partnerships.live(store, request.installation_id, occurrence.partnership_id)
    member = partnerships.acting_in(store, partnership, request.person, now).member
    if member.id != response.member.id:
        raise NotAllowed(f"Only {response.member.mention} can answer this.")
    wanted = Settled.YES if request.yes else Settled.NO
    if statement.settled is not None and statement.settled is not wanted:
        raise OutOfDate("You have answered this already.")
    if statement.settled is None:
        _answer(store, request, statement, partnership, now)
        if statement.note_id is not None:
            store.messages.refresh(statement.note_id)
        refresh(store, occurrence, member.id)
    store.deliveries.handled(request.key, now, {"statement": statement.id})
    return note_of(store, store.checkins.statement(statement.id), now)


def _answer(
    store: "Store", request: Settle, statement: Statement, partnership: Partnership, now: datetime
) -> None:
    if not request.yes:
        store.checkins.settle(statement.id, settled=Settled.NO)
        return
    meant_one = request.commitment_id or statement.commitment_id
    if meant_one is None:
        raise OutOfDate("Please choose which one you mean.")
    commitment = commitment_of(store, partnership, meant_one)
    key = f"{request.key}:turn"
    if statement.word is Word.DONE:
        which = Which(request.installation_id, commitment_id=commitment.id)
        commitments.report_done(store, Turn(key, request.person, which), now)
    else:
        report_stuck(store, key, request.person, commitment, statement.text, now)
    store.checkins.settle(statement.id, settled=Settled.YES, commitment_id=commitment.id)


def _note_answer(
    store: "Store",
    occurrence: Occurrence,
    member: Member,
    commitment: Commitment,
    word: Word,
    now: datetime,
) -> None:
    """Keep a quick answer; a later one about the same commitment takes its place."""
    key = f"button:{commitment.id}"
    known = store.checkins.by_key(occurrence.id, key)
    if known is not None:
        for statement in store.checkins.statements([known.id]):
            store.checkins.settle(statement.id, word=word)
        return
    late = occurrence.state is not State.OPEN
    response = store.checkins.add(
        occurrence.id, member, key, "", now, typed=False, more=False, late=late
    )
    store.checkins.understand(response, 0, Understood(word), commitment.id, Settled.YES)
