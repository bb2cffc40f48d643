"""How somebody is answered, by the door they came through.

A command is answered in the body of the acknowledgement, a modal by errors or by closing, a
button by its response address, a mention or a reply by a recorded post. All but the last are
best effort and hold nothing that a list could not show again. A modal's words appear
where it was opened from.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Container, Coroutine, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import BotError
from bot.domain.undo import Receipt
from bot.views.answers import directly
from bot.views.blocks import Message, Modal
from bot.views.errors import finished, instead, not_opened, refusal, trouble, waiting
from handlers.house import House
from handlers.visit import Door, Visit
from storage.store import Store

log = structlog.get_logger(__name__)

_RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_RESPONSE_TIMEOUT = aiohttp.ClientTimeout(total=5)

FORM_SECONDS = 1.5
"""So long a form may take to be made before a modal is opened that waits for it."""

_ACKNOWLEDGED = (0.1, 0.3, 0.6, 1.0, 2.0, 4.0)
"""Pauses in seconds before a modal that was put off by an acknowledgement is looked for: until that
is through, an update would be lost.
"""

_PRIVATE_LIMIT = 3000
"""Characters of a modal's private part (https://docs.slack.dev/reference/views/modal-views)."""

_RECORDED = frozenset({Door.MENTION, Door.REPLY, Door.DIRECT})


class Audience(StrEnum):
    """Who sees the answer to a mention or a reply. At other doors only the person does."""

    PERSON = "person"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back."""

    message: Message | None = None
    """None where the change itself is the answer: a card that is brought up to date, say."""
    to: Audience | None = None
    """At a mention; None leaves it to the table of verbs. A refusal always goes to the person."""
    receipt: Receipt | None = None
    """Of what was done, where the service said what can be done about it."""
    key: str | None = None
    """Of what was done, where that is not the delivery's own: the same wish may come again."""
    replaces: bool = False
    """At a button of an ephemeral or direct message: whether it takes that message's place."""
    settles: Message | None = None
    """At a button that was used: what its message reads now."""
    refusal: bool = False
    """Whether it tells why something was not done; such an answer holds nothing of a channel's."""
    modal: Modal | None = None
    """Opened by a command or button; takes the place of the modal that was sent."""
    fills: "asyncio.Task[Answer] | None" = None
    """What the modal shows once it is known; the modal is opened before (``form_in_time``)."""
    errors: Mapping[str, str] | None = None
    """Sentences by block of the modal, which stays open with what was typed."""


async def give(visit: Visit, answer: Answer) -> dict[str, Any]:
    """Answer, and return what the acknowledgement should hold."""
    if visit.door in _RECORDED:
        if answer.message is not None:
            new = await _record(
                visit,
                answer.message,
                answer.to or Audience.PERSON,
                about=None if answer.refusal else _open_channel(visit),
            )
            if new and visit.door is Door.MENTION and answer.to is not Audience.THREAD:
                visit.house.later(_point_there(visit))
        return {}
    if visit.door is Door.MODAL:
        return _modal_answer(visit, answer)
    message = answer.message
    if answer.settles is not None and (address := visit.body.get("response_url")):
        visit.house.later(respond(visit.house, address, answer.settles, replaces=True))
    if answer.modal is not None:
        view = await _open(visit, answer.modal, replaces=answer.replaces)
        if view is None:
            message = message or not_opened()
        if answer.fills is not None:
            visit.house.later(_fill(visit, view, answer.fills))
    if message is None:
        return {}
    if visit.door is Door.COMMAND:
        return {"response_type": "ephemeral", **message}
    if address := visit.body.get("response_url"):
        visit.house.later(respond(visit.house, address, message, replaces=answer.replaces))
    else:  # App Home and modals have no address of their own
        await _record(visit, message, Audience.PERSON)
    return {}


async def _point_there(visit: Visit) -> None:
    """Tell whoever mentioned us, and nobody else, that the answer is in their direct messages.

    Best effort: the answer is there in any case.
    """
    client = visit.house.directory.client(visit.installation)
    told = directly()
    try:
        await client.chat_postEphemeral(
            channel=visit.channel or "",
            user=visit.person.user,
            text=told["text"],
            blocks=told["blocks"],
            thread_ts=visit.thread,
        )
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("mention_without_a_line", error=type(error).__name__)


