"""Files in a form: chosen, sent to the server at once, taken out again."""

import base64
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

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
