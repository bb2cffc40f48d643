"""When people are away, and which days are off for them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from bot.domain.away import Away, DaysOff
from bot.domain.errors import NotFound
from bot.domain.open_days import Workdays
from storage.partnerships import Partnerships
from storage.tables import away as table
from storage.tables import member


class Aways:
    """Queries on the days that people are away."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, member_id: int, first: date, last: date, now: datetime) -> Away:
        """Note days, both included."""
        row = self.connection.execute(
            insert(table)
            .values(member_id=member_id, first=first, last=last, set_at=now)
            .returning(table)
        ).one()
        return _away(row)

    def by_id(self, away_id: int) -> Away:
        """One time away; raises NotFound where there is none any more."""
        row = self.connection.execute(select(table).where(table.c.id == away_id)).one_or_none()
        if row is None:
            raise NotFound("I have no such days any more. Say “away” to see yours.")
        return _away(row)

    def of_member(self, member_id: int, since: date) -> tuple[Away, ...]:
        """Somebody's times away that have not ended before a day, in their order."""
        return self.of_members((member_id,), since).get(member_id, ())

    def of_members(self, member_ids: Iterable[int], since: date) -> dict[int, tuple[Away, ...]]:
        """By member: the times away that have not ended before a day, in one query."""
        rows = self.connection.execute(
            select(table)
            .where(table.c.member_id.in_(sorted(set(member_ids))), table.c.last >= since)
            .order_by(table.c.first, table.c.id)
        )
        found: dict[int, list[Away]] = {}
        for row in rows:
            found.setdefault(row.member_id, []).append(_away(row))
        return {each: tuple(times) for each, times in found.items()}

    def forget(self, away_ids: Collection[int]) -> None:
        """They are not away then after all."""
        self.connection.execute(delete(table).where(table.c.id.in_(sorted(away_ids))))

    def days_off(self, member_ids: Iterable[int], since: date) -> dict[int, DaysOff]:
        """By member: their organization's open days and their own away days, from a day on.

        In four queries, however many people. Ask ``DaysOff.off_on(day)`` with the day of the
        person's own calendar.
        """
        wanted = sorted(set(member_ids))
        rows = self.connection.execute(
            select(member.c.id, member.c.organization_id).where(member.c.id.in_(wanted))
        ).all()
        organizations = {row.organization_id for row in rows if row.organization_id is not None}
        workdays = Partnerships(self.connection).workdays(organizations)
        times = self.of_members(wanted, since)
        return {
            row.id: DaysOff(workdays.get(row.organization_id, Workdays()), times.get(row.id, ()))
            for row in rows
        }


def _away(row: Row[Any]) -> Away:
    return Away(row.id, row.member_id, row.first, row.last)
