"""What did not get through, as the database counts it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, update

from bot.domain.people import Person
from bot.domain.posts import Kind, State
from bot.domain.trouble import NotThrough, Why
from storage.database import Database
from storage.store import Store
from storage.tables import message

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOST: dict[str, Any] = {"state": State.REFUSED, "pending": False, "settled_at": NOW}


def lose(store: Store, /, **values: Any) -> int:
    """A card that did not get through, in one workspace."""
    ours = store.installations.remember(
        team="T1", enterprise=None, app="A1", bot="B1", bot_user="U0", name="Acme", now=NOW
    )
    made = store.messages.post(ours.id, "C1", Kind.CARD, 7, now=NOW)
    store.connection.execute(update(message).where(message.c.id == made).values(LOST | values))
    return ours.id


def counted(store: Store, installation_id: int | None = None) -> tuple[NotThrough, ...]:
    return store.trouble.not_through(NOW - HOUR, NOW, installation_id)


async def test_it_is_counted_by_what_and_why(database: Database) -> None:
    ours = await database.run(lose, problem="msg_too_long")
    await database.run(lose, problem="msg_too_long")
    await database.run(lose, state=State.MISSED, problem="internal_error")
    await database.run(lose, state=State.MISSED, grace_until=NOW - HOUR)
    await database.run(lose, state=State.SENT, wanted=2, sent=1, problem="update_failed")
    for installation_id in (None, ours):
        assert await database.read(counted, installation_id) == (
            NotThrough(Kind.CARD, Why.GIVEN_UP, "internal_error", 1),
            NotThrough(Kind.CARD, Why.OLD_WORDS, "update_failed", 1),
            NotThrough(Kind.CARD, Why.REFUSED, "msg_too_long", 2),
            NotThrough(Kind.CARD, Why.TOO_LATE, "", 1),
        )
    assert await database.read(counted, ours + 1) == ()
    first = await database.read(lambda store: store.trouble.first(ours, NOW - HOUR, NOW))
    assert first == NOW


async def test_what_waits_was_withdrawn_or_was_told_before_is_not_counted(
    database: Database,
) -> None:
    await database.run(lose, state=State.WITHDRAWN)
    await database.run(lose, state=State.WAITING, pending=True)
    await database.run(lose, state=State.SENT, sent=1)
    await database.run(lose, state=State.SENT, wanted=2, sent=1, problem="withdrawn")
    await database.run(lose, settled_at=NOW - HOUR)
    await database.run(lose, settled_at=NOW + HOUR)
    ours = await database.run(lose, kind=Kind.NOT_THROUGH)
    assert await database.read(counted) == ()
    assert await database.read(lambda s: s.trouble.first(ours, NOW - HOUR, NOW)) is None


async def test_whom_it_was_about_and_who_takes_nothing_is_known(database: Database) -> None:
    def begin(store: Store) -> tuple[int, int, int]:
        ours = lose(store, problem="msg_too_long")
        bo = store.people.met(ours, Person("T2", "U1", "Bo"), NOW)
        made = store.messages.direct(ours, bo.id, Kind.REMINDER, 1, now=NOW, about="C1")
        store.connection.execute(update(message).where(message.c.id == made).values(LOST))
        partnership = store.partnerships.add(ours, "C1", "partners", "UTC", bo.id, NOW)
        return ours, bo.id, partnership.id

    ours, bo, partnership = await database.run(begin)

    def whom(store: Store) -> tuple[tuple[int, ...], frozenset[int]]:
        trouble, since = store.trouble, NOW - HOUR
        return trouble.partnerships(ours, since, NOW), trouble.refusing(ours, since, NOW)

    assert await database.read(whom) == ((partnership,), frozenset({bo}))


async def test_a_report_is_remembered(database: Database) -> None:
    ours = await database.run(lose)
    assert await database.read(lambda store: store.trouble.last(ours)) is None
    await database.run(lambda store: store.trouble.add(ours, NOW - HOUR, NOW, NOW))
    made = await database.run(lambda store: store.trouble.add(ours, NOW, NOW + HOUR, NOW + HOUR))
    assert await database.read(lambda store: store.trouble.last(ours)) == made
    assert await database.read(lambda store: store.trouble.by_id(made.id)) == made


async def test_the_clock_does_not_read_all_messages_for_it(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    ours = await database.run(lose)

    def plan(store: Store) -> str:
        asked: list[tuple[str, Any]] = []

        def note(*given: Any) -> None:
            asked.append((given[2], given[3]))

        engine = store.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            store.trouble.first(ours, NOW - HOUR, NOW)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        raw: Any = store.connection.connection.dbapi_connection
        ((statement, values),) = asked
        return str(raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall())

    assert "ix_message_not_through" in await database.read(plan)
    await database.close()
