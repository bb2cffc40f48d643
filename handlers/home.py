"""Way in to App Home. Best effort: everything in it can be asked for in words too."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import BotError
from bot.domain.people import Installation, Person
from bot.services import home
from bot.views import home as views
from handlers.house import House
from handlers.presence import those
from handlers.visit import Visit

log = structlog.get_logger(__name__)


async def opened(house: House, installation: Installation, body: Mapping[str, Any]) -> None:
    """Somebody opened the Home tab."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        house.later(_publish(house, installation, event["user"]))


def show_again(visit: Visit) -> None:
    """Somebody changed what their Home tab shows, while they had it open."""
    visit.house.later(_publish(visit.house, visit.installation, visit.person.user))


async def _publish(house: House, installation: Installation, user: str) -> None:
    directory = house.directory
    person = await directory.person(installation, user)
    value = await house.db.read(home.overview, installation.id, person, house.calendar.now())
    value = home.within(value, await _readable(house, installation, user, home.channels(value)))
    try:
        view = views.home(value, partner=_is_partner(installation, person))
        await directory.client(installation).views_publish(user_id=user, view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("home_not_published", error=type(error).__name__)


def _is_partner(installation: Installation, person: Person) -> bool:
    """Whether somebody's workspace is another than the one that installed the app."""
    return person.team not in {installation.team, installation.enterprise}


async def _readable(
    house: House, installation: Installation, user: str, channels: frozenset[str]
) -> frozenset[str]:
    """Those of the channels that somebody is in, as Slack says now; none that it does not tell."""

    async def is_in(channel: str) -> bool:
        with suppress(BotError):
            return user in await house.directory.members(installation, channel)
        return False

    return await those(channels, is_in)


EVENTS = {"app_home_opened": opened}
