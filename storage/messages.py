"""What goes out: messages recorded with the change that they tell of, and the courier's lanes.

A *lane* (one channel, or one member's direct messages) is the unit of claim, so messages of one
lane leave in the order in which they were recorded. Its clock is the database's; ``now`` is the
calendar's and only says when something was recorded or settled.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
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

from bot.domain.errors import NotFound
from bot.domain.posts import Claim, Form, Kind, Outgoing, Post, State
from storage.statements import Prepared
from storage.tables import installation, lane, participation, partnership, place
from storage.tables import member as people
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
_by_once = Prepared(select(table.c.id).where(table.c.once == bindparam("once_")))
_add = Prepared(insert(table).returning(table.c.id))
_want = Prepared(
    update(table)
    .where(table.c.id == bindparam("message"))
    .values(wanted=table.c.wanted + 1, pending=True)
    .returning(table.c.lane_id)
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
        func.coalesce(
            lane.c.problem,
            select(installation.c.problem)
            .where(installation.c.id == lane.c.installation_id)
            .scalar_subquery(),
        ).label("problem"),
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

_parent = table.alias("parent")
_messages = (
    select(table, lane.c.installation_id, _parent.c.ts.label("parent_ts"))
    .select_from(
        table.join(lane, lane.c.id == table.c.lane_id).outerjoin(
            _parent, _parent.c.id == table.c.parent_id
        )
    )
)  # fmt: skip
_by_ts = Prepared(
    _messages.where(
        table.c.channel == bindparam("where"),
        table.c.ts == bindparam("stamp"),
        lane.c.installation_id == bindparam("installation"),
    )
)
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
_head = Prepared(_messages.where(table.c.id == _next.scalar_subquery()))

_held = and_(lane.c.id == bindparam("lane"), lane.c.token == bindparam("token_"))
_begin = Prepared(
    update(table)
    .where(
        table.c.id == bindparam("message"),
        table.c.lane_id == bindparam("lane"),
        table.c.state == bindparam("was"),
        table.c.attempts == bindparam("tried"),
        select(lane.c.id).where(_held, lane.c.lease_until > _now).exists(),
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
_lease = Prepared(select(lane.c.not_before, _now.label("now")).where(_held))
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
        not_before=bindparam("paced"),
        due_at=bindparam("due"),
        last_ts=func.coalesce(bindparam("newest", type_=lane.c.last_ts.type), lane.c.last_ts),
    )
)


class Messages:
    """Queries on messages."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # What services ask for

    def post(
        self,
        installation_id: int,
        channel: str,
        kind: Kind,
        subject: int,
        *,
        now: datetime,
        grace: timedelta | None = None,
        once: str | None = None,
    ) -> int:
        """Say something top level in a channel; returns the message's id.

        ``grace``: after so long it is not sent any more but counts as missed. ``once`` names the
        cause: a second message with the same cause is the first one.
        """
        if (known := self._recorded(once)) is not None:
            return known
        return self._record(
            self._lane(installation_id, channel),
            Form.POST,
            kind,
            subject,
            now,
            once,
            channel=channel,
            grace_until=None if grace is None else now + grace,
        )

    def post_many(self, posts: Sequence[Post], now: datetime) -> dict[tuple[Kind, int], int]:
        """As ``post`` for many at once, in a few statements: the ids by kind and subject.

        None of them may have been recorded before.
        """
        if not posts:
            return {}
        lanes = self._lanes({(each.installation_id, each.channel) for each in posts})
        rows = self.connection.execute(
            insert(table).returning(table.c.id, table.c.kind, table.c.subject),
            [
                {
                    "lane_id": lanes[each.installation_id, each.channel],
                    "form": Form.POST,
                    "kind": each.kind,
                    "subject": each.subject,
                    "channel": each.channel,
                    "key": _key(),
                    "state": State.WAITING,
                    "grace_until": each.grace_until,
                    "created_at": now,
                }
                for each in posts
            ],
        )
        return {(Kind(row.kind), row.subject): row.id for row in rows}

    def note(
        self, parent_id: int, kind: Kind, subject: int, *, now: datetime, once: str | None = None
    ) -> int:
        """Say something in the thread of our own message, once that has its place in Slack."""
        if (known := self._recorded(once)) is not None:
            return known
        parent = self.connection.execute(
            select(table.c.lane_id, table.c.channel, table.c.member_id, table.c.about).where(
                table.c.id == parent_id
            )
        ).one()
        self._wake(parent.lane_id)
        return self._record(
            parent.lane_id,
            Form.NOTE,
            kind,
            subject,
            now,
            once,
            channel=parent.channel,
            member_id=parent.member_id,
            about=parent.about,
            parent_id=parent_id,
        )

    def direct(
        self,
        installation_id: int,
        member_id: int,
        kind: Kind,
        subject: int,
        *,
        now: datetime,
        once: str | None = None,
        about: str | None = None,
    ) -> int:
        """Say something to one person.

        ``about`` is the channel that it tells of: whoever is not a member of it when the message
        is sent does not get it. Without one, sharing any channel with us is enough.
        """
        if (known := self._recorded(once)) is not None:
            return known
        return self._record(
            self._lane(installation_id, f"member:{member_id}"),
            Form.DIRECT,
            kind,
            subject,
            now,
            once,
            member_id=member_id,
            about=about,
        )

    def refresh(self, message_id: int) -> None:
        """What a message shows has changed: it is rendered again and replaced where it stands."""
        self._wake(_want.one(self.connection, message=message_id).lane_id)

    def moved(self, installation_id: int, old: str, new: str) -> None:
        """A channel has a new id: what was and what will be said there is found under it."""
        before, after = self._lane(installation_id, old), self._lane(installation_id, new)
        self.connection.execute(
            update(table).where(table.c.lane_id == before).values(lane_id=after, channel=new)
        )
        mine = select(lane.c.id).where(lane.c.installation_id == installation_id)
        self.connection.execute(
            update(table)
            .where(table.c.about == old, table.c.pending, table.c.lane_id.in_(mine))
            .values(about=new)
        )
        self._wake(after)
        self._inherit(before, after)

    def answer_in_thread(
        self,
        installation_id: int,
        channel: str,
        thread: str,
        message: Mapping[str, Any],
        *,
        once: str | None,
        now: datetime,
    ) -> int:
        """Answer in a thread, by words that are ready."""
        if (known := self._recorded(once)) is not None:
            return known
        return self._record(
            self._lane(installation_id, channel),
            Form.NOTE,
            Kind.ANSWER,
            0,
            now,
            once,
            channel=channel,
            thread=thread,
            body=dict(message),
        )

    def answer_direct(
        self,
        installation_id: int,
        member_id: int,
        message: Mapping[str, Any],
        *,
        once: str | None,
        now: datetime,
        about: str | None = None,
    ) -> int:
        """Answer one person in private, by words that are ready."""
        if (known := self._recorded(once)) is not None:
            return known
        return self._record(
            self._lane(installation_id, f"member:{member_id}"),
            Form.DIRECT,
            Kind.ANSWER,
            0,
            now,
            once,
            member_id=member_id,
            about=about,
            body=dict(message),
        )

    # What can be looked for

    def by_id(self, message_id: int) -> Outgoing:
        """A message of ours; raises NotFound where there is none."""
        row = self.connection.execute(_messages.where(table.c.id == message_id)).first()
        if row is None:
            raise NotFound("I don't have this message any more.")
        return _outgoing(row)

    def by_ts(self, installation_id: int, channel: str, ts: str) -> Outgoing | None:
        """The message of ours that stands there, if any."""
        row = _by_ts.first(self.connection, where=channel, stamp=ts, installation=installation_id)
        return None if row is None else _outgoing(row)

    def thread_of(
        self, installation_id: int, channel: str, thread: str
    ) -> tuple[int, Kind, int] | None:
        """(id, kind, subject) of our message that a thread belongs to; None if it is not ours."""
        found = self.by_ts(installation_id, channel, thread)
        return None if found is None else (found.id, found.kind, found.subject)

    def ts_of(self, message_id: int) -> tuple[str, str] | None:
        """(channel, ts) of a message, for links to it; None before it is there."""
        row = self.connection.execute(
            select(table.c.channel, table.c.ts).where(table.c.id == message_id)
        ).first()
        return None if row is None or row.ts is None else (row.channel, row.ts)

    def channels_shared_by(self, member_id: int) -> tuple[str, ...]:
        """The open channels of live partnerships in which a member could be, newest first."""
        row = self.connection.execute(
            select(people.c.installation_id, people.c.organization_id).where(
                people.c.id == member_id
            )
        ).one()
        query = (
            select(place.c.channel)
            .join(partnership, partnership.c.id == place.c.partnership_id)
            .where(place.c.installation_id == row.installation_id, place.c.until.is_(None))
            .order_by(place.c.id.desc())
        )
        if row.organization_id is not None:
            query = query.where(
                select(participation.c.id)
                .where(
                    participation.c.partnership_id == partnership.c.id,
                    participation.c.organization_id == row.organization_id,
                    participation.c.left_at.is_(None),
                )
                .exists()
            )
        return tuple(self.connection.execute(query).scalars())

    # What the courier does

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

    def head(self, claim: Claim) -> Outgoing | None:
        """What is to be done next in a lane: the unresolved, then refreshes, then the oldest."""
        row = _head.first(self.connection, lane=claim.lane)
        return None if row is None else _outgoing(row)

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

    def refresh_later(self, claim: Claim, message: Outgoing, rest: timedelta, problem: str) -> None:
        """The refresh has to be repeated after a rest; the lane's other messages go on."""
        self._change(
            claim,
            message,
            not_before=lease_now(rest),
            problem=problem,
            attempts=table.c.attempts + 1,
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
            key=_key(),
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
    ) -> None:
        """Slack may take it, or newer words, or look it up, after a rest; the lane waits."""
        self._change(claim, message, state=state, attempts=attempts, problem=problem)
        self._release(claim, rest=rest)

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

    def rest_channel(
        self, installation_id: int, channel: str, problem: str, rest: timedelta
    ) -> None:
        """Say nothing in a channel until somebody mends it, but try again after ``rest``."""
        self._lane(installation_id, channel)
        self.connection.execute(
            update(lane)
            .where(lane.c.installation_id == installation_id, lane.c.name == channel)
            .values(
                problem=problem,
                not_before=lease_now(rest),
                due_at=case((lane.c.due_at.is_not(None), lease_now(rest)), else_=None),
            )
        )

    def resume_channel(self, installation_id: int, channel: str) -> bool:
        """Go on in a channel with what waited; whether it rested.

        What may have been posted keeps its rest: it is not to be looked up too early.
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
                    not_before=case((rests, rest), else_=None),
                    due_at=case((rests, rest), else_=_now),
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

    def channel_problem(self, installation_id: int, channel: str) -> str | None:
        """Why nothing is said in a channel for now, in Slack's word; None where all is well."""
        found: str | None = self.connection.scalar(
            select(lane.c.problem).where(
                lane.c.installation_id == installation_id, lane.c.name == channel
            )
        )
        return found

    def settled(
        self, claim: Claim, message: Outgoing, state: State, problem: str | None, now: datetime
    ) -> None:
        """Nothing more is done about it."""
        self._change(claim, message, state=state, pending=False, problem=problem, settled_at=now)
        self._release(claim)

    def release(self, claim: Claim, rest: timedelta = timedelta()) -> None:
        """Let go of a lane, as it is."""
        self._release(claim, rest=rest)

    def waiting(self) -> int:
        """How many messages the courier has yet to do something about."""
        return self.connection.execute(
            select(func.count()).select_from(table).where(table.c.pending)
        ).scalar_one()

    def _recorded(self, once: str | None) -> int | None:
        return None if once is None else _by_once.scalar(self.connection, once_=once)

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
        columns = select(lane.c.last_ts, lane.c.not_before, lane.c.lease_until)
        old = self.connection.execute(columns.where(lane.c.id == before)).one()
        new = self.connection.execute(columns.where(lane.c.id == after)).one()
        last = [ts for ts in (old.last_ts, new.last_ts) if ts is not None]
        rests = [old.lease_until, old.not_before, new.not_before]
        values: dict[str, Any] = {"last_ts": min(last, key=float, default=None)}
        if rest := max((at for at in rests if at is not None), default=None):
            values.update(not_before=rest, due_at=rest)
        self.connection.execute(update(lane).where(lane.c.id == after).values(values))

    def _wake(self, lane_id: int) -> None:
        _wake_lane.run(self.connection, lane=lane_id)

    def _record(
        self,
        lane_id: int,
        form: Form,
        kind: Kind,
        subject: int,
        now: datetime,
        once: str | None,
        **values: Any,
    ) -> int:
        return int(
            _add.scalar(
                self.connection,
                lane_id=lane_id,
                form=form,
                kind=kind,
                subject=subject,
                key=_key(),
                once=once,
                state=State.WAITING,
                created_at=now,
                **values,
            )
        )

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

    def _release(
        self,
        claim: Claim,
        *,
        rest: timedelta = timedelta(),
        pace: timedelta = timedelta(),
        last_ts: str | None = None,
    ) -> None:
        """Give the lane back: due when its next message is, and not before rest and pace end."""
        held = _lease.first(self.connection, lane=claim.lane, token_=claim.token)
        if held is None:
            return  # somebody else's by now
        wanted = _wanted.scalar(self.connection, lane=claim.lane)
        paused = max(rest, pace)
        paced = held.now + paused if paused else held.not_before
        _give_back.run(
            self.connection,
            lane=claim.lane,
            paced=paced,
            due=None if wanted is None else max(wanted, paced or wanted),
            newest=last_ts,
        )


def _key() -> str:
    return secrets.token_hex(16)


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        installation=row.installation_id,
        form=Form(row.form),
        kind=Kind(row.kind),
        subject=row.subject,
        state=State(row.state),
        channel=row.channel,
        member=row.member_id,
        about=row.about,
        parent=row.parent_id,
        thread=row.parent_ts or row.thread,
        key=row.key,
        ts=row.ts,
        wanted=row.wanted,
        sent=row.sent,
        attempts=row.attempts,
        grace_until=row.grace_until,
        body=row.body,
        problem=row.problem,
        settled=row.settled_at is not None,
    )
