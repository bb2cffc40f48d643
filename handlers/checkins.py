"""Ways in to check-ins: words, replies in the thread and what becomes of them, quick answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.checkins import Understood, Word
from bot.domain.errors import NotFound
from bot.domain.people import Installation
from bot.domain.posts import Kind
from bot.domain.schedules import ScheduleKind
from bot.language import Meaning, Said, read_reply
from bot.language.clean import clean
from bot.services import checkins as services
from bot.services import nudges
from bot.services import schedules as clock
from bot.services.checkins import Deleted, Press, Reply, Settle
from bot.settings import Settings
from bot.views import checkins as views
from bot.views.ids import CheckinButton as Button
from bot.views.ids import parts
from handlers import schedules
from handlers.answer import Answer, Audience
from handlers.house import House
from handlers.partnerships import key, number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Visit
from handlers.wording import as_read
from storage.store import Store

Body = Mapping[str, Any]
Tick = Callable[[Store, datetime, int], int]

_WORDS = {Meaning.DONE: Word.DONE, Meaning.STUCK: Word.STUCK}


# Words


async def words(visit: Visit, said: Said) -> Answer:
    """``checkin [now | pause [until DATE] | resume | skip | schedule RHYTHM | questions …]``."""
    if said.sub == "now":
        return await schedules.ask_now(visit, await in_channel(visit))
    if said.sub == "questions":
        return await schedules.questions(visit, said)
    return await schedules.steer(visit, said, ScheduleKind.CHECKIN)


# Replies


async def replied(visit: Visit, message_id: int, occurrence_id: int) -> Answer:
    """Somebody wrote in the thread of a check-in."""
    understood, more = _read(visit.text, visit.now, visit.zone)
    request = Reply(
        key=visit.key,
        installation_id=visit.installation.id,
        person=visit.person,
        occurrence_id=occurrence_id,
        ts=visit.ts or "",
        text=visit.text,
        understood=await _worded(visit.house, visit.installation, understood),
        more=more,
    )
    kept = await visit.house.db.quick(services.reply, request, visit.now)
    if kept.refusal is not None:
        raise kept.refusal
    if kept.sentences:
        return Answer(views.kept(kept.sentences), to=Audience.PERSON)
    return Answer()


async def mentioned(visit: Visit) -> Answer | None:
    """Somebody named us in the thread of a check-in, and what they say is a reply to it."""
    if visit.channel is None or visit.thread is None:
        return None
    occurrence = await visit.house.db.read(
        _checkin_of, visit.installation.id, visit.channel, visit.thread
    )
    if occurrence is None or not _read(visit.text, visit.now, visit.zone)[0]:
        return None
    answer = await replied(visit, 0, occurrence)
    return Answer(answer.message, to=Audience.PERSON)


def _read(text: str, now: datetime, zone: str) -> tuple[tuple[Understood, ...], bool]:
    """What was understood, and whether the text says more than that."""
    found = read_reply(text, now=now, zone=zone)
    understood = tuple(
        Understood(_WORDS[each.kind], each.number, each.text)
        for each in found
        if each.kind in _WORDS
    )
    more = any(
        each.kind not in _WORDS or (each.kind is Meaning.DONE and each.text) for each in found
    )
    return understood, more


async def _worded(
    house: House, installation: Installation, understood: tuple[Understood, ...]
) -> tuple[Understood, ...]:
    """With reasons and remarks as people read them: they are shown on cards, and escaped there."""
    return tuple(
        [replace(each, text=await as_read(house, installation, each.text)) for each in understood]
    )


async def changed(house: House, installation: Installation, body: Body) -> None:
    """A message was edited; or what is left of a deleted one with replies under it."""
    event = body["event"]
    inner = event.get("message") or {}
    if inner.get("subtype") == "tombstone":
        await _delete(house, installation, event["channel"], inner["ts"], inner.get("thread_ts"))
        return
    edited, thread, user = inner.get("edited") or {}, inner.get("thread_ts"), inner.get("user")
    if not edited.get("ts") or not user or inner.get("bot_id") or thread in {None, inner["ts"]}:
        return
    occurrence = await house.db.read(_checkin_of, installation.id, event["channel"], thread)
    if occurrence is None:
        return
    try:
        person = await house.directory.person(installation, user)
    except NotFound:
        return
    now = house.calendar.now()
    text = clean(inner.get("text") or "")
    zone = person.zone or house.directory.home_zone(installation)
    understood, more = _read(text, now, zone)
    request = Reply(
        key=key(body),
        installation_id=installation.id,
        person=person,
        occurrence_id=occurrence,
        ts=inner["ts"],
        text=text,
        understood=await _worded(house, installation, understood),
        more=more,
        edited_at=instant(edited["ts"]),
        follows=f"<@{installation.bot_user}" in text,
    )
    await house.db.quick(services.reply, request, now)


async def deleted(house: House, installation: Installation, body: Body) -> None:
    """A message was deleted: a reply, or a prompt of ours."""
    event = body["event"]
    before = event.get("previous_message") or {}
    ts = event.get("deleted_ts") or before.get("ts")
    if ts:
        await _delete(house, installation, event["channel"], ts, before.get("thread_ts"))


async def _delete(
    house: House, installation: Installation, channel: str, ts: str, thread: str | None
) -> None:
    request = Deleted(installation.id, channel, ts, thread)
    await house.db.run(services.deleted, request, house.calendar.now())


def _checkin_of(store: Store, installation_id: int, channel: str, thread: str) -> int | None:
    found = store.messages.thread_of(installation_id, channel, thread)
    return found[2] if found is not None and found[1] is Kind.PROMPT else None


def instant(ts: str) -> datetime:
    """The instant of Slack's ``1764000000.000100``, exactly."""
    seconds, _, micro = ts.partition(".")
    whole = datetime.fromtimestamp(int(seconds), UTC)
    return whole + timedelta(microseconds=int(micro[:6].ljust(6, "0") or "0"))


