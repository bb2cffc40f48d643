"""Why organizations are closed, and the days that follow from it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from bot.domain.closed_days import Closing, Source
from bot.domain.errors import NotFound
from storage.statements import Prepared
from storage.tables import away, closed_day, organization
from storage.tables import closing as table

_off = Prepared(
    select(closed_day.c.id)
    .where(
        closed_day.c.day == bindparam("on"),
        or_(
            closed_day.c.organization_id == bindparam("one"),
            closed_day.c.organization_id == bindparam("other"),
        ),
    )
    .union_all(
        select(away.c.id).where(
            away.c.member_id == bindparam("whose"),
            away.c.first <= bindparam("on"),
            away.c.last >= bindparam("on"),
        )
    )
    .limit(1)
)


class ClosedDays:
    """Queries on the calendars of organizations."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def off(self, day: date, organization_ids: Collection[int], member_id: int) -> bool:
        """Whether one of at most two organizations is closed on a day, or a member is away;
        weekends do not count.
        """
        one, other, *_ = (*organization_ids, None, None)
        row = _off.first(self.connection, on=day, one=one, other=other, whose=member_id)
        return row is not None

    def add(
        self,
        organization_id: int,
        source: Source,
        label: str,
        *,
        set_by: int,
        now: datetime,
        known_until: date,
        first: date | None = None,
        last: date | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Closing:
        """Note why an organization is closed. ``write`` brings its days up to date."""
        row = self.connection.execute(
            insert(table)
            .values(
                organization_id=organization_id,
                source=source,
                label=label,
                first=first,
                last=last,
                detail=dict(detail or {}),
                known_until=known_until,
                set_by=set_by,
                set_at=now,
            )
            .returning(table)
        ).one()
        return _closing(row)

    def by_id(self, closing_id: int) -> Closing:
        """One entry; raises NotFound where there is none any more."""
        row = self.connection.execute(select(table).where(table.c.id == closing_id)).one_or_none()
        if row is None:
            raise NotFound("This is not in the calendar any more. Say “closed” to see what is.")
        return _closing(row)

    def entries(self, organization_id: int) -> tuple[Closing, ...]:
        """Everything in an organization's calendar, in the order in which it was put there."""
        rows = self.connection.execute(
            select(table).where(table.c.organization_id == organization_id).order_by(table.c.id)
        )
        return tuple(_closing(row) for row in rows)

    def remove(self, closing_id: int) -> None:
        """Take an entry out."""
        self.connection.execute(delete(table).where(table.c.id == closing_id))

    def days(self, organization_id: int, since: date, until: date) -> dict[date, str]:
        """The closed days of an organization in that time, with their names."""
        rows = self.connection.execute(
            select(closed_day.c.day, closed_day.c.label)
            .where(
                closed_day.c.organization_id == organization_id,
                closed_day.c.day.between(since, until),
            )
            .order_by(closed_day.c.day)
        )
        return {row.day: row.label for row in rows}

    def write(self, organization_id: int, since: date, days: Mapping[date, str]) -> None:
        """Put these days in the place of all from a day on. What is past stays as it was."""
        self.connection.execute(
            delete(closed_day).where(
                closed_day.c.organization_id == organization_id, closed_day.c.day >= since
            )
        )
        kept = [
            {"organization_id": organization_id, "day": day, "label": label}
            for day, label in sorted(days.items())
            if day >= since
        ]
        if kept:
            self.connection.execute(insert(closed_day), kept)

    def worked_out(self, closing_id: int, until: date) -> None:
        """Its days are known up to a day."""
        self.connection.execute(
            update(table).where(table.c.id == closing_id).values(known_until=until)
        )

    def ending(self, before: date, limit: int) -> tuple[int, ...]:
        """Organizations whose days are not worked out as far as a day, the soonest first."""
        rows = self.connection.execute(
            select(table.c.organization_id, func.min(table.c.known_until).label("soonest"))
            .where(table.c.known_until < before)
            .group_by(table.c.organization_id)
            .order_by("soonest", table.c.organization_id)
            .limit(limit)
        )
        return tuple(row.organization_id for row in rows)

    def soonest_end(self) -> date | None:
        """How far every entry of everybody is worked out; None where there is no entry."""
        found: date | None = self.connection.execute(
            select(func.min(table.c.known_until))
        ).scalar_one()
        return found

    # The organization's week

    def weekdays(self, organization_id: int) -> frozenset[int]:
        """On which weekdays it works."""
        kept = self.connection.execute(
            select(organization.c.working_days).where(organization.c.id == organization_id)
        ).scalar_one()
        return frozenset(int(each) for each in kept)

    def set_weekdays(self, organization_id: int, working_days: str) -> None:
        """Set them, as ``01234``."""
        self.connection.execute(
            update(organization)
            .where(organization.c.id == organization_id)
            .values(working_days=working_days)
        )


def _closing(row: Row[Any]) -> Closing:
    return Closing(
        id=row.id,
        organization_id=row.organization_id,
        source=Source(row.source),
        label=row.label,
        first=row.first,
        last=row.last,
        detail=row.detail,
        known_until=row.known_until,
        set_by=row.set_by,
        set_at=row.set_at,
    )
