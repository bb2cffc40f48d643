"""What services have the courier say: recorded with the change that it tells of.

``now`` is the calendar's, and only says when something was recorded.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.domain.posts import Form, Kind, Post, State
from storage.messages.lanes import Lanes
from storage.statements import Prepared
from storage.tables import lane
from storage.tables import message as table

_by_once = Prepared(select(table.c.id).where(table.c.once == bindparam("once_")))
_add = Prepared(insert(table).returning(table.c.id))
_want = Prepared(
    update(table)
    .where(table.c.id == bindparam("message"))
    .values(wanted=table.c.wanted + 1, pending=True)
    .returning(table.c.lane_id)
)


class Outbox(Lanes):
    """Recording messages."""

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
                    "key": new_key(),
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

    def is_recorded(self, once: str) -> bool:
        """Whether something was said already for a cause."""
        return self._recorded(once) is not None

    def _recorded(self, once: str | None) -> int | None:
        return None if once is None else _by_once.scalar(self.connection, once_=once)

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
                key=new_key(),
                once=once,
                state=State.WAITING,
                created_at=now,
                **values,
            )
        )


def new_key() -> str:
    """What a message is known by in Slack: opaque, and of no other."""
    return secrets.token_hex(16)
