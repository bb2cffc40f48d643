"""One function is one transaction, on both databases, however many wait at once."""

import asyncio
import os
import subprocess
import sys
import threading
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import BotError
from storage.database import Database
from storage.errors import DatabaseClosed, DatabaseInUse, DatabaseUnusable
from storage.migrations import HEAD, current
from storage.store import Store
from storage.urls import read_url
from tests.storage.things import add, names, thing

PATIENCE = 30.0
"""Seconds after which a test that waits for another thread gives up."""


class Gate:
    """A function that waits inside its transaction until it is let through."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, store: Store) -> str:
        self.entered.set()
        assert self.open.wait(PATIENCE)
        return "through"

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.entered.wait, PATIENCE)


async def test_a_fresh_database_has_the_newest_tables(database: Database) -> None:
    assert await database.read(current) == HEAD


async def test_the_caller_gets_the_functions_value_and_its_work_is_kept(things: Database) -> None:
    assert await things.run(add, "one", number=3) == await things.read(_id, "one")
    assert await things.read(names) == ["one"]


def _id(store: Store, name: str) -> int | None:
    return store.connection.execute(select(thing.c.id).where(thing.c.name == name)).scalar()


async def test_an_error_undoes_the_work_and_reaches_the_caller_as_it_is(things: Database) -> None:
    refusal = BotError("You may not.")

    def refuse(store: Store) -> None:
        add(store, "one")
        raise refusal

    with pytest.raises(BotError) as raised:
        await things.run(refuse)
    assert raised.value is refusal
    assert await things.read(names) == []


async def test_an_error_undoes_only_the_work_of_its_own_function(things: Database) -> None:
    def maybe(store: Store, number: int) -> int:
        add(store, f"{number:03}")
        if number % 3 == 0:
            raise BotError(f"not {number}")
        if number % 3 == 1:
            add(store, f"{number:03}")  # the name is taken
        return number

    heard = await asyncio.gather(
        *(things.run(maybe, number) for number in range(90)), return_exceptions=True
    )
    for number, outcome in enumerate(heard):
        if number % 3 == 0:
            assert isinstance(outcome, BotError)
            assert str(outcome) == f"not {number}"
        elif number % 3 == 1:
            assert isinstance(outcome, IntegrityError)
        else:
            assert outcome == number
    assert await things.read(names) == [f"{number:03}" for number in range(2, 90, 3)]


async def test_callers_hear_only_after_the_commit(things: Database) -> None:
    engine = create_engine(read_url(things.url.render_as_string(hide_password=False)))

    async def tell(name: str) -> None:
        await things.run(add, name)
        with engine.connect() as elsewhere:  # sees what is committed, and nothing else
            found = elsewhere.execute(select(thing.c.id).where(thing.c.name == name)).first()
        assert found is not None

    await asyncio.gather(*(tell(f"{number}") for number in range(60)))
    engine.dispose()


async def test_what_was_just_stored_can_be_read(things: Database) -> None:
    async def store_and_look(name: str) -> None:
        await things.run(add, name)
        assert name in await things.read(names)

    await asyncio.gather(*(store_and_look(f"{number}") for number in range(60)))


async def test_a_read_sees_one_state_of_things(things: Database) -> None:
    gate = Gate()

    def look_twice(store: Store) -> tuple[list[str], list[str]]:
        before = names(store)
        gate(store)
        return before, names(store)

    looking = asyncio.ensure_future(things.read(look_twice))
    await gate.reached()
    await things.run(add, "meanwhile")
    gate.open.set()
    assert await looking == ([], [])
    assert await things.read(names) == ["meanwhile"]


async def test_a_read_cannot_write(things: Database) -> None:
    await things.run(add, "one")
    for change in (
        lambda store: add(store, "two"),
        lambda store: store.connection.execute(update(thing).values(number=1)),
        lambda store: store.connection.execute(delete(thing)),
        lambda store: store.connection.execute(text("DROP TABLE thing")),
    ):
        with pytest.raises(DBAPIError):
            await things.read(change)
    assert await things.read(names) == ["one"]
    assert await things.run(add, "two"), "and writing goes on as before"


async def test_a_canceled_caller_leaves_all_or_nothing_behind(things: Database) -> None:
    gates = [Gate() for _ in range(4)]  # as many as PostgreSQL has threads
    running = [asyncio.ensure_future(things.run(gate)) for gate in gates]
    await gates[0].reached()

    def begun(store: Store) -> None:
        add(store, "begun")

    waiting = [asyncio.ensure_future(things.run(add, f"{number}")) for number in range(5)]
    await asyncio.sleep(0)
    for one in waiting[1:4]:
        one.cancel()
    for gate in gates:
        gate.open.set()
    assert await asyncio.gather(*running) == ["through"] * 4
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in results] == [
        False,
        True,
        True,
        True,
        False,
    ]
    await things.run(begun)
    stored = await things.read(names)
    assert {"0", "4", "begun"} <= set(stored)


async def test_a_caller_canceled_during_its_transaction_does_not_break_it(things: Database) -> None:
    gate = Gate()

    def slow(store: Store) -> None:
        add(store, "before")
        gate(store)
        add(store, "after")

    call = asyncio.ensure_future(things.run(slow))
    await gate.reached()
    call.cancel()
    gate.open.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    await things.run(add, "later")
    await things.close()
    again = await Database.open(things.url.render_as_string(hide_password=False))
    assert await again.read(names) == ["after", "before", "later"]
    await again.close()


async def test_closing_finishes_what_was_asked_for_before(things: Database) -> None:
    calls = [asyncio.ensure_future(things.run(add, f"{number:02}")) for number in range(50)]
    await asyncio.sleep(0)
    await things.close()
    assert all(call.done() for call in calls)
    assert len(set(await asyncio.gather(*calls))) == 50
    again = await Database.open(things.url.render_as_string(hide_password=False))
    assert len(await again.read(names)) == 50
    await again.close()


async def test_a_closed_database_says_so(things: Database) -> None:
    await asyncio.gather(things.close(), things.close())
    for way in (things.run, things.read, things.claim):
        with pytest.raises(DatabaseClosed):
            await way(names)
    await things.close()


async def test_closing_leaves_no_thread_behind(database_url: str) -> None:
    before = set(threading.enumerate())
    opened = await Database.open(database_url)
    await asyncio.gather(*(opened.read(current) for _ in range(10)))
    await opened.close()
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("storage")]


async def test_an_error_that_a_future_cannot_carry_reaches_the_caller_too(
    things: Database,
) -> None:
    def stop(store: Store) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await things.run(stop)


async def test_of_two_answers_to_one_question_exactly_one_counts(things: Database) -> None:
    """Each looks whether there is an answer already, and adds its own only if there is none."""
    calls: list[str] = []

    def answer(store: Store, word: str) -> bool:
        calls.append(word)
        answered = store.connection.execute(select(func.count()).select_from(thing)).scalar()
        if answered:
            return False
        add(store, word)
        return True

    wins = []
    for _ in range(20):
        wins.append(
            await asyncio.gather(*(things.run(answer, word) for word in ("accepted", "declined")))
        )
        assert len(await things.read(names)) == 1
        await things.run(lambda store: store.connection.execute(delete(thing)).rowcount)
    assert all(sorted(pair) == [False, True] for pair in wins)


async def test_no_change_to_one_row_is_lost_however_many_change_it_at_once(
    things: Database,
) -> None:
    await things.run(add, "counter")

    def count(store: Store) -> int:
        now = int(store.connection.execute(select(thing.c.number)).scalar_one())
        store.connection.execute(update(thing).values(number=now + 1))
        return now + 1

    counted = await asyncio.gather(*(things.run(count) for _ in range(40)))
    assert sorted(counted) == list(range(1, 41))


async def test_no_two_claims_take_the_same_row(things: Database) -> None:
    await asyncio.gather(*(things.run(add, f"{number:02}") for number in range(40)))
    free = select(thing.c.id).where(thing.c.number == 0).order_by(thing.c.id).limit(1)
    take = (
        update(thing)
        .where(thing.c.id == free.with_for_update(skip_locked=True).scalar_subquery())
        .values(number=1)
        .returning(thing.c.name)
    )

    async def worker() -> list[str]:
        taken = []
        while name := await things.claim(lambda store: store.connection.execute(take).scalar()):
            taken.append(name)
        return taken

    taken = await asyncio.gather(*(worker() for _ in range(6)))
    assert sorted(chain.from_iterable(taken)) == [f"{number:02}" for number in range(40)]


# Opening


async def test_a_second_process_on_one_sqlite_file_is_told_in_a_sentence(sqlite_url: str) -> None:
    first = await Database.open(sqlite_url)
    with pytest.raises(DatabaseInUse, match="already running"):
        await Database.open(sqlite_url)
    program = (
        "import asyncio, sys\n"
        "from storage.database import Database\n"
        "from bot.domain.errors import BotError\n"
        "try:\n"
        f"    asyncio.run(Database.open({sqlite_url!r}))\n"
        "except BotError as error:\n"
        "    sys.exit(str(error))\n"
    )
    second = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stderr=subprocess.PIPE
    )
    _, said = await second.communicate()
    assert second.returncode == 1
    assert said.startswith(b"Another Common Ground is already running on ")
    assert said.count(b"\n") == 1
    assert await first.read(current) == HEAD
    await first.close()
    again = await Database.open(sqlite_url)
    await again.close()


async def test_a_database_that_is_in_use_can_be_looked_at(things: Database) -> None:
    await things.run(add, "one")
    looking = await Database.open(things.url.render_as_string(hide_password=False), read_only=True)
    assert await looking.read(names) == ["one"]
    await things.run(add, "two")
    assert await looking.read(names) == ["one", "two"]
    for way in (looking.run, looking.claim):
        with pytest.raises(DatabaseUnusable, match="only for reading"):
            await way(add, "three")
    with pytest.raises(DBAPIError):
        await looking.read(add, "three")
    await looking.close()


async def test_looking_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="no database"):
        await Database.open(f"sqlite:///{tmp_path}/none.db", read_only=True)
    assert os.listdir(tmp_path) == []


async def test_closing_tidies_the_sqlite_file_up(sqlite_url: str, tmp_path: Path) -> None:
    opened = await Database.open(sqlite_url)
    assert await opened.read(current) == HEAD
    await opened.close()
    assert sorted(os.listdir(tmp_path)) == ["common-ground.db", "common-ground.db-lock"]


async def test_what_is_no_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        await Database.open(f"sqlite:///{tmp_path}/letter.db")
    with pytest.raises(DatabaseUnusable, match="not a database"):
        await Database.open(f"sqlite:///{tmp_path}/letter.db", read_only=True)
    (tmp_path / "letter.db-lock").unlink()  # and nobody holds it
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusable, match="cannot make"):
        await Database.open(f"sqlite:///{tmp_path}/file/below.db")


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_server_that_is_not_there_is_told_in_a_sentence_without_the_password(
    tmp_path: Path, read_only: bool
) -> None:
    url = f"postgresql://someone:very-secret@/nothing?host={tmp_path}"
    with pytest.raises(DatabaseUnusable, match="I cannot") as raised:
        await Database.open(url, read_only=read_only)
    assert "very-secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("common-ground.db", "cannot be read"),
        ("mysql://host/name", "names mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///a.db?mode=ro", "nothing after its name"),
    ],
)
async def test_a_url_that_cannot_be_used_is_told_in_a_sentence(url: str, says: str) -> None:
    with pytest.raises(DatabaseUnusable, match=says):
        await Database.open(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_urls_as_hosts_write_them_mean_the_same_driver(scheme: str) -> None:
    url = read_url(f"{scheme}://user:word@host:5433/name?sslmode=require")
    assert url.drivername == "postgresql+psycopg"
    assert (url.password, url.port, url.query) == ("word", 5433, {"sslmode": "require"})
