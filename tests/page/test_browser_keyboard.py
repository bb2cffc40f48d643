"""The page without a mouse, without motion, and for eyes and ears that need more."""

import json
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.page.canned import Canned
from tests.page.driving import drawn, open_channel, open_page
from tests.page.gallery import BO, CHANNEL, DANA, THREAD, message, modal

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Every text that is shown, with the contrast between its color and what lies behind it.
CONTRASTS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || !element.checkVisibility({checkOpacity: true})) continue;
    if (element.closest('.hidden-text, .emoji, svg, :disabled, .avatar.empty')) continue;
    const style = getComputedStyle(element);
    const under = behind(element);
    const [one, other] = [light(over(rgba(style.color), under)), light(under)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push(`${words.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


async def focused(page: Page) -> str:
    """What has the focus, in words."""
    return str(
        await page.evaluate(
            "() => { const at = document.activeElement;"
            " return at.getAttribute('aria-label') || at.textContent.trim() || at.tagName; }"
        )
    )


async def test_the_first_stops_lead_past_the_lists(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.keyboard.press("Tab")
    assert await focused(page) == "To the messages"
    await page.keyboard.press("Tab")
    assert await focused(page) == "To the message box"
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message to #mentoring-partners")).to_be_focused()


async def test_the_order_of_the_stops_is_the_order_of_reading(page: Page, canned: Canned) -> None:
    canned.state()["messages"][CHANNEL] = [message(DANA, "Hello")]
    await open_channel(page, canned)
    seen = []
    for _ in range(13):
        await page.keyboard.press("Tab")
        seen.append(await focused(page))
    assert seen[2:] == [
        "Next day",
        "Next week",
        "Hide this hint",
        "You are Bo, Northside Youth. Be somebody else",
        "mentoring-partnersshared with Northside Youth",
        "pilot-2025archived",
        "Common Ground2 unread",
        "More about #mentoring-partners",
        "Messages",
        "Add a reaction",
        "Reply in a thread",
    ]


async def test_every_stop_shows_that_it_has_the_focus(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = None
    await open_channel(page, canned)
    bare = []
    for _ in range(60):
        await page.keyboard.press("Tab")
        shown = await page.evaluate(
            "() => { const at = document.activeElement; if (at === document.body) return true;"
            " const style = getComputedStyle(at.closest('.composer-box') ?? at);"
            " return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
        )
        if not shown:
            bare.append(await focused(page))
    assert bare == []


async def test_a_menu_is_walked_with_arrows_and_left_with_escape(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    who = page.get_by_role("button", name="You are Bo")
    await who.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitemradio", name="Bo")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitemradio", name="Amina")).to_be_focused()
    await page.keyboard.press("Home")
    await expect(page.get_by_role("menuitemradio", name="Dana")).to_be_focused()
    await page.keyboard.press("h")
    await expect(page.get_by_role("menuitemradio", name="Hui")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(who).to_be_focused()


async def test_a_list_is_walked_with_arrows(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    chooser = page.get_by_role("button", name="Choose an organization")
    await chooser.focus()
    await page.keyboard.press("ArrowDown")
    listed = page.get_by_role("listbox", name="Which organization are you with?")
    await expect(listed).to_be_focused()
    await page.keyboard.press("ArrowDown")
    active = await listed.get_attribute("aria-activedescendant")
    await expect(page.locator(f"[id='{active}']")).to_contain_text("Harbor Women in Media")
    async with page.expect_response("**/sandbox/act"):
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    assert await focused(page) == ("Which organization are you with?: Harbor Women in Media")


async def test_arrows_move_between_circles_without_choosing(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_label("Nobody yet").focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_label("Everyone here")).to_be_focused()
    assert canned.acts == []
    async with page.expect_response("**/sandbox/act"):
        await page.keyboard.press("Space")
    assert canned.acts[-1]["selected"] == "all"


async def test_escape_closes_the_thread_and_returns_to_its_message(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned, thread=THREAD)
    await expect(page.get_by_label("Message to the thread")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_be_hidden()
    await expect(page.locator(f".main-pane [data-message='{THREAD}']")).to_be_focused()


async def test_a_window_keeps_the_focus_within(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned)
    for _ in range(45):
        await page.keyboard.press("Tab")
        inside = await page.evaluate(
            "() => document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('dialog'))"
        )
        assert inside, await focused(page)


async def test_typing_and_the_cursor_survive_news(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.fill("Hello all")
    await field.evaluate("one => one.setSelectionRange(5, 5)")
    for number in range(3):
        canned.state()["messages"][CHANNEL].append(message(DANA, f"News {number}"))
        await drawn(page, canned)
    await expect(field).to_be_focused()
    await page.keyboard.type(" to")
    await expect(field).to_have_value("Hello to all")


async def test_news_are_announced(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    said = page.locator("#announcements")
    await expect(said).to_have_text("")
    canned.state()["messages"][CHANNEL].append(message(DANA, "Hello <@U0BO>, *three* more"))
    await drawn(page, canned)
    await expect(said).to_have_text("Dana: Hello Bo, three more")
    canned.state()["messages"][CHANNEL].append(message(BO, "My own words"))
    await drawn(page, canned)
    await expect(said).to_have_text("Dana: Hello Bo, three more")


async def test_reading_further_up_is_not_disturbed_by_news(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    box = page.get_by_role("region", name="Messages")
    await box.evaluate(
        "one => new Promise((done) => { one.addEventListener('scroll', done,"
        " {once: true}); one.scrollTop = 300; })"
    )
    canned.state()["messages"][CHANNEL].append(message(DANA, "News"))
    await drawn(page, canned)
    assert await box.evaluate("one => one.scrollTop") == 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_stands_out_from_what_is_behind_it(
    browser: Browser, canned: Canned, scheme: Literal["light", "dark"]
) -> None:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800},
        color_scheme=scheme,
    )
    page = await context.new_page()
    canned.state()["notices"] = ["Something that Slack says"]
    await open_channel(page, canned, thread=THREAD)
    faint = await page.evaluate(CONTRASTS)
    canned.state()["modal"] = modal(words="Please say what.")
    await drawn(page, canned)
    faint += await page.evaluate(CONTRASTS)
    await open_page(page, canned, "#/home", as_=DANA)
    faint += await page.evaluate(CONTRASTS)
    await context.close()
    assert faint == []


async def test_nothing_moves_for_who_wants_no_motion(browser: Browser, canned: Canned) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await open_channel(page, canned)
    moving = await page.evaluate(
        "() => [...document.querySelectorAll('*')].filter((one) => {"
        " const style = getComputedStyle(one);"
        " return style.transitionDuration !== '0s' || style.animationName !== 'none'; }).length"
    )
    await context.close()
    assert moving == 0


async def test_every_control_has_a_name(page: Page, canned: Canned) -> None:
    canned.state()["messages"][CHANNEL][2]["reactions"] = [{"name": "odd_one", "users": [BO]}]
    await open_channel(page, canned, thread=THREAD)
    nameless = [
        json.dumps(await one.evaluate("one => one.outerHTML.slice(0, 120)"))
        for one in await page.locator("button, a, input, textarea, [role=region]").all()
        if not await one.evaluate(
            "one => one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')"
            " || one.textContent.trim() || one.closest('label')?.textContent.trim()"
        )
    ]
    assert nameless == []


async def test_no_two_things_share_an_id(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned, thread=THREAD)
    ids = await page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert sorted(ids) == sorted(set(ids))
