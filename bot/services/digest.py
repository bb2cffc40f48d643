"""The digest at work: what it tells, as of its own moment or of now."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.checkins import State
from bot.domain.commitments import Commitment
from bot.domain.digest import AHEAD, SIGN_OF_LIFE, Digest, Internal, concerns, is_for
from bot.domain.errors import NotFound
from bot.domain.partnerships import Partnership, takes_part
from bot.domain.people import Member, Organization, Person
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


def internal(
    store: "Store", installation_id: int, partnership_id: int, person: Person, now: datetime
) -> Internal:
    """What a person's organization should know of a partnership now, for its own people.

    Raises WithoutOrganization for a guest who has not said theirs.
    """
    partnership = partnerships.live(store, installation_id, partnership_id)
    acting = partnerships.acting_in(store, partnership, person, now)
    found = _internal(store, partnership, acting.member, acting.participation.organization, now)
    return replace(found, next_checkin=_next(store, partnership, ScheduleKind.CHECKIN))


def across(
    store: "Store", installation_id: int, person: Person, now: datetime
) -> tuple[Internal, ...]:
    """The same of all partnerships that a person takes part in, but for what comes next in each.
    Only looks: three queries for each of them.
    """
    member = store.people.by_key(installation_id, person.team, person.user)
    if member is None or member.organization is None:
        return ()
    found = []
    for partnership in store.partnerships.of_member(member.id):
        part = store.partnerships.participation(partnership.id, member.organization.id)
        if partnership.channel is not None and takes_part(partnership, part):
            found.append(_internal(store, partnership, member, member.organization, now))
    return tuple(found)


def _internal(
    store: "Store",
    partnership: Partnership,
    viewer: Member,
    organization: Organization,
    now: datetime,
) -> Internal:
    today = local_day(now, partnership.zone)
    facts = commitments.facts(
        store, partnership.id, today=today, until=today + AHEAD, since=now, viewer=viewer
    )

    def ours(found: tuple[Commitment, ...]) -> tuple[Commitment, ...]:
        return tuple(each for each in found if _owns(each, organization))

    soon = tuple(each for each in (*facts.overdue, *facts.due_soon) if each.risk is None)
    decide = tuple(each for each in facts.needs_decision if concerns(each, organization))
    return Internal(
        partnership_id=partnership.id,
        name=partnership.name,
        channel=partnership.channel or "",
        organization=organization,
        viewer=viewer,
        today=today,
        answer=tuple(each for each in decide if is_for(each, organization)),
        awaited=tuple(each for each in decide if not is_for(each, organization)),
        stuck=tuple(each for each in facts.needs_help if concerns(each, organization)),
        late=ours(tuple(each for each in facts.overdue if each.risk is None)),
        due=ours(tuple(each for each in facts.due_soon if each.risk is None)),
        asked=tuple(each for each in soon if _asked(each, organization)),
        zone=partnership.zone,
    )


def _owns(commitment: Commitment, organization: Organization) -> bool:
    owner = commitment.owner.organization
    return owner is not None and owner.id == organization.id


def _asked(commitment: Commitment, organization: Organization) -> bool:
    """Whether this organization asked it of another one; to be asked to take it over is no such
    thing.
    """
    asking = commitment.asking
    return (
        asking is not None and asking.id == organization.id and not _owns(commitment, organization)
    )


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
    told = store.digests.last_sent(partnership.id, at)
    last = told or began
    return Digest(
        partnership_id=partnership.id,
        name=partnership.name,
        channel=partnership.channel,
        zone=schedule.zone,
        today=today,
        rhythm=in_words(schedule.rhythm),
        occurrence_id=occurrence_id,
        told_on=None if told is None else local_day(told, schedule.zone),
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
