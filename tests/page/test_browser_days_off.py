"""Days off on the page: lists with a button beside each entry, and a form with many choices."""

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.page.canned import Canned
from tests.page.driving import block, open_channel
from tests.page.gallery import APP, DIRECT, calendar_form, days_off, days_off_form, message
from tests.page.test_browser_narrow import SMALL, sideways

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def show(canned: Canned) -> None:
    canned.state()["messages"][DIRECT] = [message(APP, *each) for each in days_off()]


async def test_each_entry_has_a_button_that_says_what_it_takes_out(
    page: Page, canned: Canned
) -> None:
    show(canned)
    await open_channel(page, canned, DIRECT)
    name = "Take out (Fri, Dec 25 to Fri, Jan 1, 2027: Winter break)"
    await page.get_by_role("button", name=name).click()
    assert canned.acts[-1]["action_id"] == "days.closed_remove"
    week = block(page, "section").filter(has_text="You work Monday, Tuesday and Thursday.")
    await expect(week).to_be_visible()


async def test_on_a_phone_nothing_is_wider_than_the_screen(phone: Page, canned: Canned) -> None:
    show(canned)
    await open_channel(phone, canned, DIRECT)
    assert await sideways(phone) == []
    assert await phone.evaluate(SMALL) == []
    canned.state()["modal"] = days_off_form()
    await open_channel(phone, canned, DIRECT)
    await expect(phone.get_by_text("Which days are you closed on?")).to_be_visible()
    assert await sideways(phone) == []


async def test_on_a_phone_a_calendar_file_of_a_long_name_fits(phone: Page, canned: Canned) -> None:
    name = f"{'days-off-of-everybody-' * 6}2027.ics"
    file = {"id": "F0DAYS", "name": name, "size": 15}
    canned.answer = lambda act: {"ok": True, "file": file} if act["do"] == "upload" else None
    canned.state()["modal"] = calendar_form("This file is no calendar.")
    await open_channel(phone, canned, DIRECT)
    dialog = phone.get_by_role("dialog", name="Import a calendar")
    await expect(dialog.get_by_label("Or its text (optional)")).to_be_visible()
    await expect(dialog.get_by_text("This file is no calendar.")).to_be_visible()
    await dialog.get_by_label("Calendar file (optional)").set_input_files(
        FilePayload(name=name, mimeType="text/calendar", buffer=b"BEGIN:VCALENDAR")
    )
    await expect(dialog.get_by_text(f"Chosen: {name}")).to_be_visible()
    assert await sideways(phone) == []
    assert await phone.evaluate(SMALL) == []
