"""What everything is compared with: the bot's server and Bolt, with listeners that do nothing.

``python -m tests.bench.empty``. Same door, same settings of Bolt, same signature check; no
database, no courier.
"""

import asyncio
import re

import aiohttp
from slack_bolt.async_app import AsyncAck

from bot.app import configure_logging, make_bolt
from bot.directory import Directory
from bot.domain.people import Installation
from bot.settings import Settings
from handlers.health import HealthPages, Numbers
from handlers.http import HttpDoor
from tests.bench.children import say
from tests.bench.deliveries import BOT_TOKEN, SECRET
from tests.bench.world import APP, BOT, BOT_USER, TEAM

_ANY = re.compile(".*", re.DOTALL)

ANSWER = "Nothing to do."


async def _command(ack: AsyncAck) -> None:
    await ack({"response_type": "ephemeral", "text": ANSWER})


async def _event(ack: AsyncAck) -> None:
    await ack()


async def _ready() -> str | None:
    return None


async def _measure() -> Numbers:
    raise NotImplementedError("nobody asks an empty listener for numbers")


async def main() -> None:
    configure_logging("WARNING")
    settings = Settings.model_validate(
        {"slack_bot_token": BOT_TOKEN, "slack_signing_secret": SECRET}
    )
    async with aiohttp.ClientSession() as session:
        directory = Directory(session, settings.slack_api_url)
        directory.add(Installation(1, TEAM, None, APP, BOT, BOT_USER, "Acme"), BOT_TOKEN)
        bolt = make_bolt(settings, directory)
        bolt.command(_ANY)(_command)
        bolt.event(_ANY)(_event)
        door = HttpDoor(bolt, HealthPages(_ready, _measure), host="127.0.0.1", port=0)
        await door.open()
        say(str(door.address))
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
