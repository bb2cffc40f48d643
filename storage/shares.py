"""How the work is shared: the figures, what the leads were shown, and what they said."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from bot.domain import shares as rules
from bot.domain.commitments import AGREED, State
from bot.domain.errors import NotFound
from bot.domain.shares import Part, Said, Share
from storage.people import People
from storage.statements import insert_into
from storage.tables import commitment, organization, pay, share_answer
from storage.tables import share as table


class Shares:
    """Queries on how the work is shared."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def counted(
        self, partnership_id: int, organization_ids: Iterable[int], since: datetime
    ) -> tuple[Part, ...]:
        """Open and done commitments of these organizations, in one query."""
        wanted = sorted(set(organization_ids))
        is_open = commitment.c.state.in_(AGREED)
        is_done = and_(commitment.c.state == State.DONE, commitment.c.closed_at >= since)
        counts = (is_open, is_done, pay.c.paid.is_(True), pay.c.paid.is_(False))
        rows = self.connection.execute(
            select(
                commitment.c.owner_organization_id.label("id"),
                *(func.sum(case((each, 1), else_=0)) for each in counts),
            )
            .outerjoin(pay, pay.c.commitment_id == commitment.c.id)
            .where(
                commitment.c.partnership_id == partnership_id,
                commitment.c.owner_organization_id.in_(wanted),
                or_(is_open, is_done),
            )
            .group_by(commitment.c.owner_organization_id)
        )
        found = {row[0]: tuple(int(each) for each in row[1:]) for row in rows}
        names = self.connection.execute(
            select(organization.c.id, organization.c.name).where(organization.c.id.in_(wanted))
        )
        return rules.in_order(
            Part(row.id, row.name, *found.get(row.id, (0, 0, 0, 0))) for row in names
        )

    def add(
        self,
        partnership_id: int,
        asked_by: int,
        organization_id: int | None,
        since: date,
        parts: Iterable[Part],
        now: datetime,
    ) -> Share:
        """Keep the figures as they are now."""
        row = self.connection.execute(
            insert(table)
            .values(
                partnership_id=partnership_id,
                asked_by=asked_by,
                organization_id=organization_id,
                at=now,
                since=since,
                parts=rules.to_json(parts),
            )
            .returning(table)
        ).one()
        return self._share(row)

    def by_id(self, share_id: int) -> Share:
        """One of them; raises NotFound where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == share_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this any more. Ask for it anew.")
        return self._share(row)

    def latest(self, partnership_id: int) -> Share | None:
        """The newest of a partnership."""
        row = self.connection.execute(
            select(table)
            .where(table.c.partnership_id == partnership_id)
            .order_by(table.c.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else self._share(row)

    def answer(
        self, share_id: int, organization_id: int, member_id: int, yes: bool, now: datetime
    ) -> None:
        """What an organization says, in the place of what it said before."""
        values = {"member_id": member_id, "yes": yes, "at": now}
        self.connection.execute(
            insert_into(share_answer)
            .values(share_id=share_id, organization_id=organization_id, **values)
            .on_conflict_do_update(
                index_elements=[share_answer.c.share_id, share_answer.c.organization_id],
                set_=values,
            )
        )

    def posted(self, share_id: int, message_id: int, now: datetime) -> None:
        """It goes to the channel."""
        self.connection.execute(
            update(table).where(table.c.id == share_id).values(posted_at=now, message_id=message_id)
        )

    def paid(self, commitment_id: int) -> bool | None:
        """Whether a commitment is paid work; None where nobody has said so."""
        found: bool | None = self.connection.execute(
            select(pay.c.paid).where(pay.c.commitment_id == commitment_id)
        ).scalar_one_or_none()
        return found

    def mark(self, commitment_id: int, paid: bool | None, member_id: int, now: datetime) -> None:
        """Whether a commitment is paid work; with None nobody has said so."""
        if paid is None:
            self.connection.execute(delete(pay).where(pay.c.commitment_id == commitment_id))
            return
        values = {"paid": paid, "member_id": member_id, "at": now}
        self.connection.execute(
            insert_into(pay)
            .values(commitment_id=commitment_id, **values)
            .on_conflict_do_update(index_elements=[pay.c.commitment_id], set_=values)
        )

    def _share(self, row: Row[Any]) -> Share:
        people = People(self.connection)
        member = people.by_id(row.asked_by)
        if row.organization_id is not None:
            member = replace(member, organization=people.organization(row.organization_id))
        said = self.connection.execute(
            select(share_answer)
            .where(share_answer.c.share_id == row.id)
            .order_by(share_answer.c.id)
        )
        return Share(
            id=row.id,
            partnership_id=row.partnership_id,
            asked_by=member,
            at=row.at,
            since=row.since,
            parts=rules.from_json(row.parts),
            said=tuple(Said(each.organization_id, each.member_id, each.yes) for each in said),
            posted_at=row.posted_at,
            message_id=row.message_id,
        )
