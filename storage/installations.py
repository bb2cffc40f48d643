"""Where the app is installed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, insert, select, update

from bot.domain.people import Installation
from storage.tables import installation as table
from storage.types import lease_now


class Installations:
    """Queries on installations."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def all(self) -> tuple[Installation, ...]:
        """Every live installation."""
        rows = self.connection.execute(select(table).where(table.c.gone_at.is_(None)))
        return tuple(_value(row._mapping) for row in rows)

    def remember(
        self,
        *,
        team: str,
        enterprise: str | None,
        app: str,
        bot: str,
        bot_user: str,
        name: str,
        now: datetime,
    ) -> Installation:
        """Note an installation, or bring what is known of it up to date."""
        values = {
            "enterprise": enterprise,
            "bot": bot,
            "bot_user": bot_user,
            "name": name,
            "gone_at": None,
            "problem": None,
            "not_before": None,
        }
        known = self.connection.execute(
            update(table)
            .where(table.c.team == team, table.c.app == app)
            .values(**values)
            .returning(table)
        ).one_or_none()
        row = known or (
            self.connection.execute(
                insert(table)
                .values(team=team, app=app, installed_at=now, **values)
                .returning(table)
            ).one()
        )
        return _value(row._mapping)

    def pause(self, installation_id: int, problem: str, rest: timedelta) -> bool:
        """Send nothing there for a while; whether this is news."""
        known = self.connection.execute(
            select(table.c.problem).where(table.c.id == installation_id)
        ).scalar_one()
        self.connection.execute(
            update(table)
            .where(table.c.id == installation_id)
            .values(problem=problem, not_before=lease_now(rest))
        )
        return bool(known != problem)

    def mended(self, installation_id: int) -> bool:
        """Something could be sent there again; whether this is news."""
        return bool(
            self.connection.execute(
                update(table)
                .where(table.c.id == installation_id, table.c.problem.is_not(None))
                .values(problem=None, not_before=None)
            ).rowcount
        )

    def end(self, installation_id: int, now: datetime) -> None:
        """The app was removed there."""
        self.connection.execute(
            update(table).where(table.c.id == installation_id).values(gone_at=now)
        )


def _value(row: RowMapping) -> Installation:
    return Installation(
        id=row["id"],
        team=row["team"],
        enterprise=row["enterprise"],
        app=row["app"],
        bot=row["bot"],
        bot_user=row["bot_user"],
        name=row["name"],
    )
