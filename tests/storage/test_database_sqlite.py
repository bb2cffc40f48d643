"""Commits that are shared, and what happens when one fails."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database
from storage.errors import StorageUnavailable, WentOn
from storage.sqlite import SHARED_JOBS, SqliteReader
from storage.store import Store
from tests.storage.test_database import Gate
from tests.storage.things import add, create, names


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """These tests are about SQLite."""
    return sqlite_url


@pytest.fixture
async def log(things: Database) -> AsyncIterator[list[str]]:
    """Every statement that the writer's connection executes."""
    statements: list[str] = []

    def listen(store: Store, to: Any) -> None:
        driver = store.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(to)

    await things.run(listen, statements.append)
    yield statements
    await things.run(listen, None)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No transaction is closed to others because of the time, so that it is known who shares."""
    monkeypatch.setattr("storage.sqlite.SHARED_SECONDS", 600.0)


Change = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture(params=["run", "quick"])
def change(things: Database, request: pytest.FixtureRequest) -> Change:
    """Either way to change something: on the thread, or on the event loop."""
    method: Change = getattr(things, request.param)
    return method


async def _together(things: Database, *calls: Any) -> list[Any]:
    """Have calls wait at once, so that they share a transaction.

    What is quick shares with whatever is asked for in the same round of the event loop. What runs
    on the thread is kept waiting there until all of it is in the queue.
    """
    if all(call.__name__ == "quick" for call in calls):
        return list(await asyncio.gather(*calls, return_exceptions=True))
    gate = Gate()
    first = asyncio.ensure_future(things.run(gate))
    await gate.reached()
    waiting = [asyncio.ensure_future(call) for call in calls]
    await asyncio.sleep(0)
    gate.open.set()
    await first
    return list(await asyncio.gather(*waiting, return_exceptions=True))


async def test_the_file_is_kept_as_it_should_be(things: Database) -> None:
    def pragma(store: Store, name: str) -> Any:
        return store.connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    assert await things.run(pragma, "journal_mode") == "wal"
    assert await things.run(pragma, "synchronous") == 2, "FULL"
    assert await things.run(pragma, "foreign_keys") == 1
    assert await things.read(pragma, "query_only") == 1


async def test_transactions_that_wait_at_once_share_a_commit(
    things: Database, change: Change, log: list[str], unhurried: None
) -> None:
    log.clear()
    await _together(things, *(change(add, f"{number:02}") for number in range(20)))
    assert sum(line.startswith("INSERT") for line in log) == 20
    assert log.count("COMMIT") == 1


async def test_only_so_many_transactions_share_a_commit(
    things: Database, change: Change, log: list[str], unhurried: None
) -> None:
    log.clear()
    number = 2 * SHARED_JOBS
    await _together(things, *(change(add, f"{number:03}") for number in range(number)))
    gates = int(change.__name__ == "run")  # the one that all waited for counts, too
    assert log.count("COMMIT") == 2 + gates
    assert len(await things.read(names)) == number


async def test_a_transaction_that_took_too_long_takes_no_more_in(
    things: Database, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.SHARED_SECONDS", -1.0)
    log.clear()
    await _together(things, *(things.run(add, f"{number}") for number in range(5)))
    assert log.count("COMMIT") == 6


async def test_nobody_hears_before_the_commit_that_is_shared(
    things: Database, change: Change, log: list[str], unhurried: None
) -> None:
    heard: list[int] = []

    async def tell(number: int) -> None:
        await change(add, f"{number:02}")
        heard.append(log.count("COMMIT"))

    log.clear()
    await _together(things, *(tell(number) for number in range(20)))
    assert len(heard) == 20
    assert min(heard) >= 1


async def test_a_commit_that_fails_costs_only_the_one_who_made_it_fail(
    things: Database, change: Change, unhurried: None
) -> None:
    """A foreign key that is checked at COMMIT: the whole batch fails there, and is run again."""
    calls = [change(add, f"{number:02}") for number in range(10)]
    calls.insert(5, change(add, "orphan", parent_id=10_000))
    heard = await _together(things, *calls)
    orphan = heard.pop(5)
    assert isinstance(orphan, sqlite3.IntegrityError)
    assert all(isinstance(number, int) for number in heard)
    assert await things.read(names) == [f"{number:02}" for number in range(10)]


async def test_a_transaction_that_ends_early_is_run_again_one_by_one(
    things: Database, change: Change, log: list[str], unhurried: None
) -> None:
    """A trigger that rolls the whole transaction back, as SQLite itself may on a full disk."""
    await things.run(_make_trap)
    calls = [change(add, f"{number:02}") for number in range(10)]
    calls.insert(5, change(add, "trap"))
    log.clear()
    heard = await _together(things, *calls)
    trap = heard.pop(5)
    assert isinstance(trap, IntegrityError)
    assert "sprung" in str(trap)
    assert all(isinstance(number, int) for number in heard)
    assert await things.read(names) == [f"{number:02}" for number in range(10)]
    # The five before the trap alone, the five after it together; the gate is one of them all.
    assert log.count("COMMIT") == 6 + int(change.__name__ == "run")
    await things.run(add, "later")
    assert "later" in await things.read(names)


def _make_trap(store: Store) -> None:
    store.connection.execute(
        text(
            "CREATE TRIGGER trap BEFORE INSERT ON thing WHEN new.name = 'trap' "
            "BEGIN SELECT RAISE(ROLLBACK, 'sprung'); END"
        )
    )


async def test_a_function_that_hides_the_end_of_its_transaction_stores_nothing(
    things: Database, change: Change, unhurried: None
) -> None:
    await things.run(_make_trap)
    tried: list[str] = []

    def stubborn(store: Store) -> str:
        add(store, "before")
        for name in ("trap", "after"):
            try:
                add(store, name)
            except DBAPIError as error:
                tried.append(str(error.orig))
        return "all is well"

    heard = await _together(things, things.run(add, "one"), change(stubborn))
    assert isinstance(heard[0], int)
    assert isinstance(heard[1], WentOn)
    assert tried == ["sprung", "attempt to write a readonly database"] * 2
    assert await things.read(names) == ["one"]
    await things.run(add, "later")


async def test_on_a_full_file_nothing_is_lost_and_nothing_is_acknowledged_falsely(
    things: Database, change: Change, unhurried: None
) -> None:
    def pages(store: Store, spare: int | None) -> None:
        used = store.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit = 1_000_000 if spare is None else used + spare
        store.connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")

    kept: set[str] = set()
    refused = 0
    await things.run(pages, 20)
    for round_ in range(5):
        texts = [f"{round_}-{number:02} " + "x" * 3000 for number in range(20)]
        heard = await _together(things, *(change(add, name) for name in texts))
        for name, outcome in zip(texts, heard, strict=True):
            if isinstance(outcome, int):
                kept.add(name)
            else:
                assert isinstance(outcome, StorageUnavailable)
                refused += 1
    assert kept
    assert refused
    assert set(await things.read(names)) == kept
    await things.run(pages, None)
    await things.run(add, "after more room was made")
    assert len(await things.read(names)) == len(kept) + 1


async def test_a_file_that_somebody_else_locks_is_waited_for(
    things: Database, change: Change, sqlite_url: str
) -> None:
    elsewhere = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(change(add, "patient"))
    await asyncio.sleep(0)
    elsewhere.execute("ROLLBACK")
    elsewhere.close()
    await waiting
    assert await things.read(names) == ["patient"]


async def test_a_file_that_stays_locked_is_told_and_works_again_afterwards(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.01)
    opened = await Database.open(sqlite_url)
    await opened.run(create)
    elsewhere = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable):
        await opened.run(add, "one")
    assert await opened.read(names) == [], "reading goes on"
    elsewhere.execute("ROLLBACK")
    elsewhere.close()
    await opened.run(add, "two")
    assert await opened.read(names) == ["two"]
    await opened.close()


FULL_DISK = """
import asyncio, json, resource, signal, sys
from storage.database import Database
from storage.errors import StorageUnavailable
from tests.storage.things import add, create

