"""The end of a check-in: it is closed, and one message in its thread sums it up."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.checkins import (
    Changed,
    Need,
    Occurrence,
    Response,
    Settled,
    Statement,
    Summary,
    Word,
)
from bot.domain.commitments import Commitment, Event
from bot.domain.people import Member
from bot.domain.posts import Kind as Post
from bot.domain.undo import WINDOW
from bot.services.checkins.reading import quotes

if TYPE_CHECKING:
    from storage.store import Store

_CHANGED = {
    Event.PROMISED: "promised",
    Event.ACCEPTED: "agreed",
    Event.CHANGE_AGREED: "agreed anew",
    Event.CHANGED: "changed",
    Event.DECLINED: "declined",
    Event.TAKEN_OVER: "taken over",
    Event.DONE: "done",
    Event.MISSING: "open again",
    Event.REOPENED: "open again",
    Event.DROPPED: "dropped",
    Event.ON_TRACK: "on track again",
}
"""What a summary tells of, in a word. What waits for an answer stands in the digest."""


def close(store: "Store", now: datetime, limit: int) -> int:
    """Close the check-ins whose time is over, and sum up those in which anything was said."""
    found = store.checkins.closing(now, limit)
    if not found:
        return 0
    for partnership_id in {each.partnership_id for each in found}:
        for message in store.nudges.messages(partnership_id):
            store.messages.refresh(message)
    store.checkins.close([each.id for each in found])
    for occurrence in found:
        if occurrence.message_id is None or occurrence.gone_at is not None:
            continue
        if not store.partnerships.by_id(occurrence.partnership_id).live:
            continue
        if store.messages.ts_of(occurrence.message_id) is None:
            continue  # it never got there
        store.messages.refresh(occurrence.message_id)
        if not summary_of(store, occurrence, now).empty:
            summary = store.messages.note(
                occurrence.message_id,
                Post.SUMMARY,
                occurrence.id,
                now=now,
                once=f"summary:{occurrence.id}",
            )
            store.schedules.set_occurrence(occurrence.id, summary_id=summary)
    return len(found)


def summed_up(store: "Store", occurrence_id: int, now: datetime) -> Summary | None:
    """What a check-in brought; None if there is nothing to tell.

    Once it stands in the thread it says so instead, lest words stay that were taken back.
    """
    occurrence = store.schedules.occurrence(occurrence_id)
    found = summary_of(store, occurrence, now)
    posted = occurrence.summary_id is not None and store.messages.ts_of(occurrence.summary_id)
    return found if posted or not found.empty else None


def summary_of(store: "Store", occurrence: Occurrence, now: datetime) -> Summary:
    until = min(now, occurrence.closes_at or now)
    responses = [each for each in store.checkins.of(occurrence.id) if not each.late]
    statements = store.checkins.statements([each.id for each in responses])
    waiting = {each.response_id for each in statements if each.settled is not Settled.YES}
    said = [each for each in responses if each.typed and (each.more or each.id in waiting)]
    after = min(now, until + WINDOW)  # so long may be taken back what was done until then
    changes = store.checkins.changes(occurrence.partnership_id, occurrence.at, after)
    last = _last_told(changes, until)
    found = store.commitments.open_or_closed_since(occurrence.partnership_id, occurrence.at)
    known = {each.id: each for each in found}
    return Summary(
        occurrence=occurrence,
        said=quotes(store, said),
        changed=tuple(
            Changed(known[each].number, known[each].terms.what, by, _CHANGED[event])
            for each, (event, by) in last.items()
            if each in known
        ),
        needs=_needs(store, found, responses, statements),
    )


def _last_told(
    changes: Iterable[tuple[int, Event, Member, datetime]], until: datetime
) -> dict[int, tuple[Event, Member]]:
    """What happened last to each commitment until then, of what a summary tells; without what the
    same person took back, be it later.
    """
    steps: dict[int, list[tuple[Event, Member, datetime]]] = {}
    for commitment, event, by, at in changes:
        of_it = steps.setdefault(commitment, [])
        if event is Event.TAKEN_BACK and of_it:
            of_it.pop()
        else:
            of_it.append((event, by, at))
    told = {
        each: [(event, by) for event, by, at in of_it if event in _CHANGED and at <= until]
        for each, of_it in steps.items()
    }
    return {each: of_it[-1] for each, of_it in told.items() if of_it}


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
