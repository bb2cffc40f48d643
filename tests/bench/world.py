"""Whom the bench's Slack knows, and a database in which they work together already."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from bot.domain.people import Person
from bot.domain.posts import State
from bot.domain.schedules import ScheduleKind
from bot.services import beginning, standing
from storage.database import Database
from storage.store import Store
from storage.tables import lane, message

TEAM, APP, BOT, BOT_USER = "TACME", "A0BENCH", "B0BENCH", "UBOT"
NEW_YORK = "America/New_York"

DANA = Person(TEAM, "UDANA", "Dana", zone=NEW_YORK, team_name="Acme")
BO = Person("TNORTH", "UBO", "Bo", zone=NEW_YORK, team_name="Northside Youth")
PEOPLE = (DANA, BO)

CHANNELS = tuple(f"C0BENCH{number:02}" for number in range(16))
"""Each has a partnership of its own; the courier posts once a second in each."""


async def prepare(path: Path) -> dict[str, str]:
    """Make a database in which all channels have begun, started and been asked.

    Returns the ``ts`` of each channel's open check-in.
    """
    db = await Database.open(f"sqlite:///{path}")
    try:
        return dict(await db.run(_begin, datetime.now(UTC)))
    finally:
        await db.close()


def _begin(store: Store, now: datetime) -> Mapping[str, str]:
    installation = store.installations.remember(
        team=TEAM, enterprise=None, app=APP, bot=BOT, bot_user=BOT_USER, name="Acme", now=now
    )
    for channel in CHANNELS:
        begin = beginning.Begin(
            key=f"begin:{channel}",
            installation_id=installation.id,
            channel=channel,
            name="mentoring-partners",
            zone=NEW_YORK,
            inviter=DANA,
            present=PEOPLE,
        )
        beginning.begin(store, begin, now)
        for person in PEOPLE:
            press = beginning.Press(f"ok:{channel}:{person.user}", installation.id, channel, person)
            beginning.agree(store, press, now)
        ask = standing.Steer(f"ask:{channel}", installation.id, channel, DANA, ScheduleKind.CHECKIN)
        standing.ask_now(store, ask, now)
    return _all_sent(store, now)


def _all_sent(store: Store, now: datetime) -> Mapping[str, str]:
    """As if the courier had posted everything so far."""
    prompts: dict[str, str] = {}
    rows = store.connection.execute(message.select().order_by(message.c.id)).all()
    for number, row in enumerate(rows):
        ts = f"{int(now.timestamp())}.{number:06}"
        store.connection.execute(
            update(message)
            .where(message.c.id == row.id)
            .values(state=State.SENT, ts=ts, sent=row.wanted, pending=False, settled_at=now)
        )
        if row.kind == "prompt":
            prompts[row.channel] = ts
    store.connection.execute(update(lane).values(due_at=None))
    return prompts
