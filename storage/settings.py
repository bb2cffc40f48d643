"""What was set for a partnership: dated rows, of which the newest that holds counts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.partnerships import Change, Ended, Setting, State
from storage.tables import partnership, setting_ok
from storage.tables import setting as table

_PENDING = and_(table.c.applied_at.is_(None), table.c.ended_as.is_(None))
_LIVE = (  # where a partnership has ended, what is announced waits for its return
    select(partnership.c.id)
    .where(partnership.c.id == table.c.partnership_id, partnership.c.state != State.ENDED)
    .exists()
)


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
        everyone: bool = False,
    ) -> Change:
        """Note a value. One that begins later is only announced until it is applied.

        With ``everyone`` it lapses then, unless each organization has said OK before.
        """
        row = self.connection.execute(
            insert(table)
            .values(
                partnership_id=partnership_id,
                name=name,
                value=value,
                begins_at=begins_at,
                set_by=set_by,
                set_at=now,
                everyone=everyone,
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
            )
            .order_by(table.c.applied_at, table.c.id)
        )
        return {Setting(row.name): row.value for row in rows}

    def held(self, partnership_ids: Collection[int], name: Setting) -> dict[int, Any]:
        """The value of one setting by partnership, where anything was set; one query."""
        rows = self.connection.execute(
            select(table.c.partnership_id, table.c.value)
            .where(
                table.c.partnership_id.in_(partnership_ids),
                table.c.name == name,
                table.c.applied_at.is_not(None),
            )
            .order_by(table.c.applied_at, table.c.id)
        )
        return {row.partnership_id: row.value for row in rows}

    def version(self, partnership_id: int) -> int:
        """Grows with each change of a setting of this partnership."""
        newest: int | None = self.connection.execute(
            select(func.max(table.c.id)).where(table.c.partnership_id == partnership_id)
        ).scalar_one()
        return newest or 0

    def newer_than(self, partnership_id: int, version: int) -> tuple[Change, ...]:
        """What was set since a version, whatever became of it, oldest first."""
        rows = self.connection.execute(
            select(table)
            .where(table.c.partnership_id == partnership_id, table.c.id > version)
            .order_by(table.c.id)
        )
        return tuple(_change(row) for row in rows)

    def next_beginning(self) -> datetime | None:
        """When the next announced change of a live partnership takes effect or lapses; None if
        there is none.
        """
        soonest: datetime | None = self.connection.execute(
            select(func.min(table.c.begins_at)).where(_PENDING, _LIVE)
        ).scalar_one()
        return soonest

    def by_id(self, setting_id: int) -> Change:
        """One change; raises NotFound where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == setting_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this change any more.")
        return _change(row)

    def by_ids(self, ids: Collection[int]) -> dict[int, Change]:
        """These changes, by id; one query."""
        rows = self.connection.execute(select(table).where(table.c.id.in_(sorted(ids))))
        return {row.id: _change(row) for row in rows}

    def announced(self, partnership_id: int, name: Setting | None = None) -> tuple[Change, ...]:
        """What is announced, has not begun, and may still."""
        wanted = select(table).where(table.c.partnership_id == partnership_id, _PENDING)
        if name is not None:
            wanted = wanted.where(table.c.name == name)
        return tuple(_change(row) for row in self.connection.execute(wanted.order_by(table.c.id)))

    def due(self, now: datetime, limit: int) -> tuple[Change, ...]:
        """What was announced and begins or lapses by now in live partnerships, oldest first."""
        rows = self.connection.execute(
            select(table)
            .where(_PENDING, _LIVE, table.c.begins_at <= now)
            .order_by(table.c.begins_at, table.c.id)
            .limit(limit)
        )
        return tuple(_change(row) for row in rows)

    def end(self, setting_id: int, ended: Ended, member_id: int | None, now: datetime) -> None:
        """It never takes effect."""
        self.connection.execute(
            update(table)
            .where(table.c.id == setting_id)
            .values(ended_as=ended, ended_by=member_id, ended_at=now)
        )

    def replaced(
        self, partnership_id: int, by: int, since: datetime, version: int
    ) -> tuple[Change, ...]:
        """What was announced before a version and a member's suggestions took the place of."""
        rows = self.connection.execute(
            select(table)
            .where(
                table.c.partnership_id == partnership_id,
                table.c.id <= version,
                table.c.ended_as == Ended.REPLACED,
                table.c.ended_by == by,
                table.c.ended_at >= since,
            )
            .order_by(table.c.id)
        )
        return tuple(_change(row) for row in rows)

    def announce_again(self, setting_id: int) -> None:
        """It may take effect after all, when it was to."""
        self.connection.execute(
            update(table)
            .where(table.c.id == setting_id)
            .values(ended_as=None, ended_by=None, ended_at=None)
        )

    def ok(self, setting_id: int, organization_id: int, member_id: int, now: datetime) -> None:
        """An organization says OK to a change."""
        self.connection.execute(
            insert(setting_ok).values(
                setting_id=setting_id, organization_id=organization_id, member_id=member_id, at=now
            )
        )

    def take_ok_back(self, setting_id: int, organization_id: int) -> None:
        """It has not said OK after all."""
        self.connection.execute(
            delete(setting_ok).where(
                setting_ok.c.setting_id == setting_id,
                setting_ok.c.organization_id == organization_id,
            )
        )

    def said_ok(self, setting_id: int) -> dict[int, int]:
        """Who has said OK to a change: by organization the member, in their order."""
        rows = self.connection.execute(
            select(setting_ok.c.organization_id, setting_ok.c.member_id)
            .where(setting_ok.c.setting_id == setting_id)
            .order_by(setting_ok.c.id)
        )
        return {row.organization_id: row.member_id for row in rows}

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
        applied_at=row.applied_at,
        everyone=row.everyone,
        ended_as=None if row.ended_as is None else Ended(row.ended_as),
        ended_by=row.ended_by,
    )
