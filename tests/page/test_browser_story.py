"""The page with the real sandbox: three organizations and a small Bolt app agree on something."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Command, Sandbox
from tests.page.gallery import Json, button, mrkdwn, plain
from tests.sandbox.conftest import EVENTS, SCOPES, HandClock

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Asker:
    """Asks Bo for something from a modal, takes his answer, and greets in direct messages."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        client = AsyncWebClient(
            token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )
        self.app = AsyncApp(client=client, signing_secret=sandbox.signing_secret)
        handler = AsyncSocketModeHandler(self.app, sandbox.app_token)
        # Bolt's handler is not typed.
        self.connect: Callable[[], Awaitable[None]] = handler.connect_async
        self.close: Callable[[], Awaitable[None]] = handler.close_async
        self.channel = ""
        self.app.command("/partner")(self.open)
        self.app.view("ask")(self.ask)
        self.app.action("yes")(self.agreed)
        self.app.action("stuck")(self.stuck)
        self.app.event("app_home_opened")(self.home)
        self.app.event("message")(self.hear)

    async def open(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        self.channel = body["channel_id"]
        what = {"type": "plain_text_input", "action_id": "what"}
        who = {"type": "users_select", "action_id": "who"}
        due = {"type": "datepicker", "action_id": "due", "initial_date": "2026-11-30"}
        fields = [("what", "What?", what), ("who", "Who?", who), ("due", "By when?", due)]
        view = {
            "type": "modal",
            "callback_id": "ask",
            "title": plain("A commitment"),
            "submit": plain("Ask"),
            "blocks": [
                {"type": "input", "block_id": name, "label": plain(label), "element": element}
                for name, label, element in fields
            ],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def ask(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        due = values["due"]["due"]["selected_date"]
        if due < "2026-11-16":
            await ack(response_action="errors", errors={"due": "That day has passed."})
            return
        await ack()
        who, what = values["who"]["who"]["selected_user"], values["what"]["what"]["value"]
        text = f"<@{who}>, could you {what} by {due}? Nothing counts until you agree."
        await client.chat_postMessage(
            channel=self.channel,
            text=text,
            blocks=[
                {"type": "section", "block_id": "asked", "text": mrkdwn(text)},
                {
                    "type": "actions",
                    "block_id": "answer",
                    "elements": [button("Yes", "yes", style="primary"), button("Stuck", "stuck")],
                },
            ],
        )

    async def agreed(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        text = f"<@{body['user']['id']}> agreed."
        section = {"type": "section", "block_id": "done", "text": mrkdwn(text)}
        await client.chat_update(**where, text=text, blocks=[section])
        await client.chat_postMessage(
            channel=where["channel"], thread_ts=where["ts"], text="Reply here when it is *done*."
        )

    async def stuck(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=body["user"]["id"],
            text="Thanks for saying so. Who may know?",
        )

    async def home(self, event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": plain("Your commitments")}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def hear(self, event: Json, client: AsyncWebClient) -> None:
        if event.get("bot_id") is None and event.get("channel_type") == "im":
            await client.chat_postMessage(channel=event["channel"], text="You owe nothing.")


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    started = Sandbox(
        scopes=SCOPES,
        events=EVENTS,
        commands=[Command("/partner", "Agree on things", "commit …", should_escape=True)],
        calendar=HandClock(),
        pace=False,
    )
    await started.start()
    async with aiohttp.ClientSession() as session:
        asker = Asker(started, session)
        await asker.connect()
        await started.connected()
        yield started
        await asker.close()
    await started.stop()


async def become(page: Page, sandbox: Sandbox, name: str) -> None:
    """Open the shared channel as somebody."""
    channel = sandbox.world.find_channel("mentoring-partners").id
    person = sandbox.world.find_user(name).id
    await page.goto("about:blank")
    await page.goto(f"{sandbox.page_url}?as={person}#/channel/{channel}")
    await page.locator(f"html[data-me='{person}'][data-version]").wait_for(state="attached")


async def test_three_organizations_agree_in_the_browser(browser: Browser, sandbox: Sandbox) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await become(page, sandbox, "dana")
    await page.get_by_role("button", name="More about #mentoring-partners").click()
    await page.get_by_role("menuitem", name="Invite Common Ground").click()
    await expect(page.get_by_text("Shared with Northside Youth · 6 people")).to_be_visible()

    field = page.get_by_label("Message to #mentoring-partners")
    await field.fill("/partner commit")
    await field.press("Enter")
    dialog = page.get_by_role("dialog", name="A commitment")
    await dialog.get_by_label("What?").fill("invite 12 mentees")
    await dialog.get_by_role("button", name="Who?: Choose one").click()
    await page.get_by_role("option", name="Bo Northside Youth").click()
    await dialog.get_by_label("By when?").fill("2026-11-02")
    await dialog.get_by_role("button", name="Ask").click()
    await expect(dialog.get_by_text("That day has passed.")).to_be_visible()
    await expect(dialog.get_by_label("By when?")).to_be_focused()
    await dialog.get_by_label("By when?").fill("2026-11-30")
    await dialog.get_by_role("button", name="Ask").click()
    await expect(dialog).to_be_hidden()
    asked = page.locator(".main-pane").get_by_text("could you invite 12 mentees by 2026-11-30?")
    await expect(asked).to_be_visible()

    await become(page, sandbox, "hui")
    await page.get_by_role("button", name="Stuck").click()
    await expect(page.locator(".only-you")).to_contain_text("Who may know?")

    await become(page, sandbox, "bo")
    await expect(page.get_by_text("Who may know?")).to_be_hidden()
    field = page.get_by_label("Message to #mentoring-partners")
    await field.fill("/partner help")
    await expect(page.get_by_text("Slash commands belong to the workspace")).to_be_visible()
    await page.get_by_role("button", name="Yes").click()
    await expect(page.locator(".main-pane").get_by_text("@Bo agreed.")).to_be_visible()
    await page.get_by_role("link", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Reply here when it is done.")
    await thread.get_by_label("Message to the thread").fill("done, thanks @Dana")
    await thread.get_by_label("Message to the thread").press("Enter")
    await expect(thread.locator(".mention").filter(has_text="@Dana")).to_be_visible()

    await become(page, sandbox, "dana")
    await expect(page.get_by_role("link", name="2 replies")).to_be_visible()
    await page.get_by_role("link", name="Common Ground").click()
    await expect(page.get_by_role("heading", name="Your commitments")).to_be_visible()
    await page.locator(".tabs").get_by_text("Messages").click()
    direct = page.get_by_label("Message to Common Ground")
    await direct.fill("mine")
    await direct.press("Enter")
    await expect(page.locator(".main-pane").get_by_text("You owe nothing.")).to_be_visible()
    await context.close()
