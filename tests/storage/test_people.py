"""Members and organizations, as Slack shows them and as we remember them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import NotFound
from bot.domain.people import Installation, Kind, Member, Person
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
DANA = Person("T1", "U1", "Dana", zone="America/New_York", team_name="Acme")
BO = Person("T2", "U2", "Bo", zone="America/Chicago", team_name="Northside Youth")
HUI = Person("T1", "U3", "Hui", Kind.GUEST, "America/New_York", "Acme")


def installed(store: Store, team: str = "T1", enterprise: str | None = None) -> Installation:
    return store.installations.remember(
        team=team,
        enterprise=enterprise,
        app="A1",
        bot="B1",
        bot_user="U0",
        name="Acme",
        now=NOW,
    )


def meet(store: Store, *people: Person) -> list[Member]:
    installation = installed(store)
    return [store.people.met(installation.id, person, NOW) for person in people]


async def test_somebody_new_brings_their_organization(database: Database) -> None:
    dana, bo = await database.run(meet, DANA, BO)
    assert dana.organization is not None
    assert bo.organization is not None
    assert (dana.organization.name, dana.organization.host) == ("Acme", True)
    assert (bo.organization.name, bo.organization.host) == ("Northside Youth", False)
    assert bo.organization.zone == "America/Chicago"


async def test_colleagues_share_one_organization(database: Database) -> None:
    priya = replace(DANA, user="U9", name="Priya")
    one, other = await database.run(meet, DANA, priya)
    assert one.organization == other.organization


async def test_a_guest_has_no_organization_until_they_join_one(database: Database) -> None:
    (hui,) = await database.run(meet, HUI)
    assert hui.organization is None

    def join(store: Store) -> Member:
        harbor = store.people.create_organization(1, "Harbor Women in Media")
        return store.people.join(hui.id, harbor.id)

    joined = await database.run(join)
    assert joined.organization is not None
    assert joined.organization.name == "Harbor Women in Media"
    assert not joined.organization.host
    (again,) = await database.run(meet, HUI)
    assert again == joined


async def test_a_new_name_replaces_the_old_one(database: Database) -> None:
    (before,) = await database.run(meet, DANA)
    (after,) = await database.run(meet, replace(DANA, name="Dana R."))
    assert (after.id, after.name) == (before.id, "Dana R.")


async def test_a_zone_that_slack_stops_telling_is_kept(database: Database) -> None:
    await database.run(meet, BO)
    (bo,) = await database.run(meet, replace(BO, zone=None))
    assert bo.zone == "America/Chicago"


async def test_an_organization_gets_its_name_when_slack_tells_it(database: Database) -> None:
    (before,) = await database.run(meet, replace(BO, team_name=None))
    assert before.organization is not None
    assert before.organization.name == "T2"
    (after,) = await database.run(meet, BO)
    assert after.organization is not None
    assert after.organization.name == "Northside Youth"


async def test_a_name_that_people_chose_is_not_taken_back(database: Database) -> None:
    (bo,) = await database.run(meet, BO)
    assert bo.organization is not None
    await database.run(
        lambda store, id_: store.people.rename_organization(id_, "Northside"), bo.organization.id
    )
    (again,) = await database.run(meet, BO)
    assert again.organization is not None
    assert again.organization.name == "Northside"


async def test_a_user_id_counts_only_within_its_team(database: Database) -> None:
    one, other = await database.run(meet, DANA, replace(BO, user="U1"))
    assert one.id != other.id
    found = await database.read(lambda store: store.people.by_key(1, "T2", "U1"))
    assert found == other


async def test_an_enterprise_that_runs_the_app_is_the_host(database: Database) -> None:
    def grid(store: Store) -> Member:
        installation = installed(store, enterprise="E1")
        return store.people.met(installation.id, replace(DANA, team="E1"), NOW)

    dana = await database.run(grid)
    assert dana.organization is not None
    assert dana.organization.host


async def test_members_are_found_by_their_ids_in_one_go(database: Database) -> None:
    dana, bo = await database.run(meet, DANA, BO)
    found = await database.read(lambda store: store.people.by_ids([bo.id, dana.id, 999]))
    assert list(found) == sorted([bo.id, dana.id])
    assert found == {dana.id: dana, bo.id: bo}
    with pytest.raises(NotFound):
        await database.read(lambda store: store.people.by_id(999))


async def test_where_direct_messages_go_is_remembered(database: Database) -> None:
    (bo,) = await database.run(meet, BO)
    assert await database.read(lambda store: store.people.direct_channel(bo.id)) is None
    await database.run(lambda store: store.people.set_direct_channel(bo.id, "D1"))
    assert await database.read(lambda store: store.people.direct_channel(bo.id)) == "D1"
