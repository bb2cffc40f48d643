"""What a look from outside asks: is it alive, where does it speak, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.tables import due, heartbeat, installation, message, partnership, place, schedule
from storage.types import lease_now


@dataclass(frozen=True, slots=True)
class Next:
    """One post to come."""

    at: datetime
    nominal: date
    kind: str
    partnership: str
    zone: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One channel where a partnership lives."""

    channel: str
    partnership: str
    state: str


class Health:
    """Queries for the doctor."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def heartbeat(self, name: str) -> datetime | None:
        """When something that repeats was last done."""
        found: datetime | None = self.connection.scalar(
            select(heartbeat.c.at).where(heartbeat.c.name == name)
        )
        return found

    def beat(self, name: str) -> None:
        """Note that something which repeats was done, by the database's clock."""
        done = self.connection.execute(
            update(heartbeat).where(heartbeat.c.name == name).values(at=lease_now())
        )
        if not done.rowcount:
            self.connection.execute(insert(heartbeat).values(name=name, at=lease_now()))

    def installations(self) -> tuple[str, ...]:
        """The names of the workspaces where the app is installed."""
        rows = self.connection.execute(
            select(installation.c.name).where(installation.c.gone_at.is_(None))
        )
        return tuple(row.name for row in rows)

    def places(self) -> tuple[Place, ...]:
        """Every channel in use."""
        rows = self.connection.execute(
            select(place.c.channel, partnership.c.name, partnership.c.state)
            .join(partnership, partnership.c.id == place.c.partnership_id)
            .where(place.c.until.is_(None), partnership.c.ended_at.is_(None))
            .order_by(place.c.id)
        )
        return tuple(Place(row.channel, row.name, row.state) for row in rows)

    def next_posts(self, most: int) -> tuple[Next, ...]:
        """The next scheduled posts, soonest first."""
        rows = self.connection.execute(
            select(
                due.c.at,
                due.c.nominal,
                schedule.c.kind,
                partnership.c.name,
                schedule.c.zone,
                schedule.c.paused,
            )
            .join(schedule, schedule.c.id == due.c.schedule_id)
            .join(partnership, partnership.c.id == schedule.c.partnership_id)
            .order_by(due.c.at)
            .limit(most)
        )
        return tuple(Next(*row) for row in rows)

    def messages(self) -> dict[str, int]:
        """How many outgoing messages stand where."""
        rows = self.connection.execute(
            select(message.c.state, func.count()).group_by(message.c.state)
        )
        return {row[0]: row[1] for row in rows}
