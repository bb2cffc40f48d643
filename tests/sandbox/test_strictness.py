"""The checklist: each strictness of the sandbox, tried over the wire, answers with Slack's name."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import AppConfig, Limits, Sandbox
from bot.sandbox.strictness import STRICTNESSES, Strictness

from .conftest import HandTime, Make, client_of
from .raw import HttpApp, Listener, text_block

FAST = Limits(ack=0.15, retries=(0.0, 0.05, 0.05))
Json = dict[str, Any]


class Try:
    """What one check has at hand: a sandbox, its client, and the error that came."""

    def __init__(self, make: Make, session: aiohttp.ClientSession) -> None:
        self.make = make
        self.session = session
        self.sandbox: Sandbox

    async def begin(self, **options: Any) -> "Try":
        invited = options.pop("invited", True)
        self.sandbox = await self.make(**options)
        self.client = client_of(self.sandbox, self.session)
        self.room = self.sandbox.world.find_channel("mentoring-partners").id
        self.secret = self.sandbox.world.find_channel("acme-dei").id
        self.dana, self.bo = self.sandbox.person("dana"), self.sandbox.person("bo")
        if invited == "silently":
            app = self.sandbox.slack.app.bot_user_id
            self.sandbox.world.find_channel("mentoring-partners").members.append(app)
        elif invited:
            await self.dana.invites_app("mentoring-partners")
        return self

    async def error(self, method: str, **args: Any) -> str:
        """Call, and give the error's name and details."""
        try:
            answer = await self.client.api_call(method, params=args)
        except SlackApiError as refusal:
            return json.dumps(refusal.response.data)
        raise AssertionError(f"{method} was allowed: {answer.data!r}")

    async def json_error(self, method: str, **args: Any) -> str:
        try:
            answer = await self.client.api_call(method, json=args)
        except SlackApiError as refusal:
            return json.dumps(refusal.response.data)
        raise AssertionError(f"{method} was allowed: {answer.data!r}")

    async def raw(self, body: str, content_type: str = "application/json") -> str:
        headers = {
            "Authorization": f"Bearer {self.sandbox.bot_token}",
            "Content-Type": content_type,
        }
        url = self.sandbox.api_url + "chat.postMessage"
        async with self.session.post(url, data=body, headers=headers) as answer:
            return await answer.text()

    async def post(self, *blocks: Json, text: str = "Hello", **more: Any) -> str:
        """Post, expecting a refusal."""
        return await self.json_error(
            "chat.postMessage", channel=self.room, text=text, blocks=list(blocks), **more
        )

    async def posted(self, **args: Any) -> Json:
        args.setdefault("text", "Hello")
        answer = await self.client.chat_postMessage(channel=self.room, **args)
        assert isinstance(answer.data, dict)
        return answer.data

    def trigger(self) -> str:
        return self.sandbox.slack.tickets.trigger(self.dana.id)

    async def view(self, **changes: Any) -> str:
        """Open a modal, expecting a refusal."""
        return await self.json_error("views.open", trigger_id=self.trigger(), view=modal(**changes))


def modal(**changes: Any) -> Json:
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Title"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": {"type": "plain_text", "text": "Words"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }
    return {name: value for name, value in {**view, **changes}.items() if value is not None}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str = "Yes", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def menu(**more: Any) -> Json:
    options = [{"text": plain("One"), "value": "1"}]
    return actions({"type": "static_select", "options": options, **more})


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def chart(**more: Any) -> Json:
    series = [{"name": "Hours", "data": [{"label": "Oct", "value": 3}]}]
    block = {
        "type": "data_visualization",
        "title": "Hours",
        "chart": {"type": "line", "series": series, "axis_config": {"categories": ["Oct"]}},
    }
    return {**block, **more}


def line(series: int = 1, points: int = 1, label: str = "{}") -> Json:
    names = [label.format(n) for n in range(points)]
    data = [{"label": name, "value": 1} for name in names]
    rows = [{"name": f"s{n}", "data": data} for n in range(series)]
    return chart(chart={"type": "line", "series": rows, "axis_config": {"categories": names}})


