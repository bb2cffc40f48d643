"""Ways in to days off: one's own, and those of one's organization."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain import closed_days as rules
from bot.domain.away import Times
from bot.domain.closed_days import Calendar, Holidays, Source
from bot.domain.errors import BotError, NotPossible
from bot.domain.schedules import local_day
from bot.language import Said
from bot.language.clean import clean, unescaped
from bot.services import away, calendar_files, closed_days, public_holidays
from bot.services.away import Back, Leave
from bot.services.calendar_files import Read
from bot.services.closed_days import Close, Remove
from bot.views import away as away_views
from bot.views import closed_days as closed_views
from bot.views.blocks import Modal
from bot.views.errors import refusal
from bot.views.ids import DaysButton as Button
from bot.views.ids import DaysField as Field
from bot.views.ids import DaysForm as Form
from bot.views.words import listed
from handlers import files, undo
from handlers.answer import Answer, sent_in_time
from handlers.commitments import due_days
from handlers.house import House
from handlers.partnerships import number
from handlers.visit import Door, Visit
from handlers.wording import readable

_NAMED = 3
"""Names of days by which an imported calendar is told from another."""


# Away


async def away_words(visit: Visit, said: Said) -> Answer:
    """``away`` lists, ``away 22 Dec to 2 Jan`` notes."""
    if said.due is None or said.until is None:
        return await away_list(visit)
    return _times(await _leave(visit, said.due, said.until), away_views.noted)


async def back_words(visit: Visit, said: Said) -> Answer:
    """``back``, ``back on 28 Dec``"""
    return _times(await _back(visit, on=said.due), away_views.back)


async def away_list(visit: Visit) -> Answer:
    """[Away]: one's days, with what can be done."""
    times = await visit.house.db.read(
        away.shown, visit.installation.id, visit.person, visit.zone, visit.now
    )
    return Answer(away_views.times(times))


async def away_add(visit: Visit) -> Answer:
    """[Add days]: the form."""
    return Answer(modal=away_views.form())


async def away_edit(visit: Visit) -> Answer:
    """[Edit] on a receipt: the form filled in; what comes of it takes the receipt's place."""
    times = await visit.house.db.read(
        away.shown, visit.installation.id, visit.person, visit.zone, visit.now
    )
    known = next((each for each in times.times if str(each.id) == visit.value), None)
    if known is None:
        raise NotPossible("These days have changed since. Say “away” to see yours.")
    return Answer(modal=away_views.form(known), replaces=True)


async def away_sent(visit: Visit) -> Answer:
    """The form, sent."""
    first = _date(visit, Field.FIRST)
    if first is None:
        return Answer(errors={Field.FIRST: "Please choose the first day."})
    try:
        times = await _leave(visit, first, _date(visit, Field.LAST) or first, _edited(visit))
    except BotError as wrong:
        return Answer(errors={Field.LAST: wrong.sentence})
    return _times(times, away_views.noted)


async def away_back(visit: Visit) -> Answer:
    """[Take back]"""
    times = await _back(visit, away_id=number(visit.value))
    return replace(_times(times, away_views.back), replaces=_private(visit))


async def _leave(visit: Visit, first: date, last: date, instead: int | None = None) -> Times:
    request = Leave(
        visit.key, visit.installation.id, visit.person, visit.zone, first, last, instead
    )
    found: Times = await visit.house.db.run(away.leave, request, visit.now)
    return found


async def _back(visit: Visit, *, on: date | None = None, away_id: int | None = None) -> Times:
    request = Back(visit.key, visit.installation.id, visit.person, visit.zone, on, away_id)
    found: Times = await visit.house.db.run(away.back, request, visit.now)
    return found


def _times(times: Times, done: Any) -> Answer:
    return Answer(away_views.times(times, done(times)))


# Closed days


async def closed_words(visit: Visit, said: Said) -> Answer:
    """``closed`` lists; with dates, ``holidays of …`` or a calendar's text it adds."""
    if said.sub == "file":
        return await _import(visit, said.what)
    if said.sub == "holidays":
        if not said.what.strip():
            if visit.door is Door.COMMAND:
                return await holidays_ask(visit)
            return await closed_list(visit)
        which = await asyncio.to_thread(public_holidays.meant, said.what)
        return await _holidays(visit, which)
    if said.due is None or said.until is None:
        return await closed_list(visit)
    return await _own(visit, said.due, said.until, await readable(visit, said.what))


async def open_words(visit: Visit, said: Said) -> Answer:
    """``open 12 Oct``: an exception."""
    request = _close(visit, Source.OPEN, first=said.due, last=said.until)
    calendar, days = await _change(visit, closed_days.reopen, request)
    return Answer(closed_views.calendar(calendar, closed_views.opened(days, calendar.today)))


async def closed_list(visit: Visit) -> Answer:
    """[Closed days]: the calendar of one's organization."""
    calendar = await visit.house.db.read(
        closed_days.shown, visit.installation.id, visit.person, visit.zone, visit.now
    )
    return Answer(closed_views.calendar(calendar))


