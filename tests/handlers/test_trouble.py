"""What did not get through is told to somebody who can mend it, seldom and without end."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import update

from bot.app import Bot
from bot.domain.posts import Kind, State
from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import SlackError
from storage.store import Store
from storage.tables import message
from tests.courier.conftest import Trouble, answer
from tests.fixtures.wire import Settled, TestCalendar

CHANNEL = "C0MENTORIN"
HOUR = timedelta(hours=1)
BEGINS = "Some of what I had to say did not get through."

Lose = Callable[..., Awaitable[int]]


def no(name: str, times: int = 1) -> list[web.Response]:
    return [answer(SlackError(name)) for _ in range(times)]


def told(person: Person) -> list[str]:
    """What somebody was told of trouble."""
    return [each.text for each in person.dm() if each.text.startswith(BEGINS)]


@pytest.fixture
async def lose(bot: Bot, sandbox: Sandbox, dana: Person, bo: Person, settled: Settled) -> Lose:
    """Dana has invited the bot; what it says then to Bo does not get through."""
    await dana.invites_app("mentoring-partners")
    await settled()
    await bot.tick()

    async def made(name: str, to: Person = bo, about: str | None = CHANNEL) -> int:
        await settled()
        house = bot.house
        (ours,) = house.directory.installations()
        person = await house.directory.person(ours, to.id)

        def say(store: Store) -> int:
            return store.messages.answer_direct(
                ours.id,
                store.people.met(ours.id, person, house.calendar.now()).id,
                {"text": "Only for you.", "blocks": []},
                once=None,
                now=house.calendar.now(),
                about=about,
            )

        message_id = await house.db.run(say)
        sandbox.api.faults = Trouble(before={"chat.postMessage": no(name, 2)})
        house.courier.wake()
        await settled()
        sandbox.api.faults = Trouble()
        return message_id

    return made


async def test_who_invited_us_hears_what_slack_refused_once_it_was_gathered(
    bot: Bot, calendar: TestCalendar, lose: Lose, dana: Person, bo: Person, settled: Settled
) -> None:
    await lose("user_disabled")
    await lose("user_disabled")
    await lose("invalid_blocks")
    await bot.tick()
    await settled()
    assert told(dana) == []
    calendar.move(HOUR + timedelta(minutes=2))
    await bot.tick()
    await settled()
    (said,) = told(dana)
    assert said.splitlines()[1:3] == [
        "1 answer: Slack refused it (it says: invalid_blocks).",
        "2 answers: Slack refused them (it says: user_disabled).",
    ]
    assert (told(bo), "/" in said) == ([], False)


async def test_it_is_told_at_most_once_a_day_and_nothing_twice(
    bot: Bot, calendar: TestCalendar, lose: Lose, dana: Person, settled: Settled
) -> None:
    await lose("user_disabled")
    calendar.move(2 * HOUR)
    await bot.tick()
    await lose("access_denied")
    for hours in (2, 20):
        calendar.move(hours * HOUR)
        await bot.tick()
        await settled()
        assert len(told(dana)) == 1
    for _ in range(3):
        calendar.move(24 * HOUR)
        await bot.tick()
        await settled()
    first, second = told(dana)
    assert ("user_disabled" in first, "access_denied" in first) == (True, False)
    assert ("user_disabled" in second, "access_denied" in second) == (False, True)


async def test_nobody_is_told_that_the_word_on_trouble_did_not_get_through(
    bot: Bot, calendar: TestCalendar, sandbox: Sandbox, lose: Lose, dana: Person, settled: Settled
) -> None:
    await lose("user_disabled")
    calendar.move(2 * HOUR)
    sandbox.api.faults = Trouble(before={"chat.postMessage": no("user_disabled")})
    await bot.tick()
    await settled()
    for _ in range(3):
        calendar.move(25 * HOUR)
        await bot.tick()
        await settled()
    assert told(dana) == []
    figures = await bot.house.db.read(lambda store: store.health.figures())
    assert figures.messages[Kind.NOT_THROUGH, State.REFUSED] == 1
    assert (Kind.NOT_THROUGH, State.SENT) not in figures.messages


async def test_where_slack_takes_nothing_for_who_invited_us_the_host_s_lead_is_told(
    bot: Bot,
    calendar: TestCalendar,
    lose: Lose,
    dana: Person,
    priya: Person,
    settled: Settled,
) -> None:
    def leads(store: Store) -> None:
        (partnership,) = store.partnerships.live()
        (ours,) = (
            each
            for each in store.partnerships.organizations(partnership.id)
            if each.organization.host
        )
        lead = store.people.met(partnership.installation_id, person, calendar.now())
        store.partnerships.change_participation(ours.id, lead_id=lead.id)

    (installation,) = bot.house.directory.installations()
    person = await bot.house.directory.person(installation, priya.id)
    await bot.house.db.run(leads)
    await lose("user_disabled", dana)
    calendar.move(2 * HOUR)
    await bot.tick()
    await settled()
    assert (len(told(priya)), told(dana)) == (1, [])


async def test_a_card_whose_new_words_slack_does_not_take_is_told_of(
    bot: Bot, calendar: TestCalendar, sandbox: Sandbox, lose: Lose, dana: Person, settled: Settled
) -> None:
    def refresh(store: Store) -> None:
        (partnership,) = store.partnerships.live()
        assert partnership.welcome_id is not None
        store.messages.refresh(partnership.welcome_id)

    sandbox.api.faults = Trouble(before={"chat.update": no("cant_update_message")})
    await bot.house.db.run(refresh)
    await settled()
    calendar.move(2 * HOUR)
    await bot.tick()
    await settled()
    (said,) = told(dana)
    assert "1 welcome card: the old words still stand" in said


async def test_what_came_after_all_is_not_told(
    bot: Bot, calendar: TestCalendar, lose: Lose, dana: Person, settled: Settled
) -> None:
    message_id = await lose("user_disabled")
    calendar.move(2 * HOUR)

    def came(store: Store) -> None:
        store.connection.execute(
            update(message)
            .where(message.c.id == message_id)
            .values(state=State.SENT, sent=message.c.wanted)
        )

    db = bot.house.db
    await bot.house.courier.stop()
    await bot.tick()
    await db.run(came)
    bot.house.courier.start()
    await settled()
    assert told(dana) == []


async def test_who_did_not_get_the_last_word_on_trouble_is_not_chosen_for_the_next(
    bot: Bot,
    calendar: TestCalendar,
    sandbox: Sandbox,
    lose: Lose,
    dana: Person,
    priya: Person,
    settled: Settled,
) -> None:
    def leads(store: Store) -> None:
        (partnership,) = store.partnerships.live()
        (ours,) = (
            each
            for each in store.partnerships.organizations(partnership.id)
            if each.organization.host
        )
        lead = store.people.met(partnership.installation_id, person, calendar.now())
        store.partnerships.change_participation(ours.id, lead_id=lead.id)

    (installation,) = bot.house.directory.installations()
    person = await bot.house.directory.person(installation, priya.id)
    await bot.house.db.run(leads)
    await lose("access_denied")  # to Bo
    calendar.move(2 * HOUR)
    sandbox.api.faults = Trouble(before={"chat.postMessage": no("user_disabled")})
    await bot.tick()  # Dana has left meanwhile
    await settled()
    calendar.move(24 * HOUR)
    await lose("access_denied")
    calendar.move(2 * HOUR)
    await bot.tick()
    await settled()
    assert (told(dana), len(told(priya))) == ([], 1)