Check = Callable[[Try], Awaitable[str]]
CHECKS: dict[str, Check] = {}


def check(key: str) -> Callable[[Check], Check]:
    def add(function: Check) -> Check:
        assert key not in CHECKS, key
        CHECKS[key] = function
        return function

    return add


# --- calls ----------------------------------------------------------------------------------------


@check("unknown_method")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.shout")


@check("no_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = None
    return await t.error("auth.test")


@check("bad_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = "xoxb-somebody-else"
    return await t.error("auth.test")


@check("wrong_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = t.sandbox.app_token
    return await t.error("chat.postMessage", channel=t.room, text="Hello")


@check("uninstalled")
async def _(t: Try) -> str:
    (await t.begin()).sandbox.uninstall()
    return await t.error("auth.test")


@check("scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["users:read"])
    error = await t.error("chat.postMessage", channel=t.room, text="Hello")
    assert json.loads(error)["needed"] == "chat:write"
    assert json.loads(error)["provided"] == "users:read"
    return error


@check("scope_of_kind")
async def _(t: Try) -> str:
    await t.begin(scopes=["channels:read", "channels:history"])
    await t.dana.invites_app("acme-dei")
    await t.client.conversations_info(channel=t.room)
    error = await t.error("conversations.info", channel=t.secret)
    assert json.loads(error)["needed"] == "groups:read"
    return error


@check("argument")
async def _(t: Try) -> str:
    error = await (await t.begin()).error("chat.update", channel=t.room, text="Hello")
    assert "missing required field: ts" in error
    return error


@check("json_for_reading")
async def _(t: Try) -> str:
    return await (await t.begin()).json_error("users.info", user=t.sandbox.person("dana").id)


@check("bad_json")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("{")


@check("json_list")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("[]")


@check("post_type")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("<a/>", "application/xml")


@check("bad_cursor")
async def _(t: Try) -> str:
    return await (await t.begin()).error("conversations.members", channel=t.room, cursor="no")


@check("bad_oldest")
async def _(t: Try) -> str:
    return await (await t.begin()).error("conversations.history", channel=t.room, oldest="today")


# --- messages -------------------------------------------------------------------------------------


@check("no_text")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.room, text="  ")


@check("text_cut")
async def _(t: Try) -> str:
    await t.begin()
    answer = await t.posted(text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    return str(answer["response_metadata"]["warnings"])


@check("long_update")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.client.chat_update(channel=t.room, ts=ts, text="x" * 4000)
    return await t.error("chat.update", channel=t.room, ts=ts, text="x" * 4001)


@check("blocks_text")
async def _(t: Try) -> str:
    await t.begin()
    return await t.post(*[text_block("x" * 2700) for _ in range(5)])


@check("blocks_json")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.room, blocks="[{")


@check("channel")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel="C0NOWHERE0", text="Hello")


@check("private_channel")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.secret, text="Hello")


@check("not_in_channel")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    error = await t.error("chat.postMessage", channel=t.room, text="Hello")
    assert "not_in_channel" in await t.error("conversations.history", channel=t.room)
    return error


@check("archived")
async def _(t: Try) -> str:
    await t.begin()
    await t.dana.archives("mentoring-partners")
    return await t.error("chat.postMessage", channel=t.room, text="Hello")


@check("update_archived")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.dana.archives("mentoring-partners")
    return await t.error("chat.update", channel=t.room, ts=ts, text="Hello again")


@check("ephemeral_stranger")
async def _(t: Try) -> str:
    await t.begin()
    await t.bo.leaves("mentoring-partners")
    return await t.error("chat.postEphemeral", channel=t.room, user=t.bo.id, text="Psst")


@check("ephemeral_update")
async def _(t: Try) -> str:
    await t.begin()
    sent = await t.client.chat_postEphemeral(channel=t.room, user=t.bo.id, text="Psst")
    assert t.bo.sees("Psst")
    assert not t.dana.sees("Psst")
    return await t.error("chat.update", channel=t.room, ts=sent["message_ts"], text="Hello")


@check("message")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.client.chat_delete(channel=t.room, ts=ts)
    return await t.error("chat.update", channel=t.room, ts=ts, text="Hello")


@check("others_update")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Mine", channel="mentoring-partners")
    return await t.error("chat.update", channel=t.room, ts=ts, text="Yours")


@check("others_delete")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Mine", channel="mentoring-partners")
    return await t.error("chat.delete", channel=t.room, ts=ts)


@check("thread")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "conversations.replies", channel=t.room, ts="1700000000.000001"
    )


