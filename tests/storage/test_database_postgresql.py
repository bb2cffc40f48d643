"""Transactions that get in each other's way, and connections that break, at each moment."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database
from storage.errors import DatabaseUnusable, OutcomeUnknown, StorageUnavailable, WentOn
from storage.migrations import bring_up_to_date
from storage.postgresql import _CONNECT, ATTEMPTS, THREADS
from storage.store import Store
from storage.urls import read_url
from tests.postgres import PostgresServer
from tests.storage.test_database import PATIENCE, Gate
from tests.storage.things import add, names, thing


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """These tests are about PostgreSQL."""
    return postgresql_url


@pytest.mark.parametrize(
    ("way", "isolation", "read_only"),
    [
        ("run", "serializable", "off"),
        ("read", "repeatable read", "on"),
        ("claim", "read committed", "off"),
    ],
)
async def test_each_kind_of_transaction_is_isolated_as_it_needs(
    things: Database, way: str, isolation: str, read_only: str
) -> None:
    def show(store: Store) -> tuple[object, ...]:
        return tuple(
            store.connection.scalar(text(f"SHOW transaction_{name}"))
            for name in ("isolation", "read_only")
        )

    assert await getattr(things, way)(show) == (isolation, read_only)


async def test_of_two_that_could_not_follow_each_other_one_is_run_again(
    things: Database,
) -> None:
    """Both look before either writes; so one of them must look again."""
    both = threading.Barrier(2)
    calls: list[str] = []

    def answer(store: Store, word: str) -> bool:
        calls.append(word)
        answered = names(store)
        if calls.count(word) == 1:
            both.wait(PATIENCE)
        if answered:
            return False
        add(store, word)
        return True

    won = await asyncio.gather(things.run(answer, "accepted"), things.run(answer, "declined"))
    assert sorted(won) == [False, True]
    assert len(await things.read(names)) == 1
    assert len(calls) == 3


async def test_a_conflict_is_run_again_even_if_the_function_hides_it(things: Database) -> None:
    await things.run(add, "counter")
    both = threading.Barrier(2)
    calls: list[int] = []

    def count(store: Store, who: int) -> str:
        calls.append(who)
        number = store.connection.scalar(select(thing.c.number))
        if calls.count(who) == 1:
            both.wait(PATIENCE)
        try:
            store.connection.execute(update(thing).values(number=(number or 0) + 1))
        except DBAPIError:
            return "it does not matter"
        return "counted"

    heard = await asyncio.gather(things.run(count, 1), things.run(count, 2))
    assert set(heard) == {"counted"}
    assert await things.read(lambda s: s.connection.scalar(select(thing.c.number))) == 2
    assert len(calls) == 3


async def test_who_is_always_too_late_is_told_after_some_attempts(things: Database) -> None:
    await things.run(add, "counter")
    calls: list[int] = []
    url = things.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def beaten(store: Store) -> None:
        calls.append(1)
        number = store.connection.scalar(select(thing.c.number))
        with psycopg.connect(url) as faster:
            faster.execute("UPDATE thing SET number = number + 1")
        store.connection.execute(update(thing).values(number=number))

    with pytest.raises(StorageUnavailable):
        await things.run(beaten)
    assert len(calls) == ATTEMPTS
    assert await things.read(lambda s: s.connection.scalar(select(thing.c.number))) == ATTEMPTS


async def test_an_error_of_the_database_that_is_hidden_is_told_all_the_same(
    things: Database,
) -> None:
    await things.run(add, "one")

    def twice(store: Store) -> str:
        add(store, "two")
        try:
            add(store, "one")
        except IntegrityError:
            return "all is well"
        return "never"

    with pytest.raises(WentOn) as raised:
        await things.run(twice)
    assert isinstance(raised.value.__cause__, psycopg.errors.UniqueViolation)
    assert await things.read(names) == ["one"]


async def test_a_constraint_checked_at_commit_is_told_and_undone(things: Database) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await things.run(add, "orphan", parent_id=10_000)
    assert await things.read(names) == []
    await things.run(add, "next")


async def test_reads_do_not_wait_for_a_slow_change(things: Database) -> None:
    gate = Gate()
    slow = asyncio.ensure_future(things.run(gate))
    await gate.reached()
    assert await things.read(names) == []
    gate.open.set()
    await slow


# Connections that break


def _end_own_connection(store: Store) -> None:
    store.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_connections_that_died_while_idle_are_made_anew(
    things: Database, postgresql_server: PostgresServer
) -> None:
    await asyncio.gather(*(things.run(add, f"{number}") for number in range(2 * THREADS)))
    postgresql_server.admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND application_name = 'common-ground'",
        [things.url.database],
    )
    await asyncio.gather(*(things.run(add, f"again {number}") for number in range(4 * THREADS)))
    assert len(await things.read(names)) == 6 * THREADS


async def test_a_connection_lost_before_commit_is_made_anew_and_the_function_run_again(
    things: Database,
) -> None:
    calls: list[int] = []

    def unlucky(store: Store) -> int:
        calls.append(1)
        number = add(store, "one")
        if len(calls) == 1:
            _end_own_connection(store)
        return number

    assert await things.run(unlucky)
    assert len(calls) == 2
    assert await things.read(names) == ["one"]


async def test_a_connection_lost_again_and_again_is_told(things: Database) -> None:
    calls: list[int] = []

    def unlucky(store: Store) -> None:
        calls.append(1)
        add(store, "one")
        try:
            _end_own_connection(store)
        except DBAPIError:
            return  # it does not matter what the function makes of it

    with pytest.raises(StorageUnavailable):
        await things.run(unlucky)
    assert len(calls) == 2
    assert await things.read(names) == []


class Proxy:
    """Between the bot and the server: passes everything on, until a COMMIT comes by."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = str(folder)
        self.armed: str | None = None
        """What to do at the next COMMIT: ``"before"`` breaks the connection instead of passing it
        on, ``"after"`` passes it on and breaks the connection when the answer comes."""
        self.silent = threading.Event()
        """From now on nothing goes either way on the connections that there are."""
        self.mute_at: bytes | None = None
        """It falls silent when this is said to the server."""
        self.connected = 0
        """So many connections were asked for."""
        self._clients: list[socket.socket] = []
        self._server = server
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Take no more connections, and end those that there are."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._threads[0].join(PATIENCE)
        for client in self._clients:
            with suppress(OSError):  # it has ended
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connected += 1
            self._clients.append(client)
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            broken, silent = threading.Event(), self.silent
            for way in ((client, server, True), (server, client, False)):
                thread = threading.Thread(
                    target=self._pass_on, args=(*way, broken, silent), daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _pass_on(
        self,
        source: socket.socket,
        to: socket.socket,
        asking: bool,
        broken: threading.Event,
        silent: threading.Event,
    ) -> None:
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            if asking and self.mute_at is not None and self.mute_at in data:
                silent.set()
            if asking and b"COMMIT" in data:
                if self.armed == "before":
                    data = b""
                elif self.armed == "after":
                    broken.set()
            elif not asking and broken.is_set():
                data = b""
            if not data:
                break
            if not silent.is_set():
                to.sendall(data)
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        if not asking:
            source.close()
            to.close()


@pytest.fixture
def proxy(postgresql_url: str) -> Iterator[Proxy]:
    folder = psycopg.conninfo.conninfo_to_dict(postgresql_url)["host"]
    with TemporaryDirectory(prefix="cg-") as own:
        made = Proxy(Path(own), f"{folder}/.s.PGSQL.5432")
        yield made
        made.close()


@pytest.fixture
async def proxied(things: Database, proxy: Proxy, postgresql_url: str) -> AsyncIterator[Database]:
    """A database reached by the proxy; ``things`` reaches the same one directly."""
    opened = await Database.open(_through(proxy, postgresql_url))
    yield opened
    await opened.close()


@pytest.mark.parametrize(("moment", "stored"), [("before", []), ("after", ["one"])])
async def test_a_connection_lost_during_commit_is_never_run_again(
    things: Database, proxied: Database, proxy: Proxy, moment: str, stored: list[str]
) -> None:
    """Nobody can know which of the two it was, so nobody may pretend to."""
    calls: list[int] = []

    def once(store: Store) -> None:
        calls.append(1)
        add(store, "one")

    proxy.armed = moment
    with pytest.raises(OutcomeUnknown):
        await proxied.run(once)
    proxy.armed = None
    assert len(calls) == 1
    assert await things.read(names) == stored
    await proxied.run(add, "two")
    assert await things.read(names) == [*stored, "two"]


async def test_a_connection_behind_which_nobody_is_any_more_is_given_up_for_another(
    things: Database, proxied: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(proxied.run(add, f"{number}") for number in range(2 * THREADS)))
    monkeypatch.setattr("storage.postgresql.SILENCE_SECONDS", 0.2)
    proxy.silent.set()
    proxy.silent = threading.Event()  # connections made from now on are well
    await asyncio.gather(*(proxied.run(add, f"again {number}") for number in range(THREADS)))
    assert len(await things.read(names)) == 3 * THREADS


async def test_closing_on_a_silent_server_answers_all_who_wait_and_connects_no_more(
    things: Database, proxied: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them would else be as long in finding out that nobody is there."""
    together = threading.Barrier(THREADS)
    await asyncio.gather(
        *(proxied.run(lambda _store: together.wait(PATIENCE)) for _ in range(THREADS))
    )
    before = proxy.connected
    monkeypatch.setattr("storage.postgresql.SILENCE_SECONDS", 0.2)
    proxy.silent.set()
    waiting = [
        asyncio.ensure_future(proxied.run(add, f"{number}")) for number in range(6 * THREADS)
    ]
    await asyncio.sleep(0)  # until all have asked
    await proxied.close()
    heard = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(each) for each in heard} == {StorageUnavailable}
    assert proxy.connected == before
    assert await things.read(names) == []


async def test_closing_finishes_what_waits_where_a_connection_was_lost_before(
    things: Database, proxied: Database, proxy: Proxy
) -> None:
    proxy.armed = "before"
    with pytest.raises(OutcomeUnknown):
        await proxied.run(add, "lost")
    proxy.armed = None
    waiting = [
        asyncio.ensure_future(proxied.run(add, f"{number}")) for number in range(2 * THREADS)
    ]
    await asyncio.sleep(0)  # until all have asked
    await proxied.close()
    await asyncio.gather(*waiting)
    assert len(await things.read(names)) == 2 * THREADS


def _through(proxy: Proxy, url: str) -> str:
    folder = psycopg.conninfo.conninfo_to_dict(url)["host"]
    return url.replace(str(folder), proxy.folder)


async def test_a_server_that_takes_a_connection_and_says_nothing_is_told_of_at_the_start(
    proxy: Proxy, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_CONNECT, "connect_timeout", 2)  # the least there is
    proxy.silent.set()
    with pytest.raises(DatabaseUnusable, match="I cannot use the database: connection timeout"):
        await _open(proxy, postgresql_url)


async def test_a_server_that_falls_silent_during_the_start_is_told_of(
    proxy: Proxy, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgresql.SILENCE_SECONDS", 0.2)
    proxy.mute_at = b"alembic_version"
    with pytest.raises(DatabaseUnusable, match="I cannot use the database: "):
        await _open(proxy, postgresql_url)


async def test_a_migration_has_longer_than_any_other_statement(
    proxy: Proxy, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may wait for another process that is making the same tables."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    monkeypatch.setattr("storage.postgresql.UPGRADE_SECONDS", 0.2)
    proxy.mute_at = b"pg_advisory_xact_lock"
    with pytest.raises(DatabaseUnusable, match="I cannot use the database: "):
        await _open(proxy, postgresql_url)


async def _open(proxy: Proxy, url: str) -> None:
    """On a thread that nobody waits for longer than a test may take."""
    opening: Future[None] = Future()

    def begin() -> None:
        try:
            bring_up_to_date(read_url(_through(proxy, url)))
        except BaseException as error:
            opening.set_exception(error)
        else:
            opening.set_result(None)

    threading.Thread(target=begin, daemon=True).start()
    async with asyncio.timeout(PATIENCE):
        await asyncio.wrap_future(opening)
