"""What a monitor is told: numbers only, in Prometheus' form."""

import re

import aiohttp

from bot.app import Bot, build
from bot.courier import Patience
from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import SlackError
from tests.courier.conftest import Trouble, answer
from tests.fixtures.wire import TestCalendar, settings_for

CHANNEL = "mentoring-partners"
LINE = re.compile(r'common_ground_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+')


async def get(address: str | None, path: str) -> tuple[int, str, str]:
    """Status, kind and body."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}{path}") as said:
        return said.status, said.headers["Content-Type"], await said.text()


def read(text: str) -> dict[str, float]:
    """The numbers by name and labels; every line has the form."""
    numbers = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            assert LINE.fullmatch(line), line
            name, _, value = line.rpartition(" ")
            numbers[name] = float(value)
    return numbers


async def test_by_http_the_numbers_are_beside_the_deliveries(
    http_bot: Bot, sandbox: Sandbox, dana: Person
) -> None:
    await dana.invites_app(CHANNEL)
    await sandbox.quiet()
    await http_bot.drain()
    status, kind, text = await get(http_bot.address, "/metrics")
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    numbers = read(text)
    assert numbers['common_ground_messages{kind="welcome",state="sent"}'] == 1
    assert numbers['common_ground_courier_total{what="posted"}'] == 1
    assert numbers['common_ground_door_total{what="deliveries"}'] >= 1
    assert numbers["common_ground_lanes_waiting"] == 0
    assert numbers["common_ground_oldest_due_seconds"] == 0
    assert numbers["common_ground_doubles"] == 0
    assert 0 <= numbers["common_ground_tick_age_seconds"] < 300
    assert numbers["common_ground_courier_running"] == 1
    for line in text.splitlines():
        if line.startswith("# TYPE"):
            assert line.split()[3] in {"gauge", "counter"}


async def test_they_hold_no_name_no_id_and_no_secret(
    http_bot: Bot, sandbox: Sandbox, dana: Person
) -> None:
    await dana.invites_app(CHANNEL)
    await dana.tells_app("commit tell nobody about the merger by friday")
    await sandbox.quiet()
    await http_bot.drain()
    _, _, text = await get(http_bot.address, "/metrics")
    for secret in ("merger", "Dana", "mentoring", "Acme", dana.id, sandbox.bot_token, "xoxb", "C0"):
        assert secret not in text


async def test_in_socket_mode_they_have_a_port_of_their_own(
    sandbox: Sandbox, sqlite_url: str, calendar: TestCalendar
) -> None:
    settings = settings_for(sandbox, sqlite_url).model_copy(update={"health_port": 0})
    bot = await build(settings, calendar, patience=Patience(pace=0.0))
    await bot.start()
    try:
        await sandbox.connected()
        await bot.ready()
        status, _, text = await get(bot.health_address, "/metrics")
        assert status == 200
        assert read(text)["common_ground_socket_silence_seconds"] < 45
        assert (await get(bot.health_address, "/healthz"))[0] == 200
        assert (await get(bot.health_address, "/readyz"))[0] == 200
    finally:
        await bot.stop()


async def test_without_a_port_nothing_listens_in_socket_mode(bot: Bot) -> None:
    assert bot.health_address is None


async def test_what_rests_and_what_is_lost_is_counted(
    sandbox: Sandbox, http_bot: Bot, dana: Person
) -> None:
    sandbox.api.faults = Trouble(
        before={"chat.postMessage": [answer(SlackError("read_only_channel"))]}
    )
    await dana.invites_app(CHANNEL)
    await sandbox.quiet()
    await http_bot.drain()
    _, _, text = await get(http_bot.address, "/metrics")
    numbers = read(text)
    assert numbers["common_ground_lanes_resting"] == 1
    assert numbers['common_ground_messages{kind="welcome",state="waiting"}'] == 1
    assert numbers['common_ground_courier_total{what="channel_paused"}'] == 1
