"""Check-ins as they are shown: the prompt, what answers a reply, what was said."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import (
    LISTED,
    Line,
    Note,
    Occurrence,
    Prompt,
    Quote,
    Response,
    Settled,
    State,
    Statement,
    Word,
    is_near,
    meant,
    plain_words,
    users_in,
)
from bot.domain.commitments import AGREED, Commitment
from bot.domain.commitments import State as CommitmentState
from bot.domain.partnerships import takes_part
from bot.domain.rhythm import in_words
from bot.domain.schedules import local_day

if TYPE_CHECKING:
    from storage.store import Store


def shown(store: "Store", occurrence_id: int, now: datetime) -> Prompt | None:
    """A check-in for its message; None once its partnership has ended."""
    occurrence = store.schedules.occurrence(occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or occurrence.state in {State.MISSED, State.SKIPPED}:
        return None
    schedule = store.schedules.by_id(occurrence.schedule_id)
    on_track = store.checkins.on_track(occurrence.id)
    lines = tuple(
        Line(rules.seen_by(each, None), each.id in on_track)
        for each in near_lines(store, occurrence)
    )
    members = store.people.by_ids(
        each for each in (schedule.set_by, occurrence.asked_by) if each is not None
    )
    return Prompt(
        occurrence=occurrence,
        name=partnership.name,
        zone=schedule.zone,
        today=local_day(now, schedule.zone),
        asked_on=local_day(occurrence.at, schedule.zone),
        lines=lines[:LISTED],
        more=max(0, len(lines) - LISTED),
        set_by=members.get(schedule.set_by or 0),
        asked_by=members.get(occurrence.asked_by or 0),
        rhythm=in_words(schedule.rhythm),
    )


def near_lines(
    store: "Store", occurrence: Occurrence, owner: int | None = None
) -> tuple[Commitment, ...]:
    """The commitments that a check-in asks about, by date, with all that is known of them: what
    was agreed and near when it was posted, of who takes part; with an owner, those of that member.
    """
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    asked_on = local_day(occurrence.at, store.schedules.by_id(occurrence.schedule_id).zone)
    part = {
        each.organization.id
        for each in store.partnerships.organizations(partnership.id)
        if takes_part(partnership, each)
    }
    return tuple(
        each
        for each in store.commitments.open_or_closed_since(partnership.id, occurrence.at, owner)
        if is_near(each, asked_on)
        and each.created_at <= occurrence.at
        and each.owner.organization is not None
        and each.owner.organization.id in part
        and (each.state in AGREED or each.state is CommitmentState.DONE)
    )


def note_shown(store: "Store", statement_id: int, now: datetime) -> Note | None:
    """What answers a reply; None if that was deleted before."""
    statement = store.checkins.statement(statement_id)
    response = store.checkins.by_id(statement.response_id)
    if response.deleted_at is not None and statement.settled is None:
        return None
    return note_of(store, statement, now)


def quotes(store: "Store", responses: Iterable[Response]) -> tuple[Quote, ...]:
    """What was written, in plain words: no mention or link of theirs comes alive again."""
    written = tuple(responses)
    users = frozenset[str]().union(*(users_in(each.text) for each in written))
    if not written:
        return ()
    occurrence = store.schedules.occurrence(written[0].occurrence_id)
    installation = store.partnerships.by_id(occurrence.partnership_id).installation_id
    names = store.checkins.names(installation, users)
    not_done = _said_done_only(store, written)
    return tuple(
        Quote(
            each.member,
            plain_words(each.text, names).strip(),
            each.late,
            unconfirmed=each.id in not_done,
        )
        for each in written
    )


def _said_done_only(store: "Store", written: Iterable[Response]) -> frozenset[int]:
    """The responses that call something done which its owner has not confirmed, here or elsewhere:
    quoted without a word they would gainsay what stands beside them.
    """
    found = []
    for each in store.checkins.statements([one.id for one in written]):
        if each.word is not Word.DONE or each.settled is Settled.YES:
            continue
        about = None if each.commitment_id is None else store.commitments.find(each.commitment_id)
        if about is None or about.state is not CommitmentState.DONE:
            found.append(each.response_id)
    return frozenset(found)


def note_of(store: "Store", statement: Statement, now: datetime) -> Note:
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
