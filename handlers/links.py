"""Links to the cards of commitments, for private answers to people who can follow them.

Slack's link to a message names the workspace that installed the app. Whether somebody of another
workspace gets there by it is not known (docs/unverified.md), so those people get none: what they
read names its number and its channel, and works without.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.commitments import Commitment
from handlers.visit import Visit

log = structlog.get_logger(__name__)

_PATIENCE = 2.0
"""Seconds that a link is waited for where nobody waits for the answer."""

Links = Mapping[int, str]
"""By the id of a commitment."""


async def cards(visit: Visit, found: Iterable[Commitment]) -> Links:
    """Where the cards are. Slack is asked once: its links differ in nothing but the channel and
    the message's ts (https://docs.slack.dev/reference/methods/chat.getPermalink).
    """
    if visit.person.team not in {visit.installation.team, visit.installation.enterprise}:
        return {}
    wanted = {each.card_id: each.id for each in found if each.card_id is not None}
    if not wanted:
        return {}
    cards_at = await visit.house.db.read(lambda store: store.digests.places(list(wanted)))
    if not cards_at:
        return {}
    before = await _before(visit, *next(iter(cards_at.values())))
    if before is None:
        return {}
    return {wanted[each]: before + _place(*place) for each, place in cards_at.items()}


async def _before(visit: Visit, channel: str, ts: str) -> str | None:
    """What all links begin with; None if Slack does not tell soon, or in a form we do not know."""
    client = visit.house.directory.client(visit.installation)
    try:
        async with asyncio.timeout(_PATIENCE if visit.patience is None else visit.patience):
            found = await client.chat_getPermalink(channel=channel, message_ts=ts)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("card_without_link", error=type(error).__name__)
        return None
    link, place = str(found.get("permalink") or ""), _place(channel, ts)
    if not link.startswith("https://") or not link.endswith(place):
        return None
    return link.removesuffix(place)


def _place(channel: str, ts: str) -> str:
    return f"{channel}/p{ts.replace('.', '')}"


def among(links: Links, found: Collection[Commitment]) -> Mapping[int, str]:
    """By number, for a view of one partnership."""
    return {each.number: links[each.id] for each in found if each.id in links}
