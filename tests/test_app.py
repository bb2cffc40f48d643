"""The bot as a whole: it starts with a sentence or not at all, and stops in order."""

import asyncio

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import app
from bot.app import Bot, build
from bot.courier import Patience
from bot.domain.errors import BotError
from bot.language import Said
from bot.sandbox import Person, Sandbox
from handlers import House, clock, tables
from handlers.answer import Answer
from handlers.visit import Visit
from storage.store import Store
from tests.fixtures.wire import TestCalendar, settings_for
from tests.storage.test_database import Gate

CHANNEL = "mentoring-partners"


async def test_a_token_that_slack_refuses_is_told_of(sandbox: Sandbox, sqlite_url: str) -> None:
    wrong = settings_for(sandbox, sqlite_url).model_copy(
        update={"slack_bot_token": SecretStr("xoxb-wrong")}
    )
    with pytest.raises(BotError, match=r"Slack refuses SLACK_BOT_TOKEN \(invalid_auth\)") as told:
        await build(wrong)
    assert "xoxb-wrong" not in str(told.value)


async def test_a_socket_that_slack_refuses_is_told_of(sandbox: Sandbox, sqlite_url: str) -> None:
    wrong = settings_for(sandbox, sqlite_url).model_copy(
        update={"slack_app_token": SecretStr("xapp-wrong")}
    )
    bot = await build(wrong)
    with pytest.raises(BotError, match=r"Slack refuses SLACK_APP_TOKEN \(invalid_auth\)"):
        await bot.start()
    await bot.stop()


async def test_a_slack_that_is_not_there_is_told_of(sandbox: Sandbox, sqlite_url: str) -> None:
    nowhere = settings_for(sandbox, sqlite_url).model_copy(
        update={"slack_api_url": "http://127.0.0.1:9/api/"}
    )
    with pytest.raises(BotError, match=r"I cannot reach Slack at http://127\.0\.0\.1:9/api/"):
        await build(nowhere)


async def test_a_second_bot_on_one_file_is_told_of(bot: Bot, sandbox: Sandbox) -> None:
    with pytest.raises(BotError, match="already running"):
        await build(bot.house.settings)


async def test_a_start_after_a_stop_knows_what_was(
    bot: Bot, sandbox: Sandbox, dana: Person, calendar: TestCalendar
) -> None:
    await dana.invites_app(CHANNEL)
    await dana.waits_to_see("Acme runs me", channel=CHANNEL)
    await bot.stop()
    await bot.stop()  # which may be said twice
    again = await build(bot.house.settings, calendar)
    assert again.house.directory.installations() == bot.house.directory.installations()
    installation = again.house.directory.installations()[0]
    assert again.house.directory.home_zone(installation) == "America/New_York"
    await again.stop()


async def test_what_was_recorded_before_a_stop_is_sent_before_it(
    bot: Bot, sandbox: Sandbox, dana: Person
) -> None:
    await dana.tells_app("help")
    await sandbox.quiet()
    await bot.stop()
    assert dana.dm()[-1].bot_id
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "courier"]


async def test_a_stop_does_not_wait_for_a_long_queue(
    sandbox: Sandbox, sqlite_url: str, calendar: TestCalendar, dana: Person
) -> None:
    busy = await build(settings_for(sandbox, sqlite_url), calendar, patience=Patience(pace=1.0))
    house = busy.house
    (ours,) = house.directory.installations()
    person = await house.directory.person(ours, dana.id)

    def say_much(store: Store) -> None:
        member = store.people.met(ours.id, person, calendar.now())
        for number in range(12):
            words = {"text": str(number), "blocks": []}
            now = calendar.now()
            store.messages.answer_direct(ours.id, member.id, words, once=None, now=now)

    await house.db.run(say_much)
    await busy.start()
    await sandbox.until(lambda: bool(dana.dm()))
    await busy.stop()
    said = [each.text for each in dana.dm()]
    assert said == [str(number) for number in range(len(said))]
    assert len(said) <= 3  # one a second, and one call may be under way


async def test_a_stopping_socket_takes_no_more_deliveries(
    bot: Bot, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Visit] = []

    async def keep(visit: Visit, said: Said) -> Answer:
        heard.append(visit)
        return Answer()

    monkeypatch.setitem(tables.VERBS, "help", keep)
    await bot._door.refuse()
    reply = await dana.slash("/partner help", channel=CHANNEL)
    assert not reply.ok  # so that Slack delivers it to whoever comes next
    assert heard == []


async def test_a_tick_that_does_not_end_does_not_upset_the_order_of_a_stop(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, done = asyncio.Event(), list[str]()

    async def endless(house: House) -> None:
        began.set()
        await asyncio.Event().wait()

    async def stop() -> None:
        done.append("courier")
        await stop_courier()

    stop_courier = bot.house.courier.stop
    monkeypatch.setattr(bot.house.courier, "stop", stop)
    monkeypatch.setattr(clock, "tick", endless)
    monkeypatch.setattr(app, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(app, "STOP_SECONDS", 3.0)
    ticking = asyncio.create_task(bot.tick())
    await began.wait()
    await bot.stop()
    await ticking
    assert done == ["courier"]
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "courier"]


async def test_a_database_that_does_not_answer_does_not_hold_a_stop_up(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    asked = asyncio.ensure_future(bot.house.db.run(gate))
    await gate.reached()
    monkeypatch.setattr(app, "STOP_SECONDS", 1.5)
    with capture_logs() as logged:
        await bot.stop()
    assert not asked.done()
    assert [each["event"] for each in logged][-2:] == ["left_open", "stopped"]
    gate.open.set()
    assert await asked == "through"
    await bot.house.db.close()


async def test_it_is_ready_once_slack_is_connected_and_the_clock_ticks(bot: Bot) -> None:
    await bot.tick()
    assert await bot.problem() is None
    await bot.stop()
    assert await bot.problem() == "It is stopping."


async def test_a_lost_socket_is_opened_again(bot: Bot, sandbox: Sandbox, dana: Person) -> None:
    """Slack refreshes connections every few hours."""
    for connection in list(sandbox.socket._connections):
        await connection.socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
    await sandbox.quiet()
    reply = await dana.slash("/partner help", channel=CHANNEL)
    assert reply.ok
