"""What somebody did and may take back, how the thing stood before, and putting it back so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.commitments import TermsState
from bot.domain.errors import NotFound
from bot.domain.posts import Kind
from bot.domain.posts import State as Sending
from bot.domain.schedules import Event as ScheduleEvent
from bot.domain.undo import Undoable, What, part_of, whole
from storage.statements import Prepared
from storage.tables import commitment, commitment_history, message, schedule_history, terms
from storage.tables import undoable as table
from storage.types import EnumText, Instant, LocalDate

_OF_COMMITMENTS = (What.COMMITMENT, What.PAY, What.LATER)

_STAYS = frozenset(
    {"id", "partnership_id", "number", "proposer_id", "last_version", "created_at", "card_id"}
)
"""Of a commitment: what taking something back leaves alone."""
_HELD = tuple(column for column in commitment.c if column.name not in _STAYS)

_as_it_is = Prepared(
    select(
        *_HELD,
        commitment.c.last_version,
        select(func.coalesce(func.max(commitment_history.c.id), 0))
        .where(commitment_history.c.commitment_id == bindparam("subject"))
        .scalar_subquery()
        .label("newest_entry"),
    ).where(commitment.c.id == bindparam("subject"))
)
_add = Prepared(insert(table).returning(table.c.id))
_of_delivery = Prepared(
    select(table).where(or_(table.c.key == bindparam("whole"), table.c.key == bindparam("turn")))
)


@dataclass(frozen=True, slots=True)
class Told:
    """A message that tells of an act and has left, or may have."""

    kind: Kind
    member: int | None
    """Who got it, if it was a direct message."""
    parent: int | None


@dataclass(frozen=True, slots=True)
class Since:
    """A row of a thing's history."""

    id: int
    member: int | None


