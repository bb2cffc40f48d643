"""What a person looks at or does reads none of the tables that grow from end to end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.commitments import Commitment
from bot.services import commitments, home, undo
from bot.services.commitments import Propose, Turn, Which
from bot.services.undo import TakeBack
from storage import statements
from storage.database import Database
from storage.store import Store
from tests.services.together import BO, CHANNEL, DANA, EVERYBODY, MONDAY, Together

GROWS = frozenset({"commitment", "terms", "commitment_history", "message", "delivery", "undoable"})


@pytest.fixture
async def world(sqlite_url: str) -> Any:
    database = await Database.open(sqlite_url)
    made = Together(database)
    await made.begin(*EVERYBODY)
    yield made
    await database.close()


async def read_whole(world: Together, function: Callable[..., Any], *args: Any) -> list[str]:
    """The tables that SQLite reads from end to end for this, as it plans."""

    def run(store: Store) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def note(*given: Any) -> None:
            asked.append((given[2], given[3]))

        plainly = statements._Plan.execute

        def prepared(plan: Any, connection: Any, parameters: Any) -> Any:
            asked.append((plan.sql, plan.bind(parameters)))
            return plainly(plan, connection, parameters)

        engine = store.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(statements._Plan, "execute", prepared)
                function(store, *args)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        raw: Any = store.connection.connection.dbapi_connection
        found: list[str] = []
        for statement, values in asked:
            if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
                continue
            for step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall():
                words = step[3].split()
                if words[0] == "SCAN" and words[1] in GROWS:
                    found.append(f"{step[3]}: {statement}")
        return found

    plans: list[str] = await world.run(run)
    return plans


async def done(world: Together) -> Commitment:
    made = await world.promise(BO, by=DANA)
    which = Which(world.installation, commitment_id=made.id)
    turn = Turn(world.key(), BO, which)
    said: Commitment = await world.run(commitments.report_done, turn, MONDAY)
    return said


async def test_taking_back_looks_for_its_messages_alone(world: Together) -> None:
    await done(world)
    last = await world.read(undo.latest, world.installation, BO, None, None, MONDAY)
    request = TakeBack(world.key(), world.installation, BO, last)
    assert await read_whole(world, undo.take_back, request, MONDAY) == []


async def test_home_and_what_waits_read_what_is_somebodys_alone(world: Together) -> None:
    await done(world)
    assert await read_whole(world, home.overview, world.installation, DANA, MONDAY) == []
    assert await read_whole(world, commitments.waiting, world.installation, DANA) == []


async def test_reminders_read_what_is_somebodys_alone(world: Together) -> None:
    await done(world)

    def remind(store: Store) -> None:
        member = store.people.by_key(world.installation, BO.team, BO.user)
        assert member is not None
        store.reminders.candidates(member)
        store.reminders.led(member, date(2026, 11, 1), 50)

    assert await read_whole(world, remind) == []


async def test_the_courier_reads_the_messages_that_wait_alone(world: Together) -> None:
    await done(world)

    def serve(store: Store) -> None:
        claims = store.messages.claim("token", timedelta(minutes=1), 8, ())
        assert claims
        for claim in claims:
            head = store.messages.head(claim)
            assert head is not None
            assert store.messages.begin(claim, head, "C1")
            store.messages.release(claim)
        store.messages.next_due()

    assert await read_whole(world, serve) == []


async def test_a_proposal_reads_no_table_whole(world: Together) -> None:
    await done(world)
    request = Propose(
        key=world.key(),
        installation_id=world.installation,
        channel=CHANNEL,
        by=DANA,
        owner=BO,
        what="invite 12 mentees",
        due=date(2026, 11, 30),
    )
    assert await read_whole(world, commitments.proposed, request, MONDAY) == []
