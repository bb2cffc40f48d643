"""Where the app is installed."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from bot.domain.people import Installation
from storage.tables import installation as table


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