class Undo:
    """Queries on what can be taken back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def commitment(self, commitment_id: int) -> tuple[dict[str, Any], int]:
        """How a commitment stands, for ``remember``, and the newest row of its history."""
        row = _as_it_is.one(self.connection, subject=commitment_id)
        stood = {column.name: _plain(getattr(row, column.name)) for column in _HELD}
        return stood | {"last_version": row.last_version}, int(row.newest_entry)

    def remember(
        self,
        what: What,
        subject: int,
        *,
        key: str,
        member_id: int,
        partnership_id: int | None,
        now: datetime,
        entry: int = 0,
        before: dict[str, Any] | None = None,
    ) -> Undoable:
        """Note that this can be taken back; in the transaction that does it.

        ``key`` is of the delivery, ``entry`` the newest row of the thing's history before the act,
        ``before`` how the thing stood (None: it was not there).
        """
        undoable_id: int = _add.scalar(
            self.connection,
            key=key,
            member_id=member_id,
            partnership_id=partnership_id,
            what=what,
            subject=subject,
            entry=entry,
            before=before,
            at=now,
        )
        return Undoable(
            undoable_id, key, what, subject, member_id, partnership_id, entry, before, now
        )

    def of_delivery(self, key: str) -> Undoable | None:
        """What a delivery did, if it can be taken back. An answer to a check-in does two things,
        of which that to the commitment counts.
        """
        row = _of_delivery.first(self.connection, whole=key, turn=f"{key}:turn")
        return None if row is None else _undoable(row)

    def by_id(self, undoable_id: int) -> Undoable:
        """One of them; raises NotFound where it is gone."""
        row = self.connection.execute(select(table).where(table.c.id == undoable_id)).one_or_none()
        if row is None:
            raise NotFound("That is too long ago to be taken back. Say “mine” to see how it is.")
        return _undoable(row)

    def latest(
        self, member_id: int, since: datetime, *, partnership_id: int | None, number: int | None
    ) -> Undoable | None:
        """What this member did last and has not taken back: anywhere, or in a partnership and to
        what is their own; with anything, or with a commitment of that number.
        """
        wanted = select(table).where(
            table.c.member_id == member_id,
            table.c.at >= since,
            table.c.taken_back_at.is_(None),
        )
        if partnership_id is not None:
            wanted = wanted.where(
                or_(table.c.partnership_id == partnership_id, table.c.partnership_id.is_(None))
                if number is None
                else table.c.partnership_id == partnership_id
            )
        if number is not None:
            so_called = select(commitment.c.id).where(
                commitment.c.id == table.c.subject, commitment.c.number == number
            )
            wanted = wanted.where(table.c.what.in_(_OF_COMMITMENTS), so_called.exists())
        row = self.connection.execute(wanted.order_by(table.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else _undoable(row)

    def parts(self, deed: Undoable) -> tuple[Undoable, ...]:
        """The acts that one delivery did in one go, in their order: mostly one."""
        first = whole(deed.key)
        rows = self.connection.execute(
            select(table).where(table.c.key.in_((first, part_of(first)))).order_by(table.c.id)
        )
        return tuple(_undoable(row) for row in rows)

    def taken_back(
        self, undoable_id: int, now: datetime, *, own_entry: int | None, back_entry: int | None
    ) -> None:
        """It was taken back; with the rows of the history that tell of the act and of that."""
        self.connection.execute(
            update(table)
            .where(table.c.id == undoable_id)
            .values(taken_back_at=now, own_entry=own_entry, back_entry=back_entry)
        )

    def forget(self, before: datetime, limit: int) -> int:
        """Drop at most so many that can be taken back no more; returns how many."""
        first = select(table.c.id, table.c.at).order_by(table.c.id).limit(limit).subquery()
        old = select(first.c.id).where(first.c.at < before)
        return self.connection.execute(delete(table).where(table.c.id.in_(old))).rowcount

    # Putting a commitment back

    def since(self, deed: Undoable, history: Table, thing: Column[Any]) -> tuple[Since, ...]:
        """The rows of a history after an act began, its own first; without what was taken back."""
        void = select(table.c.own_entry, table.c.back_entry).where(
            table.c.what == deed.what,
            table.c.subject == deed.subject,
            table.c.taken_back_at.is_not(None),
        )
        gone = {entry for row in self.connection.execute(void) for entry in row}
        rows = self.connection.execute(
            select(history.c.id, history.c.member_id)
            .where(thing == deed.subject, history.c.id > deed.entry)
            .order_by(history.c.id)
        )
        return tuple(Since(row.id, row.member_id) for row in rows if row.id not in gone)

    def of_commitment(self, deed: Undoable) -> tuple[Since, ...]:
        """``since`` of a commitment."""
        return self.since(deed, commitment_history, commitment_history.c.commitment_id)

    def of_schedule(self, deed: Undoable) -> tuple[Since, ...]:
        """``since`` of a schedule."""
        return self.since(deed, schedule_history, schedule_history.c.schedule_id)

    def did_more(self, deed: Undoable, *, by: int | None = None) -> int | None:
        """Who (``by``: of this member alone) did more to the same thing since, not taken back."""
        newer = select(table.c.member_id).where(
            table.c.what == deed.what,
            table.c.subject == deed.subject,
            table.c.id > deed.id,
            table.c.taken_back_at.is_(None),
        )
        if by is not None:
            newer = newer.where(table.c.member_id == by)
        found: int | None = self.connection.execute(
            newer.order_by(table.c.id).limit(1)
        ).scalar_one_or_none()
        return found

    def put_back(self, commitment_id: int, before: dict[str, Any], by: int, now: datetime) -> None:
        """Have a commitment stand as it did, its terms too. Later versions of them lapse."""
        values = {
            column.name: _value(column, before[column.name])
            for column in _HELD
            if column.name in before
        }
        self.connection.execute(
            update(commitment).where(commitment.c.id == commitment_id).values(**values)
        )
        version, offer = before["version"], before.get("offer")
        of_it = update(terms).where(terms.c.commitment_id == commitment_id)
        self.connection.execute(
            of_it.where(terms.c.version > before["last_version"]).values(
                state=TermsState.WITHDRAWN, answered_by=by, answered_at=now
            )
        )
        waiting = [offer] if offer is not None else []
        if before["state"] == "proposed" or before["state"] == "countered":
            waiting.append(version)
        self.connection.execute(
            of_it.where(terms.c.version.in_(waiting)).values(
                state=TermsState.WAITING,
                answered_by=None,
                answered_by_organization_id=None,
                answered_at=None,
            )
        )

    # What was to be told

    def pauses_told(self, schedule_id: int) -> tuple[int, ...]:
        """The messages that tell of a schedule's last pause, and offer to resume it."""
        last = (
            select(func.max(schedule_history.c.id))
            .where(
                schedule_history.c.schedule_id == schedule_id,
                schedule_history.c.kind == ScheduleEvent.PAUSED,
            )
            .scalar_subquery()
        )
        found = self.connection.execute(
            select(message.c.id).where(
                message.c.kind == Kind.SCHEDULE_NOTE,
                message.c.subject == last,
                message.c.state == Sending.SENT,
            )
        )
        return tuple(found.scalars())

    def withdraw(self, kinds: Collection[Kind], subject: int, now: datetime) -> tuple[Told, ...]:
        """Send nothing of this that has not left; returns what has left, or may have."""
        about = message.c.kind.in_(kinds) & (message.c.subject == subject)
        self.connection.execute(
            update(message)
            .where(about, message.c.state == Sending.WAITING)
            .values(state=Sending.WITHDRAWN, pending=False, settled_at=now, problem="taken_back")
        )
        left = (Sending.SENDING, Sending.UNKNOWN, Sending.SENT)
        rows = self.connection.execute(
            select(message.c.kind, message.c.member_id, message.c.parent_id)
            .where(about, message.c.state.in_(left))
            .order_by(message.c.id)
        )
        return tuple(Told(Kind(row.kind), row.member_id, row.parent_id) for row in rows)


def _undoable(row: Row[Any]) -> Undoable:
    return Undoable(
        id=row.id,
        key=row.key,
        what=row.what,
        subject=row.subject,
        by=row.member_id,
        partnership=row.partnership_id,
        entry=row.entry,
        before=row.before,
        at=row.at,
        taken_back_at=row.taken_back_at,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _value(column: Column[Any], plain: Any) -> Any:
    if plain is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(plain)
    if isinstance(column.type, LocalDate):
        return date.fromisoformat(plain)
    if isinstance(column.type, EnumText):
        return column.type.members(plain)
    return plain