async def closed_add(visit: Visit) -> Answer:
    """[Add days]: the form."""
    return Answer(modal=closed_views.form())


async def closed_edit(visit: Visit) -> Answer:
    """[Edit] on a receipt: the form filled in; what comes of it takes the receipt's place."""
    entries = await visit.house.db.read(closed_days.kept, visit.installation.id, visit.person)
    known = next((each for each in entries if str(each.id) == visit.value), None)
    if known is None:
        raise NotPossible("That is not in your calendar any more. Say “closed” to see what is.")
    if known.source is Source.HOLIDAYS:
        chosen = closed_days.holidays_of(known)
        return Answer(modal=await _holidays_form(chosen.country, chosen), replaces=True)
    return Answer(modal=closed_views.form(known), replaces=True)


async def closed_sent(visit: Visit) -> Answer:
    """Own dates, sent."""
    first = _date(visit, Field.FIRST)
    if first is None:
        return Answer(errors={Field.FIRST: "Please choose the first day."})
    label = clean(visit.fields.get(Field.LABEL) or "")
    try:
        return await _own(visit, first, _date(visit, Field.LAST) or first, label, _edited(visit))
    except BotError as wrong:
        return Answer(errors={Field.LAST: wrong.sentence})


async def holidays_ask(visit: Visit) -> Answer:
    """[Public holidays]: of which country?"""
    countries = await asyncio.to_thread(public_holidays.countries)
    return Answer(modal=closed_views.country_form(countries))


async def country_sent(visit: Visit) -> Answer:
    """The country, sent: which part of it, and which kinds?"""
    country = str(visit.fields.get(Field.COUNTRY) or "")
    return Answer(modal=await _holidays_form(country))


async def _holidays_form(country: str, chosen: Holidays | None = None) -> Modal:
    def look() -> tuple[Any, ...]:
        known = public_holidays.checked(Holidays(country))
        return (
            public_holidays.name_of(known),
            public_holidays.subdivisions(country),
            public_holidays.categories(country),
        )

    name, parts, kinds = await asyncio.to_thread(look)
    return closed_views.holidays_form(country, name, parts, kinds, chosen)


async def holidays_sent(visit: Visit) -> Answer:
    """The holidays, sent."""
    part = str(visit.fields.get(Field.SUBDIVISION) or closed_views.WHOLE)
    kinds = visit.fields.get(Field.CATEGORIES) or ()
    which = Holidays(
        visit.value,
        None if part == closed_views.WHOLE else part,
        tuple(str(each) for each in kinds),
    )
    if not which.categories:
        return Answer(errors={Field.CATEGORIES: "Please tick at least one kind of holidays."})
    return await _holidays(visit, which)


async def file_ask(visit: Visit) -> Answer:
    """[Import a calendar]: the form."""
    return Answer(modal=closed_views.file_form(files=_may_read_files(visit)))


async def file_sent(visit: Visit) -> Answer:
    """A calendar file, or a calendar's text, sent."""
    fields = visit.fields
    sent, text = fields.get(Field.FILE) or [], clean(fields.get(Field.TEXT) or "")
    first = Field.FILE if Field.FILE in fields else Field.TEXT
    if not sent and not text:
        return Answer(errors={first: "Please choose a calendar file, or paste its text."})
    if sent and text:
        return Answer(
            errors={Field.TEXT: "One of the two is enough. Empty this, or take the file out."}
        )
    if len(sent) > 1:
        return Answer(errors={Field.FILE: "Please choose one file at a time."})

    async def add() -> Answer:
        try:
            if sent:
                return await _from_file(visit, sent[0])
            return await _import(visit, text)
        except BotError as wrong:
            return Answer(errors={Field.FILE if sent else Field.TEXT: wrong.sentence})

    async def late(answer: Answer) -> Answer:
        visit.house.courier.wake()
        if not answer.errors:
            return await undo.completed(visit, answer)
        (problem,) = answer.errors.values()
        again = closed_views.file_form(files=_may_read_files(visit), problem=problem, text=text)
        return Answer(refusal(BotError(problem)), modal=again)

    return await sent_in_time(visit, add(), closed_views.reading(), late)


def _may_read_files(visit: Visit) -> bool:
    """Whether a form may ask for a file. Where this installation was not allowed to read files,
    Slack would not open it.
    """
    granted = visit.house.granted
    return granted is None or files.SCOPE in granted


async def closed_remove(visit: Visit) -> Answer:
    """[Take out]"""
    request = Remove(
        visit.key, visit.installation.id, visit.person, number(visit.value), visit.zone
    )
    calendar = await _change(visit, closed_days.remove, request)
    message = closed_views.calendar(calendar, "Taken out. Days that are past stay as they were.")
    return Answer(message, replaces=_private(visit))


