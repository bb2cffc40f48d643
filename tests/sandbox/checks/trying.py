"""What each check has at hand, and the list that checks are entered in."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.sandbox import Limits, Sandbox

from ..conftest import Make, client_of
from ..shapes import modal

Json = dict[str, Any]
FAST = Limits(ack=0.15, retries=(0.0, 0.05, 0.05))


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


Check = Callable[[Try], Awaitable[str]]
CHECKS: dict[str, Check] = {}


def check(key: str) -> Callable[[Check], Check]:
    def add(function: Check) -> Check:
        assert key not in CHECKS, key
        CHECKS[key] = function
        return function

    return add
