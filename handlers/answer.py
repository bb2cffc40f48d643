"""How somebody is answered, by the door they came through.

A command is answered in the body of the acknowledgement, a modal by errors or by closing, a
button by its response address, a mention or a reply by a recorded post. All but the last are
best effort and hold nothing that a list could not show again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.views.blocks import Message, Modal
from handlers.visit import Door, Visit

log = structlog.get_logger(__name__)

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
    to: Audience = Audience.PERSON
    replaces: bool = False
    """At a button of an ephemeral or direct message: whether it takes that message's place."""
    modal: Modal | None = None
    """Opened by a command or button; takes the place of the modal that was sent."""
    errors: Mapping[str, str] | None = None
    """Sentences by block of the modal, which stays open with what was typed."""


async def give(visit: Visit, answer: Answer) -> dict[str, Any]:
    """Answer, and return what the acknowledgement should hold."""
    if visit.door in _RECORDED:
        if answer.message is not None:
            await _record(visit, answer.message, answer.to)
        return {}
    if visit.door is Door.MODAL:
        return _modal_answer(visit, answer)
    if answer.modal is not None:
        await _open(visit, answer.modal)
    if answer.message is None:
        return {}
    if visit.door is Door.COMMAND:
        return {"response_type": "ephemeral", **answer.message}
    if address := visit.body.get("response_url"):
        visit.house.later(_respond(visit, address, answer.message, answer.replaces))
    else:  # App Home and modals have no address of their own
        await _record(visit, answer.message, Audience.PERSON)
    return {}


def _modal_answer(visit: Visit, answer: Answer) -> dict[str, Any]:
    if answer.errors:
        return {"response_action": "errors", "errors": dict(answer.errors)}
    if answer.modal is not None:
        return {"response_action": "update", "view": answer.modal}
    if answer.message is not None:
        visit.house.later(_record(visit, answer.message, Audience.PERSON))
    return {}


async def _record(visit: Visit, message: Message, audience: Audience) -> None:
    """Write the answer down for the courier: once, however often the delivery is repeated."""
    in_thread = (
        audience is Audience.THREAD and visit.channel is not None and visit.door is not Door.DIRECT
    )
    await visit.house.db.run(
        _write_answer,
        visit,
        message,
        visit.channel if in_thread else None,
        (visit.thread or visit.ts) if in_thread else None,
    )
    visit.house.courier.wake()


def _write_answer(
    store: Any, visit: Visit, message: Message, channel: str | None, thread: str | None
) -> None:
    once = f"answer:{visit.key}"
    if channel is not None and thread is not None:
        store.messages.answer_in_thread(
            visit.installation.id, channel, thread, message, once=once, now=visit.now
        )
    else:
        member = store.people.met(visit.installation.id, visit.person, visit.now)
        store.messages.answer_direct(
            visit.installation.id, member.id, message, once=once, now=visit.now
        )


async def _open(visit: Visit, modal: Modal) -> None:
    client = visit.house.directory.client(visit.installation)
    try:
        if (visit.body.get("view") or {}).get("type") == "modal":
            await client.views_push(trigger_id=visit.trigger, view=modal)
        else:
            await client.views_open(trigger_id=visit.trigger, view=modal)
    except SlackApiError as error:  # the trigger lives three seconds; pressing again is the cure
        log.warning("modal_not_opened", error=error.response.get("error"))


async def _respond(visit: Visit, address: str, message: Message, replaces: bool) -> None:
    """Answer a button privately. Slack takes five answers within thirty minutes."""
    body = {"response_type": "ephemeral", "replace_original": replaces, **message}
    session = visit.house.directory.client(visit.installation).session
    if session is None:
        return
    try:
        async with session.post(address, json=body, allow_redirects=False) as response:
            if response.status != 200:
                log.warning("answer_not_taken", status=response.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("answer_not_sent", error=type(error).__name__)
