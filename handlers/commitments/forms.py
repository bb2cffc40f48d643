"""Forms about commitments that were sent."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain import commitments as rules
from bot.domain.commitments import Act, Audience, Commitment
from bot.domain.errors import Unclear
from bot.language.clean import clean
from bot.services import commitments as services
from bot.services.commitments import Propose, Wish
from bot.views import commitments as views
from bot.views import ids
from bot.views.ids import CommitmentField as Field
from handlers.answer import Answer
from handlers.commitments.acting import Service, carry_out, look_at
from handlers.commitments.due_days import with_clash, with_days_off
from handlers.commitments.finding import members_of, person_here, today_of, which_of
from handlers.visit import Visit


async def send_yes_if(visit: Visit) -> Answer:
    """Yes, if …"""
    return await _sent(visit, services.accept_if, _text(visit, Field.CONDITION))


async def send_change(visit: Visit) -> Answer:
    """Another date, other words, another label. What was not touched stays."""
    which = which_of(visit)
    commitment, _ = await look_at(visit, which, Act.CHANGE)
    wish = changed_terms(visit, commitment)
    if isinstance(wish, Answer):
        return wish
    changed = await carry_out(visit, which, services.change, wish, why=_text(visit, Field.WHY))
    return Answer() if wish.due is None else await with_days_off(visit, changed, Answer())


def changed_terms(visit: Visit, commitment: Commitment) -> Wish | Answer:
    """What the form says otherwise than the terms; an answer with what is wrong in it."""
    known = commitment.at_issue
    due = _date(visit, Field.DUE)
    wish = Wish(what=_text(visit, Field.WHAT) or None)
    if due is not None and due != known.due:
        try:
            wish = replace(wish, due=rules.check_due(due, today_of(visit)))
        except Unclear as past:
            return Answer(errors={Field.DUE: past.sentence})
    elif _ticked(visit, Field.NO_DATE):
        wish = replace(wish, no_date=True)
    label = _text(visit, Field.LABEL)
    if label != (known.label or "")[: views.LABEL_LIMIT].strip():
        wish = replace(wish, label=label)
    return wish


async def send_no(visit: Visit) -> Answer:
    """No, because …"""
    return await _sent(visit, services.decline, why=_text(visit, Field.WHY))


async def send_drop(visit: Visit) -> Answer:
    """Dropped, because …"""
    return await _sent(visit, services.drop, why=_text(visit, Field.WHY))


async def send_missing(visit: Visit) -> Answer:
    """What is missing of what was done."""
    which, why = which_of(visit), _text(visit, Field.WHY)
    await look_at(visit, which)
    opened = await carry_out(visit, which, services.reopen, why=why)
    return Answer(views.opened_again(opened, why))


async def send_hand_over(visit: Visit) -> Answer:
    """Another owner, who is asked."""
    which = which_of(visit)
    commitment, _ = await look_at(visit, which)
    here = await members_of(visit, commitment.place.channel)
    to = await person_here(visit, str(visit.fields.get(Field.OWNER) or ""), here)
    await carry_out(visit, which, services.hand_over, to, why=_text(visit, Field.WHY))
    return Answer()


async def send_stuck(visit: Visit) -> Answer:
    """Stuck, and who may know. What is private is confirmed to this person alone."""
    which = which_of(visit)
    try:
        audience = Audience(str(visit.fields.get(Field.AUDIENCE)))
    except ValueError:
        return Answer(errors={Field.AUDIENCE: "Please choose who may know."})
    commitment, _ = await look_at(visit, which, Act.STUCK)
    here = await members_of(visit, commitment.place.channel)
    why = _text(visit, Field.WHY)
    told = await carry_out(visit, which, services.report_stuck, audience, why=why, here=here)
    if audience is Audience.EVERYONE:
        return Answer()
    return Answer(views.risk_noted(told))


async def send_new(visit: Visit) -> Answer:
    """A new commitment."""
    (channel,) = ids.parts(visit.value)
    due, no_date = _date(visit, Field.DUE), _ticked(visit, Field.NO_DATE)
    wrong: dict[str, str] = {}
    try:
        rules.check_due(due, today_of(visit))
    except Unclear as past:
        wrong[Field.DUE] = past.sentence
    if (due is None) != no_date:
        wrong[Field.DUE] = "Please choose a day, or tick “No date yet”."
    what = _text(visit, Field.WHAT)
    try:
        rules.check_words(what)
    except Unclear as empty:
        wrong[Field.WHAT] = empty.sentence
    if wrong:
        return Answer(errors=wrong)
    here = await members_of(visit, channel)
    user = str(visit.fields.get(Field.OWNER) or "")
    made = await visit.house.db.run(
        services.proposed,
        Propose(
            key=visit.key,
            installation_id=visit.installation.id,
            channel=channel,
            by=visit.person,
            owner=await person_here(visit, user, here),
            what=what,
            due=due,
            label=_text(visit, Field.LABEL) or None,
        ),
        visit.now,
    )
    return await with_clash(visit, made.commitment, made.clash, Answer(receipt=made.receipt))


async def _sent(visit: Visit, service: Service, *wishes: Any, why: str | None = None) -> Answer:
    """A form of one act, sent: the card shows what came of it."""
    which = which_of(visit)
    await look_at(visit, which)
    await carry_out(visit, which, service, *wishes, why=why)
    return Answer()


def _text(visit: Visit, field: Field) -> str:
    return clean(str(visit.fields.get(field) or ""))


def _date(visit: Visit, field: Field) -> date | None:
    entered = visit.fields.get(field)
    return datetime.fromisoformat(str(entered)).date() if entered else None


def _ticked(visit: Visit, field: Field) -> bool:
    return bool(visit.fields.get(field))
