"""Ways in to taking back: the button of a receipt, and the word."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain import commitments as rules
from bot.domain.commitments import LIFE, Act, Commitment, Side, State
from bot.domain.posts import Kind
from bot.language import Said, says_undo
from bot.language.clean import clean
from bot.services import closed_days, commitments
from bot.services import undo as services
from bot.services.closed_days import Ready
from bot.services.undo import TakeBack
from bot.settings import Settings
from bot.views import receipts as views
from bot.views.blocks import Message
from bot.views.commitments import LABEL_LIMIT
from bot.views.ids import CommitmentField as Field
from bot.views.ids import UndoButton, UndoForm
from handlers.answer import Answer, Audience
from handlers.commitments.acting import carry_out, look_at, opened
from handlers.commitments.buttons import press_stuck
from handlers.commitments.due_days import with_days_off
from handlers.commitments.finding import (
    by_organization,
    members_of,
    person_here,
    today_of,
    which_of,
)
from handlers.commitments.forms import changed_terms, send_change
from handlers.partnerships import number
from handlers.presence import members_seen
from handlers.visit import Door, Visit
from storage.store import Store

_OWNERS = frozenset({Side.OWNER, Side.PROMISER})

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
        receipt = answer.receipt
        if receipt is None:
            key = answer.key or visit.key
            receipt = await visit.house.db.glance(
                services.receipt_of, key, visit.now, public=visit.overheard
            )
        if receipt is None:
            return answer
        settles = None if answer.replaces else await _settled(visit)
    except Exception as error:  # it is done all the same, and that is what they are to hear
        log.warning("receipt_without_undo", error=type(error).__name__)
        return answer
    message = views.completed(receipt, answer.message, today_of(visit))
    return replace(answer, message=message, settles=settles)


async def _settled(visit: Visit) -> Message | None:
    """The message whose button was used, with a line in place of the button.

    Only for those that nothing else brings up to date: answers, in a direct message or a thread.
    Of a message that only one person sees Slack tells nothing but its address.
    """
    message = visit.body.get("message") or {}
    if visit.door is not Door.BUTTON or not message.get("blocks") or visit.channel is None:
        return None
    private = visit.channel.startswith("D")
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
    found = await opened(visit, which_of(visit), Act.CHANGE)
    commitment, side = found.commitment, found.side
    unanswered = commitment.state in {State.PROPOSED, State.COUNTERED}
    may = (commitment.state, side, Act.HAND_OVER) in LIFE
    people = by_organization(found.people) if may and (side in _OWNERS or unanswered) else None
    return Answer(modal=views.edit_form(commitment, today_of(visit), people), replaces=True)


async def send_edit(visit: Visit) -> Answer:
    """The form, sent: other terms, another owner, or both."""
    which = which_of(visit)
    commitment, member = await look_at(visit, which, Act.CHANGE)
    user = str(visit.fields.get(Field.OWNER) or commitment.owner.user)
    if user == commitment.owner.user:
        return await send_change(visit)
    why = clean(str(visit.fields.get(Field.WHY) or ""))
    if not _touched(visit, commitment):
        to = await person_here(visit, user, await members_of(visit, commitment.place.channel))
        untouched = replace(which, version=None)
        await carry_out(visit, untouched, commitments.hand_over, to, why=why)
        return Answer()
    if member is not None and rules.side_of(commitment, member) is Side.OWNER:
        return Answer(
            errors={
                Field.OWNER: "One thing at a time, please: both are for others to agree to. "
                "Hand it over first, or leave the owner as it is."
            }
        )
    wish = changed_terms(visit, commitment)
    if isinstance(wish, Answer):
        return wish
    to = await person_here(visit, user, await members_of(visit, commitment.place.channel))
    edited = await carry_out(visit, which, commitments.edit, wish, to, why=why)
    return Answer() if wish.due is None else await with_days_off(visit, edited, Answer())


def _touched(visit: Visit, commitment: Commitment) -> bool:
    """Whether the form says anything else of the terms than holds."""
    terms, fields = commitment.at_issue, visit.fields
    due = None if terms.due is None else terms.due.isoformat()
    what = clean(str(fields.get(Field.WHAT) or ""))
    label = clean(str(fields.get(Field.LABEL) or ""))
    return (
        (fields.get(Field.DUE) or None) != due
        or (what not in {"", clean(terms.what)})
        or label != clean((terms.label or "")[:LABEL_LIMIT])
    )


async def edit_stuck(visit: Visit) -> Answer:
    """[Edit] after saying that one is stuck. Who may know from now on is not for everybody's eyes,
    so that what others read stays as it was written.
    """
    return replace(await press_stuck(visit), replaces=not _is_public(visit))


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
    request = TakeBack(
        visit.key,
        visit.installation.id,
        visit.person,
        undoable,
        visit.zone,
        await _worked_out(visit, undoable),
        public=_is_public(visit),
    )
    undone = await visit.house.db.run(services.take_back, request, visit.now)
    return Answer(
        views.taken_back(undone, today_of(visit), public=request.public),
        to=Audience.PERSON,
        replaces=True,
    )


async def _worked_out(visit: Visit, undoable: int) -> Ready:
    """The days of a calendar that is put back: worked out before, since the one writer of the
    database would keep everybody waiting.
    """
    db = visit.house.db
    gone = await db.read(services.gone_days, undoable)
    if gone is None:
        return {}
    kept = await db.read(closed_days.kept, visit.installation.id, visit.person)
    today = today_of(visit)
    ready = dict(await asyncio.to_thread(closed_days.work_out, kept, today))
    for place, entry in enumerate(gone, 1):
        days = await asyncio.to_thread(closed_days.work_out, [entry], today)
        ready[-place] = days[entry.id]
    return ready


def _is_public(visit: Visit) -> bool:
    """Whether the receipt stands where others read it too, as the line in its place does."""
    container = visit.body.get("container") or {}
    private = bool(container.get("is_ephemeral")) or visit.private
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
MODALS = {UndoForm.EDIT: send_edit}