@check("bad_thread_ts")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "chat.postMessage", channel=t.room, text="Hello", thread_ts="yesterday"
    )


@check("gone_parent")
async def _(t: Try) -> str:
    await t.begin()
    first = (await t.posted())["ts"]
    reply = await t.posted(thread_ts=first)
    assert reply["message"]["thread_ts"] == first
    await t.client.chat_delete(channel=t.room, ts=reply["ts"])
    await t.client.chat_delete(channel=t.room, ts=first)
    late = await t.posted(thread_ts=first)
    return "no thread_ts in the answer" if "thread_ts" not in late["message"] else "threaded"


@check("metadata_shape")
async def _(t: Try) -> str:
    return await (await t.begin()).post(metadata={"key": "1"})


@check("metadata_size")
async def _(t: Try) -> str:
    metadata = {"event_type": "outgoing", "event_payload": {"key": "x" * 20_000}}
    return await (await t.begin()).post(metadata=metadata)


@check("metadata_hidden")
async def _(t: Try) -> str:
    await t.begin()
    metadata = {"event_type": "outgoing", "event_payload": {"key": "1"}}
    posted = await t.posted(metadata=metadata)
    assert posted["message"]["metadata"] == metadata
    without = await t.client.conversations_history(channel=t.room)
    assert without["messages"][0]["metadata"] == {"event_type": "outgoing"}
    shown = await t.client.conversations_history(channel=t.room, include_all_metadata=True)
    assert shown["messages"][0]["metadata"] == metadata
    return "include_all_metadata"


@check("metadata_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["chat:write", "channels:history"])
    metadata = {"event_type": "outgoing", "event_payload": {"key": "1"}}
    await t.posted(metadata=metadata)
    shown = await t.client.conversations_history(channel=t.room, include_all_metadata=True)
    return " and ".join(shown["messages"][0]["metadata"]) + " only"


@check("username")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "chat.postMessage", channel=t.room, text="Hello", username="Somebody"
    )


@check("rate")
async def _(t: Try) -> str:
    time = HandTime()
    await t.begin(pace=True, real_time=time)
    await t.posted()
    await t.posted()
    error = await t.error("chat.postMessage", channel=t.room, text="Too fast")
    with pytest.raises(SlackApiError) as refused:
        await t.client.chat_postMessage(channel=t.room, text="Too fast")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    dm = await t.client.chat_postMessage(channel=t.dana.id, text="Elsewhere it may")
    assert dm["ok"]
    time.seconds += 1.0
    await t.posted()
    assert "ratelimited" in await t.error("chat.postMessage", channel=t.room, text="Too fast")
    return error


@check("dm_stranger")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    return await t.error("chat.postMessage", channel=t.bo.id, text="Hello")


@check("open_stranger")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    info = await t.client.users_info(user=t.bo.id)
    assert info["user"]["is_stranger"] is True
    return await t.error("conversations.open", users=t.bo.id)


@check("open_bot")
async def _(t: Try) -> str:
    await t.begin()
    return await t.error("conversations.open", users=t.sandbox.slack.app.bot_user_id)


@check("user")
async def _(t: Try) -> str:
    return await (await t.begin()).error("users.info", user="U0NOBODY00")


@check("email")
async def _(t: Try) -> str:
    await t.begin(scopes=["users:read", "users:read.email"])
    found = await t.client.users_lookupByEmail(email="dana@acme.example")
    assert found["user"]["id"] == t.dana.id
    return await t.error("users.lookupByEmail", email="nobody@acme.example")


