"""Ways in to recording what somebody wrote: the message shortcut, a memo as a reaction, and the
answer to the question which channel a direct message is for.

Of a message that was reacted to nothing is read before its reader says Yes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot import language
from bot.domain import commitments as rules
from bot.domain.errors import BotError, NotFound, NotPossible, OutOfDate
from bot.domain.people import Installation
from bot.language.clean import clean, unescaped
from bot.services import recording as services
from bot.services.recording import Offer
from bot.views import recording as views
from bot.views.ids import RecordingButton, RecordingForm, parts, value
from handlers.answer import Answer, form_in_time
from handlers.commitments.finding import by_organization, today_of
from handlers.commitments.forms import send_new
from handlers.commitments.words import commit
from handlers.house import House
from handlers.presence import members_seen
from handlers.visit import Visit
from handlers.wording import readable

log = structlog.get_logger(__name__)

MEMO = "memo"
"""The reaction that offers to record (product: *Doors*)."""

_OURS = "This is my own message. Use the buttons on it, or choose a message that somebody wrote."


async def shortcut(visit: Visit) -> Answer:
    """*Record as commitment* in the menu of a message: the form with its words, as something that
    its writer could do.
    """
    if _by_us(visit.installation, visit.body.get("message") or {}):
        raise NotPossible(_OURS)
    return await form_in_time(visit, _form_of(visit))


async def _form_of(visit: Visit) -> Answer:
    message = visit.body.get("message") or {}
    room = await visit.house.db.read(services.room, visit.installation.id, visit.channel)
    words = await _worded(visit, message.get("text") or "")
    people, wrote = by_organization(room.people), message.get("user")
    known = any(wrote == one.user for several in people.values() for one in several)
    owner = wrote if known and wrote else visit.person.user
    return Answer(modal=views.form(room, people, visit.person, words, visit.ts or "", owner=owner))


async def recorded(visit: Visit) -> Answer:
    """The form, sent: as that of a new commitment, and where it comes from is kept."""
    channel, ts = (*parts(visit.value), "")[:2]
    answer = await send_new(replace(visit, value=value(channel)))
    if answer.errors:
        return answer
    link = await _link(visit, channel, ts)
    await visit.house.db.run(services.keep_source, visit.key, channel, ts, link, visit.now)
    return answer


# A memo as a reaction


async def reacted(house: House, installation: Installation, body: Mapping[str, Any]) -> None:
    """Somebody put a reaction on a message. All but a memo is dropped at once."""
    event = body["event"]
    item = event.get("item") or {}
    channel, ts = item.get("channel"), item.get("ts")
    if event.get("reaction") != MEMO or item.get("type") != "message" or not channel or not ts:
        return
    if (
        event.get("user") == installation.bot_user
        or event.get("item_user") == installation.bot_user
    ):
        return
    if await house.db.read(services.listens, installation.id, channel) is None:
        return
    try:
        person = await house.directory.person(installation, event["user"])
    except NotFound:
        return
    if person.is_bot or person.user not in await house.directory.members(installation, channel):
        return
    request = Offer(installation.id, channel, ts, person, dict(views.offer(channel, ts)))
    try:
        await house.db.run(services.offer, request, house.calendar.now())
    except BotError:
        return  # nobody asked us anything: whoever may not record here is not bothered


async def accept(visit: Visit) -> Answer:
    """[Yes]: the words are read now, and the form is opened with them."""
    return await form_in_time(visit, _form_of_words(visit))


async def _form_of_words(visit: Visit) -> Answer:
    channel, ts = (*parts(visit.value), "")[:2]
    room = await visit.house.db.read(services.room, visit.installation.id, channel)
    await members_seen(visit, channel)
    message = await _message(visit, channel, ts)
    if message is None:
        raise NotFound("That message is gone, so there is nothing to record. I kept nothing of it.")
    words = await _worded(visit, message.get("text") or "")
    return Answer(
        modal=views.form(
            room,
            by_organization(room.people),
            visit.person,
            words,
            ts,
            owner=visit.person.user,
        ),
        replaces=True,
    )


async def refuse(visit: Visit) -> Answer:
    """[Not now]"""
    return Answer(views.not_now(), replaces=True)


# Directly


async def chosen(visit: Visit) -> Answer:
    """Which channel a commitment is for that somebody wrote to us directly."""
    channel, ts = (*parts(visit.value), "")[:2]
    message = await _message(visit, visit.channel or "", ts)
    if message is None or message.get("user") != visit.person.user:
        raise NotFound("Your message is gone, so I don't know what to write down. Say it again.")
    text = clean(message.get("text") or "")
    said = language.read(text, now=_instant(ts), zone=visit.zone)
    if said.verb != "commit":
        raise OutOfDate("Your message says something else now. Say it again.")
    rules.check_due(said.due, today_of(visit))
    key = f"direct:{visit.channel}:{ts}"  # one message is one commitment, whatever is pressed
    answer = await commit(replace(visit, channel=channel, text=text, key=key), said)
    return replace(answer, replaces=True, key=key)


# Asking Slack


async def _message(visit: Visit, channel: str, ts: str) -> Mapping[str, Any] | None:
    """A message as it reads now; None if it is gone. Raises Unreachable's sentence otherwise."""
    client = visit.house.directory.client(visit.installation)
    try:
        # Also for a reply: Slack takes the ts of any message of a thread here.
        found = await client.conversations_replies(
            channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=1
        )
    except SlackApiError as error:
        if error.response.get("error") in {"thread_not_found", "message_not_found"}:
            return None
        raise NotPossible(
            "Slack does not let me read that message. Say it in your own words."
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotPossible("Slack is not answering me just now. Please try again.") from error
    messages = found.get("messages") or []
    read = next((each for each in messages if each.get("ts") == ts), None)
    if read is None or read.get("subtype") == "tombstone":
        return None
    return dict(read)


async def _link(visit: Visit, channel: str, ts: str) -> str | None:
    """Slack's own link to a message; None if it does not tell."""
    client = visit.house.directory.client(visit.installation)
    try:
        found = await client.chat_getPermalink(channel=channel, message_ts=ts)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("source_without_link", error=type(error).__name__)
        return None
    link = str(found.get("permalink") or "")
    return link if link.startswith("https://") else None


async def _worded(visit: Visit, text: str) -> str:
    """A message's words for a field, in which Slack's own forms would stand as they are."""
    return unescaped(await readable(visit, clean(text)))


def _by_us(installation: Installation, message: Mapping[str, Any]) -> bool:
    return installation.bot_user == message.get("user") or installation.bot == message.get("bot_id")


def _instant(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


SHORTCUTS = {RecordingForm.RECORD: shortcut}
EVENTS = {"reaction_added": reacted}
BUTTONS = {
    RecordingButton.WHERE: chosen,
    RecordingButton.YES: accept,
    RecordingButton.NOT_NOW: refuse,
}
MODALS = {RecordingForm.RECORD: recorded}
