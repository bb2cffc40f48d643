"""What is stored comes back as it was, on both databases; what could not is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text as PlainText
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.types import TypeEngine

from bot.domain.posts import Form
from storage.database import Database
from storage.statements import Prepared
from storage.store import Store
from storage.tables import metadata
from storage.types import Duration, EnumText, Instant, Json, LocalDate, Text, later, lease_now
from tests.storage.things import FULL, thing

_prepared = Prepared(insert(thing))
_zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("Europe/Paris")])
_dialect = create_engine("sqlite://").dialect


def _store_core(store: Store, /, **values: Any) -> None:
    store.connection.execute(insert(thing), values)


def _store_prepared(store: Store, /, **values: Any) -> None:
    _prepared.run(store.connection, **values)


def _stored(store: Store) -> dict[str, Any]:
    row = store.connection.execute(select(thing)).one()
    return {name: value for name, value in row._mapping.items() if name != "id"}


def _round(type_: TypeEngine[Any], value: Any) -> Any:
    bind = type_.dialect_impl(_dialect).bind_processor(_dialect)
    result = type_.dialect_impl(_dialect).result_processor(_dialect, None)
    bound = value if bind is None else bind(value)
    return bound if result is None else result(bound)


@pytest.mark.parametrize("way", [_store_core, _store_prepared])
async def test_every_kind_of_value_comes_back_as_it_was(things: Database, way: Any) -> None:
    await things.run(way, **FULL)
    stored = await things.read(_stored)
    assert stored == FULL
    assert stored["at"].tzinfo is UTC
    assert stored["form"] is Form.NOTE


@pytest.mark.parametrize("way", [_store_core, _store_prepared])
async def test_none_comes_back_as_none(things: Database, way: Any) -> None:
    nothing = dict.fromkeys(("at", "took", "day", "detail", "form", "parent_id"))
    await things.run(way, name="bare", number=0, **nothing)
    stored = await things.read(_stored)
    assert {name: stored[name] for name in nothing} == nothing


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", datetime(2026, 11, 22, 9, 30)),  # noqa: DTZ001 - that is the point
        ("day", datetime(2026, 11, 22, tzinfo=UTC)),
        ("name", "a\0b"),
        ("name", "a\ud800b"),
        ("form", "pigeon"),
        ("detail", float("nan")),
    ],
)
@pytest.mark.parametrize("way", [_store_core, _store_prepared])
async def test_what_would_not_come_back_is_refused(
    things: Database, way: Any, column: str, value: Any
) -> None:
    with pytest.raises((ValueError, TypeError, StatementError)):
        await things.run(way, **FULL | {column: value})
    assert await things.read(lambda store: store.connection.execute(select(thing)).all()) == []


def test_every_column_of_text_refuses_what_would_not_come_back() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    assert not [str(column) for column in columns if isinstance(column.type, PlainText)]


@given(st.datetimes(timezones=_zones))
def test_any_moment_is_kept_to_the_microsecond(moment: datetime) -> None:
    # In UTC: to Python, a time that comes twice when clocks go back equals none elsewhere.
    assert _round(Instant(), moment) == moment.astimezone(UTC)


@given(st.datetimes(timezones=_zones), st.datetimes(timezones=_zones))
def test_moments_sort_as_they_follow_each_other(one: datetime, other: datetime) -> None:
    bind = Instant().process_bind_param
    first, second = bind(one, _dialect), bind(other, _dialect)
    assert first is not None
    assert second is not None
    assert (first < second) == (one.astimezone(UTC) < other.astimezone(UTC))


@given(st.timedeltas())
def test_any_length_of_time_is_kept(length: timedelta) -> None:
    assert _round(Duration(), length) == length


@given(st.dates())
def test_any_day_is_kept(day: date) -> None:
    assert _round(LocalDate(), day) == day


@given(st.text())
def test_any_text_without_nul_is_kept(text: str) -> None:
    if "\0" not in text:
        assert _round(Text(), text) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    )
)
def test_any_json_is_kept_whatever_its_characters(value: Any) -> None:
    assert _round(Json(), value) == value


def test_a_member_of_another_enumeration_is_refused() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        _round(EnumText(Form), "pigeon")


async def test_the_database_tells_the_time_for_leases(things: Database) -> None:
    lease = timedelta(seconds=120)
    take = Prepared(
        update(thing)
        .where(thing.c.name == "lane", thing.c.at < lease_now())
        .values(at=lease_now(bindparam("lease", type_=Duration())))
        .returning(thing.c.at, lease_now().label("now"))
    )

    def claim(store: Store) -> tuple[datetime, datetime] | None:
        row = take.first(store.connection, lease=lease)
        return None if row is None else (row.at, row.now)

    await things.run(_store_core, **FULL | {"name": "lane", "at": datetime(2020, 1, 1, tzinfo=UTC)})
    taken = await things.claim(claim)
    assert taken is not None
    until, now = taken
    # Two readings of one clock within a statement; and it is the machine's, on this machine.
    assert abs(until - now - lease) < timedelta(seconds=60)
    assert abs(now - datetime.now(UTC)) < timedelta(hours=1)
    assert await things.claim(claim) is None, "it is leased"


async def test_moments_can_be_compared_at_a_distance_in_a_statement(things: Database) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    await things.run(_store_core, **FULL | {"at": at})

    def found(store: Store, distance: timedelta) -> bool:
        query = select(thing.c.id).where(
            later(thing.c.at, distance) >= at + timedelta(hours=1),
            lease_now(timedelta(hours=2)) > lease_now(timedelta(hours=1)),
        )
        return store.connection.execute(query).first() is not None

    assert await things.read(found, timedelta(hours=1))
    assert not await things.read(found, timedelta(hours=1, microseconds=-1))