async def main(url):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    database = await Database.open(url)
    await database.run(create)
    kept, refused = [], 0

    async def put(name):
        nonlocal refused
        try:
            way = database.quick if len(kept) % 2 else database.run
            await way(add, name + "x" * 500)
            kept.append(name + "x" * 500)
        except StorageUnavailable:
            refused += 1

    # No file may grow past this: the next commits fail while they write, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    for turn in range(40):
        await asyncio.gather(*(put(f"{turn}-{number}") for number in range(25)))
    refused_then = refused
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await asyncio.gather(*(put(f"late-{number}") for number in range(25)))
    print(json.dumps({"kept": kept, "refused": refused_then, "late": refused - refused_then}))
    await database.close()

asyncio.run(main(sys.argv[1]))
"""


def test_writes_that_fail_during_commit_lose_nothing_that_was_acknowledged(
    sqlite_url: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK), sqlite_url],
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["refused"] > 0, "the fault was not hit"
    assert said["late"] == 0, "it works again once there is room"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        stored = [name for (name,) in connection.execute("SELECT name FROM thing")]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert sorted(stored) == sorted(said["kept"])
    assert len(stored) > 25


KILLED = """
import asyncio, sys
from storage.database import Database
from tests.storage.things import add, create

async def main(url):
    database = await Database.open(url)
    await database.run(create)

    async def put(worker):
        for number in range(100_000):
            name = f"{worker}-{number}"
            way = database.quick if number % 2 else database.run
            await way(add, name)
            print(name, flush=True)

    await asyncio.gather(*(put(worker) for worker in range(16)))

