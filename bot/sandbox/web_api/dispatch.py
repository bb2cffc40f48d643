"""Finds the method, checks token, scope and arguments, and writes the answer as Slack does."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.sandbox.errors import Json, SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.web_api import (
    apps,
    chat,
    conversations,
    files,
    reactions,
    team,
    users,
    view_methods,
)
from bot.sandbox.web_api.call import Call, Caller, Method

METHODS: Final[Mapping[str, Method]] = {
    method.name: method
    for family in (apps, chat, conversations, files, reactions, team, users, view_methods)
    for method in family.METHODS
}
_BODY_LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call as it was received, and what was answered; ``args`` never hold the token."""

    method: str
    args: Mapping[str, Any]
    result: Json
    status: int


class WebApi:
    """Answers ``/api/<method>``."""

    def __init__(
        self, slack: Slack, socket: SocketMode, faults: Faults, bot_token: str, app_token: str
    ) -> None:
        self._slack = slack
        self._socket = socket
        self.faults = faults
        self._tokens: dict[str, Caller] = {bot_token: "bot", app_token: "app"}
        self.calls: list[ApiCall] = []
        self.base_url = ""
        self.revoked = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request."""
        with self._slack.busy.during():
            return await self._serve(request)

    def may(self, token: str, scope: str) -> bool:
        """Whether a token is the app's, and may use a scope."""
        known = self._tokens.get(token) == "bot" and not self.revoked
        return known and scope in self._slack.config.scopes

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        args: dict[str, Any] = {}
        try:
            args, token = await self._read(request, name)
            early = await self.faults.before_call(name, args)
            if early is not None:
                return early
            result, status, headers = await self._answer(name, args, token), 200, {}
        except SlackError as refusal:
            result, status, headers = refusal.body(), refusal.status, refusal.headers
        self.calls.append(ApiCall(name, args, result, status))
        late = await self.faults.after_call(name, args, result)
        if late is not None:
            return late
        headers = dict(headers)
        headers["X-OAuth-Scopes"] = ",".join(sorted(self._slack.config.scopes))
        method = METHODS.get(name)
        if method and method.scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        return web.json_response(result, status=status, headers=headers)

    async def _read(self, request: web.Request, name: str) -> tuple[dict[str, Any], str | None]:
        args: dict[str, Any] = dict(request.query)
        kind = request.content_type
        if request.method == "POST" and request.can_read_body:
            if request.content_length and request.content_length > _BODY_LIMIT:
                raise SlackError("request_too_large", status=413)
            if kind == "application/json":
                body = await self._json(request)
                method = METHODS.get(name)
                if method is None or method.takes_json:
                    args |= body
            elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
                args |= dict(await request.post())
            else:
                raise SlackError("invalid_post_type")
        token = args.pop("token", None)
        header = request.headers.get("Authorization", "")
        if header.lower().startswith("bearer "):
            token = header[7:].strip()
        return args, str(token) if token else None

    @staticmethod
    async def _json(request: web.Request) -> dict[str, Any]:
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return body

    async def _answer(self, name: str, args: Mapping[str, Any], token: str | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        kind = self._who(method, token)
        call = Call(self._slack, self._socket, self.base_url, name, args, kind)
        if kind == "bot" and method.scopes:
            call.scope(*method.scopes)
        for required in method.required:
            call.need(required)
        answer = method.handle(call)
        result = {"ok": True, **(await answer if inspect.isawaitable(answer) else answer)}
        if call.warnings:
            result["warning"] = ",".join(call.warnings)
            result.setdefault("response_metadata", {})["warnings"] = call.warnings
        return result

    def _who(self, method: Method, token: str | None) -> Caller:
        if method.caller == "none":
            return "none"
        if not token:
            raise SlackError("not_authed")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if self.revoked:
            raise SlackError("account_inactive")
        if method.caller not in ("any", kind):
            raise SlackError("not_allowed_token_type")
        return kind