async def _own(
    visit: Visit, first: date, last: date, label: str, instead: int | None = None
) -> Answer:
    request = _close(visit, Source.OWN, first=first, last=last, label=label, instead=instead)
    calendar: Calendar = await _change(visit, closed_days.close, request)
    done = closed_views.added(first, last, calendar.today)
    return Answer(closed_views.calendar(calendar, done))


async def _holidays(visit: Visit, which: Holidays) -> Answer:
    since, until = _ahead(visit)

    def look() -> tuple[str, dict[date, str]]:
        known = public_holidays.checked(which)
        return public_holidays.name_of(known), public_holidays.days(known, since, until)

    name, days = await asyncio.to_thread(look)
    request = _close(
        visit, Source.HOLIDAYS, label=name, detail=closed_days.detail_of(which), days=days
    )
    calendar: Calendar = await _change(visit, closed_days.close, request)
    return Answer(
        closed_views.calendar(
            calendar, f"Noted: the holidays of {closed_views.country_in_words(name)}."
        )
    )


async def _import(visit: Visit, text: str) -> Answer:
    typed = unescaped(await readable(visit, text))
    return await _imported(
        visit, await asyncio.to_thread(calendar_files.read, typed, *_ahead(visit))
    )


async def _from_file(visit: Visit, file: Mapping[str, Any]) -> Answer:
    data = await files.contents(visit, file)
    return await _imported(
        visit, await asyncio.to_thread(calendar_files.read_file, data, *_ahead(visit))
    )


async def _imported(visit: Visit, found: Read) -> Answer:
    names = list(dict.fromkeys(found.days.values()))
    label = listed(names[:_NAMED]) if len(names) <= _NAMED else f"{', '.join(names[:_NAMED])}, …"
    request = _close(
        visit,
        Source.FILE,
        label=label[: 3 * rules.LABEL_LIMIT],
        detail={"text": found.text},
        days=found.days,
    )
    calendar: Calendar = await _change(visit, closed_days.close, request)
    done = closed_views.imported(len(found.days), found.timed)
    return Answer(closed_views.calendar(calendar, done))


async def _change(visit: Visit, act: Callable[..., Any], request: Close | Remove) -> Any:
    """Change the calendar. What is in it already is worked out before: the one writer of the
    database would keep everybody waiting.
    """
    db = visit.house.db
    entries = await db.read(closed_days.kept, visit.installation.id, visit.person)
    ready = await asyncio.to_thread(closed_days.work_out, entries, _ahead(visit)[0])
    return await db.run(act, replace(request, ready=ready), visit.now)


def _close(visit: Visit, source: Source, **given: Any) -> Close:
    return Close(
        visit.key, visit.installation.id, visit.person, source=source, zone=visit.zone, **given
    )


def _ahead(visit: Visit) -> tuple[date, date]:
    today = local_day(visit.now, visit.zone)
    return today, rules.horizon(today)


def _date(visit: Visit, name: Field) -> date | None:
    entered = visit.fields.get(name)
    return datetime.fromisoformat(str(entered)).date() if entered else None


def _edited(visit: Visit) -> int | None:
    """What a form changes; None where it adds."""
    return number(visit.value) if visit.value else None


def _private(visit: Visit) -> bool:
    """Whether a button stood in a message that only this person sees, and may be replaced."""
    ephemeral = bool((visit.body.get("container") or {}).get("is_ephemeral"))
    return ephemeral or (visit.channel or "").startswith("D")


Press = Callable[[Visit], Awaitable[Answer]]

VERBS = {
    "away": away_words,
    "back": back_words,
    "closed": closed_words,
    "open": open_words,
}
BUTTONS: dict[str, Press] = {
    Button.AWAY: away_list,
    Button.AWAY_ADD: away_add,
    Button.AWAY_BACK: away_back,
    Button.AWAY_EDIT: away_edit,
    Button.CLOSED: closed_list,
    Button.CLOSED_ADD: closed_add,
    Button.CLOSED_HOLIDAYS: holidays_ask,
    Button.CLOSED_FILE: file_ask,
    Button.CLOSED_REMOVE: closed_remove,
    Button.CLOSED_EDIT: closed_edit,
    **due_days.BUTTONS,
}
MODALS: dict[str, Press] = {
    Form.AWAY: away_sent,
    Form.CLOSED: closed_sent,
    Form.COUNTRY: country_sent,
    Form.HOLIDAYS: holidays_sent,
    Form.FILE: file_sent,
    **due_days.MODALS,
}
MOMENTS = (closed_days.next_end,)


async def go_on(house: House, now: datetime) -> None:
    """Work out another year of calendars that end too soon, one after the other. Nothing waits for
    it: the days are worked out outside of the database.
    """
    last = None
    while found := await house.db.read(closed_days.ending, now):
        organization, entries = found
        if organization == last:
            return  # it cannot be worked out any further
        last = organization
        today = local_day(now, "UTC")
        ready = await asyncio.to_thread(closed_days.work_out, entries, today)
        await house.db.run(closed_days.go_on, organization, ready, now)
