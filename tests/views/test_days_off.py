"""What people see of days off, of their organization and of the history: it fits, and says it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.away import Away, Times
from bot.domain.closed_days import MOST, Calendar, Clash, Closing, Named, Source
from bot.domain.history import PAGE, Event, Page
from bot.domain.own_organization import Own
from bot.domain.partnerships import Change, Entry, Setting, Step
from bot.domain.schedules import Closed, ScheduleKind
from bot.domain.schedules import Entry as ScheduleEntry
from bot.domain.schedules import Event as ScheduleEvent
from bot.domain.welcome import Consent
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view
from bot.services import public_holidays
from bot.views import away, closed_days, due_days, history, own_organization, partnerships, setup
from bot.views.blocks import Modal, message
from bot.views.errors import finished
from bot.views.ids import PartnershipButton
from bot.views.setup import ZONES
from tests.views.test_commitments import ASKED
from tests.views.test_partnerships import (
    BO,
    HOSTILE,
    NORTHSIDE,
    NOW,
    PARTNERSHIP,
    TODAY,
    action_ids,
    arranged,
    change,
    check,
    noted,
    shown,
)

CHRISTMAS = date(2026, 12, 25)
TEXTS = [pytest.param("winter break", id="plain"), *HOSTILE]


def entry(source: Source, label: str, number: int = 1, **given: Any) -> Closing:
    values: dict[str, Any] = {"first": None, "last": None, "detail": {}} | given
    return Closing(number, 2, source, label, known_until=CHRISTMAS, set_by=3, set_at=NOW, **values)


def entries(label: str) -> tuple[Closing, ...]:
    own: dict[str, Any] = {"first": CHRISTMAS, "last": CHRISTMAS + timedelta(9)}
    holidays = {"country": "DE", "subdivision": None, "categories": ["public", "catholic"]}
    few = (
        entry(Source.OWN, label, **own),
        entry(Source.OPEN, "", **own),
        entry(Source.HOLIDAYS, label, detail=holidays),
        entry(Source.FILE, label),
    )
    return few * (MOST // 4)


def check_form(form: Modal) -> None:
    assert faults_of_view(form, "modal") == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_full_calendar_of_any_names_fits(text: str) -> None:
    days = tuple(Named(CHRISTMAS, CHRISTMAS + timedelta(9), text) for _ in range(30))
    value = Calendar(2, text, frozenset({0, 1, 2, 3}), entries(text), days, TODAY)
    made = closed_days.calendar(value, "Noted: you are closed Fri, Dec 25.")
    assert faults_of_blocks(made["blocks"], "message") == []
    assert len([one for one in made["blocks"] if one.get("accessory")]) == MOST
    check(made)


def test_the_text_alone_tells_all_of_a_calendar() -> None:
    value = Calendar(
        2,
        "Northside Youth",
        frozenset(range(5)),
        entries("Germany")[:4],
        (Named(CHRISTMAS, CHRISTMAS, "Christmas Day"),),
        TODAY,
    )
    text = closed_days.calendar(value)["text"]
    for said in (
        "Closed days of Northside Youth. You work Monday to Friday.",
        "Next: Fri, Dec 25 (Christmas Day).",
        "Fri, Dec 25 to Sun, Jan 3, 2027: Germany.",
        "Open after all: Fri, Dec 25 to Sun, Jan 3, 2027.",
        "Public holidays of Germany, and Catholic.",
        "From a calendar: Germany.",
    ):
        assert said in text


def test_the_forms_of_the_calendar_fit_for_each_country() -> None:
    check_form(closed_days.form())
    check_form(closed_days.file_form())
    check_form(closed_days.file_form(files=False))
    check_form(closed_days.file_form(problem="Not <https://x.example|this> one.", text="x" * 5000))
    check_form(closed_days.reading())
    check_form(finished())
    countries = public_holidays.countries()
    assert len(countries) > 200
    check_form(closed_days.country_form(countries))
    for code in ("US", "IT", "DE", "IL", "RS", "MC"):  # Italy has over a hundred parts
        check_form(
            closed_days.holidays_form(
                code, code, public_holidays.subdivisions(code), public_holidays.categories(code)
            )
        )


def test_many_times_away_fit_and_tell_no_reason() -> None:
    many = tuple(
        Away(n, 3, CHRISTMAS + timedelta(9 * n), CHRISTMAS + timedelta(9 * n + 2))
        for n in range(50)
    )
    made = away.times(Times(many, TODAY), "Noted.")
    check(made)
    check_form(away.form())
    assert "I keep no reason." in made["text"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_pointed_out_fits_and_names_nobodys_reason(text: str) -> None:
    clash = Clash(CHRISTMAS, (Closed(text, text), Closed("Acme", "")), CHRISTMAS, TODAY, CHRISTMAS)
    commitment = replace(ASKED, terms=replace(ASKED.terms, what=text, due=CHRISTMAS))
    check(due_days.added_to(message("Noted."), commitment, clash, 1, TODAY))
    check(due_days.alone(commitment, clash, 1, TODAY))
    for value in (clash, None):
        check_form(due_days.form(commitment, value, 1, TODAY, noted=True))


def test_of_more_people_than_a_menu_holds_each_can_be_chosen_and_the_lead_is() -> None:
    many = tuple(replace(BO, id=number, name=f"Volunteer {number:03}") for number in range(1, 131))
    for people, lead in ((many, many[120]), (many, many[3]), (many[:100], many[99])):
        own = Own(
            partnership=PARTNERSHIP,
            organization=NORTHSIDE,
            lead=lead,
            sponsor="",
            zone=None,
            weekdays=frozenset({0}),
            people=people,
            days=(),
            today=TODAY,
        )
        form = own_organization.form(own, ZONES)
        check_form(form)
        menu = form["blocks"][0]["element"]
        groups = menu.get("option_groups", [menu])
        offered = [each for group in groups for each in group["options"]]
        assert {each["value"] for each in offered} == {str(each.id) for each in people}
        assert menu["initial_option"] in offered
        assert menu["initial_option"]["value"] == str(lead.id)


@pytest.mark.parametrize("text", TEXTS)
def test_ones_own_organization_fits_whatever_it_is_called(text: str) -> None:
    organization = replace(NORTHSIDE, name=text)
    own = Own(
        partnership=replace(PARTNERSHIP, name=text),
        organization=organization,
        lead=replace(BO, name=text, organization=organization),
        sponsor=text,
        zone=None,
        weekdays=frozenset({0, 2}),
        people=(replace(BO, name=text or "Bo", organization=organization),) * 120,
        days=(Named(CHRISTMAS, CHRISTMAS, text),) * 9,
        today=TODAY,
        changed=frozenset({"lead"}),
    )
    check(own_organization.shown(own))
    check_form(own_organization.form(own, ZONES))


@pytest.mark.parametrize("text", TEXTS)
def test_a_page_of_the_history_fits_whatever_happened(text: str) -> None:
    happened = [
        Entry(n, 7, step, NOW, 3, 2, {"lead": 3, "sponsor": text, "zone": "UTC", "weekdays": "024"})
        for n, step in enumerate(step for step in Step if step is not Step.SILENT)
    ]
    changes = {Step.SET, Step.ANNOUNCED, Step.OBJECTED, Step.APPLIED}
    events = [
        Event(
            entry=each,
            member=BO,
            organization=replace(NORTHSIDE, name=text),
            change=change(Setting.PURPOSE, text) if each.step in changes else None,
        )
        for each in happened
    ]
    for begin in range(0, len(events), PAGE):
        made = history.page(
            Page(PARTNERSHIP, tuple(events[begin : begin + PAGE]), begin, 99, {3: BO})
        )
        check(made)
        assert "Something about this partnership changed" not in made["text"]


@pytest.mark.parametrize("step", [Step.WITH_ASKED, Step.WITH_REFUSED])
def test_the_history_calls_nobody_by_an_organization_that_has_not_said_so(step: Step) -> None:
    row = Entry(1, 7, step, NOW, 3, 2, {})
    event = Event(entry=row, member=BO, organization=NORTHSIDE)
    told = history.page(Page(PARTNERSHIP, (event,), 0, 1, {3: BO}))["text"]
    assert "<@UBO>" in told
    assert "<@UBO> (Northside Youth)" not in told


def test_the_history_says_in_which_zone_its_times_are() -> None:
    told = history.page(Page(PARTNERSHIP, (), 0, 0))["text"]
    assert "the newest first (New York time)" in told


@pytest.mark.parametrize("event", ScheduleEvent)
def test_what_happened_to_a_schedule_is_told_with_its_name(event: ScheduleEvent) -> None:
    row = ScheduleEntry(1, 1, event, 3, 2, NOW, CHRISTMAS)
    made = history.page(
        Page(PARTNERSHIP, (Event(schedule=row, kind=ScheduleKind.DIGEST, member=BO),), 0, 1)
    )
    assert "<@UBO> (Northside Youth)" in made["text"]
    assert "the digest" in made["text"]


# Changes


def consent_of(**given: Any) -> Change:
    return change(Setting.KEEP, 90, everyone=True, **given)


def test_a_change_of_what_is_kept_asks_each_organization_by_name() -> None:
    made = partnerships.note(
        noted(
            Step.ANNOUNCED,
            change=consent_of(),
            consent=Consent((NORTHSIDE,), (replace(NORTHSIDE, name="Harbor"),)),
        )
    )
    check(made)
    assert "OK so far: Northside Youth. Waiting for: Harbor." in made["text"]
    assert action_ids(made) == [PartnershipButton.CHANGE_OK, PartnershipButton.OBJECT]


def test_once_settled_its_buttons_are_a_line() -> None:
    settled = noted(Step.ANNOUNCED, change=consent_of(applied_at=NOW), consent=Consent((), ()))
    made = partnerships.note(settled)
    assert action_ids(made) == []
    assert "Everybody said OK, so it holds now." in made["text"]


def test_the_setup_tells_what_waits_and_how_to_take_it_back() -> None:
    waiting = arranged(
        announced=(consent_of(),),
        consents={9: Consent((NORTHSIDE,), (replace(NORTHSIDE, name="Acme"),))},
    )
    made = setup.summary(waiting)
    check(made)
    assert "As soon as everybody has said OK (waiting for Acme)" in made["text"].replace("*", "")
    assert PartnershipButton.WITHDRAW in action_ids(made) or "Take back" in str(made["blocks"])
    assert "needs everybody's OK" in setup.saved(waiting, 1)["text"]
    assert "after five working days" not in shown(setup.saved(waiting, 1))


def test_to_those_who_lead_it_is_said_what_they_can_do() -> None:
    value = noted(Step.NO_COMMON_DAY, detail={"nominal": "2026-12-08"})
    for made in (partnerships.note(value), partnerships.no_common_day(value)):
        check(made)
        assert "Tue, Dec 8" in made["text"]
        assert action_ids(made)
