"""What the courier notes of a message under way. ``now`` is the calendar's."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select, update

from bot.domain.posts import Claim, Outgoing, State
from storage.messages.found import MESSAGES, outgoing
from storage.messages.lanes import HELD, Lanes
from storage.messages.outbox import new_key
from storage.statements import Prepared
from storage.tables import lane
from storage.tables import message as table
from storage.types import lease_now

_now = lease_now()
_next = (  # narrow, so that a long queue is not sorted with all that its rows hold
    select(table.c.id)
    .where(
        table.c.lane_id == bindparam("lane"),
        table.c.pending,
        or_(
            table.c.state != State.SENT,
            table.c.not_before.is_(None),
            table.c.not_before <= _now,
        ),
    )
    .order_by(
        case(
            (or_(table.c.state == State.SENDING, table.c.state == State.UNKNOWN), 0),
            (table.c.state == State.SENT, 1),
            else_=2,
        ),
        table.c.id,
    )
    .limit(1)
)
_head = Prepared(MESSAGES.where(table.c.id == _next.scalar_subquery()))

_begin = Prepared(
    update(table)
    .where(
        table.c.id == bindparam("message"),
        table.c.lane_id == bindparam("lane"),
        table.c.state == bindparam("was"),
        table.c.attempts == bindparam("tried"),
        select(lane.c.id).where(HELD, lane.c.lease_until > _now).exists(),
    )
    .values(
        state=State.SENDING,
        channel=bindparam("channel_"),
        attempts=table.c.attempts + 1,
    )
)
_sent = Prepared(
    update(table)
    .where(
        table.c.id == bindparam("message"),
        table.c.key == bindparam("known_as"),
        or_(table.c.state == State.SENDING, table.c.state == State.UNKNOWN),
    )
    .values(
        state=State.SENT,
        ts=bindparam("ts_"),
        sent=bindparam("version"),
        pending=table.c.wanted > bindparam("version"),
        attempts=0,
        not_before=None,
        problem=None,
        settled_at=bindparam("at"),
    )
)


class Sending(Lanes):
    """Noting what became of messages."""

    def head(self, claim: Claim) -> Outgoing | None:
        """What is to be done next in a lane: the unresolved, then refreshes, then the oldest."""
        row = _head.first(self.connection, lane=claim.lane)
        return None if row is None else outgoing(row)

    def begin(self, claim: Claim, message: Outgoing, channel: str) -> bool:
        """Note, before Slack is called, that it may have the message from now on.

        False where the lease is lost or the message has moved on: then Slack must not be called.
        """
        return bool(
            _begin.run(
                self.connection,
                message=message.id,
                was=message.state,
                tried=message.attempts,
                lane=claim.lane,
                token_=claim.token,
                channel_=channel,
            )
        )

    def sent(
        self,
        claim: Claim,
        message: Outgoing,
        ts: str,
        version: int,
        *,
        now: datetime,
        pace: timedelta,
    ) -> bool:
        """Slack has it, at ``ts``. True unless somebody else has settled it in the meantime.

        Recorded even if the lease was lost: that it was posted is true whoever says so.
        """
        recorded = _sent.run(
            self.connection,
            message=message.id,
            known_as=message.key,
            ts_=ts,
            version=version,
            at=now,
        )
        self._release(claim, pace=pace, last_ts=ts)
        return bool(recorded)

    def refreshed(self, claim: Claim, message: Outgoing, version: int) -> None:
        """Slack shows this version."""
        self._change(
            claim,
            message,
            sent=version,
            pending=table.c.wanted > version,
            attempts=0,
            not_before=None,
            problem=None,
        )
        self._release(claim)

    def refresh_later(
        self,
        claim: Claim,
        message: Outgoing,
        rest: timedelta,
        problem: str,
        *,
        counts: bool = True,
    ) -> None:
        """The refresh has to be repeated after a rest; the lane's other messages go on.

        ``counts``: whether Slack was called, so that it counts as an attempt.
        """
        self._change(
            claim,
            message,
            not_before=lease_now(rest),
            problem=problem,
            attempts=table.c.attempts + int(counts),
        )
        self._release(claim)

    def not_refreshed(
        self, claim: Claim, message: Outgoing, problem: str, at: datetime | None = None
    ) -> None:
        """Slack will not show a newer version; the old one stays until the next refresh.

        ``at``: when that was, where it went wrong and is to be told.
        """
        settled = {} if at is None else {"settled_at": at}
        self._change(
            claim,
            message,
            pending=False,
            attempts=0,
            not_before=None,
            problem=problem,
            **settled,
        )
        self._release(claim)

    def afresh(self, claim: Claim, message: Outgoing) -> None:
        """It is not in Slack (any more) and should be: to be posted as if for the first time."""
        self._change(
            claim,
            message,
            state=State.WAITING,
            key=new_key(),
            ts=None,
            sent=0,
            attempts=0,
            not_before=None,
            settled_at=None,
        )
        self._release(claim)

    def unknown(self, claim: Claim, message: Outgoing, rest: timedelta, problem: str) -> None:
        """Slack may have it: the lane rests, then it is looked up."""
        self._change(claim, message, state=State.UNKNOWN, problem=problem)
        self._release(claim, rest=rest)

    def later(
        self,
        claim: Claim,
        message: Outgoing,
        rest: timedelta,
        problem: str,
        *,
        state: State,
        attempts: int,
        paced: bool = False,
    ) -> None:
        """Slack may take it, or newer words, or look it up, after a rest; the lane waits.

        ``paced``: Slack named the rest.
        """
        self._change(claim, message, state=state, attempts=attempts, problem=problem)
        self._release(claim, rest=rest, paced=paced)

    def rests(
        self, claim: Claim, message: Outgoing, rest: timedelta, problem: str, *, state: State
    ) -> None:
        """Nothing can be said in this lane until somebody mends it. It counts as no attempt.

        ``state`` is the one that the message had before.
        """
        self._change(claim, message, state=state, attempts=message.attempts, problem=problem)
        held = and_(lane.c.id == claim.lane, lane.c.token == claim.token)
        self.connection.execute(update(lane).where(held).values(problem=problem))
        self._release(claim, rest=rest)

    def waits(self, claim: Claim, message: Outgoing, problem: str, *, state: State) -> None:
        """Nothing was sent, for a reason that is noted elsewhere. It counts as no attempt."""
        self._change(claim, message, state=state, attempts=message.attempts, problem=problem)
        self._release(claim)

    def settled(
        self, claim: Claim, message: Outgoing, state: State, problem: str | None, now: datetime
    ) -> None:
        """Nothing more is done about it."""
        self._change(claim, message, state=state, pending=False, problem=problem, settled_at=now)
        self._release(claim)

    def _change(self, claim: Claim, message: Outgoing, **values: Any) -> None:
        """Change a message, if the lane is still ours."""
        held = (
            select(lane.c.id).where(lane.c.id == claim.lane, lane.c.token == claim.token).exists()
        )
        self.connection.execute(
            update(table)
            .where(and_(table.c.id == message.id, table.c.key == message.key, held))
            .values(**values)
        )
