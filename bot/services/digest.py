"""The digest at work: what it tells, as of its own moment or of now."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.checkins import State
from bot.domain.commitments import Commitment
from bot.domain.digest import AHEAD, SIGN_OF_LIFE, Digest
from bot.domain.errors import NotFound
from bot.domain.partnerships import Partnership, takes_part
from bot.domain.rhythm import in_words
from bot.domain.schedules import ScheduleKind, local_day
from bot.services import checkins, commitments, partnerships, schedules

if TYPE_CHECKING:
    from storage.store import Store


def shown(store: "Store", occurrence_id: int, now: datetime) -> Digest | None:
    """A digest for its post; None where there is nothing to tell, nor a sign of life due."""
    occurrence = store.schedules.occurrence(occurrence_id)
    partnership = store.partnerships.by_id(occurrence.partnership_id)
    if not partnership.live or occurrence.state is not State.POSTED:
        return None
    found = _contents(store, partnership, occurrence.at, occurrence_id)
    posted = occurrence.message_id is not None and store.messages.ts_of(occurrence.message_id)
    if posted:  # words that were taken back must not stay, even where nothing else is left
        return replace(found, renewed_at=now)
    return None if found.empty and found.quiet_since is None else found


def preview(store: "Store", installation_id: int, channel: str | None, now: datetime) -> Digest:
    """What a digest would tell now."""
    return _contents(store, partnerships.here(store, installation_id, channel), now)


def whole(
    store: "Store", installation_id: int, partnership_id: int, occurrence_id: int, now: datetime
) -> Digest:
    """All that a digest tells; with occurrence 0 all that there is now."""
    partnership = partnerships.live(store, installation_id, partnership_id)
    if not occurrence_id:
        return _contents(store, partnership, now)
    occurrence = store.schedules.occurrence(occurrence_id)
    if occurrence.partnership_id != partnership.id or occurrence.kind is not ScheduleKind.DIGEST:
        raise NotFound("I don't know this digest any more.")
    return _contents(store, partnership, occurrence.at, occurrence_id)


def _contents(
    store: "Store", partnership: Partnership, at: datetime, occurrence_id: int = 0
) -> Digest:
    """A handful of queries, however many commitments there are."""
    schedule = store.schedules.of(partnership.id, ScheduleKind.DIGEST) or schedules.to_come(
        store, partnership, ScheduleKind.DIGEST, at
    )
    began = partnership.started_at or partnership.created_at
    since = store.digests.told_until(partnership.id, at) or began
    today = local_day(at, schedule.zone)
    facts = commitments.facts(store, partnership.id, today=today, until=today + AHEAD, since=since)
    part = {
        each.organization.id
        for each in store.partnerships.organizations(partnership.id)
        if takes_part(partnership, each)
    }

    def asked(found: tuple[Commitment, ...]) -> tuple[Commitment, ...]:
        """Whoever has not agreed is not asked, here neither."""
        return tuple(
            each
            for each in found
            if each.owner.organization is not None and each.owner.organization.id in part
        )

    heard = [each for each in store.checkins.heard(partnership.id, since, at) if each.more]
    last = store.digests.last_sent(partnership.id, at) or began
    return Digest(
        partnership_id=partnership.id,
        name=partnership.name,
        channel=partnership.channel,
        zone=schedule.zone,
        today=today,
        rhythm=in_words(schedule.rhythm),
        occurrence_id=occurrence_id,
        decide=asked(facts.needs_decision),
        stuck=asked(facts.needs_help),
        due=asked(tuple(each for each in (*facts.overdue, *facts.due_soon) if each.risk is None)),
        done=tuple(each for each in facts.done if (each.closed_at or at) <= at),
        heard=checkins.quotes(store, heard),
        missed=store.checkins.missed(partnership.id, since, at),
        next_checkin=_next(store, partnership, ScheduleKind.CHECKIN),
        next_digest=_next(store, partnership, ScheduleKind.DIGEST),
        set_by=None
        if schedule.set_by is None
        else store.people.by_ids([schedule.set_by]).get(schedule.set_by),
        quiet_since=last if at - last >= SIGN_OF_LIFE else None,
    )


def _next(store: "Store", partnership: Partnership, kind: ScheduleKind) -> datetime | None:
    moments = schedules.next_moments(store, partnership, kind, 1)
    return moments[0] if moments else None
