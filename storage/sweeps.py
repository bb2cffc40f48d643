"""Sweeps: which check-ins wait until their thread was read once more, and how far that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from bot.domain.checkins import State as OccurrenceState
from bot.domain.partnerships import State as PartnershipState
from storage.statements import insert_into
from storage.tables import lane, message, occurrence, partnership
from storage.tables import sweep as table
from storage.types import lease_now


@dataclass(frozen=True, slots=True)
class Sweep:
    """The thread of a check-in that is to be read once more."""

    occurrence_id: int
    installation_id: int
    channel: str
    thread: str
    """The ``ts`` of the check-in itself."""
    attempts: int
    """How often it was tried, this time included."""
    age: timedelta
    """How long the check-in has waited for it."""


class Sweeps:
    """Queries on sweeps."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def hold(self, now: datetime, limit: int) -> int:
        """Let the check-ins whose time is over wait for their sweep; returns how many are new."""
        wanted = self.connection.execute(
            select(occurrence.c.id)
            .join(message, message.c.id == occurrence.c.message_id)
            .join(partnership, partnership.c.id == occurrence.c.partnership_id)
            .outerjoin(table, table.c.occurrence_id == occurrence.c.id)
            .where(
                occurrence.c.state == OccurrenceState.OPEN,
                occurrence.c.closes_at <= now,
                occurrence.c.gone_at.is_(None),
                message.c.ts.is_not(None),
                partnership.c.state != PartnershipState.ENDED,
                table.c.occurrence_id.is_(None),
            )
            .order_by(occurrence.c.closes_at)
            .limit(limit)
        ).scalars()
        rows = list(wanted)
        if rows:
            begun = select(occurrence.c.id, lease_now(), lease_now())
            self.connection.execute(  # another process may have found the same
                insert_into(table)
                .from_select(
                    ["occurrence_id", "begun_at", "due_at"], begun.where(occurrence.c.id.in_(rows))
                )
                .on_conflict_do_nothing()
            )
        return len(rows)

    def take(self, limit: int, lease: timedelta) -> tuple[Sweep, ...]:
        """Those whose turn it is; nobody else gets them before the lease is over."""
        due = (
            select(table.c.occurrence_id)
            .where(table.c.done.is_(False), table.c.due_at <= lease_now())
            .order_by(table.c.due_at, table.c.occurrence_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = self.connection.execute(
            update(table)
            .where(table.c.occurrence_id.in_(due))
            .values(due_at=lease_now(lease), attempts=table.c.attempts + 1)
            .returning(table.c.occurrence_id)
        ).scalars()
        rows = self.connection.execute(
            select(
                table.c.occurrence_id,
                lane.c.installation_id,
                message.c.channel,
                message.c.ts,
                table.c.attempts,
                table.c.begun_at,
                lease_now().label("now"),
            )
            .join(occurrence, occurrence.c.id == table.c.occurrence_id)
            .join(message, message.c.id == occurrence.c.message_id)
            .join(lane, lane.c.id == message.c.lane_id)
            .where(table.c.occurrence_id.in_(list(taken)))
        )
        return tuple(
            Sweep(
                occurrence_id=row.occurrence_id,
                installation_id=row.installation_id,
                channel=row.channel,
                thread=row.ts,
                attempts=row.attempts,
                age=row.now - row.begun_at,
            )
            for row in rows
        )

    def done(self, occurrence_id: int, problem: str | None = None) -> None:
        """The thread was read, or (with a problem) cannot be: the check-in waits no longer."""
        self._set(occurrence_id, done=True, problem=problem)

    def later(
        self, occurrence_id: int, rest: timedelta, problem: str, *, counts: bool = True
    ) -> None:
        """Try again after a rest. ``counts``: whether this was one of the attempts."""
        attempts = table.c.attempts if counts else table.c.attempts - 1
        self._set(occurrence_id, due_at=lease_now(rest), problem=problem, attempts=attempts)

    def given_up(self) -> int:
        """How many threads could not be read before their check-in was summed up."""
        return self.connection.execute(
            select(func.count())
            .select_from(table)
            .where(table.c.done.is_(True), table.c.problem.is_not(None))
        ).scalar_one()

    def _set(self, occurrence_id: int, **values: object) -> None:
        self.connection.execute(
            update(table).where(table.c.occurrence_id == occurrence_id).values(**values)
        )
