"""Check-ins: what was answered, what was understood of it, and what is to be summed up."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, or_, select, update

from bot.domain.checkins import (
    Occurrence,
    Response,
    Settled,
    Statement,
    Understood,
    Word,
)
from bot.domain.checkins import State as OccurrenceState
from bot.domain.commitments import Audience, Event
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.posts import State as MessageState
from storage.nudges import Nudges
from storage.people import People
from storage.schedules import occurrence_value
from storage.statements import Prepared
from storage.tables import (
    commitment,
    commitment_history,
    message,
    occurrence,
    statement,
    sweep,
)
from storage.tables import member as people
from storage.tables import response as table

_add = Prepared(insert(table).returning(table.c.id))
_by_key = Prepared(
    select(table).where(
        table.c.occurrence_id == bindparam("occurrence"), table.c.key == bindparam("name")
    )
)
_closing = Prepared(
    select(occurrence)
    .where(
        occurrence.c.state == OccurrenceState.OPEN,
        occurrence.c.closes_at <= bindparam("now"),
        ~select(sweep.c.occurrence_id)  # its thread is being read once more
        .where(sweep.c.occurrence_id == occurrence.c.id, sweep.c.done.is_(False))
        .exists(),
    )
    .order_by(occurrence.c.closes_at, occurrence.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


class Checkins:
    """Queries on check-ins."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # Responses

    def add(
        self,
        occurrence_id: int,
        member: Member,
        key: str,
        text: str,
        now: datetime,
        *,
        typed: bool,
        more: bool,
        late: bool,
        edited_at: datetime | None = None,
    ) -> int:
        """Write what somebody answered; returns its id. ``key`` is unique in the check-in."""
        return int(
            _add.scalar(
                self.connection,
                occurrence_id=occurrence_id,
                member_id=member.id,
                organization_id=None if member.organization is None else member.organization.id,
                key=key,
                text=text,
                typed=typed,
                more=more,
                late=late,
                at=now,
                edited_at=edited_at,
            )
        )

    def by_key(self, occurrence_id: int, key: str) -> Response | None:
        """A response by its message's ts, or by what a button was about."""
        row = _by_key.first(self.connection, occurrence=occurrence_id, name=key)
        return None if row is None else self._responses([row])[0]

    def by_id(self, response_id: int) -> Response:
        """A response; raises NotFound where there is none."""
        found = self._select(select(table).where(table.c.id == response_id))
        if not found:
            raise NotFound("I don't know this reply any more.")
        return found[0]

    def written_at(self, channel: str, ts: str) -> Response | None:
        """The reply that stands at ``ts`` in a channel."""
        found = self._select(
            select(table)
            .join(occurrence, occurrence.c.id == table.c.occurrence_id)
            .join(message, message.c.id == occurrence.c.message_id)
            .where(table.c.key == ts, table.c.typed, message.c.channel == channel)
        )
        return found[0] if found else None

    def change(self, response_id: int, **values: Any) -> None:
        """Set columns of a response (``text``, ``more``, ``edited_at``, ``deleted_at``)."""
        self.connection.execute(update(table).where(table.c.id == response_id).values(**values))

    def of(self, occurrence_id: int) -> tuple[Response, ...]:
        """What was answered in a check-in and not deleted, in its order."""
        return self._select(
            select(table)
            .where(table.c.occurrence_id == occurrence_id, table.c.deleted_at.is_(None))
            .order_by(table.c.at, table.c.id)
        )

    def places(self, occurrence_id: int) -> frozenset[str]:
        """Where in the thread the replies stand that are kept, each by its ``ts``."""
        rows = self.connection.execute(
            select(table.c.key).where(
                table.c.occurrence_id == occurrence_id,
                table.c.typed,
                table.c.deleted_at.is_(None),
            )
        )
        return frozenset(rows.scalars())

    def heard(self, partnership_id: int, since: datetime, until: datetime) -> tuple[Response, ...]:
        """What was written in the check-ins of a partnership in that time and not deleted."""
        return self._select(
            select(table)
            .join(occurrence, occurrence.c.id == table.c.occurrence_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                table.c.typed,
                table.c.deleted_at.is_(None),
                table.c.at > since,
                table.c.at <= until,
            )
            .order_by(table.c.at, table.c.id)
        )

    # What was understood

    def understand(
        self,
        response_id: int,
        position: int,
        said: Understood,
        commitment_id: int | None,
        settled: Settled | None = None,
    ) -> int:
        """Write one statement of a response; returns its id."""
        return int(
            self.connection.execute(
                insert(statement)
                .values(
                    response_id=response_id,
                    position=position,
                    word=said.word,
                    text=said.text,
                    commitment_id=commitment_id,
                    settled=settled,
                )
                .returning(statement.c.id)
            ).scalar_one()
        )

    def statement(self, statement_id: int) -> Statement:
        """One statement; raises NotFound where there is none."""
        row = self.connection.execute(
            select(statement).where(statement.c.id == statement_id)
        ).one_or_none()
        if row is None:
            raise NotFound("I don't know this reply any more.")
        return _statement(row)

    def settle(self, statement_id: int, **values: Any) -> None:
        """Set columns of a statement (``settled``, ``commitment_id``, ``note_id``, ``text``, …)."""
        self.connection.execute(
            update(statement).where(statement.c.id == statement_id).values(**values)
        )

    def statements(self, response_ids: Collection[int]) -> tuple[Statement, ...]:
        """What was understood in these responses, in one query."""
        rows = self.connection.execute(
            select(statement)
            .where(statement.c.response_id.in_(response_ids))
            .order_by(statement.c.response_id, statement.c.position)
        )
        return tuple(_statement(row) for row in rows)

    def on_track(self, occurrence_id: int) -> frozenset[int]:
        """The commitments whose owners pressed "on track" last in this check-in."""
        rows = self.connection.execute(
            select(statement.c.commitment_id)
            .join(table, table.c.id == statement.c.response_id)
            .where(table.c.occurrence_id == occurrence_id, statement.c.word == Word.ON_TRACK)
        )
        return frozenset(rows.scalars())

    def answered(self, occurrence_id: int) -> frozenset[int]:
        """The members who said anything in a check-in, by words or by a button."""
        rows = self.connection.execute(
            select(table.c.member_id).where(
                table.c.occurrence_id == occurrence_id, table.c.deleted_at.is_(None)
            )
        )
        return frozenset(rows.scalars())

    def open_messages(self, partnership_id: int) -> tuple[int, ...]:
        """The messages that show the check-ins that are open in a partnership: the prompts, and
        what reminds people of them.
        """
        rows = self.connection.execute(
            select(occurrence.c.message_id).where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.state == OccurrenceState.OPEN,
                occurrence.c.message_id.is_not(None),
                occurrence.c.gone_at.is_(None),
            )
        )
        return (*rows.scalars(), *Nudges(self.connection).messages(partnership_id))

    def summaries_of(self, partnership_id: int, moment: datetime) -> tuple[int, ...]:
        """The messages that sum up the check-ins in whose time a moment was."""
        rows = self.connection.execute(
            select(occurrence.c.summary_id).where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.at <= moment,
                occurrence.c.closes_at >= moment,
                occurrence.c.summary_id.is_not(None),
            )
        )
        return tuple(rows.scalars())

    # Closing

    def closing(self, now: datetime, limit: int) -> tuple[Occurrence, ...]:
        """Check-ins whose time is over, the longest over first."""
        rows = _closing.all(self.connection, now=now, limit=limit)
        return tuple(occurrence_value(row) for row in rows)

    def next_close(self) -> datetime | None:
        """When the next check-in of all is to be closed."""
        found: datetime | None = self.connection.execute(
            select(func.min(occurrence.c.closes_at)).where(
                occurrence.c.state == OccurrenceState.OPEN
            )
        ).scalar_one()
        return found

    def close(self, occurrence_ids: Sequence[int]) -> None:
        """They are closed; replies after this are late."""
        self.connection.execute(
            update(occurrence)
            .where(occurrence.c.id.in_(occurrence_ids))
            .values(state=OccurrenceState.CLOSED)
        )

    def changes(
        self, partnership_id: int, since: datetime, until: datetime
    ) -> tuple[tuple[int, Event, Member, datetime], ...]:
        """What happened to commitments in that time, for everybody to know.

        (commitment, event, member with the organization as it was then, when), oldest first.
        """
        rows = self.connection.execute(
            select(
                commitment_history.c.commitment_id,
                commitment_history.c.kind,
                commitment_history.c.member_id,
                commitment_history.c.organization_id,
                commitment_history.c.at,
            )
            .join(commitment, commitment.c.id == commitment_history.c.commitment_id)
            .where(
                commitment.c.partnership_id == partnership_id,
                commitment_history.c.audience == Audience.EVERYONE,
                commitment_history.c.member_id.is_not(None),
                commitment_history.c.at > since,
                commitment_history.c.at <= until,
            )
            .order_by(commitment_history.c.id)
        ).all()
        members = self._as_then(rows)
        return tuple(
            (row.commitment_id, row.kind, members[row.member_id, row.organization_id], row.at)
            for row in rows
        )

    def missed(
        self, partnership_id: int, since: datetime, until: datetime
    ) -> tuple[Occurrence, ...]:
        """Posts on schedule that did not go out in that time, whatever stood in the way."""
        rows = self.connection.execute(
            select(occurrence)
            .outerjoin(message, message.c.id == occurrence.c.message_id)
            .where(
                occurrence.c.partnership_id == partnership_id,
                occurrence.c.at > since,
                occurrence.c.at <= until,
                or_(
                    occurrence.c.state == OccurrenceState.MISSED,
                    and_(
                        message.c.ts.is_(None),
                        message.c.state.in_((MessageState.MISSED, MessageState.REFUSED)),
                    ),
                ),
            )
            .order_by(occurrence.c.at)
        )
        return tuple(occurrence_value(row) for row in rows)

    def names(self, installation_id: int, users: Collection[str]) -> dict[str, str]:
        """The names of users whom we have met, by their ids."""
        if not users:
            return {}
        rows = self.connection.execute(
            select(people.c.user, people.c.name).where(
                people.c.installation_id == installation_id, people.c.user.in_(users)
            )
        )
        return {row.user: row.name for row in rows}

    def _select(self, query: Select[Any]) -> tuple[Response, ...]:
        return self._responses(self.connection.execute(query).all())

    def _responses(self, rows: Sequence[Row[Any]]) -> tuple[Response, ...]:
        members = self._as_then(rows)
        return tuple(
            Response(
                id=row.id,
                occurrence_id=row.occurrence_id,
                member=members[row.member_id, row.organization_id],
                text=row.text,
                at=row.at,
                typed=row.typed,
                more=row.more,
                late=row.late,
                edited_at=row.edited_at,
                deleted_at=row.deleted_at,
            )
            for row in rows
        )

    def _as_then(self, rows: Sequence[Any]) -> dict[tuple[int, int | None], Member]:
        """Members with the organization that a row remembers, in two queries."""
        people = People(self.connection)
        members = people.by_ids({row.member_id for row in rows})
        wanted = {row.organization_id for row in rows} - {None}
        organizations = people.organizations(wanted)
        return {
            (row.member_id, row.organization_id): replace(
                members[row.member_id], organization=organizations.get(row.organization_id)
            )
            for row in rows
        }


def _statement(row: Row[Any]) -> Statement:
    return Statement(
        id=row.id,
        response_id=row.response_id,
        word=row.word,
        commitment_id=row.commitment_id,
        text=row.text,
        settled=row.settled,
        note_id=row.note_id,
    )