def _modal_answer(visit: Visit, answer: Answer) -> dict[str, Any]:
    if answer.errors:
        return {"response_action": "errors", "errors": dict(answer.errors)}
    if answer.modal is not None:
        view = _remembering(answer.modal, visit.address)
        if answer.fills is not None:
            view = {**view, "external_id": secrets.token_hex(8)}
            visit.house.later(_fill_sent(visit, view["external_id"], answer.fills))
        return {"response_action": "update", "view": view}
    if answer.message is not None:
        visit.house.later(_tell_beside(visit, answer.message))
    return {}


async def _tell_beside(visit: Visit, message: Message) -> None:
    """Beside what a modal was opened from; where that cannot be, by a direct message."""
    if visit.address is None or not await respond(
        visit.house, visit.address, message, replaces=visit.replaces
    ):
        await _record(visit, message, Audience.PERSON)


_ADDRESS = re.compile(r"\n(?P<replaces>[+-])(?P<address>https?://\S+)$")


def _remembering(modal: Modal, address: str | None, *, replaces: bool = False) -> Modal:
    """The modal with where it is to be answered: beside what it was opened from.

    Slack gives modals no address of their own; their private part comes back to us alone.
    """
    if address is None:
        return modal
    private = f"{modal.get('private_metadata', '')}\n{'+' if replaces else '-'}{address}"
    return {**modal, "private_metadata": private} if len(private) <= _PRIVATE_LIMIT else modal


def remembered(private: str) -> tuple[str, str | None, bool]:
    """A modal's own private part, the address of its answer, and whether that takes the place of
    the message it was opened from.
    """
    found = _ADDRESS.search(private)
    if found is None:
        return private, None, False
    return private[: found.start()], found["address"], found["replaces"] == "+"


def _open_channel(visit: Visit) -> str | None:
    """The channel whose members alone may read the answer when it is sent; None in private."""
    return None if visit.private else visit.channel


async def _record(
    visit: Visit, message: Message, audience: Audience, *, about: str | None = None
) -> bool:
    """Write the answer down for the courier: once, however often the delivery is repeated.

    Returns whether this was the first time.
    """
    in_thread = (
        audience is Audience.THREAD and visit.channel is not None and visit.door is not Door.DIRECT
    )
    new = await visit.house.db.run(
        _write_answer,
        visit,
        message,
        visit.channel if in_thread else None,
        (visit.thread or visit.ts) if in_thread else None,
        about,
    )
    visit.house.courier.wake()
    return new


def _write_answer(
    store: Store,
    visit: Visit,
    message: Message,
    channel: str | None,
    thread: str | None,
    about: str | None,
) -> bool:
    once = f"answer:{visit.key}"
    if store.messages.is_recorded(once):
        return False
    if channel is not None and thread is not None:
        store.messages.answer_in_thread(
            visit.installation.id, channel, thread, message, once=once, now=visit.now
        )
    else:
        member = store.people.met(visit.installation.id, visit.person, visit.now)
        store.messages.answer_direct(
            visit.installation.id, member.id, message, once=once, now=visit.now, about=about
        )
    return True


async def form_in_time(visit: Visit, making: Coroutine[Any, Any, Answer]) -> Answer:
    """A form for which Slack has to be asked. A trigger lives three seconds: where the making takes
    too long of them, a modal that says so is opened first, and filled when the form is ready.
    """
    task = await _awaited(visit, making)
    return task.result() if task.done() else Answer(modal=waiting(), fills=task)


async def sent_in_time(
    visit: Visit,
    doing: Coroutine[Any, Any, Answer],
    meanwhile: Modal,
    late: Callable[[Answer], Awaitable[Answer]],
) -> Answer:
    """What comes of a form for which Slack has to be asked. It is to be acknowledged within three
    seconds: where the doing takes too long of them, ``meanwhile`` takes the form's place, and what
    ``late`` makes of the answer takes its place in turn.
    """
    task = await _awaited(visit, doing)
    if task.done():
        return task.result()

    async def go_on() -> Answer:
        return await late(await task)

    return Answer(modal=meanwhile, fills=asyncio.ensure_future(go_on()))