@check("team")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    team = t.bo.user.team_id
    error = await t.error("team.info", team=team)
    await t.dana.invites_app("mentoring-partners")
    assert (await t.client.team_info(team=team))["team"]["name"] == "Northside Youth"
    return error


@check("reaction_twice")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Hello", channel="mentoring-partners")
    await t.client.reactions_add(channel=t.room, timestamp=ts, name="memo")
    return await t.error("reactions.add", channel=t.room, timestamp=ts, name="memo")


# --- blocks: each just over its limit; test_blocks.py tries what fits -----------------------------

BAD_BLOCKS: dict[str, list[Json]] = {
    "51_blocks": [{"type": "divider"}] * 51,
    "unknown_block": [{"type": "banner"}],
    "unknown_field": [{**text_block("Hello"), "color": "red"}],
    "section_text": [text_block("x" * 3001)],
    "empty_text": [text_block("")],
    "fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "field_text": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "header": [{"type": "header", "text": plain("x" * 151)}],
    "header_mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "context": [{"type": "context", "elements": [plain("x")] * 11}],
    "actions": [actions(*[button() for _ in range(26)])],
    "button_text": [actions(button("x" * 76))],
    "button_value": [actions(button(value="x" * 2001))],
    "button_style": [actions(button(style="loud"))],
    "action_id": [actions(button(action_id="x" * 256))],
    "block_id": [{"type": "divider", "block_id": "x" * 256}],
    "block_id_twice": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    "action_id_twice": [actions(button(action_id="a"), button(action_id="a"))],
    "options": [menu(options=[{"text": plain("x"), "value": str(n)} for n in range(101)])],
    "no_options": [menu(options=[])],
    "option_text": [menu(options=[{"text": plain("x" * 76), "value": "1"}])],
    "option_value": [menu(options=[{"text": plain("x"), "value": "1" * 151}])],
    "overflow": [
        actions({"type": "overflow", "options": [{"text": plain("x"), "value": "1"}] * 6})
    ],
    "checkboxes": [
        actions({"type": "checkboxes", "options": [{"text": plain("x"), "value": "1"}] * 11})
    ],
    "placeholder": [menu(placeholder=plain("x" * 151))],
    "confirm": [
        actions(
            button(
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("x" * 301),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                }
            )
        )
    ],
    "markdown": [{"type": "markdown", "text": "x" * 12_001}],
    "two_tables": [{"type": "table", "rows": [[cell("x")]]}] * 2,
    "table_rows": [{"type": "table", "rows": [[cell("x")]] * 101}],
    "data_table_rows": [{"type": "data_table", "caption": "All", "rows": [[cell("x")]]}],
    "data_table_caption": [{"type": "data_table", "rows": [[cell("x")]] * 2}],
    "data_table_header": [
        {
            "type": "data_table",
            "caption": "All",
            "rows": [
                [
                    {
                        "type": "rich_text",
                        "elements": [{"type": "rich_text_section", "elements": []}],
                    }
                ],
                [cell("x")],
            ],
        }
    ],
    "data_table_ragged": [
        {"type": "data_table", "caption": "All", "rows": [[cell("x")], [cell("x"), cell("y")]]}
    ],
    "chart_title": [chart(title="x" * 51)],
    "chart_segments": [chart(chart={"type": "pie", "segments": [{"label": "x", "value": 1}] * 7})],
    "chart_series": [line(series=7)],
    "chart_points": [line(points=21)],
    "chart_label": [line(label="x" * 20 + "{}")],
    "chart_categories": [
        chart(
            chart={
                "type": "bar",
                "series": [{"name": "Hours", "data": [{"label": "Nov", "value": 1}]}],
                "axis_config": {"categories": ["Oct"]},
            }
        )
    ],
    "three_charts": [chart()] * 3,
}


