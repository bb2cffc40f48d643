"""Messages that stand in Slack twice: found when they are looked for, and counted for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.tables import double as table
from storage.tables import message, recheck
from storage.types import lease_now


@dataclass(frozen=True, slots=True)
class Recheck:
    """A message that was posted a second time, to be looked for once more."""

    message_id: int
    since: str | None
    """The last ``ts`` that Slack had given in the channel before the first attempt."""
    looks: int
    """How often it was looked for before."""


class Doubles:
    """Queries on doubles."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def is_one(self, key: str, ts: str) -> bool:
        """Whether a message with this key that stands at ``ts`` is known to stand elsewhere."""
        row = self.connection.execute(select(message.c.ts).where(message.c.key == key)).first()
        return row is not None and row.ts is not None and row.ts != ts

    def seen(self, key: str, ts: str, now: datetime) -> bool:
        """A message with this key stands at ``ts``; whether that is a double, and news."""
        if not self.is_one(key, ts):
            return False
        found = self.connection.execute(select(message.c.id).where(message.c.key == key))
        return self.add(found.scalar_one(), ts, now)

    def add(self, message_id: int, ts: str, now: datetime) -> bool:
        """It stands at ``ts`` too; whether that is news."""
        known = select(table.c.id).where(table.c.message_id == message_id, table.c.ts == ts)
        if self.connection.execute(known).first() is not None:
            return False
        self.connection.execute(insert(table).values(message_id=message_id, ts=ts, at=now))
        return True

    def count(self) -> int:
        """How many messages stand somewhere a second time."""
        return self.connection.execute(select(func.count()).select_from(table)).scalar_one()

    def looked_for(self) -> int:
        """How many messages were posted again and are still to be looked for."""
        return self.connection.execute(select(func.count()).select_from(recheck)).scalar_one()

    # Looking again

    def look_again(self, message_id: int, since: str | None, rest: timedelta) -> None:
        """It was posted again, since the first was not to be seen: look again after a rest."""
        self.connection.execute(delete(recheck).where(recheck.c.message_id == message_id))
        self.connection.execute(
            insert(recheck).values(message_id=message_id, since=since, due_at=lease_now(rest))
        )

    def take(self, limit: int, rest: timedelta) -> tuple[Recheck, ...]:
        """Those whose time has come; nobody else gets them before the rest is over."""
        due = (
            select(recheck.c.message_id)
            .where(recheck.c.due_at <= lease_now())
            .order_by(recheck.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self.connection.execute(
            update(recheck)
            .where(recheck.c.message_id.in_(due))
            .values(due_at=lease_now(rest), looks=recheck.c.looks + 1)
            .returning(recheck.c.message_id, recheck.c.since, recheck.c.looks)
        )
        return tuple(Recheck(row.message_id, row.since, row.looks - 1) for row in rows)

    def rest(self, message_id: int, rest: timedelta) -> None:
        """It is to be looked for once more after a rest."""
        self.connection.execute(
            update(recheck).where(recheck.c.message_id == message_id).values(due_at=lease_now(rest))
        )

    def wait(self, message_id: int, rest: timedelta) -> None:
        """It could not be looked for yet: that was no look."""
        self.connection.execute(
            update(recheck)
            .where(recheck.c.message_id == message_id)
            .values(due_at=lease_now(rest), looks=recheck.c.looks - 1)
        )

    def enough(self, message_id: int) -> None:
        """It need not be looked for again."""
        self.connection.execute(delete(recheck).where(recheck.c.message_id == message_id))
