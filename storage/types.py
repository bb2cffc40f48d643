"""Column types: how values of the domain lie in a row, the same on SQLite and PostgreSQL.

Each refuses what would come back as something else (a naive datetime, a datetime where a date is
meant, text that only one of the databases can store): better an error where it is written than a
surprise where it is read.
"""

import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Date, Dialect
from sqlalchemy import Text as _Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import literal
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

_E = TypeVar("_E", bound=StrEnum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Escaped to ASCII: whatever text JSON can hold, both databases can then store.
_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


class Duration(TypeDecorator[timedelta]):
    """A length of time, kept as whole microseconds. ``later`` adds one to a moment."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 in UTC: compact, and sorted by an index.

    Takes aware datetimes of any zone and gives back UTC; a naive one is a ``ValueError``, since
    nobody could say which moment it means.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, and {value.isoformat()} has none")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class LocalDate(TypeDecorator[date]):
    """A day on the calendar of wherever it is read, without a zone. Refuses datetimes."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | None:
        if isinstance(value, datetime):
            raise TypeError("a day is meant here, and a moment was given; whose day is it?")
        return value


class Json(TypeDecorator[Any]):
    """A value of JSON, kept as text. None is SQL's NULL; keys come back as text."""

    impl = _Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Text(TypeDecorator[str]):
    """Text as people wrote it. What comes from outside is made storable where it comes in.

    NUL (PostgreSQL refuses it) and lone surrogates (both do) are a ``ValueError`` here: they
    should have been replaced at the edge.
    """

    impl = _Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if "\0" in value:
            raise ValueError("text to be stored holds a NUL")
        if not value.isascii():
            value.encode()  # UnicodeEncodeError, a ValueError, on a lone surrogate
        return value


class EnumText(TypeDecorator[_E]):
    """One of the members of a ``StrEnum``, kept as its text: ``Column("state", EnumText(State))``.

    Adding a member needs no migration. Anything but a member is a ``ValueError``.
    """

    impl = _Text
    cache_ok = True

    def __init__(self, members: type[_E]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: _E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> _E | None:
        return None if value is None else self.members(value)


class _DatabaseNow(FunctionElement[datetime]):
    """The database's clock. Rendered per dialect below."""

    type = Instant()
    inherit_cache = True


@compiles(_DatabaseNow, "sqlite")
def _sqlite_now(element: _DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite tells the time in milliseconds; a Julian day is rounded to them without loss.
    return "(CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)"


@compiles(_DatabaseNow, "postgresql")
def _postgresql_now(element: _DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:
    # Not now(), which stands still during a transaction.
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


def later(
    moment: ColumnElement[datetime], by: timedelta | ColumnElement[timedelta]
) -> ColumnElement[datetime]:
    """A moment and a length after it, as an expression for a statement.

    ``by`` is a length, a column of ``Duration``, or ``bindparam("by", type_=Duration())``.
    """
    length = literal(by, Duration()) if isinstance(by, timedelta) else by
    return moment.op("+", return_type=Instant())(length)


def lease_now(by: timedelta | ColumnElement[timedelta] | None = None) -> ColumnElement[datetime]:
    """The present, or ``later`` than it, by the database's own clock, for a statement.

    For leases, back-off and pacing: every process of the bot shares this clock, and nobody moves
    it.
    """
    return _DatabaseNow() if by is None else later(_DatabaseNow(), by)
