"""Private messages that are held back until their readers' hours."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select, update

from bot.domain.held import Held
from bot.domain.posts import Kind
from storage.statements import insert_into
from storage.tables import held as table
from storage.tables import installation, member, message

AT_ONCE = datetime.fromtimestamp(0, UTC)
"""The moment of what is to be looked at whatever the calendar says."""


class HeldBack:
    """Queries on what is held back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(
        self,
        installation_id: int,
        member_id: int,
        kind: Kind,
        subject: int,
        at: datetime,
        *,
        about: str | None,
        once: str | None,
    ) -> None:
        """Hold a message until then; nothing where it is held already."""
        self.connection.execute(
            insert_into(table)
            .values(
                installation_id=installation_id,
                member_id=member_id,
                kind=kind,
                subject=subject,
                about=about,
                once=once,
                at=at,
            )
            .on_conflict_do_nothing(index_elements=[table.c.once])
        )

    def due(self, now: datetime, limit: int) -> tuple[Held, ...]:
        """Those whose moment has come, the longest due first; on PostgreSQL nobody else gets the
        same.
        """
        rows = self.connection.execute(
            select(table)
            .join(installation, installation.c.id == table.c.installation_id)
            .where(table.c.at <= now, installation.c.gone_at.is_(None))
            .order_by(table.c.at, table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=table)
        )
        return tuple(
            Held(
                id=row.id,
                installation_id=row.installation_id,
                member_id=row.member_id,
                kind=row.kind,
                subject=row.subject,
                about=row.about,
                once=row.once,
                at=row.at,
            )
            for row in rows
        )

    def postpone(self, held_id: int, at: datetime) -> None:
        """Its moment is then."""
        self.connection.execute(update(table).where(table.c.id == held_id).values(at=at))

    def look_again(self, member_ids: Collection[int], at: datetime = AT_ONCE) -> None:
        """The hours or days of these people are others now: look at once when theirs begin."""
        self.connection.execute(
            update(table)
            .where(table.c.member_id.in_(sorted(member_ids)), table.c.at > at)
            .values(at=at)
        )

    def look_at_organization(self, organization_id: int) -> None:
        """The same for all people of an organization."""
        people = select(member.c.id).where(member.c.organization_id == organization_id)
        self.connection.execute(
            update(table).where(table.c.member_id.in_(people)).values(at=AT_ONCE)
        )

    def drop(self, held_id: int) -> None:
        """It is with the courier now."""
        self.connection.execute(delete(table).where(table.c.id == held_id))

    def withdraw(self, kinds: Collection[Kind], subject: int) -> None:
        """Nobody shall hear of this: what it told was taken back."""
        self.connection.execute(
            delete(table).where(table.c.kind.in_(sorted(kinds)), table.c.subject == subject)
        )

    def moved(self, installation_id: int, old: str, new: str) -> None:
        """A channel has a new id: what tells of it is found under that."""
        self.connection.execute(
            update(table)
            .where(table.c.installation_id == installation_id, table.c.about == old)
            .values(about=new)
        )

    def said(self, once: str) -> int | None:
        """The message that says it, where the courier has had it."""
        found: int | None = self.connection.execute(
            select(message.c.id).where(message.c.once == once)
        ).scalar_one_or_none()
        return found

    def next_due(self) -> datetime | None:
        """When the next of all is due."""
        found: datetime | None = self.connection.execute(
            select(func.min(table.c.at))
            .join(installation, installation.c.id == table.c.installation_id)
            .where(installation.c.gone_at.is_(None))
        ).scalar_one()
        return found
