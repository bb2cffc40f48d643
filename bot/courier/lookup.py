"""Whether Slack has a message that it did not confirm: looked up by the key that it carries."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import Installation
from bot.views.blocks import section

EVENT_TYPE = "common_ground"
"""Of the metadata; the payload holds nothing but the opaque key."""

_BLOCK = f"{EVENT_TYPE}:"
_PAGE = 999
"""The most that Slack gives at once
(https://docs.slack.dev/reference/methods/conversations.history)."""

_KEPT = 1_000


@dataclass(slots=True)
class Look:
    """How far a look through one thread, or one channel, has come."""

    found: set[str] = field(default_factory=set)
    cursor: str | None = None
    """Of the next page; None before the first."""
    done: bool = False


Looks = dict[str | None, Look]
"""What one look-up goes through: threads by their first ``ts``, and the channel as None."""


@dataclass(slots=True)
class CutShort:
    """The look-ups that Slack cut short by its pace, so that each goes on where it was.

    In memory only, and not without bound: one that is not there any more begins anew.
    """

    kept: "OrderedDict[tuple[Any, ...], Looks]" = field(default_factory=OrderedDict)

    def take(self, key: tuple[Any, ...]) -> Looks:
        """How far a look-up had come; an empty one where it begins."""
        return self.kept.pop(key, {})

    def keep(self, key: tuple[Any, ...], looks: Looks) -> None:
        """It is to go on from here. ``key`` tells it from those after a later attempt to post."""
        self.kept[key] = looks
        if len(self.kept) > _KEPT:
            self.kept.popitem(last=False)


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
    look: Look | None = None,
) -> tuple[str, ...]:
    """The ``ts`` of each of our messages with this key, the oldest first: none, one, or doubles.

    Looks through everything after ``since``, the last ``ts`` that Slack gave before the message
    was sent (through all of the channel, or thread, if there was none). Replies are not part of a
    channel's history, so a thread is asked for by itself. Goes on where ``look`` is, and notes
    there how far it comes. Raises what the calls raise.
    """
    look = look or Look()
    while not look.done:
        if thread is None:
            said = await client.conversations_history(
                channel=channel,
                oldest=since,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=look.cursor,
            )
        else:
            said = await client.conversations_replies(
                channel=channel,
                ts=thread,
                oldest=since,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=look.cursor,
            )
        look.found.update(
            str(message["ts"])
            for message in said["messages"]
            if key_of(message, installation) == key
        )
        look.cursor = (said.get("response_metadata") or {}).get("next_cursor") or None
        look.done = look.cursor is None
    return tuple(sorted(look.found, key=float))


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
