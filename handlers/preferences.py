"""Ways in to a person's own settings: words, buttons, and the forms that they open."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from bot.domain.errors import BotError, NotPossible, Unclear
from bot.domain.preferences import Chosen, Hours, Notice
from bot.language import Said
from bot.language.preferences import HERE
from bot.services import preferences as services
from bot.services.preferences import Wish
from bot.views import preferences as views
from bot.views.blocks import Modal
from bot.views.ids import PreferenceButton as Button
from bot.views.ids import PreferenceField as Field
from bot.views.ids import PreferenceForm as Form
from handlers import home, reminders
from handlers.answer import Answer
from handlers.visit import Door, Visit

_HOME = "home"
"""In the private part of a form that was opened in App Home, which is then shown anew."""

_APART = ";"
"""Between the parts of it: where the form was opened, and the times that it showed."""


async def settings(visit: Visit, said: Said) -> Answer:
    """``settings``; ``reminders off for check-ins``, ``reminders on``"""
    if said.sub is None:
        return await press_show(visit)
    kinds = frozenset(Notice) if not said.what else frozenset({Notice(said.what)})
    none: frozenset[Notice] = frozenset()
    on, off = (kinds, none) if said.sub == "on" else (none, kinds)
    wish = Wish(visit.installation.id, visit.person, turn_off=off, turn_on=on, key=visit.key)
    return Answer(
        views.settings(await visit.house.db.run(services.choose, wish, visit.now), "Noted.")
    )


async def remind(visit: Visit, said: Said) -> Answer:
    """``remind me from 18:00 to 21:00``, ``… in Europe/Lisbon``, ``… of 12 on 4 Dec``"""
    if said.sub == "later":
        return await reminders.later(visit, said)
    if said.hours is None and said.zone is None:
        return await press_show(visit)
    wish = Wish(
        visit.installation.id, visit.person, zone=said.zone, hours=said.hours, key=visit.key
    )
    chosen = await visit.house.db.run(services.choose, wish, visit.now)
    return Answer(views.settings(chosen, "Noted."))


async def pause(visit: Visit, said: Said) -> Answer:
    """``pause for me in #mentoring-partners until 5 Jan``"""
    chosen = await _change(visit, services.pause, _spot(visit, said.spot), said.until)
    return Answer(views.settings(chosen, views.RESTS))


async def resume(visit: Visit, said: Said) -> Answer:
    """``resume for me``"""
    chosen = await _change(visit, services.resume, _spot(visit, said.spot))
    return Answer(views.resumed(chosen))


def _spot(visit: Visit, spot: str | None) -> str | None:
    if spot != HERE:
        return spot
    if visit.private:
        raise Unclear("Of which channel? Name it, like #mentoring-partners.")
    return visit.channel


async def _change(
    visit: Visit, service: Callable[..., Chosen], *wishes: Any, **more: Any
) -> Chosen:
    chosen: Chosen = await visit.house.db.run(
        service, visit.installation.id, visit.person, *wishes, visit.now, key=visit.key, **more
    )
    return chosen


async def press_show(visit: Visit) -> Answer:
    """[Settings]"""
    return Answer(views.settings(await _shown(visit)))


async def press_change(visit: Visit) -> Answer:
    """[Change]: the form."""
    chosen = await _shown(visit)
    held = chosen.times
    start, end = (each.isoformat("minutes") for each in (held.hours.start, held.hours.end))
    return Answer(modal=_opened(visit, views.change_form(chosen), start, end, held.zone))


async def press_pause(visit: Visit) -> Answer:
    """[Pause for me]: the form."""
    return Answer(modal=_opened(visit, views.pause_form(await _shown(visit))))


async def press_pause_edit(visit: Visit) -> Answer:
    """[Edit] on the receipt of a pause: the form filled in."""
    chosen = await _shown(visit)
    known = next(
        (
            each
            for each in chosen.preferences.pauses
            if str(each.partnership_id or "") == visit.value
        ),
        None,
    )
    if known is None:
        raise NotPossible("You are not pausing that any more. Say “settings” to see yours.")
    return Answer(modal=_opened(visit, views.pause_form(chosen, known), visit.value), replaces=True)


async def press_resume(visit: Visit) -> Answer:
    """[Resume], [Resume all]"""
    chosen = await _change(visit, services.resume, visit.value or None)
    if _at_home(visit):
        home.show_again(visit)
        return Answer()
    return Answer(views.resumed(chosen), replaces=True)


async def send_change(visit: Visit) -> Answer:
    """The form, sent. Times that were left as they were shown are no choice: a zone goes on
    following Slack's.
    """
    fields = visit.fields
    on = fields.get(Field.NOTICES) or ()
    _, *held = (visit.value or "").split(_APART)
    times = [str(fields.get(each) or "") for each in (Field.START, Field.END)]
    zone = str(fields.get(Field.ZONE) or "")
    try:
        hours = Hours(_time(fields.get(Field.START)), _time(fields.get(Field.END)))
    except Unclear as wrong:
        return Answer(errors={Field.END: wrong.sentence})
    wish = Wish(
        visit.installation.id,
        visit.person,
        zone=None if zone in {"", *held[2:]} else zone,
        hours=None if times == held[:2] else hours,
        off=frozenset(each for each in Notice if each not in on),
        key=visit.key,
    )
    chosen = await visit.house.db.run(services.choose, wish, visit.now)
    return _sent(visit, chosen, "Noted.")


async def send_pause(visit: Visit) -> Answer:
    """The form, sent."""
    fields = visit.fields
    spot = fields.get(Field.SPOT)
    entered = fields.get(Field.UNTIL)
    _, *edited = (visit.value or "").split(_APART)
    until: date | None = datetime.fromisoformat(str(entered)).date() if entered else None
    try:
        chosen = await _change(
            visit,
            services.pause,
            None if spot == views.EVERYWHERE else str(spot),
            until,
            instead=edited[0] if edited else None,
        )
    except BotError as wrong:
        return Answer(errors={Field.UNTIL: wrong.sentence})
    return _sent(visit, chosen, views.RESTS)


def _sent(visit: Visit, chosen: Chosen, done: str) -> Answer:
    """What came of a form, where it was opened."""
    if (visit.value or "").split(_APART)[0] == _HOME:
        home.show_again(visit)
        return Answer()
    return Answer(views.settings(chosen, done))


async def _shown(visit: Visit) -> Chosen:
    found: Chosen = await visit.house.db.read(
        services.shown, visit.installation.id, visit.person, visit.now
    )
    return found


def _opened(visit: Visit, form: Modal, *held: str) -> Modal:
    private = _APART.join([_HOME if _at_home(visit) else "", *held])
    return {**form, "private_metadata": private}


def _at_home(visit: Visit) -> bool:
    return visit.door is Door.BUTTON and (visit.body.get("view") or {}).get("type") == "home"


def _time(entered: Any) -> time:
    try:
        return time.fromisoformat(str(entered))
    except ValueError:
        raise Unclear("Please choose a time.") from None


VERBS = {"settings": settings, "remind": remind, "pause": pause, "resume": resume}
BUTTONS = {
    Button.SHOW: press_show,
    Button.CHANGE: press_change,
    Button.PAUSE: press_pause,
    Button.PAUSE_EDIT: press_pause_edit,
    Button.RESUME: press_resume,
    Button.RESUME_ALL: press_resume,
}
MODALS = {Form.CHANGE: send_change, Form.PAUSE: send_pause}
