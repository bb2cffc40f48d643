"""Whether Slack has a message that it did not confirm: where it is looked for, and how far."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.domain.posts import Kind, State
from bot.sandbox import Faults, Limits
from bot.sandbox.errors import SlackError
from tests.courier.conftest import CHANNEL, Office, answer
from tests.courier.test_faults import broken

HISTORY = "conversations.history"


@dataclass
class OfAMinute(Faults):
    """A Slack that gives so many pages of a history, and then has us wait for a second."""

    pages: int
    given: int = 0

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        if method != HISTORY:
            return None
        self.given += 1
        if self.given <= self.pages:
            return None
        self.given = 0
        return answer(SlackError("ratelimited", status=429, headers={"Retry-After": "1"}))


async def slack_lets_us_ask_again(office: Office) -> None:
    """What Slack had us wait is over, by the machine's own clock."""
    loop = asyncio.get_running_loop()
    until = loop.time() + 1.1
    await office.sandbox.until(lambda: loop.time() > until)


async def test_the_look_up_reads_every_page(office: Office) -> None:
    office.sandbox.slack.limits = Limits(history_page=2)
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    await office.post()
    courier = office.courier()
    await courier.drain()
    for number in range(7):
        await office.sandbox.person("dana").says(f"hello {number}", channel=CHANNEL)
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert office.calls("conversations.history") == 4


async def test_a_look_up_longer_than_slack_allows_in_a_minute_goes_on_where_it_was(
    office: Office,
) -> None:
    """In a channel where the bot has said nothing yet: all of its history is looked through."""
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    first = await office.post(1)
    await office.post(2)
    for number in range(11):
        await office.sandbox.person("dana").says(f"hello {number}", channel=CHANNEL)
    office.sandbox.slack.limits = Limits(history_page=2)
    courier = office.courier()
    await courier.drain()
    for number in range(11):
        await office.sandbox.person("dana").says(f"later {number}", channel=CHANNEL)
    office.sandbox.api.faults = OfAMinute(pages=5)
    for _ in range(4):
        await office.time_passes()
        await courier.drain(0.0)
        await slack_lets_us_ask_again(office)
    assert (await office.at(first)).state is State.SENT
    assert office.said() == ["card 1", "card 2"]
    asked = [c.args.get("cursor") for c in office.sandbox.calls if c.method == HISTORY]
    assert len(asked) == len(set(asked)) == 12


async def test_what_another_process_posted_meanwhile_is_not_overlooked_by_a_look_cut_short(
    office: Office,
) -> None:
    office.trouble.before["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    for number in range(7):
        await office.sandbox.person("dana").says(f"hello {number}", channel=CHANNEL)
    office.sandbox.slack.limits = Limits(history_page=2)
    await office.post()
    first = office.courier(idle=3600.0)
    await first.drain()
    office.sandbox.api.faults = OfAMinute(pages=3)
    await office.time_passes()
    await first.drain()
    await slack_lets_us_ask_again(office)
    office.sandbox.api.faults = office.trouble
    await office.time_passes()
    second = office.courier()
    await second.drain()
    await second.stop()
    assert office.said() == ["card 7"]
    await office.time_passes()
    await first.drain()
    assert office.said() == ["card 7"]
    assert first.counted["adopted"] == 1


async def test_the_look_up_begins_after_the_last_message(office: Office) -> None:
    await office.post(1)
    courier = office.courier()
    await courier.drain()
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    await office.post(2)
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    (asked,) = (c for c in office.sandbox.calls if c.method == "conversations.history")
    assert asked.args["oldest"] == office.shown()[0].ts


async def test_a_note_is_looked_up_in_its_thread(office: Office) -> None:
    parent = await office.post()
    courier = office.courier()
    await courier.drain()
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, 3, now=office.calendar.now()
        )
    )
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7", "card 3"]
    assert office.calls("conversations.replies") == 1
    assert office.calls("conversations.history") == 0
