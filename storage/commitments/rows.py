"""One row with all that a commitment is, and how it becomes a value."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    select,
)

from bot.domain.commitments import (
    Audience,
    Away,
    Commitment,
    Offer,
    Place,
    Risk,
    Terms,
)
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Kind, Member, Organization
from storage.tables import commitment as table
from storage.tables import (
    member,
    organization,
    participation,
    partnership,
    place,
    presence,
    terms,
)

_owner = member.alias("owner")
_owner_organization = organization.alias("owner_organization")
_proposer = member.alias("proposer")
_asking = organization.alias("asking")
OFFERED = terms.alias("offered")
BY = member.alias("by")
BY_ORGANIZATION = organization.alias("by_organization")
NEXT = member.alias("next")
NEXT_ORGANIZATION = organization.alias("next_organization")


def labeled(prefix: str, source: Any, *names: str) -> list[ColumnElement[Any]]:
    return [source.c[name].label(f"{prefix}_{name}") for name in names]


MEMBER = ("id", "team", "user", "name", "kind", "zone")
ORGANIZATION = ("id", "name", "team", "zone", "host")
TERMS = ("version", "what", "due", "condition", "label")

_here = (
    select(presence.c.id)
    .where(
        presence.c.partnership_id == table.c.partnership_id,
        presence.c.member_id == table.c.owner_id,
        presence.c.until.is_(None),
    )
    .scalar_subquery()
)
_leading = member.alias("leading")
_lead_here = presence.alias("lead_here")
_lead = (
    select(participation.c.lead_id)
    .join(_leading, _leading.c.id == participation.c.lead_id)
    .join(
        _lead_here,
        (_lead_here.c.partnership_id == participation.c.partnership_id)
        & (_lead_here.c.member_id == participation.c.lead_id)
        & _lead_here.c.until.is_(None),
    )
    .where(
        participation.c.partnership_id == table.c.partnership_id,
        participation.c.organization_id == table.c.owner_organization_id,
        participation.c.left_at.is_(None),
        _leading.c.kind != Kind.GONE,
        _leading.c.organization_id == participation.c.organization_id,
    )
    .scalar_subquery()
)
"""Of the owner's organization, as long as they can act here."""

ALL = (
    select(
        table,
        partnership.c.installation_id,
        partnership.c.name,
        partnership.c.zone,
        partnership.c.state.label("partnership_state"),
        place.c.channel,
        *labeled("owner", _owner, *MEMBER[1:]),
        *labeled("owner_organization", _owner_organization, *ORGANIZATION[1:]),
        *labeled("proposer", _proposer, *MEMBER[1:]),
        *labeled("asking", _asking, *ORGANIZATION[1:]),
        *labeled("offered", OFFERED, *TERMS),
        *labeled("by", BY, *MEMBER),
        *labeled("by_organization", BY_ORGANIZATION, *ORGANIZATION),
        *labeled("next", NEXT, *MEMBER),
        *labeled("next_organization", NEXT_ORGANIZATION, *ORGANIZATION),
        _owner.c.organization_id.label("owner_is_with"),
        _here.label("owner_here"),
        _lead.label("lead_id"),
    )
    .select_from(table)
    .join(partnership, partnership.c.id == table.c.partnership_id)
    .outerjoin(place, (place.c.partnership_id == partnership.c.id) & place.c.until.is_(None))
    .join(_owner, _owner.c.id == table.c.owner_id)
    .outerjoin(_owner_organization, _owner_organization.c.id == table.c.owner_organization_id)
    .join(_proposer, _proposer.c.id == table.c.proposer_id)
    .outerjoin(_asking, _asking.c.id == table.c.asking_id)
    .outerjoin(
        OFFERED, (OFFERED.c.commitment_id == table.c.id) & (OFFERED.c.version == table.c.offer)
    )
    .outerjoin(BY, BY.c.id == OFFERED.c.proposed_by)
    .outerjoin(BY_ORGANIZATION, BY_ORGANIZATION.c.id == OFFERED.c.proposed_by_organization_id)
    .outerjoin(NEXT, (NEXT.c.id == OFFERED.c.owner_id) & (NEXT.c.id != table.c.owner_id))
    .outerjoin(
        NEXT_ORGANIZATION,
        (NEXT_ORGANIZATION.c.id == OFFERED.c.owner_organization_id) & NEXT.c.id.is_not(None),
    )
)


