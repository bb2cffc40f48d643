"""The doctor says what stands between the bot and Slack, in sentences."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot import doctor
from bot.app import Bot
from bot.domain.posts import Kind, State
from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import SlackError
from handlers.house import House
from storage.health import DOOR
from storage.store import Store
from storage.tables import heartbeat, message
from storage.types import lease_now
from tests.courier.conftest import Trouble, answer
from tests.fixtures.wire import Settled, settings_for

CHANNEL = "mentoring-partners"


async def wrong(bot: Bot, sandbox: Sandbox) -> list[str]:
    """What the doctor finds to be wrong."""
    settings = settings_for(sandbox, bot.house.settings.database_url)
    return [each.says for each in await doctor.examine(settings) if not each.well]


async def test_where_all_is_well_it_finds_nothing(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled
) -> None:
    await dana.invites_app(CHANNEL)
    await settled()
    assert await wrong(bot, sandbox) == []


@pytest.mark.parametrize(
    ("problem", "often"), [("read_only_channel", "once a day."), ("missing_scope", "once an hour.")]
)
async def test_it_says_which_channel_rests_and_why(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled, problem: str, often: str
) -> None:
    sandbox.api.faults = Trouble(before={"chat.postMessage": [answer(SlackError(problem))]})
    await dana.invites_app(CHANNEL)
    await settled()
    (says,) = await wrong(bot, sandbox)
    assert says.startswith(f"Slack refuses what I say in C0MENTORIN ({problem}).")
    assert says.endswith(often)


async def test_it_says_which_workspace_rests_and_what_to_do(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled
) -> None:
    sandbox.api.faults = Trouble(before={"chat.postMessage": [answer(SlackError("token_revoked"))]})
    await dana.invites_app(CHANNEL)
    await settled()
    (says,) = await wrong(bot, sandbox)
    assert says.startswith("Slack refuses whatever I send to the workspace Acme (token_revoked).")
    assert "Reinstall the app" in says


async def test_it_counts_what_stands_twice(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled
) -> None:
    await dana.invites_app(CHANNEL)
    await settled()

    def twice(store: Store) -> None:
        assert store.doubles.add(1, "1764000000.000100", bot.house.calendar.now())

    await bot.house.db.run(twice)
    (says,) = await wrong(bot, sandbox)
    assert says.startswith("1 message stands in Slack twice")


def lost(house: House, ago: timedelta) -> Callable[[Store], None]:
    """A message that Slack refused, so long before now by the wall's clock."""

    def note(store: Store) -> None:
        (ours,) = store.installations.all()
        message_id = store.messages.post(
            ours.id, "C0MENTORIN", Kind.CARD, 1, now=house.calendar.now()
        )
        store.connection.execute(
            update(message)
            .where(message.c.id == message_id)
            .values(
                state=State.REFUSED,
                pending=False,
                problem="msg_too_long",
                settled_at=datetime.now(UTC) - ago,
            )
        )

    return note


async def test_what_did_not_get_through_is_wrong_for_a_week_and_a_number_afterwards(
    bot: Bot, sandbox: Sandbox
) -> None:
    await bot.tick()
    await bot.house.courier.stop()
    await bot.house.db.run(lost(bot.house, timedelta(days=8)))
    settings = settings_for(sandbox, bot.house.settings.database_url)
    found = {each.about: each for each in await doctor.examine(settings)}
    assert found["messages"].well
    assert "1 refused by Slack" in found["messages"].says
    assert found["not_through"].well
    await bot.house.db.run(lost(bot.house, timedelta(days=6)))
    (says,) = await wrong(bot, sandbox)
    assert "of the last 7 days got through: 1 × card refused (msg_too_long)." in says


async def test_it_says_when_the_bot_runs_and_hears_nothing(bot: Bot, sandbox: Sandbox) -> None:
    await bot.tick()
    assert await wrong(bot, sandbox) == []
    settings = settings_for(sandbox, bot.house.settings.database_url)

    def deaf(store: Store) -> None:
        store.connection.execute(
            update(heartbeat)
            .where(heartbeat.c.name == DOOR)
            .values(at=lease_now(timedelta(seconds=-4 * settings.tick_seconds)))
        )

    await bot.house.db.run(deaf)
    (says,) = await wrong(bot, sandbox)
    assert says.startswith("The bot runs, but nothing from Slack can reach it for 1200 seconds.")
