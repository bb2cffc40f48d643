"""Nobody waits for somebody else: slow channels, busy channels, and what Slack holds back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.courier import Patience
from bot.domain.people import Person
from bot.domain.posts import State
from bot.sandbox import Faults
from bot.sandbox.errors import SlackError
from storage.store import Store
from tests.courier.conftest import CHANNEL, OTHER, Office, answer


@dataclass
class Slow(Faults):
    """Slack takes its time for some channels, until it is let go on."""

    channels: set[str]
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        if method == "chat.postMessage" and args["channel"] in self.channels:
            self.waiting += 1
            async with asyncio.timeout(20):  # a test that fails is to end all the same
                await self.goes_on.wait()
        return None


async def test_slow_channels_hold_no_place_of_the_others(office: Office) -> None:
    slow = office.open_channels(10)
    office.sandbox.api.faults = faults = Slow(set(slow))
    for number, channel in enumerate(slow):
        await office.post(number, channel)
    courier = office.courier(at_once=2, slow=0.05)
    await office.sandbox.until(lambda: faults.waiting == 10)  # though only two at once may begin
    await office.post(99)
    courier.wake()
    await office.sandbox.until(lambda: office.said() == ["card 99"])
    assert all(office.said(channel) == [] for channel in slow)
    faults.goes_on.set()
    await courier.drain()
    assert [office.said(channel) for channel in slow] == [[f"card {n}"] for n in range(10)]


async def test_a_lane_is_not_served_twice_at_once_although_the_clock_of_the_database_jumps(
    office: Office,
) -> None:
    office.sandbox.api.faults = faults = Slow({CHANNEL})
    sent = await office.post()
    courier = office.courier()
    await office.sandbox.until(lambda: faults.waiting == 1)
    await office.time_passes()  # as far as the database knows, the lease is over
    await office.post(99, OTHER)
    courier.wake()
    await office.sandbox.until(lambda: office.said(OTHER) == ["card 99"])
    with pytest.raises(TimeoutError):
        await office.sandbox.until(lambda: courier.counted["looked_up"] > 0, within=0.3)
    faults.goes_on.set()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert (await office.at(sent)).state is State.SENT
    await office.post(8)  # the lane was given back
    courier.wake()
    await courier.drain()
    assert office.said() == ["card 7", "card 8"]


async def test_who_finishes_answers_whoever_was_heard_last_and_leaves_a_long_queue(
    office: Office,
) -> None:
    for number in range(5):
        await office.post(number)
    courier = office.courier(pace=60.0)
    await office.sandbox.until(lambda: office.said() == ["card 0"])
    await office.post(99, OTHER)
    await courier.finish()
    assert (office.said(), office.said(OTHER)) == (["card 0"], ["card 99"])
    assert not (await courier.health()).running
    await courier.finish()  # harmless if repeated


async def test_a_slack_that_hangs_does_not_collect_everything(office: Office) -> None:
    slow = office.open_channels(10)
    office.sandbox.api.faults = faults = Slow(set(slow))
    for number, channel in enumerate(slow):
        await office.post(number, channel)
    courier = office.courier(at_once=2, slow=0.05, at_most=4)
    await office.sandbox.until(lambda: faults.waiting == 4)
    with pytest.raises(TimeoutError):
        await office.sandbox.until(lambda: faults.waiting > 4, within=0.5)
    faults.goes_on.set()
    await courier.drain()
    assert faults.waiting == 10


async def test_a_channel_with_much_to_say_lets_the_others_in_between(office: Office) -> None:
    for number in range(20):
        await office.post(number)
    await office.post(99, OTHER)
    order: list[str] = []

    @dataclass
    class Watching(Faults):
        async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
            if method == "chat.postMessage":
                order.append(args["channel"])
            return None

    office.sandbox.api.faults = Watching()
    await office.courier(at_once=1).drain()
    assert len(order) == 21
    assert order.index(OTHER) <= 2


async def test_a_channel_that_slack_holds_back_holds_back_no_other(office: Office) -> None:
    refused = SlackError("ratelimited", status=429, headers={"Retry-After": "600"})
    office.trouble.before["chat.postMessage"] = [answer(refused)]
    await office.post(1)
    courier = office.courier(at_once=1)
    await courier.drain()
    await office.post(2)
    await office.post(3, OTHER)
    await courier.drain()
    assert (office.said(), office.said(OTHER)) == ([], ["card 3"])


def ten_minutes() -> web.Response:
    return answer(SlackError("ratelimited", status=429, headers={"Retry-After": "600"}))


async def test_what_slack_counts_by_workspace_is_not_called_from_another_channel(
    office: Office,
) -> None:
    first, second = await office.post(1), await office.post(2, OTHER)
    courier = office.courier()
    await courier.drain()
    office.trouble.before["chat.update"] = [ten_minutes()]
    office.words |= {1: "newer", 2: "newer"}
    await office.refresh(first)
    await courier.drain()
    await office.refresh(second)
    await office.post(3, OTHER)
    await courier.drain()
    assert (office.trouble.before["chat.update"], office.calls("chat.update")) == ([], 0)
    assert office.said(OTHER) == ["card 2", "card 3"]  # posts are none of those calls
    assert (await office.at(second)).attempts == 0
    office.slack_lets_go()
    await office.time_passes()
    await courier.drain()
    assert (office.said(), office.said(OTHER)) == (["newer"], ["newer", "card 3"])


async def test_where_slack_has_one_direct_message_wait_for_its_channel_all_wait(
    office: Office,
) -> None:
    office.trouble.before["conversations.open"] = [ten_minutes()]
    team, now = office.installation.team, office.calendar.now()

    def say(store: Store) -> list[int]:
        return [
            store.messages.answer_direct(
                office.installation.id,
                store.people.met(office.installation.id, Person(team, user, user), now).id,
                {"text": "hello", "blocks": []},
                once=None,
                now=now,
            )
            for user in ("U0BO000000", "U0DANA0000", "U0PRIYA000")
        ]

    said = await office.database.run(say)
    courier = office.courier(at_once=1)
    await courier.drain()
    opens = office.trouble.before["conversations.open"]
    assert (opens, office.calls("conversations.open")) == ([], 0)
    for each in said:
        waits = await office.at(each)
        assert (waits.state, waits.attempts) == (State.WAITING, 0)
    office.slack_lets_go()
    await office.time_passes()
    await courier.drain()
    assert office.calls("conversations.open") == 3


async def test_what_slack_holds_back_for_long_is_never_given_up(office: Office) -> None:
    refused = [
        SlackError("ratelimited", status=429, headers={"Retry-After": "60"}) for _ in range(12)
    ]
    office.trouble.before["chat.postMessage"] = [answer(each) for each in refused]
    message_id = await office.post()
    courier = office.courier()
    for _ in range(12):
        await courier.drain()
        assert (await office.at(message_id)).attempts == 0
        await office.time_passes(timedelta(seconds=90))
    await courier.drain()
    assert office.said(CHANNEL) == ["card 7"]


def test_those_whom_slack_held_back_together_do_not_come_back_together() -> None:
    rests = {Patience().paced(60.0) for _ in range(50)}
    assert all(timedelta(seconds=60) <= rest <= timedelta(seconds=66) for rest in rests)
    assert len(rests) > 40