def columns_of(held: Terms) -> dict[str, Any]:
    return {
        "what": held.what,
        "due": held.due,
        "condition": held.condition,
        "label": held.label,
    }


def may_change(of: Commitment) -> dict[str, Any]:
    """The columns of what may change of a commitment."""
    risk = of.risk
    return {
        "state": of.state,
        "asking_id": id_of(of.asking),
        "version": of.terms.version,
        "last_version": of.last_version,
        "offer": None if of.offer is None else of.offer.terms.version,
        "owner_id": of.owner.id,
        "owner_organization_id": id_of(of.owner.organization),
        "stuck_at": None if risk is None else risk.since,
        "stuck_audience": None if risk is None else risk.audience,
        "stuck_why": None if risk is None else risk.why,
        "closed_at": of.closed_at,
        **columns_of(of.terms),
    }


def id_of(of: Organization | None) -> int | None:
    return None if of is None else of.id


def commitment_value(row: Row[Any]) -> Commitment:
    owner = _member(row, "owner", row.owner_id, row.owner_organization_id)
    offer = None
    if row.offer is not None:
        offer = Offer(terms_offered(row), member_by(row), member_next(row))
    return Commitment(
        id=row.id,
        place=Place(
            installation_id=row.installation_id,
            partnership_id=row.partnership_id,
            name=row.name,
            zone=row.zone,
            channel=row.channel,
            live=row.partnership_state != PartnershipState.ENDED,
        ),
        number=row.number,
        state=row.state,
        owner=owner,
        proposer=owner
        if row.proposer_id == row.owner_id
        else _member(row, "proposer", row.proposer_id, row.asking_id, organization="asking"),
        terms=Terms(row.version, row.what, row.due, row.condition, row.label),
        created_at=row.created_at,
        offer=offer,
        risk=None
        if row.stuck_at is None
        else Risk(row.stuck_at, row.stuck_audience or Audience.OWNER, row.stuck_why),
        closed_at=row.closed_at,
        card_id=row.card_id,
        last_version=row.last_version,
        away=_away(row),
        lead_id=row.lead_id,
    )


def _away(row: Row[Any]) -> Away | None:
    if row.owner_kind == Kind.GONE:
        return Away.OFF
    if row.owner_here is None:
        return Away.LEFT
    return None if row.owner_is_with == row.owner_organization_id else Away.MOVED


def terms_offered(row: Row[Any]) -> Terms:
    return Terms(
        row.offered_version,
        row.offered_what,
        row.offered_due,
        row.offered_condition,
        row.offered_label,
    )


def member_by(row: Row[Any]) -> Member:
    return _member(row, "by", row.by_id, row.by_organization_id)


def member_next(row: Row[Any]) -> Member | None:
    if row.next_id is None:
        return None
    return _member(row, "next", row.next_id, row.next_organization_id)


def _member(
    row: Row[Any],
    prefix: str,
    member_id: int,
    organization_id: int | None,
    *,
    organization: str | None = None,
) -> Member:
    """Somebody, with the organization as it was then."""
    held = row._mapping
    theirs = organization or f"{prefix}_organization"
    return Member(
        member_id,
        held[f"{prefix}_team"],
        held[f"{prefix}_user"],
        held[f"{prefix}_name"],
        Kind(held[f"{prefix}_kind"]),
        None
        if organization_id is None
        else Organization(
            organization_id,
            held[f"{theirs}_name"],
            held[f"{theirs}_team"],
            held[f"{theirs}_zone"],
            held[f"{theirs}_host"],
        ),
        held[f"{prefix}_zone"],
    )
