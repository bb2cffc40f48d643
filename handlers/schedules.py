"""Ways in to what recurs, check-ins and digests alike: pause, resume, skip, a new rhythm."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.checkins import QUESTIONS, Standing
from bot.domain.errors import BotError, NotFound, OutOfDate
from bot.domain.partnerships import Setting
from bot.domain.schedules import ScheduleKind, local_day
from bot.domain.welcome import Arranged
from bot.language import Said
from bot.language.clean import clean, unescaped
from bot.services import setup
from bot.services import standing as services
from bot.services.setup import SetUp
from bot.services.standing import Steer
from bot.views import questions as question_views
from bot.views import schedules as views
from bot.views import setup as setup_views
from bot.views.blocks import Message
from bot.views.ids import ScheduleButton as Button
from bot.views.ids import ScheduleField as Field
from bot.views.ids import ScheduleForm as Form
from bot.views.ids import parts
from bot.views.words import day
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Door, Visit
from handlers.wording import readable
from storage.store import Store

_USUAL = frozenset({"usual", "the usual", "default", "the usual questions", "the usual ones"})

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


# What check-ins ask


async def questions(visit: Visit, said: Said) -> Answer:
    """``checkin questions`` shows them, ``checkin questions WHAT? …`` sets them."""
    channel = await in_channel(visit)
    before = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    if not said.what:
        found = await visit.house.db.read(services.questions, before.partnership.id, visit.now)
        return Answer(question_views.shown(before.partnership.id, *found))
    if said.what.casefold() in _USUAL:
        return await _ask(visit, before, ())
    typed = [unescaped(await readable(visit, each)) for each in said.what.splitlines()]
    return await _ask(visit, before, tuple(typed))


async def press_questions(visit: Visit) -> Answer:
    """[Change] beside the questions."""
    shown = await visit.house.db.read(setup.opened, visit.installation.id, number(visit.value))
    held, _ = await visit.house.db.read(services.questions, shown.partnership.id, visit.now)
    partnership = shown.partnership
    form = question_views.form(partnership.id, shown.version, held, partnership.started)
    return Answer(modal=form)


async def send_questions(visit: Visit) -> Answer:
    """The form, sent."""
    partnership, version = (*parts(visit.value), "")[:2]
    channel = await in_partnership(visit, number(partnership))
    before = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    typed = clean(visit.fields.get(Field.QUESTIONS) or "").splitlines()
    if tuple(each.strip() for each in typed if each.strip()) == QUESTIONS:
        typed = []  # the usual ones, left as they were offered
    try:
        return await _ask(visit, before, tuple(typed), number(version))
    except OutOfDate:
        raise
    except BotError as refusal:
        return Answer(errors={Field.QUESTIONS: refusal.sentence})


async def _ask(
    visit: Visit, before: Arranged, wanted: tuple[str, ...], version: int | None = None
) -> Answer:
    partnership = before.partnership
    request = SetUp(
        visit.key,
        visit.installation.id,
        partnership.id,
        visit.person,
        questions=wanted,
        version=version,
    )
    after = await visit.house.db.run(setup.set_up, request, visit.now)
    coming = [each for each in after.announced if each.name is Setting.QUESTIONS]
    if coming and coming[-1].id not in {each.id for each in before.announced}:
        begins = local_day(coming[-1].begins_at, partnership.zone)
        return Answer(question_views.announced(day(begins)))
    found = await visit.house.db.read(services.questions, partnership.id, visit.now)
    return Answer(question_views.shown(partnership.id, *found))


def _private(visit: Visit) -> bool:
    """Whether a button stood in a message that only this person sees, and may be replaced."""
    ephemeral = bool((visit.body.get("container") or {}).get("is_ephemeral"))
    return ephemeral or (visit.channel or "").startswith("D")


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
    Button.QUESTIONS: press_questions,
}
MODALS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {Form.QUESTIONS: send_questions}
