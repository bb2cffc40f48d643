"""Check-ins at work: what people answer, what is understood of it, and the summary.

Replies in the thread are kept as they come, edits and deletions followed. What is understood in
them counts only once its owner has said so by a button; only "stuck" is taken at once, since
whoever writes it in the channel's thread tells everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import (
    LISTED,
    Changed,
    Line,
    Need,
    Note,
    Occurrence,
    Prompt,
    Quote,
    Response,
    Settled,
    State,
    Statement,
    Summary,
    Understood,
    Word,
    is_near,
    meant,
    plain_words,
    users_in,
)
from bot.domain.commitments import AGREED, Act, Audience, Commitment, Event, Side
from bot.domain.commitments import State as CommitmentState
from bot.domain.errors import BotError, NotAllowed, NotFound, OutOfDate
from bot.domain.partnerships import Partnership, takes_part
from bot.domain.people import Member, Person
from bot.domain.posts import Kind as Post
from bot.domain.rhythm import in_words
from bot.domain.schedules import local_day
from bot.services import commitments, partnerships
from bot.services.commitments import Turn, Which

if TYPE_CHECKING:
    from storage.store import Store

_CHANGED = {
    Event.PROMISED: "promised",
    Event.ACCEPTED: "agreed",
    Event.CHANGE_AGREED: "agreed anew",
    Event.CHANGED: "changed",
    Event.DECLINED: "declined",
    Event.DONE: "done",
    Event.DROPPED: "dropped",
    Event.ON_TRACK: "on track again",
}
"""What a summary tells of, in a word. What waits for an answer stands in the digest."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody wrote in the thread of a check-in, or edited what they had written."""

    key: str
    installation_id: int
    person: Person
    occurrence_id: int
    ts: str
    """Of the message."""
    text: str
    understood: tuple[Understood, ...] = ()
    more: bool = True
    """Whether it says more than what was understood of it."""
    edited_at: datetime | None = None
    """When Slack says it was edited; None for the message itself."""
    follows: bool = False
    """Whether it counts only as an edit of what is kept already: words that were said to me, not
    to the others."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a reply, for its writer alone."""

    sentences: tuple[str, ...] = ()
    refusal: BotError | None = None
    """Why nothing was kept; told once in each check-in."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was deleted in Slack."""

    installation_id: int
    channel: str
    ts: str
    thread: str | None
    """Of the thread's first message, where Slack tells."""


@dataclass(frozen=True, slots=True)
class Press:
    """A quick answer: a button beside a commitment in the prompt."""

    key: str
    installation_id: int
    person: Person
    occurrence_id: int
    commitment_id: int
    word: Word


@dataclass(frozen=True, slots=True)
class Settle:
    """The answer to our question about a reply."""

    key: str
    installation_id: int
    person: Person
    statement_id: int
    yes: bool
    commitment_id: int | None = None
    """Which one is meant; needed with ``yes``."""


@dataclass(slots=True)
class _Reading:
    """One reply while it is being kept."""

    request: Reply
    occurrence: Occurrence
    partnership: Partnership
    member: Member
    now: datetime
    sentences: list[str] = field(default_factory=list)

    @property
    def mine(self) -> str:
        return self.member.mention


# What people do