def _bad_blocks(blocks: list[Json]) -> Check:
    async def try_it(t: Try) -> str:
        await t.begin()
        error = await t.post(*blocks)
        assert "[json-pointer:/blocks" in error
        return error

    return try_it


CHECKS |= {key: _bad_blocks(blocks) for key, blocks in BAD_BLOCKS.items()}


@check("wrong_surface")
async def _(t: Try) -> str:
    return await (await t.begin()).view(blocks=[chart()])


# --- views ----------------------------------------------------------------------------------------


@check("101_blocks")
async def _(t: Try) -> str:
    return await (await t.begin()).view(blocks=[{"type": "divider"}] * 101)


@check("view_title")
async def _(t: Try) -> str:
    error = await (await t.begin()).view(title=plain("x" * 25))
    assert "must be less than 25 characters [json-pointer:/view/title/text]" in error
    return error


@check("view_submit")
async def _(t: Try) -> str:
    return await (await t.begin()).view(submit=plain("x" * 25))


@check("no_submit")
async def _(t: Try) -> str:
    return await (await t.begin()).view(submit=None)


@check("private_metadata")
async def _(t: Try) -> str:
    return await (await t.begin()).view(private_metadata="x" * 3001)


@check("label")
async def _(t: Try) -> str:
    block = {**modal()["blocks"][0], "label": plain("x" * 2001)}
    return await (await t.begin()).view(blocks=[block])


@check("view_size")
async def _(t: Try) -> str:
    blocks = [text_block("x" * 3000) for _ in range(90)]
    return await (await t.begin()).view(blocks=blocks)


@check("trigger_late")
async def _(t: Try) -> str:
    time = HandTime()
    await t.begin(real_time=time)
    late, soon = t.trigger(), t.trigger()
    time.seconds += 2.9
    await t.client.views_open(trigger_id=soon, view=modal())
    time.seconds += 0.2
    return await t.json_error("views.open", trigger_id=late, view=modal())


@check("trigger_twice")
async def _(t: Try) -> str:
    await t.begin()
    trigger = t.trigger()
    await t.client.views_open(trigger_id=trigger, view=modal())
    return await t.json_error("views.open", trigger_id=trigger, view=modal())


@check("trigger_unknown")
async def _(t: Try) -> str:
    return await (await t.begin()).json_error("views.open", trigger_id="1.2.abc", view=modal())


@check("fourth_view")
async def _(t: Try) -> str:
    await t.begin()
    opened = await t.client.views_open(trigger_id=t.trigger(), view=modal())
    for _ in range(2):
        trigger = t.sandbox.slack.tickets.trigger(t.dana.id, opened["view"]["id"])
        pushed = await t.client.views_push(trigger_id=trigger, view=modal())
        assert pushed["view"]["root_view_id"] == opened["view"]["id"]
    trigger = t.sandbox.slack.tickets.trigger(t.dana.id, opened["view"]["id"])
    return await t.json_error("views.push", trigger_id=trigger, view=modal())


@check("view_gone")
async def _(t: Try) -> str:
    await t.begin()
    opened = await t.client.views_open(trigger_id=t.trigger(), view=modal())
    await t.dana.closes()
    return await t.json_error("views.update", view_id=opened["view"]["id"], view=modal())


@check("hash")
async def _(t: Try) -> str:
    await t.begin()
    view = (await t.client.views_open(trigger_id=t.trigger(), view=modal()))["view"]
    await t.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    return await t.json_error("views.update", view_id=view["id"], hash=view["hash"], view=modal())


@check("external_id")
async def _(t: Try) -> str:
    await t.begin()
    bo = t.sandbox.slack.tickets.trigger(t.bo.id)
    await t.client.views_open(trigger_id=bo, view=modal(external_id="only"))
    return await t.view(external_id="only")


@check("home_off")
async def _(t: Try) -> str:
    await t.begin()
    home = {"type": "home", "blocks": [text_block("Hello")]}
    await t.client.views_publish(user_id=t.dana.id, view=home)
    assert t.dana.sees("Hello")
    await t.begin(config=AppConfig(home_tab=False), invited=False)
    return await t.json_error("views.publish", user_id=t.dana.id, view=home)