# Quick answers


async def press_done(visit: Visit) -> Answer:
    """[Done] beside a commitment."""
    return await _press(visit, Word.DONE)


async def press_on_track(visit: Visit) -> Answer:
    """[On track] beside a commitment."""
    return await _press(visit, Word.ON_TRACK)


async def _press(visit: Visit, word: Word) -> Answer:
    occurrence, commitment = (*parts(visit.value), "")[:2]
    request = Press(
        key=visit.key,
        installation_id=visit.installation.id,
        person=visit.person,
        occurrence_id=number(occurrence),
        commitment_id=number(commitment),
        word=word,
    )
    await _in_its_channel(visit, request.occurrence_id)
    await visit.house.db.run(services.press, request, visit.now)
    return Answer()  # the check-in itself shows it


async def _in_its_channel(visit: Visit, occurrence_id: int) -> None:
    """Whether somebody who answers a check-in, there or in private, is in its channel."""
    if not visit.private:
        await in_channel(visit)
        return
    partnership = await visit.house.db.read(
        lambda store: store.schedules.occurrence(occurrence_id).partnership_id
    )
    await in_partnership(visit, partnership)


async def press_yes(visit: Visit) -> Answer:
    """[Yes, it is done], [Yes, everyone may know], or [This one]."""
    statement, commitment = (*parts(visit.value), "")[:2]
    return await _settle(visit, number(statement), number(commitment))


async def press_not_yet(visit: Visit) -> Answer:
    """[Not yet], [No, change nothing], or [None of these]."""
    return await _settle(visit, number(visit.value), None)


async def _settle(visit: Visit, statement: int, commitment: int | None) -> Answer:
    request = Settle(
        key=visit.key,
        installation_id=visit.installation.id,
        person=visit.person,
        statement_id=statement,
        yes=commitment is not None,
        commitment_id=commitment,
    )
    await in_channel(visit)
    await visit.house.db.run(services.settle, request, visit.now)
    return Answer()  # the note itself shows it


# The clock


def ticks(settings: Settings) -> tuple[Tick, ...]:
    """What the clock does: post what is due (digests too), and close what is over."""
    open_for = timedelta(hours=settings.summary_after_hours)
    post = partial(clock.post_due, open_for=open_for)
    return (post, services.close, nudges.plan_due)


def _next_post(store: Store) -> datetime | None:
    return store.schedules.next_due()


def _next_close(store: Store) -> datetime | None:
    return store.checkins.next_close()


def _next_nudge(store: Store) -> datetime | None:
    return store.nudges.next_due()


MOMENTS = (_next_post, _next_close, _next_nudge)
VERBS = {"checkin": words}
BUTTONS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {
    Button.DONE: press_done,
    Button.ON_TRACK: press_on_track,
    Button.YES: press_yes,
    Button.NOT_YET: press_not_yet,
    **schedules.BUTTONS,
}
MODALS = schedules.MODALS
THREADS = {Kind.PROMPT: replied}
EVENTS = {"message_changed": changed, "message_deleted": deleted}
