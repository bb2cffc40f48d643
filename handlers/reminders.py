"""Reminders as a way in: the clock's turn, and *Later*. Their other buttons are commitments'."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.commitments import Commitment
from bot.domain.errors import Unclear
from bot.domain.people import Person
from bot.language import Said
from bot.services import held, nudges
from bot.services import reminders as services
from bot.services.commitments import Which
from bot.settings import Settings
from bot.views import reminders as views
from bot.views.ids import PreferenceField as Field
from bot.views.ids import ReminderButton as Button
from bot.views.ids import ReminderForm as Form
from handlers.answer import Answer
from handlers.commitments.acting import look_at
from handlers.commitments.finding import meant_by, which_of
from handlers.visit import Visit
from storage.store import Store


async def later(visit: Visit, said: Said) -> Answer:
    """``remind me of 12 on 4 Dec``"""
    if said.until is None:
        raise Unclear("When shall I remind you of it again?")
    return await _put_off(visit, await meant_by(visit, said), said.until)


async def press_later(visit: Visit) -> Answer:
    """[Later]: until when?"""
    commitment = await visit.house.db.read(services.put_off_form, which_of(visit), visit.person)
    return Answer(modal=views.later_form(commitment, _today(visit)))


async def press_edit(visit: Visit) -> Answer:
    """[Edit] on the receipt: the same form with the day that was chosen."""
    which = which_of(visit)
    commitment, known = await visit.house.db.read(_put_off_until, which, visit.person)
    return Answer(modal=views.later_form(commitment, _today(visit), known), replaces=True)


def _put_off_until(store: Store, which: Which, person: Person) -> tuple[Commitment, date | None]:
    commitment = services.put_off_form(store, which, person)
    member = store.people.by_key(which.installation_id, person.team, person.user)
    held = {} if member is None else store.reminders.snoozed(member.id, [commitment.id])
    return commitment, held.get(commitment.id)


async def send_later(visit: Visit) -> Answer:
    """The form, sent."""
    entered = visit.fields.get(Field.UNTIL)
    if not entered:
        return Answer(errors={Field.UNTIL: "Please choose a day."})
    until = datetime.fromisoformat(str(entered)).date()
    try:
        return await _put_off(visit, which_of(visit), until)
    except Unclear as wrong:
        return Answer(errors={Field.UNTIL: wrong.sentence})


async def _put_off(visit: Visit, which: Which, until: date) -> Answer:
    await look_at(visit, which)
    commitment, day = await visit.house.db.run(
        services.snooze, which, visit.person, until, visit.now, key=visit.key
    )
    return Answer(views.put_off(commitment, day, _today(visit)))


def _today(visit: Visit) -> date:
    return visit.now.astimezone(ZoneInfo(visit.zone)).date()


def ticks(settings: Settings) -> tuple[object, ...]:
    """What the clock has to do: tell people what is due, which takes in the check-ins that they
    have not answered; then those alone, and what waited for their hours.
    """
    return (services.remind, nudges.tell_due, held.tell_due)


def _next_turn(store: Store) -> datetime | None:
    return store.reminders.next_turn()


def _next_held(store: Store) -> datetime | None:
    return store.held.next_due()


BUTTONS = {Button.LATER: press_later, Button.LATER_EDIT: press_edit}
MODALS = {Form.LATER: send_later}
MOMENTS = (_next_turn, _next_held)