@check("home_external")
async def _(t: Try) -> str:
    home = {"type": "home", "blocks": [text_block("Hello")]}
    await t.begin()
    return await t.json_error("views.publish", user_id=t.bo.id, view=home)


@check("errors_nowhere")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        app.answers["view_submission"] = {
            "response_action": "errors",
            "errors": {"elsewhere": "Wrong"},
        }
        await t.client.views_open(trigger_id=t.trigger(), view=modal())
        reply = await t.dana.submits({"Words": "some"})
    return str(reply.notice)


@check("required")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.client.views_open(trigger_id=t.trigger(), view=modal())
        await t.dana.submits()
        assert not app.payloads
    return "; ".join(t.dana.modal.errors.values()) if t.dana.modal else ""


# --- response_url ---------------------------------------------------------------------------------


async def _response_url(t: Try, real_time: HandTime | None = None) -> str:
    await t.begin(**({"real_time": real_time} if real_time else {}))
    key = t.sandbox.slack.tickets.reply_to(t.dana.id, t.room)
    return f"{t.sandbox.url}/response/{key}"


async def _send(t: Try, url: str, **body: Any) -> str:
    async with t.session.post(url, json=body) as answer:
        return await answer.text()


@check("response_sixth")
async def _(t: Try) -> str:
    url = await _response_url(t)
    for number in range(5):
        assert json.loads(await _send(t, url, text=f"Answer {number}"))["ok"]
    assert t.dana.sees("Answer 4")
    return await _send(t, url, text="One more")


@check("response_late")
async def _(t: Try) -> str:
    time = HandTime()
    url = await _response_url(t, time)
    time.seconds += 30 * 60 + 1
    return await _send(t, url, text="Late")


@check("response_blocks")
async def _(t: Try) -> str:
    return await _send(t, await _response_url(t), text="x", blocks=[text_block("x" * 3001)])


# --- people ---------------------------------------------------------------------------------------


@check("command_external")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        reply = await t.bo.slash("/partner list", channel="mentoring-partners")
        assert not app.payloads
    assert reply.notice
    assert t.bo.sees(reply.notice)
    return reply.notice


@check("command_unknown")
async def _(t: Try) -> str:
    await t.begin()
    return str((await t.dana.slash("/shout", channel="mentoring-partners")).notice)


