"""What people chose for themselves: zone, hours, notices, pauses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from bot.domain.preferences import Hours, Notice, Pause, Preferences
from storage.statements import insert_into
from storage.tables import member_pause as pause
from storage.tables import preference as table


class PreferencesKept:
    """Queries on what people chose."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of_member(self, member_id: int) -> Preferences:
        """What somebody chose; nothing, if they chose nothing."""
        return self.of_members((member_id,))[member_id]

    def of_members(self, member_ids: Iterable[int]) -> dict[int, Preferences]:
        """By member, in two queries."""
        wanted = sorted(set(member_ids))
        pauses: dict[int, list[Pause]] = {}
        for rest in self.connection.execute(
            select(pause).where(pause.c.member_id.in_(wanted)).order_by(pause.c.id)
        ):
            held = Pause(rest.partnership_id, rest.until)
            pauses.setdefault(rest.member_id, []).append(held)
        chosen = {
            row.member_id: _value(row)
            for row in self.connection.execute(select(table).where(table.c.member_id.in_(wanted)))
        }
        return {
            member_id: replace(
                chosen.get(member_id, Preferences()), pauses=tuple(pauses.get(member_id, ()))
            )
            for member_id in wanted
        }

    def choose(self, member_id: int, chosen: Preferences, now: datetime) -> None:
        """Keep zone, hours and what is turned off; pauses have functions of their own."""
        hours = chosen.hours
        values = {
            "zone": chosen.zone,
            "start": None if hours is None else f"{hours.start:%H:%M}",
            "end": None if hours is None else f"{hours.end:%H:%M}",
            "off": sorted(chosen.off),
            "set_at": now,
        }
        self.connection.execute(
            insert_into(table)
            .values(member_id=member_id, **values)
            .on_conflict_do_update(index_elements=[table.c.member_id], set_=values)
        )

    def pause(self, member_id: int, rest: Pause, now: datetime) -> None:
        """Keep somebody's pause, in the place of one of the same reach; all has all in it."""
        self.resume(member_id, rest.partnership_id)
        self.connection.execute(
            insert(pause).values(
                member_id=member_id,
                partnership_id=rest.partnership_id,
                until=rest.until,
                set_at=now,
            )
        )

    def resume(self, member_id: int, partnership_id: int | None) -> int:
        """End a pause; None ends all of them. Returns how many there were."""
        where = [pause.c.member_id == member_id]
        if partnership_id is not None:
            where.append(pause.c.partnership_id == partnership_id)
        return self.connection.execute(delete(pause).where(*where)).rowcount


def _value(row: Row[Any]) -> Preferences:
    hours = None
    if row.start is not None:
        hours = Hours(time.fromisoformat(row.start), time.fromisoformat(row.end))
    return Preferences(row.zone, hours, frozenset(Notice(each) for each in row.off))
