"""Whether Slack has a message that it did not confirm: looked up by the key that it carries."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import Installation
from bot.views.blocks import section

EVENT_TYPE = "common_ground"
"""Of the metadata; the payload holds nothing but the opaque key."""

_BLOCK = f"{EVENT_TYPE}:"
_PAGE = 200


def metadata(key: str) -> dict[str, Any]:
    """What a message carries so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def in_a_block(key: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, one of which carries the key as its id: where Slack takes no metadata.

    That of the first without an id of its own: no form and no button goes by it.
    """
    made = [dict(each) for each in blocks]
    free = next((each for each in made if "block_id" not in each), None)
    if free is None:
        free = dict(section(text))
        made.insert(0, free)
    free["block_id"] = f"{_BLOCK}{key}"
    return made


async def find(
    client: AsyncWebClient,
    installation: Installation,
    channel: str,
    key: str,
    *,
    thread: str | None,
    since: str | None,
) -> tuple[str, ...]:
    """The ``ts`` of each of our messages with this key, the oldest first: none, one, or doubles.

    Looks through everything after ``since``, the last ``ts`` that Slack gave before the message
    was sent (through all of the channel, or thread, if there was none). Replies are not part of a
    channel's history, so a thread is asked for by itself. Raises what the calls raise.
    """
    found: set[str] = set()
    cursor: str | None = None
    while True:
        if thread is None:
            said = await client.conversations_history(
                channel=channel,
                oldest=since,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
        else:
            said = await client.conversations_replies(
                channel=channel,
                ts=thread,
                oldest=since,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
        found.update(
            str(message["ts"])
            for message in said["messages"]
            if key_of(message, installation) == key
        )
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return tuple(sorted(found, key=float))


def key_of(message: Mapping[str, Any], installation: Installation) -> str | None:
    """The opaque key that one of our messages carries; None of anybody else's."""
    ours = (
        message.get("bot_id") == installation.bot
        or message.get("app_id") == installation.app
        or message.get("user") == installation.bot_user
    )
    carried = message.get("metadata") or {}
    key = (carried.get("event_payload") or {}).get("key")
    ids = (str(each.get("block_id") or "") for each in message.get("blocks") or ())
    key = key or next((each.removeprefix(_BLOCK) for each in ids if each.startswith(_BLOCK)), None)
    return str(key) if ours and key else None
