"""What the page shows of a state: every block, every element, safely."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.page.canned import Canned
from tests.page.driving import block, message_with, open_channel, open_page
from tests.page.gallery import (
    APP,
    BO,
    CHANNEL,
    DANA,
    OLD,
    THREAD,
    XSS,
    Json,
    data_blocks,
    element_blocks,
    grouping_blocks,
    input_blocks,
    layout_blocks,
    message,
    modal,
    mrkdwn,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHOWN = {
    one["type"] for one in [*layout_blocks(), *element_blocks(), *data_blocks(), *grouping_blocks()]
} - {"not_yet_invented"}


async def words_of(place: Locator) -> str:
    return " ".join((await place.inner_text()).split())


async def test_every_kind_of_block_is_drawn(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    drawn = await page.locator("[data-block]").evaluate_all(
        "all => all.filter(one => !one.classList.contains('block-unknown'))"
        ".map(one => one.dataset.block)"
    )
    assert set(drawn) >= SHOWN - {"container"} | {"container", "input"}


async def test_a_block_that_is_not_known_is_a_labeled_box(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    box = block(page, "not_yet_invented")
    await expect(box).to_contain_text("Not shown here: not_yet_invented")
    await box.get_by_text("What was sent").click()
    await expect(box.locator("pre")).to_contain_text('"type": "not_yet_invented"')


async def test_mrkdwn_reads_as_it_does_in_slack(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    formats = block(page, "section").filter(has_text="Bold")
    for tag, words in [("strong", "Bold"), ("em", "italic"), ("s", "struck"), ("code", "code")]:
        await expect(formats.locator(tag).first).to_have_text(words)
    await expect(formats.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.org"
    )
    await expect(formats.locator(".mention").nth(0)).to_have_text("@Bo")
    await expect(formats.locator(".mention").nth(1)).to_have_text("#mentoring-partners")
    await expect(formats.locator(".mention").nth(2)).to_have_text("@here")
    await expect(formats).to_contain_text("2 < 3 & done.")
    await expect(formats.locator("time")).to_have_text("Nov 30, 2026 at 9:00 AM")
    await expect(formats.locator("blockquote")).to_have_text("A quoted line")
    assert await formats.locator("li").all_inner_texts() == ["First point", "Second point"]
    await expect(formats.locator("pre")).to_have_text("let x = *not bold*;")
    await expect(formats.get_by_role("img", name="tada emoji")).to_have_text("🎉")


EXAMPLES = [
    ("snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"),
    ("*a* and *b*", "<p><strong>a</strong> and <strong>b</strong></p>"),
    ("*_both_*", "<p><strong><em>both</em></strong></p>"),
    ("* not bold *", "<p>* not bold *</p>"),
    ("*open _and_", "<p>*open <em>and</em></p>"),
    ("`*raw*` &amp;amp;", "<p><code>*raw*</code> &amp;amp;</p>"),
    ("one\n\ntwo\nthree", "<p>one</p><p>two\nthree</p>"),
    (">>> all\nof it", "<blockquote><p>all\nof it</p></blockquote>"),
    ("1 &lt; 2", "<p>1 &lt; 2</p>"),
    (":no_such_thing: 10:30:15", "<p>:no_such_thing: 10:30:15</p>"),
    ("<javascript:alert(1)|press>", '<p><span title="Not a web address">press</span></p>'),
    ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
]


async def test_mrkdwn_by_example(page: Page, canned: Canned) -> None:
    blocks = [
        {"type": "section", "block_id": f"example-{number}", "text": mrkdwn(written)}
        for number, (written, _) in enumerate(EXAMPLES)
    ]
    canned.state()["messages"][CHANNEL] = [message(APP, "Examples", blocks)]
    await open_channel(page, canned)
    sections = page.locator(".section .words")
    drawn = await sections.evaluate_all("all => all.map((one) => one.innerHTML)")
    assert drawn == [shown for _, shown in EXAMPLES]


async def test_dates_near_today_are_named_in_the_readers_zone(page: Page, canned: Canned) -> None:
    # 2026-11-17 04:30 in Universal Time is still the 16th, today, in Chicago.
    text = "<!date^1794889800^{date_short_pretty} {time}|soon> <!date^oops^{date}|fallback>"
    canned.state()["messages"][CHANNEL] = [message(APP, text)]
    await open_channel(page, canned)
    await expect(page.locator(".content")).to_have_text("today 10:30 PM fallback")


async def test_what_people_write_never_becomes_markup(page: Page, canned: Canned) -> None:
    state = canned.state()
    evil: list[Json] = [
        {"type": "header", "block_id": "1", "text": {"type": "plain_text", "text": XSS}},
        {"type": "section", "block_id": "2", "text": mrkdwn(XSS), "fields": [mrkdwn(XSS)]},
        {"type": "markdown", "block_id": "3", "text": f"{XSS} [x](javascript:alert(1))"},
        {
            "type": "section",
            "block_id": "4",
            "text": mrkdwn("<javascript:alert(1)|press>"),
            "accessory": {
                "type": "button",
                "action_id": "b",
                "url": "javascript:alert(1)",
                "text": {"type": "plain_text", "text": XSS},
            },
        },
        {"type": XSS, "block_id": "5"},
    ]
    state["messages"][CHANNEL].append(message(APP, XSS, evil))
    state["hint"] = XSS
    state["notices"] = [XSS]
    state["channels"][0]["shared_with"] = [XSS]
    state["people"][0]["name"] = XSS
    state["messages"][CHANNEL][0]["name"] = XSS
    await open_channel(page, canned)
    await expect(page.locator(".messages")).to_contain_text("onerror=")
    assert await page.locator("#app img, #app script, #app iframe").count() == 0
    assert await page.locator("a[href^='javascript']").count() == 0
    assert "broken" not in await page.title()


async def test_pictures_are_described_and_nothing_is_fetched(page: Page, canned: Canned) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await open_channel(page, canned)
    picture = page.get_by_role(
        "img", name="Image: The hall at Pine Street, with chairs in a circle"
    )
    await expect(picture).to_be_visible()
    assert all(url.startswith(canned.url) for url in asked)


async def test_charts_say_their_figures(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    for title in ("Hours in mentorship", "Hours by month", "Hours, filled"):
        drawing = page.get_by_role("img", name=title)
        label = await drawing.get_attribute("aria-label") or ""
        assert "Hours: Sep 12, Oct 30, Nov 41, Dec 55" in label
    pie = page.locator("figure.chart").filter(has_text="Who holds open work")
    await expect(pie.get_by_role("img")).to_have_attribute(
        "aria-label", "Who holds open work. Acme: 6, Northside Youth: 11, Harbor Women in Media: 3."
    )
    await pie.get_by_text("Show the figures").click()
    assert await pie.locator("tbody tr").all_inner_texts() == [
        "Acme\t6",
        "Northside Youth\t11",
        "Harbor Women in Media\t3",
    ]


async def test_a_data_table_pages_sorts_and_filters(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    table = block(page, "data_table")
    first = table.locator("tbody tr th")
    assert await first.all_inner_texts() == ["Venue list", "Flyers", "Mentor training"]
    await table.get_by_role("button", name="Next").click()
    await expect(table.get_by_role("status")).to_have_text("Page 2 of 3")
    await table.get_by_role("button", name="Days left").click()
    await expect(table.locator("th[aria-sort=ascending]")).to_contain_text("Days left")
    assert await table.locator("tbody tr td:last-child").all_inner_texts() == ["0", "3", "4"]
    await table.get_by_role("button", name="Days left").click()
    assert await table.locator("tbody tr td:last-child").all_inner_texts() == ["10", "9", "8"]
    await table.get_by_role("searchbox", name="Filter Commitments this quarter").fill("hui")
    assert await first.all_inner_texts() == ["Mentor training", "Snacks"]


async def test_messages_say_who_of_which_organization_and_when(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    hello = message_with(page, "shall we write down")
    assert await words_of(hello.locator("header")) == "Dana Acme 9:07 AM"
    await expect(page.locator(".day h3").first).to_have_text("Friday, November 13")
    await expect(page.locator(".day h3").last).to_have_text("Today")
    await expect(message_with(page, "Sounds good")).to_contain_text("(edited)")


async def test_a_private_answer_is_marked_as_such(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    private = page.locator(".message.only-you")
    await expect(private).to_contain_text("Only visible to you")
    assert await private.locator(".tools").count() == 0


async def test_a_deleted_message_leaves_its_place_and_its_replies(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    gone = page.locator(".message.gone")
    await expect(gone).to_contain_text("This message was deleted.")
    await expect(gone.get_by_role("link", name="1 reply")).to_be_visible()


async def test_the_text_for_screen_readers_is_there_when_blocks_do_not_say_it(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    summaries = await page.locator("[data-summary]").all_inner_texts()
    assert "Dana (Acme) asks: could you invite 12 mentees by Mon, Nov 30?" in summaries
    assert not any("How is your part going?" in one for one in summaries)


async def test_a_button_for_others_is_not_shown(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    assert await page.get_by_role("button", name="For Dana only").count() == 0
    await open_channel(page, canned, as_=DANA)
    await expect(page.get_by_role("button", name="For Dana only")).to_be_visible()


async def test_an_archived_channel_can_only_be_read(page: Page, canned: Canned) -> None:
    await open_channel(page, canned, OLD)
    await expect(page.get_by_text("This channel is archived")).to_be_visible()
    assert await page.locator(".composer").count() == 0


async def test_a_thread_stands_beside_its_channel(page: Page, canned: Canned) -> None:
    await open_channel(page, canned, thread=THREAD)
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Stuck: the hall is closed that week.")
    await expect(thread).to_contain_text("2 replies")
    await expect(thread.locator(".only-you")).to_contain_text("Only visible to you")
    await expect(page.locator(".main-pane")).to_be_visible()


async def test_home_shows_the_view_or_says_why_not(page: Page, canned: Canned) -> None:
    await open_page(page, canned, "#/home", as_=DANA)
    await expect(page.get_by_role("heading", name="Your commitments")).to_be_visible()
    assert {"as": DANA, "do": "home"} in canned.acts
    canned.acts.clear()
    await open_page(page, canned, "#/home", as_=BO)
    await expect(page.get_by_text("Home is only for people of Acme.")).to_be_visible()
    assert canned.acts == []


async def test_every_kind_of_input_has_its_label(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    for one in input_blocks():
        field = dialog.locator(f"[data-field='{one['block_id']}']")
        await expect(field).to_have_accessible_name(re.compile(re.escape(one["label"]["text"])))


async def test_the_version_that_is_shown_can_be_waited_for(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    canned.state()["messages"][CHANNEL].append(message(DANA, "Something new"))
    version = canned.change()
    await page.locator(f"html[data-version='{version}']").wait_for(state="attached")
    await expect(page.get_by_text("Something new").first).to_be_visible()


async def test_without_being_told_one_is_somebody_from_elsewhere(
    page: Page, canned: Canned
) -> None:
    await page.goto(canned.url)
    await page.locator("html[data-me]").wait_for(state="attached")
    await expect(page.locator("html")).to_have_attribute("data-me", BO)
