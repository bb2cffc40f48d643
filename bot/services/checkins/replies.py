"""Replies in the thread: kept as they come, edits and deletions followed.

What is understood in them counts only once its owner has said so by a button. Only a "stuck" that
can mean no commitment at all needs no answer: it changes nothing but the summary.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import (
    Occurrence,
    Response,
    Settled,
    State,
    Understood,
    Word,
    meant,
)
from bot.domain.commitments import AGREED, Act, Commitment
from bot.domain.commitments import State as CommitmentState
from bot.domain.errors import BotError
from bot.domain.partnerships import Partnership
from bot.domain.people import Member
from bot.domain.posts import Kind as Post
from bot.domain.schedules import local_day
from bot.domain.undo import Lasting
from bot.services import lasting, partnerships
from bot.services.checkins.requests import Deleted, Kept, Reply
from bot.services.checkins.shared import (
    answered,
    first_time,
    say_again,
    tombstone,
)

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(slots=True)
class _Reading:
    """One reply while it is being kept."""

    request: Reply
    occurrence: Occurrence
    partnership: Partnership
    member: Member
    now: datetime
    sentences: list[str] = field(default_factory=list)


def reply(store: "Store", request: Reply, now: datetime) -> Kept:
    """Keep a reply, or follow an edit of one, whichever of them is delivered first."""
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return Kept(tuple(receipt.get("sentences", ())))
    occurrence = store.schedules.occurrence(request.occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or request.person.is_bot:
        return Kept()
    deleted = tombstone(request.installation_id, partnership.channel, request.ts)
    if store.deliveries.receipt(deleted) is not None:
        return Kept()
    known = store.checkins.by_key(occurrence.id, request.ts)
    if known is not None:
        _follow(store, occurrence, known, request)
        store.deliveries.handled(request.key, now, {})
        return Kept()
    if request.follows:
        return Kept()
    try:
        acting = partnerships.acting_in(store, partnership, request.person, now)
    except BotError as refusal:
        told = f"unrecorded:{occurrence.id}:{request.person.team}:{request.person.user}"
        if not first_time(store, told, now):
            return Kept()
        return Kept(refusal=refusal)
    reading = _Reading(request, occurrence, partnership, acting.member, now)
    _keep(store, reading)
    store.deliveries.handled(request.key, now, {"sentences": reading.sentences})
    return Kept(tuple(reading.sentences))


def deleted(store: "Store", request: Deleted, now: datetime) -> None:
    """Somebody deleted a reply, or the prompt itself."""
    ours = store.messages.by_ts(request.installation_id, request.channel, request.ts)
    if ours is not None:
        if ours.kind is Post.PROMPT:
            store.schedules.set_occurrence(ours.subject, gone_at=now)
        return
    known = store.checkins.written_at(request.channel, request.ts)
    if known is not None:
        store.checkins.change(known.id, text="", deleted_at=now)
        for statement in store.checkins.statements([known.id]):
            store.checkins.settle(statement.id, text="")
        say_again(store, store.schedules.occurrence(known.occurrence_id), known.at)
    elif request.thread is not None:
        parent = store.messages.thread_of(request.installation_id, request.channel, request.thread)
        if parent is not None and parent[1] is Post.PROMPT:
            gone = tombstone(request.installation_id, request.channel, request.ts)
            first_time(store, gone, now)


def _keep(store: "Store", reading: _Reading) -> None:
    request, occurrence, now = reading.request, reading.occurrence, reading.now
    late = occurrence.state is not State.OPEN
    lasting.note(
        store,
        Lasting.REPLIED,
        key=request.key,
        member_id=reading.member.id,
        partnership_id=reading.partnership.id,
        now=now,
    )
    response = store.checkins.add(
        occurrence.id,
        reading.member,
        request.ts,
        request.text,
        now,
        typed=True,
        more=request.more,
        late=late,
        edited_at=request.edited_at,
    )
    for position, said in enumerate(request.understood):
        if said.word is Word.DONE:
            _take_done(store, reading, response, position, said)
        elif said.word is Word.STUCK:
            _take_stuck(store, reading, response, position, said)
    answered(store, occurrence, reading.member.id)
    _tell_if_late(store, reading, late)


def _tell_if_late(store: "Store", reading: _Reading, late: bool) -> None:
    occurrence, now = reading.occurrence, reading.now
    gone = occurrence.gone_at is not None
    if not (late or gone):
        return
    if not first_time(store, f"late:{occurrence.id}:{reading.member.id}", now):
        return
    kept = "I kept your reply all the same, and the next digest will tell what we heard."
    if gone:
        reading.sentences.append(
            f"Somebody deleted the message of this check-in. {kept} "
            "To ask again, mention me in the channel with: checkin now."
        )
    else:
        reading.sentences.append(f"This check-in is closed already. {kept}")


def _take_done(
    store: "Store", reading: _Reading, response: int, position: int, said: Understood
) -> None:
    choices = _choices(store, reading, said, Act.DONE)
    if not choices:
        return
    commitment = choices[0].id if len(choices) == 1 else None
    statement = store.checkins.understand(response, position, said, commitment)
    _ask(store, reading, statement)


def _take_stuck(
    store: "Store", reading: _Reading, response: int, position: int, said: Understood
) -> None:
    choices = _choices(store, reading, said, Act.STUCK)
    if not choices and said.number is not None:
        return
    commitment = choices[0].id if len(choices) == 1 else None
    settled = None if choices else Settled.YES
    statement = store.checkins.understand(response, position, said, commitment, settled)
    _ask(store, reading, statement)


def _choices(
    store: "Store", reading: _Reading, said: Understood, act: Act
) -> tuple[Commitment, ...]:
    """The commitments that a statement can mean. A number that does not fit is told privately."""
    member, partnership = reading.member, reading.partnership
    if said.number is None:
        mine = [
            each
            for each in store.commitments.mine(member.id)
            if each.place.partnership_id == partnership.id and each.state in AGREED
        ]
        return meant(mine, local_day(reading.now, partnership.zone))
    commitment = store.commitments.by_number(partnership.id, said.number)
    kept = "Your reply is kept as you wrote it."
    if commitment is None:
        reading.sentences.append(f"There is no #{said.number} in this channel. {kept}")
        return ()
    try:
        rules.step(commitment, member, act)
    except BotError as refusal:
        done = commitment.state is CommitmentState.DONE and commitment.owner.id == member.id
        if not (done and act is Act.DONE):
            reading.sentences.append(f"{refusal.sentence} {kept}")
        return ()
    return (commitment,)


def _ask(store: "Store", reading: _Reading, statement: int) -> None:
    """Answer a statement in the thread: a question with buttons, or thanks."""
    if reading.occurrence.message_id is None:
        return
    note = store.messages.note(
        reading.occurrence.message_id, Post.CHECKIN_NOTE, statement, now=reading.now
    )
    store.checkins.settle(statement, note_id=note)


def _follow(store: "Store", occurrence: Occurrence, known: Response, request: Reply) -> None:
    """An edit changes the response and nothing else; an older one changes nothing."""
    edited = request.edited_at
    if edited is None or known.deleted_at is not None:
        return
    if known.edited_at is not None and edited <= known.edited_at:
        return
    more = known.more or request.more
    store.checkins.change(known.id, text=request.text, more=more, edited_at=edited)
    say_again(store, occurrence, known.at)
