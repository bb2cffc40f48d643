"""Ways in to what recurs, check-ins and digests alike: pause, resume, skip, a new rhythm."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.checkins import Standing
from bot.domain.errors import NotFound
from bot.domain.schedules import ScheduleKind, local_day
from bot.language import Said
from bot.services import setup
from bot.services import standing as services
from bot.services.setup import SetUp
from bot.services.standing import Steer
from bot.views import schedules as views
from bot.views import setup as setup_views
from bot.views.blocks import Message
from bot.views.ids import ScheduleButton as Button
from bot.views.ids import parts
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Door, Visit
from storage.store import Store

View = Callable[[Standing, date], Message]


async def steer(visit: Visit, said: Said, kind: ScheduleKind) -> Answer:
    """What somebody typed of a schedule, but for ``now`` and ``preview``."""
    channel = await in_channel(visit)
    if said.sub == "schedule" and said.rhythm is not None:
        return await _schedule(visit, said, kind, channel)
    # A check-in's answer to a mention stands in the thread for everybody to read.
    tell = not (visit.door is Door.MENTION and kind is ScheduleKind.CHECKIN)
    wish = _Wish(channel, kind, said.until, tell)
    if said.sub == "pause":
        return await _do(visit, wish, services.pause, views.paused)
    if said.sub == "resume":
        return await _do(visit, wish, services.resume, views.resumed)
    if said.sub == "skip":
        return await _do(visit, wish, services.skip, views.skipped)
    return await stands(visit, channel, kind)


async def stands(visit: Visit, channel: str, kind: ScheduleKind) -> Answer:
    """How it stands."""
    found = await visit.house.db.read(
        services.standing, visit.installation.id, channel, kind, visit.now
    )
    return Answer(views.standing(found, local_day(visit.now, found.schedule.zone)))


async def ask_now(visit: Visit, channel: str) -> Answer:
    """Post a check-in now."""
    await visit.house.db.run(
        services.ask_now,
        Steer(visit.key, visit.installation.id, channel, visit.person, ScheduleKind.CHECKIN),
        visit.now,
        open_for=timedelta(hours=visit.house.settings.summary_after_hours),
    )
    # At a mention the check-in itself is the answer.
    return Answer(None if visit.door is Door.MENTION else views.asked())


@dataclass(frozen=True, slots=True)
class _Wish:
    channel: str
    kind: ScheduleKind
    until: date | None = None
    tell: bool = True


async def _do(visit: Visit, wish: _Wish, service: Callable[..., Standing], view: View) -> Answer:
    request = Steer(
        key=visit.key,
        installation_id=visit.installation.id,
        channel=wish.channel,
        person=visit.person,
        kind=wish.kind,
        until=wish.until,
        tell=wish.tell,
    )
    found = await visit.house.db.run(service, request, visit.now)
    message = view(found, local_day(visit.now, found.schedule.zone))
    return Answer(message, replaces=_private(visit))


async def _schedule(visit: Visit, said: Said, kind: ScheduleKind, channel: str) -> Answer:
    """A new rhythm is a setting: at once before the start, announced afterwards."""
    before = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    request = SetUp(
        visit.key,
        visit.installation.id,
        before.partnership.id,
        visit.person,
        checkin=said.rhythm if kind is ScheduleKind.CHECKIN else None,
        digest=said.rhythm if kind is ScheduleKind.DIGEST else None,
    )
    after = await visit.house.db.run(setup.set_up, request, visit.now)
    known = {change.id for change in before.announced}
    return Answer(
        setup_views.saved(after, sum(change.id not in known for change in after.announced))
    )


def _private(visit: Visit) -> bool:
    """Whether a button stood in a message that only this person sees, and may be replaced."""
    return bool((visit.body.get("container") or {}).get("is_ephemeral"))


# Buttons


async def _pressed(visit: Visit) -> tuple[_Wish, list[str]]:
    kind, partnership, *more = (*parts(visit.value), "")
    if kind not in set(ScheduleKind):
        raise NotFound("I don't know what this is about any more. Please open it again.")
    channel = await in_partnership(visit, number(partnership))
    return _Wish(channel, ScheduleKind(kind)), more


async def press_now(visit: Visit) -> Answer:
    """[Ask now]"""
    wish, _ = await _pressed(visit)
    return await ask_now(visit, wish.channel)


async def press_skip(visit: Visit) -> Answer:
    """[Skip the next]"""
    wish, _ = await _pressed(visit)
    return await _do(visit, wish, services.skip, views.skipped)


async def press_unskip(visit: Visit) -> Answer:
    """[Undo] after a skip."""
    wish, _ = await _pressed(visit)
    return await _do(visit, wish, services.unskip, views.kept)


async def press_pause(visit: Visit) -> Answer:
    """[Pause]: for how long?"""
    wish, _ = await _pressed(visit)
    return Answer(views.choices(wish.kind, number(parts(visit.value)[1])))


async def press_weeks(visit: Visit) -> Answer:
    """[4 weeks]"""
    wish, more = await _pressed(visit)
    zone = await visit.house.db.read(_zone, visit.installation.id, wish, visit.now)
    weeks = min(number(more[0]), 52)
    until = local_day(visit.now, zone) + timedelta(weeks=weeks)
    wish = _Wish(wish.channel, wish.kind, until)
    return await _do(visit, wish, services.pause, views.paused)


def _zone(store: Store, installation_id: int, wish: _Wish, now: datetime) -> str:
    found = services.standing(store, installation_id, wish.channel, wish.kind, now)
    return found.schedule.zone


async def press_open(visit: Visit) -> Answer:
    """[Until somebody resumes]"""
    wish, _ = await _pressed(visit)
    return await _do(visit, wish, services.pause, views.paused)


async def press_resume(visit: Visit) -> Answer:
    """[Resume]"""
    wish, _ = await _pressed(visit)
    return await _do(visit, wish, services.resume, views.resumed)


BUTTONS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {
    Button.ASK_NOW: press_now,
    Button.SKIP: press_skip,
    Button.UNSKIP: press_unskip,
    Button.PAUSE: press_pause,
    Button.PAUSE_TWO: press_weeks,
    Button.PAUSE_FOUR: press_weeks,
    Button.PAUSE_EIGHT: press_weeks,
    Button.PAUSE_OPEN: press_open,
    Button.RESUME: press_resume,
}
