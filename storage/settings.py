"""What was set for a partnership: dated rows, of which the newest that holds counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.partnerships import Change, Setting
from storage.tables import setting as table


class Settings:
    """Queries on settings."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def set(
        self,
        partnership_id: int,
        name: Setting,
        value: Any,
        *,
        set_by: int | None,
        begins_at: datetime,
        now: datetime,
    ) -> Change:
        """Note a value. One that begins later is only announced until it is applied."""
        row = self.connection.execute(
            insert(table)
            .values(
                partnership_id=partnership_id,
                name=name,
                value=value,
                begins_at=begins_at,
                set_by=set_by,
                set_at=now,
                applied_at=now if begins_at <= now else None,
            )
            .returning(table)
        ).one()
        return _change(row)

    def of(self, partnership_id: int) -> dict[Setting, Any]:
        """What holds: by name, the value that took effect last."""
        rows = self.connection.execute(
            select(table)
            .where(
                table.c.partnership_id == partnership_id,
                table.c.applied_at.is_not(None),
                table.c.objected_by.is_(None),
            )
            .order_by(table.c.applied_at, table.c.id)
        )
        return {Setting(row.name): row.value for row in rows}

    def version(self, partnership_id: int) -> int:
        """Grows with each change of a setting of this partnership."""
        newest: int | None = self.connection.execute(
            select(func.max(table.c.id)).where(table.c.partnership_id == partnership_id)
        ).scalar_one()
        return newest or 0

    def next_beginning(self) -> datetime | None:
        """When the next announced change takes effect; None if there is none."""
        soonest: datetime | None = self.connection.execute(
            select(func.min(table.c.begins_at)).where(
                table.c.applied_at.is_(None), table.c.objected_by.is_(None)
            )
        ).scalar_one()
        return soonest

    def by_id(self, setting_id: int) -> Change:
        """One change; raises NotFound where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == setting_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this change any more.")
        return _change(row)

    def announced(self, partnership_id: int, name: Setting | None = None) -> tuple[Change, ...]:
        """What is announced, has not begun, and nobody objected to."""
        wanted = select(table).where(
            table.c.partnership_id == partnership_id,
            table.c.applied_at.is_(None),
            table.c.objected_by.is_(None),
        )
        if name is not None:
            wanted = wanted.where(table.c.name == name)
        return tuple(_change(row) for row in self.connection.execute(wanted.order_by(table.c.id)))

    def due(self, now: datetime, limit: int) -> tuple[Change, ...]:
        """What was announced and begins by now, of all partnerships, oldest first."""
        rows = self.connection.execute(
            select(table)
            .where(
                table.c.applied_at.is_(None),
                table.c.objected_by.is_(None),
                table.c.begins_at <= now,
            )
            .order_by(table.c.begins_at, table.c.id)
            .limit(limit)
        )
        return tuple(_change(row) for row in rows)

    def objected(self, setting_id: int, member_id: int) -> None:
        """Somebody objected: it does not take effect."""
        self.connection.execute(
            update(table).where(table.c.id == setting_id).values(objected_by=member_id)
        )

    def applied(self, setting_id: int, now: datetime) -> None:
        """It took effect."""
        self.connection.execute(
            update(table).where(table.c.id == setting_id).values(applied_at=now)
        )


def _change(row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        partnership_id=row.partnership_id,
        name=Setting(row.name),
        value=row.value,
        begins_at=row.begins_at,
        set_by=row.set_by,
        set_at=row.set_at,
        objected_by=row.objected_by,
        applied_at=row.applied_at,
    )
