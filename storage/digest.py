"""Which digests went before: what was told already need not be told again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.checkins import State as OccurrenceState
from bot.domain.posts import State
from bot.domain.schedules import ScheduleKind
from storage.tables import message, occurrence


class Digests:
    """Queries on digests."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def told_until(self, partnership_id: int, before: datetime) -> datetime | None:
        """Up to when everything was told: the last digest that went out or had nothing to say."""
        return self._last(partnership_id, before, (State.SENT, State.WITHDRAWN))

    def last_sent(self, partnership_id: int, before: datetime) -> datetime | None:
        """When the last digest was posted that people saw."""
        return self._last(partnership_id, before, (State.SENT,))

    def that_told(self, partnership_id: int, moment: datetime) -> int | None:
        """The message of the digest that told, or will tell, what happened at a moment: the first
        after it that went out, or is on its way.
        """
        found: int | None = self.connection.execute(
            select(message.c.id)
            .join(occurrence, message.c.id == occurrence.c.message_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.kind == ScheduleKind.DIGEST,
                occurrence.c.state == OccurrenceState.POSTED,
                occurrence.c.at >= moment,
                message.c.state.in_((State.SENDING, State.UNKNOWN, State.SENT)),
            )
            .order_by(occurrence.c.at)
            .limit(1)
        ).scalar_one_or_none()
        return found

    def places(self, message_ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """(channel, ts) of these messages, of those that stand in Slack; one query."""
        rows = self.connection.execute(
            select(message.c.id, message.c.channel, message.c.ts).where(
                message.c.id.in_(message_ids), message.c.ts.is_not(None)
            )
        )
        return {row.id: (row.channel, row.ts) for row in rows}

    def _last(
        self, partnership_id: int, before: datetime, states: tuple[State, ...]
    ) -> datetime | None:
        found: datetime | None = self.connection.execute(
            select(occurrence.c.at)
            .join(message, message.c.id == occurrence.c.message_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.kind == ScheduleKind.DIGEST,
                occurrence.c.state == OccurrenceState.POSTED,
                occurrence.c.at < before,
                message.c.state.in_([state.value for state in states]),
            )
            .order_by(occurrence.c.at.desc())
            .limit(1)
        ).scalar_one_or_none()
        return found
