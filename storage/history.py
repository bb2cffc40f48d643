"""Pages of a partnership's history, out of the two tables that hold it."""

from collections.abc import Collection

from sqlalchemy import Connection, Subquery, func, literal, select, union_all

from bot.domain.partnerships import Step
from storage.tables import partnership_history, schedule, schedule_history

Row = tuple[bool, int]
"""Whether it is of what recurs, and the id of the row."""


class History:
    """Queries on what happened to a partnership and to what recurs in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def page(
        self, partnership_id: int, untold: Collection[Step], *, limit: int, offset: int
    ) -> tuple[Row, ...]:
        """Some of the rows, the newest first, however many there are; without the untold steps."""
        both = self._both(partnership_id, untold)
        found = self.connection.execute(
            select(both.c.recurs, both.c.id)
            .order_by(both.c.at.desc(), both.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return tuple((bool(row.recurs), row.id) for row in found)

    def count(self, partnership_id: int, untold: Collection[Step]) -> int:
        """How many rows there are."""
        both = self._both(partnership_id, untold)
        return int(self.connection.execute(select(func.count()).select_from(both)).scalar_one())

    def _both(self, partnership_id: int, untold: Collection[Step]) -> Subquery:
        own, recurring = partnership_history, schedule_history
        return union_all(
            select(literal(0).label("recurs"), own.c.id, own.c.at).where(
                own.c.partnership_id == partnership_id,
                own.c.kind.not_in([step.value for step in untold]),
            ),
            select(literal(1).label("recurs"), recurring.c.id, recurring.c.at)
            .select_from(recurring.join(schedule))
            .where(schedule.c.partnership_id == partnership_id),
        ).subquery()
