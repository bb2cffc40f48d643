"""The one place where an error becomes a sentence."""

import secrets
from collections.abc import Awaitable

import structlog

from bot.domain.errors import BotError
from bot.views import errors as views
from handlers.answer import Answer
from handlers.visit import Door, Visit

log = structlog.get_logger(__name__)


async def guarded(visit: Visit, work: Awaitable[Answer]) -> Answer:
    """The answer, or a refusal that only this person sees.

    Commands, buttons and modals always end well for Slack: an error nobody foresaw is answered
    with a reference that is also in the log. At the doors of events such an error is raised, so
    that the caller decides whether Slack should deliver again.
    """
    try:
        return await work
    except BotError as error:
        return refused(visit, error)
    except Exception:
        if visit.door in {Door.MENTION, Door.REPLY, Door.DIRECT, Door.HOME}:
            raise
        reference = secrets.token_hex(4)
        log.exception("unforeseen", reference=reference, door=visit.door)
        return _private(visit, views.trouble(reference)["text"], Answer(views.trouble(reference)))


def refused(visit: Visit, error: BotError) -> Answer:
    """A refusal. In a modal it stands beside the first field, so that nothing typed is lost."""
    return _private(visit, error.sentence, Answer(views.refusal(error)))


def _private(visit: Visit, sentence: str, otherwise: Answer) -> Answer:
    if visit.door is not Door.MODAL:
        return otherwise
    blocks = (visit.body.get("view") or {}).get("blocks") or ()
    first = next((b["block_id"] for b in blocks if b.get("type") == "input"), None)
    return otherwise if first is None else Answer(errors={first: sentence})
