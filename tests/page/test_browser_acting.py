"""What the page asks of the server when people press, choose, type and move about."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.page.canned import Canned
from tests.page.driving import block, drawn, message_with, open_channel, open_page
from tests.page.gallery import (
    AMINA,
    APP,
    BO,
    CHANNEL,
    DANA,
    DIRECT,
    HUI,
    THREAD,
    Json,
    button,
    element_blocks,
    message,
    modal,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def only(canned: Canned, verb: str) -> Json:
    """The one act of this kind."""
    found = [act for act in canned.acts if act["do"] == verb]
    assert len(found) == 1, canned.acts
    return found[0]


def named(act: Json, *names: str) -> list[Any]:
    return [act.get(name) for name in names]


def asked_ts(canned: Canned) -> str:
    """The message with all the elements."""
    found = next(one for one in canned.state()["messages"][CHANNEL] if one["ephemeral"])
    return str(found["ts"])


async def test_pressing_a_button_says_which_one(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("button", name="Yes", exact=True).click()
    act = only(canned, "click")
    assert named(act, "as", "channel", "ts") == [BO, CHANNEL, asked_ts(canned)]
    assert named(act, "block_id", "action_id", "value") == ["buttons", "yes", "7"]
    assert act["values"]["dates"]["date"] == "2026-11-30"


async def test_a_button_that_asks_for_confirmation_waits_for_it(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    no = page.locator(".main-pane").get_by_role("button", name="No", exact=True)
    await no.click()
    question = page.get_by_role("dialog", name="Say no?")
    await expect(question).to_contain_text("Dana will be told once.")
    await question.get_by_role("button", name="Not now").click()
    await expect(question).to_be_hidden()
    await expect(no).to_be_focused()
    assert canned.acts == []
    await no.click()
    async with page.expect_response("**/sandbox/act"):
        await question.get_by_role("button", name="Say no").click()
    assert only(canned, "click")["action_id"] == "no"


async def test_an_overflow_menu_sends_the_chosen_value(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="More choices").click()
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("menuitem", name="Undo").click()
    assert named(only(canned, "click"), "action_id", "value") == ["overflow", "undo"]


async def test_choosing_one_sends_its_value_and_shows_it(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="Choose an organization").click()
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("option", name="Harbor Women in Media").click()
    act = only(canned, "choose")
    assert named(act, "block_id", "action_id", "selected") == ["pick-one", "organization", "harbor"]
    await expect(block(page, "section").locator(".picker-button")).to_contain_text("Harbor")


async def test_a_long_list_can_be_searched(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="A venue: Venue 2").click()
    await page.get_by_role("combobox", name="Search A venue").fill("12")
    async with page.expect_response("**/sandbox/act"):
        await page.keyboard.press("Enter")
    assert only(canned, "choose")["selected"] == "venue-12"


async def test_several_choices_are_sent_once_when_the_list_closes(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="Who helps?: Hui").click()
    await page.get_by_role("option", name="Amina").click()
    await page.get_by_role("option", name="Dana").click()
    assert canned.acts == []
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("button", name="Done", exact=True).first.click()
    assert only(canned, "choose")["selected"] == [HUI, AMINA, DANA]


async def test_a_list_from_the_bot_is_asked_for_while_typing(page: Page, canned: Canned) -> None:
    found = {"text": {"type": "plain_text", "text": "Venue list (Dana)"}, "value": "12"}
    canned.answer = lambda act: {"ok": True, "options": [found]} if act["do"] == "suggest" else None
    await open_channel(page, canned)
    await page.get_by_role("button", name="Search commitments").click()
    await expect(page.get_by_text("Type to search.")).to_be_visible()
    await page.keyboard.type("ve")
    await page.get_by_role("option", name="Venue list (Dana)").click()
    await expect(page.get_by_role("button", name="Search commitments: Venue list")).to_be_visible()
    assert only(canned, "choose")["selected"] == "12"
    asked = canned.acts[-2]
    assert named(asked, "do", "action_id", "text", "channel") == [
        "suggest",
        "external",
        "ve",
        CHANNEL,
    ]


async def test_a_date_typed_on_the_keyboard_is_sent_once_it_is_finished(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    date = page.locator("[data-block=actions] input[type=date]")
    await date.focus()
    await page.keyboard.type("12152026")
    assert canned.acts == []
    async with page.expect_response("**/sandbox/act"):
        await page.keyboard.press("Enter")
    act = only(canned, "choose")
    assert named(act, "block_id", "action_id", "selected") == ["dates", "date", "2026-12-15"]
    await expect(page.get_by_text("Tue, Dec 15, 2026")).to_be_visible()


async def test_a_moment_is_read_in_the_persons_zone(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    moment = page.locator("[data-block=actions] input[type=datetime-local]")
    await expect(moment).to_have_value("2026-11-30T09:00")
    async with page.expect_response("**/sandbox/act"):
        await moment.fill("2026-07-01T18:30")
    assert only(canned, "choose")["selected"] == 1782948600  # 23:30 in Universal Time


async def test_boxes_and_circles_send_what_is_chosen(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_label("A week before").check()
    assert named(canned.acts[-1], "action_id", "selected") == ["boxes", ["day", "week"]]
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_label("Everyone here").check()
    assert named(canned.acts[-1], "action_id", "selected") == ["radio", "all"]


async def test_what_was_typed_into_a_message_goes_with_the_next_button(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    await page.get_by_label("Or write it here").fill("We found a hall")
    assert canned.acts == []
    async with page.expect_response("**/sandbox/act"):
        await message_with(page, "Or write it here").get_by_role("button", name="Done").click()
    assert only(canned, "click")["values"] == {"in-message": {"said": "We found a hall"}}


async def test_a_message_that_the_bot_changed_shows_what_it_now_says(
    page: Page, canned: Canned
) -> None:
    await open_channel(page, canned)
    await page.get_by_label("A week before").check()
    asked = next(one for one in canned.state()["messages"][CHANNEL] if one["ephemeral"])
    boxes = next(one for one in asked["blocks"] if one["block_id"] == "boxes")
    boxes["accessory"]["initial_options"] = []
    await drawn(page, canned)
    await expect(page.get_by_label("A week before")).not_to_be_checked()


# ---- writing -----------------------------------------------------------------------------------


async def test_what_is_written_goes_to_the_channel(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.fill("One")
    await field.press("Shift+Enter")
    await field.press_sequentially("Two")
    async with page.expect_response("**/sandbox/act"):
        await field.press("Enter")
    act = only(canned, "say")
    assert named(act, "as", "channel", "text", "thread_ts") == [BO, CHANNEL, "One\nTwo", None]
    await expect(field).to_have_value("")
    await expect(field).to_be_focused()


async def test_a_reply_goes_to_its_thread(page: Page, canned: Canned) -> None:
    await open_channel(page, canned, thread=THREAD)
    field = page.get_by_label("Message to the thread")
    await expect(field).to_be_focused()
    await field.fill("done")
    async with page.expect_response("**/sandbox/act"):
        await field.press("Enter")
    assert named(only(canned, "say"), "thread_ts", "text") == [THREAD, "done"]


async def test_what_was_refused_is_given_back_with_the_reason(page: Page, canned: Canned) -> None:
    canned.answer = lambda _act: {"ok": False, "error": "You are not in that conversation."}
    await open_channel(page, canned)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.fill("Precious words")
    await field.press("Enter")
    await expect(page.get_by_text("You are not in that conversation.")).to_be_visible()
    await expect(field).to_have_value("Precious words")


async def test_a_command_is_completed_and_sent(page: Page, canned: Canned) -> None:
    await open_channel(page, canned, as_=DANA)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.press_sequentially("/pa")
    listed = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(listed.first).to_contain_text("Agree on things together")
    await field.press("Enter")
    await expect(field).to_have_value("/partner ")
    await expect(page.get_by_text("commit @bo invite 12 mentees by 30 Nov")).to_be_visible()
    await field.press_sequentially("help")
    async with page.expect_response("**/sandbox/act"):
        await field.press("Enter")
    assert named(only(canned, "slash"), "channel", "text") == [CHANNEL, "/partner help"]


async def test_who_has_no_commands_is_told_why(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.press_sequentially("/pa")
    note = page.get_by_text("Slash commands work only for people of Acme")
    await expect(note).to_be_visible()
    assert await page.get_by_role("listbox").count() == 0


async def test_commands_are_not_sent_from_a_thread(page: Page, canned: Canned) -> None:
    await open_channel(page, canned, as_=DANA, thread=THREAD)
    field = page.get_by_label("Message to the thread")
    await field.fill("/partner help")
    await field.press("Enter")
    await expect(page.get_by_text("Slash commands do not work in threads.")).to_be_visible()
    assert canned.acts == []


async def test_names_are_completed(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    field = page.get_by_label("Message to #mentoring-partners")
    await field.press_sequentially("Thanks @com")
    await expect(page.get_by_role("option", name="@Common Ground")).to_be_visible()
    await field.press("Tab")
    await expect(field).to_have_value("Thanks @Common Ground ")
    await field.press_sequentially("and @")
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(field).to_have_value("Thanks @Common Ground and @Priya ")


async def test_one_can_change_and_delete_what_one_wrote(page: Page, canned: Canned) -> None:
    mine = message(BO, "Hello <@U0DANA> &amp; all", ts="1794900000.000100")
    canned.state()["messages"][CHANNEL] = [mine]
    await open_channel(page, canned)
    await page.get_by_role("button", name="More about this message").click()
    await page.get_by_role("menuitem", name="Edit").click()
    field = page.get_by_label("Edit your message")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Hello @Dana & all")
    await field.fill("Hello everyone")
    async with page.expect_response("**/sandbox/act"):
        await field.press("Enter")
    assert named(only(canned, "edit"), "ts", "text") == ["1794900000.000100", "Hello everyone"]
    await page.get_by_role("button", name="More about this message").click()
    await page.get_by_role("menuitem", name="Delete").click()
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    assert only(canned, "delete")["ts"] == "1794900000.000100"


async def test_reactions_are_given_and_taken_back(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    mine = page.get_by_role("button", name="tada: Bo, Hui")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    async with page.expect_response("**/sandbox/act"):
        await mine.click()
    assert only(canned, "react")["name"] == "tada"


# ---- windows ------------------------------------------------------------------------------------


async def test_a_form_sends_every_value(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    await expect(dialog.get_by_label("What will you do?")).to_be_focused()
    await dialog.get_by_label("What will you do?").fill("Invite 12 mentees")
    await dialog.get_by_label("Hours (optional)").fill("12")
    await dialog.get_by_role("button", name="Who helps?: Choose some").click()
    await page.get_by_role("option", name="Hui").click()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Everyone here may read this").check()
    async with page.expect_response("**/sandbox/act"):
        await dialog.get_by_role("button", name="Ask", exact=True).click()
    act = only(canned, "submit")
    assert act["view_id"] == "V0MODAL"
    values = {name: next(iter(fields.values())) for name, fields in act["values"].items()}
    assert values["words"] == "Invite 12 mentees"
    assert values["due"] == "2026-11-30"
    assert values["hours"] == "12"
    assert values["owners"] == [HUI]
    assert values["agree"] == ["yes"]
    assert values["long"] is None
    assert values["radios"] == "nobody"


async def test_what_is_missing_or_wrong_is_said_at_its_field(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    await dialog.get_by_label("Email (optional)").fill("nobody")
    await dialog.get_by_label("Hours (optional)").fill("99")
    await dialog.get_by_role("button", name="Ask", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_have_text("3 answers need another look.")
    words = dialog.get_by_label("What will you do?")
    await expect(words).to_be_focused()
    await expect(words).to_have_accessible_description(re.compile("complete this required field"))
    await expect(dialog.get_by_label("Hours (optional)")).to_have_accessible_description(
        "Please enter 40 or less."
    )
    assert canned.acts == []


async def test_what_the_bot_objects_to_is_said_at_its_field(page: Page, canned: Canned) -> None:
    state = canned.state()
    state["modal"] = modal()

    def refuse(act: Json) -> None:
        if act["do"] == "submit":
            state["modal"] = modal(due="That day has passed.")
            canned.version += 1

    canned.answer = refuse
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    await dialog.get_by_label("What will you do?").fill("Invite 12 mentees")
    await dialog.get_by_role("button", name="Ask", exact=True).click()
    due = dialog.get_by_label("By when?")
    await expect(due).to_have_accessible_description("That day has passed.")
    await expect(due).to_be_focused()
    await expect(dialog.get_by_label("What will you do?")).to_have_value("Invite 12 mentees")


async def test_a_field_that_acts_at_once_tells_the_bot(page: Page, canned: Canned) -> None:
    canned.state()["modal"] = modal()
    await open_channel(page, canned)
    dialog = page.get_by_role("dialog", name="A commitment")
    await dialog.get_by_role("button", name="Kind of work: Choose one").click()
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("option", name="Unpaid").click()
    act = only(canned, "act_in_modal")
    assert named(act, "view_id", "block_id", "selected") == ["V0MODAL", "kind", "not"]


async def test_a_form_that_the_bot_updates_keeps_what_was_typed(page: Page, canned: Canned) -> None:
    state = canned.state()
    state["modal"] = modal()
    await open_channel(page, canned)
    field = page.get_by_label("What will you do?")
    await field.press_sequentially("Invite ")
    state["modal"]["view"]["blocks"].insert(
        0, {"type": "header", "block_id": "new", "text": {"type": "plain_text", "text": "New"}}
    )
    await drawn(page, canned)
    await expect(page.get_by_role("heading", name="New")).to_be_visible()
    await page.keyboard.type("12")
    await expect(field).to_have_value("Invite 12")


async def test_closing_a_form_tells_the_server(page: Page, canned: Canned) -> None:
    state = canned.state()

    def close(act: Json) -> None:
        if act["do"] == "close":
            state["modal"] = None
            canned.version += 1

    canned.answer = close
    for way in ("Escape", "Close", "Not now"):
        state["modal"] = modal()
        await open_channel(page, canned)
        dialog = page.get_by_role("dialog", name="A commitment")
        if way == "Escape":
            await page.keyboard.press("Escape")
        else:
            await dialog.get_by_role("button", name=way, exact=True).click()
        await expect(dialog).to_be_hidden()
    assert [act["do"] for act in canned.acts] == ["close"] * 3


# ---- around ------------------------------------------------------------------------------------


async def test_one_can_be_somebody_else(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="You are Bo, Northside Youth").click()
    menu = page.get_by_role("menu")
    await expect(menu).to_contain_text("Harbor Women in Media")
    await menu.get_by_role("menuitemradio", name="Dana").click()
    await expect(page.locator("html")).to_have_attribute("data-me", DANA)
    assert "as=U0DANA" in page.url
    await expect(page.get_by_role("link", name="acme-dei")).to_be_visible()


async def test_days_and_weeks_pass_at_the_press_of_a_button(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await expect(page.locator(".calendar")).to_contain_text("Mon, Nov 16, 2026")
    for label in ("Next day", "Next week"):
        async with page.expect_response("**/sandbox/act"):
            await page.get_by_role("button", name=label).click()
        await expect(page.locator("html")).to_have_attribute("data-working", "false")
    assert [act["do"] for act in canned.acts] == ["next_day", "next_week"]


async def test_a_calendar_that_cannot_move_has_no_buttons(page: Page, canned: Canned) -> None:
    canned.state()["calendar_steps"] = False
    await open_channel(page, canned)
    assert await page.get_by_role("button", name="Next day").count() == 0


async def test_it_shows_that_the_bot_is_working(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    held: list[Route] = []
    await page.route("**/sandbox/act", lambda route: held.append(route))
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.get_by_text("Common Ground is working…")).to_be_visible()
    await held[0].fulfill(json={"ok": True})
    await expect(page.get_by_text("Common Ground is working…")).to_be_hidden()


async def test_unread_news_are_counted_until_they_are_seen(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    news = page.get_by_role("link", name=re.compile("Common Ground.*2 unread"))
    async with page.expect_response("**/sandbox/act"):
        await news.click()
    assert canned.acts == [{"as": BO, "do": "read", "channel": DIRECT}]
    await expect(page.get_by_text("You have two commitments.")).to_be_visible()


async def test_the_app_is_invited_from_the_channels_menu(page: Page, canned: Canned) -> None:
    canned.state()["channels"][0]["bot_in"] = False
    await open_channel(page, canned)
    await page.get_by_role("button", name="More about #mentoring-partners").click()
    async with page.expect_response("**/sandbox/act"):
        await page.get_by_role("menuitem", name="Invite Common Ground").click()
    assert only(canned, "invite_bot")["channel"] == CHANNEL


async def test_a_first_message_to_the_app_begins_the_conversation(
    page: Page, canned: Canned
) -> None:
    state = canned.state()
    direct = state["channels"].pop()

    def begin(act: Json) -> None:
        if act["do"] == "open_dm":
            state["channels"].append(direct)
            canned.version += 1

    canned.answer = begin
    await open_channel(page, canned)
    await page.get_by_role("button", name="Write to Common Ground").click()
    await expect(page.get_by_label("Message to Common Ground")).to_be_visible()


async def test_a_lost_connection_is_said_and_found_again(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await canned.stop()
    await expect(page.get_by_text("Connection lost. Trying again…")).to_be_visible()
    canned.state()["messages"][CHANNEL].append(message(DANA, "While you were away"))
    await canned.start()
    await expect(page.get_by_text("Connection lost.")).to_be_hidden(timeout=20_000)
    await expect(message_with(page, "While you were away")).to_be_visible()


async def test_the_hint_can_be_put_away_until_there_is_another(page: Page, canned: Canned) -> None:
    await open_channel(page, canned)
    await page.get_by_role("button", name="Hide this hint").click()
    await expect(page.get_by_text("Try this:")).to_be_hidden()
    canned.state()["hint"] = "Now write “done”."
    await drawn(page, canned)
    await expect(page.locator(".in-top").get_by_text("Now write “done”.")).to_be_visible()


async def test_what_slack_says_stays_until_one_acts_again(page: Page, canned: Canned) -> None:
    state = canned.state()
    state["notices"] = ["/x is not a valid command."]
    await open_channel(page, canned)
    state["notices"] = []
    await drawn(page, canned)
    await expect(page.get_by_text("/x is not a valid command.")).to_be_visible()
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.get_by_text("/x is not a valid command.")).to_be_hidden()


async def test_home_elements_act_on_the_home_view(page: Page, canned: Canned) -> None:
    await open_page(page, canned, "#/home", as_=DANA)
    async with page.expect_response(
        lambda response: "act_in_modal" in (response.request.post_data or "")
    ):
        await page.get_by_role("button", name="Yes", exact=True).click()
    act = only(canned, "act_in_modal")
    assert named(act, "view_id", "action_id", "value") == ["V0HOME", "yes", "7"]


async def test_a_button_that_became_text_leaves_the_focus_with_its_message(
    page: Page, canned: Canned
) -> None:
    state = canned.state()
    asked = message(
        APP,
        "Agree?",
        [{"type": "actions", "block_id": "b", "elements": [button("Agree", "agree")]}],
        ts="1794900000.000100",
    )
    state["messages"][CHANNEL] = [asked]

    def used(act: Json) -> None:
        if act["do"] == "click":
            text = {"type": "mrkdwn", "text": "Bo agreed."}
            asked["blocks"] = [{"type": "section", "block_id": "s", "text": text}]
            canned.version += 1

    canned.answer = used
    await open_channel(page, canned)
    await page.get_by_role("button", name="Agree").press("Enter")
    await expect(page.get_by_text("Bo agreed.")).to_be_visible()
    await expect(page.locator("[data-message='1794900000.000100']")).to_be_focused()


async def test_every_element_of_a_message_can_be_reached(page: Page, canned: Canned) -> None:
    """The gallery has each element once; none falls through to the box for unknown ones."""
    await open_channel(page, canned)
    drawn_unknown = await page.locator(".message.only-you .unknown").all_inner_texts()
    assert drawn_unknown == ["Not shown here: hologram"]
    kinds = {
        one["type"]
        for each in element_blocks()
        for one in [*each.get("elements", []), each.get("accessory") or {"type": "hologram"}]
    }
    assert {"static_select", "multi_users_select", "datepicker", "icon_button"} <= kinds
