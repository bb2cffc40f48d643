"""The tables are made step by step, once, and end as ``storage/tables/`` says."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, func, select, text

from storage.database import Database
from storage.errors import DatabaseUnusable
from storage.migrations import FOLDER, HEAD, bring_up_to_date, current
from storage.migrations.__main__ import write_first
from storage.store import Store
from storage.tables import heartbeat, metadata
from storage.urls import read_url
from tests.postgres import PostgresServer


def _same_default(*compared: Any) -> bool | None:
    """Let Alembic compare defaults, but for empty text, which it reads wrongly on SQLite."""
    inspected, rendered = compared[3], compared[5]
    return False if inspected == "('')" and rendered == "" else None


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": _same_default}
    )
    return list(compare_metadata(context, metadata))


def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    engine = create_engine(read_url(database_url))
    with engine.connect() as connection:
        assert _differences(connection) == []
    engine.dispose()


def test_a_missing_column_would_be_noticed(database_url: str) -> None:
    engine = create_engine(read_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE delivery DROP COLUMN receipt"))
        assert _differences(connection) != []
    engine.dispose()


def test_the_head_that_the_program_names_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert len(list(scripts.walk_revisions())) == len(list(FOLDER.glob("versions/*.py")))


def test_the_first_migration_can_be_written_anew_from_the_tables(tmp_path: Path) -> None:
    written = write_first(tmp_path).read_text()
    compile(written, "0001_first.py", "exec")
    for table in metadata.tables:
        assert f'op.create_table(\n        "{table}",' in written
    assert "storage" not in written, "a migration must not change when the program does"


async def test_an_empty_sqlite_file_gets_its_tables_when_it_is_opened(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path}/deep/down/new.db")
    assert await database.read(current) == HEAD
    await database.close()
    assert (tmp_path / "deep" / "down" / "new.db").stat().st_mode & 0o077 == 0


async def test_an_empty_postgresql_database_gets_its_tables_once_however_many_open_it(
    postgresql_server: PostgresServer,
) -> None:
    name = postgresql_server.create("template0")
    url = postgresql_server.url(name)
    opened = await asyncio.gather(*(Database.open(url) for _ in range(3)))
    assert [await database.read(current) for database in opened] == [HEAD] * 3
    for database in opened:
        await database.close()
    postgresql_server.drop(name)


async def test_databases_of_both_kinds_are_made_at_once_by_one_process(
    postgresql_server: PostgresServer, tmp_path: Path
) -> None:
    names = [postgresql_server.create("template0") for _ in range(3)]
    urls = [postgresql_server.url(name) for name in names]
    urls += [f"sqlite:///{tmp_path}/{number}.db" for number in range(3)]
    opened = await asyncio.gather(*(Database.open(url) for url in urls))
    for url, database in zip(urls, opened, strict=True):
        assert await database.read(current) == HEAD
        await database.close()
        engine = create_engine(read_url(url))
        with engine.connect() as connection:
            assert _differences(connection) == []
        engine.dispose()
    for name in names:
        postgresql_server.drop(name)


async def test_a_database_that_is_only_looked_at_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    path.touch()
    database = await Database.open(f"sqlite:///{path}", read_only=True)
    assert await database.read(current) is None
    await database.close()


async def test_tables_of_a_newer_version_are_left_alone(database_url: str) -> None:
    engine = create_engine(read_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE compatibility SET oldest = '9998'"))
    with pytest.raises(DatabaseUnusable, match="newer version"):
        await Database.open(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
        assert _differences(connection) == []
    engine.dispose()


async def test_an_update_that_fails_changes_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("DROP TABLE delivery"))
        raise RuntimeError("the power went")

    engine = create_engine(read_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr("storage.migrations._upgrade", half)
    with pytest.raises(RuntimeError, match="power"):
        bring_up_to_date(read_url(database_url))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM delivery")) == 0
    engine.dispose()


async def test_data_survives_reopening(database_url: str) -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def beat(store: Store) -> None:
        store.connection.execute(heartbeat.insert().values(name="tick", at=at))

    def count(store: Store) -> int:
        return store.connection.execute(select(func.count()).select_from(heartbeat)).scalar_one()

    first = await Database.open(database_url)
    await first.run(beat)
    await first.close()
    second = await Database.open(database_url)
    assert await second.read(count) == 1
    await second.close()


def test_a_database_that_is_up_to_date_is_opened_without_alembic(sqlite_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from storage.database import Database\n"
        f"db = asyncio.run(Database.open({sqlite_url!r}))\n"
        "print([name for name in ('alembic', 'mako', 'psycopg') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
