"""How the tables came to be what they are, step by step (Alembic).

``Database.open`` calls ``bring_up_to_date`` before anything else. A database that is already there
costs one small query; only otherwise is Alembic imported at all.

Migrations expand before they contract: while a new version is put in place of the one before, both
run on the same tables. So each step says by ``readable_by`` which is the oldest version that can
work with what it leaves behind: at least the one before it. A step that only adds keeps the value
of the step before; one that takes away what an older version still used raises it.

A new one gets the next number and its own file in ``versions``; ``HEAD`` names the last.
Until the first release there is only the first one, and after each change of ``storage/tables/``
it is written anew by::

    python -m storage.migrations
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from storage.errors import DatabaseUnusable

if TYPE_CHECKING:
    from sqlalchemy import URL

    from storage.store import Store

HEAD = "0001"
"""The version of the tables that this program needs."""

FOLDER = Path(__file__).parent

_ADVISORY_LOCK = 0x436F6D6D6F6E  # any number that no one else on the server is likely to use

_one_at_a_time = threading.Lock()
"""Alembic keeps the connection of an upgrade in its module ``context``: one per process."""


def current(store: "Store") -> str | None:
    """The version of the tables; None if there are none. For ``db.read``."""
    return _version(store.connection)


def bring_up_to_date(url: "URL") -> None:
    """Run the migrations that are missing, all or none, one process at a time.

    Blocks, so not for the event loop's thread. On SQLite the caller holds the file's lock.
    Tables of a newer version are left alone and used, if it says that this one can. Raises
    ``DatabaseUnusable`` if it cannot, or if the database cannot be reached.
    """
    try:
        _bring_up_to_date(url)
    except DatabaseError as error:
        reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
        raise DatabaseUnusable(f"I cannot use the database: {reason}.") from error


def _bring_up_to_date(url: "URL") -> None:
    look, upgrade = _engines(url)
    with look.connect() as connection:
        if _fits(connection):
            return
    with upgrade.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode drops tables and makes them again, which foreign keys would notice.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK}
            )
        try:
            if not _fits(connection):  # nobody was faster
                _upgrade(connection)
            _check(connection)
        except BaseException:
            if not connection.invalidated:  # else it was lost, and that is what is told
                connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _engines(url: "URL") -> tuple[Engine, Engine]:
    """To look whether anything is to be done, which is quick or nobody is there; and to do it."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        return engine, engine
    from storage.postgresql import Upgrading, engine_for  # only if used: it is large

    return engine_for(url), engine_for(url, Upgrading)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return version


def usable(store: "Store") -> bool:
    """Whether this program can work with the tables as they are. For ``db.read``."""
    return _fits(store.connection)


def _fits(connection: Connection) -> bool:
    version = _version(connection)
    if version is None or version <= HEAD:
        return version == HEAD
    if not inspect(connection).has_table("compatibility"):
        return False
    oldest: str | None = connection.execute(text("SELECT oldest FROM compatibility")).scalar()
    return oldest is not None and oldest <= HEAD


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        with _one_at_a_time:
            command.upgrade(config, HEAD)
    except CommandError as error:
        raise DatabaseUnusable(
            "The database was made by a newer version of me. Run that version, or restore the "
            "copy from before the update."
        ) from error
    step = ScriptDirectory.from_config(config).get_revision(HEAD)
    connection.execute(text("DELETE FROM compatibility"))
    connection.execute(
        text("INSERT INTO compatibility (oldest) VALUES (:oldest)"),
        {"oldest": step.module.readable_by},
    )


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise DatabaseUnusable(
                f"The update would leave {len(broken)} rows that point nowhere; nothing was "
                "changed. Please report this."
            )
