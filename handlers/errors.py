"""The one place where an error becomes a sentence."""

import secrets
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.directory import Unreachable
from bot.domain.errors import BotError
from bot.views import errors as views
from handlers.answer import Answer
from handlers.visit import Door, Visit
from handlers.wording import readable
from storage.errors import DatabaseClosed, OutcomeUnknown, StorageUnavailable

_REPEATED = frozenset({Door.MENTION, Door.REPLY, Door.DIRECT, Door.HOME})
"""The doors of events: without an acknowledgement they are delivered again."""

log = structlog.get_logger(__name__)


class TooEarly(BotError):
    """What somebody replied to may be a message of ours of which Slack has not said that it has it.

    Nobody reads the sentence: Slack delivers the reply again, and by then it is known.
    """

    def __init__(self) -> None:
        super().__init__("I am not sure yet what this answers. Please try again in a few minutes.")


_CURABLE = (
    StorageUnavailable,
    OutcomeUnknown,
    DatabaseClosed,
    Unreachable,
    TooEarly,
    TimeoutError,
)


async def guarded(visit: Visit, work: Awaitable[Answer]) -> Answer:
    """The answer, or a refusal that only this person sees.

    An error nobody foresaw is answered with a reference that is also in the log. At the doors of
    events, what a repeat can cure is raised instead: Slack delivers events again.
    """
    try:
        return await work
    except Exception as error:
        if visit.door in _REPEATED and curable(error):
            raise
        answer = refused(visit.door, visit.body, error)
        if not answer.errors:
            return answer
        # A form shows plain text, in which a mention would stand as an id.
        plain = {block: await readable(visit, said) for block, said in answer.errors.items()}
        return replace(answer, errors=plain)


def curable(error: BaseException) -> bool:
    """Whether the same delivery can go well if Slack repeats it: the storage was busy, full or
    out of touch, Slack itself did not answer a question in time, or what is ours is not known yet.
    """
    return isinstance(error, _CURABLE)


def refused(door: Door, body: Mapping[str, Any], error: Exception) -> Answer:
    """A refusal. In a modal it stands beside the first field, so that nothing typed is lost."""
    if isinstance(error, BotError):
        message = views.refusal(error)
        sentence = error.sentence
    else:
        reference = secrets.token_hex(4)
        log.error("unforeseen", reference=reference, door=door, exc_info=error)
        message = views.trouble(reference)
        sentence = message["text"]
    if door is Door.MODAL:
        blocks = (body.get("view") or {}).get("blocks") or ()
        first = next((b["block_id"] for b in blocks if b.get("type") == "input"), None)
        if first is not None:
            return Answer(errors={first: sentence})
    return Answer(message, refusal=True)
