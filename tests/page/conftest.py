"""One browser for all tests of the page. Without Chromium they are not run, and it is said so."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.page.canned import Canned

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=15_000)

collect_ignore_glob = [] if CHROMIUM else ["test_browser_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(
            "NOT RUN: tests of the sandbox's page (Chromium is not installed)"
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served() -> AsyncIterator[Canned]:
    canned = Canned()
    await canned.start()
    yield canned
    await canned.stop()


@pytest.fixture
def canned(served: Canned) -> Canned:
    """The server with nothing left over from the test before."""
    served.fresh()
    return served


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def wide(browser: Browser) -> AsyncIterator[BrowserContext]:
    """What the wide windows share: only the browser's cache, since the page stores nothing."""
    async with await browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def narrow(browser: Browser) -> AsyncIterator[BrowserContext]:
    async with await browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True
    ) as context:
        yield context


@asynccontextmanager
async def window(context: BrowserContext) -> AsyncIterator[Page]:
    """A page of its own; anything that it reports as an error fails the test."""
    page = await context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    await page.close()
    assert problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(wide: BrowserContext, canned: Canned) -> AsyncIterator[Page]:
    """A wide window."""
    async with window(wide) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def phone(narrow: BrowserContext, canned: Canned) -> AsyncIterator[Page]:
    """A narrow window that is touched."""
    async with window(narrow) as page:
        yield page