@check("command_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["chat:write"])
    return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_thread")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.dana.says("Hello", channel="mentoring-partners")
    return str((await t.dana.slash("/partner list", thread=ts)).notice)


@check("command_timeout")
async def _(t: Try) -> str:
    await t.begin(limits=FAST)
    async with Listener(t.sandbox, t.session, acks=False):
        return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_nobody")
async def _(t: Try) -> str:
    await t.begin()
    return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_blocks")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        app.answers["slash_commands"] = {"blocks": [text_block("x" * 3001)]}
        return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("click_timeout")
async def _(t: Try) -> str:
    await t.begin(limits=FAST)
    await t.posted(blocks=[actions(button())])
    async with Listener(t.sandbox, t.session, acks=False):
        return str((await t.bo.clicks("Yes")).notice)


@check("interactivity")
async def _(t: Try) -> str:
    config = AppConfig(scopes=frozenset({"chat:write"}), interactivity=False)
    await t.begin(config=config)
    await t.posted(blocks=[actions(button())])
    async with Listener(t.sandbox, t.session) as app:
        reply = await t.bo.clicks("Yes")
        assert not app.payloads
    return str(reply.notice)


@check("home_of_external")
async def _(t: Try) -> str:
    await t.begin()
    return await _act(t, {"as": t.bo.id, "do": "home"})


@check("invite_external")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    return await _act(t, {"as": t.bo.id, "do": "invite_bot", "channel": t.room})


@check("hidden_button")
async def _(t: Try) -> str:
    await t.begin()
    hidden = button(action_id="yes", visible_to_user_ids=[t.bo.id])
    posted = await t.posted(blocks=[{**actions(hidden), "block_id": "a"}])
    assert "Yes" in t.bo.button_labels()
    assert "Yes" not in t.dana.button_labels()
    click = {"channel": t.room, "ts": posted["ts"], "block_id": "a", "action_id": "yes"}
    return await _act(t, {"as": t.dana.id, "do": "click", **click})


async def _act(t: Try, body: Json) -> str:
    async with t.session.post(f"{t.sandbox.url}/sandbox/act", json=body) as answer:
        result = await answer.json()
    assert result["ok"] is False
    return str(result["error"])


# --- events ---------------------------------------------------------------------------------------


@check("not_subscribed")
async def _(t: Try) -> str:
    await t.begin(events=["app_mention"])
    return await _only_mentions(t)


@check("event_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["app_mentions:read"])
    return await _only_mentions(t)


async def _only_mentions(t: Try) -> str:
    async with Listener(t.sandbox, t.session) as app:
        await t.bo.says("Nothing for you", channel="mentoring-partners")
        await t.bo.says("@Common Ground help", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        kinds = {payload["event"]["type"] for payload in app.payloads}
    return "no delivery" if kinds == {"app_mention"} else str(kinds)


@check("not_present")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.dana.says("@Common Ground are you there?", channel="acme-dei")
        await t.dana.says("Over here", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        texts = [payload["event"].get("text") for payload in app.payloads]
    return "no delivery" if texts == ["Over here"] else str(texts)


@check("ephemeral_event")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.client.chat_postEphemeral(channel=t.room, user=t.bo.id, text="Psst")
        await t.posted(text="For all")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        texts = [payload["event"]["text"] for payload in app.payloads]
    return "no delivery" if texts == ["For all"] else str(texts)


@check("redelivered")
async def _(t: Try) -> str:
    await t.begin(limits=FAST, invited="silently")
    async with Listener(t.sandbox, t.session, acks=False) as app:
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) == 4)
        await t.sandbox.until(lambda: len(t.sandbox.deliveries.undelivered) == 1)
    assert [e["retry_attempt"] for e in app.envelopes] == [0, 1, 2, 3]
    assert [e["retry_reason"] for e in app.envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({payload["event_id"] for payload in app.payloads}) == 1
    return "x-slack-retry-num"


@check("no_retry")
async def _(t: Try) -> str:
    async with HttpApp(status=404, headers={"x-slack-no-retry": "1"}) as app:
        await t.begin(limits=FAST, request_url=app.url, invited="silently")
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.quiet(settle=0.3)
        assert len(app.requests) == 1
    return "x-slack-no-retry"


@check("signed")
async def _(t: Try) -> str:
    async with HttpApp() as app:
        await t.begin(request_url=app.url)
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.requests) > 0)
        body, headers = app.requests[-1]
        assert SignatureVerifier(t.sandbox.signing_secret).is_valid_request(body, headers)
        assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    return "X-Slack-Signature"


@check("socket_ticket")
async def _(t: Try) -> str:
    await t.begin()
    async with t.session.get(f"{t.sandbox.url}/socket/forged") as answer:
        return await answer.text()


@check("socket_eleventh")
async def _(t: Try) -> str:
    await t.begin(limits=Limits(connections=1))
    async with Listener(t.sandbox, t.session), Listener(t.sandbox, t.session) as second:
        await second.ended.wait()
        return str(second.last)


# --- the checklist --------------------------------------------------------------------------------


def test_every_strictness_has_a_check_and_every_check_a_strictness() -> None:
    keys = [row.key for row in STRICTNESSES]
    assert len(keys) == len(set(keys))
    assert set(CHECKS) == set(keys)


@pytest.mark.parametrize("row", STRICTNESSES, ids=lambda row: row.key)
async def test_the_sandbox_is_as_strict_as_slack(
    row: Strictness, make: Make, session: aiohttp.ClientSession
) -> None:
    answer = await CHECKS[row.key](Try(make, session))
    assert row.answer in answer
