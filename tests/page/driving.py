"""Ways to drive the page that its tests share."""

from playwright.async_api import Locator, Page

from tests.page.canned import Canned
from tests.page.gallery import BO, CHANNEL


async def open_page(page: Page, canned: Canned, place: str, *, as_: str = BO) -> None:
    """Open a place of the page as somebody, and wait until the current state is drawn."""
    await page.goto("about:blank")
    await page.goto(f"{canned.url}/?as={as_}{place}")
    await page.locator(f"html[data-version='{canned.version}']").wait_for(state="attached")


async def open_channel(
    page: Page, canned: Canned, channel: str = CHANNEL, *, as_: str = BO, thread: str | None = None
) -> None:
    place = f"#/channel/{channel}" + (f"/thread/{thread}" if thread else "")
    await open_page(page, canned, place, as_=as_)


def block(page: Page, kind: str) -> Locator:
    """The blocks of one type in the channel."""
    return page.locator(f".main-pane [data-block='{kind}']")


def message_with(page: Page, words: str) -> Locator:
    return page.locator(".main-pane .message").filter(has_text=words)


async def drawn(page: Page, canned: Canned) -> None:
    """Tell the page that the state changed, and wait until it shows it."""
    version = canned.change()
    await page.locator(f"html[data-version='{version}']").wait_for(state="attached")