def reply(store: "Store", request: Reply, now: datetime) -> Kept:
    """Keep a reply, or follow an edit of one, whichever of them is delivered first."""
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return Kept(tuple(receipt.get("sentences", ())))
    occurrence = store.schedules.occurrence(request.occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or request.person.is_bot:
        return Kept()
    deleted = _tombstone(request.installation_id, partnership.channel, request.ts)
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
        if not _first_time(store, told, now):
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
        _say_again(store, store.schedules.occurrence(known.occurrence_id))
    elif request.thread is not None:
        parent = store.messages.thread_of(request.installation_id, request.channel, request.thread)
        if parent is not None and parent[1] is Post.PROMPT:
            gone = _tombstone(request.installation_id, request.channel, request.ts)
            _first_time(store, gone, now)


def press(store: "Store", request: Press, now: datetime) -> Commitment:
    """The owner's quick answer, which is their own word and counts at once.

    Raises ``NotAllowed`` for everybody else, and what the commitment's own rules raise.
    """
    if store.deliveries.receipt(request.key) is not None:
        return store.commitments.by_id(request.commitment_id)
    occurrence = store.schedules.occurrence(request.occurrence_id)
    partnership = partnerships.live(store, request.installation_id, occurrence.partnership_id)
    member = partnerships.acting_in(store, partnership, request.person, now).member
    commitment = _of(store, partnership, request.commitment_id)
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
    _note_answer(store, occurrence, member, commitment, request.word, now)
    _refresh(store, occurrence)
    store.deliveries.handled(request.key, now, {"commitment": commitment.id})
    return commitment


def settle(store: "Store", request: Settle, now: datetime) -> Note:
    """The writer of a reply says whether it was meant, and which commitment.

    Raises ``NotAllowed`` for everybody else, ``OutOfDate`` if it was answered otherwise before.
    """
    statement = store.checkins.statement(request.statement_id)
    if store.deliveries.receipt(request.key) is not None:
        return _note(store, statement, now)
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
        _refresh(store, occurrence)
    store.deliveries.handled(request.key, now, {"statement": statement.id})
    return _note(store, store.checkins.statement(statement.id), now)


# What the clock does


def close(store: "Store", now: datetime, limit: int) -> int:
    """Close the check-ins whose time is over, and sum up those in which anything was said."""
    found = store.checkins.closing(now, limit)
    if not found:
        return 0
    store.checkins.close([each.id for each in found])
    for occurrence in found:
        if occurrence.message_id is None or occurrence.gone_at is not None:
            continue
        if not store.partnerships.by_id(occurrence.partnership_id).live:
            continue
        if store.messages.ts_of(occurrence.message_id) is None:
            continue  # it never got there
        store.messages.refresh(occurrence.message_id)
        if not _summary(store, occurrence, now).empty:
            summary = store.messages.note(
                occurrence.message_id,
                Post.SUMMARY,
                occurrence.id,
                now=now,
                once=f"summary:{occurrence.id}",
            )
            store.schedules.set_occurrence(occurrence.id, summary_id=summary)
    return len(found)


# What the courier renders


def shown(store: "Store", occurrence_id: int, now: datetime) -> Prompt | None:
    """A check-in for its message; None once its partnership has ended."""
    occurrence = store.schedules.occurrence(occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or occurrence.state in {State.MISSED, State.SKIPPED}:
        return None
    schedule = store.schedules.by_id(occurrence.schedule_id)
    asked_on = local_day(occurrence.at, schedule.zone)
    on_track = store.checkins.on_track(occurrence.id)
    part = {
        each.organization.id
        for each in store.partnerships.organizations(partnership.id)
        if takes_part(partnership, each)
    }
    lines = tuple(
        Line(rules.seen_by(each, None), each.id in on_track)
        for each in store.commitments.open_or_closed_since(partnership.id, occurrence.at)
        if is_near(each, asked_on)
        and each.created_at <= occurrence.at
        and each.owner.organization is not None
        and each.owner.organization.id in part
        and (each.state in AGREED or each.state is CommitmentState.DONE)
    )
    members = store.people.by_ids(
        each for each in (schedule.set_by, occurrence.asked_by) if each is not None
    )
    return Prompt(
        occurrence=occurrence,
        name=partnership.name,
        zone=schedule.zone,
        today=local_day(now, schedule.zone),
        asked_on=asked_on,
        lines=lines[:LISTED],
        more=max(0, len(lines) - LISTED),
        set_by=members.get(schedule.set_by or 0),
        asked_by=members.get(occurrence.asked_by or 0),
        rhythm=in_words(schedule.rhythm),
    )


def note_shown(store: "Store", statement_id: int, now: datetime) -> Note | None:
    """What answers a reply; None if that was deleted before."""
    statement = store.checkins.statement(statement_id)
    response = store.checkins.by_id(statement.response_id)
    if response.deleted_at is not None and statement.settled is None:
        return None
    return _note(store, statement, now)


def summed_up(store: "Store", occurrence_id: int, now: datetime) -> Summary | None:
    """What a check-in brought; None if nothing of it is left to tell."""
    found = _summary(store, store.schedules.occurrence(occurrence_id), now)
    return None if found.empty else found


def quotes(store: "Store", responses: Iterable[Response]) -> tuple[Quote, ...]:
    """What was written, in plain words: no mention or link of theirs comes alive again."""
    written = tuple(responses)
    users = frozenset[str]().union(*(users_in(each.text) for each in written))
    if not written:
        return ()
    occurrence = store.schedules.occurrence(written[0].occurrence_id)
    installation = store.partnerships.by_id(occurrence.partnership_id).installation_id
    names = store.checkins.names(installation, users)
    return tuple(
        Quote(each.member, plain_words(each.text, names).strip(), each.late) for each in written
    )


# How a reply is kept


def _keep(store: "Store", reading: _Reading) -> None:
    request, occurrence, now = reading.request, reading.occurrence, reading.now
    late = occurrence.state is not State.OPEN
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
    _tell_if_late(store, reading, late)


def _tell_if_late(store: "Store", reading: _Reading, late: bool) -> None:
    occurrence, now = reading.occurrence, reading.now
    gone = occurrence.gone_at is not None
    if not (late or gone):
        return
    if not _first_time(store, f"late:{occurrence.id}:{reading.member.id}", now):
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
    if len(choices) > 1:
        statement = store.checkins.understand(response, position, said, None)
        _ask(store, reading, statement)
        return
    if choices:
        _report_stuck(
            store,
            f"{reading.request.key}:{position}",
            reading.request.person,
            choices[0],
            said.text,
            reading.now,
        )
    statement = store.checkins.understand(
        response, position, said, choices[0].id if choices else None, Settled.YES
    )
    _ask(store, reading, statement)
    _refresh(store, reading.occurrence)


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


def _answer(
    store: "Store", request: Settle, statement: Statement, partnership: Partnership, now: datetime
) -> None:
    if not request.yes:
        store.checkins.settle(statement.id, settled=Settled.NO)
        return
    meant_one = request.commitment_id or statement.commitment_id
    if meant_one is None:
        raise OutOfDate("Please choose which one you mean.")
    commitment = _of(store, partnership, meant_one)
    key = f"{request.key}:turn"
    if statement.word is Word.DONE:
        which = Which(request.installation_id, commitment_id=commitment.id)
        commitments.report_done(store, Turn(key, request.person, which), now)
    else:
        _report_stuck(store, key, request.person, commitment, statement.text, now)
    store.checkins.settle(statement.id, settled=Settled.YES, commitment_id=commitment.id)


def _report_stuck(
    store: "Store", key: str, person: Person, commitment: Commitment, why: str, now: datetime
) -> None:
    """Written in the channel's thread, it is for everybody to know, and not asked about."""
    which = Which(commitment.place.installation_id, commitment_id=commitment.id)
    commitments.report_stuck(store, Turn(key, person, which, why or None), Audience.EVERYONE, now)


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


def _follow(store: "Store", occurrence: Occurrence, known: Response, request: Reply) -> None:
    """An edit changes the response and nothing else; an older one changes nothing."""
    edited = request.edited_at
    if edited is None or known.deleted_at is not None:
        return
    if known.edited_at is not None and edited <= known.edited_at:
        return
    more = known.more or request.more
    store.checkins.change(known.id, text=request.text, more=more, edited_at=edited)
    _say_again(store, occurrence)


def _say_again(store: "Store", occurrence: Occurrence) -> None:
    """Bring a summary up to date that quotes what was changed or deleted."""
    if occurrence.summary_id is not None:
        store.messages.refresh(occurrence.summary_id)


def _refresh(store: "Store", occurrence: Occurrence) -> None:
    if occurrence.message_id is not None and occurrence.gone_at is None:
        store.messages.refresh(occurrence.message_id)


def _of(store: "Store", partnership: Partnership, commitment_id: int) -> Commitment:
    commitment = store.commitments.find(commitment_id)
    if commitment is None or commitment.place.partnership_id != partnership.id:
        raise NotFound("I cannot find this commitment any more.")
    return commitment


def _first_time(store: "Store", key: str, now: datetime) -> bool:
    if store.deliveries.receipt(key) is not None:
        return False
    store.deliveries.handled(key, now)
    return True


def _tombstone(installation_id: int, channel: str | None, ts: str) -> str:
    return f"deleted:{installation_id}:{channel}:{ts}"


# What is told


def _note(store: "Store", statement: Statement, now: datetime) -> Note:
    response = store.checkins.by_id(statement.response_id)
    member = response.member
    if statement.commitment_id is not None:
        commitment = store.commitments.by_id(statement.commitment_id)
        return Note(statement, member, rules.seen_by(commitment, None))
    if statement.settled is not None:
        return Note(statement, member)
    occurrence = store.schedules.occurrence(response.occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    mine = [
        each
        for each in store.commitments.mine(member.id)
        if each.place.partnership_id == partnership.id and each.state in AGREED
    ]
    choices = meant(mine, local_day(now, partnership.zone))[:LISTED]
    return Note(statement, member, None, tuple(rules.seen_by(each, None) for each in choices))


def _summary(store: "Store", occurrence: Occurrence, now: datetime) -> Summary:
    until = min(now, occurrence.closes_at or now)
    responses = [each for each in store.checkins.of(occurrence.id) if not each.late]
    statements = store.checkins.statements([each.id for each in responses])
    waiting = {each.response_id for each in statements if each.settled is not Settled.YES}
    said = [each for each in responses if each.typed and (each.more or each.id in waiting)]
    changes = store.checkins.changes(occurrence.partnership_id, occurrence.at, until)
    last = {change[0]: change for change in changes if change[1] in _CHANGED}
    found = store.commitments.open_or_closed_since(occurrence.partnership_id, occurrence.at)
    known = {each.id: each for each in found}
    return Summary(
        occurrence=occurrence,
        said=quotes(store, said),
        changed=tuple(
            Changed(known[each].number, known[each].terms.what, by, _CHANGED[event])
            for each, event, by, _ in last.values()
            if each in known
        ),
        needs=_needs(store, found, responses, statements),
    )


def _needs(
    store: "Store",
    found: Iterable[Commitment],
    responses: Iterable[Response],
    statements: Iterable[Statement],
) -> tuple[Need, ...]:
    by_id = {each.id: each for each in responses}
    edited = [each for each in responses if each.edited_at is not None]
    now_said = {
        each.id: quote.text for each, quote in zip(edited, quotes(store, edited), strict=True)
    }
    stuck = [
        Need(each.owner, each.risk.why or "", each.number, each.terms.what)
        for each in (rules.seen_by(one, None) for one in found)
        if each.risk is not None
    ]
    others = [
        Need(by_id[each.response_id].member, now_said.get(each.response_id, each.text))
        for each in statements
        if each.word is Word.STUCK and each.commitment_id is None and each.settled is Settled.YES
    ]
    return tuple(stuck + others)
