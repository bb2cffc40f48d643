"""One browser for all tests of the page. Without Chromium they are not run, and it is said so."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

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


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, canned: Canned) -> AsyncIterator[Page]:
    """A wide window; anything that the page reports as an error fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    page = await context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    await context.close()
    assert problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, canned: Canned) -> AsyncIterator[Page]:
    """A narrow window that is touched."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, locale="en-US"
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    await context.close()
    assert problems == []
