"""What the app hears of what happens, over Socket Mode with Bolt."""

from bot.sandbox import Sandbox

from .conftest import Bot, HandClock

ROOM = "mentoring-partners"


async def test_the_app_hears_of_its_own_arrival_and_departure(sandbox: Sandbox, bot: Bot) -> None:
    dana = sandbox.person("dana")
    await dana.removes_app(ROOM)
    left = await bot.hears("member_left_channel")
    assert left["user"] == sandbox.slack.app.bot_user_id
    await bot.hears("channel_left")
    await dana.invites_app(ROOM)
    joined = await bot.hears("member_joined_channel")
    assert joined["user"] == sandbox.slack.app.bot_user_id
    assert joined["inviter"] == dana.id
    assert joined["channel_type"] == "C"
    line = await bot.hears("message", "channel_join")
    assert line["inviter"] == dana.id


async def test_the_app_hears_its_own_messages_with_their_bot_id(sandbox: Sandbox, bot: Bot) -> None:
    room = sandbox.world.find_channel(ROOM).id
    metadata = {"event_type": "outgoing", "event_payload": {"key": "k"}}
    await bot.client.chat_postMessage(channel=room, text="Hello", metadata=metadata)
    event = await bot.hears("message")
    assert event["bot_id"] == sandbox.slack.app.bot_id
    assert event["app_id"] == event["bot_profile"]["app_id"] == sandbox.slack.app.id
    assert "metadata" not in event


async def test_an_edit_comes_with_both_texts(sandbox: Sandbox, bot: Bot) -> None:
    bo = sandbox.person("bo")
    ts = await bo.says("By Friday", channel=ROOM)
    await bo.edits(ts, "By Monday")
    event = await bot.hears("message", "message_changed")
    assert event["message"]["text"] == "By Monday"
    assert event["message"]["edited"]["user"] == bo.id
    assert event["previous_message"]["text"] == "By Friday"
    assert event["message"]["ts"] == event["previous_message"]["ts"] == ts
    assert event["ts"] > ts
    assert event["message"]["user_team"] == bo.user.team_id


async def test_a_deletion_names_the_message(sandbox: Sandbox, bot: Bot) -> None:
    bo = sandbox.person("bo")
    ts = await bo.says("Never mind", channel=ROOM)
    await bo.deletes(ts)
    event = await bot.hears("message", "message_deleted")
    assert event["deleted_ts"] == event["previous_message"]["ts"] == ts
    assert not bo.sees("Never mind")


async def test_a_deleted_message_with_replies_leaves_a_tombstone(
    sandbox: Sandbox, bot: Bot
) -> None:
    room = sandbox.world.find_channel(ROOM).id
    card = (await bot.client.chat_postMessage(channel=room, text="Card"))["ts"]
    bo, dana = sandbox.person("bo"), sandbox.person("dana")
    reply = await bo.says("A reply", thread=card)
    await dana.deletes(card)
    event = await bot.hears("message", "message_changed")
    assert event["message"]["subtype"] == "tombstone"
    assert event["message"]["ts"] == event["message"]["thread_ts"] == card
    assert event["previous_message"]["bot_id"] == sandbox.slack.app.bot_id
    thread = await bot.client.conversations_replies(channel=room, ts=card)
    assert [m.get("subtype") for m in thread["messages"]] == ["tombstone", None]
    await bo.deletes(reply)
    last = await bot.hears("message", "message_deleted", count=2)
    assert last["previous_message"]["subtype"] == "tombstone"


async def test_the_deletion_of_the_apps_message_is_told(sandbox: Sandbox, bot: Bot) -> None:
    room = sandbox.world.find_channel(ROOM).id
    card = (await bot.client.chat_postMessage(channel=room, text="Card"))["ts"]
    await bot.client.chat_delete(channel=room, ts=card)
    event = await bot.hears("message", "message_deleted")
    assert event["previous_message"]["bot_id"] == sandbox.slack.app.bot_id


async def test_a_reply_sent_to_the_channel_too_is_a_thread_broadcast(
    sandbox: Sandbox, bot: Bot
) -> None:
    bo = sandbox.person("bo")
    first = await bo.says("A question", channel=ROOM)
    await bo.says("For all", thread=first, broadcast=True)
    event = await bot.hears("message", "thread_broadcast")
    assert event["thread_ts"] == first
    room = sandbox.world.find_channel(ROOM).id
    history = await bot.client.conversations_history(channel=room)
    assert history["messages"][0]["text"] == "For all"


