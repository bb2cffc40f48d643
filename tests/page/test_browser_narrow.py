"""The page on a phone: 360 by 740, one column, and room for fingers."""

import pytest
from playwright.async_api import Page, expect

from tests.page.canned import Canned
from tests.page.driving import open_channel, open_page
from tests.page.gallery import CHANNEL, DANA, THREAD, modal

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# What is wider than the screen, unless it scrolls within a frame of its own.
OVERFLOWING = """() => [...document.querySelectorAll('#app *')].filter((one) => {
  if (!one.checkVisibility() || one.closest('.hidden-text, .skip')) return false;
  if (one.parentElement.closest('.table-frame, .carousel')) return false;
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`)"""

# What can be touched and is smaller than 44 by 44. Links within sentences may be (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll(
  'button, [role=option], [role^=menuitem], a, input, textarea, summary, label.choice')]
  .filter((one) => one.checkVisibility({checkOpacity: true}) && !one.disabled)
  .filter((one) => !one.closest('.skip, label.choice') || one.matches('label.choice'))
  .filter((one) => !one.matches('.words a, p a, .block-rich_text a, .block-markdown a, .picture a'))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([one, box]) =>
    `${one.tagName} ${one.className} ${one.textContent.slice(0, 20)} ${box.width}x${box.height}`)
"""


async def sideways(page: Page) -> list[str]:
    wide = await page.evaluate(
        "() => [document.documentElement, document.body, ...document.querySelectorAll('.scroll')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)"
    )
    return [*wide, *await page.evaluate(OVERFLOWING)]


async def test_nothing_is_wider_than_the_screen(phone: Page, canned: Canned) -> None:
    canned.state()["channels"][0]["name"] = "a-channel-with-a-name-that-goes-on-and-on-for-ever"
    canned.state()["messages"][CHANNEL][0]["text"] = "Unbreakable" * 30
    await open_page(phone, canned, "#/")
    assert await sideways(phone) == []
    await open_channel(phone, canned)
    assert await sideways(phone) == []
    await open_channel(phone, canned, thread=THREAD)
    assert await sideways(phone) == []
    await open_page(phone, canned, "#/home", as_=DANA)
    assert await sideways(phone) == []
    canned.state()["modal"] = modal(words="Please say what.")
    await open_channel(phone, canned)
    assert await sideways(phone) == []


async def test_the_way_back_says_what_is_unread_elsewhere(phone: Page, canned: Canned) -> None:
    await open_channel(phone, canned)
    back = phone.get_by_role("link", name="Back to the list of channels, 2 unread")
    await expect(back.locator(".badge")).to_have_text("2")


async def test_everything_is_large_enough_to_touch(phone: Page, canned: Canned) -> None:
    canned.state()["notices"] = ["Something that Slack says"]
    await open_page(phone, canned, "#/")
    assert await phone.evaluate(SMALL) == []
    await open_channel(phone, canned)
    assert await phone.evaluate(SMALL) == []
    await phone.get_by_role("button", name="More about #mentoring-partners").click()
    assert await phone.evaluate(SMALL) == []
    await open_channel(phone, canned, thread=THREAD)
    assert await phone.evaluate(SMALL) == []
    await open_page(phone, canned, "#/home", as_=DANA)
    assert await phone.evaluate(SMALL) == []
    canned.state()["modal"] = modal(words="Please say what.")
    await open_channel(phone, canned)
    assert await phone.evaluate(SMALL) == []


async def test_one_goes_from_the_list_to_a_thread_and_back(phone: Page, canned: Canned) -> None:
    await open_page(phone, canned, "#/")
    await expect(phone.locator(".main-pane")).to_be_hidden()
    await phone.get_by_role("link", name="mentoring-partners").tap()
    await expect(phone.locator(".sidebar")).to_be_hidden()
    await expect(phone.get_by_role("heading", name="#mentoring-partners")).to_be_visible()
    await phone.get_by_role("link", name="3 replies").tap()
    await expect(phone.locator(".main-pane")).to_be_hidden()
    await expect(phone.get_by_text("We found four mentors.")).to_be_visible()
    await phone.get_by_role("button", name="Close the thread").tap()
    await expect(phone.locator(".main-pane")).to_be_visible()
    await phone.get_by_role("link", name="Back to the list of channels").tap()
    await expect(phone.locator(".sidebar")).to_be_visible()
    await phone.go_back()
    await expect(phone.locator(".main-pane")).to_be_visible()


async def test_the_hint_and_the_calendar_are_within_reach(phone: Page, canned: Canned) -> None:
    await open_page(phone, canned, "#/")
    await expect(phone.get_by_role("button", name="Next week")).to_be_visible()
    await expect(phone.locator(".hint.in-top")).to_be_visible()
    await open_channel(phone, canned)
    await expect(phone.locator(".main-pane .hint")).to_be_visible()
    await phone.get_by_role("button", name="More about #mentoring-partners").tap()
    async with phone.expect_response("**/sandbox/act"):
        await phone.get_by_role("menuitem", name="Next day").tap()
    assert canned.acts[-1]["do"] == "next_day"


async def test_a_list_opens_as_a_sheet_at_the_foot(phone: Page, canned: Canned) -> None:
    await open_channel(phone, canned)
    await phone.get_by_role("button", name="Choose an organization").tap()
    box = await phone.locator(".popup").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 740
    await phone.get_by_role("option", name="Acme").tap()
    await expect(phone.locator(".popup")).to_be_hidden()
    assert canned.acts[-1]["selected"] == "acme"


async def test_a_message_offers_everything_behind_one_button(phone: Page, canned: Canned) -> None:
    await open_channel(phone, canned)
    mine = phone.locator(".message").filter(has_text="Sounds good")
    await mine.get_by_role("button", name="Reply, react and more").tap()
    items = await phone.get_by_role("menuitem").all_inner_texts()
    assert items[:3] == ["Reply in a thread", "Edit", "Delete"]
    await phone.get_by_role("menuitem", name="Reply in a thread").tap()
    await expect(phone.get_by_label("Message to the thread")).to_be_visible()
    await expect(phone.get_by_label("Message to the thread")).not_to_be_focused()
