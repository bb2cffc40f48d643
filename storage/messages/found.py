"""What can be looked for among the messages."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.errors import NotFound
from bot.domain.posts import Form, Kind, Outgoing, State
from storage.statements import Prepared
from storage.tables import lane, participation, partnership, place
from storage.tables import member as people
from storage.tables import message as table

_parent = table.alias("parent")
MESSAGES = (
    select(table, lane.c.installation_id, _parent.c.ts.label("parent_ts"))
    .select_from(
        table.join(lane, lane.c.id == table.c.lane_id).outerjoin(
            _parent, _parent.c.id == table.c.parent_id
        )
    )
)  # fmt: skip
_by_ts = Prepared(
    MESSAGES.where(
        table.c.channel == bindparam("where"),
        table.c.ts == bindparam("stamp"),
        lane.c.installation_id == bindparam("installation"),
    )
)


class Found:
    """Looking for messages."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_id(self, message_id: int) -> Outgoing:
        """A message of ours; raises NotFound where there is none."""
        row = self.connection.execute(MESSAGES.where(table.c.id == message_id)).first()
        if row is None:
            raise NotFound("I don't have this message any more.")
        return outgoing(row)

    def by_ts(self, installation_id: int, channel: str, ts: str) -> Outgoing | None:
        """The message of ours that stands there, if any."""
        row = _by_ts.first(self.connection, where=channel, stamp=ts, installation=installation_id)
        return None if row is None else outgoing(row)

    def thread_of(
        self, installation_id: int, channel: str, thread: str
    ) -> tuple[int, Kind, int] | None:
        """(id, kind, subject) of our message that a thread belongs to; None if it is not ours."""
        found = self.by_ts(installation_id, channel, thread)
        return None if found is None else (found.id, found.kind, found.subject)

    def in_doubt(self, installation_id: int, channel: str, kinds: Collection[Kind]) -> bool:
        """Whether a post of these kinds may stand in a channel without our knowing where."""
        query = (
            select(table.c.id)
            .join(lane, lane.c.id == table.c.lane_id)
            .where(
                table.c.pending,
                table.c.state.in_((State.SENDING, State.UNKNOWN)),
                table.c.kind.in_(kinds),
                lane.c.installation_id == installation_id,
                lane.c.name == channel,
            )
            .limit(1)
        )
        return self.connection.execute(query).first() is not None

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

    def waiting(self) -> int:
        """How many messages the courier has yet to do something about."""
        return self.connection.execute(
            select(func.count()).select_from(table).where(table.c.pending)
        ).scalar_one()


def outgoing(row: Any) -> Outgoing:
    """A row of ``MESSAGES`` as a value."""
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
