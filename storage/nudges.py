"""Nudges: which check-ins are to be looked at, who is reminded of them, and when."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.domain.checkins import Occurrence
from bot.domain.checkins import State as OccurrenceState
from bot.domain.errors import NotFound
from bot.domain.nudges import Nudge
from storage.schedules import occurrence_value
from storage.statements import insert_into
from storage.tables import message, occurrence
from storage.tables import nudge as table


class Nudges:
    """Queries on nudges."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def unplanned(self, now: datetime, limit: int) -> tuple[tuple[Occurrence, datetime], ...]:
        """Check-ins that are open and of which it is not settled yet who is reminded, each with
        the middle of its time; on PostgreSQL nobody else gets the same.
        """
        rows = self.connection.execute(
            select(occurrence)
            .where(occurrence.c.half_at.is_not(None), occurrence.c.at <= now)
            .order_by(occurrence.c.half_at, occurrence.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return tuple((occurrence_value(row), row.half_at) for row in rows)

    def lately(self, partnership_id: int, since: datetime, until: datetime) -> frozenset[int]:
        """Who is, or was, reminded of a check-in of a partnership that was posted after one moment
        and before another.
        """
        rows = self.connection.execute(
            select(table.c.member_id)
            .join(occurrence, occurrence.c.id == table.c.occurrence_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.at > since,
                occurrence.c.at < until,
                or_(table.c.message_id.is_not(None), table.c.due_at.is_not(None)),
            )
            .distinct()
        )
        return frozenset(rows.scalars())

    def told_since(self, member_id: int, moment: datetime) -> tuple[Nudge, ...]:
        """Those that somebody was told in messages recorded from a moment on."""
        rows = self.connection.execute(
            select(table)
            .join(message, message.c.id == table.c.message_id)
            .where(table.c.member_id == member_id, message.c.created_at >= moment)
            .order_by(table.c.id)
        )
        return tuple(_nudge(row) for row in rows)

    def planned(self, occurrence_ids: Collection[int]) -> None:
        """It is settled who is reminded of these."""
        self.connection.execute(
            update(occurrence).where(occurrence.c.id.in_(occurrence_ids)).values(half_at=None)
        )

    def plan(self, found: Iterable[tuple[int, int, datetime]]) -> None:
        """Remind people then: (check-in, member, moment)."""
        rows = [
            {"occurrence_id": checkin, "member_id": member, "due_at": at}
            for checkin, member, at in found
        ]
        if rows:
            self.connection.execute(insert_into(table).on_conflict_do_nothing(), rows)

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """The members whose moment has come, the longest due first."""
        rows = self.connection.execute(
            select(table.c.member_id)
            .where(table.c.due_at <= now)
            .group_by(table.c.member_id)
            .order_by(func.min(table.c.due_at), table.c.member_id)
            .limit(limit)
        )
        return tuple(rows.scalars())

    def waiting(self, member_id: int, until: datetime) -> tuple[Nudge, ...]:
        """Somebody's that are due by then; on PostgreSQL nobody else gets the same."""
        rows = self.connection.execute(
            select(table)
            .where(table.c.member_id == member_id, table.c.due_at <= until)
            .order_by(table.c.id)
            .with_for_update(skip_locked=True)
        )
        return tuple(_nudge(row) for row in rows)

    def postpone(self, nudge_ids: Collection[int], at: datetime | None) -> None:
        """They are due then; None for never."""
        self.connection.execute(update(table).where(table.c.id.in_(nudge_ids)).values(due_at=at))

    def tell(self, nudge_ids: Collection[int], message_id: int) -> None:
        """They are told in this message."""
        self.connection.execute(
            update(table)
            .where(table.c.id.in_(nudge_ids))
            .values(due_at=None, message_id=message_id)
        )

    def by_id(self, nudge_id: int) -> Nudge:
        """One of them; raises NotFound where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == nudge_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this any more.")
        return _nudge(row)

    def of(self, occurrence_id: int, member_id: int) -> Nudge | None:
        """Somebody's reminder of a check-in; None if there is none."""
        row = self.connection.execute(
            select(table).where(
                table.c.occurrence_id == occurrence_id, table.c.member_id == member_id
            )
        ).one_or_none()
        return None if row is None else _nudge(row)

    def together(self, message_id: int) -> tuple[Nudge, ...]:
        """All that are told in one message."""
        rows = self.connection.execute(
            select(table).where(table.c.message_id == message_id).order_by(table.c.id)
        )
        return tuple(_nudge(row) for row in rows)

    def messages(self, partnership_id: int) -> tuple[int, ...]:
        """The messages that speak of the check-ins that are open in a partnership."""
        rows = self.connection.execute(
            select(table.c.message_id)
            .join(occurrence, occurrence.c.id == table.c.occurrence_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.state == OccurrenceState.OPEN,
                table.c.message_id.is_not(None),
            )
            .distinct()
        )
        return tuple(rows.scalars())

    def next_due(self) -> datetime | None:
        """When the next of all is due, or the next check-in is to be looked at."""
        found = [
            self.connection.execute(select(func.min(table.c.due_at))).scalar_one(),
            self.connection.execute(
                select(func.min(occurrence.c.at)).where(occurrence.c.half_at.is_not(None))
            ).scalar_one(),
        ]
        return min((each for each in found if each is not None), default=None)


def _nudge(row: Row[tuple[object, ...]]) -> Nudge:
    return Nudge(row.id, row.occurrence_id, row.member_id, row.due_at, row.message_id)
