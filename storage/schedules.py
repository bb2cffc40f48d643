"""Schedules: when each is due, what became of each date, and which days are taken.

The clock looks at many at once, so what it asks and writes is a few statements for a whole batch;
each starts from the narrow table of what is due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update

from bot.domain.checkins import New, Occurrence
from bot.domain.checkins import State as OccurrenceState
from bot.domain.errors import NotFound
from bot.domain.open_days import Workdays
from bot.domain.partnerships import State as PartnershipState
from bot.domain.rhythm import Rhythm
from bot.domain.schedules import Due, Entry, Event, Office, Schedule, ScheduleKind
from storage.statements import Prepared, insert_into
from storage.tables import (
    closed_day,
    due,
    installation,
    occurrence,
    organization,
    participation,
    partnership,
    place,
    schedule_history,
    unprompted,
)
from storage.tables import schedule as table

_PARTS = (
    table.c.id,
    table.c.partnership_id,
    table.c.kind,
    table.c.frequency,
    table.c.weekday,
    table.c.nth,
    table.c.at,
    table.c.zone,
    table.c.anchor,
    table.c.begun_at,
    table.c.paused,
    table.c.paused_until,
    table.c.set_by,
)

_due = Prepared(
    select(
        *_PARTS,
        due.c.at.label("due_at"),
        due.c.nominal,
        partnership.c.installation_id,
        partnership.c.state,
        installation.c.gone_at,
        place.c.channel,
    )
    .select_from(
        due.join(table, table.c.id == due.c.schedule_id)
        .join(partnership, partnership.c.id == table.c.partnership_id)
        .join(installation, installation.c.id == partnership.c.installation_id)
        .outerjoin(place, and_(place.c.partnership_id == partnership.c.id, place.c.until.is_(None)))
    )
    .where(due.c.at <= bindparam("now"))
    .order_by(due.c.at, due.c.schedule_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=due)
)
_advance = Prepared(
    update(due)
    .where(due.c.schedule_id == bindparam("schedule"))
    .values(at=bindparam("next_at"), nominal=bindparam("next_nominal"))
)
_of = Prepared(
    select(*_PARTS).where(
        table.c.partnership_id == bindparam("partnership"), table.c.kind == bindparam("which")
    )
)
_by_id = Prepared(select(*_PARTS).where(table.c.id == bindparam("schedule")))
_next = Prepared(select(due.c.at, due.c.nominal).where(due.c.schedule_id == bindparam("schedule")))
_occurrence = Prepared(select(occurrence).where(occurrence.c.id == bindparam("occurrence")))
_point = Prepared(
    update(occurrence)
    .where(occurrence.c.id == bindparam("occurrence"))
    .values(message_id=bindparam("message"))
)


class Schedules:
    """Queries on schedules and their occurrences."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # One schedule

    def of(self, partnership_id: int, kind: ScheduleKind) -> Schedule | None:
        """The schedule of that kind; None before somebody needed it."""
        row = _of.first(self.connection, partnership=partnership_id, which=kind)
        return None if row is None else _schedule(row)

    def by_id(self, schedule_id: int) -> Schedule:
        """A schedule; raises NotFound where there is none."""
        row = _by_id.first(self.connection, schedule=schedule_id)
        if row is None:
            raise NotFound("I don't know this schedule any more.")
        return _schedule(row)

    def add(
        self,
        partnership_id: int,
        kind: ScheduleKind,
        rhythm: Rhythm,
        zone: str,
        anchor: date,
        set_by: int | None,
        now: datetime,
    ) -> Schedule:
        """A new schedule, which does not post yet."""
        row = self.connection.execute(
            insert(table)
            .values(
                partnership_id=partnership_id,
                kind=kind,
                zone=zone,
                anchor=anchor,
                set_by=set_by,
                set_at=now,
                **_held(rhythm),
            )
            .returning(*_PARTS)
        ).one()
        return _schedule(row)

    def change(self, schedule_id: int, **values: Any) -> Schedule:
        """Set columns (``paused``, ``zone``, …); ``rhythm`` sets all that belong to it."""
        rhythm = values.pop("rhythm", None)
        if rhythm is not None:
            values |= _held(rhythm)
        row = self.connection.execute(
            update(table).where(table.c.id == schedule_id).values(**values).returning(*_PARTS)
        ).one()
        return _schedule(row)

    def next(self, schedule_id: int) -> tuple[datetime, date] | None:
        """When it is due next, and for which nominal date; None while it rests."""
        row = _next.first(self.connection, schedule=schedule_id)
        return None if row is None else (row.at, row.nominal)

    def expect(self, schedule_id: int, at: datetime, nominal: date) -> None:
        """It is due next then."""
        moved = _advance.run(
            self.connection, schedule=schedule_id, next_at=at, next_nominal=nominal
        )
        if not moved:
            self.connection.execute(
                insert(due).values(schedule_id=schedule_id, at=at, nominal=nominal)
            )

    def rest(self, *schedule_ids: int) -> None:
        """They are not due any more."""
        self.connection.execute(due.delete().where(due.c.schedule_id.in_(schedule_ids)))

    # What happened to it at once

    def record(
        self,
        schedule_id: int,
        event: Event,
        member_id: int,
        organization_id: int | None,
        now: datetime,
        day: date | None = None,
    ) -> int:
        """Write down what somebody did; returns the id of the row."""
        return int(
            self.connection.execute(
                insert(schedule_history)
                .values(
                    schedule_id=schedule_id,
                    kind=event,
                    member_id=member_id,
                    organization_id=organization_id,
                    at=now,
                    day=day,
                )
                .returning(schedule_history.c.id)
            ).scalar_one()
        )

    def entry(self, entry_id: int) -> Entry:
        """One row of what happened; raises NotFound where there is none."""
        row = self.connection.execute(
            select(schedule_history).where(schedule_history.c.id == entry_id)
        ).one_or_none()
        if row is None:
            raise NotFound("I don't know this any more.")
        return _entry(row)

    def entries(self, ids: Collection[int]) -> dict[int, tuple[ScheduleKind, Entry]]:
        """These rows of the history of schedules, with their kinds, by id; one query."""
        rows = self.connection.execute(
            select(table.c.kind.label("what"), schedule_history)
            .select_from(schedule_history.join(table))
            .where(schedule_history.c.id.in_(sorted(ids)))
        )
        return {row.id: (row.what, _entry(row)) for row in rows}

    # Many at once, for the clock

    def due(self, now: datetime, limit: int) -> tuple[Due, ...]:
        """What is due by now, the longest due first; on PostgreSQL nobody else gets the same."""
        rows = _due.all(self.connection, now=now, limit=limit)
        found = {
            row.id: Due(
                schedule=_schedule(row),
                nominal=row.nominal,
                at=row.due_at,
                installation_id=row.installation_id,
                channel=row.channel,
                started=row.state == PartnershipState.STARTED,
                installed=row.gone_at is None,
            )
            for row in rows
        }
        return tuple(found.values())

    def next_due(self) -> datetime | None:
        """When the next schedule of all is due."""
        found: datetime | None = self.connection.execute(select(func.min(due.c.at))).scalar_one()
        return found

    def advance(self, schedules: Iterable[tuple[int, datetime, date]]) -> None:
        """When each is due next: (schedule, instant, nominal date)."""
        _advance.many(
            self.connection,
            [
                {"schedule": schedule, "next_at": at, "next_nominal": nominal}
                for schedule, at, nominal in schedules
            ],
        )

    def expected(
        self, partnership_ids: Collection[int], kind: ScheduleKind
    ) -> dict[int, tuple[datetime, str]]:
        """By partnership: when its schedule of that kind is due next, and in which zone."""
        rows = self.connection.execute(
            select(table.c.partnership_id, due.c.at, table.c.zone)
            .select_from(table.join(due, due.c.schedule_id == table.c.id))
            .where(table.c.partnership_id.in_(partnership_ids), table.c.kind == kind)
        )
        return {row.partnership_id: (row.at, row.zone) for row in rows}

    def offices(
        self, partnership_ids: Collection[int], since: date, until: date
    ) -> dict[int, tuple[Office, ...]]:
        """By partnership: when each organization that has agreed is open in that time."""
        parts = self.connection.execute(
            select(
                participation.c.partnership_id,
                organization.c.id,
                organization.c.name,
                organization.c.working_days,
            )
            .select_from(participation.join(organization))
            .where(
                participation.c.partnership_id.in_(partnership_ids),
                participation.c.left_at.is_(None),
                participation.c.ok_at.is_not(None),
            )
            .order_by(participation.c.id)
        ).all()
        closed: dict[int, dict[date, str]] = {}
        for row in self.connection.execute(
            select(closed_day.c.organization_id, closed_day.c.day, closed_day.c.label).where(
                closed_day.c.organization_id.in_({part.id for part in parts}),
                closed_day.c.day.between(since, until),
            )
        ):
            closed.setdefault(row.organization_id, {})[row.day] = row.label
        made: dict[int, Office] = {}
        found: dict[int, list[Office]] = {}
        for part in parts:
            if part.id not in made:
                labels = closed.get(part.id, {})
                days = frozenset(int(each) for each in part.working_days) or frozenset(range(7))
                made[part.id] = Office(part.name, Workdays(days, frozenset(labels)), labels)
            found.setdefault(part.partnership_id, []).append(made[part.id])
        return {each: tuple(offices) for each, offices in found.items()}

    def taken(self, partnership_ids: Collection[int], since: date) -> dict[int, set[date]]:
        """By partnership: the days, from one on, that have an unprompted post already."""
        found: dict[int, set[date]] = {}
        for row in self.connection.execute(
            select(unprompted.c.partnership_id, unprompted.c.day).where(
                unprompted.c.partnership_id.in_(partnership_ids), unprompted.c.day >= since
            )
        ):
            found.setdefault(row.partnership_id, set()).add(row.day)
        return found

    def take(self, days: Sequence[tuple[int, date, ScheduleKind]]) -> set[tuple[int, date]]:
        """Take days for unprompted posts: (partnership, day, what); returns which were free."""
        if not days:
            return set()
        rows = self.connection.execute(
            insert_into(unprompted)
            .on_conflict_do_nothing()
            .returning(unprompted.c.partnership_id, unprompted.c.day),
            [
                {"partnership_id": partnership_id, "day": day, "kind": kind}
                for partnership_id, day, kind in days
            ],
        )
        return {(row.partnership_id, row.day) for row in rows}

    def write(self, new: Sequence[New]) -> dict[tuple[int, date], int]:
        """Write what became of dates; returns the ids of those that were not there before."""
        if not new:
            return {}
        rows = self.connection.execute(
            insert_into(occurrence)
            .on_conflict_do_nothing()
            .returning(occurrence.c.id, occurrence.c.schedule_id, occurrence.c.nominal),
            [
                {
                    "schedule_id": each.schedule_id,
                    "partnership_id": each.partnership_id,
                    "kind": each.kind,
                    "nominal": each.nominal,
                    "slot": each.slot,
                    "at": each.at,
                    "state": each.state,
                    "closes_at": each.closes_at,
                    "half_at": each.half_at,
                    "asked_by": each.asked_by,
                    "detail": dict(each.detail),
                }
                for each in new
            ],
        )
        return {(row.schedule_id, row.nominal): row.id for row in rows}

    def erase(self, occurrences: Collection[int]) -> None:
        """Take back what was written a moment ago, in the same transaction."""
        if occurrences:
            self.connection.execute(delete(occurrence).where(occurrence.c.id.in_(occurrences)))

    def point(self, messages: Mapping[int, int]) -> None:
        """Which message each occurrence is: by occurrence."""
        _point.many(
            self.connection,
            [{"occurrence": one, "message": message} for one, message in messages.items()],
        )

    # Occurrences

    def occurrence(self, occurrence_id: int) -> Occurrence:
        """One posting; raises NotFound where there is none."""
        row = _occurrence.first(self.connection, occurrence=occurrence_id)
        if row is None:
            raise NotFound("I don't know this post any more.")
        return occurrence_value(row)

    def last_slot(self, schedule_id: int, nominal: date) -> int | None:
        """The highest slot of that day; None where there is none."""
        found: int | None = self.connection.execute(
            select(func.max(occurrence.c.slot)).where(
                occurrence.c.schedule_id == schedule_id, occurrence.c.nominal == nominal
            )
        ).scalar_one()
        return found

    def latest(
        self, partnership_id: int, kind: ScheduleKind, *states: OccurrenceState
    ) -> Occurrence | None:
        """The newest of that kind in one of these states."""
        row = self.connection.execute(
            select(occurrence)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.kind == kind,
                occurrence.c.state.in_(states),
            )
            .order_by(occurrence.c.at.desc(), occurrence.c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else occurrence_value(row)

    def last_details(self, schedule_ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """What the newest posting of each schedule kept, where there was one; one query."""
        newest = (
            select(func.max(occurrence.c.id))
            .where(occurrence.c.schedule_id.in_(schedule_ids), occurrence.c.message_id.is_not(None))
            .group_by(occurrence.c.schedule_id)
        )
        rows = self.connection.execute(
            select(occurrence.c.schedule_id, occurrence.c.detail).where(occurrence.c.id.in_(newest))
        )
        return {row.schedule_id: dict(row.detail) for row in rows}

    def skipped(self, schedule_id: int, since: date) -> frozenset[date]:
        """The dates of a schedule, from a day on, that somebody skipped."""
        return frozenset(
            self.connection.scalars(
                select(occurrence.c.nominal).where(
                    occurrence.c.schedule_id == schedule_id,
                    occurrence.c.nominal >= since,
                    occurrence.c.state == OccurrenceState.SKIPPED,
                )
            )
        )

    def forget(self, occurrence_id: int) -> None:
        """A date that was skipped is open again."""
        self.connection.execute(occurrence.delete().where(occurrence.c.id == occurrence_id))

    def set_occurrence(self, occurrence_id: int, **values: Any) -> None:
        """Set columns of an occurrence (``state``, ``gone_at``, …)."""
        self.connection.execute(
            update(occurrence).where(occurrence.c.id == occurrence_id).values(**values)
        )


def _held(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "frequency": rhythm.frequency,
        "weekday": rhythm.weekday,
        "nth": rhythm.nth,
        "at": f"{rhythm.at:%H:%M}",
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        schedule_id=row.schedule_id,
        event=row.kind,
        member=row.member_id,
        organization=row.organization_id,
        at=row.at,
        day=row.day,
    )


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        id=row.id,
        partnership_id=row.partnership_id,
        kind=row.kind,
        rhythm=Rhythm(row.frequency, row.weekday, time.fromisoformat(row.at), row.nth),
        zone=row.zone,
        anchor=row.anchor,
        begun=row.begun_at is not None,
        paused=row.paused,
        paused_until=row.paused_until,
        set_by=row.set_by,
    )


def occurrence_value(row: Row[Any]) -> Occurrence:
    """An occurrence out of its row."""
    return Occurrence(
        id=row.id,
        schedule_id=row.schedule_id,
        partnership_id=row.partnership_id,
        kind=row.kind,
        nominal=row.nominal,
        slot=row.slot,
        at=row.at,
        state=row.state,
        closes_at=row.closes_at,
        gone_at=row.gone_at,
        asked_by=row.asked_by,
        message_id=row.message_id,
        summary_id=row.summary_id,
        detail=row.detail,
    )
