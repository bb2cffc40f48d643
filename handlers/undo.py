"""Ways in to taking back: the button of a receipt, and the word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.posts import Kind
from bot.language import Said, says_undo
from bot.services import undo as services
from bot.services.undo import TakeBack
from bot.settings import Settings
from bot.views import receipts as views
from bot.views.blocks import Message
from bot.views.ids import UndoButton
from handlers.answer import Answer, Audience
from handlers.commitments.buttons import press_change, press_stuck
from handlers.commitments.finding import today_of
from handlers.partnerships import number
from handlers.presence import members_seen
from handlers.visit import Door, Visit
from storage.store import Store

log = structlog.get_logger(__name__)

Tick = Callable[[Store, datetime, int], int]

_WITHOUT_WORDS = frozenset({Door.BUTTON, Door.MODAL})
"""The doors at which an act without an answer of its own is confirmed all the same. At the others
the note in the thread is the answer, or there is one.
"""


async def completed(visit: Visit, answer: Answer) -> Answer:
    """An answer with *Undo* and *Edit* on it, if something was done that can be taken back."""
    if answer.refusal or answer.errors or answer.modal is not None:
        return answer
    if answer.message is None and visit.door not in _WITHOUT_WORDS:
        return answer
    try:
        receipt = await visit.house.db.read(services.receipt_of, answer.key or visit.key, visit.now)
    except Exception as error:  # it is done all the same, and that is what they are to hear
        log.warning("receipt_without_undo", error=type(error).__name__)
        return answer
    if receipt is None:
        return answer
    return replace(
        answer,
        message=views.completed(receipt, answer.message, today_of(visit)),
        settles=None if answer.replaces else await _settled(visit),
    )


async def _settled(visit: Visit) -> Message | None:
    """The message whose button was used, with a line in place of the button.

    Only for those that nothing else brings up to date: direct messages, and answers in a thread.
    Of a message that only one person sees Slack tells nothing but its address.
    """
    message = visit.body.get("message") or {}
    if visit.door is not Door.BUTTON or not message.get("blocks") or visit.channel is None:
        return None
    private = visit.channel.startswith("D")
    if not private:
        kind = await visit.house.db.read(_kind, visit.installation.id, visit.channel, visit.ts)
        if kind is not Kind.ANSWER:
            return None
    action = visit.body["actions"][0]
    return views.used(
        message.get("text") or "",
        message["blocks"],
        action.get("block_id") or "",
        (action.get("text") or {}).get("text") or "",
        by=None if private else f"<@{visit.person.user}>",
    )


def _kind(store: Store, installation_id: int, channel: str, ts: str | None) -> Kind | None:
    found = store.messages.by_ts(installation_id, channel, ts or "")
    return None if found is None else found.kind


async def press(visit: Visit) -> Answer:
    """[Undo]"""
    return await _take_back(visit, number(visit.value))


async def edit(visit: Visit) -> Answer:
    """[Edit], [Change] on a receipt: the form filled in; what comes of it takes the receipt's
    place.
    """
    return replace(await press_change(visit), replaces=True)


async def edit_stuck(visit: Visit) -> Answer:
    """[Edit] after saying that one is stuck."""
    return replace(await press_stuck(visit), replaces=True)


async def words(visit: Visit, said: Said) -> Answer:
    """``undo``, ``undo 12``: what one did last."""
    return await _latest(visit, said.number)


async def replied(visit: Visit, kind: Kind, subject: int) -> Answer | None:
    """``undo`` as a reply in one of our threads; None if something else was said."""
    if not says_undo(visit.text):
        return None
    numbered = None
    if kind is Kind.CARD:
        numbered = (await visit.house.db.read(_commitment_number, subject)) or None
    return await _latest(visit, numbered)


async def _latest(visit: Visit, numbered: int | None) -> Answer:
    channel = visit.channel
    if channel is not None and channel.startswith("D"):
        channel = None
    if channel is not None:
        await members_seen(visit, channel)
    undoable = await visit.house.db.read(
        services.latest, visit.installation.id, visit.person, channel, numbered, visit.now
    )
    return await _take_back(visit, undoable)


async def _take_back(visit: Visit, undoable: int) -> Answer:
    channel = await visit.house.db.read(services.place_of, undoable)
    if channel is not None:
        await members_seen(visit, channel)
    request = TakeBack(visit.key, visit.installation.id, visit.person, undoable)
    undone = await visit.house.db.run(services.take_back, request, visit.now)
    return Answer(
        views.taken_back(undone, today_of(visit), public=_is_public(visit)),
        to=Audience.PERSON,
        replaces=True,
    )


def _is_public(visit: Visit) -> bool:
    """Whether the receipt stands where others read it too, as the line in its place does."""
    container = visit.body.get("container") or {}
    private = bool(container.get("is_ephemeral")) or (visit.channel or "D").startswith("D")
    return visit.door is Door.BUTTON and not private


def _commitment_number(store: Store, commitment_id: int) -> int:
    return store.commitments.by_id(commitment_id).number


def ticks(settings: Settings) -> tuple[Tick, ...]:
    """What the clock does: forget what can be taken back no more."""
    return (services.forget,)


VERBS = {"undo": words}
BUTTONS = {
    UndoButton.TAKE_BACK: press,
    UndoButton.EDIT: edit,
    UndoButton.EDIT_STUCK: edit_stuck,
}
