"""Whether somebody is in the channels of what they ask for, in the time that Slack gives."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp import web

from bot import manifest
from bot.directory import Directory
from bot.domain.commitments import Page
from bot.sandbox import Faults, Sandbox
from handlers.commitments.finding import readable_page
from handlers.visit import Door, Visit
from storage.store import Store
from tests.handlers.story import Story

MANY = 40


@dataclass
class AllAtOnce(Faults):
    """Slack answers nobody's question about a channel until all of them were asked."""

    asked: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(MANY))

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        if method == "conversations.members":
            await self.asked.wait()
        return None


async def test_what_is_in_many_channels_is_found_in_the_time_of_one_question(
    story: Story,
) -> None:
    await story.begins()
    await story.says(story.dana, "commit find 6 mentors by 11 Dec")
    house = story.bot.house
    installation = house.directory.installations()[0]

    def look(store: Store) -> Any:
        return store.commitments.by_id(1)

    made = await house.db.read(look)
    async with (
        Sandbox.from_manifest(manifest.load(), faults=AllAtOnce()) as slack,
        aiohttp.ClientSession() as session,
    ):
        pattern = slack.world.channels["C0MENTORIN"]
        names = [f"C0PARTNER{number:02}" for number in range(MANY)]
        for name in names:
            members = [story.dana.id, installation.bot_user]
            slack.world.channels[name] = replace(pattern, id=name, name=name, members=members)
        directory = Directory(session, slack.api_url)
        directory.add(installation, slack.bot_token)
        visit = Visit(
            house=replace(house, directory=directory),
            door=Door.DIRECT,
            installation=installation,
            person=await directory.person(installation, story.dana.id),
            channel=None,
            key="mine",
            now=house.calendar.now(),
            zone="UTC",
            body={},
            until=time.monotonic() + 20,
        )
        page = Page(
            tuple(replace(made, place=replace(made.place, channel=name)) for name in names),
            offset=0,
            total=MANY,
            viewer=None,
        )
        found = await readable_page(visit, page)
    assert (found.total, found.hidden) == (MANY, 0)
