"""Members and organizations.

Every query takes the installation: the same person met by two installations is two members.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.people import Kind, Member, Organization, Person
from storage.statements import Prepared
from storage.tables import installation
from storage.tables import member as table
from storage.tables import organization as partner

NAMED = (
    table.c.id,
    table.c.team,
    table.c.user,
    table.c.name,
    table.c.kind,
    table.c.zone,
    table.c.organization_id,
    partner.c.name.label("organization_name"),
    partner.c.team.label("organization_team"),
    partner.c.zone.label("organization_zone"),
    partner.c.host.label("organization_host"),
)
"""The columns that ``member_value`` reads."""

_members = select(*NAMED).select_from(table.outerjoin(partner))

_by_key = Prepared(
    _members.where(
        table.c.installation_id == bindparam("installation"),
        table.c.team == bindparam("team"),
        table.c.user == bindparam("user"),
    )
)
_by_id = Prepared(_members.where(table.c.id == bindparam("member")))


class People:
    """Queries on people."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def met(self, installation_id: int, person: Person, now: datetime) -> Member:
        """The member that a person is to us, brought up to date with what Slack says of them.

        Somebody new gets the organization of their Slack team, which is made if it is new too;
        a guest gets none, since the workspace says nothing of theirs.
        """
        row = _by_key.first(
            self.connection, installation=installation_id, team=person.team, user=person.user
        )
        if row is None:
            return self._add(installation_id, person, now)
        return self._renew(installation_id, person, member_value(row))

    def by_id(self, member_id: int) -> Member:
        """A member; raises NotFound where there is none."""
        row = _by_id.first(self.connection, member=member_id)
        if row is None:
            raise NotFound("I don't know this person any more.")
        return member_value(row)

    def by_ids(self, ids: Iterable[int]) -> dict[int, Member]:
        """Members by their ids and in their order, in one query; unknown ids are left out."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        rows = self.connection.execute(_members.where(table.c.id.in_(wanted)).order_by(table.c.id))
        return {row.id: member_value(row) for row in rows}

    def by_key(self, installation_id: int, team: str, user: str) -> Member | None:
        """The member with this key, if we have met."""
        row = _by_key.first(self.connection, installation=installation_id, team=team, user=user)
        return None if row is None else member_value(row)

    def by_user(self, installation_id: int, user: str) -> Member | None:
        """The member with this user id, whatever their team; the one met last if there are two."""
        row = self.connection.execute(
            _members.where(table.c.installation_id == installation_id, table.c.user == user)
            .order_by(table.c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else member_value(row)

    def of_organization(self, organization_id: int) -> Sequence[Member]:
        """Everybody whom we have met of an organization, in the order that we met them."""
        rows = self.connection.execute(
            _members.where(table.c.organization_id == organization_id).order_by(table.c.id)
        )
        return tuple(member_value(row) for row in rows)

    def organization(self, organization_id: int) -> Organization:
        """An organization; raises NotFound where there is none."""
        found = self.organizations((organization_id,)).get(organization_id)
        if found is None:
            raise NotFound("I don't know this organization any more.")
        return found

    def organizations(self, ids: Iterable[int]) -> dict[int, Organization]:
        """Organizations by their ids, in one query; unknown ids are left out."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        rows = self.connection.execute(select(partner).where(partner.c.id.in_(wanted)))
        return {row.id: _organization(row) for row in rows}

    def organization_of_team(self, installation_id: int, team: str) -> Organization | None:
        """The organization that is a Slack team's, if we have met it."""
        row = self.connection.execute(
            select(partner).where(
                partner.c.installation_id == installation_id, partner.c.team == team
            )
        ).first()
        return None if row is None else _organization(row)

    def host(self, installation_id: int) -> Organization | None:
        """The organization that runs the app there, once somebody of it was met."""
        row = self.connection.execute(
            select(partner)
            .where(partner.c.installation_id == installation_id, partner.c.host)
            .limit(1)
        ).first()
        return None if row is None else _organization(row)

    def create_organization(
        self, installation_id: int, name: str, team: str | None = None, zone: str | None = None
    ) -> Organization:
        """Note an organization. It is the host if its team is the installation's."""
        row = self.connection.execute(
            insert(partner)
            .values(
                installation_id=installation_id,
                name=name,
                team=team,
                zone=zone,
                host=team is not None and team in self._home(installation_id),
            )
            .returning(partner)
        ).one()
        return _organization(row)

    def rename_organization(self, organization_id: int, name: str) -> Organization:
        """Give an organization another name."""
        self.connection.execute(
            update(partner).where(partner.c.id == organization_id).values(name=name)
        )
        return self.organization(organization_id)

    def set_zone(self, organization_id: int, zone: str | None) -> None:
        """Where an organization is; None if it is not known."""
        self.connection.execute(
            update(partner).where(partner.c.id == organization_id).values(zone=zone)
        )

    def join(self, member_id: int, organization_id: int | None) -> Member:
        """Somebody, usually a guest, is with this organization from now on; None with nobody."""
        self.connection.execute(
            update(table).where(table.c.id == member_id).values(organization_id=organization_id)
        )
        return self.by_id(member_id)

    def direct_channel(self, member_id: int) -> str | None:
        """Where somebody's direct messages go; None until it was opened."""
        return self.connection.execute(
            select(table.c.direct_channel).where(table.c.id == member_id)
        ).scalar_one_or_none()

    def set_direct_channel(self, member_id: int, channel: str) -> None:
        """Note where somebody's direct messages go."""
        self.connection.execute(
            update(table).where(table.c.id == member_id).values(direct_channel=channel)
        )

    def _add(self, installation_id: int, person: Person, now: datetime) -> Member:
        organization = self._organization_of(installation_id, person)
        member_id = self.connection.execute(
            insert(table)
            .values(
                installation_id=installation_id,
                team=person.team,
                user=person.user,
                name=person.name,
                kind=person.kind,
                zone=person.zone,
                organization_id=None if organization is None else organization.id,
                met_at=now,
            )
            .returning(table.c.id)
        ).scalar_one()
        return self.by_id(member_id)

    def _renew(self, installation_id: int, person: Person, known: Member) -> Member:
        changes = _changes(known, person)
        if known.organization is None:
            organization = self._organization_of(installation_id, person)
            if organization is not None:
                changes["organization_id"] = organization.id
        elif _is_placeholder(known.organization, person):
            self.rename_organization(known.organization.id, person.team_name or person.team)
        elif not changes:
            return known
        if changes:
            self.connection.execute(update(table).where(table.c.id == known.id).values(**changes))
        return self.by_id(known.id)

    def _organization_of(self, installation_id: int, person: Person) -> Organization | None:
        if person.kind is not Kind.FULL:
            return None
        known = self.organization_of_team(installation_id, person.team)
        return known or self.create_organization(
            installation_id, person.team_name or person.team, person.team, person.zone
        )

    def _home(self, installation_id: int) -> tuple[str | None, str | None]:
        row = self.connection.execute(
            select(installation.c.team, installation.c.enterprise).where(
                installation.c.id == installation_id
            )
        ).one()
        return row.enterprise, row.team


