"""Links to the cards of commitments, for private answers to people who can follow them.

Slack's link to a message names the workspace that installed the app. Whether somebody of another
workspace gets there by it is not known (docs/unverified.md), so those people get none: what they
read names its number and its channel, and works without.
"""

from collections.abc import Collection, Iterable, Mapping

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.commitments import Commitment
from handlers.visit import Visit

log = structlog.get_logger(__name__)

Links = Mapping[int, str]
"""By the id of a commitment."""


async def cards(visit: Visit, found: Iterable[Commitment]) -> Links:
    """Where the cards are. Slack is asked once for each channel: its links differ in nothing but
    the channel and the message's ts (https://docs.slack.dev/reference/methods/chat.getPermalink).
    """
    if visit.person.team not in {visit.installation.team, visit.installation.enterprise}:
        return {}
    wanted = {each.card_id: each.id for each in found if each.card_id is not None}
    if not wanted:
        return {}
    cards_at = await visit.house.db.read(lambda store: store.digests.places(list(wanted)))
    patterns: dict[str, str | None] = {}
    links: dict[int, str] = {}
    for message, (channel, ts) in cards_at.items():
        if channel not in patterns:
            patterns[channel] = await _pattern(visit, channel, ts)
        if (pattern := patterns[channel]) is not None:
            links[wanted[message]] = pattern + _stamp(ts)
    return links


async def _pattern(visit: Visit, channel: str, ts: str) -> str | None:
    """What all links into a channel begin with; None if Slack does not tell in a form we know."""
    client = visit.house.directory.client(visit.installation)
    try:
        found = await client.chat_getPermalink(channel=channel, message_ts=ts)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("card_without_link", error=type(error).__name__)
        return None
    link = str(found.get("permalink") or "")
    if not link.startswith("https://") or not link.endswith(_stamp(ts)):
        return None
    return link.removesuffix(_stamp(ts))


def _stamp(ts: str) -> str:
    return ts.replace(".", "")


def among(links: Links, found: Collection[Commitment]) -> Mapping[int, str]:
    """By number, for a view of one partnership."""
    return {each.number: links[each.id] for each in found if each.id in links}
