"""What Slack's client makes of what a person types: entities, mentions, links, rich text."""

import re
from collections.abc import Iterable

from bot.sandbox.errors import Json
from bot.sandbox.world import Channel, User

_URL = re.compile(r"https?://[^\s<>|]+")
_TOKEN = re.compile(r"<(?:@(?P<user>[UW][A-Z0-9]+)|#(?P<channel>C[A-Z0-9]+))(?:\|[^<>]*)?>")
_SPECIAL = re.compile(r"(?<![\w&;])@(here|channel|everyone)\b")
_PARTS = re.compile(
    r"<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>|<#(?P<channel>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<special>here|channel|everyone)>|<(?P<link>https?://[^>|]+)(?:\|(?P<label>[^>]*))?>"
)


def escape(text: str) -> str:
    """The three characters that Slack writes as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(
    text: str,
    users: Iterable[User],
    channels: Iterable[Channel],
    *,
    labels: bool = False,
) -> str:
    """Turn typed text into Slack's message text.

    ``@Bo`` and ``#channel`` become ``<@U…>`` and ``<#C…>`` (with ``labels``, as commands send them:
    ``<@U…|bo>``), addresses become links, and everything else is escaped. A token that already
    names somebody known is what picking from the completion list gives, and stays.
    """
    by_id = {user.id: user for user in users}
    rooms = {channel.id: channel for channel in channels if not channel.is_im}

    def user_token(user: User) -> str:
        return f"<@{user.id}|{user.username}>" if labels else f"<@{user.id}>"

    def channel_token(channel: Channel) -> str:
        return f"<#{channel.id}|{channel.name}>"

    kept: list[str] = []

    def keep(token: str) -> str:
        kept.append(token)
        return f"\ue000{len(kept) - 1}\ue001"

    def known(match: re.Match[str]) -> str:
        user, channel = by_id.get(match["user"] or ""), rooms.get(match["channel"] or "")
        if user:
            return keep(user_token(user))
        if channel:
            return keep(channel_token(channel))
        return match[0]

    text = text.replace("\ue000", "").replace("\ue001", "")
    text = _TOKEN.sub(known, text)
    text = _URL.sub(lambda match: keep(f"<{escape(match[0])}>"), text)
    text = _SPECIAL.sub(lambda match: keep(f"<!{match[1]}>"), text)
    names = {f"@{user.name}".lower(): user_token(user) for user in by_id.values()}
    names |= {f"#{channel.name}".lower(): channel_token(channel) for channel in rooms.values()}
    if names:
        longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w&;])(?:{longest_first})(?![\w-])", re.IGNORECASE)
        text = pattern.sub(lambda match: keep(names[match[0].lower()]), text)
    text = escape(text)
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], text)


def rich_text(text: str, block_id: str) -> list[Json]:
    """The ``rich_text`` block that Slack adds to what people write."""
    elements: list[Json] = []
    at = 0
    for match in _PARTS.finditer(text):
        if match.start() > at:
            elements.append({"type": "text", "text": unescape(text[at : match.start()])})
        if match["user"]:
            elements.append({"type": "user", "user_id": match["user"]})
        elif match["channel"]:
            elements.append({"type": "channel", "channel_id": match["channel"]})
        elif match["special"]:
            elements.append({"type": "broadcast", "range": match["special"]})
        else:
            elements.append({"type": "link", "url": unescape(match["link"])})
        at = match.end()
    if at < len(text):
        elements.append({"type": "text", "text": unescape(text[at:])})
    section: Json = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def mentions(text: str, user_id: str) -> bool:
    """Whether the message text mentions that user."""
    return f"<@{user_id}>" in text or f"<@{user_id}|" in text
