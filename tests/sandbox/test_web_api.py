"""What the app can ask: people, channels, history by pages, links."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

ROOM = "mentoring-partners"


async def test_the_app_learns_who_it_is_and_what_it_may(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert answer["team"] == "Acme"
    assert answer["user_id"] == sandbox.slack.app.bot_user_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_people_of_other_workspaces_come_with_their_team(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    bo, hui, mara = (sandbox.person(name).id for name in ("bo", "hui", "mara"))
    partner = (await client.users_info(user=bo))["user"]
    assert partner["team_id"] == partner["profile"]["team"] == sandbox.person("bo").user.team_id
    assert partner["is_stranger"] is False
    assert partner["tz"] == "America/Chicago"
    assert "email" not in partner["profile"]
    guest = (await client.users_info(user=hui))["user"]
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, False)
    single = (await client.users_info(user=mara))["user"]
    assert (single["is_restricted"], single["is_ultra_restricted"]) == (True, True)
    listed = (await client.users_list())["members"]
    assert bo not in {user["id"] for user in listed}
    bot = (await client.users_info(user=sandbox.slack.app.bot_user_id))["user"]
    assert bot["is_bot"] is True


async def test_a_shared_channel_says_with_whom(sandbox: Sandbox, client: AsyncWebClient) -> None:
    room = sandbox.world.find_channel(ROOM)
    channel = (await client.conversations_info(channel=room.id))["channel"]
    assert channel["is_ext_shared"] is True
    assert channel["connected_team_ids"] == [sandbox.person("bo").user.team_id]
    assert channel["is_member"] is True


async def test_members_come_by_pages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    room = sandbox.world.find_channel(ROOM)
    found: list[str] = []
    async for page in await client.conversations_members(channel=room.id, limit=3):
        assert len(page["members"]) <= 3
        found += page["members"]
    assert found == room.members
    assert len(found) == 7


async def test_history_comes_newest_first_by_pages_and_ranges(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    room = sandbox.world.find_channel(ROOM)
    start = (await client.chat_postMessage(channel=room.id, text="0"))["ts"]
    for number in range(1, 6):
        await client.chat_postMessage(channel=room.id, text=str(number))
    texts: list[str] = []
    async for page in await client.conversations_history(
        channel=room.id, oldest=start, inclusive=True, limit=2
    ):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["5", "4", "3", "2", "1", "0"]
    exclusive = await client.conversations_history(channel=room.id, oldest=start)
    assert "0" not in [message["text"] for message in exclusive["messages"]]
    one = await client.conversations_history(
        channel=room.id, oldest=start, latest=start, inclusive=True
    )
    assert [message["ts"] for message in one["messages"]] == [start]


async def test_history_leaves_replies_out_and_replies_have_the_parent_first(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    room = sandbox.world.find_channel(ROOM)
    parent = (await client.chat_postMessage(channel=room.id, text="Prompt"))["ts"]
    bo = sandbox.person("bo")
    for text in ("one", "two", "three"):
        await bo.says(text, thread=parent)
    history = await client.conversations_history(channel=room.id)
    assert history["messages"][0]["text"] == "Prompt"
    assert history["messages"][0]["reply_count"] == 3
    assert history["messages"][0]["reply_users"] == [bo.id]
    first = await client.conversations_replies(channel=room.id, ts=parent, limit=2)
    assert [m["text"] for m in first["messages"]] == ["Prompt", "one", "two"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel=room.id, ts=parent, limit=2, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["Prompt", "three"]
    assert rest["has_more"] is False


async def test_a_direct_message_is_opened_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    bo = sandbox.person("bo")
    first = await client.conversations_open(users=[bo.id])
    again = await client.conversations_open(users=bo.id)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"] is True
    sent = await client.chat_postMessage(channel=bo.id, text="Only for you")
    assert sent["channel"] == first["channel"]["id"]
    assert [message.text for message in bo.dm()] == ["Only for you"]
    assert not sandbox.person("dana").sees("Only for you")


async def test_the_apps_conversations_are_listed_by_kind(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await client.conversations_open(users=sandbox.person("dana").id)
    public = await client.users_conversations()
    assert [channel["name"] for channel in public["channels"]] == [ROOM]
    everything = await client.users_conversations(types="public_channel,private_channel,im")
    assert len(everything["channels"]) == 2


async def test_a_link_to_a_reply_names_its_thread(sandbox: Sandbox, client: AsyncWebClient) -> None:
    room = sandbox.world.find_channel(ROOM).id
    parent = (await client.chat_postMessage(channel=room, text="Prompt"))["ts"]
    reply = await client.chat_postMessage(channel=room, text="Note", thread_ts=parent)
    link = await client.chat_getPermalink(channel=room, message_ts=reply["ts"])
    assert f"thread_ts={parent}" in link["permalink"]


async def test_an_update_keeps_or_replaces_what_it_names(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    room = sandbox.world.find_channel(ROOM).id
    metadata = {"event_type": "outgoing", "event_payload": {"key": "k"}}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Old"}}]
    ts = (
        await client.chat_postMessage(channel=room, text="Old", blocks=blocks, metadata=metadata)
    )["ts"]
    blocks[0]["text"] = {"type": "mrkdwn", "text": "New"}
    await client.chat_update(channel=room, ts=ts, text="New", blocks=blocks)
    history = await client.conversations_history(channel=room, include_all_metadata=True)
    message = history["messages"][0]
    assert message["blocks"][0]["text"]["text"] == "New"
    assert message["metadata"] == metadata
    await client.chat_update(channel=room, ts=ts, text="Plain", blocks=[])
    assert "blocks" not in (await client.conversations_history(channel=room))["messages"][0]


async def test_calls_are_kept_without_their_token(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=sandbox.world.find_channel(ROOM).id, text="Hello")
    call = sandbox.calls[-1]
    assert (call.method, call.status, call.result["ok"]) == ("chat.postMessage", 200, True)
    assert sandbox.bot_token not in str(call.args)


async def test_a_manifest_gives_scopes_commands_and_events() -> None:
    manifest = {
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_read_only_enabled": True},
            "slash_commands": [{"command": "/partner", "description": "d", "should_escape": True}],
            "shortcuts": [{"name": "Keep", "callback_id": "keep", "type": "message"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    sandbox = Sandbox.from_manifest(manifest)
    assert sandbox.config.scopes == {"chat:write", "commands"}
    assert sandbox.config.events == {"app_mention"}
    assert sandbox.config.commands[0].should_escape
    assert sandbox.config.shortcuts[0].callback_id == "keep"
    assert not sandbox.config.messages_tab
