"""Files in a form: chosen, sent to the server at once, taken out again."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from bot import manifest
from bot.app import build
from bot.courier import Patience
from bot.sandbox import Sandbox
from tests.fixtures.wire import TestCalendar, settings_for
from tests.page.canned import Canned
from tests.page.driving import open_channel
from tests.page.gallery import Json, modal

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAYS = FilePayload(name="days off.ics", mimeType="text/calendar", buffer=b"BEGIN:VCALENDAR")

NAMES = "input => [...input.files].map((file) => file.name)"
"""What the browser itself says is chosen."""


def uploads(canned: Canned) -> list[Json]:
    return [act for act in canned.acts if act["do"] == "upload"]


def takes(canned: Canned, **answer: Any) -> None:
    """What the server says of an upload."""
    canned.answer = lambda act: answer if act["do"] == "upload" else None


async def test_a_file_goes_to_the_server_when_it_is_chosen_and_can_be_taken_out(
    page: Page, canned: Canned
) -> None:
    canned.state()["modal"] = modal()
    takes(canned, ok=True, file={"id": "F0DAYS", "name": "days off.ics", "size": 15})
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    await dialog.get_by_label("What will you do?").fill("Send our days off")
    field = dialog.get_by_label("A file (optional)")
    await expect(field).to_have_attribute("accept", ".ics")
    await field.set_input_files(DAYS)
    chosen = dialog.get_by_text("Chosen: days off.ics")
    await expect(chosen).to_be_visible()
    assert await field.evaluate(NAMES) == ["days off.ics"]
    (sent,) = uploads(canned)
    assert base64.b64decode(sent["data"]) == b"BEGIN:VCALENDAR"
    assert (sent["view_id"], sent["block_id"], sent["name"]) == ("V0MODAL", "file", "days off.ics")
    await dialog.get_by_role("button", name="Take out days off.ics").click()
    await expect(chosen).to_be_hidden()
    assert await field.evaluate(NAMES) == []
    await field.set_input_files(DAYS)
    await expect(chosen).to_be_visible()
    async with page.expect_response("**/sandbox/act"):
        await dialog.get_by_role("button", name="Ask", exact=True).click()
    assert canned.acts[-1]["do"] == "submit"
    assert list(canned.acts[-1]["values"]["file"].values()) == [["F0DAYS"]]


async def test_a_file_that_is_refused_is_not_in_the_form(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    takes(canned, ok=False, error="This file is too large. A file may have 10 MB.")
    await open_channel(page, canned)
    field = page.get_by_label("A file (optional)")
    await field.set_input_files(DAYS)
    await expect(page.get_by_text("This file is too large.")).to_be_visible()
    await expect(page.get_by_text("Chosen:")).to_be_hidden()
    assert await field.evaluate(NAMES) == []


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The sandbox with the whole bot at it."""
    calendar = TestCalendar()
    async with Sandbox.from_manifest(manifest.load(), calendar=calendar, pace=False) as sandbox:
        settings = settings_for(sandbox, f"sqlite:///{tmp_path / 'files.db'}")
        bot = await build(settings, calendar, patience=Patience(pace=0.0))
        await bot.start()
        await sandbox.connected()
        await sandbox.person("dana").invites_app("mentoring-partners")
        yield sandbox
        await bot.stop()


async def test_a_partner_imports_a_calendar_in_the_browser(page: Page, running: Sandbox) -> None:
    bo = running.person("bo")
    await bo.opens_dm()
    direct = next(each.id for each in running.slack.channels_of(bo.user) if each.is_im)
    await page.goto(f"{running.page_url}?as={bo.id}#/channel/{direct}")
    field = page.get_by_label("Message to Common Ground")
    await field.fill("closed")
    await field.press("Enter")
    await page.get_by_role("button", name="Import a calendar").click()
    dialog = page.get_by_role("dialog", name="Import a calendar")
    file = dialog.get_by_label("Calendar file (optional)")
    await file.set_input_files({**DAYS, "buffer": b"Dear Bo, we are closed in August."})
    await expect(dialog.get_by_text("Chosen: days off.ics")).to_be_visible()
    await dialog.get_by_role("button", name="Add").click()
    await expect(dialog.get_by_text("This file is no calendar.")).to_be_visible()
    whole = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\n"
        b"SUMMARY:Winter rest\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    await file.set_input_files({**DAYS, "name": "days off 2027.ics", "buffer": whole})
    await expect(dialog.get_by_text("Chosen: days off 2027.ics")).to_be_visible()
    await dialog.get_by_role("button", name="Add").click()
    await expect(dialog).to_be_hidden()
    told = page.locator(".main-pane")
    await expect(told).to_contain_text("Noted: 1 closed day from this calendar.")
    await expect(told).to_contain_text("Thu, Dec 24 (Winter rest)")