def is_current(known: Member, person: Person) -> bool:
    """Whether what is stored of somebody is what Slack says now, so that nothing is to be written.

    False for whoever has no organization: it may be known by now.
    """
    return (
        known.organization is not None
        and not _is_placeholder(known.organization, person)
        and not _changes(known, person)
    )


def _changes(known: Member, person: Person) -> dict[str, Any]:
    return {
        name: said
        for name, said, had in (
            ("name", person.name, known.name),
            ("kind", person.kind, known.kind),
            ("zone", person.zone or known.zone, known.zone),
        )
        if said != had
    }


def _is_placeholder(organization: Organization, person: Person) -> bool:
    """Slack did not tell the workspace's name when we met, and tells it now."""
    return (
        organization.name == organization.team == person.team
        and person.team_name is not None
        and person.team_name != organization.name
    )


def member_value(row: Any) -> Member:
    """A member out of a row with the columns ``NAMED``."""
    organization = None
    if row.organization_id is not None:
        organization = Organization(
            row.organization_id,
            row.organization_name,
            row.organization_team,
            row.organization_zone,
            row.organization_host,
        )
    return Member(row.id, row.team, row.user, row.name, Kind(row.kind), organization, row.zone)


def _organization(row: Any) -> Organization:
    return Organization(row.id, row.name, row.team, row.zone, row.host)