async def _awaited(visit: Visit, work: Coroutine[Any, Any, Answer]) -> "asyncio.Task[Answer]":
    patience = FORM_SECONDS if visit.patience is None else min(FORM_SECONDS, visit.patience)
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=patience)
    return task


async def _fill(visit: Visit, view: str | None, made: "asyncio.Task[Answer]") -> None:
    """Put the form, or why there is none, in the place of the modal that waits."""
    answer = await _made(visit, made)
    if view is None:
        return
    modal = answer.modal or instead(answer.message or not_opened())
    modal = _remembering(modal, visit.body.get("response_url"), replaces=answer.replaces)
    try:
        client = visit.house.directory.client(visit.installation)
        await client.views_update(view_id=view, view=modal)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("modal_not_filled", error=type(error).__name__)  # they may have closed it


async def _fill_sent(visit: Visit, external: str, made: "asyncio.Task[Answer]") -> None:
    """Say what came of a form, in the place of the modal that waits. What was done is told beside
    where the form was opened, as always; what was not, only where the modal is gone.
    """
    answer = await _made(visit, made)
    message, done = answer.message, answer.modal is None and not answer.refusal
    if done and message is not None:
        await _tell_beside(visit, message)
    modal = answer.modal or (finished() if done else instead(message or not_opened()))
    modal = _remembering(modal, visit.address, replaces=visit.replaces)
    if not await _put(visit, external, modal) and not done and message is not None:
        await _tell_beside(visit, message)


async def _made(visit: Visit, made: "asyncio.Task[Answer]") -> Answer:
    try:
        return await made
    except BotError as error:
        return Answer(refusal(error), refusal=True)
    except Exception as error:
        reference = secrets.token_hex(4)
        log.error("unforeseen", reference=reference, door=visit.door, exc_info=error)
        return Answer(trouble(reference), refusal=True)


async def _put(visit: Visit, external: str, modal: Modal) -> bool:
    """Whether a modal could be put in the place of one that an acknowledgement opened. That one is
    known by a name of its own, so that it is not found before Slack has it.
    """
    client = visit.house.directory.client(visit.installation)
    for pause in _ACKNOWLEDGED:
        await asyncio.sleep(pause)
        try:
            await client.views_update(external_id=external, view=modal)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                log.warning("modal_not_filled", error=error.response.get("error"))
                return False
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("modal_not_filled", error=type(error).__name__)
            return False
        else:
            return True
    log.info("modal_closed_meanwhile")
    return False


async def _open(visit: Visit, modal: Modal, *, replaces: bool = False) -> str | None:
    """Open a modal; returns its id, or None where Slack did not let us."""
    client = visit.house.directory.client(visit.installation)
    modal = _remembering(modal, visit.body.get("response_url"), replaces=replaces)
    try:
        if (visit.body.get("view") or {}).get("type") == "modal":
            made = await client.views_push(trigger_id=visit.trigger, view=modal)
        else:
            made = await client.views_open(trigger_id=visit.trigger, view=modal)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        response = getattr(error, "response", None)
        log.warning("modal_not_opened", error=(response or {}).get("error") or type(error).__name__)
        return None
    return str((made.get("view") or {}).get("id") or "")


async def respond(house: House, address: str, message: Message, *, replaces: bool = False) -> bool:
    """Answer privately at a response address; returns whether Slack took it. It takes five answers
    within thirty minutes.
    """
    if not may_be_told(address, house.settings.slack_api_url):
        log.warning("answer_address_refused")
        return False
    body = {"response_type": "ephemeral", "replace_original": replaces, **message}
    try:
        async with house.directory.session.post(
            address, json=body, allow_redirects=False, timeout=_RESPONSE_TIMEOUT
        ) as response:
            if response.status != 200:
                log.warning("answer_not_taken", status=response.status)
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("answer_not_sent", error=type(error).__name__)
    return False


def may_be_told(address: str, api_url: str, hosts: Container[str] = _RESPONSE_HOSTS) -> bool:
    """Whether something may be sent there: to Slack's own hosts for that, or to the stand-in that
    is configured. The address comes out of a verified payload, and is checked all the same.
    """
    asked, slack = urlsplit(address), urlsplit(api_url)
    if asked.scheme == "https" and asked.port is None and asked.hostname in hosts:
        return True
    return (asked.scheme, asked.netloc) == (slack.scheme, slack.netloc)
