"""Statements of the hot path, compiled once.

``connection.execute(statement)`` of SQLAlchemy builds, looks up and wraps at every call. That is
right for most queries. Where a query stands in the way of each command, write it once at the top
of its file instead, still as SQLAlchemy, with ``bindparam`` where values go::

    _by_number = Prepared(
        select(commitment).where(
            commitment.c.partnership_id == bindparam("partnership"),
            commitment.c.number == bindparam("number"),
        )
    )
    _add = Prepared(insert(commitment).returning(commitment.c.id))

    row = _by_number.first(self.connection, partnership=3, number=12)
    new = _add.scalar(self.connection, partnership_id=3, number=13, ...)

Measured on SQLite, in microseconds a statement, values converted (the ratios are what counts):

================================== ====== ======
..                                 insert select
================================== ====== ======
written where it is executed           69     53
written at the top, SQLAlchemy         17     17
written at the top, ``Prepared``        7      6
plain ``sqlite3``, nothing converted    1      2
================================== ====== ======

Eight of them in each command, sixteen commands at once, as a share of the speed without a
database: 0.13, 0.34, 0.55 and 0.71.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, Row, Table, event
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeEngine

ON_ERROR = "on_error"
"""Key in ``Connection.info`` of what is to be told of each error of the driver."""

_Convert = Callable[[Any], Any]


def tell_errors(engine: Engine) -> None:
    """Have an engine tell each connection's ``ON_ERROR``, as prepared statements do."""

    @event.listens_for(engine, "handle_error")
    def tell(context: ExceptionContext) -> None:
        if context.connection is not None and not context.connection.invalidated:
            _tell(context.connection, context.original_exception)


def _tell(connection: Connection, error: BaseException) -> None:
    told = connection.info.get(ON_ERROR)
    if told is not None:
        told(error)


def insert_into(table: Table) -> Insert:
    """An insert that can say ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

    Good for both databases: SQLite took the clause over from PostgreSQL, and SQLAlchemy writes
    this one form for either.
    """
    return Insert(table)


