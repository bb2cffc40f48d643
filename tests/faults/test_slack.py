"""The hostile Slack does what its plan says, and its journal tells the truth."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.lookup import metadata
from bot.courier.outcomes import Fate, judge
from bot.sandbox import Limits
from tests.faults import journal, town
from tests.faults.journal import Entry, Writer
from tests.faults.plan import ACCEPTED, OF_CALLS, Fault, Plan, chance, evenly
from tests.faults.slack import Hostile, HostileSandbox, world

(CHANNEL,) = town.channels(1)
EVENTS = ("message.channels", "channel_rename")
TIMEOUT = 0.5
RETRY = 0.5


@dataclass
class Place:
    """A hostile Slack in this process, and a client that waits half a second."""

    sandbox: HostileSandbox
    hostile: Hostile
    client: AsyncWebClient
    path: Path

    def behave(self, plan: Plan) -> None:
        self.hostile.plan = replace(plan, slow=2 * TIMEOUT)

    def noted(self, what: str) -> list[Entry]:
        return [each for each in journal.read(self.path) if each.what == what]

    def accepted(self) -> list[Entry]:
        return self.noted("accepted")

    async def post(self, key: str = "k") -> str:
        said = await self.client.chat_postMessage(
            channel=CHANNEL, text="hello", metadata=metadata(key)
        )
        return str(said["ts"])

    async def shown(self) -> list[str]:
        said = await self.client.conversations_history(channel=CHANNEL)
        return [str(each["ts"]) for each in said["messages"]]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    path = tmp_path / "journal"
    path.touch()
    hostile = Hostile(Plan(), Writer(path))
    scopes = ("chat:write", "channels:history", "metadata.message:read")
    sandbox = HostileSandbox(
        world((CHANNEL,)),
        scopes=scopes,
        events=EVENTS,
        pace=False,
        limits=Limits(retries=(RETRY,)),
        faults=hostile,
    )
    sandbox.faults, hostile.sandbox = hostile, sandbox
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with sandbox, aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )
        yield Place(sandbox, hostile, client, path)


@pytest.mark.parametrize("fault", OF_CALLS)
async def test_a_fault_is_what_its_name_says(place: Place, fault: Fault) -> None:
    place.behave(Plan(posting={fault: 1.0}))
    with pytest.raises((SlackApiError, aiohttp.ClientError, TimeoutError)) as caught:
        await place.post()
    fate = judge(caught.value).fate
    assert fate is (Fate.PACED if fault is Fault.RATE_LIMITED else Fate.UNKNOWN)
    await place.sandbox.quiet()
    assert [each.key for each in place.accepted()] == (["k"] if fault in ACCEPTED else [])
    (received,) = place.noted("received")
    assert (received.fault, received.channel, received.key) == (fault, CHANNEL, "k")
    assert (received.retry_after is not None) == (fault is Fault.RATE_LIMITED)


async def test_without_a_plan_nothing_goes_wrong(place: Place) -> None:
    ts = await place.post()
    assert await place.shown() == [ts]
    (accepted,) = place.accepted()
    assert (accepted.ts, accepted.channel, accepted.fault) == (ts, CHANNEL, None)


async def test_a_post_is_shown_only_after_the_lag(place: Place) -> None:
    place.behave(Plan(lag=(60.0, 60.0)))
    hidden = await place.post()
    place.behave(Plan())
    shown = await place.post()
    assert await place.shown() == [shown]
    assert place.accepted()[0].ts == hidden
    assert place.accepted()[0].more["visible"] > place.accepted()[0].at + 59


async def test_what_slack_itself_refuses_is_told(place: Place) -> None:
    with pytest.raises(SlackApiError):
        await place.client.chat_postMessage(channel="C0NOWHERE", text="hello")
    assert [each.error for each in place.noted("refused")] == ["channel_not_found"]


async def test_a_channel_of_its_own_plan_spares_the_others(place: Place) -> None:
    place.behave(Plan(channels={"C0OTHER": {Fault.ERROR_BEFORE: 1.0}}))
    await place.post()
    place.behave(Plan(channels={CHANNEL: {Fault.ERROR_BEFORE: 1.0}}))
    with pytest.raises(SlackApiError):
        await place.post()


@pytest.fixture
async def heard(place: Place) -> AsyncIterator[list[str]]:
    """What an app hears by HTTP, in its order."""
    told: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        told.append((await request.json())["event"]["text"])
        return web.Response()

    routes = web.Application()
    routes.router.add_post("/", hear)
    runner = web.AppRunner(routes)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.sandbox.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield told
    await runner.cleanup()


async def _say(place: Place, *words: str) -> None:
    for each in words:
        await place.sandbox.person("dana").says(each, channel=CHANNEL)


HEARD: dict[Fault, Callable[[list[str]], bool]] = {
    Fault.TWICE: lambda told: told.count("one") == 2,
    Fault.LOST: lambda told: told == ["one"],  # at the second attempt
}


@pytest.mark.parametrize("fault", HEARD)
async def test_deliveries_go_wrong_too(place: Place, heard: list[str], fault: Fault) -> None:
    place.behave(Plan(delivering={fault: 1.0}))
    await _say(place, "one")
    await place.sandbox.quiet()
    if fault is Fault.LOST:
        assert heard == []
        place.behave(Plan())
    await place.sandbox.until(lambda: HEARD[fault](heard))
    told = place.noted("delivered")
    assert all(each.more["acked"] for each in told)
    assert len(told) == len(heard)


async def test_what_is_late_is_overtaken(place: Place, heard: list[str]) -> None:
    place.behave(Plan(delivering={Fault.LATE: 1.0}, late=0.3))
    words = [str(number) for number in range(12)]
    await _say(place, *words)
    await place.sandbox.until(lambda: len(heard) == len(words))
    assert sorted(heard, key=int) == words
    assert heard != words


def test_chance_is_the_same_again_for_the_same_seed() -> None:
    assert chance(7).random() == chance(7).random() != chance(8).random()
    assert sum(evenly(0.2, *OF_CALLS).values()) == pytest.approx(0.2)
