"""What a look from outside asks: is it alive, where does it speak, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, case, func, insert, or_, select, update

from storage.doubles import Doubles
from storage.sweeps import Sweeps
from storage.tables import (
    due,
    heartbeat,
    installation,
    lane,
    message,
    partnership,
    place,
    schedule,
)
from storage.types import lease_now

TICK = "tick"
"""The heartbeat that every tick leaves."""
DOOR = "door"
"""The heartbeat that a tick leaves where deliveries can come in."""

_present = select(installation.c.id).where(installation.c.gone_at.is_(None))
_awake = _present.where(installation.c.problem.is_(None))


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


@dataclass(frozen=True, slots=True)
class Resting:
    """A channel, or a workspace, in which nothing can be said for now."""

    name: str
    """The channel's id, or the workspace's name."""
    problem: str
    """Slack's word for why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is stored, in numbers. No names, no words, nothing of anybody."""

    messages: Mapping[tuple[str, str], int]
    """How many by (kind, state)."""
    doubles: int
    """Messages that stand in Slack a second time."""
    repeated: int
    """Messages that were posted again and are still to be looked for."""
    unswept: int
    """Check-ins that were summed up although their thread could not be read once more."""
    lanes_waiting: int
    """Channels and members for whom there is something to do, now or later."""
    lanes_resting: int
    """Channels that rest until somebody mends them."""
    workspaces_resting: int
    oldest_due: float
    """Seconds since the longest waiting of what could be sent now became due; zero if nothing."""
    ticked: float | None
    """Seconds since anybody looked for what is due; None if nobody has yet."""


class Health:
    """Queries for the doctor and the metrics."""

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

    def resting(self) -> tuple[Resting, ...]:
        """The channels that rest, and why, those of whole workspaces left out."""
        rows = self.connection.execute(
            select(lane.c.name, lane.c.problem)
            .where(lane.c.problem.is_not(None), lane.c.installation_id.in_(_present))
            .order_by(lane.c.id)
        )
        return tuple(Resting(row.name, row.problem) for row in rows)

    def resting_workspaces(self) -> tuple[Resting, ...]:
        """The workspaces that rest as a whole, and why."""
        rows = self.connection.execute(
            select(installation.c.name, installation.c.problem)
            .where(installation.c.problem.is_not(None), installation.c.gone_at.is_(None))
            .order_by(installation.c.id)
        )
        return tuple(Resting(row.name, row.problem) for row in rows)

    def figures(self) -> Figures:
        """Everything that is stored and can be counted."""
        messages = self.connection.execute(
            select(message.c.kind, message.c.state, func.count()).group_by(
                message.c.kind, message.c.state
            )
        )
        lanes = self.connection.execute(
            select(
                func.count(lane.c.due_at).label("waiting"),
                func.count(lane.c.problem).label("resting"),
                func.min(
                    case(
                        (
                            and_(
                                lane.c.due_at <= lease_now(),
                                or_(
                                    lane.c.lease_until.is_(None),
                                    lane.c.lease_until <= lease_now(),
                                ),
                                lane.c.installation_id.in_(_awake),
                            ),
                            lane.c.due_at,
                        )
                    )
                ).label("oldest"),
                lease_now().label("now"),
            ).where(lane.c.installation_id.in_(_present))
        ).one()
        ticked = self.heartbeat(TICK)
        return Figures(
            messages={(row[0], row[1]): row[2] for row in messages},
            doubles=Doubles(self.connection).count(),
            repeated=Doubles(self.connection).looked_for(),
            unswept=Sweeps(self.connection).given_up(),
            lanes_waiting=lanes.waiting,
            lanes_resting=lanes.resting,
            workspaces_resting=len(self.resting_workspaces()),
            oldest_due=0.0 if lanes.oldest is None else _seconds(lanes.now - lanes.oldest),
            ticked=None if ticked is None else _seconds(lanes.now - ticked),
        )


def _seconds(length: timedelta) -> float:
    return max(0.0, length.total_seconds())
