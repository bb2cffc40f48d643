"""Taking back an answer of an organization and the setup, on both databases."""

from typing import Any

import pytest

from bot.domain.errors import NotPossible, OutOfDate
from bot.domain.partnerships import Participation
from bot.services import beginning, own_organization, setup
from bot.services.beginning import Press
from bot.services.own_organization import Change
from bot.services.setup import SetUp
from storage.database import Database
from storage.store import Store
from tests.services.test_undo_own import latest, refusal, undoes
from tests.services.together import AMINA, BO, CHANNEL, DANA, EVERYBODY, MONDAY, Together


@pytest.fixture
async def world(database: Database) -> Together:
    """Three organizations, of which none has said OK."""
    made = Together(database)
    await made.begin(*EVERYBODY, start=False)
    return made


@pytest.fixture
async def started(database: Database) -> Together:
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def northside(world: Together) -> Participation:
    """How Bo's and Amina's organization takes part."""

    def look(store: Store) -> Participation:
        found = store.partnerships.organizations(world.partnership)
        return next(each for each in found if each.organization.name == "Northside Youth")

    made: Participation = await world.read(look)
    return made


async def amina_leads(world: Together) -> int:
    member = await world.read(
        lambda store: store.people.by_key(world.installation, AMINA.team, AMINA.user).id
    )
    request = Change(world.key(), world.installation, world.partnership, AMINA, lead=member)
    await world.run(own_organization.change, request, MONDAY)
    return int(member)


async def sets_up(world: Together, person: Any, **wishes: Any) -> None:
    request = SetUp(world.key(), world.installation, world.partnership, person, **wishes)
    await world.run(setup.set_up, request, MONDAY)


async def arranged(world: Together) -> Any:
    return await world.read(setup.shown, world.installation, CHANNEL)


async def test_a_not_now_stays_once_a_colleague_has_said_ok(world: Together) -> None:
    press = Press(world.key(), world.installation, CHANNEL, BO)
    await world.run(beginning.not_now, press, MONDAY)
    own = await latest(world, BO)
    await world.agree(AMINA, MONDAY)
    agreed = await northside(world)
    refused = await refusal(undoes(world, BO, own))
    assert isinstance(refused, OutOfDate)
    assert refused.sentence.startswith("<@UAMINA> has done something with it since, so it stays.")
    assert await northside(world) == agreed
    await undoes(world, AMINA)
    part = await northside(world)
    assert (part.agreed, part.lead, part.not_now_at) == (False, None, MONDAY)
    await undoes(world, BO)
    assert (await northside(world)).not_now_at is None


async def test_an_ok_is_taken_back_without_the_lead_that_was_chosen_since(world: Together) -> None:
    await world.agree(BO, MONDAY)
    own = await latest(world, BO)
    amina = await amina_leads(world)
    await undoes(world, BO, own)
    part = await northside(world)
    assert (part.agreed, part.lead) == (False, amina)


async def test_nobody_leads_again_who_has_left_the_channel(started: Together) -> None:
    amina = await amina_leads(started)

    def bo_leaves(store: Store) -> None:
        bo = store.people.by_key(started.installation, BO.team, BO.user)
        assert bo is not None
        store.partnerships.unseen(started.partnership, bo.id, MONDAY)

    await started.run(bo_leaves)
    refused = await refusal(undoes(started, AMINA))
    assert isinstance(refused, NotPossible)
    assert refused.sentence.startswith("<@UBO> is not in this channel any more, so it stays.")
    assert (await northside(started)).lead == amina


async def test_a_second_undo_means_what_was_done_before_the_first(started: Together) -> None:
    about = await started.promise(DANA)
    await sets_up(started, DANA, purpose="Mentoring for all")
    await undoes(started, DANA)
    assert (await arranged(started)).announced == ()
    await undoes(started, DANA)
    assert (await arranged(started)).announced == ()
    assert (await started.commitment(about.number)).state != about.state


async def test_who_was_expected_after_the_start_is_so_no_more(started: Together) -> None:
    await sets_up(started, DANA, expected=("City Arts",))
    assert (await undoes(started, DANA)).expected == ()
    assert (await arranged(started)).expected == ()
    await sets_up(started, DANA, expected=("City Arts",))
    await sets_up(started, DANA, expected=())
    assert (await undoes(started, DANA)).expected == ("City Arts",)


async def test_the_setup_stays_once_somebody_has_listed_more(world: Together) -> None:
    await sets_up(world, DANA, expected=("City Arts",))
    own = await latest(world, DANA)
    await sets_up(world, BO, expected=("City Arts", "River Choir"))
    refused = await refusal(undoes(world, DANA, own))
    assert refused.sentence.startswith("<@UBO> has done something with it since, so it stays.")
    assert (await arranged(world)).expected == ("City Arts", "River Choir")
    assert (await undoes(world, BO)).expected == ("City Arts",)  # which was not his
    assert (await undoes(world, DANA, own)).expected == ()
