"""Messages that did not get through: which, why, and whether somebody was told."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)

from bot.domain.posts import Kind, State
from bot.domain.trouble import UNTOLD, NotThrough, Report, Why
from storage.tables import lane, message, place
from storage.tables import report as table

_FOR_GOOD = and_(not_(message.c.pending), message.c.sent < message.c.wanted)
"""As the index has it: those of which nobody has, or will get, the newest words."""

_ON_PURPOSE = ("withdrawn", "deleted", "message_not_found")
"""Why newest words are not shown although nothing went wrong."""

_why = case(
    (message.c.state == State.SENT, literal(Why.OLD_WORDS.value)),
    (message.c.state == State.REFUSED, literal(Why.REFUSED.value)),
    (message.c.settled_at > message.c.grace_until, literal(Why.TOO_LATE.value)),
    else_=literal(Why.GIVEN_UP.value),
)


class Trouble:
    """Queries on what did not get through."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def not_through(
        self, since: datetime, until: datetime, installation_id: int | None = None
    ) -> tuple[NotThrough, ...]:
        """How many of what, and why: of what was settled in that time, by the calendar.

        Without an installation, of all.
        """
        why, problem = _why.label("why"), func.coalesce(message.c.problem, "").label("problem")
        rows = self.connection.execute(
            select(message.c.kind, why, problem, func.count().label("number"))
            .join(lane, lane.c.id == message.c.lane_id)
            .where(_settled(since, until), _of(installation_id))
            .group_by(message.c.kind, why, problem)
            .order_by(message.c.kind, why, problem)
        )
        return tuple(
            NotThrough(Kind(row.kind), Why(row.why), row.problem, row.number) for row in rows
        )

    def first(self, installation_id: int, since: datetime, until: datetime) -> datetime | None:
        """When the first of them was settled; None where all got through."""
        found: datetime | None = self.connection.scalar(
            select(func.min(message.c.settled_at))
            .join(lane, lane.c.id == message.c.lane_id)
            .where(_settled(since, until), _of(installation_id))
        )
        return found

    def partnerships(
        self, installation_id: int, since: datetime, until: datetime
    ) -> tuple[int, ...]:
        """The partnerships that they were about, as far as their channels say."""
        where = func.coalesce(message.c.about, message.c.channel)
        rows = self.connection.execute(
            select(place.c.partnership_id)
            .distinct()
            .select_from(
                message.join(lane, lane.c.id == message.c.lane_id).join(
                    place,
                    and_(
                        place.c.installation_id == lane.c.installation_id,
                        place.c.channel == where,
                        place.c.until.is_(None),
                    ),
                )
            )
            .where(_settled(since, until), _of(installation_id))
            .order_by(place.c.partnership_id)
        )
        return tuple(row.partnership_id for row in rows)

    def refusing(self, installation_id: int, since: datetime, until: datetime) -> frozenset[int]:
        """The members to whom Slack took nothing in that time: no use in telling them.

        Words about trouble count as well, else the same person would be chosen every day.
        """
        rows = self.connection.execute(
            select(message.c.member_id)
            .distinct()
            .join(lane, lane.c.id == message.c.lane_id)
            .where(
                _FOR_GOOD,
                message.c.settled_at > since,
                message.c.settled_at <= until,
                _of(installation_id),
                message.c.state == State.REFUSED,
                message.c.member_id.is_not(None),
            )
        )
        return frozenset(row.member_id for row in rows)

    def last(self, installation_id: int) -> Report | None:
        """The last telling; None before the first."""
        row = self.connection.execute(
            select(table)
            .where(table.c.installation_id == installation_id)
            .order_by(table.c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else Report(*row)

    def by_id(self, report_id: int) -> Report:
        """One telling."""
        return Report(*self.connection.execute(select(table).where(table.c.id == report_id)).one())

    def add(self, installation_id: int, since: datetime, until: datetime, at: datetime) -> Report:
        """It is told now."""
        row = self.connection.execute(
            insert(table)
            .values(installation_id=installation_id, since=since, until=until, at=at)
            .returning(*table.c)
        ).one()
        return Report(*row)


def _of(installation_id: int | None) -> ColumnElement[bool]:
    if installation_id is None:
        return literal(True)
    return lane.c.installation_id == installation_id


def _settled(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(
        _FOR_GOOD,
        message.c.settled_at > since,
        message.c.settled_at <= until,
        message.c.kind.not_in(UNTOLD),
        or_(
            message.c.state.in_((State.REFUSED, State.MISSED)),
            and_(
                message.c.state == State.SENT,
                func.coalesce(message.c.problem, "").not_in(_ON_PURPOSE),
            ),
        ),
    )
