"""Partnerships: their channels, who takes part, who was seen there, and what happened.

What stands in the way of each command (which partnership is this, and whose) is prepared.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.open_days import Workdays
from bot.domain.partnerships import Asked, Entry, Joining, Participation, Partnership, State, Step
from bot.domain.people import Member, Organization, Person
from storage.people import NAMED, People, is_current, member_value
from storage.statements import Prepared
from storage.tables import closed_day, joining, member, organization, place, presence
from storage.tables import participation as part
from storage.tables import partnership as table
from storage.tables import partnership_history as history

_partnerships = select(*table.c, place.c.channel).select_from(
    table.outerjoin(place, (place.c.partnership_id == table.c.id) & place.c.until.is_(None))
)
_by_id = Prepared(_partnerships.where(table.c.id == bindparam("partnership")))
_in_channel = Prepared(
    _partnerships.where(
        place.c.installation_id == bindparam("installation"),
        place.c.channel == bindparam("channel"),
        table.c.state != State.ENDED,
    )
)
_parts = select(
    *part.c,
    organization.c.name,
    organization.c.team,
    organization.c.zone,
    organization.c.host,
).select_from(part.join(organization))
_present = Prepared(
    _parts.where(
        part.c.partnership_id == bindparam("partnership"), part.c.left_at.is_(None)
    ).order_by(organization.c.host.desc(), part.c.id)
)
_part = Prepared(
    _parts.where(
        part.c.partnership_id == bindparam("partnership"),
        part.c.organization_id == bindparam("organization"),
        part.c.left_at.is_(None),
    )
)
_known = Prepared(  # somebody who was seen here, whose organization takes part
    select(
        *NAMED,
        part.c.id.label("part_id"),
        *(part.c[name] for name in ("ok_at", "ok_by", "lead_id", "sponsor")),
        *(part.c[name] for name in ("not_now_at", "joined_at", "left_at")),
    )
    .select_from(
        member.join(organization, organization.c.id == member.c.organization_id)
        .join(
            part,
            (part.c.organization_id == organization.c.id)
            & (part.c.partnership_id == bindparam("partnership"))
            & part.c.left_at.is_(None),
        )
        .join(
            presence,
            (presence.c.member_id == member.c.id)
            & (presence.c.partnership_id == bindparam("partnership"))
            & presence.c.until.is_(None),
        )
    )
    .where(
        member.c.installation_id == bindparam("installation"),
        member.c.team == bindparam("team"),
        member.c.user == bindparam("user"),
    )
)
_seen = Prepared(
    select(presence.c.id).where(
        presence.c.partnership_id == bindparam("partnership"),
        presence.c.member_id == bindparam("member"),
        presence.c.until.is_(None),
    )
)


class Partnerships:
    """Queries on partnerships."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # The partnership and its channel

    def add(
        self,
        installation_id: int,
        channel: str,
        name: str,
        zone: str,
        invited_by: int | None,
        now: datetime,
    ) -> Partnership:
        """A new partnership, beginning in a channel."""
        made = self.connection.execute(
            insert(table)
            .values(
                installation_id=installation_id,
                name=name,
                zone=zone,
                state=State.BEGINNING,
                invited_by=invited_by,
                created_at=now,
                look_at=now,
                forget_at=now,
            )
            .returning(table.c.id)
        ).scalar_one()
        self.settle(made, channel, now)
        return self.by_id(made)

    def by_id(self, partnership_id: int) -> Partnership:
        """A partnership, ended ones too; raises NotFound where there is none."""
        row = _by_id.first(self.connection, partnership=partnership_id)
        if row is None:
            raise NotFound("I don't know this partnership any more.")
        return _partnership(row)

    def in_channel(self, installation_id: int, channel: str) -> Partnership | None:
        """The live partnership of a channel."""
        row = _in_channel.first(self.connection, installation=installation_id, channel=channel)
        return None if row is None else _partnership(row)

    def last_in_channel(self, installation_id: int, channel: str) -> Partnership | None:
        """The partnership that was in a channel last, live or ended."""
        found = self.connection.execute(
            select(place.c.partnership_id)
            .where(place.c.installation_id == installation_id, place.c.channel == channel)
            .order_by(place.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        return None if found is None else self.by_id(found)

    def last_channel(self, partnership_id: int) -> str | None:
        """The channel in which a partnership is, or was last."""
        found: str | None = self.connection.execute(
            select(place.c.channel)
            .where(place.c.partnership_id == partnership_id)
            .order_by(place.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        return found

    def live(self, installation_id: int | None = None) -> tuple[Partnership, ...]:
        """Every partnership that has not ended, of one installation or of all."""
        wanted = _partnerships.where(table.c.state != State.ENDED).order_by(table.c.id)
        if installation_id is not None:
            wanted = wanted.where(table.c.installation_id == installation_id)
        return tuple(_partnership(row) for row in self.connection.execute(wanted))

    def of_member(self, member_id: int) -> tuple[Partnership, ...]:
        """The live partnerships in whose channel somebody was seen, and has not left since."""
        rows = self.connection.execute(
            _partnerships.where(
                table.c.state != State.ENDED,
                table.c.id.in_(
                    select(presence.c.partnership_id).where(
                        presence.c.member_id == member_id, presence.c.until.is_(None)
                    )
                ),
            ).order_by(table.c.id)
        )
        return tuple(_partnership(row) for row in rows)

    def of_organization(self, organization_id: int) -> tuple[Partnership, ...]:
        """The live partnerships in which an organization takes part."""
        rows = self.connection.execute(
            _partnerships.where(
                table.c.state != State.ENDED,
                table.c.id.in_(
                    select(part.c.partnership_id).where(
                        part.c.organization_id == organization_id, part.c.left_at.is_(None)
                    )
                ),
            ).order_by(table.c.id)
        )
        return tuple(_partnership(row) for row in rows)

    def to_look_at(self, now: datetime, limit: int) -> tuple[Partnership, ...]:
        """Those beginning ones of which the clock should ask by now who has not said OK."""
        rows = self.connection.execute(
            _partnerships.where(table.c.look_at <= now).order_by(table.c.look_at).limit(limit)
        )
        return tuple(_partnership(row) for row in rows)

    def next_look(self) -> datetime | None:
        """When the clock looks for silent organizations next; None if nobody is waited for."""
        soonest: datetime | None = self.connection.execute(
            select(func.min(table.c.look_at))
        ).scalar_one()
        return soonest

    def settle(self, partnership_id: int, channel: str, now: datetime) -> None:
        """From now on the partnership is in this channel, and in no other."""
        self.unsettle(partnership_id, now)
        self.connection.execute(
            insert(place).values(
                installation_id=select(table.c.installation_id)
                .where(table.c.id == partnership_id)
                .scalar_subquery(),
                partnership_id=partnership_id,
                channel=channel,
                since=now,
            )
        )

    def unsettle(self, partnership_id: int, now: datetime) -> None:
        """The partnership is in no channel any more."""
        self.connection.execute(
            update(place)
            .where(place.c.partnership_id == partnership_id, place.c.until.is_(None))
            .values(until=now)
        )

    def change(self, partnership_id: int, **values: Any) -> Partnership:
        """Set columns of a partnership (``state``, ``purpose``, ``welcome_id``, …)."""
        self.connection.execute(update(table).where(table.c.id == partnership_id).values(**values))
        return self.by_id(partnership_id)

    # Who takes part

    def organizations(self, partnership_id: int) -> tuple[Participation, ...]:
        """The present participations: the host first, then in the order of their coming."""
        rows = _present.all(self.connection, partnership=partnership_id)
        return tuple(_participation(row) for row in rows)

    def participation(self, partnership_id: int, organization_id: int) -> Participation | None:
        """The present participation of an organization."""
        row = _part.first(self.connection, partnership=partnership_id, organization=organization_id)
        return None if row is None else _participation(row)

    def known(
        self, partnership: Partnership, person: Person
    ) -> tuple[Member, Participation] | None:
        """Somebody who was seen in the channel before, and their organization's part, in one query.

        None where something is to be found out or written: they are new, or Slack says something
        else of them now, or their organization does not take part yet.
        """
        row = _known.first(
            self.connection,
            partnership=partnership.id,
            installation=partnership.installation_id,
            team=person.team,
            user=person.user,
        )
        if row is None:
            return None
        member = member_value(row)
        if member.organization is None or not is_current(member, person):
            return None
        return member, Participation(
            id=row.part_id,
            partnership_id=partnership.id,
            organization=member.organization,
            joined_at=row.joined_at,
            ok_at=row.ok_at,
            ok_by=row.ok_by,
            lead=row.lead_id,
            sponsor=row.sponsor,
            not_now_at=row.not_now_at,
            left_at=row.left_at,
        )

    def participate(
        self, partnership_id: int, organization_id: int, now: datetime
    ) -> Participation:
        """An organization takes part from now on; raises NotFound where it does not exist."""
        self.connection.execute(
            insert(part).values(
                partnership_id=partnership_id, organization_id=organization_id, joined_at=now
            )
        )
        made = self.participation(partnership_id, organization_id)
        if made is None:
            raise NotFound("I don't know this organization.")
        return made

    def change_participation(self, participation_id: int, **values: Any) -> None:
        """Set columns of a participation (``ok_at``, ``lead_id``, ``left_at``, …)."""
        self.connection.execute(update(part).where(part.c.id == participation_id).values(**values))

    def workdays(self, organization_ids: Iterable[int]) -> dict[int, Workdays]:
        """When each organization is open, in two queries."""
        wanted = sorted(set(organization_ids))
        closed: dict[int, set[date]] = {each: set() for each in wanted}
        for row in self.connection.execute(
            select(closed_day.c.organization_id, closed_day.c.day).where(
                closed_day.c.organization_id.in_(wanted)
            )
        ):
            closed[row.organization_id].add(row.day)
        rows = self.connection.execute(
            select(organization.c.id, organization.c.working_days).where(
                organization.c.id.in_(wanted)
            )
        )
        return {
            row.id: Workdays(
                frozenset(int(each) for each in row.working_days), frozenset(closed[row.id])
            )
            for row in rows
        }

    # Who was seen in the channel

    def seen(self, partnership_id: int, member_id: int, now: datetime) -> bool:
        """Note that somebody is in the channel; returns whether that was news."""
        if _seen.first(self.connection, partnership=partnership_id, member=member_id):
            return False
        self.connection.execute(
            insert(presence).values(partnership_id=partnership_id, member_id=member_id, since=now)
        )
        return True

    def unseen(self, partnership_id: int, member_id: int, now: datetime) -> bool:
        """Note that somebody left the channel; returns whether that was news."""
        done = self.connection.execute(
            update(presence)
            .where(
                presence.c.partnership_id == partnership_id,
                presence.c.member_id == member_id,
                presence.c.until.is_(None),
            )
            .values(until=now)
        )
        return done.rowcount > 0

    def members(self, partnership_id: int) -> tuple[Member, ...]:
        """Everybody who was seen in the channel and has not left since."""
        ids = self.connection.execute(
            select(presence.c.member_id)
            .where(presence.c.partnership_id == partnership_id, presence.c.until.is_(None))
            .order_by(presence.c.member_id)
        ).scalars()
        return tuple(People(self.connection).by_ids(ids).values())

    def people_left(self, partnership_id: int, organization_id: int) -> int:
        """How many people of an organization are in the channel, as far as we saw."""
        return self.connection.execute(
            select(func.count())
            .select_from(presence.join(member))
            .where(
                presence.c.partnership_id == partnership_id,
                presence.c.until.is_(None),
                member.c.organization_id == organization_id,
            )
        ).scalar_one()

    # A guest's word about their organization

    def ask_joining(
        self, partnership_id: int, member_id: int, organization_id: int, now: datetime
    ) -> Asked:
        """Note a guest's word, in place of one that is still open."""
        self.connection.execute(
            update(joining)
            .where(
                joining.c.partnership_id == partnership_id,
                joining.c.member_id == member_id,
                joining.c.state == Joining.ASKED,
            )
            .values(state=Joining.NO, answered_at=now)
        )
        made = self.connection.execute(
            insert(joining)
            .values(
                partnership_id=partnership_id,
                member_id=member_id,
                organization_id=organization_id,
                state=Joining.ASKED,
                asked_at=now,
            )
            .returning(joining.c.id)
        ).scalar_one()
        return self.joining(made)

    def joining(self, joining_id: int) -> Asked:
        """A guest's word; raises NotFound where there is none."""
        row = self.connection.execute(
            select(joining).where(joining.c.id == joining_id)
        ).one_or_none()
        if row is None:
            raise NotFound("I don't know this question any more.")
        return _asked(row, People(self.connection).organization(row.organization_id))

    def open_joining(self, partnership_id: int, member_id: int) -> Asked | None:
        """A guest's word that nobody has confirmed yet."""
        found = self.connection.execute(
            select(joining.c.id).where(
                joining.c.partnership_id == partnership_id,
                joining.c.member_id == member_id,
                joining.c.state == Joining.ASKED,
            )
        ).scalar_one_or_none()
        return None if found is None else self.joining(found)

    def answer_joining(
        self, joining_id: int, state: Joining, answered_by: int | None, now: datetime
    ) -> None:
        """Note the answer to a guest's word."""
        self.connection.execute(
            update(joining)
            .where(joining.c.id == joining_id)
            .values(state=state, answered_by=answered_by, answered_at=now)
        )

    # What happened

    def record(
        self,
        partnership_id: int,
        step: Step,
        now: datetime,
        *,
        member: int | None = None,
        organization: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Write down what happened."""
        row = self.connection.execute(
            insert(history)
            .values(
                partnership_id=partnership_id,
                kind=step,
                member_id=member,
                organization_id=organization,
                at=now,
                detail=dict(detail or {}),
            )
            .returning(history)
        ).one()
        return _entry(row)

    def entry(self, entry_id: int) -> Entry:
        """One row of the history; raises NotFound where there is none."""
        row = self.connection.execute(select(history).where(history.c.id == entry_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this any more.")
        return _entry(row)

    def entries(self, ids: Collection[int]) -> dict[int, Entry]:
        """These rows of the history, by id; one query."""
        rows = self.connection.execute(select(history).where(history.c.id.in_(sorted(ids))))
        return {row.id: _entry(row) for row in rows}

    def history(self, partnership_id: int, *steps: Step) -> tuple[Entry, ...]:
        """What happened, oldest first; only these steps, if any are named."""
        wanted = select(history).where(history.c.partnership_id == partnership_id)
        if steps:
            wanted = wanted.where(history.c.kind.in_([step.value for step in steps]))
        rows = self.connection.execute(wanted.order_by(history.c.id))
        return tuple(_entry(row) for row in rows)


def _partnership(row: Any) -> Partnership:
    return Partnership(
        id=row.id,
        installation_id=row.installation_id,
        name=row.name,
        purpose=row.purpose,
        zone=row.zone,
        state=State(row.state),
        channel=row.channel,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        invited_by=row.invited_by,
        welcome_id=row.welcome_id,
    )


def _participation(row: Row[Any]) -> Participation:
    return Participation(
        id=row.id,
        partnership_id=row.partnership_id,
        organization=Organization(
            id=row.organization_id, name=row.name, team=row.team, zone=row.zone, host=row.host
        ),
        joined_at=row.joined_at,
        ok_at=row.ok_at,
        ok_by=row.ok_by,
        lead=row.lead_id,
        sponsor=row.sponsor,
        not_now_at=row.not_now_at,
        left_at=row.left_at,
    )


def _asked(row: Row[Any], joined: Organization) -> Asked:
    return Asked(
        id=row.id,
        partnership_id=row.partnership_id,
        member=row.member_id,
        organization=joined,
        state=Joining(row.state),
        answered_by=row.answered_by,
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        partnership_id=row.partnership_id,
        step=Step(row.kind),
        at=row.at,
        member=row.member_id,
        organization=row.organization_id,
        detail=row.detail,
    )