asyncio.run(main(sys.argv[1]))
"""


async def test_what_was_acknowledged_before_a_kill_is_there_after_it(sqlite_url: str) -> None:
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, sqlite_url, stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    heard = [(await victim.stdout.readline()).decode().strip() for _ in range(300)]
    victim.kill()
    rest, _ = await victim.communicate()
    heard += rest.decode().splitlines()[:-1]  # the last line may be half
    opened = await Database.open(sqlite_url)
    stored = await opened.read(names)
    assert set(heard) <= set(stored)
    await opened.close()


async def test_a_quick_change_that_was_refused_costs_the_others_nothing(
    things: Database, log: list[str], unhurried: None
) -> None:
    def refuse(store: Store) -> None:
        names(store)
        raise LookupError("not this one")

    log.clear()
    calls = [things.quick(add, f"{number}") for number in range(3)]
    heard = await _together(things, *calls, things.quick(refuse), things.quick(add, "last"))
    assert isinstance(heard[3], LookupError)
    assert log.count("COMMIT") == 1
    assert await things.read(names) == ["0", "1", "2", "last"]


async def test_what_a_quick_change_wrote_before_it_failed_is_undone(
    things: Database, unhurried: None
) -> None:
    def half(store: Store) -> None:
        add(store, "half")
        raise LookupError("and no further")

    heard = await _together(
        things, things.quick(add, "one"), things.quick(half), things.quick(add, "two")
    )
    assert isinstance(heard[1], LookupError)
    assert await things.read(names) == ["one", "two"]


async def test_changes_of_both_ways_keep_their_order(things: Database) -> None:
    seen: list[int] = []

    def look(store: Store) -> None:
        seen.append(len(names(store)))

    await asyncio.gather(
        things.quick(add, "a"), things.run(look), things.run(add, "b"), things.quick(look)
    )
    assert seen == [1, 2]


async def test_the_event_loop_does_not_wait_for_who_locks_the_file(
    things: Database, sqlite_url: str
) -> None:
    elsewhere = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(things.quick(add, "patient"))
    for _ in range(100):  # were the loop the one that waits, this would take BUSY_SECONDS and fail
        await asyncio.sleep(0)
    assert not waiting.done()
    elsewhere.execute("ROLLBACK")
    elsewhere.close()
    await waiting
    assert await things.read(names) == ["patient"]


async def test_only_the_commit_of_a_quick_change_leaves_the_event_loop(things: Database) -> None:
    where: list[int] = []

    def note(store: Store) -> None:
        where.append(threading.get_ident())

    await things.quick(note)
    await things.glance(note)
    await things.run(note)
    await things.read(note)
    here = threading.get_ident()
    assert where[:2] == [here, here]
    assert here not in where[2:]


async def test_a_glance_is_not_kept_waiting_by_a_long_read(things: Database) -> None:
    await things.run(add, "one")
    gate = Gate()
    long = asyncio.ensure_future(things.read(gate))
    await gate.reached()
    assert await things.glance(names) == ["one"]
    gate.open.set()
    await long


async def test_a_reader_that_ends_with_an_error_leaves_no_writer_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = SqliteReader.close

    def fails(reader: SqliteReader) -> None:
        close(reader)
        raise OSError("the disk is gone")

    opened = await Database.open(sqlite_url)
    with monkeypatch.context() as patched:
        patched.setattr(SqliteReader, "close", fails)
        with pytest.raises(OSError, match="the disk is gone"):
            await opened.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("storage")]
    again = await Database.open(sqlite_url)  # and nobody holds the file
    await again.close()


async def test_a_glance_changes_nothing(things: Database) -> None:
    with pytest.raises(DBAPIError, match="readonly"):
        await things.glance(add, "no")
    assert await things.glance(names) == []


async def test_what_was_asked_for_before_the_end_is_done(sqlite_url: str) -> None:
    opened = await Database.open(sqlite_url)
    await opened.run(create)
    asked = [asyncio.ensure_future(opened.quick(add, f"{number:03}")) for number in range(150)]
    await asyncio.sleep(0)
    await opened.close()
    await asyncio.gather(*asked)
    again = await Database.open(sqlite_url)
    assert len(await again.read(names)) == 150
    await again.close()
