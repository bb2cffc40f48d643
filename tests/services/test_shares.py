"""How the work is shared: counted by organization, shown to the leads, posted if all agree."""

from datetime import date, datetime, timedelta

import pytest

from bot.domain import shares as rules
from bot.domain.errors import NotAllowed, OutOfDate
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.shares import Part, Share
from bot.services import commitments, shares
from bot.services.commitments import Turn, Which
from bot.services.shares import Answer, Ask, Mark
from storage.database import Database
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    PRIYA,
    Together,
)


@pytest.fixture
async def world(database: Database) -> Together:
    """Three organizations; Dana, Bo and Hui lead them."""
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def ask(world: Together, person: Person = BO, now: datetime = MONDAY) -> shares.Sent:
    found: shares.Sent = await world.run(
        shares.ask, Ask(world.key(), world.installation, CHANNEL, person), now
    )
    return found


async def say(world: Together, person: Person, share: int, yes: bool = True) -> Share:
    request = Answer(world.key(), world.installation, person, share, yes)
    found: Share = await world.run(shares.answer, request, MONDAY)
    return found


async def done(world: Together, person: Person, number: int) -> None:
    which = Which(world.installation, channel=CHANNEL, number=number)
    await world.run(commitments.report_done, Turn(world.key(), person, which), MONDAY)


async def mark(world: Together, person: Person, number: int, paid: bool) -> None:
    which = Which(world.installation, channel=CHANNEL, number=number)
    await world.run(shares.mark, Mark(world.key(), world.installation, person, which, paid), MONDAY)


async def test_each_organizations_open_done_paid_and_unpaid_are_counted_by_name(
    world: Together,
) -> None:
    await world.promise(BO, "one")
    await world.promise(AMINA, "two")
    await world.promise(DANA, "three")
    await world.promise(HUI, "not agreed", by=DANA, accepted=False)
    await done(world, AMINA, 2)
    await mark(world, BO, 1, False)
    await mark(world, AMINA, 2, True)
    await mark(world, AMINA, 2, False)
    await ask(world)
    told = (await world.outgoing(Kind.SHARES_TOLD))[0]
    shown = await world.read(shares.shown, told.subject, MONDAY)
    assert [
        (each.name, each.open, each.done, each.paid, each.unpaid) for each in shown.share.parts
    ] == [
        ("Acme", 1, 0, 0, 0),
        ("Harbor Women in Media", 0, 0, 0, 0),
        ("Northside Youth", 1, 1, 0, 2),
    ]
    assert shown.share.since == date(2026, 10, 1)


async def test_the_leads_alone_are_shown_it_first_and_once_a_week(world: Together) -> None:
    sent = await ask(world, PRIYA)
    assert {each.name for each in sent.leads} == {"Dana", "Bo", "Hui"}
    assert len(await world.outgoing(Kind.SHARES_TOLD)) == 3
    assert await world.outgoing(Kind.SHARES) == []
    again = await ask(world, HUI, MONDAY + timedelta(days=6))
    assert again.again
    assert len(await world.outgoing(Kind.SHARES_TOLD)) == 3
    assert not (await ask(world, HUI, MONDAY + timedelta(days=7))).again
    assert len(await world.outgoing(Kind.SHARES_TOLD)) == 6


async def test_it_is_posted_when_a_lead_of_each_organization_has_said_yes(world: Together) -> None:
    await ask(world)
    share = (await world.outgoing(Kind.SHARES_TOLD))[0].subject
    await say(world, DANA, share)
    await say(world, BO, share, False)
    await say(world, HUI, share)
    assert await world.outgoing(Kind.SHARES) == []
    assert (await say(world, BO, share)).posted_at == MONDAY
    (post,) = await world.outgoing(Kind.SHARES)
    assert (post.subject, post.channel) == (share, CHANNEL)
    with pytest.raises(OutOfDate):
        await say(world, HUI, share, False)


async def test_only_the_lead_decides_for_an_organization(world: Together) -> None:
    await ask(world)
    share = (await world.outgoing(Kind.SHARES_TOLD))[0].subject
    for person in (AMINA, PRIYA):
        with pytest.raises(NotAllowed, match="lead decides"):
            await say(world, person, share)


async def test_where_the_lead_has_left_the_channel_anybody_of_the_organization_decides(
    world: Together,
) -> None:
    await world.run(
        lambda store: store.partnerships.unseen(
            world.partnership,
            store.people.by_key(world.installation, BO.team, BO.user).id,
            MONDAY,
        )
    )
    sent = await ask(world, DANA)
    assert "Amina" in {each.name for each in sent.leads}
    share = (await world.outgoing(Kind.SHARES_TOLD))[0].subject
    for person in (DANA, AMINA, HUI):
        after = await say(world, person, share)
    assert after.posted_at == MONDAY


async def test_only_the_owner_says_whether_it_is_paid_work(world: Together) -> None:
    await world.promise(BO, "one")
    with pytest.raises(NotAllowed):
        await mark(world, AMINA, 1, True)


def test_figures_come_back_as_they_were_kept() -> None:
    parts = (Part(1, "Acme", 2, 3, 1, 1), Part(2, "Harbor"))
    assert rules.from_json(rules.to_json(parts)) == parts
