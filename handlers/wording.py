"""Slack's own forms in what people wrote, turned into what they saw when they wrote it.

Slack delivers ``@Hui`` as ``<@U012>``, a link as ``<https://…>`` and ``@channel`` as
``<!channel>`` (https://docs.slack.dev/messaging/formatting-message-text). Such forms are not kept:
texts of people are escaped on their way out, and would show them raw.
"""

import re
from collections.abc import Mapping

from bot.domain.errors import BotError
from bot.domain.people import Installation, Person
from handlers.house import House
from handlers.visit import Visit

_FORM = re.compile(
    r"<(?P<sign>[@#!]?)(?P<target>[^<>|\s]+)(?:\|(?P<label>[^<>]*))?>",
)
_LINK = re.compile(r"(?:mailto:|tel:|(?=https?://))(?P<shown>.+)", re.DOTALL)
_USER = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)>")


async def readable(visit: Visit, text: str) -> str:
    """The words with names, links and places as people read them.

    A name that Slack does not tell now stays as it is.
    """
    return await as_read(visit.house, visit.installation, text)


async def as_read(house: House, installation: Installation, text: str) -> str:
    """As ``readable``, where nobody is there to be answered."""
    if "<" not in text:
        return text
    people: Mapping[str, Person] = {}
    if users := {match["user"] for match in _USER.finditer(text)}:
        try:
            people = await house.directory.people(installation, users)
        except BotError:
            people = {}
    return _FORM.sub(lambda form: _shown(form, people), text)


def _shown(form: re.Match[str], people: Mapping[str, Person]) -> str:
    target, label = form["target"], form["label"]
    if form["sign"] == "@":
        known = people.get(target)
        name = label or (known.name if known else None)
        return f"@{name}" if name else form.group()
    if form["sign"] == "#":
        return f"#{label}" if label else form.group()
    if form["sign"] == "!":
        return label or f"@{target.partition('^')[0]}"
    link = _LINK.fullmatch(target)
    if link is None:
        return form.group()
    if label and label not in target:
        return f"{label} ({link['shown']})"
    return link["shown"]