async def test_a_reply_names_its_threads_author(sandbox: Sandbox, bot: Bot) -> None:
    bo, hui = sandbox.person("bo"), sandbox.person("hui")
    first = await bo.says("A question", channel=ROOM)
    await hui.says("An answer", thread=first)
    event = await bot.hears("message", count=2)
    assert event["thread_ts"] == first
    assert event["parent_user_id"] == bo.id
    assert event["team"] == sandbox.slack.app.team_id
    assert "user_team" not in event


async def test_archiving_takes_the_app_out(sandbox: Sandbox, bot: Bot) -> None:
    dana = sandbox.person("dana")
    await dana.archives(ROOM)
    assert (await bot.hears("channel_archive"))["user"] == dana.id
    assert not sandbox.slack.bot_in(sandbox.world.find_channel(ROOM))
    await dana.unarchives(ROOM)
    await dana.invites_app(ROOM)
    await bot.hears("member_joined_channel")


async def test_ending_the_sharing_takes_the_partners_out(sandbox: Sandbox, bot: Bot) -> None:
    dana, bo = sandbox.person("dana"), sandbox.person("bo")
    await dana.stops_sharing(ROOM, "northside")
    event = await bot.hears("channel_unshared")
    assert event["previously_connected_team_id"] == bo.user.team_id
    room = sandbox.world.find_channel(ROOM)
    members = await bot.client.conversations_members(channel=room.id)
    assert bo.id not in members["members"]
    info = await bot.client.conversations_info(channel=room.id)
    assert info["channel"]["is_ext_shared"] is False


async def test_other_names_other_ids_and_the_end_of_a_channel_are_told(
    sandbox: Sandbox, bot: Bot
) -> None:
    dana, room = sandbox.person("dana"), sandbox.world.find_channel(ROOM)
    await dana.says("Before", channel=ROOM)
    await dana.renames(ROOM, "mentoring")
    assert (await bot.hears("channel_rename"))["channel"]["name"] == "mentoring"
    old = room.id
    sandbox.change_channel_id("mentoring", "C0NEWID000")
    changed = await bot.hears("channel_id_changed")
    assert (changed["old_channel_id"], changed["new_channel_id"]) == (old, "C0NEWID000")
    history = await bot.client.conversations_history(channel="C0NEWID000")
    assert "Before" in [message["text"] for message in history["messages"]]
    await dana.invites_app("acme-dei")
    await dana.deletes_channel("acme-dei")
    await bot.hears("group_deleted")
    assert "acme-dei" not in [channel.name for channel in sandbox.world.channels.values()]


async def test_reactions_are_told_without_a_team(sandbox: Sandbox, bot: Bot) -> None:
    bo, dana = sandbox.person("bo"), sandbox.person("dana")
    ts = await dana.says("I will", channel=ROOM)
    await bo.reacts(ts, "memo")
    event = await bot.hears("reaction_added")
    assert event["item"]["ts"] == ts
    assert event["item_user"] == dana.id
    assert "user_team" not in event
    assert bot.heard[-1]["team_id"] == sandbox.slack.app.team_id
    await bo.reacts(ts, "memo")
    await bot.hears("reaction_removed")


async def test_the_home_tab_is_opened_and_published(sandbox: Sandbox, bot: Bot) -> None:
    dana = sandbox.person("dana")
    await dana.opens_home()
    event = await bot.hears("app_home_opened")
    assert event["tab"] == "home"
    assert "view" not in event
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await bot.client.views_publish(user_id=dana.id, view=home)
    await dana.opens_home()
    again = await bot.hears("app_home_opened", count=2)
    assert again["view"]["app_installed_team_id"] == sandbox.slack.app.team_id


async def test_a_direct_message_is_heard_without_a_mention_event(
    sandbox: Sandbox, bot: Bot
) -> None:
    bo = sandbox.person("bo")
    await bo.tells_app("mine, @Common Ground")
    event = await bot.hears("message")
    assert event["channel_type"] == "im"
    assert event["channel"].startswith("D")
    assert not bot.events("app_mention")


async def test_uninstalling_is_told_and_ends_the_token(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.uninstall()
    await bot.hears("tokens_revoked")


async def test_timestamps_follow_the_calendar_and_never_repeat(
    sandbox: Sandbox, clock: HandClock
) -> None:
    bo = sandbox.person("bo")
    first = await bo.says("One", channel=ROOM)
    second = await bo.says("Two", channel=ROOM)
    clock.move(days=7)
    later = await bo.says("Three", channel=ROOM)
    clock.move(days=-30)
    after = await bo.says("Four", channel=ROOM)
    assert first < second < later < after
    assert float(later) - float(second) > 6 * 86_400
    assert first.startswith("1794841200.")
