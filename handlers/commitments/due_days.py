"""What is pointed out about a date that was just set, and [Suggest a new date]."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime

from bot.domain import commitments as rules
from bot.domain.closed_days import Clash
from bot.domain.commitments import Act, Commitment
from bot.domain.errors import Unclear
from bot.services import commitments as services
from bot.services import due_days
from bot.services.commitments import Wish
from bot.views import commitments as commitment_views
from bot.views import due_days as views
from bot.views.ids import DaysButton, DaysField, DaysForm
from handlers.answer import Answer, Audience
from handlers.commitments.acting import carry_out, look_at, opened
from handlers.commitments.finding import today_of, which_of
from handlers.visit import Door, Visit
from storage.store import Store


async def with_days_off(visit: Visit, commitment: Commitment, answer: Answer) -> Answer:
    """The answer, with what is to be said about the commitment's date, if anything is.

    Only the one who set the date reads it. A form that was sent is followed by one for another day.
    """
    clash = await visit.house.db.glance(due_days.pointed_out, commitment, visit.now)
    return await with_clash(visit, commitment, clash, answer)


async def with_clash(
    visit: Visit, commitment: Commitment, clash: Clash | None, answer: Answer
) -> Answer:
    """The same, where it is known what is to be said; None if nothing is."""
    if clash is None:
        return answer
    viewer, today = await visit.house.db.read(_viewer, visit), today_of(visit)
    if visit.door is Door.MODAL and answer.message is None and answer.modal is None:
        return Answer(modal=views.form(commitment, clash, viewer, today, noted=True))
    if answer.message is not None and answer.to is not Audience.THREAD:
        message = views.added_to(answer.message, commitment, clash, viewer, today)
        private = Audience.PERSON if visit.door is Door.MENTION else answer.to
        return replace(answer, message=message, to=private)
    if answer.message is None and answer.modal is None:
        alone = views.alone(commitment, clash, viewer, today)
        return replace(answer, message=alone, to=Audience.PERSON)
    return answer


async def press_suggest(visit: Visit) -> Answer:
    """[Suggest a new date]: the form."""
    found = await opened(visit, which_of(visit), Act.CHANGE)
    clash = await visit.house.db.read(due_days.pointed_out, found.commitment, visit.now)
    viewer = await visit.house.db.read(_viewer, visit)
    return Answer(modal=views.form(found.commitment, clash, viewer, today_of(visit), noted=False))


async def send_suggest(visit: Visit) -> Answer:
    """The day, sent. It is proposed like every other change."""
    which = which_of(visit)
    await look_at(visit, which, Act.CHANGE)
    field = DaysField.FIRST if visit.fields.get(DaysField.FIRST) else DaysField.DAY
    due = _date(visit, field)
    if due is None:
        return Answer(errors={DaysField.FIRST: "Please choose a day."})
    try:
        rules.check_due(due, today_of(visit))
    except Unclear as past:
        return Answer(errors={field: past.sentence})
    commitment = await carry_out(visit, which, services.change, Wish(due=due))
    answer = await with_days_off(visit, commitment, Answer())
    if answer.modal is not None:
        return answer
    return Answer(commitment_views.receipt(commitment, today_of(visit), change=True))


def _viewer(store: Store, visit: Visit) -> int | None:
    known = store.people.by_key(visit.installation.id, visit.person.team, visit.person.user)
    return None if known is None else known.id


def _date(visit: Visit, field: DaysField) -> date | None:
    entered = visit.fields.get(field)
    return datetime.fromisoformat(str(entered)).date() if entered else None


BUTTONS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {DaysButton.SUGGEST: press_suggest}
MODALS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {DaysForm.SUGGEST: send_suggest}