class Prepared:
    """A statement compiled once for each dialect and set of parameter names.

    It does what ``connection.execute`` does with the same statement, types included, and raises
    the same errors (``sqlalchemy.exc.IntegrityError`` and its like). Not for what SQLAlchemy has
    to finish at each call: ``in_`` with a list, defaults computed in Python. Those are refused
    at the first use with a ``TypeError``.
    """

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        self._statement = statement
        self._plans: dict[tuple[str, tuple[str, ...]], _Plan] = {}

    def all(self, connection: Connection, /, **parameters: Any) -> list[Row[Any]]:
        """Every row."""
        plan = self._plan(connection, parameters)
        return plan.rows(plan.execute(connection, parameters))

    def first(self, connection: Connection, /, **parameters: Any) -> Row[Any] | None:
        """The row, or None if there is none; more than one is an error."""
        rows = self.all(connection, **parameters)
        if len(rows) > 1:
            raise MultipleResultsFound("at most one row was expected")
        return rows[0] if rows else None

    def one(self, connection: Connection, /, **parameters: Any) -> Row[Any]:
        """The one row; none, or more, is an error."""
        row = self.first(connection, **parameters)
        if row is None:
            raise NoResultFound("one row was expected")
        return row

    def scalar(self, connection: Connection, /, **parameters: Any) -> Any:
        """The first column of the row, or None if there is no row."""
        row = self.first(connection, **parameters)
        return None if row is None else row[0]

    def run(self, connection: Connection, /, **parameters: Any) -> int:
        """Execute for its effect; returns how many rows it touched."""
        return int(self._plan(connection, parameters).execute(connection, parameters).rowcount)

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Execute for its effect, once for each row of parameters, all with the same names."""
        if rows:
            self._plan(connection, rows[0]).execute_many(connection, rows)

    def _plan(self, connection: Connection, parameters: Mapping[str, Any]) -> "_Plan":
        dialect = connection.dialect
        key = (dialect.name, tuple(parameters))
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _plan(self._statement, dialect, key[1])
        return plan


@dataclass(slots=True, frozen=True)
class _Slot:
    """Where one value goes: a parameter of the call, or a constant of the statement."""

    name: str
    parameter: str | None
    convert: _Convert | None
    constant: Any


@dataclass(slots=True, frozen=True)
class _Plan:
    sql: str
    slots: tuple[_Slot, ...]
    positional: bool
    metadata: SimpleResultMetaData | None
    processors: tuple[Any, ...] | None
    keys: dict[Any, int]

    def bind(self, parameters: Mapping[str, Any]) -> Any:
        if self.positional:
            return [
                slot.constant
                if slot.parameter is None
                else parameters[slot.parameter]
                if slot.convert is None
                else slot.convert(parameters[slot.parameter])
                for slot in self.slots
            ]
        return {
            slot.name: slot.constant
            if slot.parameter is None
            else parameters[slot.parameter]
            if slot.convert is None
            else slot.convert(parameters[slot.parameter])
            for slot in self.slots
        }

    def execute(self, connection: Connection, parameters: Mapping[str, Any]) -> Any:
        bound = self.bind(parameters)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.sql, bound)
        except connection.dialect.loaded_dbapi.Error as error:
            self.fail(connection, cursor, error, bound)
        return cursor

    def execute_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        bound = [self.bind(row) for row in rows]
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self.sql, bound)
        except connection.dialect.loaded_dbapi.Error as error:
            self.fail(connection, cursor, error, bound)

    def fail(self, connection: Connection, cursor: Any, error: Exception, bound: Any) -> NoReturn:
        cursor.close()
        _tell(connection, error)
        raise DBAPIError.instance(
            self.sql,
            bound,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=connection.engine.hide_parameters,
            dialect=connection.dialect,
        ) from error

    def rows(self, cursor: Any) -> list[Row[Any]]:
        metadata, processors, keys = self.metadata, self.processors, self.keys
        if metadata is None:
            raise TypeError(f"this statement gives no rows: {self.sql}")
        return [Row(metadata, processors, keys, values) for values in cursor.fetchall()]


def _plan(statement: SelectBase | UpdateBase, dialect: Dialect, names: tuple[str, ...]) -> _Plan:
    keys = list(names) if isinstance(statement, UpdateBase) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only queries can be prepared")
    if (
        compiled.insert_prefetch
        or compiled.update_prefetch
        or compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.escaped_bind_names
    ):
        raise TypeError(f"this statement cannot be prepared: {compiled}")
    unknown = set(names) - set(compiled.binds)
    if unknown:
        raise TypeError(f"unknown parameters {sorted(unknown)} of: {compiled}")
    slots = tuple(
        _slot(name, compiled, dialect, given=name in names)
        for name in compiled.positiontup or compiled.binds
    )
    columns = {str(name): column for name, column in statement.exported_columns.items()}
    if not columns:
        return _Plan(compiled.string, slots, compiled.positional, None, None, {})
    processors = tuple(_reader(column.type, dialect) for column in columns.values())
    metadata = SimpleResultMetaData(list(columns), [(column,) for column in columns.values()])
    return _Plan(
        compiled.string,
        slots,
        compiled.positional,
        metadata,
        processors if any(processors) else None,
        metadata._key_to_index,
    )


def _slot(name: str, compiled: SQLCompiler, dialect: Dialect, *, given: bool) -> _Slot:
    bind = compiled.binds[name]
    convert: _Convert | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if given:
        return _Slot(name, name, convert, None)
    if bind.required:
        raise TypeError(f"parameter {name} is missing for: {compiled}")
    value = bind.effective_value
    return _Slot(name, None, None, value if convert is None else convert(value))


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    # What the driver calls the column's type matters to no type that is used here.
    reader: _Convert | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return reader
