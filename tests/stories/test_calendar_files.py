"""A calendar file in the form of closed days: who can bring one, and what comes of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Faults, Person
from bot.sandbox.files import PRIVATE
from tests.fixtures.scene import Scene
from tests.stories.test_days_off import CALENDAR

FILE = "Calendar file"
TEXT = "Or its text"
DATA = CALENDAR.encode()


class Holds(Faults):
    """Files are given only when the test says so."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def before_call(self, method: str, args: Any) -> web.Response | None:
        if method == PRIVATE:
            await self.go_on.wait()
        return None


async def asks(scene: Scene, person: Person) -> None:
    """Open the form, from the list of closed days in a direct message."""
    await scene.tells(person, "closed")
    await person.clicks("Import a calendar", message=person.dm()[-1])


async def brings(scene: Scene, person: Person, data: bytes = DATA) -> str:
    """Choose a file there and send it."""
    await asks(scene, person)
    await person.attaches(FILE, "days off.ics", data)
    return await scene.sends(person)


def shown(person: Person) -> str:
    """What the open form says."""
    return "" if person.modal is None else str(person.modal.blocks)


def errors(person: Person) -> dict[str, str]:
    assert person.modal is not None
    return person.modal.errors


@pytest.mark.parametrize("name", ["bo", "hui", "dana"])
async def test_people_of_each_organization_bring_their_calendar_as_a_file(
    begun: Scene, name: str
) -> None:
    person = begun.person(name)
    told = await brings(begun, person)
    assert "Noted:" in told
    assert "closed days from this calendar." in told
    assert "I left out 1 event with a time of day." in told
    assert "Founding day" in told
    assert person.modal is None
    (asked,) = begun.sandbox.files.asked
    assert asked["Authorization"] == f"Bearer {begun.sandbox.bot_token}"
    assert asked["Accept-Encoding"] == "identity"
    info = [call for call in begun.sandbox.calls if call.method == "files.info"]
    assert len(info) == (1 if name == "bo" else 0)  # of another workspace's file only the id came
    assert "Founding day" in await begun.tells(person, "closed")


async def test_a_partner_gets_there_from_the_shared_channel(begun: Scene) -> None:
    told = await begun.mentions(begun.bo, "closed")
    assert "Closed days of Northside Youth" in told
    assert "/partner" not in told
    await begun.bo.clicks("Import a calendar")
    await begun.bo.attaches(FILE, "days.ics", DATA)
    assert "closed days from this calendar." in await begun.sends(begun.bo)
    assert "Founding day" not in begun.said()


async def test_what_a_file_brought_is_taken_back_whole(started: Scene) -> None:
    await brings(started, started.hui)
    assert "No closed days are noted." in await started.tells(started.hui, "undo")


async def test_the_same_calendar_by_text_and_by_file_is_the_same(begun: Scene) -> None:
    await begun.tells(begun.bo, f"closed\n{CALENDAR}")
    await brings(begun, begun.amina)
    assert "is in your calendar already" in errors(begun.amina)["days.file"]


async def test_exactly_one_of_the_two_is_needed(begun: Scene) -> None:
    await asks(begun, begun.bo)
    await begun.bo.submits({})
    assert errors(begun.bo) == {"days.file": "Please choose a calendar file, or paste its text."}
    await begun.bo.attaches(FILE, "days.ics", DATA)
    await begun.bo.submits({TEXT: CALENDAR})
    assert list(errors(begun.bo)) == ["days.text"]
    assert "One of the two is enough." in errors(begun.bo)["days.text"]
    await begun.bo.submits({TEXT: "What is a calendar?"})
    await begun.bo.submits({FILE: [], TEXT: "What is a calendar?"})
    assert "could not find a calendar" in errors(begun.bo)["days.text"]
    await begun.bo.submits({FILE: [], TEXT: CALENDAR})
    await begun.settled()
    assert begun.bo.modal is None
    assert "closed days from this calendar." in begun.bo.words(begun.bo.dm()[-1])


