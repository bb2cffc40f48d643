"""Where the database is: what ``DATABASE_URL`` may say, and what is meant by it."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import DatabaseUnusable


def read_url(url: str) -> URL:
    """Understand a URL as hosts and people write it; raises ``DatabaseUnusable`` with a sentence.

    ``postgres://`` and ``postgresql://`` mean psycopg 3 whatever driver the URL names;
    ``sqlite:///file.db`` is relative to the working directory, ``sqlite:////file.db`` absolute.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusable(
            "DATABASE_URL cannot be read. Write sqlite:///common-ground.db for a file, or "
            "postgresql://user:password@host/name."
        ) from error
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUnusable(
            f"DATABASE_URL names {backend}, which I cannot use. Use sqlite:/// with a file, or "
            "postgresql://."
        )
    if parsed.database in (None, "", ":memory:") or parsed.query:
        raise DatabaseUnusable(
            "DATABASE_URL needs a file after sqlite:///, for example sqlite:///common-ground.db, "
            "and nothing after its name."
        )
    return parsed.set(drivername="sqlite")


def sqlite_path(url: URL) -> Path:
    """The file of a SQLite URL, absolute."""
    return Path(url.database or "").absolute()
