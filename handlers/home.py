"""Way in to App Home. Best effort: everything in it can be asked for in words too."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import BotError
from bot.domain.people import Installation
from bot.services import home
from bot.views import home as views
from handlers.house import House

log = structlog.get_logger(__name__)


async def opened(house: House, installation: Installation, body: Mapping[str, Any]) -> None:
    """Somebody opened the Home tab."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        house.later(_publish(house, installation, event["user"]))


async def _publish(house: House, installation: Installation, user: str) -> None:
    directory = house.directory
    person = await directory.person(installation, user)
    zone = person.zone or directory.home_zone(installation)
    value = await house.db.read(home.overview, installation.id, person, zone, house.calendar.now())
    value = home.within(value, await _readable(house, installation, user, home.channels(value)))
    try:
        await directory.client(installation).views_publish(user_id=user, view=views.home(value))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("home_not_published", error=type(error).__name__)


async def _readable(
    house: House, installation: Installation, user: str, channels: frozenset[str]
) -> frozenset[str]:
    """Those of the channels that somebody is in, as Slack says now; none that it does not tell."""
    found = set()
    for channel in channels:
        with suppress(BotError):
            if user in await house.directory.members(installation, channel):
                found.add(channel)
    return frozenset(found)


EVENTS = {"app_home_opened": opened}
