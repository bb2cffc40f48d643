"""A prepared statement does what SQLAlchemy does with it, only sooner."""

from typing import Any

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
)

from bot.domain.posts import Form
from storage.database import Database
from storage.statements import Prepared, insert_into
from storage.store import Store
from tests.storage.things import FULL, names, thing

_add = Prepared(insert(thing).returning(thing.c.id))
_named = Prepared(select(thing).where(thing.c.name == bindparam("called")))
_notes = select(thing).where(thing.c.form == Form.NOTE, thing.c.number > bindparam("above"))


async def test_it_gives_the_rows_that_sqlalchemy_gives(things: Database) -> None:
    def compare(store: Store) -> None:
        _add.run(store.connection, **FULL)
        prepared = Prepared(_notes).one(store.connection, above=5)
        core = store.connection.execute(_notes, {"above": 5}).one()
        assert tuple(prepared) == tuple(core)
        assert prepared._mapping == core._mapping
        assert prepared.name == core.name == FULL["name"]
        assert prepared._mapping[thing.c.day] == FULL["day"]

    await things.run(compare)


async def test_it_says_how_many_rows_there_are(things: Database) -> None:
    def count(store: Store) -> None:
        connection = store.connection
        first, second = (
            _add.scalar(connection, name=name, number=1) for name in ("first", "second")
        )
        assert first != second
        everything = Prepared(select(thing.c.id).order_by(thing.c.id))
        assert [row.id for row in everything.all(connection)] == [first, second]
        assert _named.first(connection, called="third") is None
        assert _named.scalar(connection, called="third") is None
        assert _named.one(connection, called="first").id == first
        with pytest.raises(NoResultFound):
            _named.one(connection, called="third")
        with pytest.raises(MultipleResultsFound):
            everything.first(connection)
        assert Prepared(update(thing)).run(connection, number=2) == 2
        assert Prepared(delete(thing).where(thing.c.id == first)).run(connection) == 1

    await things.run(count)


async def test_it_takes_many_rows_at_once(things: Database) -> None:
    many = Prepared(insert(thing))

    def add(store: Store) -> list[str]:
        many.many(store.connection, [])
        many.many(store.connection, [FULL | {"name": name} for name in ("a", "b", "c")])
        return names(store)

    assert await things.run(add) == ["a", "b", "c"]


async def test_it_inserts_unless_it_is_there(things: Database) -> None:
    unless = Prepared(
        insert_into(thing).on_conflict_do_nothing(index_elements=["name"]).returning(thing.c.id)
    )
    insertion = insert_into(thing)
    else_count = Prepared(
        insertion.on_conflict_do_update(
            index_elements=["name"], set_={"number": thing.c.number + insertion.excluded.number}
        ).returning(thing.c.number)
    )

    def add(store: Store) -> None:
        assert unless.scalar(store.connection, name="one") is not None
        assert unless.scalar(store.connection, name="one") is None
        assert store.connection.execute(
            insert_into(thing).values(name="one").on_conflict_do_nothing()
        ).rowcount in (0, -1)
        assert else_count.scalar(store.connection, name="one", number=5) == 5
        assert else_count.scalar(store.connection, name="one", number=5) == 10
        assert names(store) == ["one"]

    await things.run(add)


@pytest.mark.parametrize("prepared", [True, False])
async def test_a_broken_constraint_is_the_same_error_either_way(
    things: Database, prepared: bool
) -> None:
    def add(store: Store, /, **values: Any) -> None:
        if prepared:
            _add.run(store.connection, **values)
        else:
            store.connection.execute(insert(thing), values)

    await things.run(add, name="one")
    with pytest.raises(IntegrityError) as raised:
        await things.run(add, name="one")
    assert raised.value.orig is not None
    with pytest.raises(IntegrityError):
        await things.run(add, name="two", number=-1)
    assert await things.read(names) == ["one"]


async def test_errors_do_not_repeat_what_people_wrote(things: Database) -> None:
    def wrong(store: Store) -> None:
        Prepared(insert(thing)).run(store.connection, name="our secret", number=-1)

    with pytest.raises(DBAPIError) as raised:
        await things.run(wrong)
    assert "our secret" not in str(raised.value).partition("DETAIL")[0]


@pytest.mark.parametrize(
    ("statement", "parameters", "says"),
    [
        (select(thing).where(thing.c.name == bindparam("called")), {}, "missing"),
        (select(thing).where(thing.c.name == bindparam("called")), {"named": 1}, "unknown"),
        (
            select(thing).where(thing.c.id.in_(bindparam("ids", expanding=True))),
            {"ids": [1]},
            "cannot be prepared",
        ),
    ],
)
async def test_what_it_cannot_do_it_says_at_once(
    things: Database, statement: Any, parameters: dict[str, Any], says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        await things.read(lambda store: Prepared(statement).all(store.connection, **parameters))
