"""The courier's lanes: which is due, whose it is, and why it rests.

A *lane* (one channel, or one member's direct messages) is the unit of claim, so messages of one
lane leave in the order in which they were recorded. Its clock is the database's.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy import Text as PlainText

from bot.domain.posts import Claim, State
from storage.statements import Prepared
from storage.tables import installation, lane
from storage.tables import message as table
from storage.types import Duration, Text, lease_now

_LONGEST_LEASE = timedelta(hours=1)
_now = lease_now()
_asleep = or_(  # no claim is to come soon: not one that is due now, nor one after a rest
    lane.c.due_at.is_(None),
    and_(
        lane.c.due_at > _now,
        or_(lane.c.not_before.is_(None), lane.c.due_at > lane.c.not_before),
    ),
)
_find_lane = Prepared(
    select(lane.c.id, _asleep.label("asleep")).where(
        lane.c.installation_id == bindparam("installation"), lane.c.name == bindparam("lane")
    )
)
_add_lane = Prepared(insert(lane).values(due_at=_now).returning(lane.c.id))
_wake_lane = Prepared(
    update(lane)
    .where(lane.c.id == bindparam("lane"), _asleep)
    .values(due_at=case((lane.c.not_before > _now, lane.c.not_before), else_=_now))
)

_live = select(installation.c.id).where(
    installation.c.gone_at.is_(None),
    or_(installation.c.not_before.is_(None), installation.c.not_before <= _now),
)
_claimable = (
    select(lane.c.id)
    .where(
        lane.c.due_at <= _now,
        or_(lane.c.lease_until.is_(None), lane.c.lease_until <= _now),
        lane.c.installation_id.in_(_live),
        not_(bindparam("but", type_=Text).like("%," + cast(lane.c.id, PlainText) + ",%")),
    )
    .order_by(lane.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=lane)
    .cte("claimable")
)
_problem = func.coalesce(
    lane.c.problem,
    select(installation.c.problem)
    .where(installation.c.id == lane.c.installation_id)
    .scalar_subquery(),
).label("problem")
_claim = Prepared(
    update(lane)
    .where(lane.c.id.in_(select(_claimable.c.id)))
    .values(
        token=bindparam("token_"),
        lease_until=lease_now(bindparam("lease", type_=Duration())),
    )
    .returning(
        lane.c.id,
        lane.c.installation_id,
        lane.c.last_ts,
        _problem,
    )
)
_next_due = Prepared(
    select(
        func.min(
            case((lane.c.lease_until > lane.c.due_at, lane.c.lease_until), else_=lane.c.due_at)
        ).label("at"),
        _now.label("now"),
    ).where(
        lane.c.due_at.is_not(None),
        lane.c.installation_id.in_(_live),
    )
)

HELD = and_(lane.c.id == bindparam("lane"), lane.c.token == bindparam("token_"))
"""Whether a claim still holds its lane."""

_lease = Prepared(select(lane.c.not_before, lane.c.paced_until, _now.label("now")).where(HELD))
_waits = and_(table.c.lane_id == bindparam("lane"), table.c.pending)
_rests = and_(table.c.state == State.SENT, table.c.not_before.is_not(None))
_wanted = Prepared(  # when a lane's next message is: now, if any of them does not rest
    select(
        case(
            (select(table.c.id).where(_waits, not_(_rests)).exists(), _now),
            else_=select(func.min(table.c.not_before)).where(_waits).scalar_subquery(),
        )
    )
)
_give_back = Prepared(
    update(lane)
    .where(lane.c.id == bindparam("lane"))
    .values(
        token=None,
        lease_until=None,
        not_before=bindparam("rests"),
        paced_until=bindparam("paced"),
        due_at=bindparam("due"),
        last_ts=func.coalesce(bindparam("newest", type_=lane.c.last_ts.type), lane.c.last_ts),
    )
)


class Lanes:
    """Queries on lanes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def claim(
        self, token: str, lease: timedelta, limit: int, but: Collection[int] = ()
    ) -> tuple[Claim, ...]:
        """Take up to ``limit`` lanes that are due, for the time of a lease. For ``db.claim``.

        ``but`` are those that the same courier still serves: where the database's clock jumps
        ahead, their leases are over and the calls under way are not.
        """
        names = "".join(f",{each}" for each in but) + ","
        rows = _claim.all(self.connection, token_=token, lease=lease, limit=limit, but=names)
        return tuple(
            Claim(row.id, row.installation_id, token, row.last_ts, row.problem) for row in rows
        )

    def next_due(self) -> timedelta | None:
        """How long until a lane can be claimed (zero: now); None if nothing is left to do."""
        row = _next_due.one(self.connection)
        return None if row.at is None else max(row.at - row.now, timedelta())

    def release(self, claim: Claim, rest: timedelta = timedelta(), *, paced: bool = False) -> None:
        """Let go of a lane, as it is. ``paced``: Slack named the rest: nobody ends it sooner."""
        self._release(claim, rest=rest, paced=paced)

    def rest_channel(
        self, installation_id: int, channel: str, problem: str, rest: timedelta
    ) -> None:
        """Say nothing in a channel until somebody mends it, but try again after ``rest``."""
        self._lane(installation_id, channel)
        until = _not_sooner(lease_now(rest))
        self.connection.execute(
            update(lane)
            .where(lane.c.installation_id == installation_id, lane.c.name == channel)
            .values(
                problem=problem,
                not_before=until,
                due_at=case((lane.c.due_at.is_not(None), until), else_=None),
            )
        )

    def resume_channel(self, installation_id: int, channel: str) -> bool:
        """Go on in a channel with what waited; whether it rested.

        What may have been posted keeps its rest: it is not to be looked up too early. So does
        what Slack has wait for a time.
        """
        unknown = select(table.c.id).where(
            table.c.lane_id == lane.c.id,
            table.c.state == State.UNKNOWN,
            func.coalesce(table.c.problem, "") != lane.c.problem,  # else it was looked up already
        )
        soon = lease_now(_LONGEST_LEASE)
        rest = case((lane.c.not_before > soon, soon), else_=lane.c.not_before)
        rests = and_(lane.c.not_before > _now, unknown.exists())
        return bool(
            self.connection.execute(
                update(lane)
                .where(
                    lane.c.installation_id == installation_id,
                    lane.c.name == channel,
                    lane.c.problem.is_not(None),
                )
                .values(
                    problem=None,
                    not_before=case((rests, _not_sooner(rest)), else_=lane.c.paced_until),
                    due_at=case((rests, _not_sooner(rest)), else_=_not_sooner(_now)),
                )
            ).rowcount
        )

    def mended(self, lane_id: int) -> bool:
        """Something was said in a lane; whether that is news. Its pace stays as it is."""
        return bool(
            self.connection.execute(
                update(lane)
                .where(lane.c.id == lane_id, lane.c.problem.is_not(None))
                .values(problem=None)
            ).rowcount
        )

    def problem_of(self, claim: Claim) -> str | None:
        """As the claim's own, but by now: None where somebody mended it since."""
        found: str | None = self.connection.scalar(select(_problem).where(lane.c.id == claim.lane))
        return found

    def channel_problem(self, installation_id: int, channel: str) -> str | None:
        """Why nothing is said in a channel for now, in Slack's word; None where all is well."""
        found: str | None = self.connection.scalar(
            select(lane.c.problem).where(
                lane.c.installation_id == installation_id, lane.c.name == channel
            )
        )
        return found

    def _lane(self, installation_id: int, name: str) -> int:
        """The lane of that name, with its next claim not before its pace allows."""
        row = _find_lane.first(self.connection, installation=installation_id, lane=name)
        if row is None:
            return int(
                _add_lane.scalar(self.connection, installation_id=installation_id, name=name)
            )
        if row.asleep:
            self._wake(row.id)
        return int(row.id)

    def _lanes(self, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
        """As ``_lane`` for many at once."""
        rows = self.connection.execute(
            select(lane.c.id, lane.c.installation_id, lane.c.name, _asleep.label("asleep")).where(
                lane.c.installation_id.in_({installation_id for installation_id, _ in wanted}),
                lane.c.name.in_({name for _, name in wanted}),
            )
        )
        found: dict[tuple[int, str], int] = {}
        asleep: list[dict[str, int]] = []
        for row in rows:
            if (row.installation_id, row.name) in wanted:
                found[row.installation_id, row.name] = row.id
                if row.asleep:
                    asleep.append({"lane": row.id})
        _wake_lane.many(self.connection, asleep)
        for installation_id, name in wanted:
            if (installation_id, name) not in found:
                found[installation_id, name] = self._lane(installation_id, name)
        return found

    def _inherit(self, before: int, after: int) -> None:
        """What may be under way in one lane is not touched in the other before it is over there."""
        columns = select(
            lane.c.last_ts,
            lane.c.not_before,
            lane.c.paced_until,
            lane.c.lease_until,
            lane.c.problem,
        )
        old = self.connection.execute(columns.where(lane.c.id == before)).one()
        new = self.connection.execute(columns.where(lane.c.id == after)).one()
        last = [ts for ts in (old.last_ts, new.last_ts) if ts is not None]
        rests = [old.lease_until, old.not_before, new.not_before]
        values: dict[str, Any] = {"last_ts": min(last, key=float, default=None)}
        if rest := max((at for at in rests if at is not None), default=None):
            values.update(not_before=rest, due_at=rest)
        paced = [at for at in (old.paced_until, new.paced_until) if at is not None]
        values["paced_until"] = max(paced, default=None)
        if old.problem is not None:  # why it rests, so that whoever mends it finds the rest
            values["problem"] = new.problem or old.problem
            self.connection.execute(update(lane).where(lane.c.id == before).values(problem=None))
        self.connection.execute(update(lane).where(lane.c.id == after).values(values))

    def _wake(self, lane_id: int) -> None:
        _wake_lane.run(self.connection, lane=lane_id)

    def _release(
        self,
        claim: Claim,
        *,
        rest: timedelta = timedelta(),
        pace: timedelta = timedelta(),
        paced: bool = False,
        last_ts: str | None = None,
    ) -> None:
        """Give the lane back: due when its next message is, and not before rest and pace end.

        ``paced``: it is Slack who has it rest.
        """
        held = _lease.first(self.connection, lane=claim.lane, token_=claim.token)
        if held is None:
            return  # somebody else's by now
        wanted = _wanted.scalar(self.connection, lane=claim.lane)
        paused = max(rest, pace)
        rests = held.now + paused if paused else held.not_before
        slacks = rests if paced else held.paced_until
        if rests is not None and slacks is not None:
            rests = max(rests, slacks)
        _give_back.run(
            self.connection,
            lane=claim.lane,
            rests=rests,
            paced=slacks,
            due=None if wanted is None else max(wanted, rests or wanted),
            newest=last_ts,
        )


def _not_sooner(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """That time, or the one that Slack named, whichever is later."""
    return case((lane.c.paced_until > at, lane.c.paced_until), else_=at)
