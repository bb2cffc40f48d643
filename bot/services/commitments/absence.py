"""When those a commitment belongs to go: an owner, or a whole organization."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.commitments import Commitment, Event, State, TermsState
from bot.domain.people import Member, Person
from bot.services.commitments.turns import settle_offer, show

if TYPE_CHECKING:
    from storage.store import Store


def end_with_organization(
    store: "Store", organization_id: int, partnership_id: int, now: datetime
) -> int:
    """An organization has left a partnership: what is open with it ends. Returns how many."""
    for commitment in store.commitments.handed_to(partnership_id, organization_id):
        settle_offer(store, commitment, TermsState.WITHDRAWN, None, now)
        stays = replace(commitment, state=State.ACCEPTED, offer=None)
        store.commitments.save(stays)
        entry = store.commitments.add_entry(
            commitment.id, Event.HAND_OVER_WITHDRAWN, None, now, version=stays.terms.version
        )
        show(store, stays, entry, now)
    ending = store.commitments.open_with(partnership_id, organization_id)
    for commitment in ending:
        settle_offer(store, commitment, TermsState.WITHDRAWN, None, now)
        store.commitments.save(
            replace(commitment, state=State.DROPPED, offer=None, risk=None, closed_at=now)
        )
        store.commitments.add_entry(
            commitment.id, Event.ENDED, None, now, version=commitment.terms.version
        )
        if commitment.card_id is not None:
            store.messages.refresh(commitment.card_id)
    return len(ending)


def owner_went(
    store: "Store", member: Member, now: datetime, partnership_id: int | None = None
) -> int:
    """Somebody cannot act here any more: those who may now hand over or drop what they own are
    told in the thread of each card. Without a partnership: in all of them. Returns how many.
    """
    owned = store.commitments.open_owned(member.id, partnership_id)
    for commitment in owned:
        if commitment.away is None:
            _refresh(store, commitment)
            continue
        entry = store.commitments.add_entry(
            commitment.id, Event.OWNER_AWAY, None, now, version=commitment.terms.version
        )
        show(store, commitment, entry, now)
    _led(store, member, partnership_id)
    return len(owned)


def owner_switched_off(store: "Store", installation_id: int, person: Person, now: datetime) -> int:
    """Slack has switched an account off: as ``owner_went``, in all partnerships."""
    return owner_went(store, store.people.met(installation_id, person, now), now)


def owner_came(store: "Store", member: Member, partnership_id: int) -> None:
    """An owner is back: the cards say so no more that they are away."""
    for commitment in store.commitments.open_owned(member.id, partnership_id):
        _refresh(store, commitment)
    _led(store, member, partnership_id)


def lead_changed(store: "Store", partnership_id: int, organization_id: int) -> None:
    """An organization has another lead, or its lead went or is back: the cards of owners who are
    away say who can act instead.
    """
    for commitment in store.commitments.open_with(partnership_id, organization_id):
        if commitment.away is not None:
            _refresh(store, commitment)


def _led(store: "Store", member: Member, partnership_id: int | None) -> None:
    """Somebody went or is back, who may lead their organization."""
    if partnership_id is None:
        where = [each.id for each in store.partnerships.of_member(member.id)]
    else:
        where = [partnership_id]
    for each in where:
        for part in store.partnerships.organizations(each):
            if part.lead == member.id:
                lead_changed(store, each, part.organization.id)


def _refresh(store: "Store", commitment: Commitment) -> None:
    if commitment.card_id is not None:
        store.messages.refresh(commitment.card_id)