async def test_where_reading_takes_long_the_form_gives_way_and_says_what_came_of_it(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.expected_refusals.add(("views.update", "not_found"))
    begun.sandbox.files.faults = holds = Holds()
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 0)
    await asks(begun, begun.bo)
    await begun.bo.attaches(FILE, "days.ics", DATA)
    await begun.bo.submits()
    assert "I am reading your calendar." in shown(begun.bo)
    assert begun.bo.modal is not None
    assert begun.bo.modal.body.get("submit") is None
    holds.go_on.set()
    await begun.settled()
    assert "Done. My answer stands where you opened this form" in shown(begun.bo)
    told = begun.bo.words(begun.bo.dm()[-1])
    assert "closed days from this calendar." in told
    assert "Undo" in begun.bo.button_labels(begun.bo.dm()[-1])


async def test_what_could_not_be_read_late_is_said_in_the_form_that_comes_back(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.expected_refusals.add(("views.update", "not_found"))
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 0)
    await asks(begun, begun.hui)
    await begun.hui.attaches(FILE, "days.ics", b"Dear Hui, here are our days off.")
    before = len(begun.hui.dm())
    await begun.hui.submits()
    await begun.settled()
    assert "This file is no calendar." in shown(begun.hui)
    assert len(begun.hui.dm()) == before
    await begun.hui.attaches(FILE, "days.ics", DATA)
    await begun.hui.submits()
    await begun.settled()
    assert "Done." in shown(begun.hui)
    assert "closed days from this calendar." in begun.hui.words(begun.hui.dm()[-1])


async def test_what_nobody_foresaw_is_said_late_too(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    begun.expected_refusals.add(("views.update", "not_found"))
    begun.expected_logs.add("unforeseen")
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 0)
    monkeypatch.setattr("bot.services.calendar_files.read_file", broken)
    await asks(begun, begun.bo)
    await begun.bo.attaches(FILE, "days.ics", DATA)
    await begun.bo.submits()
    await begun.settled()
    assert "Something went wrong on my side." in shown(begun.bo)
    assert "No closed days are noted." in await begun.tells(begun.bo, "closed")


@pytest.mark.parametrize("good", [True, False])
async def test_who_closed_the_form_meanwhile_is_told_all_the_same(
    begun: Scene, monkeypatch: pytest.MonkeyPatch, good: bool
) -> None:
    begun.expected_refusals.add(("views.update", "not_found"))
    begun.sandbox.files.faults = holds = Holds()
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 0)
    monkeypatch.setattr("handlers.answer._ACKNOWLEDGED", (0.0, 0.0))
    await asks(begun, begun.bo)
    await begun.bo.attaches(FILE, "days.ics", DATA if good else b"nothing")
    await begun.bo.submits()
    await begun.bo.closes()
    holds.go_on.set()
    await begun.settled()
    assert begun.bo.modal is None
    told = begun.bo.words(begun.bo.dm()[-1])
    assert ("closed days from this calendar." if good else "This file is no calendar.") in told


async def test_an_installation_that_may_not_read_files_is_asked_for_the_text(begun: Scene) -> None:
    config = begun.sandbox.slack.config
    begun.sandbox.slack.config = replace(config, scopes=config.scopes - {"files:read"})
    await begun.restarts()
    await asks(begun, begun.bo)
    assert FILE not in shown(begun.bo)
    await begun.bo.submits({"The calendar's text": " \n "})
    assert errors(begun.bo) == {"days.text": "Please choose a calendar file, or paste its text."}
    told = await begun.sends(begun.bo, **{"The_calendar's_text": CALENDAR})
    assert "closed days from this calendar." in told


async def test_a_scope_that_was_taken_away_meanwhile_is_said_with_a_way_out(begun: Scene) -> None:
    begun.expected_refusals.add(("files.info", "missing_scope"))
    for person, said in ((begun.bo, "I am not allowed to read files"), (begun.hui, "not let me")):
        config = begun.sandbox.slack.config
        await asks(begun, person)
        await person.attaches(FILE, "days.ics", DATA)
        begun.sandbox.slack.config = replace(config, scopes=config.scopes - {"files:read"})
        await begun.sends(person)
        assert said in errors(person)["days.file"]
        assert errors(person)["days.file"].endswith("instead.")
        begun.sandbox.slack.config = config
