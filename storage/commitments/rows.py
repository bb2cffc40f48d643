"""One row with all that a commitment is, and how it becomes a value."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    select,
)

from bot.domain.commitments import (
    Audience,
    Commitment,
    Offer,
    Place,
    Risk,
    Terms,
)
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Kind, Member, Organization
from storage.tables import commitment as table
from storage.tables import member, organization, partnership, place, terms

_owner = member.alias("owner")
_owner_organization = organization.alias("owner_organization")
_proposer = member.alias("proposer")
_asking = organization.alias("asking")
OFFERED = terms.alias("offered")
BY = member.alias("by")
BY_ORGANIZATION = organization.alias("by_organization")


def labeled(prefix: str, source: Any, *names: str) -> list[ColumnElement[Any]]:
    return [source.c[name].label(f"{prefix}_{name}") for name in names]


MEMBER = ("id", "team", "user", "name", "kind", "zone")
ORGANIZATION = ("id", "name", "team", "zone", "host")
TERMS = ("version", "what", "due", "condition", "label")

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
)


def columns_of(held: Terms) -> dict[str, Any]:
    return {
        "what": held.what,
        "due": held.due,
        "condition": held.condition,
        "label": held.label,
    }


def id_of(of: Organization | None) -> int | None:
    return None if of is None else of.id


def commitment_value(row: Row[Any]) -> Commitment:
    owner = Member(
        row.owner_id,
        row.owner_team,
        row.owner_user,
        row.owner_name,
        Kind(row.owner_kind),
        None
        if row.owner_organization_id is None
        else Organization(
            row.owner_organization_id,
            row.owner_organization_name,
            row.owner_organization_team,
            row.owner_organization_zone,
            row.owner_organization_host,
        ),
        row.owner_zone,
    )
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
        proposer=owner if row.proposer_id == row.owner_id else _proposer_of(row),
        terms=Terms(row.version, row.what, row.due, row.condition, row.label),
        created_at=row.created_at,
        offer=None if row.offer is None else Offer(terms_offered(row), member_by(row)),
        risk=None
        if row.stuck_at is None
        else Risk(row.stuck_at, row.stuck_audience or Audience.OWNER, row.stuck_why),
        closed_at=row.closed_at,
        card_id=row.card_id,
        last_version=row.last_version,
    )


def _proposer_of(row: Row[Any]) -> Member:
    return Member(
        row.proposer_id,
        row.proposer_team,
        row.proposer_user,
        row.proposer_name,
        Kind(row.proposer_kind),
        None
        if row.asking_id is None
        else Organization(
            row.asking_id,
            row.asking_name,
            row.asking_team,
            row.asking_zone,
            row.asking_host,
        ),
        row.proposer_zone,
    )


def terms_offered(row: Row[Any]) -> Terms:
    return Terms(
        row.offered_version,
        row.offered_what,
        row.offered_due,
        row.offered_condition,
        row.offered_label,
    )


def member_by(row: Row[Any]) -> Member:
    return Member(
        row.by_id,
        row.by_team,
        row.by_user,
        row.by_name,
        Kind(row.by_kind),
        None
        if row.by_organization_id is None
        else Organization(
            row.by_organization_id,
            row.by_organization_name,
            row.by_organization_team,
            row.by_organization_zone,
            row.by_organization_host,
        ),
        row.by_zone,
    )
